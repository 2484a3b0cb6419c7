"""モールの隠しアドレス: which mall stands between us and the customer. An answer goes to that address as to any other.

| Mall | Address | Known from |
|---|---|---|
| 楽天市場 | 16 hex digits@pc.fw.rakuten.ne.jp, …@dm.fw.rakuten.ne.jp, others below fw.rakuten.ne.jp (あんしんメルアド) | RMS の受注 API の説明, 実際の受注。 The answer must leave through 楽天's own SMTP server from the address registered there |
| Amazon | letters@marketplace.amazon.co.jp, also with +番号, and @m.marketplace.amazon.co.jp | 出品者向けヘルプ, 受注レポート。The sender must be registered in セラーセントラル |
| au PAY マーケット | …@x.mbdp.jp (リレーメール of its forerunner) | 未確認: whether it is still so, and whether the shop sees it |
| Yahoo!ショッピング | 未確認: no relay address is known; the customer's own address is in the order | |
| Qoo10 | 未確認: no relay address is known; questions come in the seller's screen | |

未確認 addresses are marked all the same where a domain is known: the mark only says "this is not the customer's own".
"""

from __future__ import annotations

import re

DOMAINS = (
    ("rakuten", re.compile(r"(?:[a-z0-9-]+\.)?fw\.rakuten\.ne\.jp")),
    ("amazon", re.compile(r"(?:[a-z0-9-]+\.)?marketplace\.amazon\.(?:co\.jp|com|[a-z.]{2,6})")),
    ("au_pay", re.compile(r"x\.mbdp\.jp")),
)
# mall → (what to know before sending, why it cannot leave by an ordinary mail server, the way out)
RULES = {
    "rakuten": (
        "楽天の SMTP サーバーから、RMS に登録したアドレスで送られます。", "楽天の隠しアドレスには、楽天の SMTP サーバーからでないと届きません。",
        "RMS の画面から答えてください。楽天の SMTP サーバーを使っているときは、設定 AKINAI_MALL_MAIL に rakuten と入れると送れます。",
    ),
    "amazon": ("セラーセントラルに登録した送信元からのメールだけが、お客様に届きます。", "", ""),
    "au_pay": ("このアドレスに届くかどうかは未確認です。急ぐときは、モールの画面からも答えてください。", "", ""),
}  # fmt: skip
TITLES = {"rakuten": "楽天市場", "amazon": "Amazon", "au_pay": "au PAY マーケット"}


def mall_of(address: str) -> str:
    """The mall that hides the customer's own address, "" for an address of one's own."""
    domain = address.rpartition("@")[2].lower()
    return next((mall for mall, pattern in DOMAINS if pattern.fullmatch(domain)), "")
