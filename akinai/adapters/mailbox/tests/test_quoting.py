"""引用の折りたたみ: what was quoted is folded, what the customer wrote now never is."""

from __future__ import annotations

import time

import pytest

from akinai.adapters.mailbox import Mail, read_mail
from akinai.adapters.mailbox.tests.letters import mail

HEADLINES = {
    "Gmail": "2026年11月2日(月) 10:00 山田 太郎 <yamada@example.jp>:",
    "Gmail cut in two": "2026年11月2日(月) 10:00 とても長い名前の株式会社サポート窓口\n<support@example.jp>:",
    "Gmail English": "On Mon, Nov 2, 2026 at 10:00 AM Yamada <yamada@example.jp> wrote:",
    "Gmail English cut": "On Mon, Nov 2, 2026 at 10:00 AM Very Long Name Support\n<support@example.jp> wrote:",
    "iPhone": "2026/11/02 10:00、山田太郎 <yamada@example.jp>のメール:",
    "iPhone old": "2026/11/02 10:00、yamada@example.jp のメッセージ:",
    "Thunderbird": "On 2026/11/02 10:00, 山田 太郎 wrote:",
    "Thunderbird old": "(2026/11/02 10:00), 山田 太郎 wrote:",
    "Becky!": "山田 太郎 さんは書きました:",
    "in words": "On Mon, 02 Nov 2026 10:00:00 +0900\n山田 <yamada@example.jp> wrote:",
}


def read(text: str) -> Mail:
    got = read_mail(mail(text))
    assert isinstance(got, Mail), got
    return got


@pytest.mark.parametrize("headline", HEADLINES.values(), ids=HEADLINES)
@pytest.mark.parametrize("mark", ["> ", ""], ids=["marked", "unmarked"])
def test_the_headlines_of_mail_programs_begin_the_quotation(headline: str, mark: str) -> None:
    own = "色を変えてください。\n\n"
    got = read(f"{own}{headline}\n\n{mark}ご注文ありがとうございます。\n{mark}商品は赤です。\n")
    assert got.quoted_from == len(own)
    assert got.own_text == "色を変えてください。"


@pytest.mark.parametrize(
    "opening",
    [
        "-----Original Message-----\nFrom: 店 <shop@example.com>\nSent: Monday\nTo: x\nSubject: y",
        "________________________________\n差出人: 店 <shop@example.com>\n送信日時: 2026年11月2日 10:00\n宛先: 山田\n件名: ご注文",
        "差出人: 店 <shop@example.com>\n送信日時: 2026年11月2日 10:00\n宛先: 山田\n件名: ご注文",
        "From: 店 <shop@example.com>\nDate: 2026年11月2日(月) 10:00\nSubject: ご注文\nTo: 山田",
        "----- 元のメッセージ -----",
        "---------- Forwarded message ---------",
        "------Original Message------",
    ],
)
def test_outlook_and_the_carriers_mails_fold_all_below_their_heading(opening: str) -> None:
    got = read(f"返品したいです。\n\n{opening}\n\nご注文ありがとうございます。\n")
    assert got.own_text == "返品したいです。"


def test_marked_lines_at_the_end_are_folded_without_any_headline() -> None:
    assert read("はい。\n\n> 赤でよろしいですか。\n＞ お返事ください。\n").own_text == "はい。"


def test_answers_between_quoted_lines_stay_open() -> None:
    text = "2026年11月2日(月) 10:00 店 <shop@example.com>:\n> 色は？\n赤です。\n> 数は？\n2つです。\n"
    got = read(text)
    assert (got.quoted_from, got.own_text) == (None, text.strip())


def test_answers_between_quoted_lines_stay_open_and_what_follows_the_last_is_folded() -> None:
    text = "> 色は？\n赤です。\n> 数は？\n2つです。\n\n> よろしくお願いします。\n> 店\n"
    assert read(text).own_text == "> 色は？\n赤です。\n> 数は？\n2つです。"


