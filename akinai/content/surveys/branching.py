"""分岐: which questions are asked, by a tree of conditions over earlier answers. Knows no database.

{"all": […]}, {"any": […]}, {"not": …}, or a leaf {"q": "q1", "op": "is", "value": "a"}; {} always holds. Operators: is (this option was
chosen), answered, gte and lte (numbers). A question that is not asked counts as not answered, whatever was once said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from akinai.content.surveys.given import NOTHING, Asked, Given, keys_of, steps
from akinai.content.surveys.kinds import CHOICES, NUMBERS, Kind

OPERATORS = frozenset({"is", "answered", "gte", "lte"})
DEEPEST = 6


class WrongCondition(ValueError):
    """A condition that can never be asked; the message is Japanese."""


def holds(tree: Mapping[str, Any], given: Mapping[str, Given]) -> bool:
    """Is the condition true of these answers?"""
    if not tree:
        return True
    if "all" in tree:
        return all(holds(one, given) for one in tree["all"])
    if "any" in tree:
        return any(holds(one, given) for one in tree["any"])
    if "not" in tree:
        return not holds(tree["not"], given)
    return _leaf(tree, given.get(tree["q"], NOTHING))


def _leaf(leaf: Mapping[str, Any], answer: Given) -> bool:
    if leaf["op"] == "answered":
        return not answer.is_empty
    if leaf["op"] == "is":
        return str(leaf["value"]) in answer.chosen
    if answer.number is None:
        return False
    limit = Decimal(str(leaf["value"]))
    return answer.number >= limit if leaf["op"] == "gte" else answer.number <= limit


def asked[Q: Asked](questions: Sequence[Q], given: Mapping[str, Given]) -> list[Q]:
    """The questions that are asked of somebody who answered so, in their order."""
    found: list[Q] = []
    counted: dict[str, Given] = {}
    for question in questions:
        if holds(question.condition, counted):
            found.append(question)
            counted[question.code] = given.get(question.code, NOTHING)
    return found


def codes_in(tree: Mapping[str, Any]) -> Iterator[str]:
    """The questions a condition looks at."""
    if "q" in tree:
        yield tree["q"]
    for one in (*tree.get("all", ()), *tree.get("any", ()), *([tree["not"]] if "not" in tree else ())):
        yield from codes_in(one)


def check(tree: Mapping[str, Any], earlier: Sequence[Asked], *, deep: int = 0) -> None:
    """Raises WrongCondition where the tree is none, or looks at what is not asked before."""
    if not tree:
        return
    if not isinstance(tree, Mapping) or len(set(tree) & {"all", "any", "not", "q"}) != 1 or deep > DEEPEST:
        raise WrongCondition("条件の形が正しくありません。")
    if "q" in tree:
        return _check_leaf(tree, {one.code: one for one in earlier})
    if not tree.get("all", True) or not tree.get("any", True):
        raise WrongCondition("条件が 1 つもないまとまりがあります。")
    for one in (*tree.get("all", ()), *tree.get("any", ()), *([tree["not"]] if "not" in tree else ())):
        check(one, earlier, deep=deep + 1)


def _check_leaf(leaf: Mapping[str, Any], earlier: Mapping[str, Asked]) -> None:
    question = earlier.get(leaf["q"])
    if question is None:
        raise WrongCondition("条件には、この設問より前の設問だけを使えます。")
    if leaf.get("op") not in OPERATORS:
        raise WrongCondition("条件の形が正しくありません。")
    if leaf["op"] == "is" and str(leaf.get("value")) not in choosable(question):
        raise WrongCondition("条件の選択肢が、いまの設問にありません。")
    if leaf["op"] in ("gte", "lte"):
        _check_number(question, leaf.get("value"))


def _check_number(question: Asked, value: Any) -> None:
    if question.kind not in NUMBERS:
        raise WrongCondition("「以上」「以下」は、数で答える設問にだけ使えます。")
    try:
        Decimal(str(value))
    except InvalidOperation:
        raise WrongCondition("条件の数を入力してください。") from None


def choosable(question: Asked) -> list[str]:
    """Every key that may stand in `chosen` of an answer to this question."""
    if question.kind in CHOICES:
        return keys_of(question)
    if question.kind == Kind.MATRIX:
        return [
            f"{row['key']}:{key}" for row in question.settings.get("rows", []) for key in keys_of(question)
        ]
    return [str(step) for step in steps(question)] if question.kind in (Kind.SCALE, Kind.NPS) else []
