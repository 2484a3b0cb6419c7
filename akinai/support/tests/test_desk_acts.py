"""机の操作: what arrives is sorted, what is given stands in the reply, what is attached is what it says, answers come back to the right box."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.staff.models import Staff
from akinai.support import queries, services
from akinai.support.models import (
    CallBack,
    Compensation,
    Complaint,
    ComplaintCause,
    Csat,
    Macro,
    MailReceipt,
    MailSource,
    Message,
    ServiceRule,
    Ticket,
)
from akinai.support.office import late_calls
from akinai.support.ports import ArrivedFile
from akinai.support.rules.sorting import kind_of
from akinai.support.services import complaints, csat, messages, voice
from akinai.support.services.replying import MOST_ATTACHED, Reply
from akinai.support.tests.complaints import Kept, client, complaint, ticket
from akinai.support.tests.letters import letter

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        ("届きません", "", "order"), ("質問です", "急須が割れていました。交換できますか", "return"), ("ﾘｮｳｼｭｳｼｮ", "領収書をください", "invoice"),
        ("キャンセルしたい", "まだ届いていないので", "cancel"), ("アレルギーの表示", "", "goods"), ("ありがとうございました", "また買います", ""),
    ],
)  # fmt: skip
def test_a_letter_is_put_into_its_drawer_by_its_words(subject: str, text: str, kind: str) -> None:
    assert kind_of(subject, text) == kind


def test_the_kind_is_changed_by_hand_and_the_promise_with_it(kato: Staff) -> None:
    services.receive(letter())
    found = Ticket.objects.get()
    assert found.category == "order"
    services.keep(
        ServiceRule(name="返品", place=1, category="return", first_reply_minutes=30, resolution_minutes=60), by=kato
    )  # fmt: skip
    services.set_category(found, "return", by=kato)
    found.refresh_from_db()
    assert (found.category, found.first_reply_minutes) == ("return", 30)
    with pytest.raises(DomainError, match="種類はありません"):
        services.set_category(found, "nonsense", by=kato)


def test_many_tickets_are_given_to_one_person_at_once(kato: Staff, ito: Staff) -> None:
    for _ in range(3):
        services.receive(letter())
    ids = list(Ticket.objects.order_by("pk").values_list("pk", flat=True))
    page = client("伊藤").post(
        reverse("support:tickets"), {"action": "assign", "go": "1", "pk": ids[:2], "assignee": kato.pk}
    )
    assert page.status_code in (200, 302)
    assert list(Ticket.objects.order_by("pk").values_list("assignee", flat=True)) == [kato.pk, kato.pk, None]


def test_an_apology_that_was_taken_back_is_none(kato: Staff) -> None:
    made = complaint(kato, severity=2)
    seen = queries.newest_word(made.ticket)
    sent = complaints.apologise(made, Reply("申し訳ございません。", "k", "stay", seen=seen), by=kato)
    made.refresh_from_db()
    assert made.apology_how == "mail"
    services.take_back(sent, by=kato)
    made.refresh_from_db()
    assert (made.apologised_at, made.apology_how) == (None, "")


def test_taking_a_letter_back_asks_the_outbox_once_however_long_the_thread(
    kato: Staff, django_assert_max_num_queries: Any
) -> None:
    services.receive(letter())
    found = Ticket.objects.get()
    sent = []
    for nth in range(6):
        new = Reply(f"{nth} 通目です。", f"k{nth}", "stay", seen=queries.newest_word(found))
        sent.append(services.reply(found, new, by=kato))
    services.take_back(sent[1], by=kato)
    with django_assert_max_num_queries(13):
        services.take_back(sent[5], by=kato)
    found.refresh_from_db()
    assert (found.first_replied_at, found.last_out_at) == (sent[0].at, sent[4].at)


@pytest.mark.parametrize(
    ("name", "mime", "data", "why"),
    [
        ("写真.png", "image/png", PNG, ""), ("見積.pdf", "application/pdf", b"%PDF-1.7 ...", ""), ("メモ.txt", "text/plain", "文字です".encode(), ""),
        ("写真.png", "image/png", b"MZ\x90" + b"\0" * 80, "開くと危ない"), ("写真.png", "image/png", b"<!doctype html><script>", "開くと危ない"),
        ("図.png", "image/png", b"<svg onload='x'>", "開くと危ない"), ("a.exe", "image/png", PNG, "開くと危ない"),
        ("a.bin", "application/x-thing", b"abc", "受け取らない形式"), ("a.pdf", "application/pdf", b"\0" * (25 * 1024 * 1024 + 1), "大きすぎます"),
    ],
)  # fmt: skip
def test_what_is_attached_is_judged_by_its_bytes(name: str, mime: str, data: bytes, why: str) -> None:
    found = messages.why_refused(ArrivedFile(name, mime, data))
    assert found.startswith(why) if why else found == ""


def test_a_picture_that_is_none_is_kept_but_never_shown_as_one(kato: Staff) -> None:
    services.receive(letter(files=[ArrivedFile("壊れた.png", "image/png", b"not a picture")]))
    file = Message.objects.get().files.get()
    assert (file.state, file.mime) == ("kept", "application/octet-stream")
    page = client("加藤").get(reverse("support:file", args=[file.message.ticket.number, file.pk]))
    assert page["Content-Type"] == "application/octet-stream" and "attachment" in page["Content-Disposition"]


def test_a_letter_with_too_much_attached_does_not_leave(kato: Staff) -> None:
    services.receive(letter())
    found = Ticket.objects.get()
    half = PNG + b"\0" * (MOST_ATTACHED // 2)
    files = [ArrivedFile("1.png", "image/png", half), ArrivedFile("2.png", "image/png", half)]
    with pytest.raises(DomainError, match="添付が大きすぎます"):
        services.reply(found, Reply("写真です。", "k", seen=queries.newest_word(found), files=files), by=kato)
    assert OutgoingMail.objects.count() == 0


def test_answers_come_back_to_the_box_that_was_written_to(kato: Staff) -> None:
    MailSource.objects.create(name="窓口", host="a", user="a", reply_to="madoguchi@shop.example.jp")
    MailSource.objects.create(name="test", host="b", user="b", reply_to="wholesale@shop.example.jp")
    for came_from, address in (("test", "wholesale@shop.example.jp"), ("ほか", "")):
        services.receive(letter(came_from=came_from))
        found = Ticket.objects.latest("pk")
        services.reply(found, Reply("はい。", came_from, seen=queries.newest_word(found)), by=kato)
        sent = OutgoingMail.objects.latest("pk")
        assert sent.reply_to == address or (not address and "shop.example.jp" not in sent.reply_to)


def test_mails_are_found_by_words_in_any_spelling_by_number_and_by_message_id(kato: Staff) -> None:
    services.receive(letter(subject="ギフトラッピングについて", message_id="<one@example.jp>"))
    services.receive(letter(subject="返品"))
    number = Ticket.objects.earliest("pk").number
    for told in ("ぎふと", "ｷﾞﾌﾄ", "HANAKO@example ラッピング", number.lower(), "<one@example.jp>"):
        assert [one.subject for one in queries.mails_found(MailReceipt.objects.all(), told)] == [
            "ギフトラッピングについて"
        ], told
    assert queries.mails_found(MailReceipt.objects.all(), "\0").count() == 2


def test_goods_are_sent_again_from_the_ticket_and_counted_as_a_complaint(kato: Staff, way: Kept) -> None:
    found = ticket()
    mine = found.order_links.get().order
    cause = ComplaintCause.objects.get(code="lost")
    line = mine.lines.get()
    page = reverse("support:reship", args=[found.number])
    desk = client("加藤")
    assert (
        desk.post(page, {"cause": cause.pk, "reason": "追跡が動かない", "key": "k"}).status_code == 422
    )  # nothing chosen
    told = {"cause": cause.pk, "reason": "追跡が動かない", "key": "k", f"line_{line.pk}": "1"}
    assert desk.post(page, told).status_code == desk.post(page, told).status_code == 302
    given = Compensation.objects.get()
    assert (given.kind, given.yen, given.state, given.order) == ("reship", 1080, "done", mine)
    assert (Complaint.objects.get().cause, Complaint.objects.get().side) == (cause, cause.side)
    assert len(way.carried) == 1


def test_a_file_that_is_dropped_on_the_reply_leaves_with_it(kato: Staff) -> None:
    services.receive(letter())
    found = Ticket.objects.get()
    told = {"text": "写真です。", "key": "k", "then": "wait", "seen": queries.newest_word(found), "to": "hanako@example.jp",
            "subject": "Re: 届きません", "uploads": [SimpleUploadedFile("p.png", PNG, "image/png")]}  # fmt: skip
    assert client("加藤").post(reverse("support:reply", args=[found.number]), told).status_code == 302
    assert [name for name, _ in OutgoingMail.objects.get().attachments] == ["p.png"]


def test_a_colleague_who_is_called_in_a_note_finds_the_ticket_under_his_name(kato: Staff, ito: Staff) -> None:
    services.receive(letter())
    found = Ticket.objects.get()
    page = reverse("support:note", args=[found.number])
    assert client("加藤").post(page, {"note": f"@{ito.username} さん、確かめてください。"}).status_code == 302
    for who, there in (("伊藤", True), ("加藤", False)):
        listed = client(who).get(reverse("support:tickets"), {"tab": "called"}).content.decode()
        assert (found.number in listed) == there


def test_a_macro_gives_the_ticket_to_whom_it_names(kato: Staff, ito: Staff) -> None:
    services.receive(letter())
    found = Ticket.objects.get()
    row = Macro(name="店長へ", steps={"assignee": ito.pk})
    services.keep(row, by=kato)
    told = {"macro": row.pk, "key": "k", "seen": queries.newest_word(found)}
    assert client("加藤").post(reverse("support:use_macro", args=[found.number]), told).status_code == 302
    found.refresh_from_db()
    assert found.assignee == ito


def test_a_customers_mark_is_taken_from_a_browser_that_tells_its_origin(kato: Staff) -> None:
    services.receive(letter())
    row = Csat.objects.create(ticket=Ticket.objects.get(), mail="hanako@example.jp")
    page, browser = (
        reverse("support_voice:answer", args=[csat.token_of(row)]),
        Client(enforce_csrf_checks=True),
    )
    shown = browser.get(page)
    # "no-referrer" would make it send `Origin: null`, which is nobody's.
    assert shown["Referrer-Policy"] == "same-origin"
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', shown.content.decode())[0]
    told = {"score": "5", "csrfmiddlewaretoken": token}
    assert browser.post(page, told, headers={"origin": "null"}).status_code == 403
    assert browser.post(page, told, headers={"origin": "http://testserver"}).status_code == 200
    row.refresh_from_db()
    assert row.score == 5


def test_promises_to_call_stand_before_those_that_were_kept_and_late_ones_are_counted(kato: Staff) -> None:
    services.receive(letter())
    ticket, now = Ticket.objects.get(), clock.now()
    for note, hours, done in (("済み", -9, now), ("過ぎた", -2, None), ("これから", 3, None)):
        CallBack.objects.create(
            ticket=ticket,
            phone="090-0000-0000",
            note=note,
            by=kato,
            due_at=now + timedelta(hours=hours),
            done_at=done,
        )
    desk = Client()
    desk.force_login(kato)
    page = desk.get(reverse("support:callbacks")).text
    places = [page.index(word, page.index("<tbody")) for word in ("過ぎた", "これから", "済み")]
    assert places == sorted(places)
    assert late_calls(page_of(kato)) == 1


def page_of(who: Staff) -> Any:
    request = RequestFactory().get("/office/")
    request.user = who
    return request


def test_a_spreadsheet_counts_with_the_numbers_of_the_report(kato: Staff) -> None:
    services.receive(letter())
    found = Ticket.objects.get()
    services.reply(found, Reply("お調べします。", "k", "solve", seen=queries.newest_word(found)), by=kato)
    voice.measure_due()
    desk = Client()
    desk.force_login(kato)
    sheet = openpyxl.load_workbook(
        io.BytesIO(b"".join(desk.get(reverse("support:report_file", args=["xlsx"]))))
    )
    head, total = list(sheet.active.iter_rows(values_only=True))[:2]
    told = dict(zip(head, total, strict=True))
    assert told["項目"] == "全体" and (told["件数"], told["初回返信を守った(%)"]) == (1, 100)
    assert all(
        isinstance(value, int | float)
        for title, value in told.items()
        if title != "項目" and value is not None
    )
