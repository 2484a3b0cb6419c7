"""一覧: filtered, searched in every kana, exported, and at the same cost however long they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from akinai.orders import services as orders
from akinai.payments import services
from akinai.payments.models import BankAccount, PayerAlias, Payment
from akinai.payments.services import Part
from akinai.payments.tests.factories import DAY, YAMADA, account, again, cod, credit, take, told, transfer
from akinai.payments.tests.screens import client_of, get, plain, post, said
from tests.cast import staff

pytestmark = pytest.mark.django_db
LISTS = ("list", "payments", "statement", "credits", "accounts", "names")


@pytest.fixture
def suzuki() -> Client:
    return client_of("鈴木")


@pytest.fixture
def a_day() -> None:
    """Money of every kind."""
    order, kept, back = transfer("P-1"), transfer("P-2", 500), transfer("P-3", 700)
    services.match(
        credit(1580).pk,
        [Part(order.pk, 1080), Part(None, 500, "credit", order.customer_id)],
        by=staff("鈴木"),
    )
    services.use_credit(order_id=kept.pk, amount_yen=300, on=DAY, key="k", by=staff("鈴木"))
    services.receive_otherwise(
        order_id=cod("R-1").pk, amount_yen=1080, source="carrier", received_on=DAY, key="k", by=None
    )
    services.match(credit(600, "ｱｵｷ ﾐｻｷ 2").pk, [Part(back.pk, 600), Part(back.pk, 100, "fee")], by=None)
    orders.cancel(back.pk, reason="x", by=None)
    services.refund_order(
        order_id=back.pk, amount_yen=700, method="transfer", on=DAY, key="k", note="返金", by=None
    )
    take(
        told(3, "", kind="利息", text="普通預金利息", is_transfer=False),
        told(-330, "", kind="手数料", text="振込手数料", is_transfer=False),
    )
    credit(9999, "ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ")
    PayerAlias.objects.create(customer_id=order.customer_id, payer_key="アオキカイケイ", payer="ｱｵｷ ｶｲｹｲ")


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_sorts_and_exports(suzuki: Client, a_day: None, name: str) -> None:
    page = get(suzuki, f"payments:{name}")
    assert " data-row>" in page
    for query in (
        "?sort=-on",
        "?sort=amount_yen",
        "?q=x",
        "?q=%00",
        "?f.amount=a~b",
        "?f.on=2026-11-24~",
        "?tab=nothing",
    ):
        get(suzuki, f"payments:{name}", query=query)
    for kind in ("csv", "xlsx"):
        answer = suzuki.get(reverse(f"payments:{name}") + f"?export={kind}&columns=all")
        assert answer.status_code == 200 and b"".join(
            answer.streaming_content if answer.streaming else [answer.content]
        )


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_for_those_who_may(name: str) -> None:
    assert client_of("部外者").get(reverse(f"payments:{name}")).status_code == 403
    assert Client().get(reverse(f"payments:{name}")).status_code == 302


@pytest.mark.parametrize("name", ["list", "payments", "statement", "credits", "names"])
def test_a_list_costs_six_queries_at_most_and_no_more_with_more_rows(
    suzuki: Client, a_day: None, name: str
) -> None:
    def cost() -> int:
        get(suzuki, f"payments:{name}")
        with CaptureQueriesContext(connection) as seen:
            get(suzuki, f"payments:{name}")
        return len(seen)

    before = cost()
    for n in range(6):
        order = transfer(f"Q-{n}", 100 + n)
        services.match(
            credit(200 + n, f"ｱｵｷ {n}").pk,
            [Part(order.pk, 100), Part(None, 5, "credit", order.customer_id)],
            by=None,
        )
        PayerAlias.objects.create(customer_id=order.customer_id, payer_key=f"ナマエ{n}")
    assert cost() == before <= 6


@pytest.mark.parametrize(
    "text",
    [
        "ｶ)ﾔﾏﾀﾞ",
        "ヤマダ",
        "やまだ",
        "ﾔﾏﾀﾞ",
        "ヤマダショウテン",
        "やまだしょうてん",
        "9999",
        "9,999",
        "￥９９９９",
    ],
)
def test_bank_lines_are_found_however_the_name_is_written(suzuki: Client, a_day: None, text: str) -> None:
    words = plain(get(suzuki, "payments:list", query=f"?q={text}"))
    assert "カ)ヤマダシヨウテン" in words and "1 件" in words


def test_the_tabs_of_bank_lines(suzuki: Client, a_day: None) -> None:
    found = {
        tab: plain(get(suzuki, "payments:list", query=f"?tab={tab}"))
        for tab in ("todo", "partial", "matched", "aside")
    }
    assert "カ)ヤマダシヨウテン" in found["todo"] and "普通預金利息" not in found["todo"]
    assert "普通預金利息" in found["aside"]
    assert "アオキ ミサキ" in found["matched"] and "カ)ヤマダシヨウテン" not in found["matched"]


def test_payments_are_found_by_number_order_person_and_paper(suzuki: Client, a_day: None) -> None:
    payment = Payment.objects.filter(source="carrier").get()
    assert payment.order
    for text in (payment.number, payment.order.number):
        words = plain(get(suzuki, "payments:payments", query=f"?q={text}"))
        assert payment.number in words
    assert payment.number in plain(get(suzuki, "payments:payments", query="?q=青木"))
    assert payment.number in plain(
        get(suzuki, "payments:payments", query=f"?f.order={payment.order.number[-3:]}")
    )
    words = plain(get(suzuki, "payments:payments", query="?f.source=refund"))
    assert "▲700" in words and "銀行振込" in words


def test_payments_without_a_bank_line_are_reversed_together_and_others_say_why_not(
    suzuki: Client, a_day: None
) -> None:
    rows = Payment.objects.filter(source__in=["carrier", "fee"]).order_by("id")
    data = {"action": "reverse", "pk": [row.pk for row in rows], "go": "1", "note": "誤り"}
    answer = suzuki.post(reverse("payments:payments"), data)
    told_as = said(answer)
    assert (
        "1 件を取り消しました" in told_as
        and "消込の画面から" not in told_as
        and "できませんでした" in told_as
    )
    carrier = rows.filter(source="carrier", reverses=None).get()
    assert carrier.order and again(carrier.order).paid_yen == 0


def test_many_lines_are_set_aside_with_one_reason_and_brought_back(suzuki: Client) -> None:
    lines = [credit(1000 + n, f"ｶ)ﾗｸﾃﾝ{n}") for n in range(3)]
    services.match(lines[2].pk, [Part(transfer("P-1", 5).pk, 5)], by=None)
    data = {
        "action": "aside",
        "pk": [line.pk for line in lines],
        "go": "1",
        "reason": "settlement",
        "note": "楽天 11月分",
    }
    answer = suzuki.post(reverse("payments:list"), data)
    assert "2 件を対象外にしました" in said(answer) and "1 件はできませんでした" in said(answer)
    assert [again(line).state for line in lines] == ["set_aside", "set_aside", "partial"]
    answer = suzuki.post(reverse("payments:list"), {"action": "back", "pk": [line.pk for line in lines]})
    assert [again(line).state for line in lines] == ["open", "open", "partial"]


def test_the_statement_shows_money_out_and_balances(suzuki: Client) -> None:
    take(
        told(3000, balance_yen=103_000),
        told(-330, "", text="振込手数料", kind="手数料", balance_yen=102_670, is_transfer=False),
    )
    words = plain(get(suzuki, "payments:statement", query="?tab=out"))
    assert "振込手数料" in words and "¥330" in words and "¥102,670" in words


def test_credit_is_listed_by_customer(suzuki: Client, a_day: None) -> None:
    words = plain(get(suzuki, "payments:credits", query="?q=あおき"))
    assert "青木 美咲" in words and "¥200" in words


# 口座と名義 ----------------------------------------------------------------------------------------------------


def test_accounts_are_registered_and_changed_with_numbers_that_are_checked(suzuki: Client) -> None:
    data = {
        "bank_name": "見本銀行",
        "bank_code": "００05",
        "branch_code": "001",
        "account_no": "123-4567",
        "holder": "カ)ミホン",
        "is_active": "on",
    }
    answer = post(suzuki, "payments:add_account", **data)
    assert answer.url == reverse("payments:accounts")
    made = BankAccount.objects.get()
    assert (made.code, made.bank_code, made.account_no) == ("0005-001-1234567", "0005", "1234567")
    answer = post(suzuki, "payments:edit_account", made.pk, **{**data, "bank_name": "新しい名前"})
    made.refresh_from_db()
    assert (made.bank_name, made.code) == ("新しい名前", "0005-001-1234567")
    wrong = post(
        suzuki,
        "payments:edit_account",
        made.pk,
        **{**data, "bank_code": "5", "account_no": "abc", "bank_name": ""},
    )
    words = plain(wrong.content.decode())
    assert wrong.status_code == 422
    assert "4 桁で入力してください" in words and "数字で入力してください" in words


def test_two_accounts_do_not_get_one_code_and_one_account_is_not_registered_twice(suzuki: Client) -> None:
    data = {"bank_name": "見本銀行", "is_active": "on"}
    for _ in range(2):
        post(suzuki, "payments:add_account", **data)
    assert list(BankAccount.objects.order_by("pk").values_list("code", flat=True)) == [
        "見本銀行",
        "見本銀行-2",
    ]
    post(suzuki, "payments:add_account", **data, account_no="7654321")
    again_sent = post(suzuki, "payments:add_account", **data, account_no="7654321")
    assert again_sent.status_code == 422 and "すでに登録されています" in plain(again_sent.content.decode())
    assert BankAccount.objects.count() == 3


def test_only_those_who_keep_accounts_change_them() -> None:
    made = account()
    assert client_of("佐藤").get(reverse("payments:edit_account", args=[made.pk])).status_code == 403
    assert client_of("佐藤").get(reverse("payments:add_account")).status_code == 403


def test_a_learned_name_is_seen_and_forgotten(suzuki: Client) -> None:
    order, line = transfer("P-1", buyer=YAMADA), credit(1080, "ﾔﾏﾀﾞ ﾊﾅｺ", on=DAY + timedelta(days=1))
    assert order.customer_id
    alias = PayerAlias.objects.create(
        customer_id=order.customer_id, payer_key="ヤマダハナコ", payer="ﾔﾏﾀﾞ ﾊﾅｺ"
    )
    assert "山田 太郎 様と覚えています" in plain(get(suzuki, "payments:detail", line.pk))
    assert "ﾔﾏﾀﾞ ﾊﾅｺ" in plain(get(suzuki, "payments:names", query="?q=やまだ"))
    assert post(client_of("佐藤"), "payments:forget_name", alias.pk).status_code == 403
    answer = post(suzuki, "payments:forget_name", alias.pk, line=line.pk)
    assert answer.url == reverse("payments:detail", args=[line.pk])
    assert not PayerAlias.objects.exists()
