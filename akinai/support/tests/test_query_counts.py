"""問い合わせの数: every list and report of the desk asks as little, whatever stands in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from akinai.core import clock
from akinai.shipping import services as shipping
from akinai.staff.models import Staff
from akinai.support import services
from akinai.support.models import ComplaintCause, Ticket
from akinai.support.queries import causes
from akinai.support.queries.complaints import blamable
from akinai.support.services import compensation, complaints, deeds, prevention, usual
from akinai.support.services.complaints import Told
from akinai.support.tests.complaints import Kept, client, present
from akinai.support.tests.letters import letter, order

pytestmark = pytest.mark.django_db
LISTS = (
    "", "mails/", "mailboxes/", "callbacks/", "complaints/", "compensations/", "preventions/", "articles/", "reports/marks/",
    "reports/spikes/", "history/", "settings/templates/", "settings/macros/", "settings/tags/", "settings/rules/", "settings/duties/",
)  # fmt: skip
REPORTS = (
    "reports/",
    "reports/?about=sku",
    "complaints/report/",
    "complaints/report/?by=sku",
    "articles/report/",
    "reports/grades/",
)


def some(kato: Staff, begin: int, count: int) -> None:
    """So many customers more, each with an order, a letter, a complaint and a measure."""
    cause = ComplaintCause.objects.get(code="broken")
    for nth in range(begin, begin + count):
        mine = order(f"N-{nth}", mail=f"c{nth}@example.jp", phone=f"090-0000-{nth:04d}")
        services.receive(letter(f"{mine.number} が割れていました。", sender_address=f"c{nth}@example.jp"))
        ticket = Ticket.objects.latest("pk")
        made = complaints.open_complaint(ticket, Told(1, cause.pk, order_id=mine.pk), by=kato)
        plan = prevention.Plan("二重箱にする", kato.pk, clock.today() + timedelta(days=9))
        prevention.plan(made, plan, by=kato)
        compensation.ask(made, present(100, f"k{nth}"), by=kato)


def asked(desk: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        page = desk.get(f"/office/support/{path}")
    assert page.status_code == 200, path
    return len(seen)


def test_lists_ask_six_times_and_reports_ten_whatever_stands_in_them(kato: Staff, way: Kept) -> None:
    usual.take_usual(by=kato)
    desk = client("伊藤")
    some(kato, 0, 2)
    for path in (*LISTS, *REPORTS):
        asked(desk, path)  # what is remembered for a while is remembered now
    few = {path: asked(desk, path) for path in (*LISTS, *REPORTS)}
    some(kato, 2, 5)
    many = {path: asked(desk, path) for path in (*LISTS, *REPORTS)}
    assert many == few
    assert {path: n for path, n in many.items() if n > (6 if path in LISTS else 10)} == {}


def test_a_year_of_months_is_two_questions(kato: Staff, way: Kept, django_assert_num_queries: Any) -> None:
    some(kato, 0, 1)
    today = clock.today()
    with django_assert_num_queries(2):
        rows = causes.months(today - timedelta(days=364), today)
    assert len(rows) in (12, 13) and sum(row.count for row in rows) == 1


def test_the_histories_of_a_tickets_orders_are_asked_once_however_many_they_are(kato: Staff) -> None:
    one = order("N-1", mail="hanako@example.jp")
    services.receive(letter(f"{one.number} が割れていました。"))
    ticket = Ticket.objects.get()
    seen = []
    for nth in range(2, 5):
        shipping.instruct([one.pk], ship_on=clock.today(), by=None)
        services.link_order(ticket, one, by=kato)
        deeds.tell(ticket)
        with CaptureQueriesContext(connection) as asked:
            assert deeds.tell(ticket) == 0
        seen.append(len(asked))
        one = order(f"N-{nth}", mail="hanako@example.jp")
    assert len(set(seen)) == 1 and ticket.order_links.count() == 3


def test_what_may_be_blamed_is_asked_once_for_all_shipments(kato: Staff) -> None:
    one = order("N-1", mail="hanako@example.jp")
    services.receive(letter(f"{one.number} が割れていました。"))
    ticket = Ticket.objects.get()
    seen = []
    for nth in range(2, 5):
        shipping.instruct([one.pk], ship_on=clock.today(), by=None)
        services.link_order(ticket, one, by=kato)
        with CaptureQueriesContext(connection) as asked:
            found = blamable(ticket)
        seen.append((len(found.orders), len(asked)))
        one = order(f"N-{nth}", mail="hanako@example.jp")
    assert [orders for orders, _ in seen] == [1, 2, 3] and len({queries for _, queries in seen}) == 1
