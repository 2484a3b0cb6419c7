"""種類と不達: who waits for an answer, and which address did not get our mail."""

from __future__ import annotations

import pytest

from akinai.adapters.mailbox import Bounced, Kind, Mail, read_mail
from akinai.adapters.mailbox.tests.letters import jis, mail, mixed, text

OURS = {"shop.example.com", "shop@example.com"}


def read(raw: bytes) -> Mail:
    got = read_mail(raw, ours=OURS)
    assert isinstance(got, Mail), got
    return got


@pytest.mark.parametrize(
    "subject",
    [
        "【自動応答】不在にしております", "自動返信: お問い合わせ", "Re: 自動応答: お問い合わせ", "不在通知: 山田", "【不在】", "不在のお知らせ",
        "Out of Office: Yamada", "Automatic reply: Order", "夏季休暇のお知らせ【自動返信】", "Auto: Re: 注文",
    ],
)  # fmt: skip
def test_answering_machines_are_told_by_their_subjects(subject: str) -> None:
    assert read(mail("不在です", subject=subject)).kind == Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "subject",
    ["不在で受け取れませんでした", "不在票が入っていました", "自動車用品について", "休暇中に届きますか", "Re: 不在の場合の再配達", "autoの商品"],
)  # fmt: skip
def test_customers_who_write_of_absence_are_persons(subject: str) -> None:
    assert read(mail("教えてください", subject=subject)).kind == Kind.PERSON


@pytest.mark.parametrize(
    ("extra", "kind"),
    [
        ("Auto-Submitted: auto-replied", Kind.AUTO_REPLY),
        ("Auto-Submitted: no", Kind.PERSON),
        ("X-Autoreply: yes", Kind.AUTO_REPLY),
        ("Precedence: bulk", Kind.MAILING_LIST),
        ("List-Id: <news.example.jp>", Kind.MAILING_LIST),
        ("Return-Path: <>", Kind.AUTO_REPLY),
        ("X-Akinai-Mail: 12", Kind.LOOP),
        ("X-Loop: <info@shop.example.com>", Kind.LOOP),
        ("X-Loop: x@y.jp", Kind.PERSON),
        ("\r\n".join(["Received: from a by b"] * 31), Kind.LOOP),
        ("Received: from a by b", Kind.PERSON),
    ],
)
def test_the_head_tells_machines_from_persons(extra: str, kind: Kind) -> None:
    got = read(mail("本文", extra=extra))
    assert got.kind == kind
    assert bool(got.why_kind) == (kind != Kind.PERSON)


def test_our_own_message_id_is_a_loop() -> None:
    raw = mail("本文")
    ours = raw.replace(b"<one@example.jp>", b"<tk-2026-000001.ab@Shop.Example.com>")
    assert read(ours).kind == Kind.LOOP
    by_address = read_mail(ours, ours={"support@shop.example.com"})
    assert isinstance(by_address, Mail)
    assert by_address.kind == Kind.LOOP
    # A colleague's mail program uses the same domain.
    assert read(raw.replace(b"<one@example.jp>", b"<abc@shop.example.com>")).kind == Kind.PERSON


def test_two_answering_machines_talking_are_a_loop() -> None:
    assert (
        read(mail("不在", subject="自動返信: Re: 自動返信: 不在のお知らせ", extra="Auto-Submitted: auto-replied")).kind
        == Kind.LOOP
    )  # fmt: skip


def test_what_a_mall_passes_on_is_a_persons_mail() -> None:
    got = read(
        mail("届きません", sender="楽天 太郎 <815db15ff6ee7c02@pc.fw.rakuten.ne.jp>", extra="Auto-Submitted: auto-generated")
    )  # fmt: skip
    assert (got.mall, got.kind) == ("rakuten", Kind.PERSON)
    assert read(mail("x", sender="a <v8g+A00135411ZI2@marketplace.amazon.co.jp>")).mall == "amazon"
    assert read(mail("x", sender="a <x@rakuten.ne.jp>")).mall == ""
    assert read(mail("x", sender="a <x@marketplace.amazon.co.jp.example.jp>")).mall == ""


def report(status: bytes, extra: bytes = b"") -> bytes:
    return mixed(
        text("This is the mail system."),
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n" + status,
        b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <our1@shop.example.com>\r\nX-Akinai-Mail: 77\r\n" + extra,
        kind="multipart/report; report-type=delivery-status",
    )  # fmt: skip


