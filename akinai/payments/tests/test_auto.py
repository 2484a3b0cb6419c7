"""自動消込: what is certain is posted in batches, the rest is proposed, and nothing that moved meanwhile is touched."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from akinai.core import activity
from akinai.orders import services as orders
from akinai.payments import services
from akinai.payments.models import BankLine, BankLineStatus, Match, PayerAlias, Payment
from akinai.payments.services import Part, auto, posting
from akinai.payments.tests.factories import DAY, SUZUKI, YAMADA, again, broken, credit, take, told, transfer
from tests.cast import staff

pytestmark = pytest.mark.django_db


def test_certain_money_is_posted_and_the_rest_is_proposed_or_left_open() -> None:
    order, other = transfer("P-1"), transfer("P-2", 2160, YAMADA)
    sure, likely, stranger = credit(1080), credit(2160, "ﾔﾏﾀﾞ ﾊﾅｺ"), credit(777, "ｼﾗﾅｲ ﾋﾄ")
    outcome = services.match_all(by=staff("鈴木"))
    assert outcome.as_dict() == {"credits": 3, "auto": 1, "proposed": 1, "open": 1, "auto_yen": 1080}
    assert [again(line).state for line in (sure, likely, stranger)] == ["matched", "proposed", "open"]
    assert again(likely).score == 65
    assert again(likely).proposal[0]["order_ids"] == [other.pk]
    made, payment = Match.objects.get(), Payment.objects.get()
    assert (made.is_automatic, made.score, made.reasons, made.by) == (
        True,
        97,
        ["金額が一致", "名義が一致"],
        staff("鈴木"),
    )
    assert (payment.order, payment.customer_id, payment.received_on) == (order, order.customer_id, DAY)
    assert again(order).state == "awaiting_stock"
    assert activity.of(BankLine.objects.get(pk=sure.pk)).get().summary == f"{made.number} ¥1,080 を自動で消込"
    assert broken() == []


def test_a_second_run_finds_nothing_new() -> None:
    transfer("P-1")
    credit(1080)
    credit(777, "ｼﾗﾅｲ ﾋﾄ")
    services.match_all(by=None)
    assert services.match_all(by=None).as_dict() == {
        "credits": 1,
        "auto": 0,
        "proposed": 0,
        "open": 1,
        "auto_yen": 0,
    }


def test_learned_names_work_until_they_are_forgotten() -> None:
    order = transfer("P-1", buyer=YAMADA)
    assert order.customer_id
    alias = PayerAlias.objects.create(
        customer_id=order.customer_id, payer_key="ヤマダハナコ", payer="ﾔﾏﾀﾞ ﾊﾅｺ"
    )
    services.forget_name(alias.pk, by=staff("鈴木"))
    credit(1080, "ﾔﾏﾀﾞ ﾊﾅｺ")
    assert services.match_all(by=None).auto == 0
    PayerAlias.objects.create(customer_id=order.customer_id, payer_key="ヤマダハナコ")
    assert services.match_all(by=None).auto == 1


def test_a_name_learned_for_two_customers_is_only_proposed() -> None:
    first, second = transfer("P-1", buyer=YAMADA), transfer("P-2", 500, buyer=SUZUKI)
    for order in (first, second):
        PayerAlias.objects.create(customer_id=order.customer_id, payer_key="サトウカイケイ")
    line = credit(1080, "ｻﾄｳ ｶｲｹｲ")
    assert services.match_all(by=None).auto == 0
    assert again(line).state == "proposed"


def test_a_namesake_of_a_paid_order_is_only_proposed() -> None:
    from dataclasses import replace

    transfer("P-1", buyer=YAMADA)
    credit(1080, "ﾔﾏﾀﾞ ﾀﾛｳ")
    assert services.match_all(by=None).auto == 1
    transfer("P-2", buyer=replace(YAMADA, email="other@example.com"))
    line = credit(1080, "ﾔﾏﾀﾞ ﾀﾛｳ", on=DAY + timedelta(days=1))
    assert services.match_all(by=None).auto == 0
    assert "入金済みの受注" in again(line).proposal[0]["reasons"][-1]


def test_what_a_person_left_of_a_line_is_proposed_and_never_posted() -> None:
    order, rest, line = transfer("P-1", 2000), transfer("P-2", 1000), credit(3000)
    services.match(line.pk, [Part(order.pk, 2000)], by=None)
    assert services.match_all(by=None).auto == 0
    now = again(line)
    assert (now.state, now.proposal[0]["order_ids"], now.matched_yen) == ("partial", [rest.pk], 2000)


def test_orders_paid_or_settled_or_cancelled_between_looking_and_posting_are_left_out() -> None:
    rows = [transfer(f"P-{n}", 1000 + n) for n in range(4)]
    lines = [credit(1000 + n) for n in range(4)]
    credits = auto.open_credits()
    book = auto.open_book(credits)
    sure = [auto._sure(d, book.owners) for d in auto.decide(credits, book.book) if d.certain]
    assert len(sure) == 4
    orders.cancel(rows[0].pk, reason="お客様都合", by=None)
    orders.settle(rows[1].pk, note="モールで確認", by=None)
    services.receive_otherwise(
        order_id=rows[2].pk, amount_yen=2, source="cash", received_on=DAY, key="k", by=None
    )
    assert posting.post_all(sure, by=None) == {lines[3].pk}
    assert [again(line).state for line in lines] == ["open", "open", "open", "matched"]
    assert [again(order).paid_yen for order in rows] == [0, 0, 2, 1003]
    assert broken() == []


def test_lines_used_or_set_aside_between_looking_and_posting_are_left_out() -> None:
    rows = [transfer(f"P-{n}", 1000 + n) for n in range(3)]
    lines = [credit(1000 + n) for n in range(3)]
    credits = auto.open_credits()
    book = auto.open_book(credits)
    sure = [auto._sure(d, book.owners) for d in auto.decide(credits, book.book) if d.certain]
    services.set_aside(lines[0].pk, by=None, note="x")
    services.match(lines[1].pk, [Part(rows[0].pk, 500)], by=None)
    assert posting.post_all(sure, by=None) == {lines[2].pk}
    assert [again(line).state for line in lines] == ["set_aside", "partial", "matched"]
    assert broken() == []


def test_proposals_are_not_written_over_what_a_person_has_done() -> None:
    transfer("P-1")
    line = credit(900)
    credits = auto.open_credits()
    decisions = auto.decide(credits, auto.open_book(credits).book)
    services.set_aside(line.pk, by=None, note="x")
    auto._propose(decisions)
    assert (again(line).state, again(line).proposal) == ("set_aside", [])


def test_candidates_for_more_money_than_is_left_are_not_written() -> None:
    order, line = transfer("P-1"), credit(900)
    credits = auto.open_credits()
    decisions = auto.decide(credits, auto.open_book(credits).book)
    services.match(line.pk, [Part(order.pk, 500)], by=None)
    auto._propose(decisions)
    assert (again(line).state, again(line).proposal) == ("partial", [])


def test_each_batch_is_a_transaction_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "BATCH", 2)
    for n in range(5):
        transfer(f"P-{n}", 1000 + n)
        credit(1000 + n)
    assert services.match_all(by=None).auto == 5
    assert broken() == []


def test_the_number_of_statements_does_not_grow_with_the_lines() -> None:
    def cost(prefix: str, count: int, base: int) -> int:
        for n in range(count):
            transfer(f"{prefix}-{n}", base + n)
        take(*(told(base + n) for n in range(count)), told(base + 999, "ｼﾗﾅｲ ﾋﾄ"))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert services.match_all(by=None).auto == count
        return len(seen)

    cost("W", 1, 500)  # sequences of the year are made once
    assert cost("A", 3, 1000) == cost("B", 30, 2000)


def test_the_command_tells_the_same_in_json() -> None:
    transfer("P-1")
    credit(1080)
    out = StringIO()
    call_command("match", "--json", stdout=out)
    told_as = json.loads(out.getvalue().splitlines()[-1])
    assert told_as == {
        "ok": True, "errors": [], "credits": 1, "auto": 1, "proposed": 0, "open": 0, "auto_yen": 1080,
    }  # fmt: skip
    assert BankLineStatus.objects.get().state == "matched"
