"""The bank's own words (銀行の摘要語): what kind of line it is, and where the payer's name begins.

Only the words that banks print themselves are recognised; a payer's name is never searched for them, so that
「リソクショウジ」 stays a customer. Sources: statements of MUFG, SMBC, みずほ, PayPay, 楽天, 住信SBI, ゆうちょ, 全銀.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from akinai.core.kana import katakana


@dataclass(frozen=True, slots=True)
class Wording:
    """What the words of a line say. `payer` is what stands behind them, as written."""

    kind: str  # 振込, 利息, 手数料, 口座振替, 現金, 小切手, その他
    is_transfer: bool = False  # money in that a customer may have sent
    is_cancellation: bool = False
    payer: str = ""


_LONG = str.maketrans("－‐−ｰ―-", "ーーーーーー")
# Order matters: 振込手数料 is a fee and 振込組戻 a return before either is a 振込.
_KINDS: tuple[tuple[str, str], ...] = (
    ("取消", r"(?:お?振込|フリコミ)?(?:資金)?(?:組戻|クミモドシ|取消|トリケシ|返却|ヘンキャク)|訂正|テイセイ"),
    ("手数料", r"[^\s]{0,10}手数料|(?:フリコミ|ATM|ジカンガイ)?(?:テスウリョウ|テスウリヨウ)|料金$|消費税"),
    ("利息", r"(?:(?:決算|受取)?お?利息|利子|(?:普通|定期|当座|普通預金|定期預金)利息|預金利息|リソク|ケッサンリソク|ケツサンリソク)"),
    ("その他", r"(?:国税|地方税|源泉税|税金|ゼイキン)"),
    ("口座振替", r"(?:口座振替|コウザフリカエ|自動振替|ジドウフリカエ|自動引落|自動払込|口振|引落|自払|デビット)"),
    ("現金", r"(?:ATM|カード|CD|現金|ゲンキン|キャッシュカード|コンビニATM|ゆうちょ(?:銀行)?$|提携|窓口|入金機|お?預入)"),
    ("小切手", r"(?:小切手|コギッテ|コギツテ|手形|テガタ|他店券|代金取立|交換)"),
    ("振込", r"(?:被|他行|当行|電信|文書|為替|給料|給与)?(?:お?振込|振り込み|フリコミ)(?:入金)?|ことら|コトラ|送金|ソウキン|払込|払込み|ハライコミ"),
)  # fmt: skip
# Patterns are folded like the text they meet (hiragana becomes katakana).
_PATTERNS = tuple((kind, re.compile(katakana(pattern), re.IGNORECASE)) for kind, pattern in _KINDS)
# 「振込　ヤマダ」「振込＊ヤマダ」「振込１ ヤマダ」「フリコミ ヤマダ」: kana words need a mark behind them,
# because フリコミヤ may be a name.
_TRANSFER_HEAD = re.compile(
    r"""^(?:(?:(?:被|他行|当行|電信|文書|為替)?お?振込(?:入金)?|振込み|ことら送金|ことら|送金)(?:[0-9０-９]*|\s*[0-9０-９]*)[\s　＊*：:]*
       |(?:フリコミ|ﾌﾘｺﾐ|コトラソウキン|ｺﾄﾗｿｳｷﾝ|ソウキン|ｿｳｷﾝ)(?:ニユウキン|ﾆﾕｳｷﾝ)?[0-9０-９]*[\s　＊*：:]+)""",
    re.VERBOSE,
)
# 「振替 ABC証券」 and one's own other accounts are moves between pockets.
_OWN_MOVE = re.compile(
    katakana(
        r"(?:口座間)?振替|フリカエ|普通|定期|当座|貯蓄|外貨|(?:SBI)?ハイブリッド|目的別|資金移動|スウィープ|お?借入|ローン"
    ),
    re.IGNORECASE,
)
_NAME_ONLY = re.compile(r"[ァ-ヴーA-Z0-9()（）.・,，．／/「」\s\-－&＆]+")


def folded(text: str) -> str:
    """Words for comparing: wide katakana, one long mark, trimmed. カ－ド, ｶｰﾄﾞ and カード are one."""
    return katakana(text).translate(_LONG).strip()


def kind_of(words: str) -> str:
    """The kind that the bank's words begin with: "" when none is known."""
    head = folded(words)
    return next((kind for kind, pattern in _PATTERNS if pattern.match(head)), "")


def classify(words: str, amount_yen: int, payer: str = "") -> Wording:
    """A line whose bank words stand in a column of their own (MUFG 摘要, ゆうちょ 詳細１, 全銀 摘要)."""
    kind = kind_of(words)
    if kind == "取消":
        return Wording(
            "振込" if "振込" in words or "フリコミ" in folded(words) else "その他",
            is_cancellation=True,
            payer=payer,
        )
    if kind == "振込":
        return Wording("振込", is_transfer=amount_yen > 0, payer=payer)
    if kind:
        return Wording(kind, payer=payer)
    return Wording("その他", payer=payer)


def split_text(text: str, amount_yen: int) -> Wording:
    """A line whose words and payer share one column: 「振込　ｶ)ﾔﾏﾀﾞ」, 「振込＊ヤマダ」, 「ヤマダ タロウ」."""
    found = _TRANSFER_HEAD.match(text.strip())
    kind = kind_of(text)
    if kind == "振込" and found:
        return Wording("振込", is_transfer=amount_yen > 0, payer=text.strip()[found.end() :].strip(" 　＊*"))
    if kind and kind != "振込":
        return classify(text, amount_yen)
    if kind == "振込":  # the word alone, without a mark behind it: may be the beginning of a name
        return Wording("振込", is_transfer=amount_yen > 0, payer=text.strip())
    if amount_yen > 0 and not _OWN_MOVE.match(folded(text)) and _NAME_ONLY.fullmatch(folded(text).upper()):
        return Wording("その他", is_transfer=True, payer=text.strip())
    return Wording("その他")
