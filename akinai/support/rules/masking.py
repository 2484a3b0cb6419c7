"""個人情報を取り除く: what a letter says of a person becomes 【お名前】, 【電話番号】 … before it becomes an answer for all. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Mark", "Masked", "drafted_answer", "drafted_question", "mask", "personal"]

_DASH = r"[-‐‑‒–—―−－ｰー]"
_DIGIT = r"[0-9０-９]"
_MAIL = re.compile(r"[A-Za-z0-9._%+\-Ａ-Ｚａ-ｚ０-９]+[@＠][A-Za-z0-9.\-Ａ-Ｚａ-ｚ０-９．]+")
_ORDER = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{2,3}-\d{4}-\d{4,8}|\d{6}-\d{8}-\d{10}|\d{3}-\d{7}-\d{7}|[a-z][a-z0-9-]{2,24}-1\d{7})(?!\d)"
)
_ORDER_TOLD = re.compile(
    r"(?P<word>(?:ご?注文|受注|お問い?合わせ|お?問合せ|伝票|追跡|会員|顧客)(?:番号|No\.?|ＩＤ|ID)\s*(?:は|が|:|：|#|＃)?\s*)(?P<number>[A-Za-z0-9０-９][A-Za-z0-9０-９\-－]{3,39})"
)
_PHONE = re.compile(
    rf"(?<!{_DIGIT})(?:[+＋](?:81|８１)\s?{_DASH}?\s?|[0０])(?:{_DIGIT}{{1,4}}\s?[(（)）]?\s?{_DASH}?\s?){{2}}{_DIGIT}{{3,4}}(?!{_DIGIT})"
)
_LONG = re.compile(rf"(?<!{_DIGIT})(?:{_DIGIT}{{4}}{_DASH}?\s?){{2,3}}{_DIGIT}{{2,4}}(?!{_DIGIT})")
_POSTAL = re.compile(
    rf"〒\s*{_DIGIT}{{3}}{_DASH}?{_DIGIT}{{4}}|(?<![0-9０-９\-－]){_DIGIT}{{3}}{_DASH}{_DIGIT}{{4}}(?![0-9０-９\-－])"
)
_PREFECTURE = "北海道|東京都|(?:京都|大阪)府|[一-鿿]{2,3}県"
_KANA_TOWNS = "さいたま|つくば|いわき|ひたちなか|うるま|かほく|にかほ|むつ|えびの|つがる|みよし|あわら|いすみ|さぬき|みどり|さくら|たつの"
_TOWN = rf"(?:{_PREFECTURE})?(?:[一-鿿ァ-ヶ]{{1,6}}?|{_KANA_TOWNS}|あきる野)[市区郡町村]"
_BLOCK = rf"{_DIGIT}{{1,4}}(?:{_DASH}{_DIGIT}{{1,4}}|丁目|番地?|号|の{_DIGIT})"
_ADDRESS = re.compile(
    rf"(?:(?:{_PREFECTURE})|{_TOWN})[^\s、。\n「」]{{0,24}}?{_BLOCK}(?:{_DASH}?{_DIGIT}{{1,5}}|丁目|番地?|号|の)*"
    r"(?:[ 　]?[^\s、。\n]{1,14}?(?:[0-9０-９]{1,4}号室?|号室|ビル|マンション|ハイツ|荘)(?:[ 　]?[0-9０-９]{1,4}号?室?)?)?"
)
_NAME_LETTERS = r"[一-鿿々〆ぁ-んァ-ヶーA-Za-z]"
_SAMA = re.compile(
    r"(?P<name>[一-鿿々〆ァ-ヶー]{1,6}(?:[ 　][一-鿿々〆ァ-ヶーぁ-ん]{1,6})?)(?=[ 　]?(?:様|さま|さん|殿)(?![々式子]))"
)
_NOT_NAMES = frozenset(
    [
        "お客",
        "客",
        "皆",
        "奥",
        "神",
        "王",
        "各位",
        "同",
        "模",
        "仕",
        "多",
        "別",
        "一",
        "有",
        "異",
        "当",
        "この",
        "その",
        "あの",
        "どの",
        "お疲れ",
        "ご苦労",
        "お蔭",
        "お陰",
        "担当者",
        "店長",
        "スタッフ",
        "ショップ",
        "贈り先",
        "お届け先",
        "先方",
        "会員",
        "業者",
    ]
)
_MYSELF = re.compile(
    r"(?P<word>(?:^|[。\s、])(?:私は?、?|名前は|氏名[:：は]?\s?|お名前[:：]\s?))(?P<name>[一-鿿々〆ァ-ヶー]{2,5}(?:[ 　][一-鿿々〆ァ-ヶーぁ-ん]{1,5})?)(?=と申します|といいます|です|$|\n)",
    re.M,
)
_SAY = re.compile(
    rf"(?P<name>[一-鿿々〆ァ-ヶー]{{2,6}}(?:[ 　]{_NAME_LETTERS}{{1,6}})?)(?=と申します|と申し上げます|といいます)"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What was taken out: where it stands in the new text, of what kind, and how long the original was."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Masked:
    """The text without persons, and where something was taken out."""

    text: str
    marks: tuple[Mark, ...]

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """(text, is it a mark) from the beginning to the end, for the screen."""
        found, at = [], 0
        for mark in self.marks:
            found += [(self.text[at : mark.start], False), (self.text[mark.start : mark.end], True)]
            at = mark.end
        return [one for one in [*found, (self.text[at:], False)] if one[0]]


def mask(text: str, *, names: Iterable[str] = (), keep: Iterable[str] = ()) -> Masked:
    """The text with 【…】 for whatever names a person. `names`: of this customer; `keep`: the shop's own mails and phones."""
    kept = {_bare(one) for one in keep if one}
    taken = _without_overlaps(
        one for one in _found(text, list(names)) if _bare(text[one.start : one.end]) not in kept
    )
    parts, marks, at, length = [], [], 0, 0
    for one in taken:
        before, word = text[at : one.start], f"【{one.kind}】"
        parts += [before, word]
        marks.append(Mark(length + len(before), length + len(before) + len(word), one.kind))
        length, at = marks[-1].end, one.end
    return Masked("".join([*parts, text[at:]]), tuple(marks))


