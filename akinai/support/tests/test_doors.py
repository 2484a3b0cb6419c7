"""サポートの扉: who opens which. サポート does all but what the 店長 decides; 受注 takes in and sorts, and answers nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from akinai.party import queries as party
from akinai.staff.models import Staff
from akinai.support import disclosing, office, services
from akinai.support.complaint_lists import CompensationList
from akinai.support.lists import TicketList
from akinai.support.merging import TicketsFollow
from akinai.support.models import MessageFile, Ticket
from akinai.support.ports import ArrivedFile
from akinai.support.tests.letters import letter, order
from akinai.support.views import knowledge
from tests import cast
from tests.test_office_doors import closed_to

pytestmark = pytest.mark.django_db
MANAGER_DECIDES = """
article_publish article_retire article_send_back complaint_acknowledge complaint_cause complaint_cause_new compensation_approve
prevention_excuse
"""
SUPPORT_ALONE = """
article_edit article_new article_right article_submit article_tie article_untie article_used assign compensation_refuse
compensation_reverse complaint_answer complaint_apologise complaint_apologised complaint_change complaint_check complaint_compensate
complaint_open complaint_reopen complaint_settle complaint_withdraw coupon drop_signature duty edit_mailbox fill grade hours macro
new_duty new_macro new_mailbox new_rule new_signature new_tag new_template pause_mailbox prevention_change prevention_close
prevention_drop prevention_in_place prevention_plan prevention_resume preview remove_mailbox reply reship resume_mailbox rule share signature
tag take_back take_usual template try_mailbox use_macro voice_settings write_again
"""


def test_support_decides_nothing_that_is_the_managers_and_who_takes_orders_answers_nobody() -> None:
    assert closed_to("伊藤", "support") == set()
    assert closed_to("加藤", "support") == set(MANAGER_DECIDES.split())
    assert closed_to("佐藤", "support") == {*MANAGER_DECIDES.split(), *SUPPORT_ALONE.split()}


def test_acts_upon_many_at_once_ask_for_the_same_rights() -> None:
    told = {act.key: act.permission for one in (TicketList, CompensationList) for act in one.bulk_actions}
    assert told == {
        "begin": "support.change_ticket", "assign": "support.assign_ticket", "share": "support.assign_ticket",
        "solve": "support.change_ticket", "dismiss": "support.change_ticket", "approve": "support.approve_compensation",
    }  # fmt: skip


def test_beside_a_customer_tickets_are_shown_only_to_whom_they_concern(rf: Any, client: Client) -> None:
    pk = order("A-1", mail="hanako@example.jp").customer_id or 0
    Ticket.objects.create(number="TK-x", source="mail", subject="秘密の件", key="x", customer_id=pk)
    request, customer = rf.get("/"), party.customer_by_id(pk)
    request.user = cast.staff("高橋")
    assert office.customer_panel(request, customer) is None
    assert knowledge.ticket_panel(request, Ticket.objects.get()) is None
    request.user = cast.staff("加藤")
    assert office.customer_panel(request, customer) is not None
    client.force_login(cast.staff("高橋"))
    assert "TK-x" not in client.get("/office/ui/search/", {"q": "TK-"}).text


def test_an_attachment_opens_in_a_sandbox_or_as_a_download_and_what_was_refused_not_at_all(
    client: Client,
) -> None:
    names = ("a.txt", "text/plain"), ("b.zip", "application/zip"), ("c.html", "text/html")
    services.receive(letter(files=[ArrivedFile(name, mime, name.encode()) for name, mime in names]))
    client.force_login(cast.staff("加藤"))
    page = f"/office/support/tickets/{Ticket.objects.get().number}/files"
    text, archive, program = (client.get(f"{page}/{one.pk}/") for one in MessageFile.objects.order_by("pk"))
    assert text["Content-Disposition"].startswith("inline") and text["Content-Type"] == "text/plain"
    assert text["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert archive["Content-Type"] == "application/octet-stream"
    assert archive["Content-Disposition"].startswith("attachment")
    assert program.status_code == 404


def test_a_person_is_told_what_was_said_and_not_what_we_noted_of_him(kato: Staff) -> None:
    mine = order("A-1", mail="hanako@example.jp")
    services.receive(letter())
    services.note(Ticket.objects.get(), "社内の話", by=kato)
    told = str(disclosing.TicketsTold().disclose([mine.customer_id or 0]))
    assert "荷物が届きません。" in told and "社内の話" not in told


def test_when_two_customers_are_parted_again_each_keeps_his_tickets(kato: Staff) -> None:
    kept, gone, third = (order(f"A-{n}", mail=f"{n}@example.jp").customer_id or 0 for n in (1, 2, 3))
    for n in (1, 2, 2):
        services.receive(letter(sender_address=f"{n}@example.jp"))
    follow = TicketsFollow()
    moved = follow.follow(kept, gone, "", by=kato)
    services.choose_customer(Ticket.objects.latest("pk"), third, by=kato)
    follow.go_back(kept, gone, moved, by=kato)
    assert list(Ticket.objects.order_by("pk").values_list("customer_id", flat=True)) == [kept, gone, third]
