"""見本の会社の三週間: each day with its orders, van, bank and boxes, and the working day that is going on now."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from akinai.core import clock, intake
from akinai.core.business_days import is_bank_closed
from akinai.flows.demo import cards, desk, dunning, lots, monthly, settling, subscriptions
from akinai.flows.demo.bank import Account, Line, as_payer
from akinai.flows.demo.desk import at, take_in
from akinai.flows.demo.goods import BY_CODE, GOODS, MAKERS, OLD_PRICES, SOLD_OUT, Maker, price_file
from akinai.flows.demo.orders import Desk, files_of
from akinai.flows.demo.parcels import Depot
from akinai.orders.ports import OrderDraft
from akinai.purchasing import services as purchasing
from akinai.purchasing.services import LineInput
from akinai.stock import adjusting
from akinai.stock import queries as stock

if TYPE_CHECKING:
    from akinai.staff.models import Staff

SUNDAY = 6
DAYS = 21
# Days ago: the new prices, the slip of the finger, orders cancelled, pieces broken.
PRICES_CHANGE, SLIP_OF_THE_FINGER, CANCELLED, BROKEN = 10, 9, (12, 4), (13, 6)


@dataclass(frozen=True, slots=True)
class Team:
    """The staff of the shop by what they do."""

    ito: Staff
    sato: Staff
    tanaka: Staff
    takahashi: Staff
    suzuki: Staff
    kato: Staff


@dataclass(slots=True)
class Shop:
    """The shop as it goes from day to day."""

    team: Team
    suppliers: Mapping[str, int]  # code → id
    skus: Mapping[str, int]
    today: date
    dice: random.Random = field(default_factory=lambda: random.Random(20260401))  # noqa: S311  (made-up orders, no secret)
    account: Account = field(default_factory=Account)
    depot: Depot = field(default_factory=Depot)
    transfers: list[tuple[date, OrderDraft]] = field(default_factory=list)  # who pays when
    old_prices: Mapping[str, int] = field(default_factory=lambda: OLD_PRICES)
    slips: int = 4_120
    has_slipped: bool = False  # the finger, once, with a slip that was then taken back
    has_settled: bool = False  # 楽天's payout, once
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = Desk(self.dice)

    def live(self, day: date) -> None:
        """One past day from opening to closing. On Sundays nobody is there; Monday's files bring both days."""
        if day.weekday() == SUNDAY:
            return
        ago = (self.today - day).days
        if ago <= PRICES_CHANGE and self.old_prices:
            self.old_prices = {}
            with clock.told(at(day, 8, 40)):
                take_in(
                    "products",
                    [intake.Upload("価格改定.csv", price_file(_new_prices()))],
                    by=self.team.tanaka,
                )
        self._take_orders(day)
        self._receive(day)
        self._bank(day)
        dunning.run(at(day, 11, 45))
        monthly.close(self, day, at(day, 11, 50))
        with clock.told(at(day, 12, 40)):
            settling.pay(self, day)
        self._ship(day)
        self._close(day)

    def _take_orders(self, day: date) -> None:
        since = day - timedelta(days=2 if day.weekday() == 0 else 1)
        count = self.dice.randint(5, 7) * (2 if day.weekday() == 0 else 1)
        drafts = self.desk.some(count, at(since, 9), at(day, 8, 50), self.old_prices)
        with clock.told(at(day, 9, 5)):
            take_in("orders", files_of(drafts, at(day, 9, 2)), by=self.team.sato)
        self.note_transfers(drafts, day)
        monthly.ring(self, day, at(day, 9, 20))
        dunning.order(self, day, at(day, 9, 25))
        cards.order(self, day, at(day, 9, 30))
        subscriptions.begin(self, day, at(day, 9, 32))
        with clock.told(at(day, 9, 40)):
            desk.release_holds(self.team.sato)
        if (self.today - day).days in CANCELLED:
            with clock.told(at(day, 9, 55)):
                desk.cancel_one(self.team.sato, reason="お客様のご都合（電話）")

    def note_transfers(self, drafts: list[OrderDraft], day: date) -> None:
        """Who pays by bank does so one to three days later."""
        for draft in drafts:
            if draft.payment == "bank_transfer":
                self.transfers.append((day + timedelta(days=self.dice.choice((1, 1, 2, 3))), draft))

    def _receive(self, day: date) -> None:
        for maker in MAKERS:
            if maker.weekday != day.weekday():
                continue
            with clock.told(at(day, 10, 20)):
                if not self.has_slipped and (self.today - day).days < SLIP_OF_THE_FINGER:
                    self._type_ten_times(maker, day)
            with clock.told(at(day, 10, 50)):
                self._post_slip(maker, day, self.wanted(maker))
        if (self.today - day).days in BROKEN:
            with clock.told(at(day, 11, 10)):
                self._lose_one()

    def _type_ten_times(self, maker: Maker, day: date) -> None:
        """120 instead of 12, confirmed in a hurry, noticed at the shelf and taken back."""
        lines = self.wanted(maker)
        if not lines:
            return
        self.has_slipped = True
        wrong = [replace(lines[0], quantity=lines[0].quantity * 10), *lines[1:]]
        made = self._post_slip(maker, day, wrong, printed=lines)
        purchasing.reverse(made, reason="数量の打ち間違い（10倍）", by=self.team.takahashi)

    def _post_slip(
        self, maker: Maker, day: date, lines: list[LineInput], *, printed: list[LineInput] | None = None
    ) -> Any:
        """Typed as `lines`; the maker printed the totals of `printed`."""
        if not lines:
            return None
        self.slips += self.dice.randint(3, 40)
        made = purchasing.create_draft(
            lines=lots.dated(lines, self.skus, day), received_on=day, supplier_id=self.suppliers[maker.code], by=self.team.takahashi,
            supplier_slip_no=f"{maker.code[0]}-{self.slips}", totals=purchasing.printed_totals(printed or lines),
        )  # fmt: skip
        told = [doubt.text for doubt in purchasing.doubts_of(made)]
        purchasing.post(made, confirmed=told, by=self.team.takahashi)
        desk.handle()
        return made

    def wanted(self, maker: Maker) -> list[LineInput]:
        """What the maker's van brings: up to a good week's stock, in whole cases, at a cost that rises a little."""
        levels = stock.levels(list(self.skus.values()))
        found = []
        for goods in GOODS:
            free = levels[self.skus[goods.code]].free - levels[self.skus[goods.code]].waiting
            if goods.supplier != maker.code or goods.code == SOLD_OUT or free > goods.pieces * 3 // 4:
                continue
            cases = max(1, round((goods.pieces - free) / maker.lot))
            cost = Decimal(goods.cost) * (Decimal("1.03") if self.dice.random() < 0.15 else 1)
            found.append(LineInput(self.skus[goods.code], cases * maker.lot, cost.quantize(Decimal("0.1"))))
        return found

    def _lose_one(self) -> None:
        code = self.dice.choice(("CUP-001", "CUP-002", "TEA-003", "SWT-001"))
        adjusting.adjust(
            sku_id=self.skus[code], location_id=stock.default_location_id(), quantity=-1, is_counted=False,
            reason=self.dice.choice(("棚から落として破損", "サンプルに使用", "箱つぶれのため廃棄")), by=self.team.takahashi,
        )  # fmt: skip

    def _bank(self, day: date) -> None:
        if is_bank_closed(day):
            return
        lines = [
            Line(draft.total_yen, self.payer(draft)) for on, draft in self.transfers if on <= day
        ]  # fmt: skip
        self.transfers = [(on, draft) for on, draft in self.transfers if on > day]
        if day.day in (10, 25):
            lines.append(Line(-48_210 - day.day * 11, "デンキリヨウキン", "口座振替"))
        if not lines:
            return
        with clock.told(at(day, 11, 30)):
            take_in("bank", [self.account.statement(day, lines)], by=self.team.suzuki)
            desk.match(self.team.suzuki)

    @staticmethod
    def payer(draft: OrderDraft) -> str:
        """The name on the statement; a shop that sends no kana asks for the order number instead."""
        name = as_payer(draft.buyer.kana)
        return (
            f"{draft.channel_order_no.lstrip('#')}　{name}"
            if draft.channel_order_no.startswith("#")
            else name
        )

    def _ship(self, day: date) -> None:
        with clock.told(at(day, 13, 10)):
            labels = desk.instruct(self.team.takahashi)
        if not labels:
            return
        with clock.told(at(day, 16, 5)):
            issued = self.depot.issue(labels, f"発行済データ_{day:%Y%m%d}.csv")
            take_in("tracking", [issued], by=self.team.takahashi)
            desk.tell_malls(self.team.takahashi)

    def _close(self, day: date) -> None:
        with clock.told(at(day, 16, 30)):
            desk.send_mails()
            desk.deliver(self.team.takahashi, shipped_before=day - timedelta(days=1))
        with clock.told(at(day, 17, 15)):
            desk.invoice(self.team.suzuki)
            desk.send_mails()
            if day.weekday() == 4:
                self._settle(day - timedelta(days=6))
                desk.handle()

    def _settle(self, before: date) -> None:
        """The week's money of what was paid at the door or later."""
        for payment, source, note in (
            ("cod", "carrier", "ヤマト運輸 コレクト精算"),
            ("deferred", "channel", "NP後払い 精算"),
        ):
            desk.pay_otherwise(
                self.team.suzuki, payment=payment, source=source, shipped_before=before, note=note
            )


def _new_prices() -> dict[str, int]:
    return {code: BY_CODE[code].price for code in OLD_PRICES}


def past_days(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(DAYS, 0, -1)]
