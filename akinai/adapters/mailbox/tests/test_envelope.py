"""差出人・日時・番号・断り方."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from akinai.adapters.mailbox import Address, Code, Mail, Refusal, body, read_mail
from akinai.adapters.mailbox.tests.letters import DATE, jis, mail, mixed, text, word
from akinai.core.numbering import PREFIXES


def read(raw: bytes) -> Mail:
    got = read_mail(raw)
    assert isinstance(got, Mail), got
    return got


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (word("山田, 太郎".encode(), "UTF-8") + b" <a@b.jp>", Address("a@b.jp", "山田, 太郎")),
        (b'"' + word(jis("山田①"), "ISO-2022-JP") + b'" <a@b.jp>', Address("a@b.jp", "山田①")),
        ("山田　太郎 <a@b.jp>".encode("cp932"), Address("a@b.jp", "山田 太郎")),
        (b'"Yamada, Taro" <a@b.jp>', Address("a@b.jp", "Yamada, Taro")),
        (b"a@b.jp (Yamada Taro)", Address("a@b.jp", "Yamada Taro")),
        (b"a@b.jp", Address("a@b.jp")),
        (b"<a..b.@docomo.ne.jp>", Address("a..b.@docomo.ne.jp")),
        (word("偽 <shop@example.com>".encode(), "UTF-8") + b" <evil@x.jp>", Address("evil@x.jp", "偽 <shop@example.com>")),
    ],
)  # fmt: skip
def test_senders_are_read_as_people_and_phones_write_them(raw: bytes, wanted: Address) -> None:
    assert read(mail(sender=raw)).sender == wanted


def test_groups_and_several_addresses_are_opened() -> None:
    got = read(mail(extra='Cc: Friends: a@b.jp, "X; Y" <c@d.jp>;, e@f.jp\r\nCc: undisclosed-recipients:;'))
    assert got.cc == (Address("a@b.jp"), Address("c@d.jp", "X; Y"), Address("e@f.jp"))


def test_a_mail_without_sender_and_date_is_read_with_doubts() -> None:
    got = read(b"Subject: x\r\n\r\nbody")
    assert (got.sender, got.sent_at, got.text) == (None, None, "body")
    assert got.doubts == (
        "差出人（From）が読めません。差出人はわかりません。",
        "送信日時の記載がありません。",
    )


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (DATE, datetime(2026, 11, 2, 10, 0, tzinfo=timezone(timedelta(hours=9)))),
        ("Mon, 2 Nov 2026 01:00:00 -0000", datetime(2026, 11, 2, 1, 0, tzinfo=UTC)),
        ("2 Nov 2026 10:00:00 +0900 (JST)", datetime(2026, 11, 2, 1, 0, tzinfo=UTC)),
        ("2026年11月2日(月) 10:00:05", datetime(2026, 11, 2, 1, 0, 5, tzinfo=UTC)),
        ("2026/11/02 10:00:00 +0900", datetime(2026, 11, 2, 1, 0, tzinfo=UTC)),
        ("Mon, 31 Feb 2026 10:00:00 +0900", None),
        ("Mon, 30 Jun 3609 15:33:50 +0600", None),
        ("yesterday", None),
    ],
)
def test_dates_are_aware_or_said_to_be_unreadable(said: str, wanted: datetime | None) -> None:
    got = read(mail().replace(DATE.encode(), said.encode()))
    assert got.sent_at == wanted
    assert bool(got.doubts) == (wanted is None or "年" in said)
    assert got.sent_at is None or got.sent_at.tzinfo is not None


def test_the_thread_is_read_from_its_head() -> None:
    got = read(mail(extra="In-Reply-To: Your message of Monday <b@x>\r\nReferences: <a@x>\r\n <b@x> <a@x>"))
    assert (got.message_id, got.in_reply_to, got.references) == ("one@example.jp", "b@x", ("a@x", "b@x"))


def test_an_answer_that_lost_its_brackets_still_names_its_letter() -> None:
    assert read(mail(extra="In-Reply-To: tk-1.ab@shop.example.com")).in_reply_to == "tk-1.ab@shop.example.com"
    assert read(mail(extra="In-Reply-To: letter of taro@x.jp")).in_reply_to == ""


def test_our_numbers_are_found_and_the_mark_leaves_the_subject() -> None:
    got = read(
        mail("前の件は ＴＫ－２０２６－０００００７ です", subject="Re: 返品について [TK-2026-000123]")
    )
    assert got.subject == "Re: 返品について"
    assert got.ticket_numbers == ("TK-2026-000123", "TK-2026-000007")
    assert read(mail(f"{PREFIXES['ticket']}-2026-000123")).ticket_numbers == ("TK-2026-000123",)
    assert read(mail("TK-2026-0001234 XTK-2026-000123 TK-2026-000123-4")).ticket_numbers == ()


def test_order_numbers_of_ours_and_of_the_malls_are_found() -> None:
    words = "SO-2026-000123、楽天 123456-20261101-0000000012 と Amazon 249-1234567-7654321、store-abc-10012345。電話 03-1234-5678"
    assert read(mail(words)).order_numbers == (
        "SO-2026-000123", "123456-20261101-0000000012", "249-1234567-7654321", "store-abc-10012345",
    )  # fmt: skip


def nested(depth: int) -> bytes:
    inner = text("底")
    for at in range(depth):
        mark = b"=_%d" % at
        inner = b"Content-Type: multipart/mixed; boundary=" + mark + b"\r\n\r\n--" + mark + b"\r\n" + inner + b"\r\n--" + mark + b"--\r\n"  # fmt: skip
    return b"From: a@b.jp\r\n" + inner


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", Code.EMPTY),
        (b" \r\n\r\n", Code.EMPTY),
        (b"\x00\x01\x02\x03" * 100, Code.NOT_A_MAIL),
        ("商品コード,数量\r\nA-1,3\r\n".encode(), Code.NOT_A_MAIL),
        (b"Dear sirs,\n\nwhere is it?", Code.NOT_A_MAIL),
        (mail("a" * (25 * 1024 * 1024)), Code.TOO_LARGE),
        (nested(21), Code.TOO_DEEP),
        (mixed(*[text("x")] * 200), Code.TOO_MANY_PARTS),
        (b"From: a@b.jp\r\nX-Long: " + b"a" * (1024 * 1024) + b"\r\n\r\nx", Code.NOT_A_MAIL),
        (b"From: a@b.jp\r\n" + b"X: y\r\n" * 5000 + b"\r\nx", Code.NOT_A_MAIL),
    ],
    ids=["empty", "blank", "binary", "csv", "letter", "large", "deep", "many", "long head", "many fields"],
)
def test_what_cannot_be_a_mail_is_refused_with_the_reason(raw: bytes, code: Code) -> None:
    got = read_mail(raw)
    assert isinstance(got, Refusal)
    assert (got.code, got.digest, got.size) == (code, hashlib.sha256(raw).hexdigest(), len(raw))
    assert got.reason.endswith("。")


def test_the_last_depth_and_the_last_part_are_still_read() -> None:
    assert read(nested(20)).text == "底"
    assert read(mixed(*[text("x")] * 199)).text.count("x") == 199
    assert read(b"From: a@b.jp\r\n" + b"X: y\r\n" * 4999 + b"\r\nx").text.strip() == "x"


def test_a_mail_nobody_thought_of_is_refused_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(body, "collect", broken)
    got = read_mail(b"From: a@b.jp\r\n\r\nx")
    assert isinstance(got, Refusal)
    assert (got.code, "RecursionError" in got.reason) == (Code.UNREADABLE, True)


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("Fri, 27 Nov 2026 10:00:00 JST", "2026-11-27T10:00:00+09:00"),
        ("Fri, 27 Nov 2026 10:00:00", "2026-11-27T10:00:00+09:00"),
        ("Fri Nov 27 10:00:00 2026", "2026-11-27T10:00:00+09:00"),
        ("Fri, 27 Nov 2026 10:00:00 +9900", "2026-11-27T10:00:00+09:00"),
        ("Fri, 27 Nov 2026 10:00:60 +0900", "2026-11-27T10:00:59+09:00"),
        ("Fri, 27 Nov 2026 01:00:00 GMT", "2026-11-27T01:00:00+00:00"),
        ("2026-11-27T01:00:00Z", "2026-11-27T01:00:00+00:00"),
        ("2026-11-27T10:00:00.123+09:00", "2026-11-27T10:00:00+09:00"),
        ("2026年11月27日(金) 午後3時05分", "2026-11-27T15:05:00+09:00"),
        ("2026/11/27 12:05:00 AM", "2026-11-27T00:05:00+09:00"),
    ],
)
def test_a_date_without_a_zone_is_of_japan_and_one_with_a_zone_is_believed(said: str, moment: str) -> None:
    got = read(mail("x").replace(b"Mon, 02 Nov 2026 10:00:00 +0900", said.encode()))
    assert got.sent_at is not None
    assert got.sent_at.isoformat() == moment
    assert bool(got.doubts) == (not re.search(r"JST|GMT|Z|[+-]0[09]", said)), "a guessed zone is told"


def test_an_at_sign_in_full_width_is_one() -> None:
    got = read(mail("x", sender="花子 <hanako＠example.jp>"))
    assert got.sender == Address("hanako@example.jp", "花子")
