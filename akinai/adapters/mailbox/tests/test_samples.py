"""Real mails of the field: each of them is read without loss, the broken ones too; a dozen to the letter."""

from __future__ import annotations

import random
from datetime import datetime

import pytest

from akinai.adapters.mailbox import Address, Kind, Mail, Refusal
from akinai.adapters.mailbox.tests.conservation import check, mutated
from tests.samples import FOLDER, sample

NAMES = sorted(path.name for path in (FOLDER / "mail").glob("*.eml"))
MUTATIONS = 300


def read(name: str) -> Mail:
    got = check(sample(f"mail/{name}.eml"))
    assert isinstance(got, Mail), got
    return got


@pytest.mark.parametrize("name", NAMES or ["none"])
def test_every_sample_is_read_without_loss(name: str) -> None:
    got = check(sample(f"mail/{name}"))
    assert isinstance(got, Mail), got
    # What holds no word must hold a file, or be one of those that lost theirs.
    is_bare = name in {
        "error_emails__bad_date_header.eml", "error_emails__bad_date_header2.eml", "error_emails__empty_in_reply_to.eml",
        "error_emails__missing_body.eml", "error_emails__must_supply_encoding.eml",
    }  # fmt: skip
    assert bool(got.text.strip() or got.attachments) == (not is_bare)


@pytest.mark.parametrize(
    ("name", "subject", "sender", "text"),
    [
        ("multi_charset__japanese", "まみむめも", Address("raasdnil@gmail.com", "Mikel Lindsaar"), "かきくえこ\n\n-- \nhttp://lindsaar.net/\nRails, RSpec and Life blog....\n"),
        ("multi_charset__japanese_iso_2022", "まみむめも", Address("raasdnil@gmail.com", "Mikel Lindsaar"), "すみません。\n\n"),
        ("multi_charset__japanese_shift_jis", "test", Address("xxxxxxx@docomo.ne.jp"), "あいうえお\n\nこのメールはテスト用のメールです。\n\n今後ともよろしくお願い申し上げます！\n"),
        ("multi_charset__ks_c_5601-1987", "test", Address("from@example.com"), "스티해\n"),
        ("rfc6532__utf8_headers", "Säying Hello", Address("jdöe@mächine.example", "Jöhn Doe"), "body\n"),
        ("plain_emails__raw_email_with_partially_quoted_subject", 'Re: Test: "漢字" mid "漢字" tail', Address("jamis@37signals.com", "Jamis Buck"), "대부분의 마찬가지로, 우리는 하나님을 믿습니다.\n\n제 이름은 Jamis입니다."),
        ("error_emails__bad_encoded_subject", "TEST", None, "TEST\n"),
        ("plain_emails__mix_caps_content_type", "undef method parameter bug", Address("bb@bug.com", "Big Bug"), "foo bar\n"),
        ("plain_emails__raw_email_multiple_from", "/home/svn/public/minebox revision 214", Address("tim@powerupdev.com"), None),
        ("error_emails__bad_subject", "MySurvey.com: You have a survey waiting! 91123105", Address("carol@mysurvey.com", "MySurvey.com & Carol Adams"), None),
        ("mime_emails__raw_email4", "Filth", Address("xxx@xxxx.xxx"), None),
    ],
)  # fmt: skip
def test_samples_say_exactly_this(name: str, subject: str, sender: Address | None, text: str | None) -> None:
    got = read(name)
    assert (got.subject, got.sender, got.kind) == (subject, sender, Kind.PERSON)
    assert text is None or got.text == text


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("multi_charset__japanese_attachment", [("てすと.txt", "text/plain", 33)]),
        ("multi_charset__japanese_attachment_long_name", [("かきくけこかきくけこかきくけこかきくけこかきくけこ.txt", "text/plain", 18)]),
        ("attachment_emails__attachment_nonascii_filename", [("ciële.txt", "text/plain", 11)]),
        ("attachment_emails__attachment_with_quoted_filename", [("Eelanalüüsi päring.jpg", "image/jpeg", 1952)]),
        ("attachment_emails__attachment_with_base64_encoded_name", [("This is a test.pdf", "application/pdf", 399)]),
        ("attachment_emails__attachment_with_unquoted_name", [("This is a test.txt", "text/plain", 11)]),
        ("attachment_emails__attachment_message_rfc822", [("ForwardedMessage.eml", "message/rfc822", 3781)]),
        ("attachment_emails__attachment_only_email", [("blah.gz", "application/x-gzip", 288)]),
        ("mime_emails__raw_email_with_nested_attachment", [("truncated.png", "image/png", 1902), ("smime.p7s", "application/pkcs7-signature", 939)]),
        ("mime_emails__raw_email7", [("test.rb", "text/x-ruby-script", 25), ("test.pdf", "application/pdf", 14), ("smime.p7s", "application/pkcs7-signature", 227)]),
    ],
)  # fmt: skip
def test_the_files_of_samples_keep_name_type_and_size(name: str, files: list[tuple[str, str, int]]) -> None:
    assert [(each.name, each.declared, each.size) for each in read(name).attachments] == files


def test_the_notices_among_the_samples_name_their_addresses() -> None:
    several = read("multipart_report_emails__multi_address_bounce1")
    assert [each.code for each in several.bounced] == ["5.1.1"] * 5
    assert several.bounced[0].message_id == "118707422.15521266992174819.JavaMail.root@lvmail01"
    warning = read("multipart_report_emails__report_422").bounced
    assert [(each.address, each.code, each.is_final) for each in warning] == [("fraser@oooooooo.com.au", "4.2.2", False)]  # fmt: skip
    refused = read("multipart_report_emails__report_530").bounced
    assert [(each.address, each.code, each.is_final) for each in refused] == [("edwin@zzzzzzz.com", "5.3.0", True)]  # fmt: skip


def test_the_reply_among_the_samples_knows_its_thread() -> None:
    got = read("plain_emails__raw_email_reply")
    assert got.in_reply_to == "348F04F142D69C21-291E56D292BC@xxxx.net"
    assert got.references == ("473FF3B8.9020707@xxx.org", "348F04F142D69C21-291E56D292BC@xxxx.net")
    assert got.sent_at == datetime.fromisoformat("2007-11-18T19:56:07+11:00")


def test_dates_that_are_none_are_said() -> None:
    for name in ("error_emails__bad_date_header", "plain_emails__raw_email_with_bad_date", "plain_emails__raw_email_bad_time"):  # fmt: skip
        got = read(name)
        assert got.sent_at is None
        assert any("日時として読めません" in doubt for doubt in got.doubts)


def test_mutated_mails_raise_nothing_and_lose_nothing() -> None:
    """The long run of this is script/bench mails."""
    mails = [sample(f"mail/{name}") for name in NAMES or ["none"]]
    dice = random.Random(20261102)
    got = [check(mutated(dice, dice.choice(mails), mails)) for _ in range(MUTATIONS)]
    assert sum(isinstance(each, Refusal) for each in got) < MUTATIONS // 5
