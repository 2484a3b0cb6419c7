"""補償を実行する, through the rooms that hold money, goods, coupons and points."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction

from akinai.billing import queries as billing_queries
from akinai.billing import services as billing
from akinai.billing.models import BillingTerms, CreditNote
from akinai.core import clock, proofs
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.core.tax import share
from akinai.marketing.models import CouponCode
from akinai.marketing.services import points, starting
from akinai.orders import services as order_services
from akinai.orders.models import Order
from akinai.payments import queries as payment_queries
from akinai.payments import services as payments
from akinai.shipping import services as shipping
from akinai.staff.models import Staff
from akinai.support import services
from akinai.support.models import CompensationEntry, Complaint, ComplaintCause, Ticket
from akinai.support.services import compensation, complaints, reshipping
from akinai.support.services.compensation import Ask
from akinai.support.services.complaints import Told
from akinai.support.tests.letters import letter, order
from tests import cast

pytestmark = pytest.mark.django_db


def complaint(by: Staff, *, shipped: bool = True) -> tuple[Complaint, Order]:
    """花子's complaint about her order of 1,080 yen, invoiced and on its way."""
    cast.company()
    mine = order("A-1", mail="hanako@example.jp")
    if shipped:
        shipment = shipping.instruct([mine.pk], ship_on=clock.today(), by=None).shipments.get()
        shipping.ship([shipment.pk], by=None)
        billing.issue_what_can_be([mine.pk], by=None)
    services.receive(letter(f"注文 {mine.number} の箱がつぶれていました。"))
    cause = ComplaintCause.objects.get(code="broken")
    made = complaints.open_complaint(
        Ticket.objects.latest("pk"), Told(1, cause_id=cause.pk, order_id=mine.pk), by=by
    )
    return made, mine


def broken() -> dict[str, Any]:
    return {found.name: found.broken for found in proofs.run_all() if found.broken}


def test_a_refund_writes_the_paper_and_the_money() -> None:
    kato = cast.staff("加藤")
    made, mine = complaint(kato)
    done = compensation.ask(made, Ask("refund", 500, "お詫び", "k", mine.pk, {"way": "channel"}), by=kato)
    note = CreditNote.objects.get()
    assert (note.total_yen, CompensationEntry.objects.get().document) == (500, note.number)
    assert done.state == "done" and compensation.left_for(made, "refund", mine.pk) == 580
    assert broken() == {}


@pytest.mark.parametrize(("is_unsent", "owes"), [(True, 0), (False, 500)])
def test_a_refund_that_was_a_mistake_is_answered_by_a_corrected_invoice_and_mirrored_money(
    is_unsent: bool, owes: int
) -> None:
    kato = cast.staff("加藤")
    made, mine = complaint(kato)
    payments.receive_otherwise(
        order_id=mine.pk,
        amount_yen=1080,
        source="cash",
        received_on=clock.today(),
        key="paid",
        note="",
        by=None,
    )
    ask = Ask("refund", 500, "お詫び", "k", mine.pk, {"way": "transfer"})
    done = compensation.ask(made, ask, by=kato)
    undone = compensation.reverse(done, reason="金額の間違い", is_unsent=is_unsent, by=kato)
    assert undone.state == "reversed" and sum(CompensationEntry.objects.values_list("yen", flat=True)) == 0
    current = billing_queries.current(mine.pk)
    assert current is not None and current.replaces is not None and current.total_yen == 1080
    assert sorted(CreditNote.objects.values_list("total_yen", flat=True)) == [500, 580]
    mine.refresh_from_db()
    assert mine.total_yen - mine.paid_yen == owes
    assert compensation.left_for(made, "refund", mine.pk) == 1080
    assert broken() == {}
    with pytest.raises(ImpossibleMove):
        compensation.reverse(done, reason="二度目", by=kato)


def monthly(by: Staff) -> tuple[Complaint, Order]:
    """The same complaint of a customer who pays 掛け at the end of the month; her goods left in October."""
    made, mine = complaint(by, shipped=False)
    fields = {
        "payment": "credit_terms",
        "payment_label": "掛け",
        "payment_settled": False,
        "payment_progress": "none",
    }
    Order.objects.filter(pk=mine.pk).update(**fields)
    billing.save_terms(BillingTerms(customer_id=mine.customer_id, since=date(2026, 10, 1)), by=None)
    shipment = shipping.instruct([mine.pk], ship_on=clock.today(), by=None).shipments.get()
    shipping.ship([shipment.pk], by=None)
    Order.objects.filter(pk=mine.pk).update(shipped_at=datetime(2026, 10, 5, 15, tzinfo=UTC))
    billing.issue_what_can_be([mine.pk], by=None)
    mine.refresh_from_db()
    return made, mine


def closed(mine: Order, on: date) -> Any:
    with clock.told(datetime(2027, 2, 3, 3, tzinfo=UTC)):
        return billing.close(billing.start_closing(31, on, by=None), mine.customer_id or 0, by=None)


