"""表示する条件の入力欄: groups of conditions over earlier questions, in the form of a question.

There is always one empty row more than was filled, so that a condition may grow as long as somebody needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from akinai.content.models import SurveyQuestion
from akinai.content.surveys.condition_groups import (
    MOST_CONDITIONS,
    MOST_GROUPS,
    Group,
    Groups,
    TooWide,
    groups_of,
    tree_of,
)
from akinai.content.surveys.given import steps
from akinai.content.surveys.kinds import CHOICES, NUMBERS, Kind
from akinai.ui.forms import QuantityField

GROUPS, ROWS = 2, 3
BETWEEN = [("all", "すべてのまとまりに当てはまるとき"), ("any", "どれかのまとまりに当てはまるとき")]
INSIDE = [("all", "次のすべて（かつ）"), ("any", "次のどれか（または）")]


@dataclass(frozen=True, slots=True)
class Row:
    """条件 of a question as the form holds it."""

    choice: str = ""
    is_not: bool = False
    number: int | None = None


class Conditions:
    """The fields of a question's conditions. `is_kept`: too wide to be shown, it stays as it is unless something is chosen."""

    def __init__(self, tree: Mapping[str, Any], earlier: Sequence[SurveyQuestion]) -> None:
        self.tree, self.earlier = dict(tree), earlier
        try:
            self.known, self.is_kept = groups_of(tree), False
        except TooWide:
            self.known, self.is_kept = Groups("all", ()), True
        filled = [len(one.conditions) for one in self.known.groups]
        self.count = min(MOST_GROUPS, max(GROUPS, len(filled) + 1))
        self.lengths = [
            min(MOST_CONDITIONS, max(ROWS, (filled[at] if at < len(filled) else 0) + 1))
            for at in range(self.count)
        ]

    def names(self) -> list[tuple[str, list[str]]]:
        """(name of the group's join, names of its rows)."""
        return [
            (f"when_{at}_join", [f"when_{at}_{n}" for n in range(1, length + 1)])
            for at, length in enumerate(self.lengths, 1)
        ]

    def fields(self) -> dict[str, forms.Field]:
        answers = self._answers()
        found: dict[str, forms.Field] = {
            "when_join": forms.ChoiceField(label="まとまりどうし", choices=BETWEEN, required=False)
        }
        for join, rows in self.names():
            found[join] = forms.ChoiceField(label="まとまりの中", choices=INSIDE, required=False)
            for n, name in enumerate(rows, 1):
                found[name] = forms.ChoiceField(label=f"条件 {n}", choices=answers, required=False)
                found[f"{name}_number"] = QuantityField(
                    label="数", required=False, minimum=None, maximum=10**8
                )
                found[f"{name}_not"] = forms.BooleanField(label="でないとき", required=False)
        return found

    def initial(self) -> dict[str, Any]:
        found: dict[str, Any] = {"when_join": self.known.join}
        for (join, rows), group in zip(self.names(), self.known.groups, strict=False):
            found[join] = group.join
            for name, condition in zip(rows, group.conditions, strict=False):
                row = _row(condition)
                found |= {name: row.choice, f"{name}_not": row.is_not, f"{name}_number": row.number}
        return found

    def read(self, data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """(the tree that was chosen, field → what is wrong)."""
        wrong: dict[str, str] = {}
        groups = []
        for join, rows in self.names():
            told = [_condition(data, name, wrong) for name in rows if data.get(name)]
            groups.append(Group(data.get(join) or "all", tuple(told)))
        tree = tree_of(Groups(data.get("when_join") or "all", tuple(groups)))
        return (self.tree if self.is_kept and not tree else tree), wrong

    def drawn(self, form: forms.BaseForm) -> list[dict[str, Any]]:
        """For the template: each group with its bound fields; one that is filled, or the first, stands open."""
        return [
            {
                "number": at, "join": form[join], "is_open": at == 1 or any(form[name].value() for name in rows),
                "rows": [(form[name], form[f"{name}_number"], form[f"{name}_not"]) for name in rows],
            }
            for at, (join, rows) in enumerate(self.names(), 1)
        ]  # fmt: skip

    def _answers(self) -> list[Any]:
        """Every answer to an earlier question that a condition can ask for, under its question."""
        groups: list[Any] = [("", "（条件なし）")]
        for one in self.earlier:
            found = [(f"{one.code}=is={key}", label) for key, label in _answers_of(one)]
            if one.kind in NUMBERS:
                found += [(f"{one.code}=gte=", "右の数以上"), (f"{one.code}=lte=", "右の数以下")]
            groups.append(
                (f"{one.code}. {one.title[:40]}", [*found, (f"{one.code}=answered=", "何か答えた")])
            )
        return groups


def _row(condition: Mapping[str, Any]) -> Row:
    leaf = condition.get("not", condition)
    is_number = leaf["op"] in ("gte", "lte")
    value = "" if is_number else leaf.get("value", "")
    return Row(
        f"{leaf['q']}={leaf['op']}={value}", "not" in condition, int(leaf["value"]) if is_number else None
    )


def _condition(data: Mapping[str, Any], name: str, wrong: dict[str, str]) -> dict[str, Any]:
    code, operator, value = data[name].split("=", 2)
    if operator in ("gte", "lte"):
        value = data.get(f"{name}_number")
        if value is None:
            wrong[f"{name}_number"] = "数を入力してください。"
    leaf = {"q": code, "op": operator, **({} if operator == "answered" else {"value": value})}
    return {"not": leaf} if data.get(f"{name}_not") else leaf


def _answers_of(question: SurveyQuestion) -> list[tuple[str, str]]:
    if question.kind in CHOICES:
        return [(one["key"], f"「{one['label']}」を選んだ") for one in question.options]
    if question.kind in (Kind.SCALE, Kind.NPS):
        return [(str(step), f"{step} を選んだ") for step in steps(question)]
    if question.kind == Kind.MATRIX:
        rows = question.settings.get("rows", [])
        return [
            (f"{row['key']}:{one['key']}", f"{row['label']}＝{one['label']}")
            for row in rows
            for one in question.options
        ]
    return []
