"""購入手続きの初期値: ways of paying and terms as they are delivered; the shop changes them on its own screen."""

from __future__ import annotations

TERMS = {
    "delivery_text": (
        "在庫のある商品は、ご注文（前払いはご入金）の確認後、最短の出荷日にお送りします。"
        "お取り寄せ・予約の商品は、入荷または発売の後にお送りします。"
    ),
    "cancel_text": (
        "商品の出荷準備が始まる前であれば、ご注文のページからキャンセルをお申し出いただけます。"
        "前払いで期限までにご入金がない場合は、ご注文を取り消します。"
    ),
    "returns_text": (
        "商品の到着から 8 日以内にご連絡ください。不良品・誤送は当店が送料を負担して交換または返金します。"
        "お客様のご都合による返品は、未開封・未使用のものに限り、送料をご負担いただいて承ります。食品は、お客様のご都合による返品をお受けできません。"
    ),
    "application_text": "",
    "card_hours": 24,
}  # fmt: skip
