"""消込の机: one line at a time, one key a decision, and every way out through its URL."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from akinai.orders.models import Order
from akinai.payments import services
from akinai.payments.models import BankLineStatus, Match, PayerAlias, Payment
from akinai.payments.services import Part
from akinai.payments.tests.factories import (
    DAY,
    SUZUKI,
    YAMADA,
    again,
    balance,
    broken,
    cod,
    credit,
    take,
    told,
    transfer,
)
from akinai.payments.tests.screens import client_of, get, plain, post, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def suzuki() -> Client:
    return client_of("鈴木")


def desk(client: Client, line: BankLineStatus, query: str = "") -> str:
    return get(client, "payments:detail", line.pk, query=query)


def candidates(page: str) -> list[str]:
    return re.findall(r'name="candidate" value="([^"]+)"', page)


def state(line: BankLineStatus) -> tuple[str, int]:
    now = again(line)
    return now.state, now.matched_yen


def test_the_desk_shows_the_money_and_why_an_order_fits(suzuki: Client) -> None:
    order, line = transfer("P-1", 2160, YAMADA), credit(2160, "ﾔﾏﾀﾞ ﾊﾅｺ")
    services.match_all(by=None)
    words = plain(desk(suzuki, line))
    assert "ヤマダ ハナコ 候補あり 要対応 1 件" in words
    assert "65 % 金額が一致 姓が一致（ご家族かもしれません）" in words
    assert f"{order.number} 山田 太郎 ヤマダ タロウ" in words


def test_one_key_accepts_a_candidate_and_the_next_line_comes(suzuki: Client) -> None:
    order = transfer("P-1", 2160, YAMADA)
    line, later = credit(2160, "ﾔﾏﾀﾞ ﾊﾅｺ"), credit(777, "ｼﾗﾅｲ ﾋﾄ", on=DAY + timedelta(days=1))
    services.match_all(by=None)
    page = desk(suzuki, line)
    assert re.search(r'data-key="1"', page) and 'data-key="j"' in page
    answer = post(suzuki, "payments:accept", line.pk, candidate=candidates(page)[0])
    assert answer.url == reverse("payments:detail", args=[later.pk])
    assert (state(line), again(order).paid_yen) == (("matched", 2160), 2160)
    assert PayerAlias.objects.get().payer_key == "ヤマダハナコ"
    assert broken() == []


def test_after_the_last_line_the_list_comes_back(suzuki: Client) -> None:
    transfer("P-1", 2160, YAMADA)
    line = credit(2160, "ﾔﾏﾀﾞ ﾊﾅｺ")
    services.match_all(by=None)
    answer = post(suzuki, "payments:accept", line.pk, candidate=candidates(desk(suzuki, line))[0])
    assert answer.url == reverse("payments:list")
    assert "すべて片付きました" in said(answer)


def test_a_form_sent_twice_matches_once(suzuki: Client) -> None:
    order = transfer("P-1", 2160, YAMADA)
    line = credit(5000, "ﾔﾏﾀﾞ ﾊﾅｺ")
    data = {"pick": order.pk, f"amount.{order.pk}": "1,000", "once": "token"}
    first, second = (post(suzuki, "payments:manual", line.pk, **data) for _ in range(2))
    assert first.url == second.url
    assert (state(line), again(order).paid_yen) == (("partial", 1000), 1000)


def test_only_the_very_candidate_on_the_screen_is_accepted(suzuki: Client) -> None:
    first, line = transfer("P-1", 2160, YAMADA), credit(2160, "ﾔﾏﾀﾞ ﾊﾅｺ")
    services.match_all(by=None)
    key = candidates(desk(suzuki, line))[0]
    services.receive_otherwise(
        order_id=first.pk, amount_yen=60, source="cash", received_on=DAY, key="k", by=None
    )
    answer = post(suzuki, "payments:accept", line.pk, candidate=key)
    assert "この候補はもう使えません" in said(answer)
    assert post(suzuki, "payments:accept", line.pk, candidate="exact:0:999").status_code == 302
    assert state(line) == ("proposed", 0)


@pytest.mark.parametrize(
    ("money", "told_as", "paid", "left", "kept"),
    [
        (640, {}, 1080, 0, 0),
        (640, {"shortage": "fee"}, 1080, 0, 0),
        (640, {"shortage": "wait"}, 640, 0, 0),
        (640, {"shortage": "short", "note": "約束の値引"}, 1080, 0, 0),
        (1500, {"rest": "credit"}, 1080, 0, 420),
        (1500, {"rest": "leave"}, 1080, 420, 0),
    ],
)
def test_what_happens_to_the_difference_is_chosen_beside_the_button(
    suzuki: Client, money: int, told_as: dict[str, str], paid: int, left: int, kept: int
) -> None:
    order, line = transfer("P-1"), credit(money)
    services.match_all(by=None)
    key = next(key for key in candidates(desk(suzuki, line)) if str(order.pk) in key)
    post(suzuki, "payments:accept", line.pk, candidate=key, **told_as)
    now = again(line)
    assert (again(order).paid_yen, now.amount_yen - now.matched_yen, balance(order)) == (paid, left, kept)
    assert broken() == []


def test_a_discount_needs_its_reason(suzuki: Client) -> None:
    order, line = transfer("P-1"), credit(640)
    services.match_all(by=None)
    answer = post(
        suzuki, "payments:accept", line.pk, candidate=candidates(desk(suzuki, line))[0], shortage="short"
    )
    assert "値引する理由を書いてください" in said(answer)
    assert (state(line), again(order).paid_yen) == (("proposed", 0), 0)


def test_a_discount_of_ten_thousand_yen_asks_for_its_paper(suzuki: Client) -> None:
    order, line = transfer("P-1", 30_000), credit(20_000)
    data = {"pick": order.pk, "shortage": "short", "note": "破損のお詫び"}
    answer = post(suzuki, "payments:manual", line.pk, **data)
    assert f"{order.number} の値引が ¥10,000 です" in said(answer) and "返還請求書" in said(answer)
    small, line = transfer("P-2", 30_000), credit(20_001)
    answer = post(suzuki, "payments:manual", line.pk, **{**data, "pick": small.pk})
    assert f"{small.number} の値引" not in said(answer)


# 手で選ぶ ---------------------------------------------------------------------------------------------------------


def test_orders_are_found_picked_and_counted_as_the_hand_grows(suzuki: Client) -> None:
    first, second, line = transfer("P-1", 3000), cod("R-1", 2500), credit(5000, "ｾｲﾄ ｻｶﾞﾜ")
    page = desk(suzuki, line, f"?q={first.number[-3:]}")
    assert first.number in page
    page = desk(suzuki, line, f"?pick={first.pk}&add={second.pk}")
    words = plain(page)
    assert "充てる合計 ¥5,000" in words and "受注の不足 ¥500" in words
    page = desk(suzuki, line, f"?pick={first.pk}&pick={second.pk}&drop={first.pk}&amount.{second.pk}=2%2C400")
    words = plain(page)
    assert (
        "充てる合計 ¥2,400" in words and "入金 ¥5,000 の余り +2,600" in words and "受注の不足 ¥100" in words
    )


def test_what_is_searched_for_carries_no_token_into_the_address(suzuki: Client) -> None:
    order, line = transfer("P-1", 3000), credit(5000, "ｾｲﾄ ｻｶﾞﾜ")
    page = desk(suzuki, line, f"?pick={order.pk}&q={order.number[-3:]}")
    sent_by_get = re.findall(r'<form[^>]*method="get".*?</form>', page, re.DOTALL)
    assert len(sent_by_get) >= 2
    assert not [form for form in sent_by_get if "csrfmiddlewaretoken" in form or "once" in form]
    assert "csrfmiddlewaretoken" in page[page.index('id="hand-match"') :]
    assert "#hand form" not in page  # what htmx takes along: the search, the picks and their amounts


def test_one_transfer_pays_several_orders_and_the_carriers_fee_is_borne(suzuki: Client) -> None:
    first, second, line = cod("R-1", 3000), cod("R-2", 2500), credit(5060, "ﾔﾏﾄ ﾌｲﾅﾝｼﾔﾙ")
    post(suzuki, "payments:manual", line.pk, pick=[first.pk, second.pk], shortage="fee")
    assert [again(order).paid_yen for order in (first, second)] == [3000, 2500]
    assert list(Payment.objects.order_by("id").values_list("source", "amount_yen")) == [
        ("bank", 3000), ("bank", 2060), ("fee", 440),
    ]  # fmt: skip
    assert (state(line), broken()) == (("matched", 5060), [])


def test_a_rest_is_kept_for_the_chosen_customer(suzuki: Client) -> None:
    first, second, line = (
        transfer("P-1", 3000, YAMADA),
        transfer("P-2", 1000, SUZUKI),
        credit(5000, "ｻﾄｳ ｶｲｹｲ"),
    )
    data: dict[str, Any] = {"pick": [first.pk, second.pk], "rest": "credit"}
    assert "誰の預り金にするか" in said(post(suzuki, "payments:manual", line.pk, **data))
    post(suzuki, "payments:manual", line.pk, owner=second.customer_id, **data)
    assert (balance(first), balance(second), state(line)) == (0, 1000, ("matched", 5000))


@pytest.mark.parametrize(
    ("amount", "words"), [("abc", "読めません"), ("3001", "超えています"), ("-1", "超えています")]
)
def test_amounts_by_hand_are_read_strictly(suzuki: Client, amount: str, words: str) -> None:
    order, line = transfer("P-1", 3000), credit(9000)
    answer = post(suzuki, "payments:manual", line.pk, pick=order.pk, **{f"amount.{order.pk}": amount})
    assert words in said(answer)
    assert (state(line), again(order).paid_yen) == (("open", 0), 0)


def test_full_width_amounts_are_read(suzuki: Client) -> None:
    order, line = transfer("P-1", 3000), credit(9000)
    post(suzuki, "payments:manual", line.pk, pick=order.pk, **{f"amount.{order.pk}": "１，２３４円"})
    assert again(order).paid_yen == 1234


def test_nothing_picked_matches_nothing(suzuki: Client) -> None:
    line = credit(9000)
    for pick in ("", "x", "99999999999999999999", "0"):
        assert "受注が選ばれていません" in said(post(suzuki, "payments:manual", line.pk, pick=pick))


# 受注のない入金 --------------------------------------------------------------------------------------------------


def test_money_without_an_order_is_kept_for_a_customer_found_by_name(suzuki: Client) -> None:
    order, line = transfer("P-1", buyer=YAMADA), credit(5000, "ｼﾗﾅｲ ﾋﾄ")
    page = desk(suzuki, line, "?customer=ﾔﾏﾀﾞ")
    assert "山田 太郎" in page
    answer = post(suzuki, "payments:keep", line.pk, owner=order.customer_id, note="電話で確認")
    assert "山田 太郎 様の預り金にしました" in said(answer)
    assert (balance(order), state(line), broken()) == (5000, ("matched", 5000), [])


@pytest.mark.parametrize("owner", ["", "x", "999999", "99999999999999999999"])
def test_nobodys_credit_is_kept_for_nobody(suzuki: Client, owner: str) -> None:
    line = credit(5000, "ｼﾗﾅｲ ﾋﾄ")
    assert "顧客が選ばれていません" in said(post(suzuki, "payments:keep", line.pk, owner=owner))
    assert state(line) == ("open", 0)


def test_money_is_set_aside_with_reason_and_brought_back(suzuki: Client) -> None:
    line = credit(54_321, "ｶ)ﾗｸﾃﾝ")
    assert "メモ" in said(post(suzuki, "payments:set_aside", line.pk, reason="settlement", note=""))
    post(suzuki, "payments:set_aside", line.pk, reason="settlement", note="楽天 11月分")
    words = plain(desk(suzuki, line))
    assert "この入金は消込の対象外です" in words and "楽天 11月分" in words
    post(suzuki, "payments:bring_back", line.pk)
    assert state(line) == ("open", 0)


def test_money_sent_by_mistake_goes_back_and_its_debit_is_tied(suzuki: Client) -> None:
    line = credit(8000, "ﾏﾁｶﾞｲ ｼﾖｳｼﾞ")
    take(told(-8000, "", text="組戻", kind="その他", is_transfer=False))
    page = desk(suzuki, line)
    debit = re.search(r'<option value="(\d+)">2026/11/24\(火\) 組戻', page)
    assert debit
    post(suzuki, "payments:set_aside", line.pk, reason="returned", note="組戻を依頼", returned_by=debit[1])
    assert again(line).returned_by_id == int(debit[1])
    assert "お返し済み" in plain(desk(suzuki, line))
    post(suzuki, "payments:bring_back", line.pk)
    assert state(line) == ("set_aside", 0)
    post(suzuki, "payments:bring_back", line.pk, untie="1")
    assert (state(line), again(line).returned_by_id) == (("open", 0), None)


# 取消 -------------------------------------------------------------------------------------------------------------


def test_unmatching_asks_why_and_opens_the_line_again(suzuki: Client) -> None:
    order, line = transfer("P-1"), credit(1080)
    made = services.match(line.pk, [Part(order.pk, 1080)], by=None)
    assert "理由がありません" in said(post(suzuki, "payments:unmatch", made.pk))
    answer = post(suzuki, "payments:unmatch", made.pk, note="別の青木様")
    assert answer.url == reverse("payments:detail", args=[line.pk])
    assert (state(line), again(order).paid_yen) == (("open", 0), 0)
    words = plain(desk(suzuki, line))
    assert "取消済" in words and "別の青木様" in words


def test_a_transfer_cancelled_by_the_bank_after_matching_is_called_out(suzuki: Client) -> None:
    order, line = transfer("P-1"), credit(1080)
    services.match_all(by=None)
    take(told(-1080, is_cancellation=True))
    assert "銀行で取消・組戻がありました" in plain(desk(suzuki, line))
    assert "消込後に取消・組戻" in get(suzuki, "payments:list", query="?tab=todo")
    assert again(order).paid_yen == 1080


def test_earlier_money_of_the_same_payer_warns_of_a_second_payment(suzuki: Client) -> None:
    order, first = transfer("P-1", buyer=YAMADA), credit(1080, "ﾔﾏﾀﾞ ﾀﾛｳ")
    services.match_all(by=None)
    line = credit(1080, "ﾔﾏﾀﾞ ﾀﾛｳ", on=DAY + timedelta(days=1))
    words = plain(desk(suzuki, line))
    assert "二重払い" in words and order.number in words and first.pk


def test_auto_matching_from_the_list_tells_what_it_did(suzuki: Client) -> None:
    transfer("P-1")
    credit(1080)
    credit(777, "ｼﾗﾅｲ ﾋﾄ")
    answer = post(suzuki, "payments:run")
    assert "2 件を調べ、1 件（¥1,080）を消し込みました。候補あり 0 件、候補なし 1 件。" in said(answer)
    assert answer.url.endswith("?tab=todo")


def test_looking_again_from_the_desk_comes_back_to_the_desk(suzuki: Client) -> None:
    line = credit(777, "ｼﾗﾅｲ ﾋﾄ")
    assert post(suzuki, "payments:run", line=line.pk).url == reverse("payments:detail", args=[line.pk])
    for odd in ("x", "99999999999999999999", "0"):
        assert post(suzuki, "payments:run", line=odd).status_code == 302


# だれが ---------------------------------------------------------------------------------------------------------

ACTS = ("accept", "manual", "keep", "set_aside", "bring_back", "unmatch")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("name", ["部外者", "佐藤", "高橋"])
def test_only_those_who_keep_the_money_decide(name: str, act: str) -> None:
    order, line = transfer("P-1"), credit(1080)
    made = services.match(line.pk, [Part(order.pk, 80)], by=None)
    target = made.pk if act == "unmatch" else line.pk
    before = (state(line), Match.objects.count())
    data = {"pick": order.pk, "owner": order.customer_id, "note": "x", "reason": "other"}
    assert post(client_of(name), f"payments:{act}", target, **data).status_code == 403
    assert (state(line), Match.objects.count()) == before


def test_clerks_of_orders_may_look_and_outsiders_may_not() -> None:
    line = credit(1080)
    page = desk(client_of("佐藤"), line)
    assert "この受注で消し込む" not in page and "対象外にする" not in page
    assert client_of("部外者").get(reverse("payments:detail", args=[line.pk])).status_code == 403
    assert Client().get(reverse("payments:detail", args=[line.pk])).status_code == 302


def test_acts_answer_posts_only(suzuki: Client) -> None:
    line = credit(1080)
    for act in ACTS:
        assert suzuki.get(reverse(f"payments:{act}", args=[line.pk])).status_code == 405


def test_a_line_nobody_has_is_not_found(suzuki: Client) -> None:
    assert suzuki.get("/office/bank/99999/").status_code == 404
    assert suzuki.get("/office/bank/99999999999999999999/").status_code == 404


def test_what_a_bank_writes_is_text_and_never_markup(suzuki: Client) -> None:
    line = credit(1080, "<script>alert(1)</script>", text="<b>x</b>", memo='"><img src=x>')
    page = desk(suzuki, line)
    assert "<script>alert" not in page and "<b>x</b>" not in page and "<img src=x" not in page


def test_the_desk_costs_the_same_with_one_candidate_and_with_six(suzuki: Client) -> None:
    def cost(line: BankLineStatus) -> int:
        desk(suzuki, line)
        with CaptureQueriesContext(connection) as seen:
            desk(suzuki, line)
        return len(seen)

    transfer("P-1", 2160, YAMADA)
    one = credit(2160, "ﾔﾏﾀﾞ ﾊﾅｺ")
    services.match_all(by=None)
    first = cost(one)
    for n in range(6):
        transfer(f"Q-{n}", 3000, YAMADA)
    many = credit(3000, "ﾔﾏﾀﾞ ﾊﾅｺ")
    services.match_all(by=None)
    assert len(candidates(desk(suzuki, many))) == 6
    assert cost(many) <= first + 2  # earlier money of the same payer, with its matches
    assert Order.objects.count() == 7
