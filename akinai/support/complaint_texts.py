"""お詫びの文面, one for each kind of mistake. The shop may rewrite them under メールの文面."""

from __future__ import annotations

from akinai.core.mail_texts import Declared, Placeholder

PLACEHOLDERS = (
    Placeholder("お名前", "見本 花子"),
    Placeholder("受注番号", "SO-2026-000123"),
    Placeholder("商品名", "煎茶 100g"),
    Placeholder("対応", "・返金 ¥1,080"),
)
END = """
ご不便をおかけしましたこと、重ねてお詫び申し上げます。
ご不明な点がございましたら、このメールにそのままご返信ください。
"""


def _text(code: str, title: str, what: str) -> Declared:
    body = f"""{{お名前}} 様

平素よりご利用いただき、ありがとうございます。
{what}

ご注文番号: {{受注番号}}
商品: {{商品名}}

次のとおり対応いたします。
{{対応}}
{END}"""
    return Declared(
        f"support.apology_{code}", f"お詫び（{title}）", "クレームの画面から、文面を確かめて送るとき",
        "【お詫び】ご注文の件につきまして", body, PLACEHOLDERS,
    )  # fmt: skip


APOLOGIES = (
    _text("goods", "商品・仕入先", "このたびは、お届けした商品に不備があり、誠に申し訳ございません。"),
    _text("warehouse", "出荷", "このたびは、当店の出荷に誤りがあり、誠に申し訳ございません。"),
    _text("carrier", "配送", "このたびは、商品のお届けに際してご迷惑をおかけし、誠に申し訳ございません。"),
    _text("page", "表示", "このたびは、商品ページの説明に誤りがあり、誠に申し訳ございません。"),
    _text(
        "desk", "応対", "このたびは、当店の対応が行き届かず、ご不快な思いをおかけし、誠に申し訳ございません。"
    ),
    _text("money", "請求・返金", "このたびは、ご請求または返金に誤りがあり、誠に申し訳ございません。"),
    _text("other", "そのほか", "このたびは、ご迷惑をおかけし、誠に申し訳ございません。"),
)
CODES = {one.code.removeprefix("support.apology_") for one in APOLOGIES}


def code_for(side: str) -> str:
    """Which text fits a mistake of this side."""
    return f"support.apology_{side if side in CODES else 'other'}"
