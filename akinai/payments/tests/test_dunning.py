"""督促: each step once, never for money that has come, and goods of cancelled orders go back to the shelf."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from akinai.billing.tests import monthly
from akinai.core import activity, clock, mail
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import queries, services
from akinai.payments.models import BankLineStatus, Due, DunningAct, DunningPause, DunningStep
from akinai.payments.services import Part
from akinai.payments.tests.factories import YAMADA, account, again, broken, credit, take, told, transfer
from tests import cast
from tests.cast import draft, place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]
# An order of 2026-11-24 09:00 is due on 2026-12-01 (Tuesday).
DUE = date(2026, 12, 1)


def at(day: date, hour: int = 10) -> Any:
    return clock.told(timezone.make_aware(datetime(day.year, day.month, day.day, hour)))


@pytest.fixture(autouse=True)
def ladder(db: None) -> Iterator[None]:
    """The usual steps for bank transfers: a request after 1 day, the last one after 4, cancelled after 8."""
    cast.company()
    services.take_usual("bank_transfer", by=None)
    services.set_ladder("bank_transfer", is_on=True, by=None)
    yield


def read_bank(day: date) -> None:
    """A statement of the bank is taken in: 利息, nobody's payment."""
    with at(day, 9):
        take(told(3, "", day, kind="利息", is_transfer=False, text="利息", balance_yen=day.toordinal()))


def run(day: date, *, bank: bool = True) -> services.DunningOutcome:
    if bank:
        read_bank(day)
    with at(day):
        return services.run_dunning(by=None)


def mails() -> list[tuple[str, str, str]]:
    rows = OutgoingMail.objects.filter(key__startswith="dunning:").order_by("pk")
    return [(row.to, row.subject, row.state) for row in rows]


def test_nothing_happens_before_the_day_and_the_request_is_sent_once() -> None:
    order = transfer("P-1", 5400)
    assert order.payment_due_on == DUE
    assert run(DUE).mailed == 0
    assert [run(date(2026, 12, 2)).mailed, run(date(2026, 12, 2)).mailed] == [1, 0]
    assert mails() == [
        ("aoki@example.com", "【株式会社 見本茶舗】お支払いのお願い（ご注文番号 P-1）", "queued")
    ]
    act = DunningAct.objects.get()
    assert (act.order_id, act.days, act.way, act.owed_yen, act.on) == (
        order.pk,
        1,
        "mail",
        5400,
        date(2026, 12, 2),
    )
    assert activity.of(order).first().summary == "督促「お支払いのお願い」（メール）"
    assert broken() == []


def test_the_letter_tells_what_is_owed_and_when_the_order_is_cancelled() -> None:
    transfer("P-1", 5400)
    run(date(2026, 12, 2))
    run(date(2026, 12, 7))
    body = OutgoingMail.objects.get(subject__contains="最後のお願い").body
    assert "青木 美咲 様" in body and "■ お支払金額　¥5,400" in body and "・商品 TEA-1 × 1" in body
    assert "お支払期限を 6 日過ぎました" in body
    assert "2026/12/11(金) までに確認できないときは" in body


def test_the_whole_ladder_ends_with_the_goods_back_on_the_shelf() -> None:
    tea = cast.sku("TEA-9", pieces=3)
    order = place(
        draft("P-9", ("TEA-9", 2, 1080), payment="bank_transfer", payment_settled=False), channel="phone"
    )
    assert cast.level(tea) == (3, 2)
    days = [date(2026, 12, day) for day in (1, 2, 3, 4, 7, 8, 9, 10, 11, 14)]
    outcomes = [(run(day).mailed, DunningAct.objects.filter(way="cancel").count()) for day in days]
    assert outcomes == [(0, 0), (1, 0), (0, 0), (0, 0), (1, 0), (0, 0), (0, 0), (0, 0), (0, 1), (0, 1)]
    assert (again(order).state, cast.level(tea)) == ("cancelled", (3, 0))
    assert mails()[-1][1] == "【株式会社 見本茶舗】ご注文をキャンセルしました（ご注文番号 P-9）"
    assert (
        "入金期限 2026/12/01 を過ぎても入金がないため"
        in activity.of(order).filter(verb="cancel").get().summary
    )
    assert broken() == []


def test_a_payment_stops_the_ladder_and_the_mail_that_has_not_left() -> None:
    order = transfer("P-1", 1080)
    run(date(2026, 12, 2))
    with at(date(2026, 12, 2), 11):
        services.match(credit(1080).pk, [Part(order.pk, 1080)], by=None)
    assert mails()[0][2] == "cancelled"
    assert [run(date(2026, 12, day)).mailed for day in (7, 11)] == [0, 0]
    assert (again(order).state != "cancelled", DunningAct.objects.count()) == (True, 1)


def test_certain_money_found_by_the_automatic_matching_stops_the_mail_too() -> None:
    transfer("P-1", 1080)
    run(date(2026, 12, 2))
    with at(date(2026, 12, 2), 11):
        credit(1080)
        services.match_all(by=None)
    assert mails()[0][2] == "cancelled"


