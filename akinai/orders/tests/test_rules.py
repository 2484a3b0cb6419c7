"""要確認の規則: what stops an order, said in the clerk's words. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from akinai.core.postal import Town
from akinai.orders import rules
from akinai.orders.check_rules import Check, OrderFacts, Part, holds, standard
from akinai.orders.ports import IssueDraft
from akinai.orders.rules import Facts, Looked, RuleSetting
from akinai.orders.states import OrderState
from tests.cast import AOKI, draft

TODAY = date(2026, 11, 24)
SHIBUYA = (Town("東京都", "渋谷区", "神宮前"),)


def reasons(
    settings: dict[str, RuleSetting] | None = None, looked: Any = None, checks: Any = None, **changes: Any
) -> dict[str, str]:
    """Rule → reason, of the rules that a shop begins with: those in words, then the built-in ones."""
    told = draft("A-1", ("TEA-001", 1, 1080), **changes)
    seen = looked or Looked(TODAY, SHIBUYA)
    found = holds(checks or standard.in_force(), OrderFacts(told, seen, "rakuten"))
    return {hold.rule: hold.reason for hold in found + rules.holds_for(told, settings or {}, seen)}


def test_an_order_with_nothing_odd_is_not_held() -> None:
    assert reasons() == {}


def test_a_note_of_the_customer_is_shown_in_the_reason() -> None:
    assert reasons(customer_note="玄関前に\n置いてください") == {
        "note": "備考あり: 「玄関前に 置いてください」"
    }


def test_the_limit_itself_is_already_a_high_amount() -> None:
    assert reasons(total_yen=49_999) == {}
    assert reasons(total_yen=50_000) == {"high_amount": "高額の注文です（¥50,000、上限 ¥50,000）"}
    dearer = Check("high_amount", "高額", Part("total", "ge", number=100_000))
    assert reasons(checks=[dearer], total_yen=50_000) == {}


def test_a_dear_cash_on_delivery_order_is_held_below_the_general_limit() -> None:
    assert list(reasons(total_yen=30_000, payment="cod")) == ["cod_amount"]
    assert reasons(total_yen=30_000, payment="card") == {}


@pytest.mark.parametrize(
    ("prefecture", "city", "line1", "is_island"),
    [
        ("沖縄県", "那覇市", "泉崎1-1-1", True),
        ("東京都", "八丈島八丈町", "大賀郷2551", True),
        ("東京都", "八丈町", "大賀郷2551", True),
        ("東京都", "江東区", "大島5-1-1", False),
        ("鹿児島県", "大島郡与論町", "茶花1418", True),
        ("鹿児島県", "鹿児島市", "山下町11-1", False),
        ("愛媛県", "宇和島市", "日振島1", True),
        ("愛媛県", "宇和島市", "曙町1", False),
        ("鳥取県", "境港市", "上道町3000", False),
        ("兵庫県", "洲本市", "本町3-4-10", False),
    ],
)
def test_islands_are_known_by_their_names(prefecture: str, city: str, line1: str, is_island: bool) -> None:
    to = replace(AOKI, prefecture=prefecture, city=city, line1=line1)
    looked = Looked(TODAY, (Town(prefecture, city, ""),))
    assert ("island" in reasons(looked=looked, ship_to=to)) is is_island


def test_an_island_is_known_by_its_postal_code_when_the_address_does_not_say() -> None:
    looked = Looked(TODAY, (Town("新潟県", "佐渡市", "両津湊"),))
    to = replace(AOKI, prefecture="新潟県", city="", line1="両津湊198", postal_code="9520014")
    assert list(reasons(looked=looked, ship_to=to)) == ["island"]
    assert list(reasons(looked=looked, ship_to=to, payment="cod")) == ["island", "cod_island"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "　"}, "お名前がありません"),
        ({"postal_code": ""}, "郵便番号がありません"),
        ({"postal_code": "150-000"}, "郵便番号「150-000」が7桁ではありません"),
        ({"prefecture": "大阪府"}, "郵便番号は東京都、住所は大阪府です"),
        ({"prefecture": ""}, "都道府県がありません"),
        ({"line1": "神宮前", "line2": ""}, "番地がありません"),
        ({"phone": "なし"}, "電話番号がありません"),
    ],
)
def test_what_is_wrong_with_an_address_is_named(changes: dict[str, str], reason: str) -> None:
    assert reasons(ship_to=replace(AOKI, **changes)) == {"address": f"住所不備: {reason}"}


def test_a_postal_code_nobody_uses_is_named() -> None:
    to = replace(AOKI, postal_code="1509999")
    assert reasons(looked=Looked(TODAY), ship_to=to) == {"address": "住所不備: 郵便番号1509999は存在しません"}


@pytest.mark.parametrize("line1", ["神宮前四丁目十二", "神宮前４ー１２", "大字神宮前 番地なし", "字無番地"])
def test_house_numbers_come_in_many_forms(line1: str) -> None:
    assert reasons(ship_to=replace(AOKI, line1=line1, line2="")) == {}


def test_an_order_like_another_one_names_it() -> None:
    looked = Looked(TODAY, SHIBUYA, "SO-2026-000001")
    assert reasons(looked=looked) == {
        "duplicate": "同じお客様・同じ商品の注文 SO-2026-000001 があります（重複の疑い）"
    }


def test_pay_later_waits_for_the_credit_check_only_until_it_is_through() -> None:
    assert list(reasons(payment="deferred", payment_settled=False)) == ["deferred"]
    assert reasons(payment="deferred", payment_settled=True) == {}


def test_a_payment_nobody_understands_is_held_with_its_words() -> None:
    found = reasons(payment="unknown", payment_label="ビットコイン")
    assert found == {
        "unknown_payment": "支払方法「ビットコイン」が分かりません。入金の確認方法を決めてください"
    }


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 11, 23), "お届け希望日 2026/11/23 を過ぎています"),
        (date(2026, 11, 25), "お届け希望日 2026/11/25 まで 1 日です。間に合うか確かめてください"),
        (date(2026, 11, 26), ""),
        (date(2027, 2, 22), ""),
        (date(2027, 2, 23), "お届け希望日 2027/02/23 が 90 日より先です"),
    ],
)
def test_a_delivery_day_too_near_or_too_far_is_held(day: date, reason: str) -> None:
    assert reasons(delivery_on=day).get("delivery", "") == reason


def test_gift_wishes_are_held() -> None:
    assert list(reasons(gift_note="のし: 御歳暮")) == ["gift"]


@pytest.mark.parametrize("word", ["アオキ", "あおき", "ｱｵｷ", "09000001001", "AOKI@example"])
def test_words_to_beware_of_are_found_however_they_are_written(word: str) -> None:
    told = standard.STANDARD["words"]
    check = Check("words", told.name, Part("words", "has", ("該当なし", word)), told.reason)
    assert reasons(checks=[check]) == {"words": f"注意する語句「{word}」が含まれています"}


def test_parts_that_do_not_add_up_are_an_issue() -> None:
    told = draft("A-1", ("TEA-001", 1, 1080), shipping_yen=500)
    (issue,) = rules.own_issues(told)
    assert (issue.code, issue.value) == ("total_mismatch", "1080")
    assert issue.message == "内訳の合計 ¥1,580 と請求金額 ¥1,080 が合いません"
    assert rules.own_issues(replace(told, amounts_known=False)) == []


def test_lines_that_do_not_add_up_to_the_goods_are_an_issue() -> None:
    told = replace(draft("A-1", ("TEA-001", 2, 1080)), goods_yen=1080, total_yen=1080)
    assert [issue.message for issue in rules.own_issues(told)] == [
        "明細の合計 ¥2,160 と商品代 ¥1,080 が合いません"
    ]


def test_what_the_door_has_said_is_not_said_again() -> None:
    said = (IssueDraft("total_mismatch", "合計が違います"),)
    assert rules.own_issues(draft("A-1", ("TEA-001", 1, 1080), shipping_yen=500, issues=said)) == []


@pytest.mark.parametrize(
    ("quantity", "code"), [(0, "bad_quantity"), (-3, "bad_quantity"), (1001, "bad_quantity")]
)
def test_impossible_quantities_are_an_issue_of_their_line(quantity: int, code: str) -> None:
    (issue,) = rules.own_issues(draft("A-1", ("TEA-001", quantity, 0)))
    assert (issue.code, issue.line_no) == (code, 1)


def test_a_text_too_long_for_its_column_is_kept_whole_in_the_issue() -> None:
    long = "東" * 201
    (issue,) = rules.own_issues(draft("A-1", ("TEA-001", 1, 1080), ship_to=replace(AOKI, line1=long)))
    assert (issue.code, issue.column, issue.value) == ("bad_text", "送付先番地", long)


def test_an_order_without_lines_is_an_issue() -> None:
    assert [issue.code for issue in rules.own_issues(draft("A-1"))] == ["other"]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (Facts(has_issue=True, owes_before_shipping=True, is_short=True), OrderState.ON_HOLD),
        (Facts(has_hold=True), OrderState.ON_HOLD),
        (Facts(has_change=True), OrderState.ON_HOLD),
        (Facts(owes_before_shipping=True, is_short=True), OrderState.AWAITING_PAYMENT),
        (Facts(is_short=True), OrderState.AWAITING_STOCK),
        (Facts(), OrderState.READY),
    ],
)
def test_people_come_before_money_and_money_before_goods(facts: Facts, state: OrderState) -> None:
    assert rules.next_state(facts) == state


@pytest.mark.parametrize(
    ("payment", "settled", "owed", "waits"),
    [
        ("bank_transfer", False, 1080, True),
        ("bank_transfer", False, 0, False),
        ("convenience", True, 1080, False),
        ("card", False, 1080, True),
        ("card", True, 1080, False),
        ("cod", False, 1080, False),
        ("deferred", False, 1080, False),
        ("credit_terms", False, 1080, False),
    ],
)
def test_who_pays_before_the_goods_leave(payment: str, settled: bool, owed: int, waits: bool) -> None:
    assert rules.waits_for_money(payment, is_settled=settled, owed_yen=owed) is waits
