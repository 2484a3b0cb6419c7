"""お客様の声: business minutes, alarms that rarely cry wolf, one answer a customer, and nobody grades himself."""

from __future__ import annotations

import math
import random
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlparse

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akinai.core import clock, mail
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.staff.models import Staff
from akinai.support import services
from akinai.support.models import Csat, ReplyGrade, Spike, Ticket, TicketOrder, VoiceSettings
from akinai.support.queries import reasons, reports
from akinai.support.queries.reports import OWN, Period
from akinai.support.rules import spikes
from akinai.support.services import alarms, csat, grading, voice
from akinai.support.states import TicketState
from akinai.support.tests.letters import letter, order
from akinai.support.views import voice_public
from tests.cast import staff

FRIDAY = timezone.make_aware(datetime(2026, 11, 6, 17, 30))
MONDAY = timezone.make_aware(datetime(2026, 11, 9, 9, 30))


def bare(no: int, opened: datetime, **told: Any) -> Ticket:
    return Ticket.objects.create(
        number=f"TK-2026-9{no:05}", source="mail", subject=f"{no}", key=f"voice:{no}", opened_at=opened, **told
    )  # fmt: skip


@pytest.mark.django_db
def test_minutes_are_those_of_the_open_shop_and_waiting_for_the_customer_is_not_ours() -> None:
    promised = {
        "first_reply_due": MONDAY, "first_reply_minutes": 60, "resolution_minutes": 300,
        "resolution_due": MONDAY + timedelta(hours=4),
    }  # fmt: skip
    bare(1, FRIDAY, first_replied_at=MONDAY, state=TicketState.OPEN, **promised)
    bare(2, FRIDAY, first_replied_at=MONDAY + timedelta(hours=1), state=TicketState.SOLVED,
         solved_at=MONDAY + timedelta(days=3), paused_at=MONDAY + timedelta(hours=3), **promised)  # fmt: skip
    assert voice.measure_due() == 2
    assert voice.measure_due() == 0, "measured once"
    with clock.told(MONDAY + timedelta(days=4)):
        found = reports.figures(OWN, Period(FRIDAY.date(), FRIDAY.date()))
    assert (found.count, found.reply.half, found.reply.mean) == (2, 90.0, 90.0)
    assert (found.reply_kept, found.reply_broken, found.reply_rate) == (1, 1, 50.0)
    assert (found.resolution.count, found.resolution.half) == (1, 240.0)
    # The open one is late on its resolution; that counts as broken though nobody solved it yet.
    assert (found.resolution_kept, found.resolution_broken) == (1, 1)
    assert found.few


@pytest.mark.django_db
def test_percentiles_lie_on_the_line_between_two_neighbours() -> None:
    for no, minutes in enumerate((10, 20, 30, 40, 100)):
        bare(no, MONDAY, first_replied_at=MONDAY + timedelta(minutes=minutes), first_reply_due=MONDAY)
    voice.measure_due()
    found = reports.by(OWN, Period(MONDAY.date(), MONDAY.date()), "source")[0]
    assert (found.reply.half, found.reply.ninety) == (30.0, 76.0)
    assert found.reply.most == pytest.approx(88.0)


def poisson(rate: float, dice: random.Random) -> int:
    limit, count, product = math.exp(-rate), 0, dice.random()
    while product > limit:
        count, product = count + 1, product * dice.random()
    return count


@pytest.mark.parametrize("weekly", [0.1, 0.7, 3.0, 12.0])
def test_a_steady_rate_is_told_no_oftener_than_we_say(weekly: float) -> None:
    dice, days, told = random.Random(20261127), 1000, 0
    for _ in range(days):
        told += spikes.judge(poisson(weekly, dice), poisson(weekly * 8, dice), subjects=1).is_spike
    allowed = spikes.FALSE_ALARMS * days
    assert told <= allowed + 3 * math.sqrt(allowed)


