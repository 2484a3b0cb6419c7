"""主語: everything that a condition may ask of an order, with its kind, its reading, and what must be looked up for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import timezone

from akinai.orders import rules
from akinai.orders.check_rules.facts import OrderFacts, goes_elsewhere, percent_off
from akinai.orders.states import PaymentKind


class Kind(StrEnum):
    """What kind of value the subject has: decides 比べ方 and the input beside it."""

    YEN = "yen"
    NUMBER = "number"
    PERCENT = "percent"
    DAYS = "days"  # may be missing
    HOUR = "hour"
    WITHIN = "within"  # how many within some hours
    CHOICE = "choice"
    FLAG = "flag"
    TEXT = "text"
    GOODS = "goods"


class Need(StrEnum):
    """What must be looked up beside the draft."""

    HISTORY = "history"
    NEARBY = "nearby"
    GOODS = "goods"
    CREDIT = "credit"


NUMERIC = frozenset({Kind.YEN, Kind.NUMBER, Kind.PERCENT, Kind.DAYS, Kind.HOUR, Kind.WITHIN})
_AMOUNTS = {"ge": "以上", "gt": "より多い", "le": "以下", "lt": "未満", "eq": "ちょうど", "between": "の間"}
_FEW = {key: _AMOUNTS[key] for key in ("ge", "le", "eq", "between")}
OPERATORS: Mapping[Kind, Mapping[str, str]] = {
    Kind.YEN: _AMOUNTS,
    Kind.NUMBER: _FEW,
    Kind.PERCENT: _FEW,
    Kind.DAYS: _FEW | {"set": "指定がある", "unset": "指定がない"},
    Kind.HOUR: {"between": "の間"},
    Kind.WITHIN: {"ge": "以上"},
    Kind.CHOICE: {"in": "のどれか", "out": "のどれでもない"},
    Kind.FLAG: {"yes": "である", "no": "でない"},
    Kind.TEXT: {"has": "を含む", "lacks": "を含まない", "filled": "書かれている", "empty": "書かれていない"},
    Kind.GOODS: {"has": "を含む", "only": "だけ", "lacks": "を含まない"},
}
WITHOUT_VALUE = frozenset({"yes", "no", "filled", "empty", "set", "unset"})
UNITS: Mapping[Kind, str] = {
    Kind.YEN: "円", Kind.PERCENT: "%", Kind.DAYS: "日", Kind.HOUR: "時", Kind.WITHIN: "件",
}  # fmt: skip
MOST: Mapping[Kind, int] = {
    Kind.YEN: 999_999_999, Kind.NUMBER: 999_999, Kind.PERCENT: 100, Kind.DAYS: 366, Kind.HOUR: 24, Kind.WITHIN: 1_000,
}  # fmt: skip
MOST_HOURS = 24 * 31


@dataclass(frozen=True, slots=True)
class Subject:
    """主語. `read` answers None where the order does not say. `choices`: the name of the list of values.

    `phrases` of a flag: the sentence when it is so, and when it is not. `cut`: how much of a text a reason quotes.
    """

    title: str
    kind: Kind
    read: Callable[[OrderFacts], Any]
    group: str
    needs: Need | None = None
    unit: str = ""
    choices: str = ""
    phrases: tuple[str, str] = ("", "")
    hint: str = ""
    cut: int = 80

    @property
    def of(self) -> str:
        """The unit beside a number."""
        return self.unit or UNITS.get(self.kind, "")


def _texts(f: OrderFacts) -> tuple[str, ...]:
    """Names, addresses, phones, mail and note: numbers also as the phone's digits alone."""
    b, s = f.draft.buyer, f.draft.ship_to
    return (b.name, b.kana, b.company, b.email, s.name, s.kana, s.company, s.city + s.line1 + s.line2,
            f.draft.customer_note, re.sub(r"\D", "", b.phone), re.sub(r"\D", "", s.phone))  # fmt: skip


def _days_ahead(f: OrderFacts) -> int | None:
    return (f.draft.delivery_on - f.looked.today).days if f.draft.delivery_on else None


def _domain(f: OrderFacts) -> tuple[str, ...]:
    return (f.draft.buyer.email.rpartition("@")[2],)


def _beyond_credit(f: OrderFacts) -> bool:
    limit = f.looked.credit_limit_yen
    over = limit is not None and f.looked.credit_used_yen + f.draft.total_yen > limit
    return f.draft.payment == PaymentKind.CREDIT_TERMS and over


def _address(f: OrderFacts) -> tuple[str, ...]:
    to = f.draft.ship_to
    return (f"{to.prefecture}{to.city}{to.line1}{to.line2}",)


def _live(f: OrderFacts) -> list[int]:
    return [line.quantity for line in f.draft.lines if line.quantity > 0]


def _past(name: str) -> Callable[[OrderFacts], int | None]:
    return lambda f: getattr(f.history, name) if f.history is not None else None


