"""ご本人への回答: by mail or on paper, in time, and the address is nowhere once it has left. What colleagues wrote is shown first."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import reverse

from akinai.core import activity, bounces, clock, long_jobs, mail
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.models import Event, OutgoingMail
from akinai.marketing.services import points
from akinai.party import erasing, erasure_answers, findings
from akinai.party.models import Customer, ErasurePart, ErasureRequest, RetentionSettings
from akinai.party.tests import asking
from akinai.ui.models import SavedView
from tests import cast

pytestmark = pytest.mark.django_db
AOKI = "aoki@example.com"


class Post(BaseEmailBackend):
    """A mail server that keeps what it takes, or knows nobody."""

    def __init__(self, *, refuses: bool = False) -> None:
        super().__init__()
        self.taken: list[Any] = []
        self.refuses = refuses

    def send_messages(self, email_messages: Any) -> int:
        if self.refuses:
            to = email_messages[0].to[0]
            raise smtplib.SMTPRecipientsRefused({to: (550, f"<{to}> unknown".encode())})
        self.taken += email_messages
        return 1


def asked(customer: Customer, **told: Any) -> ErasureRequest:
    return asking.asked(customer, **{"answer_to": AOKI, **told})


def erased(customer: Customer, *, also: list[str] | None = None, **told: Any) -> ErasureRequest:
    request = asked(customer, **told)
    erasing.approve(request, also=also or [], by=cast.staff("伊藤"))
    request.refresh_from_db()
    long_jobs.run(request.job_id)
    request.refresh_from_db()
    assert request.state == "done"
    return request


def leave(commit: Any, post: Post) -> None:
    with commit(execute=True):
        mail.send_due(by_way_of=post)


def test_the_answer_leaves_by_mail_and_then_the_address_stands_nowhere(
    customer: Customer, django_capture_on_commit_callbacks: Any
) -> None:
    request, post = erased(customer), Post()
    erasure_answers.send(request, to=AOKI, by=cast.staff("加藤"))
    with pytest.raises(ChangedMeanwhile):
        erasure_answers.send(request, to=AOKI, by=cast.staff("伊藤"))
    leave(django_capture_on_commit_callbacks, post)
    assert [one.to for one in post.taken] == [[AOKI]] and "■ 消去したもの" in post.taken[0].body
    request.refresh_from_db()
    assert (request.answered_how, str(request.answered_by), request.answer_to) == ("メール", "加藤", "")
    letter = OutgoingMail.objects.get(key=f"erasure:{request.number}")
    assert (letter.state, letter.to, letter.headers) == ("sent", "", {})
    told = Event.objects.filter(payload__key=letter.key).values_list("payload", flat=True)
    assert told and all(AOKI not in str(one) for one in told)
    with pytest.raises(ChangedMeanwhile):
        erasure_answers.send(request, to=AOKI, by=cast.staff("加藤"))
    erasure_answers.on_mail_sent(key=letter.key)
    assert activity.of(request).filter(verb="answer").count() == 1


def test_an_answer_that_the_server_refused_waits_with_its_reason_and_leaves_by_another_way(
    customer: Customer, django_capture_on_commit_callbacks: Any
) -> None:
    request, ito = erased(customer), Client()
    ito.force_login(cast.staff("伊藤"))
    page = reverse("party:erasure", args=[request.number])
    ito.post(reverse("party:mail_erasure", args=[request.number]), {"to": AOKI})
    assert "送り終わると" in ito.get(page).text
    leave(django_capture_on_commit_callbacks, Post(refuses=True))
    request.refresh_from_db()
    assert (request.answered_at, request.answer_to) == (None, AOKI)
    assert "宛先をメールサーバーが受け付けませんでした" in ito.get(page).text
    erasure_answers.note(request, how="書面", by=cast.staff("伊藤"))
    letter = OutgoingMail.objects.get(key=f"erasure:{request.number}")
    assert (letter.to, letter.last_error) == ("", "")
    request.refresh_from_db()
    assert (request.answered_how, request.answer_to) == ("書面", "")


def test_a_letter_that_still_waits_does_not_leave_once_the_person_was_told_otherwise(
    customer: Customer, django_capture_on_commit_callbacks: Any
) -> None:
    request, post = erased(customer), Post()
    erasure_answers.send(request, to=AOKI, by=cast.staff("加藤"))
    OutgoingMail.objects.filter(key=f"erasure:{request.number}").update(state="sending")
    with pytest.raises(DomainError, match="送っているところ"):
        erasure_answers.note(request, how="電話", by=cast.staff("加藤"))
    OutgoingMail.objects.filter(key=f"erasure:{request.number}").update(state="queued")
    erasure_answers.note(request, how="電話", by=cast.staff("加藤"))
    leave(django_capture_on_commit_callbacks, post)
    assert post.taken == [] and OutgoingMail.objects.get(key=f"erasure:{request.number}").to == ""


def test_an_answer_that_came_back_makes_the_request_wait_again(
    customer: Customer, django_capture_on_commit_callbacks: Any
) -> None:
    request = erased(customer)
    erasure_answers.send(request, to=AOKI, by=cast.staff("加藤"))
    leave(django_capture_on_commit_callbacks, Post())
    letter = OutgoingMail.objects.get(key=f"erasure:{request.number}")
    gone = bounces.mail_of(bounces.Bounce(AOKI, "550 unknown", letter.pk))
    assert gone == letter
    with django_capture_on_commit_callbacks(execute=True):
        bounces.note_bounced(letter, reason=f"550 <{AOKI}> unknown", by=None)
    request.refresh_from_db()
    assert (request.waits_for_answer, request.answered_how) == (True, "")
    letter.refresh_from_db()
    assert AOKI not in letter.last_error
    assert all(AOKI not in one.summary for one in activity.of(letter))
    erasure_answers.send(request, to="new@example.com", by=cast.staff("加藤"))
    leave(django_capture_on_commit_callbacks, Post())
    request.refresh_from_db()
    assert request.answered_how == "メール"


def test_the_answer_on_paper_goes_to_the_address_of_the_envelope(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(
        email="", postal_code="1500001", address="東京都渋谷区神宮前4-12-3"
    )
    kato = Client()
    kato.force_login(cast.staff("加藤"))
    page = kato.get(reverse("party:ask_erasure", args=[customer.number])).text
    assert "〒1500001\n東京都渋谷区神宮前4-12-3\n青木 美咲 様" in page
    request = asked(customer, answer_to="〒1500001\n東京都渋谷区神宮前4-12-3\n青木 美咲 様")
    paper = reverse("party:erasure_paper", args=[request.number])
    assert kato.get(paper).status_code == 404, "nothing to answer yet"
    erasing.refuse(request, reason="ご本人と確かめられません", by=cast.staff("伊藤"))
    answer = kato.get(paper)
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    other = Client()
    other.force_login(cast.staff("田中"))
    assert {
        other.get(paper).status_code,
        other.post(reverse("party:mail_erasure", args=[request.number])).status_code,
    } == {403}


def test_the_days_of_the_answer_are_a_timer_in_the_lists(customer: Customer) -> None:
    RetentionSettings.objects.create(pk=1, answer_days=10)
    today = clock.today()
    request = asked(customer, received_on=today - timedelta(days=10))
    kato = Client()
    kato.force_login(cast.staff("加藤"))
    desk, rows = reverse("support:tickets"), reverse("party:erasures")
    assert erasure_answers.due_on(request) == today
    assert "今日まで" in kato.get(rows).text and "消去の請求の回答の期限は" in kato.get(desk).text
    assert not ErasureRequest.objects.filter(erasure_answers.late()).exists()
    ErasureRequest.objects.update(received_on=today - timedelta(days=12))
    assert "2日 超過" in kato.get(f"{rows}?tab=late").text and "回答が遅れています" in kato.get(desk).text
    ErasureRequest.objects.update(kind="not_needed")
    assert not ErasureRequest.objects.filter(erasure_answers.late()).exists()
    assert "消去の請求の回答" not in kato.get(desk).text


def test_what_colleagues_wrote_for_themselves_is_shown_and_goes_when_it_is_chosen(customer: Customer) -> None:
    ito, sato = cast.staff("伊藤"), cast.staff("佐藤")
    sure = SavedView.objects.create(
        owner=sato, page="orders", name="要注意", query="q=%E9%9D%92%E6%9C%A8+%E7%BE%8E%E5%92%B2"
    )
    perhaps = SavedView.objects.create(owner=sato, page="orders", name="青木さま関係", query="tab=all")
    other = SavedView.objects.create(owner=sato, page="orders", name="今日の分", query="tab=today")
    points.correct(customer.pk, 10, reason="青木様へのお詫び", by=ito)
    request = asked(customer)
    desk = Client()
    desk.force_login(ito)
    page = desk.get(reverse("party:erasure", args=[request.number])).text
    assert f'value="views:{sure.pk}" form="approve" checked' in page
    assert f'value="views:{perhaps.pk}" form="approve">' in page and "今日の分" not in page
    assert "青木様へのお詫び" in page and "台帳なので消えません" in page
    told = [f"views:{sure.pk}", "views:x", "nothing:1"]
    desk.post(reverse("party:approve_erasure", args=[request.number]), {"also": told})
    request.refresh_from_db()
    long_jobs.run(request.job_id)
    assert set(SavedView.objects.values_list("pk", flat=True)) == {perhaps.pk, other.pk}
    assert ErasurePart.objects.get(title="一覧の保存した条件").erased == 1


def test_an_answer_is_recorded_once_and_not_before_there_is_one(
    customer: Customer, django_capture_on_commit_callbacks: Any
) -> None:
    request, kato = asked(customer), cast.staff("加藤")
    with pytest.raises(ChangedMeanwhile):
        erasure_answers.note(request, how="電話", by=kato)
    with pytest.raises(ChangedMeanwhile):
        erasure_answers.send(request, to=AOKI, by=kato)
    erasing.refuse(request, reason="ご本人と確かめられません", by=cast.staff("伊藤"))
    erasure_answers.send(request, to=AOKI, by=kato)
    leave(django_capture_on_commit_callbacks, Post())
    with pytest.raises(ChangedMeanwhile):
        erasure_answers.note(request, how="電話", by=kato)
    assert activity.of(request).filter(verb="answer").count() == 1


def test_only_the_letter_of_the_request_speaks_for_it_and_a_bounce_only_against_a_letter(
    customer: Customer, django_capture_on_commit_callbacks: Any
) -> None:
    request = erased(customer)
    erasure_answers.on_mail_sent(key=f"ticket:{request.number}")
    request.refresh_from_db()
    assert (request.answered_at, request.answer_to) == (None, AOKI)
    erasure_answers.send(request, to=AOKI, by=cast.staff("加藤"))
    leave(django_capture_on_commit_callbacks, Post())
    ErasureRequest.objects.update(answered_how="電話")
    letter = OutgoingMail.objects.get(key=f"erasure:{request.number}")
    with django_capture_on_commit_callbacks(execute=True):
        bounces.note_bounced(letter, reason="550", by=None)
    request.refresh_from_db()
    assert request.answered_how == "電話"


def test_only_what_was_found_can_be_chosen_and_a_name_of_one_letter_is_not_looked_for_alone(
    customer: Customer,
) -> None:
    assert findings.take(["views:99999999999999999999999", "views:-1", "nothing:1", "views"]) == []
    Customer.objects.filter(pk=customer.pk).update(name="林 恵子")
    assert findings.parts_of(erasing.erasee_of(customer)) == ["恵子"]