def test_a_real_spike_is_told_and_more_sales_are_none() -> None:
    assert spikes.judge(9, 8, subjects=100).is_spike
    assert not spikes.judge(2, 0, subjects=1).is_spike
    assert not spikes.judge(9, 8, subjects=100, share=spikes.share_of(400, 400)).is_spike
    assert spikes.judge(20, 0, subjects=100, share=spikes.share_of(400, 0)).is_spike
    assert spikes.tail(3, 3, 0.1) == pytest.approx(0.001)


@pytest.mark.django_db
def test_a_spike_is_told_once_with_its_tickets_and_ends_when_it_is_over() -> None:
    boss = staff("伊藤")
    Staff.objects.filter(pk=boss.pk).update(email="boss@example.jp")
    bought = order("S-1", mail="hanako@example.jp")
    now = clock.now()
    for no in range(5):
        TicketOrder.objects.create(ticket=bare(no, now - timedelta(hours=no), category="goods"), order=bought)
    assert alarms.watch() == [], "a desk of today knows no usual rate"
    bare(99, now - timedelta(days=70))
    assert [(one.kind, one.subject, one.count) for one in alarms.watch()] == [("sku", "TEA-S-1", 5)]
    assert alarms.watch() == [], "told once"
    spike = Spike.objects.get()
    assert spike.tickets.count() == 5
    assert OutgoingMail.objects.filter(key__startswith="spike:").count() == 1
    today = clock.today()
    row = reasons.by("sku", Period(today - timedelta(days=1), today))[0]
    assert (row.subject, row.count, row.orders, row.reasons) == ("TEA-S-1", 5, 1, {"goods": 5})
    alarms.watch(today + timedelta(days=20))
    assert Spike.objects.get().ended_on == today + timedelta(days=20)


def solved(author: Staff, **told: Any) -> Ticket:
    services.receive(letter(**told))
    ticket = Ticket.objects.latest("pk")
    services.reply(
        ticket,
        services.Reply(text="お調べしました。", key=f"k{ticket.pk}", then="solve", in_spite_of=True),
        by=author,
    )
    ticket.refresh_from_db()
    return ticket


def asked(ticket: Ticket) -> Csat:
    VoiceSettings.objects.update_or_create(pk=1, defaults={"asks_customers": True})
    row = csat.ask(ticket)
    assert row is not None
    return row


@pytest.mark.django_db
def test_looking_at_the_link_never_votes_and_a_vote_counts_once(client: Client) -> None:
    row = asked(solved(staff("加藤")))
    queued = OutgoingMail.objects.get(key=f"csat:{row.ticket.number}")
    assert csat.token_of(row) not in queued.body, "nobody in the office can answer in the customer's place"
    assert mail.SECRET in queued.body
    assert queued.not_before - clock.now() > timedelta(hours=23)
    link = next(
        line.split(": ")[1]
        for line in csat.links(row.ticket.number).splitlines()
        if line.startswith("とても不満")
    )
    address = f"{urlparse(link).path}?{urlparse(link).query}"
    for _scanner in range(2):
        assert client.get(address).status_code == 200
    row.refresh_from_db()
    assert row.score is None
    assert client.post(address, {"score": "9"}).status_code == 422
    assert client.post(address, {"score": "1", "words": "遅い"}).status_code == 200
    assert client.post(address, {"score": "5"}).status_code == 200
    row.refresh_from_db()
    assert (row.score, row.words, row.is_low) == (1, "遅い", True)
    assert client.get(reverse("support_voice:answer", args=["x"])).status_code == 404


