"""不達の知らせ in words: each server names the address that failed in a way of its own, and others that did not fail."""

from __future__ import annotations

import pytest

from akinai.adapters.mailbox import Kind, Mail, read_mail
from akinai.adapters.mailbox.tests.letters import mail, mixed

DAEMON = "Mail Delivery System <mailer-daemon@isp.example>"


def read(raw: bytes) -> Mail:
    got = read_mail(raw, ours={"shop.example.com"})
    assert isinstance(got, Mail)
    return got


WAYS = {
    "a line of its own": "次の宛先には配信できませんでした。\r\n\r\n  <taro@isp.example>\r\n\r\nご不明な点は help@isp.example までお問い合わせください。\r\n",
    "a colon behind it": "Unable to deliver message to the following address(es).\r\n\r\n<taro@isp.example>:\r\nThis account is over quota.\r\n--- Original message follows.\r\n\r\nTo: other@isp.example\r\n\r\nWrite to\r\nother@isp.example\r\n",
    "a label": "Failed Recipient: taro@isp.example\r\nReason: user unknown\r\n",
    "a label in the line above": "The address to which the message has not been delivered: recipient\r\n  taro@isp.example\r\nuser unknown\r\n",
    "to it": "Sorry, unable to deliver your message to taro@isp.example for the following reason:\r\n\r\n552 mailbox full\r\n",
    "dots behind it": " taro@isp.example...unknown host\r\n",
    "a date behind it": "Your message did not reach the following recipient(s):\r\n\r\ntaro@isp.example on Fri, 18 Oct 2026 09:13:24 +0900\r\n    The recipient name is not recognized\r\n",
    "where it was passed on from": "----- The following addresses had permanent fatal errors -----\r\ntaro@isp.example\r\n    (expanded from\r\n    <hanako@isp.example>)\r\n",
    "a bracket behind it": "---The following addresses had delivery errors---\r\n\r\ntaro@isp.example [User unknown]\r\n",
    "its name in front": ">>> taro@isp.example <taro@isp.example>\r\n\r\n550 <taro@isp.example>: Recipient address rejected\r\n",
    "alone above the reason": "<taro@isp.example>\r\n\r\nEach of the following recipients was rejected by a remote mail server.\r\n------------------\r\nReceived: from mx.example by isp.example\r\n  for <hanako@isp.example>; Sun, 7 Sep 2026 21:40:11 +0900\r\n",
    "in Japanese": "このメールは送信できませんでした。\r\n\r\n以下のメールアドレスへの送信に失敗しました。\r\ntaro@isp.example\r\n\r\n-------server message\r\n550 5.1.1 User unknown\r\n\r\n-------original message\r\nTo: hanako@isp.example\r\n",
    "a sentence about ours": "A mail that was sent by\r\n  order@shop.example.com\r\nand\r\n  shop@example.com\r\ncould not be delivered to\r\n -- taro@isp.example\r\n",
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_the_address_that_failed_is_told_from_the_others(way: str) -> None:
    got = read(mail(WAYS[way], sender=DAEMON, subject="Delivery failure"))
    assert got.kind == Kind.BOUNCE
    assert [(one.address, one.is_final) for one in got.bounced] == [("taro@isp.example", True)]


def test_a_server_under_another_name_is_known_by_subject_and_words_together() -> None:
    words = "Could not deliver message to the following recipient(s):\r\n\r\nFailed Recipient: taro@isp.example\r\nReason: 550 unknown user\r\n"
    assert read(mail(words, subject="Delivery Failure")).kind == Kind.BOUNCE
    full = "送信先のメールボックスが一杯のため、送信できませんでした。\r\n\r\n  Could not be delivered to: <taro@isp.example>\r\n"
    (one,) = read(mail(full, subject="メールエラー通知", sender="no-reply@isp.example")).bounced
    assert (one.address, one.why) == ("taro@isp.example", "相手の受信箱がいっぱいです。")
    # A customer who passes such a notice on, or writes of one, is a person.
    assert read(mail(words, subject="Fwd: Delivery Failure")).kind == Kind.PERSON
    assert read(mail("メールが送れませんでした。", subject="Undeliverable mail")).kind == Kind.PERSON


def test_a_notice_that_names_nobody_is_told_by_the_letter_that_came_back() -> None:
    said = b"Content-Type: text/plain\r\n\r\nThe attached letter could not be delivered."
    copy = b"Content-Type: message/rfc822\r\n\r\nFrom: order@shop.example.com\r\nTo: order@shop.example.com, taro@isp.example\r\nMessage-ID: <our7@shop.example.com>\r\nSubject: x\r\n\r\nx"
    raw = mixed(said, copy, subject="failure notice").replace(
        "山田 <yamada@example.jp>".encode(), DAEMON.encode()
    )
    assert [(one.address, one.message_id) for one in read(raw).bounced] == [
        ("taro@isp.example", "our7@shop.example.com")
    ]
    bare = mail(
        "Message not delivered.", sender=DAEMON, subject="x", extra="References: <our7@shop.example.com>"
    )
    assert [(one.address, one.message_id) for one in read(bare).bounced] == [("", "our7@shop.example.com")]


def report(fields: bytes) -> bytes:
    status = (
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.isp.example\r\n\r\n" + fields
    )
    return mixed(
        b"Content-Type: text/plain\r\n\r\nx", status, kind="multipart/report; report-type=delivery-status"
    )


def test_failed_is_for_good_whatever_its_code_and_the_address_is_the_one_we_wrote_to() -> None:
    got = read(report(b"Original-Recipient: rfc822;taro@isp.example\r\nFinal-Recipient: rfc822;box17@inner.example\r\nAction: failed (gave up)\r\nStatus: 4.4.7\r\n"))  # fmt: skip
    (one,) = got.bounced
    assert (one.address, one.is_final, one.why) == (
        "taro@isp.example", True, "相手のサーバーにつながりませんでした。",
    )  # fmt: skip
    (other,) = read(
        report(b"Final-Recipient: rfc822;a@isp.example\r\nAction: failed\r\nStatus: 4.0.0\r\n")
    ).bounced
    assert other.why == "相手のサーバーが受け付けませんでした。"


def test_a_code_that_only_says_other_gives_way_to_the_words() -> None:
    (one,) = read(report(b"Final-Recipient: rfc822;a@isp.example\r\nAction: failed\r\nStatus: 5.2.0\r\nDiagnostic-Code: SMTP; 550 Unknown user a@isp.example\r\n")).bounced  # fmt: skip
    assert (one.code, one.why) == ("5.1.1", "宛先のアドレスがありません。")


def test_a_warning_of_a_delay_is_no_failure() -> None:
    words = "The message has not yet been delivered to the following addresses:\r\n\r\n  <taro@isp.example>\r\n\r\nDelivery attempts will continue for some time.\r\n"
    (one,) = read(mail(words, sender=DAEMON, subject="Warning: message delayed 2 days")).bounced
    assert (one.address, one.is_final, one.why) == (
        "taro@isp.example", False, "まだ届いていません。送信は続けられています。",
    )  # fmt: skip
