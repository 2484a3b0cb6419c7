"""What others may ask of stock (在庫の照会)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Greatest, TruncDate
from django.utils import timezone

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.stock.models import Location, Reservation, StockEntry, StockLevel, StockRow, StockValue, past_date
from akinai.stock.queries.sets import free_sets, sets_on_shelves


@dataclass(frozen=True, slots=True)
class Level:
    """在庫数 of one SKU over all places that sell: on hand, reserved, free, and how many pieces are still asked for.

    `past_date` pieces lie there but may not be shipped any more (期限切れ・出荷期限切れ), so they are not free.
    """

    on_hand: int = 0
    reserved: int = 0
    waiting: int = 0
    past_date: int = 0

    @property
    def free(self) -> int:
        return max(0, self.balance)

    @property
    def balance(self) -> int:
        """Like free, but below nothing where promises rest on pieces past their date."""
        return self.on_hand - self.past_date - self.reserved


def default_location_id() -> int:
    """The place orders are served from."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM stock_location WHERE is_default")
        row = cursor.fetchone()
    if row is None:
        raise DomainError(
            "既定の出荷元がありません。", way_out="在庫場所のどれかを既定の出荷元にしてください。"
        )
    return int(row[0])


def hold_location_id() -> int:
    """検品・保留: where goods under an open question lie; orders never reserve there."""
    found = (
        Location.objects.filter(kind=Location.Kind.HOLD).order_by("pk").values_list("pk", flat=True).first()
    )
    if found is None:
        raise DomainError("保留の場所がありません。", way_out="種類が「保留」の在庫場所を登録してください。")
    return found


def transit_location_id() -> int:
    """移動中: where goods lie between two places."""
    found = (
        Location.objects.filter(kind=Location.Kind.TRANSIT)
        .order_by("pk")
        .values_list("pk", flat=True)
        .first()
    )
    if found is None:
        raise DomainError(
            "移動中の場所がありません。", way_out="種類が「移動中」の在庫場所を登録してください。"
        )
    return found


def tracked_past_date() -> Case:
    """Asked of goods with lots only."""
    return Case(When(sku__tracks_lots=True, then=past_date()), default=0)


def levels(sku_ids: Sequence[int]) -> dict[int, Level]:
    """Stock of these SKUs, all places that sell together. Three numbers per SKU, two queries.

    A set has what its parts make: `on_hand` whole sets on the shelves, `free` those that nobody is promised.
    """
    ids = list(sku_ids)
    found = {
        row["sku_id"]: row
        for row in StockLevel.objects.filter(sku_id__in=ids, location__is_sellable=True)
        .values("sku_id")
        .annotate(total=Sum("on_hand"), promised=Sum("reserved"), past=Sum(tracked_past_date()))
    }
    short = dict(
        Reservation.objects.filter(sku_id__in=ids, state=Reservation.State.ACTIVE, quantity__lt=F("wanted"))
        .values("sku_id")
        .annotate(missing=Sum(F("wanted") - F("quantity")))
        .values_list("sku_id", "missing")
    )
    of_sets = {
        pk: Level(made.on_hand, made.on_hand - made.free, made.waiting)
        for pk, made in sets_on_shelves(ids).items()
    }
    single = {
        pk: Level(
            found[pk]["total"] if pk in found else 0,
            found[pk]["promised"] if pk in found else 0,
            short.get(pk, 0),
            found[pk]["past"] if pk in found else 0,
        )
        for pk in ids
    }
    return single | of_sets


# As `levels` counts it: what lies where goods are sold, without what is promised and what is past its date.
FREE = """
SELECT s.id, greatest(0, CASE WHEN s.is_set
  THEN (SELECT sum(akinai_free_sets(s.id, q.id, %(today)s)) FROM stock_location q WHERE q.is_sellable)
  ELSE (SELECT sum(l.on_hand - l.reserved - CASE WHEN s.tracks_lots
      THEN akinai_past_date(l.sku_id, l.location_id, %(today)s) ELSE 0 END)
    FROM stock_stocklevel l JOIN stock_location q ON q.id = l.location_id AND q.is_sellable WHERE l.sku_id = s.id) END)::int
FROM catalog_sku s WHERE s.id = ANY(%(ids)s)
"""


def free(sku_ids: Iterable[int]) -> dict[int, int]:
    """買える数 of each of these SKUs over all places that sell, of sets what their parts make. One query."""
    ids = list(sku_ids)
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(FREE, {"ids": ids, "today": clock.today()})
        return dict.fromkeys(ids, 0) | dict(cursor.fetchall())