def test_a_forwarded_mail_without_own_words_is_shown_in_whole() -> None:
    text = "---------- Forwarded message ---------\nFrom: 店 <shop@example.com>\nDate: x\nSubject: y\n\n本文"
    assert read(text).quoted_from is None


def test_words_that_look_like_a_headline_are_left_alone() -> None:
    for text in (
        "店員さんが書きました紙を見ました。届きません。\n明日連絡ください。",
        "商品：\n日時：11月2日\n届きません。",
        "On my last order something was wrong.\nPlease help.",
        "11月2日(月) 10:00 に受け取ります。\nよろしく",
    ):
        assert read(text).quoted_from is None


@pytest.mark.parametrize(
    "signature",
    [
        "-- \n山田 太郎\nyamada@example.jp",
        "━━━━━━━━━━━━\n株式会社サンプル 山田\nTEL 03-1234-5678\n━━━━━━━━━━━━",
        "**********************\n山田 太郎\n〒100-0001 東京都千代田区\n**********************",
        "iPhoneから送信",
        "Sent from my iPhone",
    ],
)
def test_the_signature_is_told_apart(signature: str) -> None:
    own = "いつ届きますか。\n\n"
    got = read(f"{own}{signature}\n")
    assert (got.signature_from, got.own_text) == (len(own), "いつ届きますか。")
    quoted = read(f"{own}{signature}\n\n2026年11月2日(月) 10:00 店 <s@example.com>:\n> 発送しました\n")
    assert (quoted.signature_from, quoted.own_text) == (len(own), "いつ届きますか。")


def test_ruled_lines_of_a_form_are_no_signature() -> None:
    text = "━━━━━━━━\n【お問い合わせ】\n━━━━━━━━\n届きません。\n番号は 12 です。\n"
    assert read(text).signature_from is None


def test_flowed_lines_of_thunderbird_and_apple_are_joined() -> None:
    kind = "text/plain; charset=utf-8; format=flowed; delsp=yes"
    got = read_mail(mail("長い文は \r\n続きます。\r\n> 引用も \r\n> 続きます。\r\n-- \r\n山田", kind=kind))
    assert isinstance(got, Mail)
    assert got.text == "長い文は続きます。\n> 引用も続きます。\n-- \n山田"


def test_html_alone_is_read_as_text_with_its_quotation() -> None:
    page = """<html><head><title>x</title><style>p{color:red}</style></head><body>
    <p>返品&nbsp;したいです。<br>どうすれば？</p><script>alert(1)</script><!-- 秘密 <p>見えない</p> -->
    <ul><li>赤</li><li>青</li></ul><p>詳しくは<a href="https://example.jp/a?b=1&amp;c=2">こちら</a></p>
    <div class="gmail_quote"><div>2026年11月2日(月) 10:00 店 &lt;s@example.com&gt;:</div><blockquote>発送しました<br>店</blockquote></div></body></html>"""
    got = read_mail(mail(page, kind="text/html; charset=utf-8"))
    assert isinstance(got, Mail)
    assert (
        got.own_text
        == "返品 したいです。\nどうすれば？\n・赤\n・青\n\n詳しくはこちら <https://example.jp/a?b=1&c=2>"
    )
    assert got.text[got.quoted_from :].splitlines()[1:] == ["> 発送しました", "> 店"]
    assert got.html == page


@pytest.mark.parametrize("piece", ["<a ", '<a b="', "<", "<!--", "<blockquote>", "<td>x", "<a href=x>y"])
def test_a_page_made_to_be_slow_is_read_in_a_moment(piece: str) -> None:
    """Of "<a <a <a …" every tag was once searched to its end: this took minutes."""
    begin = time.process_time()
    got = read_mail(mail(piece * 60_000 + "終わり", kind="text/html; charset=utf-8"))
    assert isinstance(got, Mail)
    assert time.process_time() - begin < 3
