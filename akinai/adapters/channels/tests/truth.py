"""What a shop really sold (本当の売上): made-up sales with every figure known, for files written as the malls write them.

A mall's `tests/realistic.py` writes these sales in the mall's own layout, without a look at the doors or their writers;
the tests take the file in and compare every figure with the sale.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from akinai.adapters.channels.words.times import TOKYO

RATES = (10, 8)


@dataclass(frozen=True)
class Person:
    """注文者・送付先, in pieces, as malls keep them."""

    last: str = "佐藤"
    first: str = "花子"
    last_kana: str = "サトウ"
    first_kana: str = "ハナコ"
    postal: str = "1000001"
    prefecture: str = "東京都"
    city: str = "千代田区"
    street: str = "千代田1-1"
    building: str = ""
    phone: str = "090-1234-5678"
    email: str = "hanako@example.com"
    company: str = ""

    @property
    def name(self) -> str:
        return f"{self.last} {self.first}".strip()

    @property
    def kana(self) -> str:
        return f"{self.last_kana} {self.first_kana}".strip()

    @property
    def zip_hyphen(self) -> str:
        return f"{self.postal[:3]}-{self.postal[3:]}"


@dataclass(frozen=True)
class Sold:
    """One line. `price` is what one piece cost, tax inside; `bare` is the price without tax where the shop keeps that."""

    code: str
    name: str
    quantity: int
    price: int
    rate: int = 10
    options: str = ""
    jan: str = ""
    bare: int | None = None

    @property
    def amount(self) -> int:
        return self.price * self.quantity


@dataclass(frozen=True)
class Sale:
    """One order with all its money."""

    number: str
    at: datetime
    lines: tuple[Sold, ...]
    buyer: Person = field(default_factory=Person)
    to: Person = field(default_factory=Person)
    pay: str = "card"
    settled: bool = True
    status: str = "open"  # open, hold, shipped, cancelled, returned
    shipping: int = 0
    cod_fee: int = 0
    fee: int = 0
    wrapping: int = 0
    coupon: int = 0
    mall_coupon: int = 0
    points: int = 0
    on: date | None = None
    slot: str = ""
    note: str = ""
    gift: str = ""
    others: tuple[Person, ...] = ()  # further destinations; line 2 goes to the first of them, and so on

    @property
    def goods(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def discount(self) -> int:
        return self.coupon + self.mall_coupon

    @property
    def fees(self) -> int:
        """What is added to the goods."""
        return self.shipping + self.cod_fee + self.fee + self.wrapping

    @property
    def total(self) -> int:
        return self.goods + self.fees - self.discount - self.points

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    def charged(self) -> dict[int, int]:
        """税率 → 税込の請求額: fees are 10 %, discounts and points are spread by the amounts before them."""
        before = {rate: sum(line.amount for line in self.lines if line.rate == rate) for rate in (*RATES, 0)}
        before[10] += self.fees
        whole, less = sum(before.values()), self.discount + self.points
        found = {rate: amount - (less * amount // whole if whole else 0) for rate, amount in before.items()}
        found[max(found, key=lambda rate: found[rate])] += self.total - sum(found.values())
        return {rate: found[rate] for rate in found if before[rate]}

    def destination(self, at: int) -> Person:
        """Where line `at` (from 0) goes."""
        return (self.to, *self.others)[at] if at <= len(self.others) else self.to


PEOPLE = (
    Person(),
    Person("髙橋", "﨑子", "タカハシ", "サキコ", "0600001", "北海道", "札幌市中央区", "北一条西2丁目1番地", "赤れんが1F",
           "011-222-3333", "saki@example.jp"),
    Person("ｻﾄｳ", "ﾀﾛｳ", "ｻﾄｳ", "ﾀﾛｳ", "0100001", "秋田県", "秋田市", "中通１丁目２－３", "", "018-863-1234", "taro@example.jp"),
    Person("O'Brien", "Mary, Jr.", "オブライエン", "メアリー", "5300001", "大阪府", "大阪市北区", "梅田3-1-3", '"ノース"棟 12F',
           "06-6123-4567", "mary.o'brien+shop@example.com", "株式会社見本, 大阪支店"),
    Person("山田", "", "ヤマダ", "", "9000001", "沖縄県", "那覇市", "港町2-1", "", "098-861-0000", "okinawa@example.jp"),
    Person("𠮷田", "圭", "ヨシダ", "ケイ", "4500002", "愛知県", "名古屋市中村区", "名駅4-7-1", "ミッドランド①", "0120-123-456", "yoshida@example.jp"),
    Person("渡邉", "美咲", "ワタナベ", "ミサキ", "2310017", "神奈川県", "横浜市中区", "港町1-1", "", "080-0001-0002", "misaki@example.jp"),
)  # fmt: skip
GOODS = (
    ("APPLE-1L", "りんごジュース 1L", 540, 8, "", "4901234567894"),
    ("00012", "前ゼロの品番", 1100, 10, "", ""),
    ("TOWEL-W", "【送料無料】タオル 白, 3枚組 \"ふわふわ\"", 2200, 10, "カラー:白\nサイズ:L", ""),
    ("RICE-5K", "新米コシヒカリ５ｋｇ", 3240, 8, "", "4912345678904"),
    ("ﾊﾝｶｸ-1", "ﾊﾝｶｸｶﾅの商品", 330, 10, "", ""),
    ("SKU_1/2:A", "記号の品番～お試し", 1, 10, "", ""),
    ("BOOK-978", "『写真集』\u2460 上巻", 4950, 10, "ラッピング:有", "9784000000000"),
    ("CREDIT-0", "おまけ（無料）", 0, 10, "", ""),
)  # fmt: skip
NOTES = (
    "", "", "", "玄関前に置いてください", "1行目\n2行目\n\n4行目", "領収書希望、宛名は「㈱見本」", '"至急"でお願いします',
    "+81-90-1234-5678 に電話を", "- 不在時は宅配ボックスへ", "メール, 電話どちらでも",
)  # fmt: skip
SLOTS = ("", "am", "1416", "1618", "1820", "1921")


@dataclass(frozen=True)
class Can:
    """What a mall's orders can have."""

    pays: Sequence[str] = ("card", "cod", "bank", "convenience", "wallet", "deferred")
    points: bool = True
    mall_coupon: bool = True
    wrapping: bool = False
    fee: bool = True
    mixed: bool = True
    slots: Sequence[str] = SLOTS


