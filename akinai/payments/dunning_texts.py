"""督促の文面: what may be filled in, and the ladders that are offered to a shop that has none yet."""

from __future__ import annotations

from akinai.core.mail_texts import Placeholder
from akinai.payments.states import DueKind, DunningWay

PLACEHOLDERS = (
    Placeholder("宛名", "山田 花子 様"),
    Placeholder("店舗名", "茶と器 みほん"),
    Placeholder("番号", "123456-20261124-0001", "お客様が見る注文番号。合計請求書ではその番号"),
    Placeholder("注文日", "2026/11/17(火)", "合計請求書では、その行は載りません"),
    Placeholder("締め日", "2026/10/31(土)", "合計請求書でなければ、その行は載りません"),
    Placeholder("金額", "¥5,400", "まだ入金されていない金額"),
    Placeholder("支払期限", "2026/11/24(火)"),
    Placeholder("超過日数", "4", "期限の前なら 0"),
    Placeholder("商品一覧", "・煎茶 100g × 2\n・急須 × 1", "合計請求書では、その行は載りません"),
    Placeholder("振込先", "見本銀行 神田支店 普通 1234567 カ）ミホンチヤホ"),
    Placeholder("キャンセル日", "2026/12/02(水)", "自動キャンセルの段階がなければ、その行は載りません"),
    Placeholder("署名", "株式会社 見本茶舗（茶と器 みほん）\n電話 03-0000-1234\nshop@example.jp", "自社情報から作ります"),
)  # fmt: skip

_RULE = "──────────────────────"
_ORDER = f"""{_RULE}
■ ご注文番号　{{番号}}
■ ご注文日　　{{注文日}}
■ お支払期限　{{支払期限}}
■ お支払金額　{{金額}}
■ お振込先　　{{振込先}}
{_RULE}

【ご注文の商品】
{{商品一覧}}
"""
_BILL = f"""{_RULE}
■ 番号　　　　{{番号}}
■ 締め日　　　{{締め日}}
■ お支払期限　{{支払期限}}
■ 未入金額　　{{金額}}
■ お振込先　　{{振込先}}
{_RULE}
"""
_END = f"""
行き違いでお支払いいただいておりましたら、ご容赦ください。
ご不明な点がございましたら、このメールにご返信ください。

{_RULE}
{{署名}}
"""
_FIRST = f"""{{宛名}}

{{店舗名}}をご利用いただき、誠にありがとうございます。
次のご注文のお支払いを、まだ確認できておりません。お手数ですが、お早めにお支払いをお願いいたします。

{_ORDER}{_END}"""
_LAST = f"""{{宛名}}

{{店舗名}}です。お支払期限を {{超過日数}} 日過ぎましたが、次のご注文のお支払いを確認できておりません。
{{キャンセル日}} までに確認できないときは、ご注文をキャンセルいたします。

{_ORDER}{_END}"""
_CANCELLED = f"""{{宛名}}

お支払いを確認できなかったため、次のご注文をキャンセルいたしました。
ご入用でしたら、お手数ですが、あらためてご注文ください。

{_RULE}
■ ご注文番号　{{番号}}
■ ご注文日　　{{注文日}}
■ お支払期限　{{支払期限}}
{_RULE}
{_END}"""
_BILL_FIRST = f"""{{宛名}}

平素より{{店舗名}}をご利用いただき、誠にありがとうございます。
次のご請求のお支払いを、まだ確認できておりません。お手数ですが、ご確認をお願いいたします。

{_BILL}{_END}"""
_BILL_LETTER = f"""{{宛名}}

督促状

次のご請求につきまして、お支払期限を {{超過日数}} 日過ぎてもお支払いを確認できておりません。
至急お支払いくださいますようお願い申し上げます。

{_BILL}
行き違いでお支払いいただいておりましたら、ご容赦ください。

{{署名}}
"""
_CALL = """お支払期限 {支払期限}、未入金 {金額}（{番号}）。
いつお支払いいただけるかを伺い、約束の日を記録します。
"""

_PREPAID = (
    (1, DunningWay.MAIL, "お支払いのお願い", "【{店舗名}】お支払いのお願い（ご注文番号 {番号}）", _FIRST),
    (4, DunningWay.MAIL, "最後のお願い", "【{店舗名}】お支払いの最後のお願い（ご注文番号 {番号}）", _LAST),
    (8, DunningWay.CANCEL, "自動キャンセル", "【{店舗名}】ご注文をキャンセルしました（ご注文番号 {番号}）", _CANCELLED),
)  # fmt: skip
_LATER = (
    (3, DunningWay.MAIL, "お支払いのお願い", "【{店舗名}】お支払いのお願い（{番号}）", _BILL_FIRST),
    (10, DunningWay.PHONE, "電話で確認", "", _CALL),
    (20, DunningWay.LETTER, "督促状", "お支払いのお願い", _BILL_LETTER),
)
USUAL = {
    DueKind.BANK_TRANSFER: _PREPAID, DueKind.CONVENIENCE: _PREPAID, DueKind.DEFERRED: _LATER,
    DueKind.CREDIT_TERMS: _LATER, DueKind.STATEMENT: _LATER,
}  # fmt: skip
