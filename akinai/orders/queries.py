"""What others may ask of orders (受注の照会)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Count,
    DateField,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)  # fmt: skip
from django.db.models.expressions import RawSQL
from django.utils import timezone

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.core.search import search
from akinai.orders import rules, waiting
from akinai.orders.models import CheckRule, CheckWarning, Hold, Order, OrderChange, OrderIssue, OrderLine
from akinai.orders.states import NOT_LEFT, SETTLED_BY_CHANNEL, WAITING, OrderState, PaymentKind, Progress

if TYPE_CHECKING:
    from akinai.staff.models import Staff

LEFT = (OrderState.SHIPPED, OrderState.COMPLETED)
NOT_YET = (OrderState.ON_HOLD, OrderState.AWAITING_STOCK, OrderState.READY, OrderState.PICKING)
_OURS = Q(shipped_outside=False)
# 漏れ: what is not done although its time has come, by name. The first screen counts them, the list shows them.
UNFINISHED: Mapping[str, Q] = {
    "paid_not_shipped": _OURS
    & Q(state__in=NOT_YET)
    & (Q(payment_settled=True) | Q(total_yen__gt=0, paid_yen=F("total_yen"))),
    "shipped_not_invoiced": _OURS & Q(state__in=LEFT, invoice_progress=Progress.NONE),
    "invoiced_not_sent": _OURS & Q(invoice_progress=Progress.DONE),
    "shipped_not_notified": _OURS
    & Q(state__in=LEFT, notified_at=None, channel__sends_own_shipping_mail=False),
    "delivered_not_paid": _OURS
    & Q(state__in=LEFT, payment_settled=False, paid_yen__lt=F("total_yen"))
    & ~Q(payment__in=SETTLED_BY_CHANNEL),
    "cancelled_with_money": Q(state=OrderState.CANCELLED, payment_progress=Progress.EXCEPTION),
}
PAID_BY_TRANSFER = (PaymentKind.BANK_TRANSFER, PaymentKind.CREDIT_TERMS, PaymentKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class BankDue:
    """未入金 that a transfer may pay, with the names as the order tells them."""

    order_id: int
    number: str
    channel_order_no: str
    customer_id: int | None
    buyer_name: str
    buyer_kana: str
    buyer_company: str
    ship_name: str
    ship_kana: str
    owed_yen: int
    ordered_on: date


@dataclass(frozen=True, slots=True)
class ClosedDue:
    """済んだ受注: paid by transfer, or cancelled without money."""

    number: str
    customer_id: int | None
    buyer_name: str
    buyer_kana: str
    total_yen: int
    is_cancelled: bool


# What waiting orders lack, as words: 「TEA-001 あと2点」, of a set the parts. Looked up for 引当待ち alone.
SHORT = RawSQL(
    """(SELECT array_agg(s.code || ' あと' || (l.quantity * coalesce(r.per_set, 1) - coalesce(r.quantity, 0)) || '点'
      ORDER BY l.line_no, s.code)
    FROM orders_orderline l
    LEFT JOIN stock_reservation r ON r.reference = orders_order.number || '/' || l.line_no
      AND coalesce(r.set_sku_id, r.sku_id) = l.sku_id AND r.state <> 'released'
    JOIN catalog_sku s ON s.id = coalesce(r.sku_id, l.sku_id)
    WHERE orders_order.state = 'awaiting_stock' AND l.order_id = orders_order.id
      AND coalesce(r.quantity, 0) < l.quantity * coalesce(r.per_set, 1))""",
    [],
    output_field=ArrayField(TextField()),
)
# 発売日 that the order still waits for, the latest of its goods and of the parts of its sets.
RELEASE_ON = RawSQL(
    """(SELECT max(s.release_on) FROM orders_orderline l
    JOIN catalog_sku s ON s.release_on > (now() AT TIME ZONE 'Asia/Tokyo')::date
    WHERE orders_order.state = 'awaiting_stock' AND l.order_id = orders_order.id AND l.quantity > l.instructed
      AND (s.id = l.sku_id OR EXISTS (SELECT FROM catalog_setpart p WHERE p.set_sku_id = l.sku_id AND p.part_sku_id = s.id)))""",
    [],
    output_field=DateField(),
)
# 保留の期限, the earliest of the holds that are open.
HOLD_DUE = Subquery(
    Hold.objects.filter(order=OuterRef("pk"), released_at=None, due_at__isnull=False)
    .order_by("due_at")
    .values("due_at")[:1]
)
# のし・ラッピング: as the buyer wrote it, or chosen for a line.
IS_GIFT = ~Q(gift_note="") | Q(
    Exists(OrderLine.objects.filter(order=OuterRef("pk"), quantity__gt=0).exclude(gift={}))
)
HAS_ISSUE = Exists(OrderIssue.objects.filter(order=OuterRef("pk"), resolved_at=None))


HAS_WARNING = Exists(CheckWarning.objects.filter(order=OuterRef("pk"), seen_at=None))


def rule_choices() -> list[tuple[str, str]]:
    """(code, title) of everything that may hold an order. One query."""
    named = list(CheckRule.objects.order_by("priority", "pk").values_list("code", "name"))
    return [*named, (rules.MANUAL, rules.rule_title(rules.MANUAL))]


def held_by(codes: Sequence[str]) -> Exists:
    """保留中: one of these rules holds the order now."""
    return Exists(Hold.objects.filter(order=OuterRef("pk"), released_at=None, rule__in=list(codes)))


HAS_CHANGE = Exists(OrderChange.objects.filter(order=OuterRef("pk"), state=OrderChange.State.PENDING))


def asked_about(codes: Sequence[str]) -> Exists:
    """例外のある受注: an open exception of one of these kinds."""
    open_ones = OrderIssue.objects.filter(order=OuterRef("pk"), resolved_at=None, code__in=list(codes))
    return Exists(open_ones)


def with_goods(text: str) -> Exists:
    """商品のある受注. The goods are looked up first, so that the planner knows whether they are rare or in every order."""
    found = catalog.search_skus(text).order_by("pk").values_list("pk", flat=True)
    few = list(found[: SKUS_LOOKED_AT + 1])
    skus: Any = few if len(few) <= SKUS_LOOKED_AT else found.order_by()
    lines = OrderLine.objects.filter(order=OuterRef("pk"))
    return Exists(lines.filter(Q(sku_id__in=skus) | Q(sku_code__istartswith=text)))


SKUS_LOOKED_AT = 500


def overdue(today: date) -> Q:
    """入金期限切れ: waits for money that should have come."""
    return Q(state=OrderState.AWAITING_PAYMENT, payment_due_on__lt=today)


def hold_overdue(now: datetime) -> Exists:
    """保留の期限切れ: held beyond the time by which somebody wanted to decide."""
    return Exists(Hold.objects.filter(order=OuterRef("pk"), released_at=None, due_at__lt=now))


def late(today: date) -> Q:
    """出荷期限切れ: ought to have left and has not."""
    return Q(state__in=NOT_LEFT, ship_by__lt=today)


def orders_seen_by(user: Staff | AnonymousUser) -> QuerySet[Order]:
    """Orders this person may see: all of them with the permission, none without."""
    return Order.objects.all() if user.has_perm("orders.view_order") else Order.objects.none()


def for_list(user: Staff | AnonymousUser) -> QuerySet[Order]:
    """Orders with what a list row shows: channel, open holds and issues, what is short; one query."""
    return _annotated(orders_seen_by(user).select_related("channel"))


def _annotated(orders: QuerySet[Order]) -> QuerySet[Order]:
    """The orders with everything `why_waiting` asks for."""
    holds = Hold.objects.filter(order=OuterRef("pk"), released_at=None).order_by("pk")
    issues = OrderIssue.objects.filter(order=OuterRef("pk"), resolved_at=None).order_by("pk")
    return orders.annotate(
        hold_rules=ArraySubquery(holds.values("rule")),
        hold_reasons=ArraySubquery(holds.values("reason")),
        hold_due=HOLD_DUE,
        issue_messages=ArraySubquery(issues.values("message")),
        has_change=HAS_CHANGE,
        short=SHORT,
        release_on=RELEASE_ON,
    )


def bank_dues() -> list[BankDue]:
    """Every order that a bank transfer may pay, oldest first."""
    rows = (
        Order.objects.filter(
            payment__in=PAID_BY_TRANSFER, payment_settled=False, total_yen__gt=F("paid_yen"), amounts_known=True,
            shipped_outside=False,
        )
        .exclude(state=OrderState.CANCELLED)
        .order_by("ordered_at", "id")
        .values_list(
            "id", "number", "channel_order_no", "customer_id", "buyer_name", "buyer_kana", "buyer_company", "ship_name",
            "ship_kana", "total_yen", "paid_yen", "ordered_at",
        )
    )  # fmt: skip
    return [
        BankDue(
            pk, number, channel_no, customer, name, kana, company, ship_name, ship_kana, total - paid, timezone.localdate(at)
        )
        for pk, number, channel_no, customer, name, kana, company, ship_name, ship_kana, total, paid, at in rows
    ]  # fmt: skip


def closed_dues(amounts: Sequence[int], *, since: date) -> list[ClosedDue]:
    """Orders by transfer since that day with one of these totals that are paid in full or cancelled."""
    first = timezone.make_aware(datetime.combine(since, time.min))
    rows = (
        Order.objects.filter(payment__in=PAID_BY_TRANSFER, ordered_at__gte=first, total_yen__gt=0)
        .filter(Q(state=OrderState.CANCELLED) | Q(total_yen=F("paid_yen")))
        .values_list("number", "customer_id", "buyer_name", "buyer_kana", "total_yen", "state")
    )
    wanted = set(amounts)
    return [
        ClosedDue(number, customer, name, kana, total, state == OrderState.CANCELLED)
        for number, customer, name, kana, total, state in rows.iterator(chunk_size=5_000)
        if total in wanted
    ]


def owed(order_ids: Sequence[int]) -> dict[int, tuple[int, int | None]]:
    """order → (yen still owed, customer)."""
    rows = Order.objects.filter(pk__in=list(order_ids)).values_list(
        "pk", "total_yen", "paid_yen", "customer_id"
    )
    return {pk: (total - paid, customer) for pk, total, paid, customer in rows}


def paid(order_ids: Sequence[int]) -> dict[int, int]:
    """order → yen paid."""
    return dict(Order.objects.filter(pk__in=list(order_ids)).values_list("pk", "paid_yen"))


@dataclass(frozen=True, slots=True)
class OrderSum:
    """受注の金額 as a settlement meets it."""

    order_id: int
    number: str
    total_yen: int
    paid_yen: int
    points_yen: int
    amounts_known: bool
    is_cancelled: bool


def sums_of(order_ids: Sequence[int]) -> dict[int, OrderSum]:
    """order → its amounts."""
    names = ("pk", "number", "total_yen", "paid_yen", "points_yen", "amounts_known", "state")
    rows = Order.objects.filter(pk__in=list(order_ids)).values_list(*names)
    return {
        pk: OrderSum(pk, number, total, paid, points, known, state == OrderState.CANCELLED)
        for pk, number, total, paid, points, known, state in rows
    }


def ids_by_channel_no(
    numbers: Sequence[str], *, kind: str = "", channel_id: int | None = None
) -> dict[str, list[int]]:
    """モールの注文番号 → orders, of one shop, of the shops of one kind, or of any."""
    rows = Order.objects.filter(channel_order_no__in=list(numbers))
    if channel_id:
        rows = rows.filter(channel_id=channel_id)
    elif kind:
        rows = rows.filter(channel__kind=kind)
    found: dict[str, list[int]] = {}
    for number, pk in rows.order_by("pk").values_list("channel_order_no", "pk"):
        found.setdefault(number, []).append(pk)
    return found


def ids_by_number(numbers: Sequence[str]) -> dict[str, int]:
    """受注番号 → order."""
    return dict(Order.objects.filter(number__in=list(numbers)).values_list("number", "pk"))


def credit_used(customer_ids: Sequence[int]) -> dict[int, int]:
    """顧客 → 掛けの未入金: what open 掛け orders owe, shipped or not."""
    rows = (
        Order.objects.filter(customer_id__in=list(customer_ids), payment=PaymentKind.CREDIT_TERMS)
        .exclude(state=OrderState.CANCELLED)
        .filter(total_yen__gt=F("paid_yen"))
        .values("customer_id")
        .annotate(yen=Sum(F("total_yen") - F("paid_yen")))
        .values_list("customer_id", "yen")
    )
    return dict(rows)


def customer_ids(order_ids: Sequence[int]) -> list[int]:
    found = Order.objects.filter(pk__in=list(order_ids), customer__isnull=False)
    return [pk for pk in found.values_list("customer_id", flat=True) if pk is not None]


def by_number(number: str) -> Order | None:
    return Order.objects.filter(number=number).first()


def named(keys: Sequence[str]) -> list[Order]:
    """Orders that go by one of these numbers, ours or the mall's, without what is wide."""
    rows = Order.objects.filter(Q(number__in=list(keys)) | Q(channel_order_no__in=list(keys)))
    return list(rows.select_related("channel").defer(*WIDE))


