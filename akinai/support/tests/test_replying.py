"""返信: once, to the right person, with nothing of another customer's, and back while it waits."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from akinai.core import activity, clock
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.core.models import OutgoingMail
from akinai.orders.models import Order
from akinai.staff.models import Staff
from akinai.support import services
from akinai.support.models import CallBack, Message, MessageFile, ServiceRule, SupportHours, Ticket
from akinai.support.ports import ArrivedFile
from akinai.support.services import clocks, deeds, recognising
from akinai.support.states import TicketState
from akinai.support.tests.letters import letter, order
from tests.cast import staff
from tests.together import overlapping

pytestmark = pytest.mark.django_db


def opened(**told: object) -> Ticket:
    services.receive(letter(**told))  # type: ignore[arg-type]
    return Ticket.objects.latest("pk")


def told(ticket: Ticket, text: str = "お調べします。", **more: object) -> services.Reply:
    newest = ticket.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    return services.Reply(**({"text": text, "key": "k", "seen": newest} | more))  # type: ignore[arg-type]


def test_a_form_sent_twice_is_one_letter(kato: Staff) -> None:
    ticket = opened()
    new = told(ticket)
    assert services.reply(ticket, new, by=kato) == services.reply(ticket, new, by=kato)
    assert OutgoingMail.objects.count() == 1


def test_who_did_not_see_the_newest_letter_is_stopped_until_he_has_read_it(kato: Staff) -> None:
    ticket = opened()
    new = told(ticket)
    services.receive(letter("追伸", in_reply_to=ticket.messages.get().message_id))
    with pytest.raises(services.Newer, match="新しいやり取り"):
        services.reply(ticket, new, by=kato)
    assert OutgoingMail.objects.count() == 0
    services.reply(ticket, services.Reply(text="はい", key="k2", seen=new.seen, in_spite_of=True), by=kato)
    assert OutgoingMail.objects.count() == 1


def test_another_customers_order_address_or_phone_never_leaves(kato: Staff) -> None:
    theirs = order("B-1", mail="jiro@example.jp", phone="03-1111-2222")
    ticket = opened()
    for text, said in [
        (f"ご注文 {theirs.number} の件です。", "別のお客様の受注"),
        ("jiro@example.jp にもお送りしました。", "メールアドレス"),
        ("お電話 03-1111-2222 にかけます。", "電話番号"),
    ]:
        with pytest.raises(DomainError, match=said):
            services.reply(ticket, told(ticket, text), by=kato)
    assert OutgoingMail.objects.count() == 0


def test_the_customers_own_order_may_be_named(kato: Staff) -> None:
    mine = order("A-1", mail="hanako@example.jp")
    ticket = opened()
    assert ticket.customer_id == mine.customer_id
    services.reply(ticket, told(ticket, f"ご注文 {mine.number} の件です。"), by=kato)
    assert OutgoingMail.objects.count() == 1


def test_a_letter_can_be_taken_back_while_it_waits_and_the_promise_counts_again(kato: Staff) -> None:
    ticket = opened()
    sent = services.reply(ticket, told(ticket, then="solve"), by=kato)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.first_replied_at) == (TicketState.SOLVED, sent.at)
    services.take_back(sent, by=kato)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.first_replied_at, ticket.solved_at) == (TicketState.OPEN, None, None)
    assert OutgoingMail.objects.get().state == "cancelled"


def test_a_letter_that_has_left_cannot_be_taken_back(kato: Staff) -> None:
    ticket = opened()
    sent = services.reply(ticket, told(ticket), by=kato)
    OutgoingMail.objects.update(state="sent")
    with pytest.raises(DomainError, match="もう送信された"):
        services.take_back(sent, by=kato)


def test_an_order_of_somebody_else_is_not_put_beside_a_letter(kato: Staff) -> None:
    mine, theirs = order("A-1", mail="hanako@example.jp"), order("B-1", mail="jiro@example.jp")
    ticket = opened()
    services.link_order(ticket, mine, by=kato)
    with pytest.raises(DomainError, match="別のお客様の受注"):
        services.link_order(ticket, theirs, by=kato)
    assert [link.order for link in ticket.order_links.all()] == [mine]


def test_another_customer_takes_the_first_ones_orders_off(kato: Staff) -> None:
    mine, theirs = order("A-1", mail="hanako@example.jp"), order("B-1", mail="jiro@example.jp")
    ticket = opened()
    services.link_order(ticket, mine, by=kato)
    services.choose_customer(ticket, theirs.customer_id, by=kato)
    assert ticket.order_links.count() == 0


def test_an_order_named_in_the_letter_is_found_with_its_customer() -> None:
    mine = order("A-1", mail="hanako@example.jp")
    ticket = opened(text=f"注文番号 {mine.number} はいつ届きますか。")
    assert ticket.customer_id == mine.customer_id
    assert [link.order_id for link in ticket.order_links.all()] == [mine.pk]


def test_a_stranger_who_names_an_order_is_shown_nothing_of_it() -> None:
    mine = order("A-1", mail="hanako@example.jp")
    ticket = opened(
        text=f"{mine.number} の住所を教えて。", sender_address="stranger@example.com", sender_name=""
    )
    assert (ticket.customer_id, ticket.order_links.count()) == (None, 0)


def test_the_clock_stands_while_the_customer_is_to_answer(kato: Staff) -> None:
    monday = timezone.make_aware(datetime(2026, 11, 16, 10, 0))
    with clock.told(monday):
        ticket = opened()
        due = ticket.resolution_due
        services.wait(ticket, by=kato)
    assert due is not None
    with clock.told(monday + timedelta(days=1)):  # one business day of nine hours later
        services.wake(ticket, by=None)
    ticket.refresh_from_db()
    assert clocks.minutes_between(due, ticket.resolution_due, clocks.hours()) == 9 * 60  # type: ignore[arg-type]


def test_snoozed_tickets_come_back_by_themselves(kato: Staff) -> None:
    ticket = opened()
    services.snooze(ticket, clock.now() + timedelta(hours=1), by=kato)
    assert services.wake_due() == 0
    with clock.told(clock.now() + timedelta(hours=2)):
        assert services.wake_due() == 1
    ticket.refresh_from_db()
    assert (ticket.state, ticket.snoozed_until) == (TicketState.OPEN, None)


def test_solved_tickets_close_after_some_days(kato: Staff) -> None:
    ticket = opened()
    services.solve(ticket, by=kato)
    SupportHours.objects.update(solved_closes_after_days=7)
    assert services.close_due() == 0
    with clock.told(clock.now() + timedelta(days=8)):
        assert services.close_due() == 1


def test_merging_copies_the_thread_and_answers_go_on_there(kato: Staff) -> None:
    first = opened()
    second = opened(text="追加です。")
    services.merge(second, first, by=kato)
    assert [m.text for m in first.messages.order_by("at", "pk")] == ["荷物が届きません。", "追加です。"]
    services.receive(letter("返事", in_reply_to=second.messages.get().message_id))
    services.receive(letter("番号だけ", ticket_numbers=(second.number,)))
    assert first.messages.count() == 4
    with pytest.raises(ImpossibleMove):
        services.solve(second, by=kato)


def test_what_was_done_for_an_order_is_told_once_in_a_merged_thread(kato: Staff) -> None:
    mine = order("A-1", mail="hanako@example.jp")
    first, second = opened(), opened(text="追加です。")
    for ticket in (first, second):
        services.link_order(ticket, mine, by=kato)
    activity.record(mine, "cancel", by=kato, summary="お客様の都合")
    assert (deeds.tell(first), deeds.tell(second)) == (1, 1)
    services.merge(second, first, by=kato)
    assert deeds.tell(first) == 0
    assert first.messages.filter(direction="act").count() == 1


def test_our_own_acts_and_notes_are_no_new_word_for_who_is_writing(client: Client, kato: Staff) -> None:
    ticket = opened()
    seen = ticket.messages.get().pk
    deeds.add(ticket, "クーポンを贈りました。", by=kato)
    services.note(ticket, "折り返します。", by=kato)
    client.force_login(kato)
    here = f"/office/support/tickets/{ticket.number}/here/"
    assert "新しいやり取り" not in client.post(here, {"seen": seen}).content.decode()
    services.receive(letter("追伸", in_reply_to=ticket.messages.earliest("pk").message_id))
    assert "新しいやり取り" in client.post(here, {"seen": seen}).content.decode()


def test_tickets_of_two_customers_are_not_merged(kato: Staff) -> None:
    order("A-1", mail="hanako@example.jp"), order("B-1", mail="jiro@example.jp")
    with pytest.raises(DomainError, match="お客様が違います"):
        services.merge(opened(), opened(sender_address="jiro@example.jp"), by=kato)


def test_a_call_is_a_ticket_with_its_promise_and_is_called_back_once(kato: Staff) -> None:
    call = services.Call(
        key="c", text="色を替えたい", phone="090-1234-5678", call_back_at=clock.now() + timedelta(hours=2)
    )
    ticket = services.take_call(call, by=kato)
    assert services.take_call(call, by=kato) == ticket
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee, ticket.source) == (TicketState.OPEN, kato, "phone")
    promise = CallBack.objects.get()
    services.called_back(promise, "承りました", by=kato)
    with pytest.raises(DomainError, match="もう済んでいます"):
        services.called_back(promise, "二度目", by=kato)
    assert Message.objects.filter(ticket=ticket, direction="call").count() == 2


def test_a_note_calls_the_colleague_by_mail(kato: Staff) -> None:
    ito = staff("伊藤")
    Staff.objects.filter(pk=ito.pk).update(email="ito@example.jp")
    services.note(opened(), f"@{ito.username} 見てください", by=kato)
    assert OutgoingMail.objects.get().to == "ito@example.jp"


def test_a_letter_leaves_only_whole_and_to_somebody(kato: Staff) -> None:
    ticket = opened()
    for more, said in [
        ({"text": " "}, "本文がありません"),
        ({"text": "あ" * 20_001}, "本文が長すぎます"),
        ({"to": "nobody"}, "宛先のメールアドレスがありません"),
        ({"files": [ArrivedFile("a.exe", "image/png", b"MZ")]}, "a.exe"),
        ({"to": "x@pc.fw.rakuten.ne.jp"}, "楽天"),
    ]:
        with pytest.raises(DomainError, match=said):
            services.reply(ticket, told(ticket, **more), by=kato)  # type: ignore[arg-type]
    services.dismiss(ticket, by=kato)
    with pytest.raises(DomainError, match="返信できません"):
        services.reply(ticket, told(ticket), by=kato)
    assert (OutgoingMail.objects.count(), ticket.messages.count()) == (0, 1)


def test_another_customers_order_stands_in_no_subject_either(kato: Staff) -> None:
    theirs = order("B-1", mail="jiro@example.jp", phone="03-1111-2222")
    ticket = opened()
    with pytest.raises(DomainError, match="別のお客様の受注"):
        services.reply(ticket, told(ticket, subject=f"{theirs.number} の件"), by=kato)


def test_who_did_not_write_to_us_does_not_get_the_customers_words(kato: Staff) -> None:
    ticket = opened()
    services.reply(ticket, told(ticket, key="a", then="stay"), by=kato)
    services.reply(ticket, told(ticket, key="b", then="stay", to="maker@example.com"), by=kato)
    own, strange = OutgoingMail.objects.order_by("pk")
    assert "> 荷物が届きません。" in own.body
    assert "荷物が届きません。" not in strange.body


def test_only_a_living_ticket_takes_another_in_and_gets_its_customer(kato: Staff) -> None:
    ticket, other = opened(), opened(sender_address="stranger@example.com")
    mine = order("A-1", mail="jiro@example.jp")
    services.choose_customer(ticket, mine.customer_id, by=kato)
    spam = opened()
    services.dismiss(spam, by=kato)
    for target in (ticket, spam):
        with pytest.raises(DomainError, match="統合できません"):
            services.merge(ticket, target, by=kato)
    services.merge(ticket, other, by=kato)
    other.refresh_from_db()
    assert other.customer_id == mine.customer_id


def test_a_promise_that_stands_still_is_not_made_anew_and_nobody_waits_for_ever(kato: Staff) -> None:
    ServiceRule.objects.create(name="至急", priority=1, first_reply_minutes=10, resolution_minutes=20)
    ticket = opened()
    services.wait(ticket, by=kato)
    services.set_priority(ticket, 1, by=kato)
    due = ticket.resolution_due
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.resolution_due) == (1, due)
    for days in (0, 366):
        with pytest.raises(DomainError, match="1 年のうち"):
            services.snooze(ticket, clock.now() + timedelta(days=days), by=kato)


def test_a_call_or_note_without_words_is_none_and_promises_lie_ahead(client: Client, kato: Staff) -> None:
    with pytest.raises(DomainError, match="用件がありません"):
        services.take_call(services.Call(key="a", text=" "), by=kato)
    with pytest.raises(DomainError, match="時刻が過ぎています"):
        services.take_call(services.Call(key="b", text="x", call_back_at=clock.now()), by=kato)
    ticket, gone = opened(), staff("伊藤")
    with pytest.raises(DomainError, match="メモが空"):
        services.note(ticket, " ", by=kato)
    Staff.objects.filter(pk=gone.pk).update(email="gone@example.jp", is_active=False)
    services.note(ticket, f"@{gone.username} 見てください", by=kato)
    assert OutgoingMail.objects.count() == 0
    client.force_login(kato)
    usual = {"text": "色を替えたい", "key": "k"}
    for more, said in [
        ({"call_back_at": "2099-01-01T10:00"}, "折り返す電話番号"),
        ({"call_back_at": "2099-01-01T10:00", "phone": "1", "is_solved": "on"}, "解決にできません"),
        ({"customer": "999999"}, "選んだお客様が見つかりません"),
    ]:
        page = client.post("/office/support/call/", usual | more)
        assert (page.status_code, said in page.content.decode()) == (422, True)


def test_what_belongs_to_one_ticket_is_not_reached_by_the_number_of_another(
    client: Client, kato: Staff
) -> None:
    call = services.Call(key="c", text="x", phone="1", call_back_at=clock.now() + timedelta(hours=1))
    ticket = services.take_call(call, by=kato)
    services.receive(letter(files=[ArrivedFile("a.txt", "text/plain", b"a")]))
    heard = Message.objects.get(direction="in")
    other = opened(text="別件です。")
    sent = services.reply(heard.ticket, told(heard.ticket), by=kato)
    client.force_login(kato)
    here = f"/office/support/tickets/{other.number}"
    assert client.get(f"{here}/files/{MessageFile.objects.get().pk}/").status_code == 404
    assert client.get(f"{here}/messages/{heard.pk}/raw/").status_code == 404
    assert (
        client.get(
            f"/office/support/tickets/{ticket.number}/messages/{ticket.messages.get().pk}/raw/"
        ).status_code
        == 404
    )
    for act in (f"take-back/{sent.pk}", f"called/{CallBack.objects.get().pk}", f"messages/{heard.pk}/split"):
        assert client.post(f"{here}/{act}/").status_code == 404
    assert OutgoingMail.objects.get().state == "queued"


@pytest.mark.django_db(transaction=True)
def test_two_presses_of_one_sending_are_one_letter() -> None:
    kato, ticket = staff("加藤"), opened()
    new = told(ticket, in_spite_of=True)
    answers = overlapping(*[lambda: services.reply(ticket, new, by=kato)] * 2)
    assert answers[0] == answers[1]
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_chooses_a_customer_and_who_links_an_order_do_not_mix_two_customers() -> None:
    kato = staff("加藤")
    mine, theirs = order("A-1", mail="hanako@example.jp"), order("B-1", mail="jiro@example.jp")
    pk = opened().pk

    def chooses() -> None:
        services.choose_customer(Ticket.objects.get(pk=pk), theirs.customer_id, by=kato)

    stale = Ticket.objects.get(pk=pk)
    late = overlapping(chooses, lambda: services.link_order(stale, mine, by=kato))[1]
    assert "別のお客様の受注" in str(late)
    services.choose_customer(Ticket.objects.get(pk=pk), mine.customer_id, by=kato)
    overlapping(lambda: services.link_order(Ticket.objects.get(pk=pk), mine, by=kato), chooses)
    after = Ticket.objects.get(pk=pk)
    assert (after.customer_id, after.order_links.count()) == (theirs.customer_id, 0)


def test_a_part_of_a_number_and_an_order_of_nobody_tell_nothing(kato: Staff) -> None:
    (
        order("A-1", mail="jiro@example.jp", phone="0120"),
        order("A-2", mail="x@example.jp", phone="03-1111-22223"),
    )
    for told_by_phone in ("0120", "03-1111-2222"):
        assert recognising.recognise(phone=told_by_phone).guesses == ()
    nobodys = order("B-1", mail="guest@example.jp")
    Order.objects.filter(pk=nobodys.pk).update(customer=None)
    ticket = opened()
    with pytest.raises(DomainError, match="別のお客様の受注"):
        services.link_order(ticket, Order.objects.get(pk=nobodys.pk), by=kato)
    assert ticket.order_links.count() == 0