K = Kind
MONEY, GOODS, TO, WHO, WHEN, TEXT = "金額", "商品", "届け先", "お客様", "日時", "言葉"
SUBJECTS: Mapping[str, Subject] = {
    "total": Subject("請求金額", K.YEN, lambda f: f.draft.total_yen, MONEY),
    "goods_yen": Subject("商品代", K.YEN, lambda f: f.draft.goods_yen, MONEY),
    "discount": Subject("値引・クーポン", K.YEN, lambda f: f.draft.discount_yen, MONEY),
    "discount_rate": Subject("値引率", K.PERCENT, lambda f: percent_off(f.draft), MONEY, hint="商品代に対する値引・クーポンの割合"),
    "points": Subject("ポイント利用", K.YEN, lambda f: f.draft.points_yen, MONEY),
    "payment": Subject("支払方法", K.CHOICE, lambda f: str(f.draft.payment), MONEY, choices="payments"),
    "settled": Subject("決済", K.FLAG, lambda f: f.draft.payment_settled, MONEY, phrases=("決済済みである", "決済済みでない")),
    "over_credit": Subject("掛けの与信", K.FLAG, _beyond_credit, MONEY, Need.CREDIT, phrases=("掛けの与信限度額を超える", "掛けの与信限度額を超えない")),
    "pieces": Subject("商品点数", K.NUMBER, lambda f: sum(_live(f)), GOODS, unit="点", hint="すべての明細の数量の合計"),
    "line_pieces": Subject("1 つの明細の数量", K.NUMBER, lambda f: max(_live(f), default=0), GOODS, unit="点", hint="いちばん多い明細で比べます"),
    "lines": Subject("明細の行数", K.NUMBER, lambda f: len(_live(f)), GOODS, unit="行"),
    "sku": Subject("商品コード", K.GOODS, lambda f: [one.codes for one in f.goods], GOODS, Need.GOODS, hint="SKUか商品のコード。末尾の * で前方一致"),
    "category": Subject("商品のカテゴリ", K.GOODS, lambda f: [frozenset({one.category}) for one in f.goods], GOODS, Need.GOODS, choices="categories"),
    "brand": Subject("商品のブランド", K.GOODS, lambda f: [frozenset({one.brand}) for one in f.goods], GOODS, Need.GOODS),
    "attribute": Subject("商品の属性", K.GOODS, lambda f: [frozenset(f"{name}={value}" for name, value in one.attributes.items()) for one in f.goods], GOODS, Need.GOODS, hint="「素材=ガラス」のように書きます"),
    "prefecture": Subject("送付先の都道府県", K.CHOICE, lambda f: f.draft.ship_to.prefecture, TO, choices="prefectures"),
    "island": Subject("離島・沖縄", K.FLAG, lambda f: rules.goes_to_island(f.draft, f.looked), TO, phrases=("送付先が離島・沖縄である", "送付先が離島・沖縄でない")),
    "elsewhere": Subject("注文者と送付先", K.FLAG, lambda f: goes_elsewhere(f.draft), TO, phrases=("注文者と送付先が違う", "注文者と送付先が同じである")),
    "address": Subject("送付先の住所", K.TEXT, _address, TO),
    "same_address": Subject("同じ住所へのほかの注文", K.WITHIN, lambda f: f.nearby.address, TO, Need.NEARBY),
    "same_phone": Subject("同じ電話番号のほかの注文", K.WITHIN, lambda f: f.nearby.phone, WHO, Need.NEARBY),
    "first_time": Subject("初回のお客様", K.FLAG, lambda f: None if f.history is None else f.history.orders == 0, WHO, Need.HISTORY, phrases=("初めてのお客様である", "初めてのお客様でない")),
    "past_orders": Subject("これまでの注文回数", K.NUMBER, _past("orders"), WHO, Need.HISTORY, unit="回", hint="この注文は数えません"),
    "past_refused": Subject("過去の受取拒否・長期不在", K.NUMBER, _past("refused"), WHO, Need.HISTORY, unit="回"),
    "past_cancelled": Subject("過去のキャンセル", K.NUMBER, _past("cancelled"), WHO, Need.HISTORY, unit="回"),
    "past_unpaid": Subject("過去の未入金", K.NUMBER, _past("unpaid"), WHO, Need.HISTORY, unit="件", hint="期限を過ぎたか、出荷したのに入金のない注文"),
    "company": Subject("会社名", K.TEXT, lambda f: (f.draft.buyer.company, f.draft.ship_to.company), WHO),
    "domain": Subject("メールアドレスのドメイン", K.TEXT, _domain, WHO, hint="@ より後ろ"),
    "channel": Subject("チャネル", K.CHOICE, lambda f: f.channel, WHEN, choices="channels"),
    "days_ahead": Subject("お届け希望日までの日数", K.DAYS, _days_ahead, WHEN),
    "hour": Subject("注文の時刻", K.HOUR, lambda f: timezone.localtime(f.draft.ordered_at).hour, WHEN, hint="22〜5 のように日をまたげます"),
    "weekday": Subject("注文の曜日", K.CHOICE, lambda f: str(timezone.localtime(f.draft.ordered_at).weekday()), WHEN, choices="weekdays"),
    "note": Subject("備考", K.TEXT, lambda f: (f.draft.customer_note,), TEXT, cut=120),
    "gift": Subject("のし・ラッピング", K.TEXT, lambda f: (f.draft.gift_note,), TEXT),
    "words": Subject("氏名・住所・電話・メール・備考", K.TEXT, _texts, TEXT),
}  # fmt: skip
