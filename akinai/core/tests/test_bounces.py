"""不達: a mail that came back is known, by hand or by the notice itself; nobody's notice marks another one's mail."""

from __future__ import annotations

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from akinai.core import bounces, mail
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.core.models import OutgoingMail
from tests.cast import company, staff

pytestmark = pytest.mark.django_db(transaction=True)

NOTICE = """From: MAILER-DAEMON@mail.example.jp\r
To: shop@example.jp\r
Subject: Undelivered Mail Returned to Sender\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\r
\r
--b1\r
Content-Type: text/plain; charset=utf-8\r
\r
This is the mail system.\r
--b1\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mail.example.jp\r
\r
Final-Recipient: rfc822; {to}\r
Action: {action}\r
Status: 5.1.1\r
Diagnostic-Code: smtp; 550 5.1.1 User unknown\r
\r
--b1\r
Content-Type: text/rfc822-headers\r
\r
To: {to}\r
{header}Subject: =?utf-8?b?6KuL5rGC5pu4?=\r
\r
--b1--\r
"""


def gone(to: str = "aoki@example.com", key: str = "paper:INV-2026-000001:1") -> OutgoingMail:
    """A mail that has left."""
    company()
    mail.enqueue(key=key, to=to, subject="請求書", body="x")
    mail.send_due()
    return OutgoingMail.objects.get(key=key)


def notice(to: str = "aoki@example.com", action: str = "failed", number: int | None = None) -> bytes:
    header = f"{bounces.HEADER}: {number}\r\n" if number is not None else ""
    return NOTICE.format(to=to, action=action, header=header).encode()


def test_every_mail_bears_the_number_that_a_notice_gives_back() -> None:
    sent = gone()
    assert outbox.outbox[0].extra_headers[bounces.HEADER] == str(sent.pk)


def test_the_notice_says_which_mail_came_back_and_why() -> None:
    first = gone()
    gone(key="paper:INV-2026-000002:1")
    done, unknown = bounces.take_in(notice(number=first.pk), by=None)
    assert ([one.pk for one in done], unknown) == ([first.pk], [])
    first.refresh_from_db()
    assert (first.state, first.last_error) == ("failed", "相手に届かずに戻りました。550 5.1.1 User unknown")


def test_without_our_number_the_newest_mail_to_the_address_is_meant() -> None:
    gone()
    last = gone(key="paper:INV-2026-000002:1")
    done, _ = bounces.take_in(notice(to="AOKI@example.com"), by=None)
    assert [one.pk for one in done] == [last.pk]


def test_a_notice_counts_only_for_a_mail_that_left_for_that_address() -> None:
    sent = gone()
    assert bounces.take_in(notice(to="other@example.com", number=sent.pk), by=None) == (
        [],
        ["other@example.com"],
    )
    sent.refresh_from_db()
    assert sent.state == "sent"


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"Subject: x\r\n\r\nhello", notice(action="delayed")])
def test_any_other_file_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(DomainError, match="不達の通知ではない|読めません"):
        bounces.take_in(data, by=None)


def test_what_has_not_left_cannot_come_back_and_what_came_back_is_sent_anew() -> None:
    sent = gone()
    bounces.note_bounced(sent, reason="あて先不明", by=staff("鈴木"))
    with pytest.raises(ImpossibleMove):
        bounces.note_bounced(sent, reason="", by=None)
    assert mail.send_again(sent, to="new@example.com", by=None).state == "queued"


def test_the_clerk_drops_the_notice_on_the_screen(client: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = gone()
    client.force_login(staff("鈴木"))
    good = SimpleUploadedFile("n.eml", notice(number=sent.pk), "message/rfc822")
    assert client.post(reverse("mail:bounces"), {"uploads": good}).status_code == 302
    sent.refresh_from_db()
    assert sent.state == "failed"
    bad = SimpleUploadedFile("n.eml", b"x", "message/rfc822")
    page = client.post(reverse("mail:bounces"), {"uploads": bad})
    assert page.status_code == 422 and "不達の通知ではない" in page.content.decode()
    client.force_login(staff("部外者"))
    assert client.get(reverse("mail:bounces")).status_code == 403
