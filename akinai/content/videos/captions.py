"""字幕: WebVTT (or SRT, or plain text) read to cues, and written anew, so that nothing else can stand in it. Knows no database."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

_TIMES = re.compile(
    r"(?:(\d{1,3}):)?(\d{2}):(\d{2})[.,](\d{3})\s+-->\s+(?:(\d{1,3}):)?(\d{2}):(\d{2})[.,](\d{3})(?:\s.*)?"
)
_TAG = re.compile(r"</?[a-z0-9.:]+(?:\s[^<>]*)?>", re.IGNORECASE)
MOST_CUES, LONGEST = 5000, 200_000


class BrokenCaptions(ValueError):
    """No captions; the message is Japanese and names the line."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words shown from `start` to `end` (milliseconds)."""

    start: int
    end: int
    text: str


def read(text: str) -> list[Cue]:
    """The cues of a WebVTT or SRT file; none of a text without times. Raises BrokenCaptions."""
    if len(text) > LONGEST:
        raise BrokenCaptions(f"字幕は {LONGEST:,} 文字までです。")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").split("\n")
    if not any("-->" in line for line in lines):
        return []
    cues: list[Cue] = []
    at = 0
    while at < len(lines):
        if "-->" not in lines[at]:
            at += 1
            continue
        cue, at = _cue(lines, at)
        cues.append(cue)
    if len(cues) > MOST_CUES:
        raise BrokenCaptions(f"字幕は {MOST_CUES:,} 個までです（{len(cues):,} 個あります）。")
    return cues


def _cue(lines: Sequence[str], at: int) -> tuple[Cue, int]:
    """The cue whose times stand in this line, and the line behind it."""
    match = _TIMES.fullmatch(lines[at].strip())
    if match is None:
        raise BrokenCaptions(
            f"{at + 1} 行目の時刻「{lines[at].strip()[:40]}」を読めません。00:01.000 --> 00:04.000 の形にしてください。"
        )
    start, end = _milliseconds(match.groups()[:4]), _milliseconds(match.groups()[4:])
    if end <= start:
        raise BrokenCaptions(f"{at + 1} 行目の終わりの時刻が、始まりより前です。")
    words = []
    at += 1
    while at < len(lines) and lines[at].strip():
        words.append(html.unescape(_TAG.sub("", lines[at])).strip())
        at += 1
    return Cue(start, end, "\n".join(word for word in words if word)), at


def _milliseconds(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def written(cues: Sequence[Cue]) -> str:
    """WebVTT: times and words, nothing else."""
    blocks = [
        f"{clock(cue.start)} --> {clock(cue.end)}\n{html.escape(cue.text, quote=False)}"
        for cue in cues
        if cue.text
    ]
    return "WEBVTT\n\n" + "\n\n".join(blocks) + "\n" if blocks else ""


def clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def spoken(cues: Sequence[Cue]) -> str:
    """The words to read: a paragraph where nobody speaks for more than two seconds."""
    found: list[str] = []
    before = None
    for cue in cues:
        words = " ".join(cue.text.split())
        if not words:
            continue
        if before is None or cue.start - before > 2000:
            found.append(words)
        else:
            found[-1] += words
        before = cue.end
    return "\n\n".join(found)