def lines_of(order_ids: Sequence[int]) -> QuerySet[OrderLine]:
    """Lines in printing order, with their SKUs."""
    return (
        OrderLine.objects.filter(order_id__in=list(order_ids))
        .select_related("sku__product")
        .order_by("order_id", "line_no")
    )


def why_waiting(order: Order) -> waiting.Waiting:
    """なぜ待っているか and the one act that frees the order. Uses what `for_list` annotated, else asks for it."""
    if not hasattr(order, "issue_messages"):
        order = _annotated(Order.objects.select_related("channel")).get(pk=order.pk)
    noted: Any = order
    found = waiting.Open(
        issues=noted.issue_messages,
        holds=list(zip(noted.hold_rules, noted.hold_reasons, strict=True)),
        has_change=noted.has_change,
        short=noted.short or (),
        release_on=noted.release_on,
        hold_due=noted.hold_due if noted.hold_due and noted.hold_due < clock.now() else None,
    )
    return waiting.why(order, found, today=clock.today())


def could_go_together(order: Order) -> list[Order]:
    """同梱候補: other orders of the same customer to the same address that have not left yet."""
    if order.customer_id is None or order.state not in WAITING:
        return []
    same = Order.objects.filter(
        customer_id=order.customer_id, state__in=WAITING, ship_postal_code=order.ship_postal_code,
        ship_name=order.ship_name, ship_line1=order.ship_line1,
    ).exclude(pk=order.pk)  # fmt: skip
    return list(same.select_related("channel").order_by("ordered_at")[:5])