def test_a_payment_undone_lets_the_ladder_go_on_where_it_was() -> None:
    order = transfer("P-1", 1080)
    run(date(2026, 12, 2))
    made = services.match(credit(1080).pk, [Part(order.pk, 1080)], by=None)
    assert not Due.objects.exists()
    services.unmatch(made.pk, by=None, note="別の方")
    with at(date(2026, 12, 3)):
        services.set_aside(
            BankLineStatus.objects.get(amount_yen=1080).pk, reason="other", note="別の方", by=None
        )
    assert run(date(2026, 12, 7)).mailed == 1
    assert list(DunningAct.objects.order_by("pk").values_list("days", flat=True)) == [1, 4]


def test_nobody_is_written_to_before_the_bank_was_read() -> None:
    transfer("P-1")
    read_bank(date(2026, 11, 30))
    outcome = run(date(2026, 12, 2), bank=False)
    assert (outcome.mailed, outcome.held_back) == (0, 1)
    with at(date(2026, 12, 2)):
        (planned,) = services.plan(date(2026, 12, 2))
    assert "入金明細が 2026/11/30 から取り込まれていません" in planned.hindrance
    assert run(date(2026, 12, 2)).mailed == 1


def test_an_order_whose_money_may_lie_on_the_worklist_is_left_alone() -> None:
    order = transfer("P-1", 1080)
    with at(date(2026, 12, 2), 9):
        line = credit(1080, "ｱｵｷ ﾀﾛｳ", date(2026, 12, 2))
        services.match_all(by=None)
    assert [c["order_ids"] for c in again(line).proposal] == [[order.pk]]
    outcome = run(date(2026, 12, 2))
    assert (outcome.mailed, outcome.held_back) == (0, 1)


def test_a_part_of_the_money_keeps_the_order_from_being_cancelled() -> None:
    order = transfer("P-1", 1080)
    services.match(credit(500).pk, [Part(order.pk, 500)], by=None)
    for day in (2, 7):
        run(date(2026, 12, day))
    outcome = run(date(2026, 12, 11))
    assert (outcome.cancelled, outcome.held_back, again(order).state) == (0, 1, "awaiting_payment")
    assert DunningAct.objects.latest("pk").owed_yen == 580


def test_who_has_no_address_is_rung_up_and_not_cancelled_before_somebody_did() -> None:
    order = transfer("P-1")
    Order.objects.filter(pk=order.pk).update(buyer_email="")
    assert [run(date(2026, 12, 2)).to_call, run(date(2026, 12, 7)).to_call] == [1, 1]
    assert queries.calls_waiting() == 1
    assert (run(date(2026, 12, 11)).held_back, again(order).state) == (1, "awaiting_payment")
    with at(date(2026, 12, 11), 11):
        for act in DunningAct.objects.all():
            services.answer(act.pk, result="absent", by=None)
    assert (queries.calls_waiting(), run(date(2026, 12, 11)).cancelled) == (0, 1)


def test_a_promise_is_kept_quiet_until_its_day() -> None:
    order = transfer("P-1")
    Order.objects.filter(pk=order.pk).update(buyer_email="")
    run(date(2026, 12, 2))
    act = DunningAct.objects.get()
    with at(date(2026, 12, 2), 13):
        with pytest.raises(DomainError, match="約束の日"):
            services.answer(act.pk, result="promised", promised_on=date(2026, 12, 1), by=None)
        services.answer(act.pk, result="promised", promised_on=date(2026, 12, 9), note="給料日の後", by=None)
        with pytest.raises(DomainError, match="すでに記録"):
            services.answer(act.pk, result="absent", by=None)
    assert [run(date(2026, 12, day)).to_call for day in (7, 9, 10)] == [0, 0, 1]
    assert DunningPause.objects.get().reason == "支払の約束 給料日の後"


def test_a_pause_holds_one_order_or_everything_of_the_customer() -> None:
    first, second = transfer("P-1"), transfer("P-2", 2160, YAMADA)
    with at(date(2026, 12, 1)):
        due = queries.dues().get(order_id=first.pk)
        with pytest.raises(DomainError, match="理由"):
            services.pause(due, reason=" ", by=None)
        held = services.pause(due, reason="相談中", by=None)
    assert run(date(2026, 12, 2)).mailed == 1
    assert DunningAct.objects.get().order_id == second.pk
    with at(date(2026, 12, 3)):
        services.resume(held.pk, by=None)
        with pytest.raises(DomainError, match="すでに終わって"):
            services.resume(held.pk, by=None)
        services.pause(queries.dues().get(order_id=second.pk), reason="入院", whole_customer=True, by=None)
    outcome = run(date(2026, 12, 7))
    assert (outcome.mailed, outcome.held_back) == (1, 1)


