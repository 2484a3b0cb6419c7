"""Who pays, and how (入金の混ぜ方): every deposit knows which orders it pays with how many yen, or that it pays none.

The mix is that of a shop with prepaid transfers and some business customers: four in five pay exactly under their own name.
`DECIDABLE` are the kinds whose truth stands in the data: the name, the number or a learned name says who, and the amount is
exactly what he owes. Of the others nobody can know without asking: who bears a fee, whose the second payment is, which of
two namesakes paid, whether the wife's money is for her husband's order.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from bench import ground

FAMILIES = [
    "アオキ",
    "イトウ",
    "ウエダ",
    "エンドウ",
    "オオノ",
    "カトウ",
    "キムラ",
    "クドウ",
    "ゴトウ",
    "サトウ",
    "シミズ",
    "スズキ",
    "タカハシ",
    "ナカムラ",
    "ハヤシ",
    "マツモト",
    "ヤマダ",
    "ワタナベ",
]
GIVEN = [
    "ミサキ",
    "タロウ",
    "ハナコ",
    "ケンジ",
    "ユウコ",
    "ダイスケ",
    "サクラ",
    "ショウタ",
    "キョウコ",
    "ヒロシ",
    "アユミ",
    "リョウ",
    "ナオミ",
    "シンイチ",
    "メグミ",
]
FEES = (110, 220, 330, 440, 660)
# Cases in a thousand; some are several deposits.
MIX = (
    ("exact", 690), ("company", 50), ("numbered", 80), ("alias", 20), ("spouse_numbered", 15), ("pair", 10), ("sum", 35),
    ("split", 12), ("spouse", 20), ("fee", 20), ("over", 4), ("short", 4), ("twice", 8), ("namesake", 7),
    ("returned", 3), ("provider", 2), ("stranger", 20),
)  # fmt: skip
DECIDABLE = frozenset(
    {
        "exact",
        "company",
        "numbered",
        "alias",
        "spouse_numbered",
        "pair",
        "sum",
        "split",
        "monthly",
        "returned",
        "stranger",
        "provider",
    }
)
# Nothing is right to post here: the truth is that they pay no order.
PAYS_NONE = frozenset({"returned", "stranger", "provider"})
PROVIDERS = ("ラクテングループ", "アマゾンジャパン", "ペイペイ", "ストライプジャパン")


@dataclass(frozen=True, slots=True)
class Deposit:
    """One bank line, what it truly pays (channel order number → yen), and of which kind it is."""

    line: Any
    truth: dict[str, int]
    kind: str


@dataclass(slots=True)
class Shop:
    """The orders of the mix, its deposits, and the names that were learned (customer's mail → payer)."""

    orders: list[Any] = field(default_factory=list)
    deposits: list[Deposit] = field(default_factory=list)
    learned: dict[str, str] = field(default_factory=dict)
    debits: list[Any] = field(default_factory=list)


class Maker:
    """Makes cases one by one."""

    def __init__(self, codes: Sequence[str], count: int, *, seed: int, on: date, mark: str) -> None:
        self.dice = random.Random(seed)
        # Other people in every run: those of an earlier run in this home would be their namesakes.
        self.names = random.Random(mark)
        self.on, self.mark = on, mark
        self.drafts: Iterator[Any] = iter(ground.drafts(codes, count * 2 + 1000, seed=seed, prefix=mark))
        self.shop = Shop()
        self.count = 0

    def person(self) -> str:
        """A name in kana. Two syllables more keep most people apart, as in life."""
        family = self.names.choice(FAMILIES) + self.names.choice(("", "", "ガワ", "モト", "ザキ", "ノ"))
        tail = "".join(
            self.names.choice("アイウエオカキクケコサシスセソタチツテトナニヌネノ") for _ in range(2)
        )
        return f"{family} {self.names.choice(GIVEN)}{tail}"

    def order(self, kana: str, *, mail: str = "", total: int = 0, company: str = "", **changes: Any) -> Any:
        """A prepaid order of this customer."""
        self.count += 1
        draft = next(self.drafts)
        shipping = self.dice.choice((0, 330, 550, 660, 880)) + self.dice.randrange(0, 300) * 10
        if total:
            shipping = total - draft.total_yen
        who = replace(
            draft.buyer,
            name=f"見本 {self.mark}{self.count}",
            kana=kana,
            company=company,
            email=mail or draft.buyer.email,
        )
        made = replace(
            draft, buyer=who, ship_to=who, shipping_yen=shipping, total_yen=draft.total_yen + shipping,
            **{"payment": "bank_transfer", "payment_settled": False, **changes},
        )  # fmt: skip
        self.shop.orders.append(made)
        return made

    def pay(self, payer: str, yen: int, truth: dict[str, int], kind: str, *, later: int = 0) -> Any:
        from akinai.core.kana import half_kana
        from akinai.payments.ports import StatementLine

        written = half_kana(payer.replace(" ", self.dice.choice((" ", " ", ""))))
        day = self.on + timedelta(days=self.dice.randint(0, 2) + later)
        line = StatementLine(day, yen, written, "振込", kind="振込", is_transfer=True)
        self.shop.deposits.append(Deposit(line, truth, kind))
        return line

    def case(self, kind: str) -> None:
        """One case of this kind."""
        if made := getattr(self, f"_{kind}", None):
            made()
            return
        kana = self.person()
        order = self.order(kana)
        number, yen = order.channel_order_no, order.total_yen
        digits = "".join(char for char in number if char.isdigit())
        spouse = f"{kana.split()[0]} {self.dice.choice(GIVEN)}コ"
        payer = {
            "numbered": f"{digits} {kana}", "spouse": spouse, "spouse_numbered": f"{digits} {spouse}",
        }.get(kind, kana)  # fmt: skip
        gap = {"fee": -self.dice.choice(FEES), "over": 1000, "short": -self.dice.choice((1000, 2000))}.get(
            kind, 0
        )
        self.pay(payer, yen + gap, {number: yen + min(gap, 0)}, kind)

    def _company(self) -> None:
        name = "".join(
            self.dice.choice("アイウエオカキクケコサシスセソタチツテトナニヌネノ") for _ in range(5)
        )
        order = self.order(f"カブシキガイシャ {name}ショウジ", company=f"株式会社{name}ショウジ")
        payer = self.dice.choice((f"カ){name}シヨウジ", f"{name}シヨウジ(カ"))
        self.pay(payer, order.total_yen, {order.channel_order_no: order.total_yen}, "company")

    def _alias(self) -> None:
        order = self.order(self.person())
        payer = f"{self.person()}ヤ"
        self.shop.learned[order.buyer.email] = payer
        self.pay(payer, order.total_yen, {order.channel_order_no: order.total_yen}, "alias")

    def _pair(self) -> None:
        kana = self.person()
        first = self.order(kana)
        second = self.order(kana, mail=first.buyer.email, total=first.total_yen)
        both = {one.channel_order_no: one.total_yen for one in (first, second)}
        for nth in range(2):
            self.pay(kana, first.total_yen, both, "pair", later=nth)

    def _sum(self) -> None:
        kana = self.person()
        first = self.order(kana)
        more = [self.order(kana, mail=first.buyer.email) for _ in range(self.dice.choice((1, 1, 1, 2, 3)))]
        truth = {one.channel_order_no: one.total_yen for one in (first, *more)}
        self.pay(kana, sum(truth.values()), truth, "sum")

    def _split(self) -> None:
        kana = self.person()
        order = self.order(kana)
        part = order.total_yen // self.dice.choice((2, 3))
        for yen in (part, order.total_yen - part):
            self.pay(kana, yen, {order.channel_order_no: yen}, "split", later=self.dice.randint(0, 5))

    def _twice(self) -> None:
        kana = self.person()
        order = self.order(kana)
        for _ in range(2):
            self.pay(kana, order.total_yen, {order.channel_order_no: order.total_yen}, "twice")

    def _namesake(self) -> None:
        kana = self.person()
        first = self.order(kana)
        self.order(kana, total=first.total_yen)
        self.pay(kana, first.total_yen, {first.channel_order_no: first.total_yen}, "namesake")

    def _returned(self) -> None:
        from akinai.payments.ports import StatementLine

        line = self.pay(self.person(), self.dice.randrange(1000, 9000), {}, "returned")
        day = line.on + timedelta(days=1)
        self.shop.debits.append(
            StatementLine(day, -line.amount_yen, line.payer, "組戻", kind="組戻", is_cancellation=True)
        )

    def _provider(self) -> None:
        self.pay(self.dice.choice(PROVIDERS), self.dice.randrange(10_000, 900_000), {}, "provider")

    def _stranger(self) -> None:
        self.pay(f"シラナイ {self.person().split()[1]}", self.dice.randrange(300, 700) * 10, {}, "stranger")