@pytest.mark.parametrize("is_billed", [False, True])
@pytest.mark.parametrize(("kind", "details"), [("refund", {"way": "statement"}), ("discount", {})])
def test_what_a_monthly_customer_was_given_back_by_mistake_stands_on_the_next_statement(
    kind: str, details: dict[str, str], is_billed: bool, django_capture_on_commit_callbacks: Any
) -> None:
    kato = cast.staff("加藤")
    made, mine = monthly(kato)
    with django_capture_on_commit_callbacks(execute=True):
        done = compensation.ask(made, Ask(kind, 500, "お詫び", "k", mine.pk, details), by=kato)
        first = closed(mine, date(2026, 11, 30)) if is_billed else None
        undone = compensation.reverse(done, reason="間違い", by=kato)
        last = closed(mine, date(2026, 12, 31))
    words = CompensationEntry.objects.get(compensation=undone, yen=-500).words
    assert "次の合計請求書" in words
    assert first is None or (first.total_yen, first.asked_yen) == (580, 580)
    assert (last.total_yen, last.asked_yen) == ((500, 1080) if is_billed else (1080, 1080))
    mine.refresh_from_db()
    assert mine.owed_yen == 1080 and compensation.left_for(made, "refund", mine.pk) == 1080
    assert broken() == {}


def test_a_monthly_customer_who_had_paid_owes_nothing_more_when_his_refund_was_a_mistake(
    django_capture_on_commit_callbacks: Any,
) -> None:
    kato = cast.staff("加藤")
    made, mine = monthly(kato)
    commit = django_capture_on_commit_callbacks
    with commit(execute=True):
        assert closed(mine, date(2026, 11, 30)).asked_yen == 1080
    payments.receive_otherwise(
        order_id=mine.pk, amount_yen=1080, source="cash", received_on=clock.today(), key="paid", by=None
    )
    with commit(execute=True):
        ask = Ask("refund", 500, "お詫び", "k", mine.pk, {"way": "statement"})
        done = compensation.ask(made, ask, by=kato)
        assert closed(mine, date(2026, 12, 31)).asked_yen == -500
    assert payment_queries.credit_of(mine.customer_id or 0) == 500
    with commit(execute=True):
        compensation.reverse(done, reason="間違い", by=kato)
        last = closed(mine, date(2027, 1, 31))
    assert (last.total_yen, last.asked_yen) == (500, 0)
    mine.refresh_from_db()
    # What he had too much is still his 預り金 and pays what the order owes again.
    assert (mine.owed_yen, payment_queries.credit_of(mine.customer_id or 0)) == (500, 500)
    assert broken() == {}


def test_what_the_mall_gave_back_itself_is_taken_back_only_while_it_has_not_done_so() -> None:
    kato = cast.staff("加藤")
    made, mine = complaint(kato)
    done = compensation.ask(made, Ask("refund", 500, "お詫び", "k", mine.pk, {"way": "channel"}), by=kato)
    with pytest.raises(DomainError, match="がお客様に返金したので") as refused:
        compensation.reverse(done, reason="間違い", by=kato)
    assert "管理画面で返金の取消を頼んで" in refused.value.way_out
    assert (CreditNote.objects.count(), CompensationEntry.objects.count()) == (1, 1)
    assert compensation.reverse(done, reason="間違い", is_unsent=True, by=kato).state == "reversed"
    assert broken() == {}


def test_what_else_was_given_back_stays_given_back_when_a_refund_is_taken_back() -> None:
    kato = cast.staff("加藤")
    made, mine = complaint(kato)
    first = billing_queries.current(mine.pk)
    assert first is not None
    billing.credit(
        first, asks=[billing.CreditAsk(300, 1)], reason="返品 RT-1", returned_on=clock.today(), by=None
    )
    one = compensation.ask(made, Ask("refund", 200, "お詫び", "k1", mine.pk, {"way": "channel"}), by=kato)
    two = compensation.ask(made, Ask("refund", 100, "お詫び", "k2", mine.pk, {"way": "channel"}), by=kato)
    for undone, stands in ((one, 400), (two, 300)):
        compensation.reverse(undone, reason="間違い", is_unsent=True, by=kato)
        current = billing_queries.current(mine.pk)
        assert current is not None and current.total_yen == 1080
        assert sum(current.credit_notes.values_list("total_yen", flat=True)) == stands
        assert billing_queries.given_back([mine.pk]) == {mine.pk: stands}
    assert compensation.left_for(made, "refund", mine.pk) == 780
    assert broken() == {}


def test_what_returns_gave_back_cannot_be_given_again() -> None:
    kato = cast.staff("加藤")
    made, mine = complaint(kato)
    current = billing_queries.current(mine.pk)
    assert current is not None
    billing.credit(
        current, asks=[billing.CreditAsk(1000, 1)], reason="返品", returned_on=clock.today(), by=None
    )
    with pytest.raises(DomainError, match="あと 80 円まで"):
        compensation.ask(made, Ask("refund", 81, "お詫び", "k", mine.pk, {"way": "channel"}), by=kato)


