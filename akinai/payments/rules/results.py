"""決済の結果の読み方 (pure): what a provider's word means, and what it does to a 決済 in its present state."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from akinai.payments.states import RequestState


class Meaning(StrEnum):
    """結果の意味."""

    AUTHORISED = "与信済"
    REFUSED = "与信NG"
    WAITING = "処理中"
    PAID = "入金・売上確定"
    EXPIRED = "期限切れ"
    CANCELLED = "取消"
    REFUNDED = "返金"


M, S = Meaning, RequestState
WORDS: dict[Meaning, tuple[str, ...]] = {
    M.AUTHORISED: (
        "与信ok", "与信済", "与信済み", "審査ok", "審査通過", "承認", "承認済", "ok", "可", "可決", "オーソリ済", "オーソリ完了", "仮売上",
        "authorized", "authorised", "approved", "open",
    ),
    M.REFUSED: (
        "与信ng", "審査ng", "審査落ち", "ng", "否決", "不可", "否認", "拒否", "却下", "与信エラー", "決済失敗", "失敗", "failed", "declined",
        "rejected", "不成立",
    ),
    M.WAITING: (
        "審査中", "与信中", "保留", "目視審査中", "入金待ち", "支払待ち", "未入金", "未払い", "未決済", "処理中", "申込", "申込済", "要求中", "pending",
        "requested", "waiting",
    ),
    M.PAID: (
        "入金済", "入金済み", "入金", "入金完了", "支払済", "支払済み", "支払完了", "決済完了", "決済済", "売上確定", "売上確定済", "実売上", "売上",
        "取引完了", "完了", "立替確定", "立替払い済", "速報", "確報", "captured", "completed", "paid", "closed",
    ),
    M.EXPIRED: ("期限切れ", "支払期限切れ", "有効期限切れ", "与信期限切れ", "失効", "expired"),
    M.CANCELLED: ("取消", "取消済", "取消済み", "取り消し", "キャンセル", "キャンセル済", "キャンセル済み", "無効", "cancelled", "canceled", "void"),
    M.REFUNDED: ("返金", "返金済", "返金済み", "返金完了", "一部返金", "全額返金", "refunded"),
}  # fmt: skip
MEANS = {word: meaning for meaning, words in WORDS.items() for word in words}


def meaning_of(word: str) -> Meaning | None:
    """What a provider's word means; None for one that nobody has told us. Never guessed from a part of it."""
    plain = "".join(unicodedata.normalize("NFKC", word).split()).lower()
    return MEANS.get(plain)


@dataclass(frozen=True, slots=True)
class Step:
    """What a row does: a move of the table, the state after it, and the yen of a refund. `verb` "": nothing new."""

    verb: str
    state: str
    yen: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """決済 as far as it has come: by the database, or by the rows before."""

    state: str
    amount_yen: int
    refunded_yen: int = 0


TAKEN = (S.CAPTURED, S.PARTLY_REFUNDED)
LATER = (*TAKEN, S.REFUNDED, S.DISPUTED, S.LOST)
# meaning → (verb, the states it leads from, the state after it, states in which it says nothing new)
PLAIN: dict[Meaning, tuple[str, tuple[str, ...], str, tuple[str, ...]]] = {
    M.AUTHORISED: ("authorise", (S.REQUESTED,), S.AUTHORISED, (S.AUTHORISED, *LATER)),
    M.REFUSED: ("fail", (S.REQUESTED,), S.FAILED, (S.FAILED,)),
    M.PAID: ("capture", (S.REQUESTED, S.AUTHORISED), S.CAPTURED, LATER),
    M.EXPIRED: ("expire", (S.REQUESTED, S.AUTHORISED), S.EXPIRED, (S.EXPIRED,)),
    M.CANCELLED: ("cancel", (S.REQUESTED, S.AUTHORISED), S.CANCELLED, (S.CANCELLED, S.EXPIRED)),
}


def step_of(told: Meaning, now: Standing, *, yen: int | None) -> Step | str:
    """What this result does now, or a sentence why it cannot be. `yen` of a refund: given back in all, so that a file taken
    in twice adds nothing."""
    if told is Meaning.WAITING:
        return Step("", now.state)
    if told is Meaning.REFUNDED:
        return _refund(now, yen)
    if yen is not None and yen != now.amount_yen and told in (Meaning.AUTHORISED, Meaning.PAID):
        return (
            f"決済の金額は {now.amount_yen:,} 円ですが、ファイルでは {yen:,} 円です。金額を確かめてください。"
        )
    verb, sources, target, same = PLAIN[told]
    if now.state in same:
        return Step("", now.state)
    if now.state not in sources:
        return f"「{S(now.state).label}」の決済が、ファイルでは「{told.value}」です。決済会社の画面で確かめ、決済の画面で直してください。"
    return Step(verb, target)


def _refund(now: Standing, yen: int | None) -> Step | str:
    total = now.amount_yen if yen is None else abs(yen)
    if total > now.amount_yen:
        return f"決済の金額は {now.amount_yen:,} 円ですが、返金が {total:,} 円です。金額を確かめてください。"
    if total <= now.refunded_yen:
        return Step("", now.state)
    if now.state not in TAKEN:
        return (
            f"「{S(now.state).label}」の決済に返金があります。先に入金・売上確定の結果を取り込んでください。"
        )
    after = S.REFUNDED if total == now.amount_yen else S.PARTLY_REFUNDED
    return Step("refund", after, total - now.refunded_yen)
