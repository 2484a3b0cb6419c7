"""What others may ask of shipping (出荷の照会)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth

from akinai.channels import queries as channels
from akinai.core.remembering import once
from akinai.core.search import looks_like_number, matching
from akinai.orders import queries as orders
from akinai.shipping import boxes, rules
from akinai.shipping.models import (
    CarrierAccount,
    LabelExport,
    Parcel,
    ReturnLine,
    Shipment,
    ShipmentLine,
    ShippingBatch,
    WaveRule,
)
from akinai.shipping.ports import CARRIERS, settings_of, with_defaults
from akinai.shipping.states import Notice, ReturnReason, ReturnState, ShipmentState

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.contrib.auth.models import AnonymousUser

    from akinai.staff.models import Staff

OPEN = (ShipmentState.INSTRUCTED, ShipmentState.PACKED)
GONE = (ShipmentState.SHIPPED, ShipmentState.DELIVERED)
UNTOLD = (Notice.NONE, Notice.QUEUED, Notice.NO_ADDRESS, Notice.FAILED)


@dataclass(frozen=True, slots=True)
class Pick:
    """ピッキングの 1 行: how many of one SKU to fetch from one shelf."""

    shelf: str
    code: str
    name: str
    variant: str
    jan: str
    quantity: int


@dataclass(frozen=True, slots=True)
class CarrierCount:
    """出荷件数 of one carrier in a batch; `exported` of them are in a label file."""

    code: str
    title: str
    open: int
    exported: int


@dataclass(frozen=True, slots=True)
class Step:
    """進み of one step of a batch. `state`: done, now, todo."""

    title: str
    done: int
    total: int
    state: str


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """出荷指示の進み: counts over the shipments that were not withdrawn."""

    total: int
    picking_printed: bool
    printed: int
    packed: int
    exported: int
    tracked: int
    shipped: int

    @property
    def steps(self) -> list[Step]:
        """1 ピッキング 2 納品書 3 送り状データ 4 送り状番号取込 5 出荷確定; the first unfinished one is the next act."""
        counts = [
            ("ピッキング", self.total if self.picking_printed else self.shipped),
            ("納品書", self.printed),
            ("送り状データ", self.exported),
            ("送り状番号", self.tracked),
            ("出荷確定", self.shipped),
        ]
        steps, found_next = [], self.total == 0 or self.shipped == self.total
        for title, done in counts:
            is_done = done >= self.total
            state = "done" if is_done else "todo" if found_next else "now"
            found_next = found_next or not is_done
            steps.append(Step(title, done, self.total, state))
        return steps

    @property
    def next_step(self) -> int:
        """1…5, or 0 when everything has left."""
        return next((n for n, step in enumerate(self.steps, start=1) if step.state == "now"), 0)


def shipments_seen_by(user: Staff | AnonymousUser) -> QuerySet[Shipment]:
    """Shipments this person may see: all with the permission, none without."""
    return Shipment.objects.all() if user.has_perm("shipping.view_shipment") else Shipment.objects.none()


def for_list(user: Staff | AnonymousUser) -> QuerySet[Shipment]:
    """Shipments with what a list row shows; `numbers` are their 送り状番号. One query."""
    numbers = (
        Parcel.objects.filter(shipment=Coalesce(OuterRef("rides_with"), OuterRef("pk")))
        .order_by("pk")
        .values("tracking_no")
    )
    return (
        shipments_seen_by(user)
        .select_related("order__channel", "address", "batch")
        .defer(*(f"order__{name}" for name in orders.WIDE))
        .annotate(numbers=ArraySubquery(numbers))
    )


def _by_number(text: str) -> list[QuerySet[Any]]:
    """Ids of shipments by their own number, their order's or a parcel's; apart, because each has its own index."""
    key = text.strip().upper()
    return [
        Shipment.objects.filter(number=key).order_by().values("pk"),
        Shipment.objects.filter(order__number=key).order_by().values("pk"),
        Parcel.objects.filter(tracking_no=key.replace("-", "")).order_by().values("shipment_id"),
    ]


def find(shipments: QuerySet[Shipment], text: str) -> QuerySet[Shipment]:
    """検索: what looks like a number by that number, else (or when there is none) by the order's text: name, phone …"""
    person = matching(text, grams="order__search_grams", source="order__search_text")
    if not looks_like_number(text):
        return shipments.filter(person)
    means = _by_number(text)
    others = Shipment.objects.filter(person, *(~Exists(one) for one in means)).order_by().values("pk")
    return shipments.filter(pk__in=means[0].union(*means[1:], others, all=True))


def by_number(number: str) -> Shipment | None:
    return (
        Shipment.objects.filter(number=number)
        .select_related("order__channel", "address", "batch", "location")
        .first()
    )


def shipments_of(order_id: int) -> list[Shipment]:
    """出荷 of one order, oldest first, with parcels and lines."""
    return shipments_of_orders([order_id])


