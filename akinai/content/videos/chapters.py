"""章: written one a line, as people write them below a film: "1:23 急須を温める | POT-001, TEA-003". Knows no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_LINE = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})\s+([^|]+?)\s*(?:\|(.*))?")
MOST, MOST_GOODS = 100, 8


class BrokenChapters(ValueError):
    """The message is Japanese and names the line."""


@dataclass(frozen=True, slots=True)
class Told:
    """One chapter: from this second on, these goods by code."""

    second: int
    title: str
    codes: tuple[str, ...]


def read(text: str) -> list[Told]:
    """The chapters in their order. Raises BrokenChapters, naming the line."""
    found: dict[int, Told] = {}
    for at, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        told = _one(at, line.strip())
        if told.second in found:
            raise BrokenChapters(f"{at} 行目: {clock(told.second)} の章が 2 つあります。")
        found[told.second] = told
    if len(found) > MOST:
        raise BrokenChapters(f"章は {MOST} 個までです。")
    return [found[second] for second in sorted(found)]


def _one(at: int, line: str) -> Told:
    match = _LINE.fullmatch(unicodedata.normalize("NFKC", line))
    if match is None or int(match[3]) > 59:
        raise BrokenChapters(
            f"{at} 行目「{line[:30]}」を読めません。「1:23 見出し | 商品コード」の形にしてください。"
        )
    title = " ".join(match[4].split())
    codes = tuple(dict.fromkeys(code for code in re.split(r"[\s,、]+", match[5] or "") if code))
    if len(title) > 100 or len(codes) > MOST_GOODS:
        raise BrokenChapters(f"{at} 行目: 見出しは 100 文字、商品は {MOST_GOODS} 個までです。")
    return Told((int(match[1] or 0) * 60 + int(match[2])) * 60 + int(match[3]), title, codes)


def written(chapters: Sequence[Told]) -> str:
    """The lines again, for the form."""
    return "\n".join(
        f"{clock(one.second)} {one.title}{' | ' + ', '.join(one.codes) if one.codes else ''}"
        for one in chapters
    )


def clock(second: int) -> str:
    """83 → 1:23, 3683 → 1:01:23."""
    hours, rest = divmod(second, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
