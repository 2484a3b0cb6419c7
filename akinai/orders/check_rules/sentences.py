"""文: the condition read back in Japanese: 請求金額が 50,000円以上 かつ 支払方法が 代金引換 のとき、止める."""

from __future__ import annotations

from collections.abc import Mapping

from akinai.core.postal import PREFECTURES
from akinai.orders.check_rules.conditions import ALL, Condition, Part
from akinai.orders.check_rules.subjects import NUMERIC, OPERATORS, SUBJECTS, WITHOUT_VALUE, Kind, Subject
from akinai.orders.states import PaymentKind

type Labels = Mapping[str, Mapping[str, str]]
# The lists of values that do not change; channels and categories come from the shop.
CHOICES: Labels = {
    "payments": {str(kind): str(kind.label) for kind in PaymentKind},
    "prefectures": {name: name for name in PREFECTURES},
    "weekdays": {str(nth): f"{name}曜日" for nth, name in enumerate("月火水木金土日")},
}
ACTS = {"hold": "止める", "warn": "注意を出す"}
SHOWN_VALUES = 8


def sentence(node: Condition, action: str, labels: Labels | None = None) -> str:
    """The whole rule in one sentence. `labels`: value → name, by list of values."""
    return f"{_text(node, {**CHOICES, **(labels or {})})} のとき、{ACTS.get(action, '止める')}"


def _text(node: Condition, labels: Labels, *, inner: bool = False) -> str:
    if isinstance(node, Part):
        text = _part(node, labels)
        return f"「{text}」ではない" if node.is_not else text
    word = " かつ " if node.join == ALL else " または "
    text = word.join(_text(part, labels, inner=True) for part in node.parts) or "（条件がまだありません）"
    if node.is_not:
        return f"（{text}）ではない"
    return f"（{text}）" if inner and len(node.parts) > 1 else text


def _part(part: Part, labels: Labels) -> str:
    subject = SUBJECTS.get(part.subject)
    if subject is None or part.op not in OPERATORS[subject.kind]:
        return "（選んでいない条件）"
    if subject.kind == Kind.FLAG:
        return subject.phrases[part.op == "no"]
    if part.op in WITHOUT_VALUE:
        return (
            f"{subject.title}{'が' if subject.kind == Kind.TEXT else 'の'}{OPERATORS[subject.kind][part.op]}"
        )
    if subject.kind in NUMERIC:
        return _amount(subject, part)
    return _listed(subject, part, labels.get(subject.choices, {}))


def _number(number: int | None, unit: str) -> str:
    return "…" if number is None else f"{number:,}{unit}"


def _amount(subject: Subject, part: Part) -> str:
    low = _number(part.number, subject.of)
    if subject.kind == Kind.WITHIN:
        return f"{_number(part.hours, '時間')}以内に{subject.title}が {low}以上"
    if part.op == "between":
        return f"{subject.title}が {low}〜{_number(part.upto, subject.of)} の間"
    if part.op == "eq":
        return f"{subject.title}がちょうど {low}"
    return f"{subject.title}が {low}{OPERATORS[subject.kind][part.op]}"


def _listed(subject: Subject, part: Part, names: Mapping[str, str]) -> str:
    shown = [names.get(value, value) for value in part.values[:SHOWN_VALUES]]
    more = f" ほか{len(part.values) - SHOWN_VALUES}件" if len(part.values) > SHOWN_VALUES else ""
    if subject.kind == Kind.CHOICE:
        text = "・".join(shown) or "…"
        single = len(part.values) == 1
        if part.op == "in":
            return f"{subject.title}が {text}{more}{'' if single else ' のどれか'}"
        return f"{subject.title}が {text}{more} {'でない' if single else 'のどれでもない'}"
    text = "".join(f"「{word}」" for word in shown) or "（語句がまだありません）"
    several = "のどれか" if len(part.values) > 1 and part.op != "only" else ""
    if subject.kind == Kind.TEXT:
        return f"{subject.title}に{text}{more}{several}{OPERATORS[subject.kind][part.op]}"
    if part.op == "only":
        return f"{subject.title}が{text}{more}だけ"
    return f"{subject.title}に{text}{more}{several}{OPERATORS[subject.kind][part.op]}"