def shipments_of_orders(order_ids: Sequence[int]) -> list[Shipment]:
    """出荷 of several orders, oldest first, with parcels and lines. Read once for all parts of a page that ask for these."""
    rows = (
        Shipment.objects.filter(order_id__in=order_ids)
        .select_related("batch", "address", "order")
        .prefetch_related("parcels", "rides_with__parcels", "lines__order_line")
        .order_by("pk")
    )
    return list(once(("shipping.of_orders", tuple(sorted(order_ids))), lambda: list(rows)))


def batches() -> QuerySet[ShippingBatch]:
    """Batches with the counts of a list row, counted for the rows that are shown."""

    def count(*states: str) -> Coalesce:
        rows = Shipment.objects.filter(batch=OuterRef("pk"), state__in=states).order_by().values("batch")
        return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)

    return ShippingBatch.objects.select_related("created_by").annotate(
        total=count(*OPEN, *GONE), left=count(*GONE), open_count=count(*OPEN)
    )


def waves() -> QuerySet[WaveRule]:
    """ウェーブ with what a list row shows; `channel_names` are the names of its channels. One query."""
    return WaveRule.objects.select_related("location").annotate(channel_names=channels.names_of("channels"))


def progress_of(batch: ShippingBatch) -> BatchProgress:
    """One query over the batch's shipments."""
    rows = batch.shipments.exclude(state=ShipmentState.WITHDRAWN)
    gone = Q(state__in=GONE)
    counts = rows.aggregate(
        total=Count("pk"),
        printed=Count("pk", filter=Q(printed_at__isnull=False) | gone),
        packed=Count("pk", filter=Q(state=ShipmentState.PACKED) | gone),
        exported=Count("pk", filter=Q(labels_exported_at__isnull=False) | Q(is_numbered=True) | gone),
        tracked=Count("pk", filter=Q(is_numbered=True) | gone),
        shipped=Count("pk", filter=gone),
    )
    return BatchProgress(picking_printed=batch.picking_printed_at is not None, **counts)


def carrier_counts(batch: ShippingBatch) -> list[CarrierCount]:
    """出荷待ちの件数 by carrier."""
    rows = (
        batch.shipments.filter(state__in=OPEN)
        .values("carrier")
        .annotate(open=Count("pk"), exported=Count("pk", filter=Q(labels_exported_at__isnull=False)))
        .order_by("carrier")
    )
    return [CarrierCount(r["carrier"], title_of(r["carrier"]), r["open"], r["exported"]) for r in rows]


def title_of(carrier: str) -> str:
    """運送会社の名前; the code when no door knows it."""
    return CARRIERS[carrier].title if carrier in CARRIERS else carrier


def name_of(carrier: str) -> str:
    """運送会社 as customers call it: ヤマト運輸, without the name of the label software."""
    return title_of(carrier).split()[0]


def door_choices() -> list[tuple[str, str]]:
    """(code, name) of the carriers we have doors for, without asking the database."""
    return [(code, name_of(code)) for code in CARRIERS]


def carrier_choices() -> list[tuple[str, str]]:
    """(code, title) of every carrier that may be chosen: the doors and what the shop set up beside them."""
    codes = [
        *CARRIERS,
        *CarrierAccount.objects.exclude(carrier__in=CARRIERS).values_list("carrier", flat=True),
    ]
    return [(code, title_of(code)) for code in codes]


@dataclass(frozen=True, slots=True)
class CarrierCard:
    """運送会社 on the settings page: what its door declares and what is kept. `lacking`: what must still be entered."""

    code: str
    title: str
    is_known: bool
    is_default: bool
    facts: tuple[tuple[str, str], ...]
    lacking: tuple[str, ...]


def carrier_cards() -> list[CarrierCard]:
    """Every carrier that may be chosen, with its settings in words."""
    accounts = {account.carrier: account for account in CarrierAccount.objects.all()}
    return [_card(code, title, accounts.get(code)) for code, title in carrier_choices()]


def _card(code: str, title: str, account: CarrierAccount | None) -> CarrierCard:
    declared = settings_of(code)
    values = with_defaults(declared, account.settings if account else {})
    shown = [
        (one.label, dict(one.choices).get(values[one.name], values[one.name]))
        for one in declared
        if not one.is_long
    ]
    return CarrierCard(
        code,
        title,
        is_known=account is not None,
        is_default=account is not None and account.is_default,
        facts=tuple((label, value) for label, value in shown if value),
        lacking=tuple(one.label for one in declared if one.is_required and not values[one.name]),
    )


def exports_of(batch: ShippingBatch) -> list[LabelExport]:
    """送り状データ of a batch, newest first, without the bytes."""
    return list(batch.exports.defer("data").select_related("created_by").order_by("-pk"))


def open_in(batch: ShippingBatch) -> QuerySet[Shipment]:
    """What is still to leave."""
    return batch.shipments.filter(state__in=OPEN).order_by("pk")


