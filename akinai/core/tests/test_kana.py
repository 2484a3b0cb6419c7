"""文字の正規化: 検索・振込名義・全銀."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.core.kana import (
    UnfitKana,
    bigrams,
    half_kana,
    name_variants,
    payer_key,
    search_key,
    strip_legal_form,
)


def test_search_folds_width_case_kana_and_spaces() -> None:
    assert {
        search_key(text) for text in ("ﾘﾝｺﾞｼﾞｭｰｽ", "リンゴ ジュース", "りんごじゅーす", "リンゴ　ジュース")
    } == {"りんごじゅーす"}
    assert search_key("ＡＢＣ-１２３ ㈱") == "abc-123(株)"


@given(st.text())
def test_a_search_key_is_its_own_search_key(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


@given(st.text())
def test_a_payer_key_is_its_own_payer_key(text: str) -> None:
    assert payer_key(payer_key(text)) == payer_key(text)


@pytest.mark.parametrize("text", ["カ－ド", "カード", "ｶ-ﾄﾞ", "ｶｰﾄﾞ", "カ−ド", "カ‐ド", "か ー ど"])
def test_long_marks_and_hyphens_are_one_in_a_payers_name(text: str) -> None:
    assert payer_key(text) == "カド"


def test_a_payers_name_has_large_kana_joined_marks_and_no_dots() -> None:
    assert payer_key("ﾘｮｳｷﾞﾝ･ｼｮｳｼﾞ") == "リヨウギンシヨウジ"
    assert payer_key("リヨウキ゛ン　シヨウシ゛") == "リヨウギンシヨウジ"
    assert payer_key("abc．ＤＥＦ") == "ABCDEF"


@pytest.mark.parametrize(
    ("text", "name", "form"),
    [
        ("ｶ)ﾔﾏﾀﾞ", "ヤマダ", "株式会社"),
        ("カ）ヤマダ", "ヤマダ", "株式会社"),
        ("ヤマダ（カ", "ヤマダ", "株式会社"),
        ("ヤマダ（カ）", "ヤマダ", "株式会社"),
        ("ヤマダ(カ)トウキヨウ", "ヤマダトウキヨウ", "株式会社"),
        ("ﾕ)ｽｽﾞｷ", "スズキ", "有限会社"),
        ("ﾄﾞ)ｻﾄｳ", "サトウ", "合同会社"),
        ("ｲ)ﾀｶﾊｼｲｲﾝ", "タカハシイイン", "医療法人"),
        ("ｻﾞｲ)ﾃｽﾄ", "テスト", "財団法人"),
        ("ｼﾔ)ﾃｽﾄ", "テスト", "社団法人"),
        ("ﾄｸﾋ)ﾃｽﾄ", "テスト", "特定非営利活動法人"),
        ("㈱山田商店", "山田商店", "株式会社"),
        ("山田商店株式会社", "山田商店", "株式会社"),
        ("カブシキガイシャヤマダ", "ヤマダ", "株式会社"),
        ("一般社団法人テスト", "テスト", "社団法人"),
    ],
)
def test_legal_forms_come_off_and_stay_as_evidence(text: str, name: str, form: str) -> None:
    stripped = strip_legal_form(text)
    assert (stripped.text, stripped.forms) == (name, (form,))


def test_a_branch_mark_comes_off_with_the_form() -> None:
    stripped = strip_legal_form("ｶ)ﾔﾏﾀﾞ(ｴｲ")
    assert (stripped.text, stripped.forms, stripped.marks) == (
        "ヤマダ",
        ("株式会社", "営業所"),
        ("カ)", "(エイ"),
    )


@pytest.mark.parametrize("text", ["カワカミ", "ユタカ", "シマ", "カ)", "株式会社", "ヤマダ タロウ"])
def test_names_that_only_sound_like_a_form_are_left_alone(text: str) -> None:
    assert strip_legal_form(text).forms == ()
    assert strip_legal_form(text).text == payer_key(text)


def test_given_and_family_name_may_be_swapped() -> None:
    assert name_variants("ﾔﾏﾀﾞ ﾀﾛｳ") == ("ヤマダタロウ", "タロウヤマダ")
    assert name_variants("カ）ヤマダ") == ("カ)ヤマダ", "ヤマダ")
    assert name_variants("") == ()


def test_bigrams_are_all_pairs_once() -> None:
    assert bigrams("りんごりん") == ["ごり", "りん", "んご"]
    assert (bigrams("り"), bigrams("")) == (["り"], [])


def test_zengin_kana() -> None:
    assert half_kana("ヤマダ　タロウ") == "ﾔﾏﾀﾞ ﾀﾛｳ"
    assert half_kana("カ）サード・ウェーブ".replace("・", ".")) == "ｶ)ｻ-ﾄﾞ.ｳｴ-ﾌﾞ"
    assert half_kana("しょうじ ヲ") == "ｼﾖｳｼﾞ ｵ"
    assert half_kana("ヲ", field="edi") == "ｦ"
    assert half_kana("ヴ") == "ｳﾞ"


@pytest.mark.parametrize(
    ("text", "field", "letters"),
    [
        ("山田", "party", "山田"),
        ("ア,イ", "party", ","),
        ("ア/イ", "party", "/"),
        ("ア(イ", "bank", "("),
        ("「ア", "party", "｢"),
    ],
)
def test_letters_a_bank_file_cannot_hold_are_named(text: str, field: str, letters: str) -> None:
    with pytest.raises(UnfitKana, match="使えない文字") as refusal:
        half_kana(text, field=field)
    assert f"「{letters}」" in str(refusal.value)


def test_too_long_is_refused_never_cut() -> None:
    assert half_kana("ガ" * 15, width=30) == "ｶﾞ" * 15
    with pytest.raises(UnfitKana, match="半角32文字です。30文字以内"):
        half_kana("ガ" * 16, width=30)


@given(st.text(alphabet=st.characters(min_codepoint=0x3041, max_codepoint=0x30F4)))
def test_zengin_kana_is_one_byte_a_letter(text: str) -> None:
    try:
        half = half_kana(text)
    except UnfitKana:
        return
    assert len(half.encode("cp932")) == len(half)
    assert not set(half) & set("ｧｨｩｪｫｬｭｮｯｰ")