# What an order may take now: free over all places that sell less what others wait for, and lying where orders are served from.
AT_HAND = """
SELECT s.id, greatest(0, least(f.free - w.waiting, f.here))::int FROM catalog_sku s
CROSS JOIN LATERAL (SELECT
  greatest(0, coalesce(CASE WHEN s.is_set THEN sum(akinai_free_sets(s.id, q.id, %(today)s)) ELSE sum(b.free) END, 0)) AS free,
  greatest(0, coalesce(CASE WHEN s.is_set THEN sum(akinai_free_sets(s.id, q.id, %(today)s)) FILTER (WHERE q.is_default)
    ELSE sum(b.free) FILTER (WHERE q.is_default) END, 0)) AS here
  FROM stock_location q LEFT JOIN LATERAL (
    SELECT l.on_hand - l.reserved - CASE WHEN s.tracks_lots THEN akinai_past_date(l.sku_id, l.location_id, %(today)s) ELSE 0 END AS free
    FROM stock_stocklevel l WHERE l.sku_id = s.id AND l.location_id = q.id) b ON true
  WHERE q.is_sellable) f
CROSS JOIN LATERAL (SELECT CASE WHEN s.is_set
  THEN (SELECT coalesce(sum(sets), 0) FROM (
    SELECT max(ceil((r.wanted - r.quantity)::numeric / r.per_set)) AS sets FROM stock_reservation r
    WHERE r.set_sku_id = s.id AND r.state = 'active' AND r.quantity < r.wanted GROUP BY r.reference) line)
  ELSE (SELECT coalesce(sum(r.wanted - r.quantity), 0) FROM stock_reservation r
    WHERE r.sku_id = s.id AND r.state = 'active' AND r.quantity < r.wanted) END AS waiting) w
WHERE s.id = ANY(%(ids)s)
"""


def at_hand(sku_ids: Iterable[int]) -> dict[int, int]:
    """すぐに買える数: what nobody is promised or waits for, and lies where orders are served from. Of sets what their parts make there.
    One query."""
    ids = list(sku_ids)
    with connection.cursor() as cursor:
        cursor.execute(AT_HAND, {"ids": ids, "today": clock.today()})
        return dict.fromkeys(ids, 0) | dict(cursor.fetchall())


BALANCES = """
SELECT s.id, (coalesce((SELECT sum(l.on_hand - l.reserved - CASE WHEN s.tracks_lots
    THEN akinai_past_date(l.sku_id, l.location_id, %(today)s) ELSE 0 END)
  FROM stock_stocklevel l JOIN stock_location q ON q.id = l.location_id AND q.is_sellable WHERE l.sku_id = s.id), 0)
  - coalesce((SELECT sum(r.wanted - r.quantity) FROM stock_reservation r
    WHERE r.sku_id = s.id AND r.state = 'active' AND r.quantity < r.wanted), 0))::int
FROM catalog_sku s WHERE s.id = ANY(%(ids)s) AND NOT s.is_set
"""


def balances(sku_ids: Iterable[int]) -> dict[int, int]:
    """過不足 of single SKUs: what is free less what is waited for, below nothing where more is promised than there is. One query."""
    with connection.cursor() as cursor:
        cursor.execute(BALANCES, {"ids": list(sku_ids), "today": clock.today()})
        return dict(cursor.fetchall())


def on_shelves() -> set[int]:
    """SKUs of which something lies in a place that sells. One query."""
    rows = StockLevel.objects.filter(on_hand__gt=0, location__is_sellable=True)
    return set(rows.values_list("sku_id", flat=True).distinct())


def entries_of(*references: str) -> QuerySet[StockEntry]:
    """Ledger rows that these documents caused, oldest first."""
    return (
        StockEntry.objects.filter(reference__in=references).select_related("sku", "location").order_by("id")
    )


def location_choices(*, selling: bool = False, own: bool = False) -> list[tuple[str, str]]:
    """(code, name) of every place, the usual one first; with `selling` only those that orders are served from, with `own`
    only those where goods are kept (neither 保留 nor 移動中)."""
    places = Location.objects.filter(is_sellable=True) if selling else Location.objects.all()
    if own:
        places = places.filter(kind__in=[Location.Kind.WAREHOUSE, Location.Kind.SHOP])
    rows = places.order_by("-is_default", "-is_sellable", "sort_order", "code").values_list("code", "name")
    return [(code, name) for code, name in rows]


def places() -> QuerySet[Location]:
    """在庫場所 with what lies there: SKUs, pieces, promised pieces."""
    there = StockLevel.objects.filter(location=OuterRef("pk"), on_hand__gt=0).order_by().values("location")
    count = {"items": Count("pk"), "pieces": Sum("on_hand"), "promised": Sum("reserved")}
    found = {
        name: Subquery(there.annotate(n=total).values("n"), output_field=IntegerField())
        for name, total in count.items()
    }
    return Location.objects.annotate(**found).order_by("-is_default", "-is_sellable", "sort_order", "code")


def free_at(sku_ids: Sequence[int], location_id: int) -> dict[int, int]:
    """動かせる数: pieces at one place that nobody is promised and that are not past their date, by SKU id."""
    rows = StockLevel.objects.filter(sku_id__in=list(sku_ids), location_id=location_id)
    told = rows.annotate(past=tracked_past_date()).values_list("sku_id", "on_hand", "reserved", "past")
    return {pk: max(0, have - held - past) for pk, have, held, past in told}


def location_ids() -> dict[str, int]:
    """Place code → id."""
    return dict(Location.objects.values_list("code", "pk"))


