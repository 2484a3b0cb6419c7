"""Where the table begins (見出しの発見): the header row among the first lines of a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from akinai.core.tables.cells import normal_headers

LOOK_AT = 15  # lines; banks put about twelve lines of account data above the header
FindHeader = Callable[[tuple[str, ...]], bool]
_DATA_LIKE = re.compile(
    r"[-+▲△¥\\(]?[\d０-９][\d０-９,.，．]*[)円%]?|\d{1,4}[/.\-年]\d{1,2}(?:[/.\-月]\d{1,4}日?)?(?:[ T].*)?|[\d\-]{9,}|.+@.+\..+"
)


def trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells without empty ones at the end."""
    last = len(cells)
    while last and not cells[last - 1].strip():
        last -= 1
    return tuple(cells[:last])


def find(grid: Sequence[tuple[int, Sequence[str]]], find_header: FindHeader | None) -> int | None:
    """Index in `grid` ((line, cells) of the first lines) of the header row, or None."""
    head = [trimmed(cells) for _, cells in grid[:LOOK_AT]]
    if find_header is not None:
        return next(
            (at for at, cells in enumerate(head) if cells and find_header(normal_headers(cells))), None
        )
    return _by_looks(head, [trimmed(cells) for _, cells in grid])


def _by_looks(head: Sequence[tuple[str, ...]], rows: Sequence[tuple[str, ...]]) -> int | None:
    """The first line of words that is about as wide as the lines after it."""
    widths = Counter(len(cells) for cells in rows if len(cells) > 1)
    if not widths:
        return next((at for at, cells in enumerate(head) if cells and looks_like_names(cells)), None)
    usual = max(widths, key=lambda width: widths[width] * width)
    for at, cells in enumerate(head):
        after = [len(row) for row in rows[at + 1 : at + 4] if row]
        if (
            len(cells) >= max(2, usual)
            and looks_like_names(cells)
            and all(width <= len(cells) for width in after)
        ):
            return at
    # Rows may all be shorter than the header (their last columns are empty): the widest line of words.
    wide = [at for at, cells in enumerate(head) if len(cells) >= 2 and looks_like_names(cells)]
    return max(wide, key=lambda at: len(head[at]), default=None) if wide else None


def looks_like_names(cells: Sequence[str]) -> bool:
    """Column names are words: different from each other, short, and no numbers, dates or mail addresses."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or len(filled) * 2 < len(cells):
        return False
    if any(len(cell) > 80 or _DATA_LIKE.fullmatch(cell) for cell in filled):
        return False
    return len(set(filled)) * 10 >= len(filled) * 7
