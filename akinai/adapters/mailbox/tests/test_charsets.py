"""文字コード: what customers' phones and programs really send is read, and what is doubtful is said."""

from __future__ import annotations

import pytest

from akinai.adapters.mailbox import Mail, read_mail
from akinai.adapters.mailbox.tests.letters import jis, mail, word

WORDS = "①㈱髙橋様 ﾃｽﾄ注文～№5"


def read(raw: bytes) -> Mail:
    got = read_mail(raw)
    assert isinstance(got, Mail), got
    return got


@pytest.mark.parametrize("kind", ["text/plain; charset=ISO-2022-JP", "text/plain; charset=iso-2022-jp-ms", "text/plain"])  # fmt: skip
def test_letters_of_windows_in_iso_2022_jp_are_read(kind: str) -> None:
    got = read(mail(jis(WORDS), kind=kind, encoding="7bit"))
    assert got.text == WORDS
    assert got.doubts == ()


@pytest.mark.parametrize("codec", ["cp932", "euc_jp", "utf-8"])
def test_a_body_without_a_declared_charset_is_read_by_what_it_is(codec: str) -> None:
    words = "お世話になっております。注文した商品が届きません。"
    got = read(mail(words.encode(codec), kind="text/plain"))
    assert (got.text, got.doubts) == (words, ())


def test_a_wrong_declaration_is_read_right_and_said() -> None:
    got = read(mail("届きました。ありがとう".encode("cp932"), kind="text/plain; charset=utf-8"))
    assert got.text == "届きました。ありがとう"
    assert got.doubts == ("本文: 文字コードが「utf-8」と書かれていますが、Shift_JIS として読みました。",)


def test_a_declared_western_charset_does_not_hide_utf8() -> None:
    assert read(mail("届いた", kind="text/plain; charset=iso-8859-1")).text == "届いた"
    assert read(mail("café".encode("latin-1"), kind="text/plain; charset=iso-8859-1")).text == "café"


def test_one_broken_letter_costs_one_letter_and_is_said() -> None:
    words = "注文番号を間違えました。お手数ですが変更をお願いします。"
    raw = words.encode("cp932")
    got = read(mail(raw[:20] + b"\x81\x05" + raw[20:], kind="text/plain; charset=Shift_JIS"))
    assert got.text.replace("�", "") == words
    assert got.doubts == ("本文: Shift_JIS として読めない文字が 1 文字あります（�の所）。",)


def test_escapes_that_a_gateway_lost_are_put_back() -> None:
    raw = jis("返品したい").replace(b"\x1b", b"")
    got = read(mail(raw, kind="text/plain; charset=ISO-2022-JP"))
    assert got.text == "返品したい"
    assert "失われていた切り替え文字" in got.doubts[0]
    assert read(mail("price$B12(B", kind="text/plain; charset=ISO-2022-JP")).text == "price$B12(B"


def test_a_stray_escape_and_a_forgotten_switch_back_do_no_harm() -> None:
    raw = b"\x1b$B" + jis("注文")[3:-3] + b"\nABC \x1b[31m" + jis("確認")
    assert read(mail(raw, kind="text/plain; charset=ISO-2022-JP")).text == "注文\nABC [31m確認"


def test_utf7_is_never_turned_into_markup() -> None:
    got = read(mail("+ADw-script+AD4-", kind="text/plain; charset=utf-7"))
    assert got.text == "+ADw-script+AD4-"
    assert got.doubts == (
        "本文: 文字コード UTF-7 は安全のため読み替えず、届いたままの文字を表示しています。",
    )


def test_python_codecs_that_are_no_charsets_are_not_used() -> None:
    for name in ("rot13", "hex", "zlib", "unicode_escape", "idna", "undefined"):
        assert (
            read(mail(r"48656c6c6f \u3042", kind=f"text/plain; charset={name}")).text == r"48656c6c6f \u3042"
        )


@pytest.mark.parametrize(
    "raw",
    [
        word(jis("ご注文①の件"), "ISO-2022-JP"),
        word("ご注文①の件".encode("cp932"), "Shift_JIS"),
        # Cut in the middle of a letter, as many old programs do.
        word("ご注文①の件".encode()[:8], "UTF-8") + b"\r\n " + word("ご注文①の件".encode()[8:], "UTF-8"),
        "ご注文①の件".encode("cp932"),
        "ご注文①の件".encode(),
        jis("ご注文①の件"),
        b"=?utf-8*ja?Q?=E3=81=94=E6=B3=A8=E6=96=87=E2=91=A0?= =?UTF-8?B?44Gu5Lu2?=",
    ],
)
def test_subjects_of_every_kind_say_the_same(raw: bytes) -> None:
    assert read(mail(subject=raw)).subject == "ご注文①の件"


def test_nothing_that_a_database_refuses_comes_out() -> None:
    got = read(mail(b"a\x00b\x1b\x07\xed\xa0\x80c", subject=b"x\x00y", kind="text/plain; charset=utf-8"))
    assert got.subject == "xy"
    assert not {char for char in got.text if ord(char) < 32 or 0xD800 <= ord(char) < 0xE000}
