"""見本の会社を開く: a company with staff, goods, stock and two weeks of orders in every state of the day.

Everything is placed through the same services that the screens and files use, so the demo proves the path too.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db import transaction

from akinai.catalog import services as catalog
from akinai.channels import queries as channels
from akinai.core import clock
from akinai.core.barcodes import with_check_digit
from akinai.core.tax import Rounding, TaxLine, tax_by_rate
from akinai.flows.demo_goods import GOODS, PEOPLE, PLACES
from akinai.orders import services as orders
from akinai.orders.ports import Address, LineDraft, OrderDraft, TaxDraft
from akinai.party import services as party
from akinai.staff import services as staff_services
from akinai.stock import queries as stock
from akinai.stock import services as stock_services

PASSWORD = "akinai-demo"  # noqa: S105  (shown to everybody who starts the demo)
STAFF = (
    ("ito", "伊藤", "店長"), ("sato", "佐藤", "受注"), ("tanaka", "田中", "商品"), ("takahashi", "高橋", "倉庫"),
    ("suzuki", "鈴木", "経理"), ("kato", "加藤", "サポート"),
)  # fmt: skip
PAYMENTS = (
    ("rakuten", "card", "クレジットカード"), ("rakuten", "cod", "代金引換"), ("yahoo", "wallet", "PayPay残高払い"),
    ("shopify", "card", "Shopify Payments"), ("shopify", "bank_transfer", "銀行振込"), ("base", "convenience", "コンビニ決済"),
    ("phone", "bank_transfer", "銀行振込"), ("eccube", "deferred", "NP後払い"),
)  # fmt: skip
NOTES = ("", "", "", "", "", "平日の夕方に届けてください。", "領収書の宛名は会社名でお願いします。", "")


@transaction.atomic
def open_demo_shop(*, now: datetime | None = None) -> bool:
    """見本の会社を用意する. Out: False when there is a company already; then nothing is touched."""
    moment = now or clock.now()
    if not party.found_company(**COMPANY):
        return False
    for username, name, role in STAFF:
        staff_services.add_staff(
            username=username, display_name=name, password=PASSWORD, roles=[role], by=None
        )
    skus = _goods()
    _opening_stock(skus)
    for channel_code, drafts in _orders(moment).items():
        orders.place_many(drafts, channel=channels.by_code(channel_code), by=None, now=moment)
    return True


COMPANY = {
    "name": "株式会社 見本茶舗", "shop_name": "茶と器 みほん", "representative": "見本 花子",
    "registration_number": "T4011001098993", "postal_code": "1010051", "prefecture": "東京都", "city": "千代田区",
    "line1": "神田神保町1-2-3", "line2": "見本ビル 4F", "phone": "03-0000-1234", "email": "shop@example.jp",
    "bank_text": "見本銀行 神田支店 普通 1234567 カ）ミホンチヤホ",
}  # fmt: skip


def _goods() -> dict[str, int]:
    stubs = [
        catalog.StubSku(code, name, price, rate, _jan(index))
        for index, (code, name, price, rate, _, _) in enumerate(GOODS)
    ]
    return catalog.create_stub_skus(stubs, by=None)


def _jan(index: int) -> str:
    """A JAN that is right but nobody's: prefix 49 and zeros."""
    return with_check_digit(f"4900000{index:05d}")


def _opening_stock(skus: dict[str, int]) -> None:
    place = stock.default_location_id()
    stock_services.post(
        [
            stock_services.Movement(
                skus[code],
                place,
                "opening",
                pieces,
                "期首在庫",
                f"demo:opening:{code}",
                note="見本の会社の期首在庫",
            )
            for code, _name, _price, _rate, pieces, _shelf in GOODS
            if pieces
        ],
        by=None,
    )


def _orders(now: datetime, count: int = 64) -> dict[str, list[OrderDraft]]:
    """Orders of the last days, per channel. The same every time but for the dates."""
    dice = random.Random(20260401)  # noqa: S311  (made-up orders, no secret)
    found: dict[str, list[OrderDraft]] = {}
    for index in range(count):
        channel, payment, label = dice.choice(PAYMENTS)
        at = now - timedelta(days=dice.randint(0, 3), hours=dice.randint(0, 9), minutes=dice.randint(0, 59))
        found.setdefault(channel, []).append(_order(dice, index, channel, payment, label, at))
    return found


def _order(
    dice: random.Random, index: int, channel: str, payment: str, label: str, at: datetime
) -> OrderDraft:
    person = _person(dice, index)
    chosen = dice.sample(GOODS, k=dice.choice((1, 1, 1, 2, 2, 3)))
    lines = tuple(
        LineDraft(no, code, name, dice.choice((1, 1, 1, 2)), price, rate)
        for no, (code, name, price, rate, _, _) in enumerate(chosen, 1)
    )
    goods = sum(line.subtotal_yen for line in lines)
    shipping = 0 if goods >= 5000 else 660
    fee = 330 if payment == "cod" else 0
    note = dice.choice(NOTES)
    return OrderDraft(
        channel_order_no=f"{channel[:2].upper()}-{at:%Y%m%d}-{index + 1:05d}",
        ordered_at=at, buyer=person, ship_to=person, lines=lines, payment=payment, payment_label=label,
        total_yen=goods + shipping + fee, goods_yen=goods, shipping_yen=shipping, cod_fee_yen=fee,
        taxes=_taxes(lines, shipping + fee), payment_settled=payment in ("card", "wallet"),
        customer_note=note,
    )  # fmt: skip


def _taxes(lines: tuple[LineDraft, ...], fees_yen: int) -> tuple[TaxDraft, ...]:
    amounts = [TaxLine(line.subtotal_yen, line.tax_rate) for line in lines]
    amounts += [TaxLine(fees_yen, 10)] if fees_yen else []
    totals = tax_by_rate(amounts, rounding=Rounding.DOWN, inclusive=True)
    return tuple(TaxDraft(total.rate, total.gross_yen, total.tax_yen) for total in totals)


def _person(dice: random.Random, index: int) -> Address:
    family, given, family_kana, given_kana = PEOPLE[index % len(PEOPLE)]
    postal, prefecture, city, line = PLACES[(index * 5 + dice.randint(0, 1)) % len(PLACES)]
    return Address(
        name=f"{family} {given}", kana=f"{family_kana} {given_kana}", postal_code=postal, prefecture=prefecture,
        city=city, line1=line, phone=f"090-0000-{1000 + index:04d}", email=f"customer{index:03d}@example.com",
    )  # fmt: skip