def sales(
    count: int, can: Can, *, seed: int = 1, prefix: str = "R-", start: datetime | None = None
) -> list[Sale]:
    """Ordinary sales of every sort. The same arguments give the same sales."""
    dice = random.Random(seed)
    first = start or datetime(2026, 11, 20, 0, 0, 0, tzinfo=TOKYO)
    return [
        _sale(dice, can, f"{prefix}{n:06d}", first + timedelta(minutes=37 * n)) for n in range(1, count + 1)
    ]


def ordinary(**changes: Any) -> Sale:
    """Two lines with both rates, paid by card, nothing odd: what a test changes is all there is to see."""
    lines = (Sold("APPLE-1L", "りんごジュース 1L", 2, 540, 8), Sold("TOWEL-W", "タオル 白", 1, 2200))
    return replace(Sale("R-1", datetime(2026, 11, 20, 10, 30, tzinfo=TOKYO), lines, shipping=550), **changes)


def _sale(dice: random.Random, can: Can, number: str, at: datetime) -> Sale:
    rates = RATES if can.mixed else (10,)
    lines = tuple(_sold(dice, rates) for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 5, 12))))
    if not sum(line.amount for line in lines):
        lines = (*lines, Sold("APPLE-1L", "りんごジュース 1L", 1, 540, rates[-1]))
    buyer = dice.choice(PEOPLE)
    pay = dice.choice(can.pays)
    sale = Sale(
        number, at, lines, buyer, dice.choice((buyer, buyer, dice.choice(PEOPLE))), pay,
        settled=pay in ("card", "wallet") or (pay in ("bank", "convenience") and dice.random() < 0.5),
        shipping=dice.choice((0, 0, 550, 770, 1320)), cod_fee=330 if pay == "cod" else 0,
        fee=dice.choice((0, 0, 220)) if can.fee and pay in ("convenience", "deferred") else 0,
        wrapping=dice.choice((0, 0, 330)) if can.wrapping else 0,
        on=dice.choice((None, at.date() + timedelta(days=5))), slot=dice.choice(list(can.slots)), note=dice.choice(NOTES),
    )  # fmt: skip
    room = sale.goods
    coupon = min(dice.choice((0, 0, 0, 100, 500)), room)
    mall = min(dice.choice((0, 0, 0, 200)), room - coupon) if can.mall_coupon else 0
    points = min(dice.choice((0, 0, 1, 300, 5000)), room - coupon - mall) if can.points else 0
    return replace(sale, coupon=coupon, mall_coupon=mall, points=points)


def _sold(dice: random.Random, rates: Sequence[int]) -> Sold:
    code, name, price, rate, options, jan = dice.choice([goods for goods in GOODS if goods[3] in rates])
    return Sold(code, name, dice.choice((1, 1, 2, 3, 10, 120)), price, rate, options, jan)