def personal(text: str, *, keep: Iterable[str] = ()) -> list[str]:
    """Mails, phones and numbers that still stand in a text: what must not be shown to everybody. Places are the shop's own to tell."""
    kept = {_bare(one) for one in keep if one}
    found = _without_overlaps(one for one in _patterns(text) if _bare(text[one.start : one.end]) not in kept)
    return [
        f"{one.kind}「{text[one.start : one.end]}」" for one in found if one.kind not in ("住所", "郵便番号")
    ]


def _found(text: str, names: list[str]) -> Iterator[Mark]:
    yield from _patterns(text)
    yield from _known_names(text, names)
    for pattern in (_MYSELF, _SAY, _SAMA):
        for hit in pattern.finditer(text):
            if hit["name"].strip() not in _NOT_NAMES and not hit["name"].startswith(("お客", "皆")):
                yield Mark(*hit.span("name"), "お名前")


def _patterns(text: str) -> Iterator[Mark]:
    for kind, pattern in (("メールアドレス", _MAIL), ("番号", _ORDER), ("電話番号", _PHONE), ("番号", _LONG), ("郵便番号", _POSTAL), ("住所", _ADDRESS)):  # fmt: skip
        for hit in pattern.finditer(text):
            yield Mark(*hit.span(), kind)
    for hit in _ORDER_TOLD.finditer(text):
        if re.search(_DIGIT, hit["number"]):
            yield Mark(*hit.span("number"), "番号")


def _known_names(text: str, names: list[str]) -> Iterator[Mark]:
    """This customer's name however it is spaced, and the family name before 様."""
    for name in names:
        parts = [re.escape(part) for part in re.split(r"[\s　]+", name.strip()) if part]
        if not parts or len("".join(parts)) < 2:
            continue
        whole = r"[ 　]*".join(parts)
        if len(parts) == 1 and len(parts[0]) > 2:
            whole = r"[ 　]?".join(re.escape(letter) for letter in name.strip())
        alone = [part for part in parts if len(part) >= 2]
        for pattern in (whole, *alone):
            for hit in re.finditer(pattern, text):
                yield Mark(*hit.span(), "お名前")


def _without_overlaps(marks: Iterable[Mark]) -> list[Mark]:
    kept: list[Mark] = []
    for one in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if kept and one.start < kept[-1].end:
            if one.end > kept[-1].end:  # two that lie over each other are taken out as one
                kept[-1] = Mark(kept[-1].start, one.end, kept[-1].kind)
            continue
        kept.append(one)
    return kept


def _bare(text: str) -> str:
    return re.sub(r"[\s\-‐‑‒–—―−ー()]", "", unicodedata.normalize("NFKC", text)).casefold()


_GREETING = re.compile(
    r"お世話になって|お世話になり|はじめまして|初めまして|こんにちは|こんばんは|おはよう|と申します|ありがとうございま|お問い?合わせいただ|よろしくお願い|宜しくお願い|何卒|お待ちして|お詫び申し上げ|【お名前】\s*様?$|様$|^件名"
)
_SENTENCE_END = re.compile(r"(?<=[。？！?!])\s*|\n+")


def drafted_question(subject: str, said: str) -> str:
    """A question for all from what the customer wrote: the sentence that asks, without greetings; else the subject."""
    told = [one.strip() for one in _SENTENCE_END.split(said) if one.strip()]
    mine = [one for one in told if not _GREETING.search(one) and len(one) >= 6]
    asking = [
        one for one in mine if re.search(r"[?？]|でしょうか|ますか|ですか|教えて|知りたい|できません", one)
    ]
    return (asking or mine or [subject])[0][:160]


def drafted_answer(said: str) -> str:
    """An answer for all from our letter: without the salutation, the thanks and the closing words."""
    lines = said.strip().splitlines()
    while lines and (not lines[0].strip() or _GREETING.search(lines[0].strip())):
        lines.pop(0)
    while lines and (not lines[-1].strip() or _GREETING.search(lines[-1].strip())):
        lines.pop()
    return "\n".join(lines).strip()
