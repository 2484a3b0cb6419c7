"""保存期間: what is old and over goes at night and is written down; what is open, young or wanted by the law stays."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from akinai.core import clock, paper_store
from akinai.core.models import OutgoingMail
from akinai.orders.models import Order
from akinai.party import keeping, retention
from akinai.party.erasing import GONE
from akinai.party.models import Customer, RetentionRule, RetentionRun, RetentionSettings
from akinai.party.ports import TIMERS
from akinai.support.erasing import sweep
from akinai.support.models import Complaint, MailReceipt, Message, MessageFile, Ticket
from tests import cast

pytestmark = pytest.mark.django_db


def ticket(no: int, *, state: str, days: int) -> Ticket:
    """A ticket with words, an attachment and an address, last touched so many days ago."""
    at = clock.now() - timedelta(days=days)
    made = Ticket.objects.create(
        number=f"TK-{no}", source="mail", subject="届きません", state=state, contact_name="青木", contact_mail="aoki@example.com",
        key=f"t:{no}", opened_at=at, solved_at=at if state in ("solved", "closed") else None, search_text="青木",
    )  # fmt: skip
    said = Message.objects.create(ticket=made, direction="in", text="まだです", sender="青木", at=at)
    digest = paper_store.keep(f"photo {no}".encode(), ".bin")
    MessageFile.objects.create(
        message=said, name="写真.jpg", mime="image/jpeg", size=3, state="kept", digest=digest
    )
    return made


def run(code: str) -> int:
    timer = TIMERS[code]
    return retention.run_one(timer, retention.rule_of(timer))


def test_old_tickets_lose_their_words_and_files_and_open_or_young_ones_nothing(
    django_capture_on_commit_callbacks: object,
) -> None:
    old, young = ticket(1, state="closed", days=1200), ticket(2, state="solved", days=900)
    opened, argued = ticket(3, state="open", days=1200), ticket(4, state="closed", days=1200)
    Complaint.objects.create(number="CL-1", ticket=argued, state="checking", severity=1, facts="割れていた")
    file = MessageFile.objects.get(message__ticket=old).digest
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert run("tickets") == 1
    assert not paper_store.is_whole(file, ".bin")
    old.refresh_from_db()
    said = Message.objects.get(ticket=old)
    assert (old.subject, old.contact_mail, old.search_text, said.text, said.sender) == (GONE, "", "", "", "")
    for kept in (young, opened, argued):
        assert Message.objects.get(ticket=kept).text == "まだです"
    assert run("tickets") == 0
    assert list(RetentionRun.objects.values_list("kind", "rows")) == [("tickets", 1)]
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE party_retentionrun SET rows = 0")


def test_a_file_that_a_dead_process_left_behind_is_swept_and_a_named_or_new_one_is_not(
    settings: Any, tmp_path: Path
) -> None:
    settings.FILES_ROOT = tmp_path
    named = MessageFile.objects.get(message__ticket=ticket(1, state="open", days=9)).digest
    left, new = paper_store.keep(b"left", ".bin"), paper_store.keep(b"new", ".bin")
    paper = paper_store.keep(b"%PDF paper of the law")
    for digest, suffix in ((named, ".bin"), (left, ".bin"), (paper, ".pdf")):
        os.utime(paper_store.path_of(digest, suffix), (0, 0))
    assert sweep() == 1
    kept = [
        paper_store.is_whole(*one)
        for one in ((named, ".bin"), (left, ".bin"), (new, ".bin"), (paper, ".pdf"))
    ]
    assert kept == [True, False, True, True]
    with pytest.raises(ValueError, match="papers are kept"):
        paper_store.drop(paper, ".pdf")


def test_mails_of_machines_go_and_are_not_taken_in_a_second_time() -> None:
    for no, (outcome, days) in enumerate([("auto", 100), ("ignored", 10), ("refused", 100)], 1):
        MailReceipt.objects.create(digest=f"{no:064}", size=1, came_from="box", outcome=outcome, why="自動応答です。", sender="a@example.com",
                                   at=clock.now() - timedelta(days=days))  # fmt: skip
    assert run("machine_mails") == 2
    assert list(MailReceipt.objects.order_by("pk").values_list("digest", "sender")) == [
        (f"{1:064}", ""), (f"{2:064}", "a@example.com"), (f"{3:064}", ""),
    ]  # fmt: skip


def test_an_order_names_nobody_only_when_neither_the_law_nor_the_shop_wants_it() -> None:
    cast.company()
    cast.sku("A-1", pieces=9)
    years = {"1": 6, "2": 9, "3": 11, "4": 11}
    for no, ago in years.items():
        order = cast.place(cast.draft(no, ("A-1", 1, 1080)))
        Order.objects.filter(pk=order.pk).update(
            state="completed" if no != "4" else "ready",
            paid_yen=1080,
            ordered_at=clock.now() - timedelta(days=366 * ago),
        )
    assert run("orders") == 1
    named = dict(Order.objects.values_list("channel_order_no", "buyer_name"))
    assert named == {"1": "青木 美咲", "2": "青木 美咲", "3": GONE, "4": "青木 美咲"}
    retention.save({"orders": (True, 1)}, RetentionSettings(), by=cast.staff("伊藤"))
    assert run("orders") == 1  # nine years old; that of six years the law still wants
    RetentionSettings.objects.update(paper_years=10)
    assert keeping.papers_needed_from().isoformat() == "2016-01-01"
    assert Order.objects.get(channel_order_no="1").buyer_name == "青木 美咲"


def test_customers_go_after_their_last_order_and_never_before() -> None:
    cast.company()
    cast.sku("A-1", pieces=9)
    order = cast.place(cast.draft("1", ("A-1", 1, 1080)))
    Customer.objects.update(created_at=clock.now() - timedelta(days=366 * 11))
    Order.objects.update(state="completed", paid_yen=1080)
    assert run("customers") == 0
    Order.objects.update(ordered_at=clock.now() - timedelta(days=366 * 11))
    assert retention.run_all() == 2  # the order first, then the customer
    customer = Customer.objects.get(pk=order.customer_id)
    assert (customer.name, customer.email, customer.erased_at is None) == (GONE, "", False)


def test_a_kind_that_is_off_stays_and_says_what_would_go() -> None:
    ticket(1, state="closed", days=1200)
    RetentionRule.objects.create(kind="tickets", is_on=False, days=1095)
    assert run("tickets") == 0
    assert {kind.timer.code: (kind.is_on, kind.due) for kind in retention.kinds()}["tickets"] == (False, 1)


def test_a_mail_whose_words_are_gone_is_not_sent_again() -> None:
    mail = OutgoingMail.objects.create(
        key="shipped:SH-1",
        to="aoki@example.com",
        subject="発送しました",
        body="青木様",
        state="sent",
        created_at=clock.now() - timedelta(days=1100),
    )
    assert run("mails") == 1
    mail.refresh_from_db()
    assert (mail.to, mail.body, mail.state) == ("", "", "sent")
    manager = Client()
    manager.force_login(cast.staff("伊藤"))
    manager.post(reverse("mail:again", args=[mail.pk]), {"to": "x@example.com"})
    assert OutgoingMail.objects.count() == 1


def test_the_manager_alone_sets_the_days_and_the_law_sets_the_least() -> None:
    page = reverse("party:retention")
    ito, kato = Client(), Client()
    ito.force_login(cast.staff("伊藤"))
    kato.force_login(cast.staff("加藤"))
    assert (kato.get(page).status_code, kato.get(reverse("party:retention_runs")).status_code) == (403, 403)
    told = {"closing_month": "3", "paper_years": "7", "answer_days": "14"}
    for kind in retention.kinds():
        told |= {f"on_{kind.timer.code}": "on", f"days_{kind.timer.code}": str(kind.days)}
    with CaptureQueriesContext(connection) as asked:
        assert ito.get(page).status_code == 200
    assert len(asked) <= 10  # all kinds are counted by one
    assert ito.post(page, {**told, "days_openings": "30"}).status_code == 422
    assert ito.post(page, {**told, "days_tickets": "730"}).status_code == 302
    assert RetentionRule.objects.get().days == 730
    assert RetentionSettings.objects.get().closing_month == 3


@pytest.mark.parametrize(
    ("on", "month", "years", "until"),
    [
        ("2026-11-20", 12, 7, "2034-02-28"),
        ("2026-12-31", 12, 7, "2034-02-28"),
        ("2027-01-01", 12, 7, "2035-02-28"),
        ("2026-04-01", 3, 7, "2034-05-31"),
        ("2026-03-31", 3, 10, "2036-05-31"),
        ("2027-06-30", 12, 9, "2037-02-28"),
    ],
)
def test_papers_are_kept_seven_years_from_the_day_the_return_is_due(
    on: str, month: int, years: int, until: str
) -> None:
    day = clock.today().fromisoformat(on)
    assert keeping.kept_until(day, closing_month=month, years=years).isoformat() == until
