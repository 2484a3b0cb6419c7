"""見積 of a cart: what it costs, what cannot be bought now, and how it differs from what was shown before. Pure.

Whatever stands in `Quote.facts` was shown on the last page; an order is placed only when the facts are still the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from akinai.core.money import yen
from akinai.core.tax import RateTotal
from akinai.orders.gifts import Gift
from akinai.shop.models.plans import PLANS
from akinai.shop.plans import Plan
from akinai.ui.formats import jdate


class Trouble(StrEnum):
    """Why a line is not bought now."""

    NONE = ""
    GONE = "gone"  # not sold any more
    SOLD_OUT = "sold_out"
    SHORT = "short"  # fewer pieces than wanted


@dataclass(frozen=True, slots=True)
class Line:
    """明細 as it stands now. `free`: pieces that can be had, None where an order may wait for them."""

    line_id: int
    sku_id: int
    code: str
    name: str
    variant: str
    product_id: int
    key: str
    thumb: str
    alt: str
    quantity: int
    unit_yen: int
    tax_rate: int
    seen_yen: int
    gift: Gift
    free: int | None
    trouble: Trouble = Trouble.NONE
    coming: str = ""  # 取り寄せ・予約: from when it can be sent, in words
    is_at_hand: bool = False  # all of it can leave today
    plan: str = ""  # 定期便: its interval
    once_yen: int = 0  # 通常の単価, bought once
    plans: tuple[tuple[str, str], ...] = ()  # 定期便 that it may be bought as
    plan_percent: int = 0
    least_turns: int = 1
    temperature: str = ""  # 温度帯

    @property
    def plan_words(self) -> str:
        return PLANS[self.plan] if self.plan else ""

    @property
    def title(self) -> str:
        return f"{self.name}（{self.variant}）" if self.variant else self.name

    @property
    def is_bought(self) -> bool:
        return self.trouble == Trouble.NONE

    @property
    def subtotal_yen(self) -> int:
        return self.unit_yen * self.quantity

    @property
    def price_note(self) -> str:
        """What happened to the price since the line was put in; "" when nothing."""
        if self.seen_yen == self.unit_yen or self.trouble == Trouble.GONE:
            return ""
        way = "下がりました" if self.unit_yen < self.seen_yen else "上がりました"
        return f"カートに入れたときの {yen(self.seen_yen)} から {yen(self.unit_yen)} に{way}。"


@dataclass(frozen=True, slots=True)
class Quote:
    """見積. All yen 税込. `lines` are all of the cart; only those that `is_bought` are charged."""

    lines: tuple[Line, ...] = ()
    goods_yen: int = 0
    shipping_yen: int | None = None  # None: nobody can say yet
    shipping_why: str = ""
    cod_fee_yen: int = 0
    payment_fee_yen: int = 0
    wrapping_yen: int = 0
    discount_yen: int = 0
    points_yen: int = 0
    total_yen: int = 0
    taxes: tuple[RateTotal, ...] = ()
    coupon: str = ""
    coupon_title: str = ""
    coupon_refusal: str = ""
    until_free_yen: int | None = None
    payment: str = ""
    payment_title: str = ""
    arrives_on: date | None = None
    delivery_on: date | None = None
    delivery_slot: str = ""
    to: str = ""  # お届け先 in a line
    shipping_saved_yen: int = 0  # by a coupon of free shipping
    cod_offer_yen: int | None = None  # 代引手数料, were it paid that way
    plan: Plan | None = None  # 定期便 that begins with this order
    problems: tuple[str, ...] = field(default=())  # what keeps the order from being placed

    @property
    def bought(self) -> list[Line]:
        return [line for line in self.lines if line.is_bought]

    @property
    def wanted(self) -> dict[int, int]:
        """SKU → pieces."""
        return {line.sku_id: line.quantity for line in self.bought}

    @property
    def is_at_hand(self) -> bool:
        """Can all of it leave today?"""
        return all(line.is_at_hand for line in self.bought)

    @property
    def left_out(self) -> list[Line]:
        """What stays in the cart."""
        return [line for line in self.lines if not line.is_bought]

    @property
    def before_fee_yen(self) -> int:
        """合計 without the fee of the way of paying."""
        return self.total_yen - self.cod_fee_yen - self.payment_fee_yen

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.bought)

    @property
    def is_buyable(self) -> bool:
        """May the visitor go to the checkout? Something can be bought, and no line asks for more than there is."""
        return bool(self.bought) and not any(line.trouble == Trouble.SHORT for line in self.lines)

    @property
    def facts(self) -> dict[str, Any]:
        """What the buyer agrees to. Names and addresses only as a fingerprint."""
        return {
            "lines": [[one.sku_id, one.title, one.quantity, one.unit_yen, one.tax_rate, one.gift.words()] for one in self.bought],
            "yen": {title: getattr(self, name) for name, title in AMOUNTS.items()},
            "payment": self.payment, "payment_title": self.payment_title, "coupon": self.coupon,
            "arrives": f"{self.arrives_on or ''}", "wish": f"{self.delivery_on or ''}", "slot": self.delivery_slot,
            "to": digest(self.to), "plan": _plan_facts(self.plan),
        }  # fmt: skip

    @property
    def fingerprint(self) -> str:
        return digest(self.facts)


def _plan_facts(plan: Plan | None) -> list[Any] | None:
    """What follows from the order, as the buyer agrees to it."""
    if plan is None:
        return None
    return [
        plan.code, f"{plan.next_on}", [list(one) for one in plan.goods], plan.shipping_yen, plan.cod_fee_yen, plan.each_yen,
        plan.least_turns,
    ]  # fmt: skip


AMOUNTS: Mapping[str, str] = {
    "goods_yen": "商品代", "shipping_yen": "送料", "cod_fee_yen": "代引手数料", "payment_fee_yen": "決済手数料",
    "wrapping_yen": "ラッピング料", "discount_yen": "クーポン値引", "points_yen": "ポイント", "total_yen": "お支払い合計",
}  # fmt: skip


def digest(value: Any) -> str:
    """指紋 of what JSON can say."""
    told = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def differences(shown: Mapping[str, Any], now: Quote) -> list[str]:
    """What has changed since `shown` (the facts of an earlier quote), in sentences, line by line; [] for nothing."""
    facts = now.facts
    found = _of_lines(shown.get("lines", ()), facts["lines"], {one.sku_id: one for one in now.left_out})
    before = shown.get("yen", {})
    for title, amount in facts["yen"].items():
        if before.get(title) != amount:
            found.append(f"{title}: {_yen(before.get(title))} → {_yen(amount)}")
    for name, title in (("payment_title", "お支払い方法"), ("coupon", "クーポン"), ("slot", "お届け時間帯")):
        if shown.get(name) != facts[name]:
            found.append(f"{title}: {shown.get(name) or 'なし'} → {facts[name] or 'なし'}")
    for name, title in (("arrives", "お届け予定日"), ("wish", "お届け希望日")):
        if shown.get(name) != facts[name]:
            found.append(f"{title}: {_day(shown.get(name))} → {_day(facts[name])}")
    if shown.get("plan") != facts["plan"]:
        found.append(_plan_change(shown.get("plan"), facts["plan"]))
    if shown.get("to") != facts["to"]:
        found.append("お届け先が変わりました。")
    return found


def _plan_change(before: Sequence[Any] | None, after: Sequence[Any] | None) -> str:
    if after is None:
        return "定期便は、いまは受け付けていません。1 回だけのご注文になります。"
    if before is None:
        return f"定期便（{PLANS[after[0]]}・2 回目から毎回 {yen(after[5])}）のお申し込みになりました。"
    if before[5] != after[5]:
        return f"定期便の 2 回目から: 毎回 {yen(before[5])} → {yen(after[5])}"
    return "定期便の内容（間隔・お届け日・回数）が変わりました。"


def _of_lines(
    before: Sequence[Sequence[Any]], after: Sequence[Sequence[Any]], out: Mapping[int, Line]
) -> list[str]:
    old, new = {row[0]: row for row in before}, {row[0]: row for row in after}
    found = []
    for sku, row in old.items():
        if sku not in new:
            found.append(f"{row[1]}: {_why_gone(out.get(sku))}")
            continue
        _sku, title, quantity, price, rate, gift = new[sku]
        if quantity != row[2]:
            found.append(f"{title}: 数量 {row[2]} → {quantity}")
        if price != row[3]:
            found.append(f"{title}: 単価 {yen(row[3])} → {yen(price)}")
        if rate != row[4]:
            found.append(f"{title}: 税率 {row[4]}% → {rate}%")
        if gift != row[5]:
            found.append(f"{title}: のし・ラッピング {row[5] or 'なし'} → {gift or 'なし'}")
    return found + [
        f"{row[1]}: カートに加わりました（{row[2]} 点）" for sku, row in new.items() if sku not in old
    ]


def _why_gone(line: Line | None) -> str:
    if line is None:
        return "カートから取り除かれました"
    if line.trouble == Trouble.SHORT:
        return f"残り {line.free} 点になりました（ご希望は {line.quantity} 点）"
    return "売り切れました" if line.trouble == Trouble.SOLD_OUT else "販売を終了しました"


def _yen(amount: int | None) -> str:
    return "未定" if amount is None else yen(amount)


def _day(text: str | None) -> str:
    return jdate(date.fromisoformat(text)) if text else "指定なし"
