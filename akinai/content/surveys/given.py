"""答え as it was given to one question, read from what a browser sent. Knows no database."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from akinai.content.surveys.kinds import CHOICES, WRITTEN, Kind

SHORTEST, LONGEST, OTHER = 200, 2000, 100


class Asked(Protocol):
    """What reading and branching need of a question."""

    code: str
    kind: str
    required: bool
    options: Any
    settings: Any
    condition: Any


type Sent = Any  # a form as it was posted: `get` and `getlist` (QueryDict)


@dataclass(frozen=True, slots=True)
class Given:
    """`chosen`: keys of options (of a matrix "row:column"); of a scale also the number itself, so that all count alike."""

    chosen: tuple[str, ...] = ()
    number: Decimal | None = None
    day: date | None = None
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.chosen and self.number is None and self.day is None and not self.text


NOTHING = Given()


class Unfit(ValueError):
    """An answer that cannot be one; the message is for the person who answers."""


def keys_of(question: Asked) -> list[str]:
    return [one["key"] for one in question.options]


def bounds(question: Asked) -> tuple[int, int]:
    """From and to of a scale: 0–10 for NPS, 1–5 where nothing was said."""
    if question.kind == Kind.NPS:
        return 0, 10
    return int(question.settings.get("min", 1)), int(question.settings.get("max", 5))


def steps(question: Asked) -> range:
    low, high = bounds(question)
    return range(low, high + 1)


def read(question: Asked, sent: Sent) -> Given:
    """What was sent for this question (fields q-<code>…). Raises Unfit for what is no possible answer."""
    name = f"q-{question.code}"
    if question.kind in CHOICES:
        return _choices(question, sent, name)
    if question.kind == Kind.MATRIX:
        return _matrix(question, sent, name)
    text = str(sent.get(name, "") or "").replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        return NOTHING
    if question.kind in WRITTEN:
        return _written(question, text)
    return _day(question, text) if question.kind == Kind.DATE else _number(question, text)


def check(question: Asked, given: Given) -> None:
    """Raises Unfit where a required question has no answer, or an incomplete one."""
    if given.is_empty:
        if question.required:
            raise Unfit(
                "入力してください。"
                if question.kind in WRITTEN | {Kind.NUMBER, Kind.DATE}
                else "選んでください。"
            )
        return
    if question.kind == Kind.MULTI:
        _check_count(question, len(given.chosen))
    if (
        question.kind == Kind.MATRIX
        and question.required
        and len(given.chosen) < len(question.settings["rows"])
    ):
        raise Unfit("すべての行で選んでください。")


def _check_count(question: Asked, count: int) -> None:
    least, most = question.settings.get("min"), question.settings.get("max")
    if least and count < least:
        raise Unfit(f"{least} つ以上選んでください（いま {count} つ）。")
    if most and count > most:
        raise Unfit(f"{most} つまでにしてください（いま {count} つ）。")


def _choices(question: Asked, sent: Sent, name: str) -> Given:
    known = keys_of(question)
    chosen = list(dict.fromkeys(str(one) for one in sent.getlist(name) if one))
    if any(one not in known for one in chosen) or (question.kind == Kind.SINGLE and len(chosen) > 1):
        raise Unfit("選択肢から選んでください。")
    other = next((one["key"] for one in question.options if one.get("other")), "")
    text = " ".join(str(sent.get(f"{name}-other", "") or "").replace("\0", "").split())
    if len(text) > OTHER:
        raise Unfit(f"「その他」は {OTHER} 文字までです（いま {len(text)} 文字）。")
    return Given(tuple(sorted(chosen, key=known.index)), text=text if other in chosen else "")


def _matrix(question: Asked, sent: Sent, name: str) -> Given:
    known = keys_of(question)
    found = []
    for row in question.settings.get("rows", []):
        column = str(sent.get(f"{name}-{row['key']}", "") or "")
        if column and column not in known:
            raise Unfit("表の中から選んでください。")
        if column:
            found.append(f"{row['key']}:{column}")
    return Given(tuple(found))


def _written(question: Asked, text: str) -> Given:
    if question.kind == Kind.SHORT:
        text = " ".join(text.split())
    limit = SHORTEST if question.kind == Kind.SHORT else LONGEST
    if len(text) > limit:
        raise Unfit(f"{limit:,} 文字までです（いま {len(text):,} 文字）。")
    return Given(text=text)


def _day(question: Asked, text: str) -> Given:
    try:
        day = date.fromisoformat(unicodedata.normalize("NFKC", text).replace("/", "-"))
    except ValueError:
        raise Unfit("日付を 2026-11-24 のように入力してください。") from None
    if not 1900 <= day.year <= 2100:
        raise Unfit("日付を確かめてください。")
    return Given(day=day)


def _number(question: Asked, text: str) -> Given:
    try:
        number = Decimal(unicodedata.normalize("NFKC", text).replace(",", ""))
    except InvalidOperation:
        raise Unfit(f"「{text[:20]}」を数として読めません。数字で入力してください。") from None
    if not number.is_finite() or abs(number) >= 10**9:
        raise Unfit("数を確かめてください。")
    if question.kind != Kind.NUMBER:
        if number not in steps(question):
            raise Unfit("段階の中から選んでください。")
        return Given((str(int(number)),), number)
    least, most = question.settings.get("min"), question.settings.get("max")
    if least is not None and number < least:
        raise Unfit(f"{least:,} 以上で入力してください。")
    if most is not None and number > most:
        raise Unfit(f"{most:,} 以下で入力してください。")
    return Given(number=number.quantize(Decimal("0.01")))


def in_words(question: Asked, given: Given) -> str:
    """The answer as a person reads it, in one line: for CSV and for the list of what was said."""
    if question.kind == Kind.MATRIX:
        rows = {one["key"]: one["label"] for one in question.settings.get("rows", [])}
        columns = labels(question.options)
        pairs = (one.split(":", 1) for one in given.chosen)
        return "、".join(f"{rows.get(row, row)}={columns.get(column, column)}" for row, column in pairs)
    if question.kind in CHOICES:
        words = labels(question.options)
        said = [words.get(one, one) for one in given.chosen]
        return "、".join([*said, *([f"（{given.text}）"] if given.text else [])])
    if given.number is not None:
        return f"{given.number.normalize():f}"
    return given.day.isoformat() if given.day else given.text


def given_parts(question: Asked, given: Given) -> tuple[str, ...]:
    """The answer as the rows or columns of a cross-table: options, groups of NPS, months, whether something was written."""
    if question.kind == Kind.NPS:
        score = given.number or Decimal()
        return ("推奨（9〜10）" if score >= 9 else "中立（7〜8）" if score >= 7 else "批判（0〜6）",)
    if question.kind in CHOICES:
        words = labels(question.options)
        return tuple(words.get(one, one) for one in given.chosen)
    if question.kind == Kind.MATRIX:
        return tuple(in_words(question, Given((one,))) for one in given.chosen)
    if given.number is not None:
        return (f"{given.number.normalize():f}",)
    return (given.day.strftime("%Y-%m"),) if given.day else ("記入あり",)


def labels(options: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """key → label."""
    return {one["key"]: one["label"] for one in options}
