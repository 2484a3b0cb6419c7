"""One table per kind of world: yen by cause and fill rate of ours and of each rival, all draws added up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.shelves.curves import Bill, together

HEAD = ("", "fill", "carrying", "ordering", "lost margin", "total yen", "ours ÷ this", "(draws)")
WIDTHS = (58, 8, 13, 11, 13, 13, 12, 14)


@dataclass
class Line:
    """One policy beside ours at one aim: a bill per draw, in the order of the draws."""

    aim: str
    policy: str
    bills: list[Bill] = field(default_factory=list)


def table(title: str, lines: list[Line]) -> Iterator[str]:
    """The rows as text; below each aim's own line, its rivals with our cost ÷ theirs: together, and least to most of the draws."""
    yield title
    yield _row(HEAD)
    ours: Line | None = None
    for line in lines:
        if line.policy == "ours":
            ours = line
            yield _row((f"OURS, {line.aim}", *_yen(together(line.bills)), "", ""))
        elif ours is not None:
            yield _row((f"  {line.policy}", *_yen(together(line.bills)), *ratios(ours, line)))


def ratios(ours: Line, other: Line) -> tuple[str, str]:
    """Our cost ÷ theirs over all draws, and the range over single draws."""
    each = [mine.total / theirs.total for mine, theirs in zip(ours.bills, other.bills, strict=True)]
    whole = together(ours.bills).total / together(other.bills).total
    return f"{whole:.2f}", f"{min(each):.2f}–{max(each):.2f}"


def _yen(one: Bill) -> tuple[str, ...]:
    yen = (one.carrying, one.ordering, one.lost, one.total)
    return (f"{one.fill:.2%}", *(f"{round(part):,}" for part in yen))


def _row(cells: tuple[str, ...]) -> str:
    first, *rest = (
        cell.ljust(width) if n == 0 else cell.rjust(width)
        for n, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    )
    return (first + "".join(rest)).rstrip()
