"""督促の順番: which step of a ladder comes next, and on which day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from akinai.core.business_days import on_or_after, on_or_before


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the plan needs it. `days` after the due day; below 0 it is a reminder before."""

    id: int
    days: int
    way: str
    title: str


@dataclass(frozen=True, slots=True)
class Done:
    """The last step that was done for a due: its place on the ladder and its day."""

    days: int
    on: date


def next_step(
    steps: Sequence[Step], *, due_on: date, last: Done | None, today: date
) -> tuple[Step, date] | None:
    """(step, day) that comes next, None at the end of the ladder.

    Steps keep their distance: a due that was found late gets the first step now and the others as many days later as the
    ladder has between them, so that nobody's order is cancelled on the day of the first reminder. A reminder of a day
    that has passed is left out. Days on which banks are closed move to the next open one.
    """
    for step in sorted(steps, key=lambda one: one.days):
        if last is not None and step.days <= last.days:
            continue
        if step.days < 0:
            if today > due_on:
                continue
            return step, on_or_before(due_on + timedelta(days=step.days))
        on = due_on + timedelta(days=step.days)
        if last is not None:
            on = max(on, last.on + timedelta(days=step.days - last.days))
        return step, on_or_after(on)
    return None


def after(steps: Sequence[Step], *, due_on: date, last: Done | None, today: date) -> list[tuple[Step, date]]:
    """Every step that is still to come and its day, as if each were done on its day (or today, when that is over)."""
    found = []
    while (coming := next_step(steps, due_on=due_on, last=last, today=today)) is not None:
        step, on = coming
        on = max(on, today)
        found.append((step, on))
        last = Done(step.days, on)
    return found
