"""担当・分ける・操作の記録: shared by skill and load, split once, told once."""

from __future__ import annotations

import pytest
from django.test import Client

from akinai.content import ports as content
from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.marketing.models import CouponCode
from akinai.marketing.services import starting
from akinai.orders import services as orders
from akinai.staff.models import Staff
from akinai.support import services
from akinai.support.models import Duty, Message, SupportHours, Tag, Ticket
from akinai.support.rules.sharing import Hand, pick
from akinai.support.services import clocks, deeds, gifts
from akinai.support.tests.letters import letter, order
from tests.cast import staff
from tests.together import overlapping

pytestmark = pytest.mark.django_db


def opened(**told: object) -> Ticket:
    services.receive(letter(**told))  # type: ignore[arg-type]
    return Ticket.objects.latest("pk")


def test_the_skilled_one_with_the_fewest_tickets_takes_it() -> None:
    busy, free = Hand(1, frozenset(), None, 5), Hand(2, frozenset({"order"}), None, 3)
    full = Hand(3, frozenset(), 2, 2)
    assert pick("order", [busy, free, full]) == free
    assert pick("goods", [busy, free, full]) == busy
    assert pick("goods", [free, full]) is None


def test_tickets_that_come_are_shared_among_those_on_duty(kato: Staff) -> None:
    ito = staff("伊藤")
    for one in (kato, ito):
        services.put_on_duty(one, by=ito)
    SupportHours.objects.update_or_create(pk=1, defaults={"assigns_by_itself": True})
    took = [opened().assignee for _ in range(4)]
    assert sorted(str(one) for one in took) == ["伊藤", "伊藤", "加藤", "加藤"]


def test_nobody_on_duty_leaves_the_ticket_without_an_assignee(kato: Staff) -> None:
    SupportHours.objects.update_or_create(pk=1, defaults={"assigns_by_itself": True})
    ticket = opened()
    assert (ticket.assignee, Duty.objects.count()) == (None, 0)
    with pytest.raises(DomainError, match="受け持てる人がいません"):
        services.share(ticket, by=kato)


def test_words_of_a_letter_give_it_its_tag() -> None:
    Tag.objects.create(name="破損", words="割れ 欠け")
    Tag.objects.create(name="配送", words="配達")
    assert [tag.name for tag in opened(text="届いたら割れていました。").tags.all()] == ["破損"]


def test_a_message_becomes_a_ticket_of_its_own_once_and_answers_go_on_there(kato: Staff) -> None:
    ticket = opened()
    services.receive(letter("ところで、領収書もください。", in_reply_to=ticket.messages.get().message_id))
    second = ticket.messages.latest("pk")
    made = services.split(second, subject="領収書", by=kato)
    assert services.split(second, by=kato) == made
    assert (made.subject, made.contact_mail) == ("領収書", ticket.contact_mail)
    assert [one.text for one in made.messages.filter(direction="in")] == ["ところで、領収書もください。"]
    assert ticket.messages.filter(direction="in").count() == 2  # what was said stays where it was said
    services.receive(letter("返事", in_reply_to=second.message_id))
    assert made.messages.filter(direction="in").count() == 2


def test_what_another_room_did_for_the_order_is_told_once(kato: Staff) -> None:
    mine = order("A-1", mail="hanako@example.jp")
    ticket = opened(text=f"{mine.number} をキャンセルしてください。")
    orders.cancel(mine.pk, reason="お客様の希望", by=kato)
    assert (deeds.tell(ticket), deeds.tell(ticket)) == (1, 0)
    row = Message.objects.get(ticket=ticket, direction="act")
    assert (row.by, row.text) == (kato, f"{mine.number} キャンセル：キャンセル: お客様の希望")


def test_hours_that_change_judge_no_old_ticket_anew(client: Client) -> None:
    ticket = opened()
    client.force_login(staff("伊藤"), backend="akinai.staff.backends.StaffBackend")
    days = {f"day{at}": "10:00-12:00 13:00-24:00" for at in range(7)}
    told = {
        **days,
        "special_days": "2026/12/31 休み",
        "undo_seconds": "60",
        "solved_closes_after_days": "7",
    }
    assert client.post("/office/support/settings/", told).status_code == 302
    kept = clocks.settings()
    assert (kept.weekly[6], kept.special, kept.undo_seconds) == (
        [["10:00", "12:00"], ["13:00", "00:00"]],
        {"2026-12-31": []},
        60,
    )
    after = Ticket.objects.get()
    assert (after.first_reply_due, after.resolution_due) == (ticket.first_reply_due, ticket.resolution_due)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("day0", "18:00-9:00", "始まりが終わりより後"), ("day0", "9時から", "読めません"), ("special_days", "2026/2/30 休み", "1 行目: 2026/2/30 という日はありません"),
        ("undo_seconds", "601", "600 秒まで"), ("special_days", "2026/12/31 休み\n2026/12/31 9:00-10:00", "2 行目: 2026/12/31 が 2 回あります"),
    ],
)  # fmt: skip
def test_hours_that_make_no_sense_are_refused_with_the_line(field: str, value: str, said: str) -> None:
    from akinai.support.settings_forms import HoursForm

    told = {
        "undo_seconds": 30,
        "solved_closes_after_days": 7,
        "day1": "9:00-18:00",
    }
    closed = HoursForm(told | {"day1": "休み"}, instance=SupportHours.objects.get_or_create(pk=1)[0])
    assert "開いている曜日がありません" in str(closed.errors)
    form = HoursForm({**told, field: value}, instance=SupportHours.objects.get_or_create(pk=1)[0])
    assert not form.is_valid()
    assert said in form.errors[field][0]


