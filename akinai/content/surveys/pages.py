"""アンケートの 1 ページ: the questions as they are drawn, with what was answered and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from akinai.content.models import SurveyQuestion
from akinai.content.surveys import branching
from akinai.content.surveys.given import NOTHING, Given, bounds, steps
from akinai.content.surveys.kinds import Kind


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    label: str
    is_chosen: bool
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """設問 as it stands on the page. One that is not asked is drawn hidden, for the script that shows it at once."""

    question: SurveyQuestion
    number: int
    given: Given
    error: str
    is_asked: bool

    @property
    def name(self) -> str:
        return f"q-{self.question.code}"

    @property
    def when(self) -> str:
        """The condition for the script."""
        return json.dumps(self.question.condition) if self.question.condition else ""

    @property
    def choices(self) -> list[Choice]:
        return [
            Choice(one["key"], one["label"], one["key"] in self.given.chosen, bool(one.get("other")))
            for one in self.question.options
        ]

    @property
    def steps(self) -> list[Choice]:
        return [Choice(str(step), str(step), str(step) in self.given.chosen) for step in steps(self.question)]

    @property
    def rows(self) -> list[tuple[str, str, list[Choice]]]:
        """Of a matrix: (field name, label, columns)."""
        return [
            (
                f"{self.name}-{row['key']}",
                row["label"],
                [Choice(one["key"], one["label"], f"{row['key']}:{one['key']}" in self.given.chosen)
                 for one in self.question.options],
            )
            for row in self.question.settings.get("rows", [])
        ]  # fmt: skip

    @property
    def ends(self) -> tuple[str, str]:
        """What the lowest and the highest step mean."""
        if self.question.kind == Kind.NPS:
            low, high = "まったくすすめない", "とてもすすめたい"
        else:
            low, high = "", ""
        told = self.question.settings
        return told.get("low") or low, told.get("high") or high

    @property
    def value(self) -> str:
        if self.given.day:
            return self.given.day.isoformat()
        return f"{self.given.number.normalize():f}" if self.given.number is not None else self.given.text

    @property
    def rule(self) -> str:
        """How many may be chosen, between what a number lies."""
        told, kind = self.question.settings, self.question.kind
        least, most = told.get("min"), told.get("max")
        if kind == Kind.MULTI:
            return "・".join(
                filter(None, [f"{least} つ以上" if least else "", f"{most} つまで" if most else ""])
            )
        if kind == Kind.NUMBER and (least is not None or most is not None):
            return f"{'' if least is None else f'{least:,}'}〜{'' if most is None else f'{most:,}'}"
        return ""

    @property
    def bounds(self) -> tuple[int, int]:
        return bounds(self.question)


def page_numbers(questions: Sequence[SurveyQuestion], given: Mapping[str, Given]) -> list[int]:
    """The pages on which something is asked of somebody who answered so."""
    return sorted({one.page for one in branching.asked(questions, given)})


def next_page(pages: Sequence[int], now: int) -> int | None:
    return next((one for one in pages if one > now), None)


def page_before(pages: Sequence[int], now: int) -> int | None:
    return next((one for one in reversed(pages) if one < now), None)


def drawn(
    questions: Sequence[SurveyQuestion], page: int, given: Mapping[str, Given], errors: Mapping[str, str]
) -> list[Drawn]:
    """The questions of one page. Numbers run over the whole survey as it is asked of this person."""
    asked = {one.code: at for at, one in enumerate(branching.asked(questions, given), 1)}
    return [
        Drawn(
            one,
            asked.get(one.code, 0),
            given.get(one.code, NOTHING),
            errors.get(one.code, ""),
            one.code in asked,
        )
        for one in questions
        if one.page == page
    ]


def known(given: Mapping[str, Given]) -> str:
    """What the script needs of the answers of other pages."""
    return json.dumps(
        {
            code: {"chosen": list(one.chosen), "number": None if one.number is None else float(one.number),
                   "said": not one.is_empty}
            for code, one in given.items()
        }
    )  # fmt: skip


def context_of(
    questions: Sequence[SurveyQuestion], page: int, given: Mapping[str, Given], errors: Any
) -> dict[str, Any]:
    pages = page_numbers(questions, given) or [1]
    at = pages.index(page) + 1 if page in pages else 1
    return {
        "rows": drawn(questions, page, given, errors), "page": page, "at": at, "pages": len(pages),
        "before": page_before(pages, page), "is_last": next_page(pages, page) is None, "known": known(given),
        "is_wrong": bool(errors),
    }  # fmt: skip
