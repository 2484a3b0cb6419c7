"""在庫の一生: whatever is done in whatever order, stock says what a plain model says, piece by piece and yen by yen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akinai.catalog.services import compose_set
from akinai.core import clock, proofs
from akinai.core.errors import DomainError
from akinai.stock import queries, services
from akinai.stock.models import Location, LotLevel, Reservation, StockLevel, StockValue
from akinai.stock.services import LotTag, Movement
from akinai.stock.tests.plain_shelf import MAIN, SHOP, UNKNOWN, WAY, Goods
from tests import cast

pytestmark = pytest.mark.django_db
PER_SET = {False: 2, True: 1}
LOTS = {"A": 20, "B": 45, "C": 400}  # expire in this order, after so many days
NOT_OURS = {"shipped_goods_left_stock"}  # goods leave here without the papers of the shipping room
ACTS = [
    "receive", "receive", "receive", "want", "want", "release", "ship", "ship", "unship", "send", "send", "arrive", "lose",
    "count", "count", "post", "take_back", "uncount", "adjust", "age",
]  # fmt: skip


class Life:
    """The product and the model, told the same things."""

    def __init__(self) -> None:
        self.skus = {False: cast.sku("CUP"), True: cast.sku("TEA")}
        services.start_lots(self.skus[True], by=None)
        self.gift = cast.sku("GIFT")  # a set of both
        compose_set(self.gift, {self.skus[lots]: PER_SET[lots] for lots in (False, True)}, by=None)
        self.sets: set[int] = set()  # lines of the set
        self.goods = {False: Goods(("",)), True: Goods((*LOTS, UNKNOWN))}
        self.main = queries.default_location_id()
        self.shop = Location.objects.create(code=SHOP, name="店頭", kind="shop", is_sellable=False).pk
        self.nth, self.days, self.began = 0, 0, clock.today()
        self.receipts: list[tuple[bool, int, str, int, Decimal]] = []  # entry, lot, pieces, yen
        self.shipped: list[tuple[int, list[tuple[bool, services.Take, list[Any]]]]] = []
        self.moves: list[
            tuple[bool, Any, dict[str, int], bool]
        ] = []  # transfer, lots on the way, takes expired
        self.takes: list[
            tuple[bool, Any, dict[str, int], dict[str, int]]
        ] = []  # stocktake, differences, corrections then
        self.posted: list[tuple[bool, Any, list[tuple[str, int, Decimal]]]] = []

    def agree(self, act: Callable[[], Any], may: bool) -> Any:
        """Do it; the product must refuse exactly what the model refuses."""
        try:
            with transaction.atomic():
                done = act()
        except DomainError as refusal:
            assert not may, refusal
            return None
        assert may
        return done

    def receive(self, lots: bool, pieces: int, pick: int) -> None:
        sku, lot, cost = self.skus[lots], list(LOTS)[pick % 3] if lots else "", Decimal(pieces * 7 + pick) / 4
        tag = LotTag(lot, self.began + timedelta(days=LOTS[lot])) if lots else None
        move = Movement(sku, self.main, "receipt", pieces, "GR", f"gr:{self.nth}", cost, lot=tag)
        entry = services.post([move], by=None)[0]
        goods = self.goods[lots]
        yen = goods.worth(pieces, pieces * cost)
        goods.put(MAIN, lot, pieces)
        self.receipts.append((lots, entry.pk, lot, pieces, yen))

    def take_back(self, lots: bool, pieces: int, pick: int) -> None:
        if not self.receipts:
            return
        mine, entry, lot, count, yen = self.receipts[pick % len(self.receipts)]
        goods = self.goods[mine]
        may = goods.can_leave(MAIN, count) and goods.at[MAIN].get(lot, 0) >= count
        may = may and (not mine or goods.keeps_promises(lot, count))
        if self.agree(lambda: services.reverse([entry], by=None, note="誤り"), may):
            self.receipts.pop(pick % len(self.receipts))
            goods.at[MAIN][lot] -= count
            goods.worth(-count, -yen)

    def want(self, lots: bool, pieces: int, pick: int) -> None:
        when, is_set = cast.NOW + timedelta(minutes=self.nth), pick < 2
        count = 1 + pieces % 3 if is_set else pieces
        sku = self.gift if is_set else self.skus[lots]
        services.reserve_lines([services.Want(f"L{self.nth}", sku, self.main, count, when)], by=None)
        if is_set:
            self.sets.add(self.nth)
        for part in (False, True) if is_set else (lots,):
            self.goods[part].queue[self.nth] = [count * (PER_SET[part] if is_set else 1), 0]
            self.goods[part].serve()

    def _parts(self, lots: bool, line: int) -> tuple[bool, ...]:
        return (False, True) if line in self.sets else (lots,)

    def release(self, lots: bool, pieces: int, pick: int) -> None:
        if not self.goods[lots].queue:
            return
        line = sorted(self.goods[lots].queue)[pick % len(self.goods[lots].queue)]
        services.release([f"L{line}"], by=None)
        for part in self._parts(lots, line):
            del self.goods[part].queue[line]
            self.goods[part].serve()

    def ship(self, lots: bool, pieces: int, pick: int) -> None:
        if not self.goods[lots].queue:
            return
        line = sorted(self.goods[lots].queue)[pick % len(self.goods[lots].queue)]
        whole = self.gift if line in self.sets else None
        lines = {part: self.goods[part].queue[line] for part in self._parts(lots, line)}
        takes = {
            part: services.Take(f"L{line}", self.skus[part], self.main, wanted, f"SH-{self.nth}", whole)
            for part, (wanted, _) in lines.items()
        }
        may = all(held == wanted for wanted, held in lines.values())
        if self.agree(lambda: services.ship(list(takes.values()), by=None), may):
            gone = []
            for part, take in takes.items():
                goods = self.goods[part]
                del goods.queue[line]
                left = [(lot, n, goods.worth(-n)) for lot, n in goods.take(MAIN, take.quantity, good=True)]
                gone.append((part, take, left))
            self.shipped.append((line, gone))

    def unship(self, lots: bool, pieces: int, pick: int) -> None:
        if not self.shipped:
            return
        line, gone = self.shipped.pop(pick % len(self.shipped))
        services.unship([take for _, take, _ in gone], by=None, note="間違い")
        for part, take, left in gone:
            goods = self.goods[part]
            for lot, count, yen in left:
                goods.worth(count, -yen)
                goods.at[MAIN][lot] += count
            goods.queue[line] = [take.quantity, take.quantity]
            goods.settle()

    def age(self, lots: bool, pieces: int, pick: int) -> None:
        """Days pass; what expires leaves the promises, and stays on the shelf."""
        self.days += pieces
        goods = self.goods[True]
        goods.expired = {lot for lot, keeps in LOTS.items() if keeps < self.days}
        with self.today():
            services.settle_dates()
            assert services.settle_dates() == []
        goods.settle()

    def today(self) -> Any:
        return clock.told(clock.now() + timedelta(days=self.days))

    def send(self, lots: bool, pieces: int, pick: int) -> None:
        goods, expired = self.goods[lots], pick == 0
        move = services.create_transfer(
            source_id=self.main, destination_id=self.shop, pieces={self.skus[lots]: pieces}, takes_expired=expired, by=None
        )  # fmt: skip
        if self.agree(lambda: services.send(move, by=None), self._may_move(goods, pieces, expired)):
            way = dict(goods.take(MAIN, pieces, good=not expired))
            for lot, count in way.items():
                goods.put(WAY, lot, count)
            self.moves.append((lots, move, way, expired))

    def _may_move(self, goods: Goods, pieces: int, expired: bool) -> bool:
        """Of the good pieces those that nobody is promised; asked for the expired, these leave first."""
        free = goods.good(MAIN) - goods.held
        return pieces <= (free + goods.lies(MAIN) - goods.good(MAIN) if expired else free) or not pieces

    def _off_the_way(self, goods: Goods, way: dict[str, int], pieces: int) -> list[tuple[str, int]]:
        """So many pieces in the lots this transfer sent, the first to expire first."""
        parts = []
        for lot in [lot for lot in goods.lots if way.get(lot)]:
            count = min(pieces, way[lot])
            way[lot] -= count
            goods.at[WAY][lot] -= count
            pieces -= count
            parts += [(lot, count)] if count else []
        return parts

    def arrive(self, lots: bool, pieces: int, pick: int) -> None:
        if not self.moves:
            return
        mine, move, way, expired = self.moves[pick % len(self.moves)]
        goods, whole = self.goods[mine], min(pieces, sum(way.values()))
        may = self._may_move(goods, pieces - whole, expired)
        if self.agree(lambda: services.receive_transfer(move, {1: pieces}, by=None), may):
            over = goods.take(MAIN, pieces - whole, good=not expired)
            for lot, count in [*self._off_the_way(goods, way, whole), *over]:
                goods.put(SHOP, lot, count)
            self.moves = [one for one in self.moves if any(one[2].values())]

    def lose(self, lots: bool, pieces: int, pick: int) -> None:
        if not self.moves:
            return
        mine, move, way, _ = self.moves.pop(pick % len(self.moves))
        services.settle_missing(move, 1, how="lost", reason="破損", by=None)
        goods = self.goods[mine]
        for _, count in self._off_the_way(goods, way, sum(way.values())):
            goods.worth(-count)

    def count(self, lots: bool, pieces: int, pick: int) -> None:
        """Everything that lies there is counted lot by lot; one lot (or another that was not in the book) is off."""
        goods, sku = self.goods[lots], self.skus[lots]
        take = services.open_stocktake(
            kind="spot", location_id=self.main, sku_ids=[sku], recount_pieces=0, recount_yen=0, by=None
        )
        off, other = goods.lots[pieces % len(goods.lots)], goods.lots[pick % len(goods.lots)]
        counted = {
            lot: goods.at[MAIN].get(lot, 0)
            for lot in goods.lots
            if goods.at[MAIN].get(lot) or lot in (off, other)
        }
        differences = {}
        for lot, book in counted.items():
            found = max(0, book + (pick - 2 if lot == off else 2 - pick if lot == other else 0))
            tag = (
                LotTag(lot, None if lot == UNKNOWN else self.began + timedelta(days=LOTS[lot]))
                if lots
                else None
            )
            services.count(take, sku, found, lot=tag, by=None)
            differences[lot] = found - book
        services.close_counts(take, uncounted="skip", by=None)
        services.set_cause(take.lines.all(), cause="loss", by=None)
        off_by = {lot: change for lot, change in differences.items() if change}
        self.takes.append((lots, take, off_by, dict(goods.corrections)))

    def post(self, lots: bool, pieces: int, pick: int) -> None:
        if not self.takes:
            return
        mine, take, differences, then = self.takes.pop(pick % len(self.takes))
        goods = self.goods[mine]
        parts = goods.count_off(differences) if differences else []
        may = parts is not None and not any(goods.is_stale(lot, then) for lot in differences)
        if self.agree(lambda: [services.post_stocktake(take, by=None)], may):
            self.posted.append((mine, take, self._correct(goods, parts or [])))

    def adjust(self, lots: bool, pieces: int, pick: int) -> None:
        goods, difference = self.goods[lots], pieces - 5
        if not difference:
            return
        move = Movement(self.skus[lots], self.main, "adjustment", difference, "調整", f"adj:{self.nth}")
        if self.agree(lambda: services.post([move], by=None), goods.can_leave(MAIN, -difference)):
            lot = UNKNOWN if len(goods.lots) > 1 else ""
            gone = [] if difference > 0 else goods.take(MAIN, -difference)
            for one, count in gone:
                goods.at[MAIN][one] += count
            self._correct(goods, [(one, -count) for one, count in gone] or [(lot, difference)])

    def _correct(self, goods: Goods, parts: list[tuple[str, int]]) -> list[tuple[str, int, Decimal]]:
        """Into the books, one after another, with the yen each brings or takes."""
        goods.corrected(parts)
        told = [(lot, count, goods.worth(count)) for lot, count in parts]
        for lot, count in parts:
            goods.at[MAIN][lot] = goods.at[MAIN].get(lot, 0) + count
        goods.serve()
        return told

    def uncount(self, lots: bool, pieces: int, pick: int) -> None:
        if not self.posted:
            return
        mine, take, parts = self.posted[pick % len(self.posted)]
        goods, after = self.goods[mine], dict(self.goods[mine].at[MAIN])
        for lot, count, _ in parts:
            after[lot] = after.get(lot, 0) - count
        good = sum(count for lot, count in after.items() if lot not in goods.expired)
        may = min(after.values(), default=0) >= 0 and good >= goods.held
        if self.agree(lambda: services.reverse_stocktake(take, reason="誤り", by=None), may):
            self.posted.pop(pick % len(self.posted))
            goods.corrected([(lot, -count) for lot, count, _ in parts])
            for _, count, yen in parts:
                goods.worth(-count, -yen)
            goods.at[MAIN] = after
            goods.serve()

    def compare(self) -> None:
        for lots, goods in self.goods.items():
            sku = self.skus[lots]
            rows = StockLevel.objects.filter(sku_id=sku).values_list("location__code", "on_hand", "reserved")
            levels = {code: (have, held) for code, have, held in rows if have or held}
            ours = {
                p: (goods.lies(p), goods.held if p == MAIN else 0) for p in (MAIN, SHOP, WAY) if goods.lies(p)
            }
            assert levels == ours
            live = Reservation.objects.filter(sku_id=sku, state="active").values_list("reference", "quantity")
            assert dict(live) == {f"L{line}": held for line, (_, held) in goods.queue.items()}
            found = StockValue.objects.filter(sku_id=sku).values_list("quantity", "value_yen").first()
            assert (found or (0, Decimal(0))) == (goods.pieces, goods.value)
        free = [(goods.lies(MAIN) - goods.held) // PER_SET[lots] for lots, goods in self.goods.items()]
        assert queries.levels([self.gift])[self.gift].free == min(free)
        there: dict[tuple[str, str], int] = defaultdict(int)
        for place, shelf in self.goods[True].at.items():
            for lot, count in shelf.items():
                there[place, lot] += count
        rows = LotLevel.objects.filter(on_hand__gt=0).values_list("location__code", "lot__code", "on_hand")
        assert {(p, lot): n for p, lot, n in rows} == {key: n for key, n in there.items() if n}


# Whole lives are thrown by dice: a list that hypothesis draws act by act stays too short for a count to grow old.
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_a_life_of_stock_agrees_with_a_plain_model(seed: int) -> None:
    dice = Random(seed)
    with transaction.atomic():
        life = Life()
        for _ in range(100):
            life.nth += 1
            act = dice.choice(ACTS)
            told = (dice.random() < 0.5, dice.randint(1, 9), dice.randint(0, 5))
            with life.today() if act != "age" else nullcontext():
                getattr(life, act)(*told)
            life.compare()
        services.settle_dates(life.skus.values())  # proofs are of the real day
        assert {found.name for found in proofs.run_all() if found.broken} - NOT_OURS == set()
        transaction.set_rollback(True)
