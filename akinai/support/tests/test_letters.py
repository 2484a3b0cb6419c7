"""定型文: filled from the live order of the ticket's own customer, and never sent with an empty field."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.orders.models import Order
from akinai.staff.models import Staff
from akinai.support import services
from akinai.support.desk_forms import MacroForm, RuleForm, SignatureForm, TemplateForm
from akinai.support.models import Macro, Message, ReplyTemplate, Signature, Tag, Ticket
from akinai.support.rules.filling import fill
from akinai.support.tests.letters import letter, order
from tests.cast import staff

pytestmark = pytest.mark.django_db


def ticket_about(*orders: Order) -> Ticket:
    services.receive(letter(" ".join(["いつ届きますか。", *(f"注文番号 {one.number}" for one in orders)])))
    return Ticket.objects.latest("pk")


def reply(ticket: Ticket, text: str, **more: object) -> services.Reply:
    newest = ticket.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    return services.Reply(**({"text": text, "key": text[:20], "seen": newest} | more))  # type: ignore[arg-type]


def test_a_value_with_braces_is_not_filled_again() -> None:
    done = fill("{甲}と{乙}", {"甲": "{乙}", "乙": "二"})
    assert (done.text, done.is_whole) == ("{乙}と二", True)


def test_what_is_empty_and_what_is_unknown_are_told_apart() -> None:
    done = fill("{甲}{丙}", {"甲": " "})
    assert (done.text, done.missing, done.unknown) == ("{甲}{丙}", ("甲",), ("丙",))
    assert done.doubts == ["{甲} に入れるものがありません。", "{丙} という項目はありません。"]


def test_a_letter_says_what_the_order_says_now(kato: Staff) -> None:
    mine = order("A-1", mail="hanako@example.jp")
    ticket = ticket_about(mine)
    Order.objects.filter(pk=mine.pk).update(delivery_on=date(2026, 12, 3))
    sent = services.reply(
        ticket, reply(ticket, "{お名前} 様\n{受注番号} は {お届け予定} に届きます。{合計金額}"), by=kato
    )
    assert sent.text == f"{ticket.customer} 様\n{mine.number} は 2026/12/03(木) に届きます。1,080円"
    assert sent.text in OutgoingMail.objects.get().body


def test_an_empty_field_stops_the_letter_and_says_which(kato: Staff) -> None:
    ticket = ticket_about(order("A-1", mail="hanako@example.jp"))
    with pytest.raises(services.NotFilled, match=r"\{送り状番号\} に入れるものがありません"):
        services.reply(ticket, reply(ticket, "送り状番号は {送り状番号} です。"), by=kato)
    with pytest.raises(services.NotFilled, match=r"\{送状番号\} という項目はありません"):
        services.reply(ticket, reply(ticket, "送り状番号は {送状番号} です。"), by=kato)
    assert (OutgoingMail.objects.count(), Message.objects.filter(direction="out").count()) == (0, 0)


def test_of_several_orders_none_is_taken_by_itself(kato: Staff) -> None:
    ticket = ticket_about(order("A-1", mail="hanako@example.jp"))
    second = order("A-2", mail="hanako@example.jp")
    services.link_order(ticket, second, by=kato)
    with pytest.raises(services.NotFilled, match="受注を選ぶか"):
        services.reply(ticket, reply(ticket, "{受注番号} の件です。"), by=kato)
    assert (
        services.reply(ticket, reply(ticket, "{受注番号}", order_id=second.pk), by=kato).text == second.number
    )


def test_another_customers_order_never_fills_a_letter(kato: Staff) -> None:
    ticket = ticket_about(order("A-1", mail="hanako@example.jp"))
    theirs = order("B-1", mail="jiro@example.jp")
    with pytest.raises(DomainError, match="この問い合わせの受注ではありません"):
        services.reply(ticket, reply(ticket, "{受注番号}", order_id=theirs.pk), by=kato)
    assert OutgoingMail.objects.count() == 0


def test_braces_in_the_customers_own_subject_are_no_fields(kato: Staff) -> None:
    services.receive(letter(subject="{至急} 届きません"))
    ticket = Ticket.objects.get()
    assert services.reply(ticket, reply(ticket, "お調べします。"), by=kato).subject.startswith("Re: {至急}")


def test_a_macro_does_all_its_steps_in_one_press(kato: Staff) -> None:
    Tag.objects.create(name="配送")
    body = ReplyTemplate.objects.create(name="お礼", body="{お名前} 様\nありがとうございます。")
    steps = {"tags": ["配送"], "priority": 2, "assignee": "me", "state": "solve"}
    macro = Macro.objects.create(name="お礼して解決", template=body, steps=steps)
    ticket = ticket_about(order("A-1", mail="hanako@example.jp"))
    services.use_macro(ticket, macro, key="k", seen=ticket.messages.latest("pk").pk, by=kato)
    ticket.refresh_from_db()
    body.refresh_from_db()
    assert (ticket.state, ticket.priority, ticket.assignee, body.used) == ("solved", 2, kato, 1)
    assert [tag.name for tag in ticket.tags.all()] == ["配送"]
    assert OutgoingMail.objects.count() == 1


def test_a_macro_whose_letter_cannot_be_sent_does_nothing(kato: Staff) -> None:
    body = ReplyTemplate.objects.create(name="出荷", body="{送り状番号}")
    macro = Macro.objects.create(name="出荷のお知らせ", template=body, steps={"priority": 1})
    ticket = ticket_about(order("A-1", mail="hanako@example.jp"))
    with pytest.raises(services.NotFilled):
        services.use_macro(ticket, macro, key="k", seen=ticket.messages.latest("pk").pk, by=kato)
    ticket.refresh_from_db()
    assert (ticket.priority, OutgoingMail.objects.count()) == (3, 0)


def test_a_macro_out_of_use_does_nothing_and_gives_nothing_to_who_left(kato: Staff) -> None:
    gone = staff("伊藤")
    Staff.objects.filter(pk=gone.pk).update(is_active=False)
    Tag.objects.create(name="古い", is_active=False)
    macro = Macro.objects.create(name="x", steps={"tags": ["古い"], "assignee": gone.pk, "priority": 1})
    ticket = ticket_about()
    services.use_macro(ticket, macro, key="k", seen=0, by=kato)
    macro.is_active = False
    with pytest.raises(DomainError, match="使用をやめています"):
        services.use_macro(ticket, macro, key="l", seen=0, by=kato)
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.assignee, ticket.tags.count()) == (1, None, 0)


def test_forms_of_the_desk_refuse_what_would_stop_a_letter_or_a_promise(kato: Staff) -> None:
    shown = {"name": "x", "place": 1, "is_active": "on"}
    Signature.objects.create(text="共通")
    for form, said in [
        (TemplateForm(shown | {"body": "{受注番号} {送状番号}"}), "{送状番号} という項目はありません"),
        (TemplateForm(shown | {"body": "x", "subject": "{題}"}), "{題} という項目はありません"),
        (MacroForm(shown), "することを 1 つ以上"),
        (MacroForm(shown | {"state": "solve", "snooze_days": 3}), "保留にできません"),
        (SignatureForm({"text": "もう 1 つ"}), "もうあります"),
        (RuleForm(shown | {"first_reply_minutes": 0, "resolution_minutes": 9}), "1 分以上"),
        (RuleForm(shown | {"first_reply_minutes": 9, "resolution_minutes": 8}), "より短くできません"),
    ]:
        assert said in str(form.errors)


def test_what_two_save_at_once_is_one_and_the_second_is_told(
    client: Client, kato: Staff, monkeypatch: Any
) -> None:
    client.force_login(kato)
    monkeypatch.setattr(
        SignatureForm, "clean_channel", lambda form: None
    )  # both asked before either had saved
    address = "/office/support/settings/signatures/new/"
    assert client.post(address, {"text": "一"}).status_code == 302
    page = client.post(address, {"text": "二"})
    assert (page.status_code, "たった今、保存されました" in page.text) == (422, True)
    assert Signature.objects.get().text == "一"