def test_the_way_to_another_room_leads_only_within_the_office(client: Client) -> None:
    client.force_login(staff("伊藤"), backend="akinai.staff.backends.StaffBackend")
    mine = order("A-1", mail="hanako@example.jp")
    where = f"/office/support/tickets/{opened().number}/go/"
    for bad in ("https://evil.example/", "//evil.example/office/", "/accounts/logout/", "/office/../x", ""):
        assert client.get(where, {"to": bad}).status_code == 404
    answer = client.get(where, {"to": f"/office/orders/{mine.number}/#stop"})
    assert answer["Location"].startswith(f"/office/orders/{mine.number}/?ticket=TK-")
    assert "に戻る" in client.get(f"/office/orders/{mine.number}/").content.decode()


def test_a_coupon_is_given_once_to_a_known_customer_and_only_what_may_be_given(
    client: Client, kato: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    starting.add_coupon("SORRY500", "お詫び", "yen", 500, by=None, by_code_only=True)
    order("A-1", mail="hanako@example.jp")
    stranger, ticket = opened(sender_address="stranger@example.com"), opened()
    with pytest.raises(DomainError, match="お客様が決まっていません"):
        gifts.give_coupon(stranger, "SORRY500", by=kato)
    with pytest.raises(DomainError, match="そのクーポンは"):
        gifts.give_coupon(ticket, "OTHER", by=kato)
    with monkeypatch.context() as meanwhile, pytest.raises(DomainError, match="お渡しできませんでした"):
        meanwhile.setattr(content, "give_coupon", lambda *_: "")  # it ended when it was given
        gifts.give_coupon(ticket, "SORRY500", by=kato)
    assert gifts.give_coupon(ticket, "SORRY500", by=kato) == gifts.give_coupon(ticket, "SORRY500", by=kato)
    assert (CouponCode.objects.count(), ticket.messages.filter(direction="act").count()) == (1, 1)
    for name, offered in (("加藤", True), ("佐藤", False)):
        client.force_login(staff(name))
        page = client.get(f"/office/support/tickets/{ticket.number}/").text
        assert ("SORRY500" in page) is offered


def test_only_a_customers_word_becomes_a_ticket_of_its_own(kato: Staff) -> None:
    ticket, kept = opened(), opened(text="別件")
    ours = services.note(ticket, "社内の話", by=kato)
    with pytest.raises(DomainError, match="お客様のことばだけ"):
        services.split(ours, by=kato)
    services.merge(ticket, kept, by=kato)
    with pytest.raises(DomainError, match="統合済み"):
        services.split(ticket.messages.earliest("pk"), by=kato)


def test_the_thread_tells_what_was_done_since_it_began_and_while_it_lives(kato: Staff) -> None:
    mine = order("A-1", mail="hanako@example.jp")
    activity.record(mine, "cancel", by=kato, summary="前の話")
    ticket = opened(text=f"{mine.number} の件です。")
    activity.record(mine, "print_slip", by=kato, summary="倉庫の話")
    assert deeds.tell(ticket) == 0
    activity.record(mine, "cancel", by=kato, summary="後の話")
    services.dismiss(ticket, by=kato)
    ticket.refresh_from_db()
    assert deeds.tell(ticket) == 0
    services.reopen(ticket, by=kato)
    ticket.refresh_from_db()
    assert deeds.tell(ticket) == 1
    assert ticket.messages.get(direction="act").text.endswith("：後の話")


def test_who_is_away_or_has_left_is_given_nothing(kato: Staff) -> None:
    for name in ("伊藤", "佐藤"):
        services.put_on_duty(staff(name), by=kato)
    Duty.objects.filter(staff=staff("伊藤")).update(is_here=False)
    Staff.objects.filter(pk=staff("佐藤").pk).update(is_active=False)
    with pytest.raises(DomainError, match="受け持てる人がいません"):
        services.share(opened(), by=kato)


def test_an_order_is_taken_off_its_own_ticket_alone(kato: Staff) -> None:
    mine = order("A-1", mail="hanako@example.jp")
    one, other = (opened(text=f"{mine.number} の{n}件目です。") for n in (1, 2))
    services.unlink_order(one, mine.pk, by=kato)
    assert (one.order_links.count(), other.order_links.count()) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_tickets_shared_at_once_each_counts_the_other() -> None:
    kato, ito = staff("加藤"), staff("伊藤")
    for one in (kato, ito):
        services.put_on_duty(one, by=ito)
    first, second = opened(), opened(text="別件")
    took = overlapping(lambda: services.share(first, by=None), lambda: services.share(second, by=None))
    assert {one.pk for one in took} == {kato.pk, ito.pk}


@pytest.mark.django_db(transaction=True)
def test_two_who_open_one_page_tell_a_deed_once() -> None:
    mine = order("A-1", mail="hanako@example.jp")
    pk = opened(text=f"{mine.number} の件です。").pk
    activity.record(mine, "cancel", by=staff("加藤"), summary="お客様の都合")
    assert overlapping(*[lambda: deeds.tell(Ticket.objects.get(pk=pk))] * 2) == [1, 0]
    assert Message.objects.filter(ticket=pk, direction="act").count() == 1
