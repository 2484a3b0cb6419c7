"""What a provider's words for a line mean (項目の読み方): sale, refund, fee and the account it belongs to. Pure."""

from __future__ import annotations

import re
import unicodedata

from akinai.payments.settlement_states import LineKind

# The first that fits decides; the account is "" where an order's money is meant.
WORDS: tuple[tuple[str, str, str], ...] = (
    (r"チャージバック|chargeback|dispute|異議", LineKind.CHARGEBACK, ""),
    (r"留保|繰越|繰り越|前回残高|保留|reserve", LineKind.RESERVE, ""),
    (r"返金|払い?戻|キャンセル|返品|取消|refund", LineKind.REFUND, ""),
    (r"(ポイント|クーポン).*(原資|付与|獲得|負担)|販促|プロモーション", LineKind.FEE, "promotion"),
    (r"広告|PRオプション|アフィリエイト|アイテムマッチ|RPP|advertis", LineKind.FEE, "ads"),
    (r"(送料|配送|運賃|FBA|フルフィルメント).*(手数料|料金|代行)|運賃|配送代行", LineKind.FEE, "freight"),
    (r"(ポイント|クーポン).*(利用|補填|補てん|充当|精算)?$", LineKind.POINTS, ""),
    (r"手数料|利用料|ロイヤル|システム|月額|料金|印紙|fee", LineKind.FEE, "fees"),
    (r"調整|補正|adjust", LineKind.ADJUSTMENT, ""),
    (r"売上|代金|決済|商品|注文|利用分|代引|集金|送料|sale|charge|payment", LineKind.SALE, ""),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), kind, role) for pattern, kind, role in WORDS)


def meaning(text: str) -> tuple[str, str]:
    """(kind, account). What nobody knows is an adjustment that a person explains."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for pattern, kind, role in _COMPILED:
        if plain and pattern.search(plain):
            return kind, role
    return LineKind.ADJUSTMENT, ""


def by_sign(kind: str, yen: int) -> str:
    """A sale below nothing is a refund, whatever it is called; a refund that comes in is a sale taken back."""
    if kind == LineKind.SALE and yen < 0:
        return LineKind.REFUND
    return kind
