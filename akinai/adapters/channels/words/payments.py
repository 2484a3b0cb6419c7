"""支払方法の言葉 → akinai.orders.states.PaymentKind values. Words decide, best known first; else "unknown"."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from akinai.adapters.channels.words.amounts import Amounts
from akinai.adapters.channels.words.findings import Code, Findings

CARD, WALLET, MALL, CONVENIENCE = "card", "wallet", "mall", "convenience"
BANK_TRANSFER, COD, DEFERRED, CREDIT_TERMS = "bank_transfer", "cod", "deferred", "credit_terms"
POINTS, UNKNOWN = "points", "unknown"

# In this order: コンビニ後払い is 後払い before it is コンビニ, 楽天ペイ a wallet before ペイ… is looked at.
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (POINTS, ("ギフトカード", "giftcard", "ギフト券")),
    (COD, ("代金引換", "代引", "コレクト", "collect", "cashondelivery")),
    (DEFERRED, ("後払", "ペイディ", "paidy", "atone", "アトネ")),
    (CREDIT_TERMS, ("掛け払", "掛払", "売掛", "請求書払", "締め払", "月末締", "net15", "net30", "net45", "net60")),
    (
        WALLET,
        (
            "paypay", "ペイペイ", "amazonpay", "アマゾンペイ", "楽天ペイ", "楽天id", "rakutenpay", "linepay", "d払い", "ドコモ",
            "aupay", "auかんたん", "ソフトバンク", "ワイモバイル", "キャリア決済", "メルペイ", "merpay", "applepay", "googlepay",
            "paypal", "ペイパル", "shoppay", "alipay", "支付宝", "wechat", "payid", "ゆっくり払い", "id決済",
        ),
    ),
    (DEFERRED, ("あと払い", "翌月払い")),
    (MALL, ("楽天バンク", "楽天銀行決済", "モール決済")),
    (
        CONVENIENCE,
        (
            "コンビニ", "セブンイレブン", "セブン-イレブン", "ローソン", "ファミリーマート", "ミニストップ", "デイリーヤマザキ",
            "セイコーマート", "ペイジー", "pay-easy", "payeasy", "konbini", "convenience", "番号端末", "cvs",
        ),
    ),
    (
        BANK_TRANSFER,
        (
            "銀行", "振込", "振り込み", "お振込", "郵便振替", "郵便局", "ゆうちょ", "現金書留", "バーチャル口座", "bankdeposit",
            "banktransfer", "moneyorder", "前払",
        ),
    ),
    (CARD, ("クレジット", "カード", "credit", "card", "shopifypayments", "stripe", "visa", "mastercard", "jcb")),
    (POINTS, ("全額ポイント", "ポイント全額", "ポイント支払", "ポイント払", "クーポン", "ポイント", "決済不要", "支払不要", "お支払いなし")),
)  # fmt: skip
PREPAID = frozenset({BANK_TRANSFER, CONVENIENCE})
LATER = frozenset({COD, DEFERRED, CREDIT_TERMS})


@lru_cache(maxsize=1_000)
def payment_kind(label: str) -> str:
    """ "コンビニ後払い" → "deferred", "セブンイレブン（前払）" → "convenience", "銀行振込" → "bank_transfer"."""
    plain = re.sub(r"[\s_・]+", "", unicodedata.normalize("NFKC", label)).lower()
    plain = plain.replace("－", "-").replace("‐", "-").replace("−", "-")
    if not plain:
        return UNKNOWN
    if re.search(r"(?<![a-z])cod(?![a-z])", plain):  # not "qrcode"
        return COD
    return next((kind for kind, words in _WORDS if any(word in plain for word in words)), UNKNOWN)


def kind_of(label: str, amounts: Amounts, f: Findings) -> str:
    """The kind of payment, "points" where nothing is left to pay. An amount that could not be read proves nothing."""
    return POINTS if amounts.is_paid_by_points and not f.has(Code.BAD_PRICE) else payment_kind(label)
