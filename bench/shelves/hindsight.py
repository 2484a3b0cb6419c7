"""The harder rival: days of cover re-estimated every two weeks, the best of some 470 settings chosen in hindsight on the judged days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.shelves.life import Lives, live
from bench.shelves.policies import Cover, Setting
from bench.shelves.world import World

COVERS = tuple(round(float(days), 1) for days in np.geomspace(5, 120, 24))
BATCHES = (7, 14, 21, 28, 35, 45, 60, 90, 120)
WINDOWS = (0, 28)
USUAL_LEAD = 4
AT_ONCE = 60


@dataclass(frozen=True)
class Tried:
    """All settings of the rival, lived through."""

    settings: list[Setting]
    lives: list[Lives]

    @property
    def fill(self) -> np.ndarray:
        return np.concatenate([one.fill for one in self.lives])

    @property
    def total(self) -> np.ndarray:
        return np.concatenate([one.total for one in self.lives])

    def pick(self, number: int) -> tuple[Lives, int]:
        """The life and row of a setting."""
        for one in self.lives:
            if number < one.lost.shape[0]:
                return one, number
            number -= one.lost.shape[0]
        raise IndexError(number)


def try_grid(world: World, *, knows_lead: bool, every: int) -> Tried:
    """A coarse grid, then a fine one around the cheapest setting of each fill rate."""
    covers = [cover - USUAL_LEAD if knows_lead else cover for cover in COVERS]
    coarse = [Setting(cover, batch, window) for window in WINDOWS for cover in covers for batch in BATCHES]
    tried = _try(world, coarse, knows_lead, every)
    fine = {setting for number in _best(tried) for setting in _around(tried.settings[number])}
    rest = sorted(fine - set(coarse), key=lambda s: (s.window, s.cover, s.batch))
    more = _try(world, rest, knows_lead, every)
    return Tried(tried.settings + more.settings, tried.lives + more.lives)


def cheapest(tried: Tried, fill: float) -> int | None:
    """Number of the cheapest setting that serves at least `fill`; None when there is none."""
    enough = np.flatnonzero(tried.fill >= fill)
    return int(enough[tried.total[enough].argmin()]) if enough.size else None


def _best(tried: Tried) -> set[int]:
    goals = (0.0, 0.90, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995)
    return {n for goal in goals if (n := cheapest(tried, goal)) is not None}


def _around(setting: Setting) -> Iterator[Setting]:
    for cover in (0.88, 0.92, 0.96, 1.04, 1.08, 1.12):
        for batch in (0.85, 1, 1.15):
            yield replace(
                setting, cover=round(setting.cover * cover, 1), batch=round(setting.batch * batch, 1)
            )


def _try(world: World, settings: Sequence[Setting], knows_lead: bool, every: int) -> Tried:
    lives, ordered = [], []
    for window in WINDOWS:
        group = [one for one in settings if one.window == window]
        for start in range(0, len(group), AT_ONCE):
            part = group[start : start + AT_ONCE]
            lives.append(live(world, Cover(world, part, knows_lead=knows_lead), every=every))
            ordered += part
    return Tried(ordered, lives)
