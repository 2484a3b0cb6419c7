"""コメント欄: the shop's template (`[配送日時指定:]` …) taken off, so that an empty form does not count as 備考."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from akinai.adapters.channels.words.delivery import slot
from akinai.adapters.channels.words.times import parse_day

_MARKER = re.compile(r"\[([^\[\]\n]{1,60}?)[:：]\]")
_NOTHING = re.compile(
    r"[\s\-ー－。.]*(特に)?(なし|無し|ありません|指定なし|希望しない|希望なし)?[\s\-ー－。.]*"
)


@dataclass(frozen=True, slots=True)
class Comment:
    """What the buyer wrote: `note` is text for a person; day and slot come from the form."""

    note: str = ""
    day: date | None = None
    slot: str = ""


def read_comment(text: str) -> Comment:
    """ "[配送日時指定:]\\n2023-12-14(木)\\n午前中" → day and slot, no note. Words nobody understands stay in the note."""
    if not text.strip():
        return Comment()
    pieces = _MARKER.split(text)
    notes = [pieces[0].strip()]
    day, code = None, ""
    for title, body in zip(pieces[1::2], pieces[2::2], strict=True):
        rest = body.strip()
        if "配送日時" in title or "お届け日時" in title:
            day, code, rest = _wish(rest, day, code)
        if rest and not _NOTHING.fullmatch(rest):
            notes.append(f"[{title}] {rest}")
    note = "\n".join(part for part in notes if part and not _NOTHING.fullmatch(part))
    return Comment(note, day, code)


def _wish(body: str, day: date | None, code: str) -> tuple[date | None, str, str]:
    """The first date and the first time slot of the form, and the lines that are neither."""
    rest = []
    for line in body.splitlines():
        plain = line.strip()
        found_day = parse_day(plain) if plain else None
        found_slot = slot(plain)
        if not plain or found_slot == "":
            continue
        if found_day and day in (None, found_day):
            day = found_day
        elif found_slot and code in ("", found_slot):
            code = found_slot
        else:
            rest.append(plain)
    return day, code, "\n".join(rest)
