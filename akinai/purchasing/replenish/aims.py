"""目標: what the reorder points are to reach. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LOWEST, HIGHEST = 0.80, 0.999


class AimKind(StrEnum):
    """目標の立て方."""

    CHEAPEST = "cheapest"
    OVERALL = "overall"
    FILL = "fill"
    CYCLE = "cycle"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    AimKind.CHEAPEST: "費用が最小（商品ごとに決める）",
    AimKind.OVERALL: "全体の充足率（商品ごとの配分は費用が最小）",
    AimKind.FILL: "どの商品も同じ充足率",
    AimKind.CYCLE: "どの商品も同じ「欠品しない率」（入荷 1 回あたり）",
}


@dataclass(frozen=True, slots=True)
class Aim:
    """目標: a kind and, for all but CHEAPEST, a level of 0.80 – 0.999. ValueError outside."""

    kind: AimKind = AimKind.CHEAPEST
    level: float | None = None

    def __post_init__(self) -> None:
        if (self.kind is AimKind.CHEAPEST) != (self.level is None):
            raise ValueError("every aim but the cheapest needs a level, the cheapest none")
        if self.level is not None and not LOWEST <= self.level <= HIGHEST:
            raise ValueError(f"the level is {LOWEST} to {HIGHEST}, not {self.level}")