def picks(shipments: QuerySet[Shipment] | Sequence[int]) -> list[Pick]:
    """トータルピッキング: by shelf, then SKU; of sets their parts. Goods without a shelf come last, where somebody has to look for them."""
    rows = (
        ShipmentLine.objects.filter(shipment__in=shipments, sku__is_set=False)
        .values_list("sku__shelf", "sku__code", "sku__product__name", "sku__variant", "sku__jan")
        .annotate(quantity=Sum("quantity"))
    )
    count = {(shelf, code, name, variant, jan or ""): n for shelf, code, name, variant, jan, n in rows}
    sets = boxes.pieces_of(boxes.lines_with_goods(shipments).filter(sku__is_set=True))
    for piece in (one for pieces in sets.values() for one in pieces):
        key = (piece.shelf, piece.code, piece.name, piece.variant, piece.jan)
        count[key] = count.get(key, 0) + piece.quantity
    found = [Pick(*key, quantity) for key, quantity in count.items()]
    return sorted(found, key=lambda pick: rules.shelf_order(pick.shelf, pick.code))


def with_papers(shipments: QuerySet[Shipment]) -> list[Shipment]:
    """Shipments with all that a packing slip or a picking list says (5 queries), in the order of picking.

    By the first shelf, then by the goods: boxes that hold the same lie one after the other on the packing desk.
    """
    found = shipments.select_related("order__channel", "address", "batch", "location").prefetch_related(
        "lines__sku__product", "lines__order_line", "order__lines__sku", "rides_with__order", "rides_with__riders__order",
        "riders__order",
    )  # fmt: skip
    return sorted(found, key=_picking_order)


def _picking_order(shipment: Shipment) -> tuple[list[tuple[bool, str, str]], int]:
    goods = [rules.shelf_order(line.sku.shelf, line.sku.code) for line in shipment.lines.all()]
    return sorted(goods), shipment.pk


def shipped_on(order_id: int) -> date | None:
    """出荷日 (Japan) of the order's first shipment that left."""
    from django.utils import timezone

    at = (
        Shipment.objects.filter(order_id=order_id, state__in=GONE)
        .order_by("shipped_at")
        .values_list("shipped_at", flat=True)
        .first()
    )
    return timezone.localdate(at) if at else None


def shipped_between(begin: datetime, end: datetime) -> int:
    """出荷 that left from `begin` until before `end`."""
    return Shipment.objects.filter(state__in=GONE, shipped_at__gte=begin, shipped_at__lt=end).count()


def shipped_by_month(begin: datetime, end: datetime) -> dict[date, int]:
    """出荷 that left from `begin` until before `end`, by the first day of its month in Japan. One query."""
    gone = Shipment.objects.filter(state__in=GONE, shipped_at__gte=begin, shipped_at__lt=end)
    rows = (
        gone.annotate(month=TruncMonth("shipped_at"))
        .values("month")
        .annotate(n=Count("pk"))
        .order_by("month")
    )
    return {row["month"].date(): row["n"] for row in rows}


def order_ids(shipment_ids: Sequence[int]) -> list[int]:
    """受注 of these shipments."""
    return list(Shipment.objects.filter(pk__in=shipment_ids).values_list("order_id", flat=True))


def urls_of(parcels: Sequence[Parcel]) -> list[str]:
    """追跡ページ of each parcel; the shop's own template comes before the door's. "" where nobody has one."""
    own = dict(CarrierAccount.objects.exclude(tracking_url="").values_list("carrier", "tracking_url"))
    doors = {code: door.tracking_url for code, door in CARRIERS.items()}
    return [(own.get(p.carrier) or doors.get(p.carrier, "")).replace("{no}", p.tracking_no) for p in parcels]


def to_check(code: str) -> Shipment | None:
    """The shipment a scanned code means: its own number, its order's, or one of its tracking numbers."""
    means = _by_number(code)
    found = (
        Shipment.objects.filter(pk__in=means[0].union(*means[1:], all=True))
        .exclude(state=ShipmentState.WITHDRAWN)
        .select_related("order__channel")
    )
    return found.order_by("-pk").first()


def count_to_check() -> int:
    """検品待ちの件数."""
    return Shipment.objects.filter(state=ShipmentState.INSTRUCTED).count()


def came_back(order_ids: Collection[int]) -> dict[int, bool]:
    """Orders whose goods came back → did the buyer never take them (受取拒否・長期不在)? One query."""
    rows = ReturnLine.objects.filter(case__order__in=list(order_ids)).exclude(
        case__state__in=[ReturnState.CANCELLED, ReturnState.REFUSED]
    )
    found: dict[int, bool] = {}
    for order_id, reason in rows.values_list("case__order_id", "reason"):
        found[order_id] = found.get(order_id, False) or reason == ReturnReason.NOT_DELIVERED
    return found
