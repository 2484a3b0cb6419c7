"""見本の受注: what customers ordered, as drafts that the malls' own file writers can put down."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from akinai.core.intake import Upload
from akinai.core.tax import Rounding, TaxLine, tax_by_rate
from akinai.flows.demo.goods import BY_CODE, GOODS, SOLD_OUT, Goods
from akinai.flows.demo.people import OKINAWA, person
from akinai.orders.ports import Address, LineDraft, OrderDraft, TaxDraft

# channel, payment, label, how often
WAYS = (
    ("rakuten", "card", "クレジットカード", 9), ("rakuten", "cod", "代金引換", 3), ("rakuten", "bank_transfer", "銀行振込", 2),
    ("yahoo", "wallet", "PayPay残高等", 6), ("yahoo", "card", "クレジットカード決済", 3),
    ("shopify", "card", "Shopify Payments", 8), ("shopify", "bank_transfer", "銀行振込", 2),
    ("eccube", "card", "クレジットカード決済", 3), ("eccube", "bank_transfer", "銀行振込", 3), ("eccube", "deferred", "NP後払い", 1),
)  # fmt: skip
SETTLED = ("card", "wallet")
NOTES = (
    "平日の夕方以降に届けてください。", "領収書の宛名は「株式会社青葉企画」でお願いします。", "玄関前の宅配ボックスに入れてください。",
    "母の誕生日なので、値段の分かるものは入れないでください。", "割れやすいので、しっかり包んでほしいです。",
)  # fmt: skip
GIFTS = ("内のし・御祝・名入れ「青木」", "ラッピング（赤いリボン）")
SLOTS = ("", "", "", "am", "1416", "1820")
FREE_FROM, SHIPPING, COD_FEE = 5000, 660, 330


@dataclass(slots=True)
class Desk:
    """注文の束を作る: dice and the running numbers of each mall."""

    dice: random.Random
    customers: int = 0
    numbers: dict[str, int] = field(
        default_factory=lambda: {"rakuten": 41_287, "yahoo": 10_023_400, "shopify": 10_431, "eccube": 52_301}
    )

    def some(
        self, count: int, first: datetime, last: datetime, prices: Mapping[str, int]
    ) -> list[OrderDraft]:
        """`count` ordinary orders between two moments, of all malls, oldest first."""
        seconds = int((last - first).total_seconds())
        moments = sorted(
            first + timedelta(seconds=self.dice.randrange(max(1, seconds))) for _ in range(count)
        )
        return [self.one(at, prices) for at in moments]

    def one(
        self,
        at: datetime,
        prices: Mapping[str, int],
        *,
        way: tuple[str, str, str] | None = None,
        **told: object,
    ) -> OrderDraft:
        """One order. `told`: codes, buyer, note … instead of what the dice would say."""
        channel, payment, label = way or self.dice.choices([w[:3] for w in WAYS], [w[3] for w in WAYS])[0]
        buyer = told.get("buyer") or self._buyer()
        wanted = told.get("codes") or self._basket()
        draft = build(
            self._number(channel, at), at, buyer, wanted, prices, payment=payment, label=label,  # type: ignore[arg-type]
            note=str(told.get("note", self._note())), gift=str(told.get("gift", "")),
            slot=self.dice.choice(SLOTS) if "note" not in told else "", channel=channel,
        )  # fmt: skip
        return draft

    def _buyer(self) -> Address:
        """Mostly somebody new, now and then one who has been here; rarely Okinawa."""
        if self.customers > 20 and self.dice.random() < 0.18:
            return person(self.dice.randrange(self.customers - 12))
        self.customers += 1
        return person(self.customers, place=OKINAWA if self.dice.random() < 0.03 else None)

    def _basket(self) -> list[tuple[str, int]]:
        sold = [goods for goods in GOODS if goods.code != SOLD_OUT]
        chosen: dict[str, int] = {}
        for _ in range(self.dice.choice((1, 1, 1, 2, 2, 3))):
            goods = self.dice.choices(sold, [g.weight for g in sold])[0]
            chosen.setdefault(goods.code, self.dice.choice((1, 1, 1, 2, 3)) if goods.price < 3000 else 1)
        return list(chosen.items())

    def _note(self) -> str:
        return self.dice.choice(NOTES) if self.dice.random() < 0.08 else ""

    def _number(self, channel: str, at: datetime) -> str:
        self.numbers[channel] += self.dice.randint(1, 7)
        n = self.numbers[channel]
        return {
            "rakuten": f"348211-{timezone.localtime(at):%Y%m%d}-{n:010d}",
            "yahoo": f"mihon-{n}",
            "shopify": f"#{n}",
        }.get(channel, str(n))


def build(
    number: str, at: datetime, buyer: Address, wanted: list[tuple[str, int]], prices: Mapping[str, int], *,
    payment: str, label: str, note: str = "", gift: str = "", slot: str = "", channel: str = "",
) -> OrderDraft:  # fmt: skip
    """The draft with its amounts and taxes."""
    lines = tuple(_line(no, code, quantity, prices) for no, (code, quantity) in enumerate(wanted, 1))
    goods = sum(line.subtotal_yen for line in lines)
    shipping = 0 if goods >= FREE_FROM else SHIPPING
    fee = COD_FEE if payment == "cod" else 0
    settled = payment in SETTLED
    return OrderDraft(
        channel_order_no=number, ordered_at=at, buyer=buyer, ship_to=buyer, lines=lines, payment=payment,
        payment_label=label, total_yen=goods + shipping + fee, goods_yen=goods, shipping_yen=shipping, cod_fee_yen=fee,
        taxes=_taxes(lines, shipping + fee), payment_settled=settled, paid_at=at if settled else None,
        customer_note=note, gift_note=gift, delivery_slot=slot, raw={"channel": channel},
    )  # fmt: skip


def _line(no: int, code: str, quantity: int, prices: Mapping[str, int]) -> LineDraft:
    goods: Goods | None = BY_CODE.get(code)
    if goods is None:
        return LineDraft(no, code, "新春限定 福茶セット", quantity, 2980, 8)
    return LineDraft(no, code, goods.name, quantity, prices.get(code, goods.price), goods.rate)


def _taxes(lines: tuple[LineDraft, ...], fees_yen: int) -> tuple[TaxDraft, ...]:
    amounts = [TaxLine(line.subtotal_yen, line.tax_rate) for line in lines]
    amounts += [TaxLine(fees_yen, 10)] if fees_yen else []
    totals = tax_by_rate(amounts, rounding=Rounding.DOWN, inclusive=True)
    return tuple(TaxDraft(total.rate, total.gross_yen, total.tax_yen) for total in totals)


def files_of(drafts: list[OrderDraft], at: datetime) -> list[Upload]:
    """The malls' own files for these orders, as a clerk downloads them."""
    from akinai.adapters.channels.eccube import writer as eccube
    from akinai.adapters.channels.rakuten import writer as rakuten
    from akinai.adapters.channels.shopify import writer as shopify
    from akinai.adapters.channels.yahoo import writer as yahoo

    of = {
        code: [d for d in drafts if d.raw.get("channel") == code]
        for code in ("rakuten", "yahoo", "shopify", "eccube")
    }
    stamp, found = f"{timezone.localtime(at):%Y%m%d%H%M}", []
    if of["rakuten"]:
        found.append(Upload(f"rakuten_order_{stamp}.csv", rakuten.write(of["rakuten"])))
    if of["yahoo"]:
        orders, items = yahoo.write(of["yahoo"])
        found += [Upload(f"yahoo_order_{stamp}.csv", orders), Upload(f"yahoo_item_{stamp}.csv", items)]
    if of["shopify"]:
        found.append(Upload(f"shopify_orders_{stamp}.csv", shopify.write(of["shopify"])))
    if of["eccube"]:
        found.append(Upload(f"eccube_order_{stamp}.csv", eccube.write(of["eccube"])))
    return found
