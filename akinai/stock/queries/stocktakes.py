"""棚卸の照会."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import (
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)

from akinai.stock.models import Lot, LotLevel, Stocktake, StocktakeLine
from akinai.stock.states import StocktakeState

DIFFERENCE = F("counted") - F("book")
YEN = ExpressionWrapper(DIFFERENCE * F("unit_cost"), DecimalField(max_digits=20, decimal_places=4))
DIFFERS = Q(counted__isnull=False) & ~Q(counted=F("book"))


def whole(amount: Decimal) -> int:
    """Whole yen, half a yen away from zero."""
    return int(amount.to_integral_value(ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class CauseSum:
    """差異 of one cause."""

    title: str
    items: int
    pieces: int
    yen: int


@dataclass(frozen=True, slots=True)
class Summary:
    """棚卸の要約: how far the counting is, and what was found, by cause and in yen at cost."""

    lines: int
    counted: int
    again: int
    different: int
    pieces: int
    yen: int
    without_cost: int
    without_cause: int
    causes: Sequence[CauseSum]


def stocktakes() -> QuerySet[Stocktake]:
    """棚卸一覧: how many lines, counted, different; counted for the shown rows only."""
    lines = StocktakeLine.objects.filter(stocktake=OuterRef("pk")).order_by().values("stocktake")
    of = lambda rows, what: Subquery(rows.annotate(n=what).values("n"), output_field=IntegerField())  # noqa: E731
    return Stocktake.objects.select_related("location", "created_by").annotate(
        items=of(lines, Count("pk")), done=of(lines, Count("counted")), different=of(lines.filter(DIFFERS), Count("pk")),
        yen=Subquery(lines.filter(DIFFERS).annotate(n=Sum(YEN)).values("n")),
    )  # fmt: skip


def summary(stocktake: Stocktake) -> Summary:
    """One stocktake at a glance. Two queries."""
    differs = DIFFERS
    sums = stocktake.lines.aggregate(
        lines_all=Count("pk"), done=Count("counted"), again=Count("pk", filter=Q(needs_recount=True)),
        different=Count("pk", filter=differs), missing=Sum(DIFFERENCE, filter=differs), amount=Sum(YEN, filter=differs),
        without_cost=Count("pk", filter=differs & Q(unit_cost=None)), without_cause=Count("pk", filter=differs & Q(cause="")),
    )  # fmt: skip
    by_cause = (
        stocktake.lines.filter(differs).order_by().values("cause")
        .annotate(items=Count("pk"), pieces=Sum(DIFFERENCE), yen=Sum(YEN)).order_by("cause")
    )  # fmt: skip
    words = dict(StocktakeLine.Cause.choices) | {"": "原因なし"}
    causes = [
        CauseSum(str(words[row["cause"]]), row["items"], row["pieces"], whole(row["yen"] or Decimal(0)))
        for row in by_cause
    ]
    return Summary(
        sums["lines_all"], sums["done"], sums["again"], sums["different"], sums["missing"] or 0,
        whole(sums["amount"] or Decimal(0)), sums["without_cost"], sums["without_cause"], causes,
    )  # fmt: skip


def lots_to_count(stocktake: Stocktake, sku_id: int) -> list[Lot]:
    """ロット of these goods that this stocktake asks for, else those that lie there; the first to expire first."""
    return lots_by_sku(stocktake, [sku_id]).get(sku_id, [])


def lots_by_sku(stocktake: Stocktake, sku_ids: Iterable[int]) -> dict[int, list[Lot]]:
    """The same of many goods. One query."""
    ids = list(sku_ids)
    mine = stocktake.lines.filter(sku_id__in=ids, lot__isnull=False).values("lot")
    lying = LotLevel.objects.filter(
        lot__sku_id__in=ids, location=stocktake.location_id, on_hand__gt=0
    ).exclude(lot__sku_id__in=stocktake.lines.filter(sku_id__in=ids).values("sku_id"))
    found: dict[int, list[Lot]] = {}
    lots = Lot.objects.filter(Q(pk__in=mine) | Q(pk__in=lying.values("lot")))
    for lot in lots.order_by(F("expires_on").asc(nulls_last=True), "received_on", "pk"):
        found.setdefault(lot.sku_id, []).append(lot)
    return found


def hides_book(stocktake: Stocktake) -> bool:
    """Counted blind: nobody sees the book before the counts are closed."""
    return stocktake.is_blind and stocktake.state == StocktakeState.OPEN


def largest(stocktake: Stocktake, *, limit: int = 20) -> QuerySet[StocktakeLine]:
    """The lines that differ most, in yen, then in pieces."""
    rows = stocktake.lines.filter(DIFFERS).select_related("sku__product", "lot", "counted_by", "first_by")
    return rows.annotate(yen=YEN).order_by(F("yen").asc(nulls_last=True), "book", "pk")[:limit]
