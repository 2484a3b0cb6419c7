"""適正在庫の計算: from the same forecast as the proposals, every SKU gets its level, its class and its words, in yen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.purchasing.models import StockAim, StockOutlook
from akinai.purchasing.replenish import (
    Aim,
    AimKind,
    CurvePoint,
    Histories,
    Notice,
    Prepared,
    Recommendation,
    Stuck,
    Surplus,
    abc,
    curve,
    explain,
    patterns,
    points,
    surpluses,
    total,
    xyz,
)
from akinai.purchasing.replenish.history import Floats, completed

if TYPE_CHECKING:
    from akinai.staff.models import Staff

WEEK = 7
State = StockOutlook.State


def aim() -> Aim:
    """The shop's aim; the cheapest until somebody chose another."""
    row = StockAim.objects.filter(pk=1).only("kind", "level").first()
    return Aim(AimKind(row.kind), None if row.level is None else float(row.level)) if row else Aim()


@transaction.atomic
def choose_aim(kind: str, level: Decimal | None, *, by: Staff | None) -> StockAim:
    """目標を決める. Takes effect with the next calculation. Raises DomainError for a level outside 80 to 99.9 %."""
    try:
        Aim(AimKind(kind), None if level is None else float(level))
    except ValueError as error:
        raise DomainError(
            "水準は 80.0% から 99.9% までです。", way_out="目盛りの中から選んでください。"
        ) from error
    row, _ = StockAim.objects.get_or_create(pk=1)
    StockAim.objects.filter(pk=1).update(kind=kind, level=level, changed_at=clock.now(), changed_by=by)
    row.refresh_from_db()
    words = row.get_kind_display() if level is None else f"{row.get_kind_display()} {level * 100:.1f}%"
    activity.record(row, "change", by=by, summary=f"在庫の目標を「{words}」にしました。")
    return row


@dataclass(frozen=True, slots=True)
class Known:
    """What a calculation rests on: all in the order of `rows`."""

    history: Histories
    ready: Prepared
    rows: Sequence[Recommendation]
    last_sale: Mapping[int, date]


def keep(known: Known, aim: Aim, today: date) -> int:
    """Write the outlook of every SKU and the slider's curve, in place of those before. Out: how many SKUs."""
    demand = completed(known.history)
    price = {one.sku_id: one.price_yen for one in known.ready.goods}
    pieces = demand.sum(axis=1)
    yen = [int(float(count) * price[pk]) for count, pk in zip(pieces, known.history.sku_ids, strict=True)]
    stuck = {one.sku_id: one for one in surpluses(_stuck(known, today))}
    letters, steady, kinds = abc(yen), xyz(known.history), patterns(known.history)
    made = [
        _outlook(row, letters[n], steady[n], str(kinds[n]), yen[n], _weeks(demand[n]), stuck.get(row.sku_id))
        for n, row in enumerate(known.rows)
    ]
    StockOutlook.objects.all().delete()
    StockOutlook.objects.bulk_create(made, batch_size=2000)
    _keep_curve(known.ready, aim)
    return len(made)


def _keep_curve(ready: Prepared, aim: Aim) -> None:
    StockAim.objects.get_or_create(pk=1)
    now = total(ready, points(ready, aim))
    StockAim.objects.filter(pk=1).update(
        curve=_marks(curve(ready)),
        now=_point(now),
        made_at=clock.now(),
    )


def _marks(way: Sequence[CurvePoint]) -> list[dict[str, float | int]]:
    """The marks of the slider: each share in whole tenths of a percent once, from 80 % to what an aim can ask for."""
    found = {int(one.fill * 1000 + 1e-9): one for one in reversed(way)}
    return [_point(found[tenth]) for tenth in sorted(found) if 800 <= tenth <= 999]


def _point(one: CurvePoint) -> dict[str, float | int]:
    return {**asdict(one), "total_yen": one.total_yen}


def _weeks(demand: Floats) -> list[int]:
    """Demand of the last weeks, the oldest first."""
    whole = len(demand) // WEEK
    return [
        round(float(part)) for part in demand[len(demand) - whole * WEEK :].reshape(whole, WEEK).sum(axis=1)
    ]


def _stuck(known: Known, today: date) -> list[Stuck]:
    days = known.ready.forecasts.days
    return [
        Stuck(
            sku_id=one.sku_id, code=one.code, on_hand=max(one.on_hand - one.promised, 0),
            per_day=float(known.ready.cycle.per_day[n]), price_yen=one.price_yen, unit_cost=one.unit_cost,
            days_since_sale=(today - known.last_sale[one.sku_id]).days if one.sku_id in known.last_sale else None,
            known_days=int(days[n]),
        )
        for n, one in enumerate(known.ready.goods)
        if one.on_hand > one.promised
    ]  # fmt: skip


def _outlook(
    row: Recommendation,
    letter: str,
    steady: str,
    kind: str,
    yen: int,
    weeks: list[int],
    stuck: Surplus | None,
) -> StockOutlook:
    told, level, yearly = explain(row), row.level, row.yearly
    best = stuck.proposals[0] if stuck else None
    return StockOutlook(
        sku_id=row.sku_id, supplier_id=row.supplier_id, state=_state(row, stuck), abc=letter, xyz=steady, pattern=kind,
        sold_yen=yen, per_day=_per_day(row), on_hand=level.on_hand, promised=level.promised, incoming=level.incoming,
        lead_days=row.need.lead_days, safety=level.safety, reorder_point=level.reorder_point, quantity=level.quantity,
        surplus=stuck.surplus if stuck else 0, days_left=days_left(row), turns=yearly.turns, fill=level.fill,
        stockouts=yearly.stockouts, unit_cost=yearly.unit_cost, tied_up_yen=round(level.on_hand * yearly.unit_cost),
        best_yen=yearly.tied_up_yen, holding_yen=yearly.holding_yen, lost_yen=yearly.lost_yen,
        act=str(best.act) if best else "", gain_yen=best.gain_yen if best else 0,
        words={
            "order": told.order, "service": told.service, "cost": told.cost, "forecast": told.forecast,
            "notices": list(told.notices), "proposals": [one.words for one in stuck.proposals] if stuck else [],
        },
        weeks=weeks,
    )  # fmt: skip


def _state(row: Recommendation, stuck: Surplus | None) -> str:
    if stuck:
        return State.DEAD if stuck.is_dead else State.OVER
    if Notice.NO_HISTORY in row.notices:
        return State.NEW
    return State.SHORT if row.level.order else State.RIGHT


def _per_day(row: Recommendation) -> Decimal:
    pace = row.need.pace
    return (pace.pieces / pace.days).quantize(Decimal("0.001")) if pace.days else Decimal(0)


def days_left(row: Recommendation) -> Decimal | None:
    """あと何日分: what is not promised, at the present pace. None when it does not sell, or for ages."""
    pace, left = row.need.pace, max(row.level.on_hand - row.level.promised, 0)
    if not pace.pieces:
        return None
    days = (left * pace.days / pace.pieces).quantize(Decimal("0.1"))
    return None if days > 99_999 else days
