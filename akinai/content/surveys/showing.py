"""設問の一覧 as the office shows it: the conditions in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from akinai.content.models import SurveyQuestion
from akinai.content.surveys import queries
from akinai.content.surveys.given import Given, in_words


@dataclass(frozen=True, slots=True)
class QuestionRow:
    question: SurveyQuestion
    number: int
    begins_page: bool
    condition: str
    about: str
    is_answered: bool


def question_rows(questions: Sequence[SurveyQuestion]) -> list[QuestionRow]:
    """The questions in their order: two queries with what was answered."""
    known = {one.code: one for one in questions}
    answered = queries.answered_ids(questions)
    pages = [0, *(one.page for one in questions)]
    return [
        QuestionRow(
            one,
            at + 1,
            one.page > pages[at],
            condition_in_words(one.condition, known),
            _about(one),
            one.pk in answered,
        )
        for at, one in enumerate(questions)
    ]


def _about(question: SurveyQuestion) -> str:
    told = question.settings
    if question.options:
        listed = "・".join(one["label"] for one in question.options)
        rows = "・".join(one["label"] for one in told.get("rows", []))
        return f"{rows} × {listed}" if rows else listed
    if "min" in told or "max" in told:
        return f"{told.get('min', '')}〜{told.get('max', '')}"
    return ""


def condition_in_words(tree: Mapping[str, Any], known: Mapping[str, SurveyQuestion]) -> str:
    """q1 が「はい」である、かつ q2 が 4 以上であるとき; "" of what is always asked."""
    return f"{_words(tree, known)}とき" if tree else ""


def _words(tree: Mapping[str, Any], known: Mapping[str, SurveyQuestion], *, is_not: bool = False) -> str:
    if "not" in tree:
        return _words(tree["not"], known, is_not=not is_not)
    for name, joint in (("all", "、かつ "), ("any", "、または ")):
        if name in tree:
            joined = joint.join(_part(one, known) for one in tree[name])
            return f"〈{joined}〉ではない" if is_not else joined
    return _leaf(tree, known, is_not=is_not)


def _part(tree: Mapping[str, Any], known: Mapping[str, SurveyQuestion]) -> str:
    """In brackets where it is joined itself."""
    said = _words(tree, known)
    return f"〈{said}〉" if "all" in tree or "any" in tree else said


def _leaf(leaf: Mapping[str, Any], known: Mapping[str, SurveyQuestion], *, is_not: bool) -> str:
    code, value = leaf["q"], leaf.get("value", "")
    if leaf["op"] == "answered":
        return f"{code} に{'答えていない' if is_not else '答えた'}"
    question = known.get(code)
    if leaf["op"] != "is":
        said = f"{value} {'以上' if leaf['op'] == 'gte' else '以下'}"
    elif question is not None and question.options:
        said = f"「{in_words(question, Given((str(value),)))}」"
    else:
        said = f"「{value}」"
    return f"{code} が{said}{'でない' if is_not else 'である'}"


def kept_query(told: QueryDict) -> str:
    """What narrows the results, for links that ask for something else besides."""
    kept = [(name, told[name]) for name in ("since", "until", "buyer", "product") if told.get(name)]
    return urlencode(kept)