def unit_costs(sku_ids: Sequence[int]) -> dict[int, Decimal]:
    """単価（税抜） of each SKU: what the newest receipt told, else the cost of the catalogue; unknown ones are left out."""
    told = {pk: cost for pk, (_, cost) in last_costs(sku_ids).items() if cost is not None}
    rest = [pk for pk in sku_ids if pk not in told]
    return told | {pk: row.cost for pk, row in catalog.sku_rows(rest).items() if row.cost is not None}


def last_costs(sku_ids: Sequence[int]) -> dict[int, tuple[int, Decimal | None]]:
    """(quantity of the newest receipt, the newest cost a receipt told) of each SKU that was ever received. Receipts
    that were taken back do not count."""
    rows = (
        StockEntry.objects.filter(sku_id__in=list(sku_ids), kind=StockEntry.Kind.RECEIPT, reversed_by=None)
        .order_by("sku_id", "-id")
        .distinct("sku_id")
    )
    costs = dict(rows.exclude(unit_cost=None).values_list("sku_id", "unit_cost"))
    return {pk: (quantity, costs.get(pk)) for pk, quantity in rows.values_list("sku_id", "quantity")}


# Rows somebody waits for.
SHORT = Exists(
    Reservation.objects.filter(
        sku=OuterRef("sku"), location=OuterRef("location"), state=Reservation.State.ACTIVE, quantity__lt=F("wanted")
    )
)  # fmt: skip


def for_list() -> QuerySet[StockRow]:
    """在庫一覧: every SKU, with what is free. One that never moved stands there once, with zeros."""
    past = tracked_past_date()
    worth = StockValue.objects.filter(sku=OuterRef("sku"), quantity__gt=0)
    return StockRow.objects.select_related("sku__product", "location").annotate(
        average=Subquery(worth.values(one=F("value_yen") / F("quantity")), output_field=DecimalField()),
        past=past,
        free=Case(
            When(sku__is_set=True, location__is_sellable=True, then=free_sets()),
            When(location__is_sellable=True, then=Greatest(0, F("on_hand") - F("reserved") - F("past"))),
            default=0,
        ),
    )


def held(sku_ids: Sequence[int]) -> dict[int, int]:
    """保留: pieces of each SKU that lie where nothing is sold; SKUs without any are left out."""
    rows = StockLevel.objects.filter(sku_id__in=list(sku_ids), location__is_sellable=False, on_hand__gt=0)
    return dict(rows.values("sku_id").annotate(n=Sum("on_hand")).values_list("sku_id", "n"))


def card_entries(sku_id: int, limit: int = 100) -> Sequence[StockEntry]:
    """入出庫 of one SKU, newest first, each with `balance`, what lay at its place after it.

    Counted back from the level that the same statement saw, so a long history costs no more than a short one.
    """
    level = StockLevel.objects.filter(sku=OuterRef("sku"), location=OuterRef("location")).values("on_hand")
    rows = list(
        StockEntry.objects.filter(sku_id=sku_id)
        .annotate(now=Subquery(level))
        .select_related("location", "by", "reversed_by", "reverses")
        .order_by("-id")[:limit]
    )
    later: dict[int, int] = {}
    for row in rows:
        row.balance = row.now - later.get(row.location_id, 0)  # type: ignore[attr-defined]
        later[row.location_id] = later.get(row.location_id, 0) + row.quantity
    return rows


@dataclass(frozen=True, slots=True)
class Recent:
    """最近の動き of one SKU: what lay there at the end of each day, and how many pieces were shipped in that time."""

    closings: list[tuple[date, int]]
    shipped: int


def recent(sku_id: int, *, today: date, days: int = 30) -> Recent:
    """The last `days` days up to `today`, all places together."""
    first = today - timedelta(days=days - 1)
    day = TruncDate("at")
    moved = (
        StockEntry.objects.filter(sku_id=sku_id, at__gte=business_day_start(first))
        .values(day=day)
        .annotate(total=Sum("quantity"), shipped=Sum("quantity", filter=Q(kind=StockEntry.Kind.SHIPMENT)))
    )
    by_day = {row["day"]: row for row in moved}
    on_hand = StockLevel.objects.filter(sku_id=sku_id).aggregate(total=Sum("on_hand"))["total"] or 0
    closings: list[tuple[date, int]] = []
    for back in range(days):
        on = today - timedelta(days=back)
        closings.append((on, on_hand))
        on_hand -= by_day[on]["total"] if on in by_day else 0
    return Recent(closings[::-1], -sum(row["shipped"] or 0 for row in by_day.values()))


def business_day_start(on: date) -> datetime:
    """Midnight in Japan."""
    return timezone.make_aware(datetime.combine(on, time()))


def card_reservations(sku_id: int, limit: int = 200) -> QuerySet[Reservation]:
    """引当 of one SKU in the order they are served."""
    live = Reservation.objects.filter(sku_id=sku_id, state=Reservation.State.ACTIVE)
    return live.select_related("location").order_by("queued_at", "id")[:limit]