def test_a_pause_set_after_the_plan_was_made_still_counts() -> None:
    transfer("P-1")
    read_bank(date(2026, 12, 2))
    with at(date(2026, 12, 2)):
        (planned,) = services.plan(date(2026, 12, 2))
        services.pause(planned.due, reason="相談中", by=None)
        assert services.act(planned, by=None) is False
    assert not DunningAct.objects.exists()


def test_the_plan_of_tomorrow_says_who_would_get_what() -> None:
    transfer("P-1", 5400)
    transfer("P-2", 1080, YAMADA)
    with at(DUE):
        assert services.plan(DUE) == []
        planned = services.plan(date(2026, 12, 2))
    assert [(one.due.number, one.step.title, one.to, one.hindrance) for one in planned] == [
        (one.number, "お支払いのお願い", one.buyer_email, "") for one in Order.objects.order_by("pk")
    ]
    with at(date(2026, 12, 5)):  # Saturday
        assert services.plan(date(2026, 12, 5)) == []


def test_a_ladder_that_is_off_writes_to_nobody_and_a_mall_can_be_left_out() -> None:
    transfer("P-1")
    transfer("P-2", buyer=YAMADA, channel="rakuten")
    rakuten = Order.objects.get(channel_order_no="P-2").channel_id
    services.set_ladder("bank_transfer", is_on=True, channels_left_out=[rakuten], by=None)
    assert run(date(2026, 12, 2)).mailed == 1
    services.set_ladder("bank_transfer", is_on=False, by=None)
    assert (run(date(2026, 12, 7)).mailed, DunningAct.objects.count()) == (0, 1)


def test_more_time_for_the_buyer_is_respected() -> None:
    order = transfer("P-1")
    run(date(2026, 12, 2))
    with at(date(2026, 12, 3)):
        orders.extend_due(order.pk, due_on=date(2026, 12, 15), by=None)
    assert [run(date(2026, 12, day)).mailed for day in (7, 15, 18, 21)] == [0, 0, 0, 1]


def test_a_monthly_customer_is_reminded_of_his_statement_and_his_goods_are_never_cancelled() -> None:
    services.take_usual("statement", by=None)
    services.set_ladder("statement", is_on=True, by=None)
    cafe = monthly.customer()
    monthly.terms(cafe)
    monthly.sold(cafe, date(2026, 10, 5))
    with at(date(2026, 11, 2)):
        statement = monthly.close(cafe, monthly.OCTOBER)
    assert statement.due_on == date(2026, 11, 30)
    due = Due.objects.get()
    assert (due.kind, due.statement_id, due.order_id, due.owed_yen) == ("statement", statement.pk, None, 1100)
    assert [(run(date(2026, 12, day)).mailed) for day in (1, 3, 4)] == [0, 1, 0]
    mail_sent = OutgoingMail.objects.get(key__startswith="dunning:")
    assert statement.number in mail_sent.subject and "■ 未入金額　　¥1,100" in mail_sent.body
    assert run(date(2026, 12, 10)).to_call == 1
    with pytest.raises(DomainError, match="出荷したあと"):
        services.save_step(DunningStep(kind="statement", days=60, way="cancel", title="x"), by=None)


def test_money_kept_for_the_customer_is_used_before_he_is_asked_for_more() -> None:
    order = transfer("P-1", 1080)
    services.match(credit(2000).pk, [Part(None, 2000, "credit", order.customer_id)], by=None)
    outcome = run(date(2026, 12, 2))
    assert (outcome.mailed, outcome.held_back) == (0, 1)


@pytest.mark.parametrize(
    "statement", ["UPDATE payments_dunningact SET days = 9", "DELETE FROM payments_dunningact"]
)
def test_what_was_done_cannot_be_rewritten(statement: str) -> None:
    from django.db import connection

    transfer("P-1")
    run(date(2026, 12, 2))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_proof_finds_a_paid_order_that_was_cancelled() -> None:
    order = transfer("P-1", 1080)
    step = DunningStep.objects.get(kind="bank_transfer", way="cancel")
    services.match(credit(1080).pk, [Part(order.pk, 1080)], by=None)
    DunningAct.objects.create(
        order=order, step=step, kind="bank_transfer", days=8, way="cancel", on=DUE, due_on=DUE, owed_yen=1080,
        at=clock.now() + timedelta(minutes=1),
    )  # fmt: skip
    assert any(found.startswith("cancelled_by_dunning_was_unpaid") for found in broken())


def test_the_proof_finds_a_step_taken_out_of_its_order() -> None:
    order = transfer("P-1", 1080)
    last, first = DunningStep.objects.filter(kind="bank_transfer", way="mail").order_by("-days")
    for step in (last, first):
        DunningAct.objects.create(
            order=order, step=step, kind="bank_transfer", days=step.days, way="mail", on=DUE, due_on=DUE, owed_yen=1080
        )  # fmt: skip
    assert any(found.startswith("dunning_goes_up_its_ladder") for found in broken())


def test_a_bank_account_without_lines_stops_nobody() -> None:
    account()
    transfer("P-1")
    assert (run(date(2026, 12, 2), bank=False).mailed, mail.waiting_keys("dunning:") != []) == (1, True)
