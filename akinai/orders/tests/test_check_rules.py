"""要確認の規則の条件: read back, judged, composed. No database; the judge is held against a plain model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from akinai.orders.check_rules import (
    SUBJECTS,
    Check,
    Goods,
    Group,
    History,
    Nearby,
    OrderFacts,
    Part,
    composing,
    from_json,
    holds,
    needs,
    problems,
    sentence,
    to_json,
)
from akinai.orders.check_rules.standard import STANDARD
from akinai.orders.check_rules.subjects import Need
from akinai.orders.ports import LineDraft
from akinai.orders.rules import Looked
from tests.cast import AOKI, draft

TODAY = date(2026, 11, 24)


def facts(**told: Any) -> OrderFacts:
    """An order of 2 × 1,080 yen with nothing odd; what is not a fact of its own changes the draft."""
    own = {name: told.pop(name) for name in ("channel", "history", "nearby", "goods") if name in told}
    lines = told.pop("lines", (("TEA-001", 2, 1080),))
    looked = told.pop("looked", Looked(TODAY))
    return OrderFacts(draft("A-1", *lines, **told), looked, **own)


def meets(node: Any, **told: Any) -> bool:
    return bool(holds([Check("x", "規則", node)], facts(**told)))


def test_a_rule_reads_as_one_sentence() -> None:
    node = Group("all", (Part("total", "ge", number=50_000), Part("payment", "in", ("cod",))))
    assert sentence(node, "hold") == "請求金額が 50,000円以上 かつ 支払方法が 代金引換 のとき、止める"


def test_inner_groups_stand_in_brackets_and_what_is_turned_round_says_so() -> None:
    inner = Group("any", (Part("first_time", "yes"), Part("island", "no")))
    node = Group("all", (Part("note", "filled", is_not=True), inner))
    assert sentence(node, "warn") == (
        "「備考が書かれている」ではない かつ （初めてのお客様である または 送付先が離島・沖縄でない） のとき、注意を出す"
    )
    turned = replace(inner, is_not=True)
    assert (
        sentence(Group("all", (turned,)), "hold")
        == "（初めてのお客様である または 送付先が離島・沖縄でない）ではない のとき、止める"
    )


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (Part("discount_rate", "between", number=30, upto=60), "値引率が 30%〜60% の間"),
        (Part("same_phone", "ge", number=2, hours=24), "24時間以内に同じ電話番号のほかの注文が 2件以上"),
        (Part("weekday", "out", ("5", "6")), "注文の曜日が 土曜日・日曜日 のどれでもない"),
        (Part("sku", "only", ("TEA-*",)), "商品コードに「TEA-*」だけ".replace("に「", "が「")),
        (Part("domain", "has", ("example.com", "example.jp")), "メールアドレスのドメインに「example.com」「example.jp」のどれかを含む"),
        (Part("days_ahead", "unset"), "お届け希望日までの日数の指定がない"),
        (Part("pieces", "eq", number=3), "商品点数がちょうど 3点"),
    ],
)  # fmt: skip
def test_each_kind_of_part_has_its_words(part: Part, text: str) -> None:
    assert sentence(part, "hold") == f"{text} のとき、止める"


@pytest.mark.parametrize(
    ("part", "is_met"),
    [
        (Part("total", "ge", number=2160), True), (Part("total", "gt", number=2160), False),
        (Part("pieces", "eq", number=2), True), (Part("line_pieces", "ge", number=3), False),
        (Part("discount_rate", "ge", number=1), False), (Part("payment", "in", ("cod", "card")), True),
        (Part("channel", "out", ("rakuten",)), False), (Part("prefecture", "in", ("東京都",)), True),
        (Part("elsewhere", "yes"), False), (Part("hour", "between", number=22, upto=5), True),
        (Part("weekday", "in", ("1",)), True), (Part("past_refused", "ge", number=1), True),
        (Part("first_time", "no"), True), (Part("same_address", "ge", number=2, hours=3), True),
        (Part("same_address", "ge", number=2, hours=1), False), (Part("sku", "has", ("tea-*",)), True),
        (Part("sku", "only", ("TEA-001",)), True), (Part("category", "lacks", ("茶葉",)), False),
        (Part("attribute", "has", ("産地=静岡",)), True), (Part("days_ahead", "unset"), True),
        (Part("days_ahead", "le", number=3), False), (Part("note", "lacks", ("領収書",)), True),
    ],
)  # fmt: skip
def test_each_kind_of_part_is_judged(part: Part, is_met: bool) -> None:
    at = timezone.make_aware(datetime(2026, 11, 24, 23, 10))  # a Tuesday night
    goods = (Goods(frozenset({"TEA-001", "TEA"}), "茶葉", "見本園", {"産地": "静岡"}),)
    told = facts(
        ordered_at=at, channel="rakuten", history=History(2, refused=1), nearby=Nearby((0.5, 2.0, 30.0)), goods=goods,
    )  # fmt: skip
    assert bool(holds([Check("x", "規則", part)], told)) is is_met


def test_another_place_or_name_is_noticed_but_not_another_spelling() -> None:
    part = Part("elsewhere", "yes")
    assert not meets(part, ship_to=replace(AOKI, name="青木美咲", line1="神宮前４－１２－３"))
    assert meets(part, ship_to=replace(AOKI, name="青木 太郎"))
    assert meets(part, ship_to=replace(AOKI, line1="神宮前9-9-9"))


def test_nothing_is_known_of_a_buyer_nobody_knows() -> None:
    assert not meets(Part("first_time", "yes"), history=None)
    assert not meets(Part("past_orders", "le", number=5), history=None)


def test_a_reason_is_filled_with_what_the_order_says() -> None:
    check = Check(
        "x", "高額", Part("total", "ge", number=1000), "【請求金額】です（上限 【基準】、【支払方法】）"
    )
    (said,) = holds([check], facts())
    assert said.reason == "¥2,160です（上限 ¥1,000、クレジットカード）"
    (plain,) = holds([replace(check, reason="")], facts())
    assert plain.reason == "高額（請求金額 ¥2,160）"


def test_only_what_a_rule_asks_for_is_looked_up() -> None:
    checks = [
        Check(
            "a", "a", Group("any", (Part("same_phone", "ge", number=1, hours=6), Part("first_time", "yes")))
        )
    ]
    checks.append(Check("b", "b", Part("same_address", "ge", number=1, hours=48)))
    assert needs(checks) == {Need.NEARBY: 48, Need.HISTORY: 0}
    assert needs([Check(code, one.name, one.condition) for code, one in STANDARD.items()]) == {}


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (Group(), "条件を 1 つ以上入れてください。"),
        (Group("all", (Group(),)), "まとまりが空です。条件を入れるか、消してください。"),
        (Group("all", (Part("nobody", "ge"),)), "何を比べるかを選んでください。"),
        (Group("all", (Part("total", "has"),)), "「請求金額」の比べ方を選んでください。"),
        (Group("all", (Part("total", "ge"),)), "「請求金額」の数を半角または全角の数字で入れてください。"),
        (Group("all", (Part("discount_rate", "ge", number=101),)), "「値引率」は 0 から 100% までです。"),
        (Group("all", (Part("pieces", "between", number=5, upto=2),)), "「商品点数」の範囲は小さい方から書いてください。"),
        (Group("all", (Part("same_phone", "ge", number=1),)), "「同じ電話番号のほかの注文」を数える時間は 1 から 744 時間までです。"),
        (Group("all", (Part("words", "has"),)), "「氏名・住所・電話・メール・備考」の値を 1 つ以上入れてください。"),
        (Group("all", (Part("attribute", "has", ("ガラス",)),)), "「ガラス」は「属性名=値」の形で書いてください（例: 素材=ガラス）。"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_said_in_japanese(node: Group, message: str) -> None:
    assert [one.message for one in problems(node)] == [message]


# ---- the judge against a plain model

NUMBERS = st.sampled_from(["total", "pieces", "lines", "past_orders"])
PARTS = st.one_of(
    st.builds(
        Part, NUMBERS, st.sampled_from(["ge", "le", "eq", "between"]), number=st.integers(0, 6), upto=st.integers(0, 6),
        is_not=st.booleans(),
    ),
    st.builds(Part, st.just("payment"), st.sampled_from(["in", "out"]), st.sets(st.sampled_from(["cod", "card"])).map(tuple), is_not=st.booleans()),
    st.builds(Part, st.sampled_from(["first_time", "settled"]), st.sampled_from(["yes", "no"]), is_not=st.booleans()),
    st.builds(Part, st.just("note"), st.sampled_from(["has", "lacks", "filled", "empty"]), st.sets(st.sampled_from(["急", "猫"])).map(tuple), is_not=st.booleans()),
)  # fmt: skip
TREES = st.recursive(
    PARTS,
    lambda inner: st.builds(Group, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3).map(tuple), st.booleans()),
    max_leaves=8,
)  # fmt: skip
ORDERS = st.fixed_dictionaries(
    {
        "total_yen": st.integers(0, 6), "quantities": st.lists(st.integers(0, 4), max_size=3),
        "payment": st.sampled_from(["cod", "card"]), "payment_settled": st.booleans(),
        "customer_note": st.sampled_from(["", " ", "急ぎ", "猫がいます"]),
        "orders": st.one_of(st.none(), st.integers(0, 6)),
    }
)  # fmt: skip


def plainly(node: Any, told: dict[str, Any]) -> bool:
    """What the words mean, spelled out once more."""
    if isinstance(node, Group):
        answers = [plainly(part, told) for part in node.parts]
        met = False not in answers if node.join == "all" else True in answers
        return met != node.is_not
    pieces = [quantity for quantity in told["quantities"] if quantity]
    value: Any = {
        "total": told["total_yen"], "pieces": sum(pieces), "lines": len(pieces), "past_orders": told["orders"],
        "payment": told["payment"], "settled": told["payment_settled"], "note": told["customer_note"],
        "first_time": None if told["orders"] is None else told["orders"] == 0,
    }[node.subject]  # fmt: skip
    if value is None:
        return node.is_not
    met = {
        "ge": lambda: value >= node.number, "le": lambda: value <= node.number, "eq": lambda: value == node.number,
        "between": lambda: value in range(node.number, node.upto + 1), "in": lambda: value in node.values,
        "out": lambda: value not in node.values, "yes": lambda: value is True, "no": lambda: value is False,
        "has": lambda: any(word in value for word in node.values), "lacks": lambda: not any(word in value for word in node.values),
        "filled": lambda: value.strip() != "", "empty": lambda: value.strip() == "",
    }[node.op]()  # fmt: skip
    return bool(met) != node.is_not


@given(TREES, ORDERS)
def test_the_judge_says_what_the_words_mean(node: Any, told: dict[str, Any]) -> None:
    order = {name: value for name, value in told.items() if name not in ("quantities", "orders")}
    lines = tuple(LineDraft(n, "TEA-001", "茶", count, 1) for n, count in enumerate(told["quantities"], 1))
    history = None if told["orders"] is None else History(told["orders"])
    seen = OrderFacts(replace(draft("A-1"), lines=lines, **order), Looked(TODAY), history=history)
    assert bool(holds([Check("x", "規則", node)], seen)) is plainly(node, told)


@given(TREES)
def test_a_condition_comes_back_from_the_database_as_it_went_in(node: Any) -> None:
    assert from_json(to_json(node)) == node


# ---- 組み立て


def sent(tree: Group) -> dict[str, list[str]]:
    """The inputs of a form that shows this tree."""
    found: dict[str, list[str]] = {}

    def write(row: composing.Row) -> None:
        key = f"c.{row.place}"
        if row.is_not:
            found[f"{key}.not"] = ["1"]
        if row.is_group:
            found[f"{key}.join"] = [row.join]
            for inner in row.rows:
                write(inner)
            return
        found[f"{key}.subject"] = found[f"{key}.was"] = [row.subject]
        found[f"{key}.op"] = [one.value for one in row.operators if one.is_chosen]
        ticked = [one.value for one in row.choices if one.is_chosen]
        found[f"{key}.value"] = ticked if row.choices else [row.value]
        found[f"{key}.upto"], found[f"{key}.hours"] = [row.upto], [row.hours]

    write(composing.drawn(composing.Composed(tree)))
    return found


def test_what_the_form_shows_is_what_it_sends_back() -> None:
    inner = Group(
        "any",
        (Part("same_phone", "ge", number=2, hours=24), Part("note", "has", ("急ぎ", "至急"))),
        is_not=True,
    )
    tree = Group(
        "all",
        (Part("total", "between", number=10_000, upto=20_000), inner, Part("payment", "in", ("cod", "card"))),
    )
    assert composing.read(sent(tree)).tree == replace(
        tree, parts=(*tree.parts[:2], Part("payment", "in", ("card", "cod")))
    )


def test_rows_are_added_grouped_and_dropped() -> None:
    tree = Group("all", (Part("total", "ge", number=1),))
    tree, focus = composing.changed(tree, "group:0")
    assert (focus, len(tree.parts)) == ("0.1.0", 2)
    tree, focus = composing.changed(tree, "add:0.1")
    assert focus == "0.1.2"
    for _ in range(3):
        tree, _ = composing.changed(tree, "drop:0.1.0")
    assert tree == Group("all", (Part("total", "ge", number=1),))
    assert composing.changed(tree, "drop:0.7") == (tree, "")
    assert composing.changed(tree, "nonsense")[0] is tree


def test_another_subject_begins_afresh() -> None:
    told = {
        "c.0.join": ["all"],
        "c.0.0.subject": ["note"],
        "c.0.0.was": ["total"],
        "c.0.0.op": ["ge"],
        "c.0.0.value": ["5"],
    }
    assert composing.read(told).tree == Group("all", (Part("note", "has"),))


def test_a_number_that_is_none_stays_as_it_was_typed() -> None:
    told = {"c.0.join": ["all"], "c.0.0.subject": ["total"], "c.0.0.op": ["ge"], "c.0.0.value": ["五万"]}
    composed = composing.read(told)
    row = composing.drawn(composed, told=composed.problems()).rows[0]
    assert (row.value, row.errors) == ("五万", ("「請求金額」の数を半角または全角の数字で入れてください。",))
    wide = composing.read({**told, "c.0.0.value": ["５０，０００円"]})
    assert wide.tree.parts == (Part("total", "ge", number=50_000),)


def test_every_subject_can_be_picked_read_back_and_judged() -> None:
    for code, subject in SUBJECTS.items():
        part = composing.read({"c.0.join": ["all"], "c.0.0.subject": [code]}).tree.parts[0]
        assert isinstance(part, Part) and part.subject == code
        assert subject.title in sentence(part, "hold") or subject.phrases[0] in sentence(part, "hold")
        holds([Check("x", "規則", part)], facts())
