"""Japanese text folded for comparing (文字の正規化): search keys, payer names, half-width kana for banks.

Pure. Sources: 全銀協レコード・フォーマット for the allowed characters and the legal-form marks.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_KATAKANA = {low: high for high, low in _HIRAGANA.items()}
_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
# Free-standing ゛゜ (楽天銀行 writes カ゛) become combining marks, so that NFC joins them to the kana before.
_MARKS = str.maketrans({"゛": "\u3099", "゜": "\u309a"})
_HYPHENS = "ー-‐‑‒–—―−－ｰ﹣─━"
_PAYER_DROPS = str.maketrans("", "", _HYPHENS + "・･.,，．、。 '’`´\u3099\u309a\u200b\ufeff")
# What payer_key does to single characters, in one table: hiragana to katakana, small to large, dots and marks away.
# Characters that stay are named as well, because `translate` is slow about those it does not find.
_SAME = {code: chr(code) for code in (*range(0x21, 0x7F), *range(0x30A1, 0x30FB))}
_PAYER = (
    _SAME | {code: chr(wide).translate(_LARGE) for code, wide in _KATAKANA.items()} | _LARGE | _PAYER_DROPS
)
_SPACES = re.compile(r"\s+")
# Text that a second folding cannot change: what bank files and kana fields consist of.
_SETTLED = re.compile(r"[ァ-ヺーぁ-ゖA-Za-z0-9()\-.一-鿿]*")


def _compat(text: str) -> str:
    """NFKC, with free-standing voicing marks joined to their kana."""
    if text.isascii():
        return text
    if "゛" in text or "゜" in text:
        text = text.translate(_MARKS)
    return unicodedata.normalize("NFKC", text)


def _tight(text: str) -> str:
    """`_compat` without spaces. Twice, because letters that a space kept apart (´ is a space and an accent) may join."""
    return _compat(_SPACES.sub("", _compat(text)))


@lru_cache(maxsize=10_000)
def search_key(text: str) -> str:
    """検索キー: NFKC, lower case, katakana as hiragana, no spaces. "ﾘﾝｺﾞ ジュース" → "りんごじゅーす"."""
    if text.isascii():
        return _SPACES.sub("", text).lower()
    return _tight(_tight(text).lower()).translate(_HIRAGANA)


def katakana(text: str) -> str:
    """ひらがな・半角カナ → 全角カタカナ, spaces as they are."""
    return _compat(text).translate(_KATAKANA)


def payer_key(text: str) -> str:
    """振込名義の正規形: what is left of a payer's name when all ways of writing it are folded into one.

    Wide katakana, large kana only, no spaces, dots, hyphens or long marks, upper case: ｶ－ﾄﾞ and カード are one.
    Parentheses stay, because they mark the legal form (see `strip_legal_form`).
    """
    key = _SPACES.sub("", _compat(text))
    if _SETTLED.fullmatch(key):
        return key.upper().translate(_PAYER)
    return unicodedata.normalize("NFC", _tight(_tight(key).upper()).translate(_PAYER))


def bigrams(text: str) -> list[str]:
    """All different pairs of neighbouring characters, sorted; the text itself when it has one character.

    The same set as the database function akinai_grams, so that both sides of a search agree.
    """
    if len(text) < 2:
        return [text] if text else []
    return sorted({text[at : at + 2] for at in range(len(text) - 1)})


# 全銀の法人略語. Written in payer_key form (small kana enlarged: ｼﾔ, ｼﾕｳ).
LEGAL_MARKS = {
    "カ": "株式会社", "ユ": "有限会社", "ド": "合同会社", "メ": "合名会社", "シ": "合資会社", "イ": "医療法人",
    "ザイ": "財団法人", "シヤ": "社団法人", "フク": "社会福祉法人", "ガク": "学校法人", "シユウ": "宗教法人",
    "トクヒ": "特定非営利活動法人", "ドク": "独立行政法人", "エイ": "営業所", "シユツ": "出張所",
}  # fmt: skip
_LEGAL_WORDS = {
    "株式会社": "株式会社", "有限会社": "有限会社", "合同会社": "合同会社", "合名会社": "合名会社",
    "合資会社": "合資会社", "医療法人": "医療法人", "財団法人": "財団法人", "社団法人": "社団法人",
    "社会福祉法人": "社会福祉法人", "学校法人": "学校法人", "宗教法人": "宗教法人",
    "特定非営利活動法人": "特定非営利活動法人", "NPO法人": "特定非営利活動法人", "独立行政法人": "独立行政法人",
    "(株)": "株式会社", "(有)": "有限会社", "(同)": "合同会社", "(名)": "合名会社", "(資)": "合資会社",
    "(医)": "医療法人", "(財)": "財団法人", "(社)": "社団法人", "(福)": "社会福祉法人", "(学)": "学校法人",
    "(宗)": "宗教法人", "(特非)": "特定非営利活動法人", "(独)": "独立行政法人",
    "カブシキガイシヤ": "株式会社", "カブシキカイシヤ": "株式会社", "ユウゲンガイシヤ": "有限会社",
    "ユウゲンカイシヤ": "有限会社", "ゴウドウガイシヤ": "合同会社", "ゴウドウカイシヤ": "合同会社",
    "ゴウメイガイシヤ": "合名会社", "ゴウシガイシヤ": "合資会社", "イリヨウホウジン": "医療法人",
    "シヤカイフクシホウジン": "社会福祉法人", "ガツコウホウジン": "学校法人", "シユウキヨウホウジン": "宗教法人",
    "ザイダンホウジン": "財団法人", "シヤダンホウジン": "社団法人",
}  # fmt: skip
_GENERAL = ("一般", "公益", "イツパン", "コウエキ")
_MARK_WORDS = "|".join(sorted(LEGAL_MARKS, key=len, reverse=True))
_FRONT = re.compile(rf"^\(?({_MARK_WORDS})\)(?=.)")
_END = re.compile(rf"(?<=.)\(({_MARK_WORDS})\)?$")
_MIDDLE = re.compile(rf"(?<=.)\(({_MARK_WORDS})\)(?=.)")
_FORMS = "|".join(re.escape(word) for word in sorted(_LEGAL_WORDS, key=len, reverse=True))
_KINDS = "|".join(_GENERAL)
_BEGINS, _ENDS = (*_LEGAL_WORDS, *_GENERAL), tuple(_LEGAL_WORDS)
_WORD_FRONT = re.compile(rf"(?:{_KINDS})?({_FORMS})(?=.)")
_WORD_END = re.compile(rf"(.+?)(?:{_KINDS})?({_FORMS})")


@dataclass(frozen=True, slots=True)
class Stripped:
    """A payer key without its legal form. `forms` and `marks` are the evidence: what was taken off, as written."""

    text: str
    forms: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


def strip_legal_form(text: str) -> Stripped:
    """法人格を外す: "ｶ)ﾔﾏﾀﾞ", "ヤマダ（カ", "㈱山田" → the name alone in payer_key form, and the evidence.

    A name that would vanish ("カ)") is left as it is. The same word inside a name (カワカミ) is never touched.
    """
    key = payer_key(text)
    forms: list[str] = []
    marks: list[str] = []
    for _ in range(3):  # 支店 and 法人格 may both be marked: "ｶ)ﾔﾏﾀﾞ(ｴｲ"
        found = _one_form(key)
        if found is None:
            break
        key, form, mark = found
        forms.append(form)
        marks.append(mark)
    return Stripped(key, tuple(forms), tuple(marks))


def _one_form(key: str) -> tuple[str, str, str] | None:
    """(rest, form, mark as found) of the first legal form, or None."""
    if "(" in key or ")" in key:
        for pattern in (_FRONT, _END, _MIDDLE):
            if found := pattern.search(key):
                rest = key[: found.start()] + key[found.end() :]
                return rest, LEGAL_MARKS[found[1]], found[0]
    if not key.startswith(_BEGINS) and not key.endswith(_ENDS):
        return None  # nearly every name: spared the patterns below
    if found := _WORD_FRONT.match(key):
        return key[found.end() :], _LEGAL_WORDS[found[1]], found[1]
    if (found := _WORD_END.fullmatch(key)) and found[1] not in _GENERAL:
        return found[1], _LEGAL_WORDS[found[2]], found[2]
    return None


def name_variants(text: str) -> tuple[str, ...]:
    """名義の書き方違い: payer keys of a name as written, without its legal form, and with the two parts swapped."""
    parts = _SPACES.split(katakana(text).strip())
    keys = [payer_key(text), strip_legal_form(text).text]
    if len(parts) == 2:
        keys.append(payer_key(parts[1] + parts[0]))
    return tuple(dict.fromkeys(key for key in keys if key))


# 全銀で使える文字 by field: kana, digits, capitals and space everywhere; these besides.
ZENGIN_EXTRA = {"bank": "-", "party": "()-.", "edi": "()-.ｦ｢｣/\\"}
_HALF = {
    wide: half
    for half, wide in zip(
        "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ",
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン",
        strict=True,
    )
} | {"\u3099": "ﾞ", "\u309a": "ﾟ", "ヰ": "ｲ", "ヱ": "ｴ", "「": "｢", "」": "｣"}
_ALWAYS = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ") | frozenset(_HALF.values()) - {"｢", "｣"}


class UnfitKana(ValueError):
    """Text that a Zengin field cannot hold; the message is Japanese and names the characters or the length."""


def half_kana(text: str, *, field: str = "party", width: int | None = None) -> str:
    """全銀の半角カナ: "ヤマダ　タロウ" → "ﾔﾏﾀﾞ ﾀﾛｳ". One character is one byte in CP932.

    Small kana are enlarged, long marks become "-", ヲ becomes ｵ outside EDI. `field` is bank, party or edi.
    Raises UnfitKana when a character has no place there, or the result is longer than `width`: never truncates,
    because a name cut between a kana and its mark is another name.
    """
    large = katakana(text).translate(_LARGE).upper()
    half = "".join(_half_of(char, field) for char in unicodedata.normalize("NFD", large))
    wrong = [char for char in half if char not in _ALWAYS and char not in ZENGIN_EXTRA[field]]
    if wrong:
        listed = "".join(dict.fromkeys(wrong))
        raise UnfitKana(
            f"「{text}」に銀行のファイルで使えない文字「{listed}」があります。カナで入力してください。"
        )
    if width is not None and len(half) > width:
        raise UnfitKana(f"「{text}」は半角{len(half)}文字です。{width}文字以内にしてください。")
    return half


def _half_of(char: str, field: str) -> str:
    if char == "ヲ":
        return "ｦ" if field == "edi" else "ｵ"
    if char in _HYPHENS:
        return "-"
    return _HALF.get(char, char)