def test_goods_are_sent_again_by_an_order_of_nothing_and_called_back_by_cancelling_it() -> None:
    kato = cast.staff("加藤")
    made, mine = complaint(kato)
    line = mine.lines.get()
    done = compensation.ask(
        made, Ask("reship", 1080, "破損", "k", mine.pk, {"lines": {str(line.pk): 1}}), by=kato
    )
    again = Order.objects.exclude(pk=mine.pk).get()
    assert (again.total_yen, again.ship_name, again.lines.get().quantity) == (0, mine.ship_name, 1)
    assert cast.level(line.sku_id or 0) == (49, 1)
    compensation.reverse(done, reason="不要になった", by=kato)
    again.refresh_from_db()
    assert (again.state, cast.level(line.sku_id or 0)) == ("cancelled", (49, 0))
    assert broken() == {}


def test_before_the_invoice_the_order_is_lowered_and_raised_again() -> None:
    kato = cast.staff("加藤")
    made, mine = complaint(kato, shipped=False)
    Order.objects.filter(pk=mine.pk).update(payment_settled=False)
    done = compensation.ask(made, Ask("discount", 80, "遅れ", "k", mine.pk), by=kato)
    assert Order.objects.get(pk=mine.pk).total_yen == 1000
    compensation.reverse(done, reason="間違い", by=kato)
    assert Order.objects.get(pk=mine.pk).total_yen == 1080


def test_coupon_and_points_come_and_go() -> None:
    kato = cast.staff("加藤")
    made, _ = complaint(kato)
    customer = made.ticket.customer_id or 0
    starting.add_coupon("SORRY500", "お詫び", "yen", 500, by=None, by_code_only=True)
    coupon = compensation.ask(made, Ask("coupon", 500, "お詫び", "a", None, {"coupon": "SORRY500"}), by=kato)
    code = CouponCode.objects.get()
    assert (code.customer_id, CompensationEntry.objects.get().document) == (customer, code.code)
    with pytest.raises(DomainError, match="渡せません"):
        compensation.ask(made, Ask("coupon", 400, "お詫び", "b", None, {"coupon": "SORRY500"}), by=kato)
    gift = compensation.ask(made, Ask("points", 300, "お詫び", "c"), by=kato)
    assert points.balance(customer) == 300
    compensation.reverse(gift, reason="間違い", by=kato)
    compensation.reverse(coupon, reason="間違い", by=kato)
    code.refresh_from_db()
    assert points.balance(customer) == 0
    assert code.expires_on is not None and code.expires_on < clock.today()


def test_shares_lose_no_yen() -> None:
    assert share(100, [1, 1, 1]) == [34, 33, 33]
    assert sum(share(999, [770, 330, 1])) == 999


def test_no_more_is_sent_again_than_was_ordered_and_nothing_of_nothing() -> None:
    kato = cast.staff("加藤")
    made, mine = complaint(kato)
    line = mine.lines.get()
    for pieces, said in (
        (2, "2 点を再送できません"),
        (-1, "-1 点を再送できません"),
        (0, "再送する商品がありません"),
    ):
        ask = Ask("reship", 1080, "破損", f"k{pieces}", mine.pk, {"lines": {str(line.pk): pieces}})
        with pytest.raises(DomainError, match=said), transaction.atomic():
            compensation.ask(made, ask, by=kato)
    line.sku = None
    line.save(update_fields=["sku"])
    ask = Ask("reship", 1080, "破損", "k9", mine.pk, {"lines": {str(line.pk): 1}})
    with pytest.raises(DomainError, match="再送できません"), transaction.atomic():
        compensation.ask(made, ask, by=kato)
    assert Order.objects.count() == 1 and not CompensationEntry.objects.exists()


def test_what_is_sent_again_costs_nothing_asks_for_no_paper_and_may_be_cancelled_before(
    django_capture_on_commit_callbacks: Any,
) -> None:
    kato = cast.staff("加藤")
    made, mine = complaint(kato)
    ask = Ask("reship", 1080, "破損", "k", mine.pk, {"lines": {str(mine.lines.get().pk): 1}})
    done = compensation.ask(made, ask, by=kato)
    assert compensation.ask(made, ask, by=kato) == done
    again = Order.objects.exclude(pk=mine.pk).get()
    assert (again.total_yen, again.payment_settled, again.invoice_progress) == (0, True, "not_needed")
    assert (again.payment, again.channel_order_no) == ("points", done.number)
    assert made.number in again.shop_note and mine.number in again.shop_note
    order_services.cancel(again.pk, reason="在庫なし", refunded_by_channel=True, by=kato)
    assert compensation.reverse(done, reason="不要になった", by=kato).state == "reversed"
    assert broken() == {}


def test_goods_sent_again_from_the_ticket_are_counted_in_its_one_complaint() -> None:
    kato = cast.staff("加藤")
    made, mine = complaint(kato)
    cause = ComplaintCause.objects.get(code="broken")
    ask = Ask("reship", 1080, "破損", "k", mine.pk, {"lines": {str(mine.lines.get().pk): 1}})
    done = reshipping.reship(made.ticket, cause, ask, by=kato)
    assert (done.complaint_id, Complaint.objects.count()) == (made.pk, 1)