def pending_changes(order: Order) -> QuerySet[OrderChange]:
    return order.changes.filter(state=OrderChange.State.PENDING).order_by("at")


def with_lines(order_ids: Sequence[int]) -> list[Order]:
    """These orders in the order of their ids, with channel, customer and lines fetched (3 queries)."""
    return list(
        Order.objects.filter(pk__in=list(order_ids))
        .select_related("channel", "customer")
        .prefetch_related(
            Prefetch("lines", OrderLine.objects.select_related("sku__product").order_by("line_no"))
        )
        .order_by("pk")
    )


WIDE = ("raw", "search_text", "search_grams", "content_digest")  # columns that no row of a list shows


def before_shipping(states: Sequence[str]) -> QuerySet[Order]:
    """Orders in these states, oldest first, that are ours to ship."""
    found = Order.objects.filter(state__in=list(states), shipped_outside=False, in_parts=False)
    return found.select_related("channel").defer(*WIDE).order_by("ordered_at", "pk")


def ready_to_ship() -> QuerySet[Order]:
    """出荷待ち: everything is there, nobody has instructed it."""
    return Order.objects.filter(state=OrderState.READY).select_related("channel").defer(*WIDE)


def shipped() -> QuerySet[Order]:
    """出荷済 and later."""
    return Order.objects.filter(state__in=[OrderState.SHIPPED, OrderState.COMPLETED]).select_related(
        "channel"
    )


