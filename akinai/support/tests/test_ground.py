"""番人: what the database itself refuses in サポート, whoever writes and however many write at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from akinai.core import clock
from akinai.support import models as support
from akinai.support.tests.letters import order
from tests.cast import staff

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 27)


@pytest.fixture(scope="module", autouse=True)
def ground(common_ground: None) -> Iterator[SimpleNamespace]:
    """One row of each kind, as it should be."""
    kato, now = staff("加藤"), clock.now()
    bought = order("A-1", mail="hanako@example.jp")
    ticket, other = (
        support.Ticket.objects.create(number=f"TK-{n}", source="mail", subject="x", key=f"k{n}") for n in "ab"
    )
    say = support.Message.objects.create
    heard = say(ticket=ticket, direction="in", text="x", message_id="<a@x>")
    sent = say(ticket=ticket, direction="out", text="x", by=kato, mail_key="m")
    complaint = support.Complaint.objects.create(
        number="CP-a", ticket=ticket, severity=1, cause=support.ComplaintCause.objects.all()[0]
    )
    allowance = support.CompensationAllowance.objects.create(key="a", most_yen=9, given_yen=9)
    asked = support.Compensation.objects.create(
        number="CO-a", complaint=complaint, kind="points", yen=9, reason="x", allowance=allowance, limit_yen=99, before_yen=0,
        asked_by=kato, key="a",
    )  # fmt: skip
    done = support.CompensationEntry.objects.create(compensation=asked, yen=9)
    article = support.Article.objects.create(number="FA-a", question="x", answer="x", made_from=ticket)
    version = support.ArticleVersion.objects.create(
        article=article, nth=1, question="x", answer="x", audience="public"
    )
    yield SimpleNamespace(
        kato=kato, ticket=ticket, other=other, heard=heard, sent=sent, complaint=complaint, asked=asked, done=done,
        article=article, version=version, now=now,
        act=say(ticket=ticket, direction="act", text="x", act_key="a"),
        file=support.MessageFile.objects.create(message=heard, name="x", mime="x", size=1, digest="x", state="kept"),
        source=support.MailSource.objects.create(name="a", host="x", user="x"),
        receipt=support.MailReceipt.objects.create(digest="a", size=1, came_from="x", outcome="ticket", ticket=ticket),
        link=support.TicketOrder.objects.create(ticket=ticket, order=bought),
        viewing=support.Viewing.objects.create(ticket=ticket, staff=kato),
        csat=support.Csat.objects.create(ticket=ticket, mail="x"),
        refusal=support.CsatRefusal.objects.create(mail="x"),
        spike=support.Spike.objects.create(kind="sku", subject="x", title="x", began_on=DAY, days=7, count=5, usual=1, limit=3),
        grade=support.ReplyGrade.objects.create(message=sent, week=DAY, author=kato),
        told=support.ImportedTicket.objects.create(number="x", opened_at=now),
        task=support.PreventionTask.objects.create(
            number="PV-a", complaint=complaint, cause=complaint.cause, what="x", owner=kato, due_on=DAY, days=7
        ),
        tied=support.ArticleLink.objects.create(article=article, kind="sku", ref="x", label="x"),
        pair=support.ArticlePair.objects.create(article=article, pair="xx", weight=1),
        hit=support.ArticleHit.objects.create(article=article, kind="shown", place="faq", visit="x"),
        signature=support.Signature.objects.create(text="x"),
        duty=support.Duty.objects.create(staff=kato),
        rule=support.ServiceRule.objects.create(name="x", first_reply_minutes=1, resolution_minutes=1),
        voice=support.VoiceSettings.objects.get_or_create(pk=1)[0],
        hours=support.SupportHours.objects.get_or_create(pk=1)[0],
        limits=support.ComplaintSettings.objects.get_or_create(pk=1)[0],
    )  # fmt: skip


def again(row: models.Model, **changes: Any) -> None:
    """The same row once more, with changes."""
    new = copy(row)
    new.pk, new._state = None, copy(row._state)
    new._state.adding = True
    for name, value in changes.items():
        setattr(new, name, value)
    new.save(force_insert=True)


def turned(row: models.Model, **changes: Any) -> None:
    """The row, changed past every service."""
    type(row)._default_manager.filter(pk=row.pk).update(**changes)


def taken_back(g: Any) -> None:
    for _ in range(2):
        support.CompensationEntry.objects.create(compensation=g.asked, yen=-9, reverses=g.done)


WATCHED = {"state": "watching", "in_place_on": DAY, "before_complaints": 2, "before_shipments": 9}
REFUSED: dict[str, Callable[[Any], Any]] = {
    # 問い合わせ
    "support_ticket_key": lambda g: again(g.ticket, number="TK-c"),
    "ticket_merged_into_one": lambda g: turned(g.ticket, state="merged"),
    "ticket_not_into_itself": lambda g: turned(g.ticket, state="merged", merged_into=g.ticket),
    "ticket_snoozed_until": lambda g: turned(g.ticket, state="snoozed"),
    "ticket_solved_at_end": lambda g: turned(g.ticket, solved_at=g.now),
    "ticket_has_solved_at": lambda g: turned(g.ticket, state="closed"),
    "ticketorder_once": lambda g: again(g.link),
    "viewing_once": lambda g: again(g.viewing),
    # やり取り
    "message_id_once": lambda g: again(g.heard),
    "message_mail_once": lambda g: again(g.sent),
    "message_act_once": lambda g: again(g.act),
    "message_by_somebody": lambda g: again(g.heard, message_id="", direction="note"),
    "messagefile_kept_or_why": lambda g: again(g.file, state="refused"),
    # 受信箱
    "mailsource_port": lambda g: turned(g.source, port=65536),
    "mailsource_read_once": lambda g: again(g.source, name="b"),
    "mailsource_moves_somewhere": lambda g: turned(g.source, after="move"),
    "support_mailreceipt_digest": lambda g: again(g.receipt),
    "mailreceipt_ticket_or_why": lambda g: again(g.receipt, digest="b", outcome="ignored"),
    # クレーム・補償・再発防止
    "support_complaint_ticket": lambda g: again(g.complaint, number="CP-b"),
    "complaint_settled_at": lambda g: turned(g.complaint, state="settled"),
    "complaint_settled_has_cause": lambda g: turned(g.complaint, state="settled", settled_at=g.now, cause=None),
    "complaint_grave_is_told": lambda g: turned(g.complaint, severity=3),
    "complaint_lot_of_sku": lambda g: turned(g.complaint, lot_id=1),
    "complaintsettings_one": lambda g: again(g.limits, pk=2),
    "complaintsettings_days": lambda g: turned(g.limits, measure_days=6),
    "support_compensation_key": lambda g: again(g.asked, number="CO-b", complaint=g.complaint, state="refused"),
    "compensation_positive": lambda g: again(g.asked, yen=0),
    "compensation_has_a_reason": lambda g: again(g.asked, reason=""),
    "compensation_of_an_order": lambda g: again(g.asked, kind="refund"),
    "compensation_large_seen_by_another": lambda g: again(g.asked, limit_yen=8, state="done"),
    "compensation_one_at_a_time": lambda g: again(g.asked, number="CO-b", key="b"),
    "support_compensationallowance_given_yen": lambda g: turned(g.asked.allowance, given_yen=-1),
    "compensationentry_sign": lambda g: again(g.done, yen=-9),
    "compensationentry_once": lambda g: again(g.done),
    "support_compensationentry_reverses": taken_back,
    "prevention_says_what": lambda g: turned(g.task, what=""),
    "prevention_days": lambda g: turned(g.task, days=6),
    "prevention_in_place_has_before": lambda g: turned(g.task, state="watching", in_place_on=DAY),
    "prevention_closed_by_measure": lambda g: turned(g.task, **WATCHED | {"state": "closed", "after_complaints": 1, "after_shipments": 9}),
    # 記事
    "article_published_live": lambda g: turned(g.article, state="published"),
    "article_retired_not_live": lambda g: turned(g.article, state="retired", live=g.version),
    "article_once_from_ticket": lambda g: again(g.article, number="FA-b"),
    "articleversion_once": lambda g: again(g.version),
    "articlelink_once": lambda g: again(g.tied),
    "articlepair_once": lambda g: again(g.pair),
    "articlehit_once": lambda g: again(g.hit),
    # お客様の声
    "support_csat_ticket": lambda g: again(g.csat),
    "csat_answered_whole": lambda g: turned(g.csat, score=3),
    "support_csatrefusal_mail": lambda g: again(g.refusal),
    "spike_one_open": lambda g: again(g.spike),
    "spike_order": lambda g: turned(g.spike, ended_on=DAY - timedelta(days=1)),
    "support_replygrade_message": lambda g: again(g.grade),
    "replygrade_whole": lambda g: turned(g.grade, facts_right=True),
    "importedticket_reply": lambda g: turned(g.told, first_reply_minutes=-1),
    "importedticket_resolution": lambda g: turned(g.told, resolution_hours=-1),
    "importedticket_score": lambda g: turned(g.told, score=6),
    "voicesettings_one": lambda g: again(g.voice, pk=2),
    "voicesettings_low": lambda g: turned(g.voice, low_score=5),
    # 応対の設定
    "signature_once": lambda g: again(g.signature),
    "support_duty_staff": lambda g: again(g.duty),
    "servicerule_order": lambda g: turned(g.rule, first_reply_minutes=2),
    "supporthours_one": lambda g: again(g.hours, pk=2),
}  # fmt: skip


@pytest.mark.parametrize("guard", REFUSED)
def test_what_no_screen_may_write_the_database_refuses_too(guard: str, ground: Any) -> None:
    with pytest.raises(IntegrityError, match=f'"{guard}'), transaction.atomic():
        REFUSED[guard](ground)


LEDGERS = (
    "support_message", "support_messagefile", "support_mailreceipt", "support_compensationentry", "support_articleversion",
)  # fmt: skip


@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("table", LEDGERS)
def test_what_was_said_given_and_told_to_all_only_grows(table: str, act: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=f"ledger {table} only grows"), transaction.atomic():
            cursor.execute(act.format(table))


@pytest.mark.parametrize(
    "change",
    [{"complaint": None}, {"kind": "coupon"}, {"yen": 8}, {"reason": "y"}, {"limit_yen": 1}, {"before_yen": 1}, {"key": "y"}, {"details": {"a": 1}}],
    ids=str,
)  # fmt: skip
def test_what_was_asked_for_stands_still(change: dict[str, Any], ground: Any) -> None:
    with pytest.raises(DatabaseError, match="stands still"), transaction.atomic():
        turned(ground.asked, **change)


def test_a_compensation_is_never_deleted_and_what_is_over_does_not_begin_again(ground: Any) -> None:
    with pytest.raises(DatabaseError, match="stands still"), transaction.atomic():
        support.Compensation.objects.filter(pk=ground.asked.pk)._raw_delete("default")
    turned(ground.asked, state="refused")
    with pytest.raises(DatabaseError, match="stands still"), transaction.atomic():
        turned(ground.asked, state="done")
    with pytest.raises(DatabaseError, match="stands still"), transaction.atomic():
        turned(ground.asked, approved_by=staff("伊藤"))
