"""保存期間の番人: of each kind goes what is old and over, and beside it stays what is young, open, or needed by somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from akinai.catalog.models import Sku
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.core.intake.models import IntakeFile
from akinai.core.models import OutgoingMail
from akinai.orders.models import Order
from akinai.party import erasing, keeping, retention
from akinai.party.erasing import GONE
from akinai.party.models import (
    Customer,
    ErasureRequest,
    Opening,
    RetentionRule,
    RetentionRun,
    RetentionSettings,
)
from akinai.party.ports import TIMERS, Timer
from akinai.payments import services as payments
from akinai.shipping import services as shipping
from akinai.shipping.models import LabelExport
from akinai.shop.models import Cart, Inquiry, Member, RestockNotice
from akinai.shop.services import leaving
from akinai.support.models import Compensation, CompensationAllowance, Complaint, MailReceipt, Ticket
from tests import cast
from tests.together import overlapping

pytestmark = pytest.mark.django_db
OLD, YOUNG = 366 * 12, 1


def ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def due(code: str) -> QuerySet[Any]:
    """What would go tonight by the usual days."""
    timer = TIMERS[code]
    return timer.rows(ago(max(timer.days, timer.least)))


def names(rows: QuerySet[Any], field: str) -> set[Any]:
    return set(rows.values_list(field, flat=True))


def ticket(no: str, state: str, days: int, **more: Any) -> Ticket:
    solved = ago(days) if state in ("solved", "closed") else None
    told = {"source": "mail", "subject": no, "key": f"t:{no}", "opened_at": ago(days), "solved_at": solved}
    return Ticket.objects.create(number=f"TK-{no}", state=state, **{**told, **more})


def test_of_tickets_go_those_that_ended_long_ago_with_what_hangs_on_them() -> None:
    ended, young, opened = (
        ticket("ended", "closed", OLD),
        ticket("young", "closed", YOUNG),
        ticket("opened", "open", OLD),
    )
    for name, into in (("of ended", ended), ("of young", young), ("of opened", opened)):
        ticket(name, "merged", OLD, merged_into=into)
    thrown = ticket("thrown away", "spam", OLD, solved_at=ago(OLD))
    ticket("of thrown away", "merged", OLD, merged_into=thrown)
    argued, waits = ticket("argued", "closed", OLD), ticket("waits", "closed", OLD)
    Complaint.objects.create(number="CL-1", ticket=argued, state="checking", severity=1)
    over = Complaint.objects.create(number="CL-2", ticket=waits, state="withdrawn", severity=1)
    allowance = CompensationAllowance.objects.create(key="x", given_yen=0, most_yen=9)
    Compensation.objects.create(
        number="CP-1", complaint=over, kind="points", yen=5, reason="お詫び", allowance=allowance, limit_yen=9, before_yen=0,
        asked_by=cast.staff("加藤"), key="k",
    )  # fmt: skip
    assert names(due("tickets"), "subject") == {"ended", "of ended"}


def test_of_what_was_no_ticket_goes_what_nobody_wrote_to_again() -> None:
    ticket("ad", "spam", 100)
    ticket("young", "spam", 10)
    ticket("answered", "spam", 100, last_in_at=ago(2))
    ticket("long answered", "spam", 100, last_in_at=ago(95))
    ticket("real", "waiting", 100)
    assert names(due("spam"), "subject") == {"ad", "long answered"}


def test_of_mails_go_those_of_machines_and_of_the_outbox_those_that_are_over() -> None:
    for no, (outcome, days) in enumerate([("auto", 100), ("auto", 10), ("ticket", 100)]):
        more: dict[str, Any] = {"why": "x"} if outcome == "auto" else {"ticket": ticket("1", "open", 100)}
        MailReceipt.objects.create(digest=f"{no:064}", size=1, came_from="box", outcome=outcome, subject=f"{outcome} {days}", at=ago(days), **more)  # fmt: skip
    assert names(due("machine_mails"), "subject") == {"auto 100"}
    for state, days in (("sent", OLD), ("sent", YOUNG), ("queued", OLD), ("sending", OLD), ("failed", OLD)):
        OutgoingMail.objects.create(key=f"{state}:{days}", to="a@example.com", subject=f"{state} {days}", body="本文", state=state, created_at=ago(days))  # fmt: skip
    assert names(due("mails"), "subject") == {f"sent {OLD}", f"failed {OLD}"}


def test_of_requests_go_the_words_of_those_that_are_over(customer: Customer) -> None:
    for no, (state, days) in enumerate(
        [("withdrawn", OLD), ("withdrawn", YOUNG), ("refused", OLD), ("asked", OLD)]
    ):
        ErasureRequest.objects.create(number=f"ER-{no}", customer=customer, state=state, kind="asked_for", reason=f"{state} {days}", proof="mail",
                                      received_on=ago(days).date(), asked_at=ago(days), asked_by=cast.staff("加藤"))  # fmt: skip
    assert names(due("erasures"), "reason") == {f"withdrawn {OLD}", f"refused {OLD}"}


def test_of_openings_go_those_of_more_than_three_years() -> None:
    for days in (OLD, 1000):
        Opening.objects.create(
            at=ago(days), staff=cast.staff("加藤"), page="customer", subject=f"{days}", slot=days
        )
    assert names(due("openings"), "subject") == {f"{OLD}"}


@pytest.fixture
def customer(customer: Customer) -> Customer:
    """青木, who came long ago; nobody needs her name any more."""
    Order.objects.update(ordered_at=ago(OLD), buyer_name=GONE)
    Customer.objects.update(created_at=ago(OLD))
    return Customer.objects.get(pk=customer.pk)


def _kept_money(customer: Customer) -> None:
    order = Order.objects.get()
    Order.objects.update(payment_settled=False, paid_yen=0, state="completed")
    payments.receive_otherwise(order_id=order.pk, amount_yen=1080, source="cash", received_on=clock.today(), key="p", by=None)  # fmt: skip
    payments.keep_as_credit(order_id=order.pk, amount_yen=80, on=clock.today(), key="k", note="", by=None)


NEEDED: dict[str, Callable[[Customer], object]] = {
    "an order that names him": lambda one: Order.objects.update(buyer_name="青木 美咲"),
    "a membership": lambda one: Member.objects.create(
        customer=one, mail="a@example.com", name="青木", password="x"
    ),
    "a ticket with words": lambda one: ticket("words", "closed", OLD, customer=one),
    "money kept for him": _kept_money,
    "having come a moment ago": lambda one: Customer.objects.update(created_at=ago(YOUNG)),
    "having gone into another": lambda one: Customer.objects.filter(pk=one.pk).update(
        merged_into=cast.place(cast.draft("1009", ("A-1", 1, 1080), buyer=cast.somebody("B"))).customer
    ),
    "being erased already": lambda one: Customer.objects.update(erased_at=clock.now()),
}


@pytest.mark.parametrize("why", NEEDED)
def test_a_customer_stays_for(why: str, customer: Customer) -> None:
    assert customer.pk in names(due("customers"), "pk")
    NEEDED[why](customer)
    assert customer.pk not in names(due("customers"), "pk")


def test_a_member_who_left_and_a_ticket_without_words_need_no_name(customer: Customer) -> None:
    leaving.leave_for_good(
        Member.objects.create(customer=customer, mail="a@example.com", name="青木", password="x")
    )
    ticket("gone", "closed", OLD, customer=customer, subject=GONE)
    assert customer.pk in names(due("customers"), "pk")


def test_of_orders_go_those_that_are_over_and_paid_and_that_no_law_wants() -> None:
    cast.company()
    cast.sku("A-1", pieces=9)
    told: dict[str, dict[str, Any]] = {
        "paid": {"paid_yen": 1080, "payment_settled": False},
        "by the mall": {"paid_yen": 0, "payment_settled": True},
        "owes": {"paid_yen": 0, "payment_settled": False},
        "odd": {"paid_yen": 1080, "payment_progress": "exception"},
        "cancelled": {"state": "cancelled", "paid_yen": 0},
        "ready": {"state": "ready", "paid_yen": 1080},
        "young": {"paid_yen": 1080, "ordered_at": ago(366 * 9)},
    }
    for no, fields in told.items():
        order = cast.place(cast.draft(no, ("A-1", 1, 1080)))
        Order.objects.filter(pk=order.pk).update(**{"state": "completed", "ordered_at": ago(OLD), **fields})
    assert names(due("orders"), "channel_order_no") == {"paid", "by the mall", "cancelled"}


def test_of_files_goes_what_was_shown_of_those_that_are_over() -> None:
    for state, days in (("applied", OLD), ("applied", YOUNG), ("previewed", OLD), ("refused", OLD)):
        made = IntakeFile.objects.create(
            kind="orders", filename=f"{state} {days}", sha256=f"{state}{days}", state=state, preview={"a": 1}
        )
        IntakeFile.objects.filter(pk=made.pk).update(created_at=ago(days))
    assert names(due("intake_previews"), "filename") == {f"applied {OLD}", f"refused {OLD}"}


def test_of_the_shop_go_carts_nobody_uses_answered_inquiries_and_wishes_that_are_over() -> None:
    for days in (OLD, YOUNG):
        Cart.objects.create(coupon=f"{days}", touched_at=ago(days))
    assert names(due("carts"), "coupon") == {f"{OLD}"}
    for no, (state, done) in enumerate([("done", OLD), ("done", YOUNG), ("open", None)]):
        Inquiry.objects.create(number=f"IQ-{no}", kind="other", name=f"{state} {done}", email="a@example.com", text="x", key=f"k{no}", state=state,
                               done_at=ago(done) if done else None)  # fmt: skip
    assert names(due("inquiries"), "name") == {f"done {OLD}"}
    cast.sku("A-1")
    sku = Sku.objects.get()
    for name, fields in {"sent": {"sent_at": ago(OLD)}, "stopped": {"stopped_at": ago(OLD)}, "waits": {}, "young": {"sent_at": ago(YOUNG)}}.items():  # fmt: skip
        RestockNotice.objects.create(
            sku=sku, mail=f"{name}@example.com", asked_at=ago(OLD), confirmed_at=ago(OLD), **fields
        )
    assert names(due("restock"), "mail") == {"sent@example.com", "stopped@example.com"}


def test_of_labels_go_those_whose_parcels_have_all_left() -> None:
    cast.company()
    cast.sku("A-1", pieces=9)
    made = []
    for no in ("1", "2", "3"):
        batch = shipping.instruct(
            [cast.place(cast.draft(no, ("A-1", 1, 1080), buyer=cast.somebody(no))).pk],
            ship_on=clock.today(),
            by=None,
        )
        made.append(
            LabelExport.objects.create(
                batch=batch, carrier="yamato", filename=no, data=b"x", count=1, created_at=ago(OLD)
            )
        )
        if no != "2":
            shipping.ship([batch.shipments.get().pk], by=None)
    LabelExport.objects.filter(filename="3").update(created_at=ago(YOUNG))
    assert names(due("labels"), "filename") == {"1"}


class Reopened:
    """Rows of which one is opened again between the first look and the lock."""

    model = Ticket

    def __init__(self, rows: QuerySet[Ticket]) -> None:
        self.rows = rows

    def order_by(self, *_: str) -> Reopened:
        return self

    def values_list(self, *_: str, **__: bool) -> Iterable[int]:
        keys = list(self.rows.values_list("pk", flat=True))
        Ticket.objects.filter(number="TK-again").update(state="open", solved_at=None)
        return keys

    def filter(self, **told: Any) -> QuerySet[Ticket]:
        return self.rows.filter(**told)


def test_what_is_opened_again_meanwhile_stays_and_an_empty_night_is_not_written_down() -> None:
    ticket("again", "closed", OLD)
    kind = TIMERS["tickets"]
    late = Timer("x", "x", "x", 1, lambda before: Reopened(kind.rows(before)), kind.take)  # type: ignore[arg-type, return-value]
    assert retention.run_one(late, retention.rule_of(late)) == 0
    assert Ticket.objects.get().subject == "again" and not RetentionRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_somebody_holds_waits_for_the_next_night_and_holds_nobody_up() -> None:
    ticket("held", "closed", OLD)
    kind = TIMERS["tickets"]
    rule = retention.rule_of(kind)
    held = overlapping(
        lambda: Ticket.objects.select_for_update().get().pk, lambda: retention.run_one(kind, rule)
    )
    assert held[1] == 0 and Ticket.objects.get().subject == "held"


def test_a_night_goes_on_until_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for no in range(5):
        ticket(f"{no}", "closed", OLD)
    kind = TIMERS["tickets"]
    assert retention.run_one(kind, retention.rule_of(kind)) == 5
    assert list(RetentionRun.objects.order_by("pk").values_list("rows", flat=True)) == [2, 2, 1]
    assert Ticket.objects.values_list("subject", flat=True).distinct().get() == erasing.GONE


def test_days_shorter_than_the_law_allows_count_as_its_least() -> None:
    for days in (400, 300):
        Opening.objects.create(
            at=ago(days), staff=cast.staff("加藤"), page="customer", subject=f"{days}", slot=days
        )
    kind = TIMERS["openings"]
    assert retention.run_one(kind, RetentionRule(kind="openings", days=1)) == 1
    assert names(Opening.objects.all(), "subject") == {"300"}
    with pytest.raises(DomainError, match="366 日より短くできません"):
        retention.save({"openings": (True, 365)}, RetentionSettings(), by=cast.staff("伊藤"))
    assert not RetentionRule.objects.exists()


def test_on_its_last_day_a_paper_is_still_needed() -> None:
    assert keeping.kept_until(date(2026, 1, 1)) == date(2034, 2, 28)
    assert keeping.first_needed(date(2034, 2, 28)) == date(2026, 1, 1)
    assert keeping.first_needed(date(2034, 3, 1)) == date(2027, 1, 1)
