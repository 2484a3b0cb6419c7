"""決済会社の言葉 (pure): why a card was declined or a payment disputed, as staff read it. What we don't know stays as it is."""

from __future__ import annotations

WORDS = {
    "fraudulent": "不正利用（覚えのない請求）", "unrecognized": "覚えのない請求", "duplicate": "二重の請求", "product_not_received": "商品が届かない",
    "product_unacceptable": "商品が説明と違う・不良", "credit_not_processed": "返金されない", "subscription_canceled": "解約した定期購入",
    "general": "その他", "card_declined": "カード会社が断りました", "insufficient_funds": "残高・限度額の不足", "expired_card": "期限切れのカード",
    "incorrect_cvc": "セキュリティコードの間違い", "authentication_required": "本人認証が必要",
    "payment_intent_authentication_failure": "本人認証（3Dセキュア）の失敗", "lost_or_stolen_card": "紛失・盗難の届けのあるカード",
    "expired_or_canceled_card": "期限切れ・解約されたカード", "insufficient_balance": "決済会社の残高不足",
}  # fmt: skip


def said(code: str) -> str:
    """A provider's code in Japanese; itself where nobody has told us."""
    return WORDS.get(code, code)