def rows_for_matching(order_ids: Sequence[int]) -> dict[int, Order]:
    """Orders that still owe, with their channel, by id."""
    found = Order.objects.filter(pk__in=list(order_ids), total_yen__gt=F("paid_yen")).select_related(
        "channel"
    )
    return {order.pk: order for order in found}


def _owing() -> QuerySet[Order]:
    """未入金: orders that still owe money that we have to see ourselves."""
    owing = Order.objects.filter(total_yen__gt=F("paid_yen"), payment_settled=False)
    return owing.exclude(state=OrderState.CANCELLED).select_related("channel")


def find_owing(text: str, *, limit: int = 12) -> list[Order]:
    """Orders that still owe and contain the text (name, kana, phone, the mall's number), newest first.

    Our own number is found by its beginning ("SO-2026-00") or by its last digits ("39").
    """
    key = text.strip().upper()
    named = Q(number__startswith=key) if key.startswith("SO-") else Q(number__endswith=key)
    by_number = _owing().filter(named).order_by("-ordered_at")[:limit] if key[-1:].isdigit() else []
    found = {order.pk: order for order in by_number}
    found |= {order.pk: order for order in search(_owing(), text).order_by("-ordered_at")[:limit]}
    return list(found.values())[:limit]


def unfinished(name: str) -> QuerySet[Order]:
    """The orders of one 漏れ."""
    return Order.objects.filter(UNFINISHED[name])


