"""An address over the lines of a label (住所の割り付け). Pure.

Lines break where a person would break them: before the building, after 丁目・番地・号, at a space, before the street
number; never inside a number such as 1-2-3 or inside a word. What does not fit is refused by the caller, not cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from akinai.adapters.carriers.letters import printable, width
from akinai.shipping.ports import Party

_NUMBER = r"0-9０-９"
_HYPHENS = "-－‐―ー−"
_AFTER = re.compile(rf"(?:丁目|番地|番|号室|号|号棟|線|地割)(?=[^{_NUMBER}{_HYPHENS}のノ])")
_AFTER_PLACE = re.compile(r"(?<=.)(?:市|区|町|村|郡|大字|字|通|条)(?=[^市区町村郡目])")
_BEFORE_NUMBER = re.compile(rf"(?<=[^{_NUMBER}{_HYPHENS}第])(?=[{_NUMBER}])")
_SPACE = re.compile(r"[ 　]+")
# What a break costs. The lines with the smallest sum are printed.
BUILDING, SPACE, BLOCK, CITY, NUMBER, PLACE = 0, 1, 2, 2, 4, 5
_NEW_LINE, _BURIED_BUILDING = 1, 3
_IMPOSSIBLE = 10**6


def full_address(party: Party) -> tuple[str, str]:
    """(street part, building) as printed."""
    street = printable(f"{party.prefecture}{party.city}{party.line1}")
    return street, printable(party.line2)


def lay_out(party: Party, widths: Sequence[int]) -> list[str] | None:
    """The address over lines of at most `widths` bytes each; None when it cannot be done without cutting."""
    street, building = full_address(party)
    text = f"{street}　{building}" if building else street
    breaks = _breaks(text, street, printable(party.prefecture + party.city))

    @cache
    def best(start: int, line: int) -> tuple[int, tuple[str, ...]]:
        """(cost, lines) of the text from `start` over the lines from `line` on."""
        rest = text[start:]
        cost = _cost_of(start, len(text), street, building)
        found: tuple[int, tuple[str, ...]] = (_IMPOSSIBLE, ())
        if width(rest) <= widths[line]:
            found = (cost, (rest,))
        if line + 1 < len(widths):
            for end, (begin_next, price) in breaks.items():
                if start < end and width(text[start:end]) <= widths[line]:
                    onward, lines = best(begin_next, line + 1)
                    total = price + _NEW_LINE + onward + _cost_of(start, end, street, building)
                    found = min(found, (total, (text[start:end], *lines)), key=lambda each: each[0])
        return found

    cost, lines = best(0, 0)
    if cost >= _IMPOSSIBLE:
        return None
    return [*lines, *[""] * (len(widths) - len(lines))]


def _cost_of(start: int, end: int, street: str, building: str) -> int:
    """A line that runs from the street into the building is hard to read."""
    return _BURIED_BUILDING if building and start < len(street) < end else 0


def _breaks(text: str, street: str, city: str) -> dict[int, tuple[int, int]]:
    """end of line → (where the next line begins, cost)."""
    found: dict[int, tuple[int, int]] = {}

    def add(end: int, begin: int, cost: int) -> None:
        if end > 0 and begin < len(text) and (end not in found or cost < found[end][1]):
            found[end] = (begin, cost)

    for match in _AFTER_PLACE.finditer(text):
        add(match.end(), match.end(), PLACE)
    for match in _BEFORE_NUMBER.finditer(text):
        add(match.start(), match.start(), NUMBER)
    for match in _AFTER.finditer(text):
        add(match.end(), match.end(), BLOCK)
    if street.startswith(city) and city:
        add(len(city), len(city), CITY)
    for match in _SPACE.finditer(text):
        add(match.start(), match.end(), BUILDING if match.start() == len(street) else SPACE)
    return found
