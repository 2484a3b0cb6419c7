"""Clean text: what PostgreSQL can keep and a page can show. Lines end in LF; what is invisible and could mislead is gone."""

from __future__ import annotations

import re

UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
LINES = re.compile("\r\n?|\u2028|\u2029|\x85|\x0c")
# Letters that turn the reading direction: "exe.gpj" must not look like "jpg.exe" the other way round.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def text(value: str) -> str:
    """Many lines."""
    return UNSEEN.sub("", LINES.sub("\n", value))


def line(value: str) -> str:
    """One line: every run of blanks is one blank; no turned letters."""
    return TURNING.sub("", " ".join(text(value).split()))