def owing_of(customer_id: int, *, limit: int = 20) -> list[Order]:
    """Orders of a customer that still owe, oldest first."""
    return list(_owing().filter(customer_id=customer_id).order_by("ordered_at", "id")[:limit])


@dataclass(frozen=True, slots=True)
class Bought:
    """お買い上げ of a customer, cancelled orders left out."""

    orders: int
    total_yen: int
    first_at: datetime | None
    last_at: datetime | None


def bought_by(customer_id: int) -> Bought:
    """How often and for how much this customer has bought."""
    live = Order.objects.filter(customer_id=customer_id).exclude(state=OrderState.CANCELLED)
    found = live.aggregate(
        n=Count("pk"), yen=Sum("total_yen"), first=Min("ordered_at"), last=Max("ordered_at")
    )
    return Bought(found["n"], found["yen"] or 0, found["first"], found["last"])


def latest_of(customer_id: int, *, limit: int = 10) -> list[Order]:
    """The latest orders of a customer with their channels, newest first."""
    rows = Order.objects.filter(customer_id=customer_id).select_related("channel")
    return list(rows.order_by("-ordered_at", "-id")[:limit])


def unfinished_counts() -> dict[str, tuple[int, int]]:
    """漏れごとの (件数, 金額), in one statement whose parts each read a small index."""
    parts = [
        Order.objects.filter(condition)
        .order_by()
        .values(name=Value(name, output_field=TextField()))
        .annotate(count=Count("pk"), yen=Sum("total_yen"))
        for name, condition in UNFINISHED.items()
    ]
    found = {
        row["name"]: (row["count"], int(row["yen"] or 0)) for row in parts[0].union(*parts[1:], all=True)
    }
    return {name: found.get(name, (0, 0)) for name in UNFINISHED}
