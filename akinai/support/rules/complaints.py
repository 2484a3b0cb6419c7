"""クレームの決まり: what each severity demands before it is settled, and how a rate is told. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

LIGHT, MIDDLE, GRAVE = 1, 2, 3
DEMANDS = {
    LIGHT: "原因と事実を記録して、お返事します。",
    MIDDLE: "原因・事実・責任の所在・ご要望を記録して、お詫びします。",
    GRAVE: "すぐに店長へ知らせます。店長の確認、お詫び、再発防止の対策がそろうまで決着にできません。",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is there of a complaint."""

    severity: int
    has_cause: bool = False
    has_facts: bool = False
    has_side: bool = False
    has_wish: bool = False
    has_apology: bool = False
    manager_saw: bool = False
    has_prevention: bool = False
    has_outcome: bool = False
    waits_for_approval: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """決着までに要ること, one of them."""

    title: str
    is_met: bool


def demands(told: Standing) -> list[Demand]:
    """Everything that this severity demands, in the order of the work."""
    rows = [Demand("原因を選ぶ", told.has_cause), Demand("事実を書く", told.has_facts)]
    if told.severity >= GRAVE:
        rows.insert(0, Demand("店長が確認する", told.manager_saw))
    if told.severity >= MIDDLE:
        rows += [
            Demand("責任の所在を決める", told.has_side),
            Demand("お客様のご要望を書く", told.has_wish),
            Demand("お詫びする", told.has_apology),
        ]
    if told.severity >= GRAVE:
        rows.append(Demand("再発防止の対策を立てる", told.has_prevention))
    if told.waits_for_approval:
        rows.append(Demand("承認待ちの補償を決める", False))
    rows.append(Demand("結論を書く", told.has_outcome))
    return rows


def missing(told: Standing) -> Sequence[str]:
    """What is still to be done before the complaint can be settled."""
    return [one.title for one in demands(told) if not one.is_met]


def rate(complaints: int | None, shipments: int | None) -> Decimal | None:
    """件 per 1,000 shipments, two places; None where nothing was shipped."""
    if not shipments or complaints is None:
        return None
    return (Decimal(complaints) * 1000 / shipments).quantize(Decimal("0.01"), ROUND_HALF_UP)


def has_fallen(before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Did the rate fall, exactly (not as rounded)? Each is (complaints, shipments); nothing shipped proves nothing."""
    return before[1] > 0 and after[1] > 0 and after[0] * before[1] < before[0] * after[1]
