"""添付: names in every broken form, bytes exactly as they were sent, types by what the bytes are."""

from __future__ import annotations

import base64
import hashlib

import pytest

from akinai.adapters.mailbox import Mail, read_mail
from akinai.adapters.mailbox.tests.letters import file, jis, mail, mixed, text, word

NAME = "請求書①表紙.pdf"


def read(raw: bytes) -> Mail:
    got = read_mail(raw)
    assert isinstance(got, Mail), got
    return got


@pytest.mark.parametrize(
    "fields",
    [
        b"; filename*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B8%E2%91%A0%E8%A1%A8%E7%B4%99.pdf",
        b"; filename*=Shift_JIS'ja'" + b"".join(b"%%%02X" % byte for byte in NAME.encode("cp932")),
        b"; filename*0*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B;\r\n filename*1*=%B8%E2%91%A0%E8%A1%A8;\r\n filename*2*=%E7%B4%99;\r\n filename*3=.pdf",
        b"; filename*0*=UTF-8''%E8%AB%8B%E6%B1%82%E6%9B%B;\r\n filename*1*=8%E2%91%A0%E8%A1%A8%E7%B4%99.pdf",  # cut within %B8
        b'; filename="' + word(NAME.encode(), "UTF-8") + b'"',
        b"; filename=" + word(jis(NAME), "ISO-2022-JP"),
        b'; filename="' + NAME.encode("cp932") + b'"',  # the second byte of 表 is a backslash
        b"; filename=" + NAME.encode("cp932"),
        b'; filename="' + jis(NAME) + b'"',
        b'; filename="' + NAME.encode() + b'"; size=12',
        b'; filename="%E8%AB%8B%E6%B1%82%E6%9B%B8%E2%91%A0%E8%A1%A8%E7%B4%99.pdf"',
        b"; filename*0=\"" + word(NAME.encode(), "UTF-8") + b'"',
        b'; filename="C:\\Users\\taro\\' + NAME.encode() + b'"',
        b'; filename="../../' + NAME.encode() + b'"',
    ],
)  # fmt: skip
def test_names_of_every_kind_say_the_same(fields: bytes) -> None:
    (attachment,) = read(mixed(text("見てください"), file(fields))).attachments
    assert attachment.name == NAME
    assert attachment.data == b"%PDF-1.4 paper"
    assert (attachment.declared, attachment.sniffed, attachment.is_inline) == ("application/pdf", "application/pdf", False)  # fmt: skip
    assert attachment.digest == hashlib.sha256(b"%PDF-1.4 paper").hexdigest()


def test_a_name_cannot_pretend_to_end_otherwise() -> None:
    (attachment,) = read(mixed(file('; filename="photo\u202egpj.exe"'.encode(), b"MZ\x90\x00\x03\x00"))).attachments  # fmt: skip
    assert attachment.name == "photogpj.exe"


def test_a_program_is_told_by_its_bytes_whatever_it_is_called() -> None:
    got = read(mixed(file(b'; filename="photo.jpg"', b"MZ\x90\x00" + bytes(60), kind=b"image/jpeg")))
    assert got.attachments[0].mime == "application/vnd.microsoft.portable-executable"
    assert got.doubts == ("添付「photo.jpg」は、開くと動くプログラムです。",)


def test_a_mail_in_a_mail_keeps_its_very_bytes() -> None:
    inner = mail("中のメール\r\n\r\n--=_boundary2\r\n", subject=word("転送の件".encode(), "UTF-8"))
    got = read(mixed(text("転送します"), b"Content-Type: message/rfc822\r\n\r\n" + inner))
    assert got.text == "転送します"
    assert (got.attachments[0].name, got.attachments[0].data) == ("転送の件.eml", inner)


def test_base64_with_a_footer_of_a_list_behind_it_is_read_and_the_rest_is_said() -> None:
    part = file(b'; filename="a.pdf"', b"%PDF-1.4" + bytes(600)) + b"\r\n_____\r\n"
    got = read(mixed(part))
    assert got.attachments[0].data == b"%PDF-1.4" + bytes(600)
    assert got.doubts == ("base64 の部品に余計な文字が 5 文字あり、除いて読みました。",)


def test_what_is_no_base64_stays_as_it_came() -> None:
    part = b'Content-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n(%%%%%)'
    got = read(mixed(part))
    assert got.attachments[0].data == b"(%%%%%)"
    assert got.doubts == ("base64 とある部品が base64 ではないため、届いたまま残しました。",)


def test_parts_are_found_when_the_boundary_of_the_head_is_wrong() -> None:
    got = read(
        mixed(text("本文です"), file(b'; filename="a.pdf"')).replace(
            b'boundary="=_boundary"', b'boundary="xx"'
        )
    )
    assert (got.text, got.attachments[0].data) == ("本文です", b"%PDF-1.4 paper")
    assert got.doubts == ("区切りの記載が本文と合わないため、本文の中の区切りで分けました。",)


def test_letters_outside_of_all_parts_are_kept() -> None:
    got = read(mixed(text("本文")).rstrip() + "\r\n-- 追記: 電話ください\r\n".encode())
    assert got.attachments[0].data == "-- 追記: 電話ください\r\n".encode()
    assert got.doubts == ("部品の外にも文字があり、添付として残しました。",)


def test_a_picture_in_the_text_is_inline_and_known_by_its_id() -> None:
    picture = b"Content-Type: image/png\r\nContent-ID: <pic1>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    png = b"\x89PNG\r\n\x1a\n" + bytes(20)
    page = b'Content-Type: text/html; charset=utf-8\r\n\r\n<p>\xe5\x86\x99\xe7\x9c\x9f<img src="cid:pic1" alt="\xe5\x82\xb7"></p>'
    got = read(mixed(page, picture + base64.b64encode(png), kind="multipart/related"))
    assert got.text == "写真[画像: 傷]"
    assert [(a.name, a.is_inline, a.content_id, a.data) for a in got.attachments] == [("添付1.png", True, "pic1", png)]  # fmt: skip


def test_a_text_longer_than_the_screen_is_kept_in_whole() -> None:
    words = "あ" * 500_001
    got = read(mail(words))
    assert len(got.text) == 500_000
    assert got.attachments[0].data.decode() == words