def test_a_report_of_postfix_names_address_code_and_our_mail() -> None:
    got = read(report(b"Final-Recipient: rfc822; taro@docomo.ne.jp\r\nOriginal-Recipient: rfc822;taro@docomo.ne.jp\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 Unknown user taro@docomo.ne.jp\r\n"))  # fmt: skip
    assert got.kind == Kind.BOUNCE
    assert got.bounced == (
        Bounced(
            "taro@docomo.ne.jp", "5.1.1", "宛先のアドレスがありません。", "550 Unknown user taro@docomo.ne.jp",
            True, "our1@shop.example.com", 77,
        ),
    )  # fmt: skip


def test_several_addresses_are_told_each_once_and_a_delay_is_no_failure() -> None:
    got = read(report(b"Final-Recipient: rfc822;a@x.jp\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\nFinal-Recipient: rfc822;b@x.jp\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\nFinal-Recipient: rfc822;A@x.jp\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\nFinal-Recipient: rfc822;c@x.jp\r\nAction: delivered\r\nStatus: 2.0.0\r\n"))  # fmt: skip
    assert [(each.address, each.code, each.why, each.is_final) for each in got.bounced] == [
        ("a@x.jp", "5.2.2", "相手の受信箱がいっぱいです。", True),
        ("b@x.jp", "4.4.1", "相手のサーバーにつながりませんでした。", False),
    ]


NOTICES = {
    "docomo": (
        "Mail System <MAILER-DAEMON@docomo.ne.jp>", "Mail System Error - Returned Mail",
        "次のあて先へのメッセージはエラーのため送信できませんでした。\r\n\r\ntaro@docomo.ne.jp\r\n理由: 550 Unknown user\r\n\r\n----- 元のメッセージ -----\r\nFrom: shop@example.com\r\n",
        "5.1.1",
    ),
    "Exchange": (
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@corp.example>", "配信不能: ご注文の件",
        "次の受信者またはグループへの配信に失敗しました:\r\n\r\ntaro@corp.example\r\n入力した電子メール アドレスが見つかりませんでした。受信者の電子メール アドレスを確認してください。\r\n#550 5.1.10 RESOLVER.ADR.RecipientNotFound\r\n",
        "5.1.10",
    ),
    "qmail": (
        "MAILER-DAEMON@isp.example", "failure notice",
        "Hi. This is the qmail-send program at isp.example.\r\nI'm afraid I wasn't able to deliver your message to the following addresses.\r\n\r\n<taro@isp.example>:\r\nThe users mailfolder is over the allowed quota (size). (#5.2.2)\r\n\r\n--- Below this line is a copy of the message.\r\n\r\nReturn-Path: <shop@example.com>\r\nMessage-ID: <our2@shop.example.com>\r\n",
        "5.2.2",
    ),
    "au": (
        "Mail Administrator <Postmaster@ezweb.ne.jp>", "Mail System Error - Returned Mail",
        "This Message was undeliverable due to the following reason:\r\n\r\nEach of the following recipients was rejected by a remote mail server.\r\n\r\n    Recipient: <taro@ezweb.ne.jp>\r\n    Reason:    5.1.1 <taro@ezweb.ne.jp>... User Unknown\r\n",
        "5.1.1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTICES)
def test_notices_in_words_name_the_address_that_failed(name: str) -> None:
    sender, subject, words, code = NOTICES[name]
    got = read(mail(jis(words), sender=sender, subject=subject, kind="text/plain; charset=iso-2022-jp"))
    assert got.kind == Kind.BOUNCE
    assert [(each.address.split("@")[0], each.code, each.is_final) for each in got.bounced] == [("taro", code, True)]  # fmt: skip


def test_a_customer_who_complains_of_a_failed_mail_is_a_person() -> None:
    got = read(
        mail("そちらからのメールが届きません。送信できませんでしたと出ます。", subject="送信エラーになります")
    )
    assert got.kind == Kind.PERSON


def test_who_answers_our_letter_is_a_person_whatever_marks_of_lists_stand_there() -> None:
    marks = "List-Unsubscribe: <mailto:off@host.example>\r\nPrecedence: bulk"
    answer = f"{marks}\r\nIn-Reply-To: <tk-2026-000123.ab@shop.example.com>"
    assert read(mail("届きました。", extra=answer)).kind == Kind.PERSON
    assert read(mail("セールのお知らせ", extra=marks)).kind == Kind.MAILING_LIST
