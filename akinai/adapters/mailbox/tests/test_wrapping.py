"""Files that are more or less than one .eml: kept by other programs, cut off, signed, locked, or packed for Outlook."""

from __future__ import annotations

import base64
import struct

import pytest

from akinai.adapters.mailbox import Code, Mail, Refusal, read_mail
from akinai.adapters.mailbox.tests.letters import file, mail, mixed, text


def read(raw: bytes) -> Mail:
    got = read_mail(raw)
    assert isinstance(got, Mail)
    return got


def refused(raw: bytes) -> Refusal:
    got = read_mail(raw)
    assert isinstance(got, Refusal)
    return got


def test_doubled_line_ends_are_read_as_one() -> None:
    got = read(mail("一行目\r\n二行目").replace(b"\r\n", b"\r\r\n"))
    assert (got.text, got.subject) == ("一行目\n二行目", "test")


def test_the_notes_of_apple_mail_are_no_part_of_the_letter() -> None:
    inner = mail("本文").replace(b"\r\n", b"\n")
    notes = b'<?xml version="1.0"?>\n<!DOCTYPE plist>\n<plist version="1.0"><dict/></plist>\n'
    got = read(b"%-10d\n" % len(inner) + inner + notes)
    assert (got.text, got.doubts) == ("本文", ())


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".msg"),
        (mail("本文").decode().encode("utf-16"), "UTF-16"),
        (b"From a@x.jp Mon Nov  2 10:00:00 2026\n" + mail("一").replace(b"\r\n", b"\n") + b"\n\nFrom b@x.jp Mon Nov  2 11:00:00 2026\n" + mail("二"), "2 通のメール"),
    ],
)  # fmt: skip
def test_mails_kept_in_another_form_are_refused_with_the_way_out(raw: bytes, says: str) -> None:
    got = refused(raw)
    assert got.code == Code.OTHER_FORM
    assert says in got.reason
    assert ".eml で保存" in got.reason


def test_a_mail_of_an_mbox_alone_is_read_though_it_quotes_a_from_line() -> None:
    raw = b"From a@x.jp Mon Nov  2 10:00:00 2026\r\n" + mail("本文\r\n\r\nFrom here on it is 2026\r\nok")
    assert read(raw).text.startswith("本文\n")


@pytest.mark.parametrize("told", ["quoted printable", "Quoted_Printable", '"quoted-printable"'])
def test_the_way_of_sending_is_read_as_it_sounds(told: str) -> None:
    got = read(mail("=E6=9C=AC=E6=96=87 100=25", encoding=told))
    assert (got.text, got.doubts) == ("本文 100%", ())


def test_a_mail_that_was_cut_off_says_so() -> None:
    whole = mixed(text("本文"), file(b'; filename="a.pdf"', b"x" * 900))
    assert read(whole).doubts == ()
    assert "途中で切れ" in read(whole[:-600]).doubts[0]


def der(tag: int, *values: bytes) -> bytes:
    value = b"".join(values)
    size = len(value)
    return bytes([tag]) + (bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")) + value


def cms(kind: int, inner: bytes) -> bytes:
    oid = der(0x06, b"\x2a\x86\x48\x86\xf7\x0d\x01\x07" + bytes([kind]))
    data = der(0x30, der(0x06, b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"), der(0xA0, inner))
    return der(0x30, oid, der(0xA0, der(0x30, der(0x02, b"\x01"), der(0x31), data)))


def sealed(data: bytes) -> bytes:
    return mail(base64.encodebytes(data), kind="application/pkcs7-mime; name=smime.p7m", encoding="base64")


def test_what_is_signed_is_read_and_its_signature_kept() -> None:
    inner = "Content-Type: text/plain; charset=utf-8\r\n\r\n署名した本文".encode()
    for octets in (der(0x04, inner), der(0x24, der(0x04, inner[:30]), der(0x04, inner[30:]))):
        got = read(sealed(cms(2, octets)))
        assert (got.text, [one.data for one in got.attachments]) == ("署名した本文", [cms(2, octets)])


def test_what_is_signed_is_read_also_where_no_size_is_told() -> None:
    """Programs that sign while they send write 80 for the size and two zeros at the end (BER)."""
    inner = "Content-Type: text/plain; charset=utf-8\r\n\r\n署名した本文".encode()
    endless = b"\x24\x80" + der(0x04, inner[:30]) + der(0x04, inner[30:]) + b"\0\0"
    oid = der(0x06, b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01")
    data = b"\x30\x80" + oid + b"\xa0\x80" + endless + b"\0\0" + b"\0\0"
    signed = b"\x30\x80" + der(0x02, b"\x01") + der(0x31) + data + b"\0\0"
    whole = (
        b"\x30\x80"
        + der(0x06, b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")
        + b"\xa0\x80"
        + signed
        + b"\0\0"
        + b"\0\0"
    )
    assert read(sealed(whole)).text == "署名した本文"
    for at in range(1, len(whole) - 6, 7):
        assert read(sealed(whole[:at])).text in ("", "署名した本文")


def test_a_locked_mail_says_why_it_is_empty() -> None:
    for raw in (sealed(cms(3, der(0x04, b"x"))), mixed(text("Version: 1"), kind="multipart/encrypted")):
        assert "暗号化" in read(raw).doubts[0]
    assert read(sealed(b"\x30\x82nonsense")).doubts == ()


def attribute(level: int, number: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def winmail(*files: tuple[str, bytes], words: str = "") -> bytes:
    """A winmail.dat with a text and files whose names are in wide letters."""
    out = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x2800C, words.encode("cp1252") + b"\0")
    for name, data in files:
        wide = name.encode("utf-16-le") + b"\0\0"
        named = struct.pack("<IHHII", 1, 0x1F, 0x3707, 1, len(wide)) + wide + bytes(-len(wide) % 4)
        out += attribute(2, 0x69002, bytes(14)) + attribute(2, 0x18010, b"SHORT~1.PDF\0")
        out += attribute(2, 0x6800F, data) + attribute(2, 0x69005, named)
    return out


def test_the_files_in_a_winmail_dat_stand_beside_it() -> None:
    packed = winmail(("請求書①.pdf", b"%PDF-1.4 a"), ("写真.jpg", b"\xff\xd8\xff"), words="from Outlook")
    part = file(b'; filename="winmail.dat"', packed, kind=b"application/ms-tnef")
    got = read(mixed(text("本文"), part))
    assert [(one.name, one.data) for one in got.attachments] == [
        ("winmail.dat", packed), ("請求書①.pdf", b"%PDF-1.4 a"), ("写真.jpg", b"\xff\xd8\xff"),
    ]  # fmt: skip
    assert got.text == "本文"
    assert read(mixed(part)).text == "from Outlook"


def test_a_damaged_winmail_dat_gives_what_it_has_and_says_so() -> None:
    packed = winmail(("a.txt", b"aaa"), ("b.txt", b"bbb"))[:-20]
    got = read(mixed(text("本文"), file(b'; filename="winmail.dat"', packed, kind=b"application/ms-tnef")))
    assert [one.name for one in got.attachments][:2] == ["winmail.dat", "a.txt"]
    assert "壊れていて" in got.doubts[0]