@pytest.mark.django_db
def test_a_customer_is_not_asked_through_a_mall_nor_twice_nor_against_his_will(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AKINAI_MALL_MAIL", "rakuten")  # a shop that may answer hidden addresses
    kato = staff("加藤")
    row = asked(solved(kato))
    assert csat.ask(solved(kato)) is None, "asked a moment ago"
    masked = solved(kato, sender_address="abc@pc.fw.rakuten.ne.jp", sender_name="楽天のお客様")
    assert csat.may_ask(masked) == "モールの中のお客様"
    Ticket.objects.filter(pk=masked.pk).update(source="mall", contact_mail="plain@example.jp")
    assert csat.may_ask(Ticket.objects.get(pk=masked.pk)) == "モールの中のお客様"
    stop = urlparse(csat.stop_url(row)).path
    client.get(stop)
    assert csat.may_ask(row.ticket) == "", "looking stops nothing"
    assert Client(enforce_csrf_checks=True).post(stop).status_code == 200
    assert csat.may_ask(row.ticket) == "聞かないでほしい方"
    assert (
        client.post(reverse("support_voice:answer", args=[stop.split("/")[2]]), {"score": 5}).status_code
        == 404
    )


@pytest.mark.django_db
def test_a_ticket_that_is_opened_again_is_not_asked_about() -> None:
    kato = staff("加藤")
    ticket = solved(kato)
    asked(ticket)
    services.reopen(ticket, by=kato)
    csat.on_reopened(ticket_id=ticket.pk)
    assert OutgoingMail.objects.get(key=f"csat:{ticket.number}").state == OutgoingMail.State.CANCELLED
    assert not Csat.objects.exists()


@pytest.mark.django_db
def test_nobody_grades_his_own_reply_and_the_draw_is_the_same_for_everybody() -> None:
    kato, sato = staff("加藤"), staff("佐藤")
    ticket = solved(kato)
    later = clock.today() + timedelta(days=7)
    [row] = grading.draw(later)
    assert (row.author, row.message.ticket) == (kato, ticket)
    assert grading.draw(later) == [], "a week is drawn once"
    assert (grading.open_for(kato), grading.open_for(sato)) == ([], [row])
    sheet = grading.Sheet(True, None, 4, 5)
    with pytest.raises(DomainError, match="自分の返信"):
        grading.grade(row, sheet, by=kato)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReplyGrade.objects.filter(pk=row.pk).update(
            grader=kato, graded_at=clock.now(), facts_right=True, tone=4, speed=4
        )
    grading.grade(row, sheet, by=sato)
    with pytest.raises(DomainError, match="もう点検"):
        grading.grade(row, sheet, by=sato)
    week = grading.week_of(clock.today())
    order_of = sorted(range(50), key=lambda pk: grading.place(week, pk))
    assert order_of == sorted(range(50), key=lambda pk: grading.place(week, pk)) != list(range(50))


@pytest.mark.django_db
def test_the_screens_open_for_support() -> None:
    kato, sato = staff("加藤"), staff("佐藤")
    ticket = solved(sato)
    row = asked(ticket)
    csat.answer(row, 2, "むずかしい")
    [grade] = grading.draw(clock.today() + timedelta(days=7))
    spike = Spike.objects.create(
        kind="sku", subject="A", title="A 茶", began_on=clock.today(), days=7, count=5, usual=0.5, limit=3
    )
    client = Client()
    client.force_login(kato)
    for name, args in (
        ("reports", []), ("marks", []), ("see_mark", [row.pk]), ("spikes", []), ("spike", [spike.pk]), ("grades", []),
        ("grade", [grade.pk]), ("history", []), ("voice_settings", []), ("report_file", ["csv"]),
    ):  # fmt: skip
        assert client.get(reverse(f"support:{name}", args=args)).status_code == 200, name
    for about in reasons.KINDS:
        assert client.get(reverse("support:reports"), {"about": about}).status_code == 200, about
    assert client.post(reverse("support:see_mark", args=[row.pk]), {"note": "電話した"}).status_code == 302
    told = {"facts_right": "yes", "order_right": "none", "tone": "4", "speed": "3"}
    assert client.post(reverse("support:grade", args=[grade.pk]), told).status_code == 302
    assert (
        client.get(reverse("support:reports"), {"first": "2026-12-01", "last": "2026-11-01"}).status_code
        == 422
    )
    row.refresh_from_db()
    assert row.seen_by == kato


@pytest.mark.django_db
def test_only_who_was_answered_by_mail_is_asked_and_only_where_the_shop_asks() -> None:
    kato = staff("加藤")
    ticket = solved(kato)
    assert csat.ask(ticket) is None, "the shop does not ask until it says so"
    VoiceSettings.objects.update_or_create(pk=1, defaults={"asks_customers": True})
    call = services.take_call(services.Call(key="c", text="電話", phone="1", is_solved=True), by=kato)
    assert csat.may_ask(call) == "メールアドレスがない"
    Ticket.objects.filter(pk=call.pk).update(contact_mail="taro@example.jp")
    assert csat.may_ask(Ticket.objects.get(pk=call.pk)) == "メールで返信していない"
    row = asked(ticket)
    csat.answer(row, 5, "")
    assert csat.ask(ticket) is None, "answered already"
    services.reopen(ticket, by=kato)
    Csat.objects.all().delete()
    ticket.refresh_from_db()
    assert csat.ask(ticket) is None, "not over"


@pytest.mark.django_db
def test_a_link_is_good_for_sixty_days_and_a_mark_is_one_of_five(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice_public, "MOST", 1)
    row, other = asked(solved(staff("加藤"))), asked(solved(staff("加藤"), sender_address="jiro@example.jp"))
    with pytest.raises(DomainError, match="評価が選ばれていません"):
        csat.answer(row, 6, "")
    page, second = (reverse("support_voice:answer", args=[csat.token_of(one)]) for one in (row, other))
    assert [client.post(page, {"score": told}).status_code for told in ("", "6", "051", "５")] == [422] * 4
    with monkeypatch.context() as later:
        now = time.time()
        later.setattr("time.time", lambda: now + 61 * 24 * 60 * 60)
        assert client.get(page).status_code == 404
    assert client.post(page, {"score": "1"}).status_code == 200
    assert client.post(second, {"score": "1"}).status_code == 429
    assert csat.answer(row, 5, "やはり満足") is False
    row.refresh_from_db()
    assert (row.score, row.ticket.messages.filter(text__contains="やはり").count()) == (1, 0)


@pytest.mark.django_db
def test_who_saw_to_it_first_stays_and_says_what_was_done(client: Client) -> None:
    kato, ito = staff("加藤"), staff("伊藤")
    mark = asked(solved(kato))
    csat.answer(mark, 1, "")
    spike = Spike.objects.create(
        kind="sku", subject="A", title="A", began_on=clock.today(), days=7, count=5, usual=0.5, limit=3
    )
    for row, see in ((mark, csat.see), (spike, alarms.see)):
        with pytest.raises(DomainError, match="どうしたかが空欄"):
            see(row, " ", by=kato)  # type: ignore[operator]
        see(row, "電話した", by=kato)  # type: ignore[operator]
        see(row, "私も見た", by=ito)  # type: ignore[operator]
        row.refresh_from_db()
        assert (row.seen_by, row.seen_note) == (kato, "電話した")
    client.force_login(staff("佐藤"))  # 受注 looks on
    for name, row in (("see_mark", mark), ("spike", spike)):
        address = reverse(f"support:{name}", args=[row.pk])
        assert (client.get(address).status_code, client.post(address, {"note": "x"}).status_code) == (
            200,
            403,
        )


@pytest.mark.django_db
def test_who_answered_the_ticket_too_does_not_grade_it(client: Client) -> None:
    kato, ito = staff("加藤"), staff("伊藤")
    ticket = solved(kato)
    late = services.Reply(text="追伸", key="k", then="solve", in_spite_of=True)
    services.reply(ticket, late, by=ito)
    [row] = grading.draw(clock.today() + timedelta(days=7))
    author, helper, stranger = row.author, ito if row.author == kato else kato, staff("佐藤")
    assert (grading.open_for(helper), grading.open_for(stranger)) == ([], [row])
    sheet = grading.Sheet(True, None, 4, 5)
    with pytest.raises(DomainError, match="自分も返信した"):
        grading.grade(row, sheet, by=helper)
    with pytest.raises(DomainError, match="1～5"):
        grading.grade(row, replace(sheet, tone=6), by=stranger)
    address = reverse("support:grade", args=[row.pk])
    client.force_login(author)
    told = client.get(address, follow=True)
    assert told.redirect_chain == [(reverse("support:grades"), 302)] and "自分では点検できません" in told.text
    client.force_login(stranger)  # 受注 sees the results, not what waits
    assert ticket.number not in client.get(reverse("support:grades")).text
    grading.grade(row, sheet, by=stranger)
    client.force_login(helper)
    assert client.get(address).status_code == 404
