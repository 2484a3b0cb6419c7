"""script/bench match: deposits with known truth against the orders that wait for them, and the sample files of banks.

What the automatic matching posts is compared with the truth to the yen. Figures: how many were posted of those whose truth
stands in the data and of all, how many wrongly, seconds, and beside them what hand-written SQL needs for amount and name.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench import ground
from bench.deposits import monthly
from bench.deposits.mix import DECIDABLE, MIX, PAYS_NONE, Deposit, Maker, Shop

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples" / "bank"
MONTHLY = 1 / 150  # customers with a statement, per deposit


def prepare(count: int, seed: int) -> dict[int, Deposit]:
    """Orders, statements and bank lines in the database: line → its deposit."""
    from akinai.channels import queries as channels
    from akinai.core import clock
    from akinai.orders import services

    mark = f"M{datetime.now():%H%M%S%f}"
    codes = [code for _, code in ground.goods(200, pieces=10_000_000)]
    maker = Maker(codes, count, seed=seed, on=clock.today(), mark=mark)
    channel = channels.by_code("generic")
    billed = monthly.bill(maker, max(int(count * MONTHLY), 3), channel=channel)
    kinds, weights = zip(*MIX, strict=True)
    while len(maker.shop.deposits) + len(billed) < count:
        maker.case(maker.dice.choices(kinds, weights)[0])
    shop = maker.shop
    shop.deposits += billed
    maker.dice.shuffle(shop.deposits)
    for at in range(0, len(shop.orders), 2_000):
        services.place_many(shop.orders[at : at + 2_000], channel=channel, by=None)
    _learn(shop)
    return _tell(shop)


def _learn(shop: Shop) -> None:
    """名義の覚え that a person made before."""
    from akinai.orders.models import Order
    from akinai.payments.models import PayerAlias
    from akinai.payments.rules.names import read_payer

    rows = Order.objects.filter(buyer_email__in=list(shop.learned)).values_list("buyer_email", "customer_id")
    PayerAlias.objects.bulk_create(
        [
            PayerAlias(
                customer_id=customer, payer=shop.learned[mail], payer_key=read_payer(shop.learned[mail]).plain
            )
            for mail, customer in rows
            if customer
        ],
        ignore_conflicts=True,
    )


def _tell(shop: Shop) -> dict[int, Deposit]:
    from akinai.payments.models import BankAccount, BankLine
    from akinai.payments.ports import AccountHint, Statement
    from akinai.payments.services import take_statement

    account = BankAccount.objects.create(code=f"bench-{datetime.now():%Y%m%d%H%M%S%f}", bank_name="見本銀行")
    told = [replace(one, line=replace(one.line, memo=str(at))) for at, one in enumerate(shop.deposits)]
    lines = (*(one.line for one in told), *shop.debits)
    take_statement(Statement(AccountHint(), tuple(lines)), account=account, by=None)
    rows = BankLine.objects.filter(account=account, amount_yen__gt=0).values_list("memo", "pk")
    return {pk: told[int(memo)] for memo, pk in rows}


def measure(count: int, seed: int) -> None:
    from django.db import connection
    from django.db.backends.signals import connection_created

    from akinai.payments.services import match_all
    from bench.deposits.by_hand import limit

    begin = time.perf_counter()
    known = prepare(count, seed)
    prepared = time.perf_counter() - begin
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    hand = limit({pk: one.truth for pk, one in known.items()})
    asked = 0

    def count_one(execute: Any, *given: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*given)

    def count_there(*, connection: Any, **_signal: Any) -> None:
        if count_one not in connection.execute_wrappers:
            connection.execute_wrappers.append(count_one)

    connection_created.connect(count_there)
    begin, processor = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(count_one):
        outcome = match_all(by=None)
    seconds, processor = time.perf_counter() - begin, time.process_time() - processor
    posted = _posted(known)
    ground.say(
        bench="match", **rates(known, posted), proposed=outcome.proposed, seconds=round(seconds, 2),
        python_seconds=round(processor, 2), queries=asked,
        prepare_seconds=round(prepared), aim_seconds=60, aim_wrong=0, aim_automatic=0.95,
    )  # fmt: skip
    ground.say(
        bench="match",
        sql_limit="exact amount and name, no guards",
        **hand,
        times_as_long=round(seconds / hand["seconds"], 1),
    )
    _by_kind(known, posted)


def _posted(known: Mapping[int, Deposit | None]) -> dict[int, dict[str, int]]:
    """line → what was posted of it: channel order number → yen."""
    from akinai.payments.models import Payment

    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Payment.objects.filter(match__line__in=known).values_list(
        "match__line", "order__channel_order_no", "amount_yen"
    )
    for line, number, yen in rows:
        found[line][number] = yen
    return found


def is_right(one: Deposit, posted: Mapping[str, int]) -> bool:
    """Two equal payments of two equal orders are right whichever way round."""
    if one.kind == "pair":
        return len(posted) == 1 and set(posted) <= set(one.truth)
    return dict(posted) == one.truth


def rates(known: Mapping[int, Deposit], posted: Mapping[int, Mapping[str, int]]) -> dict[str, Any]:
    """Of decidable deposits that pay something, and of all; those that pay nothing must not be posted."""
    wrong = [pk for pk, what in posted.items() if not is_right(known[pk], what)]
    payable = [pk for pk, one in known.items() if one.kind in DECIDABLE - PAYS_NONE]
    done = sum(pk in posted for pk in payable)
    return {
        "deposits": len(known), "auto": len(posted), "decidable": len(payable), "automatic": round(done / len(payable), 4),
        "automatic_of_all": round(len(posted) / len(known), 4), "wrong": len(wrong),
        "wrong_kinds": dict(Counter(known[pk].kind for pk in wrong)),
    }  # fmt: skip


def _by_kind(known: Mapping[int, Deposit], posted: Mapping[int, object]) -> None:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for pk, one in known.items():
        by_kind[one.kind].append(pk in posted)
    told = {
        kind: f"{sum(v)}/{len(v)}{'' if kind in DECIDABLE else ' *'}" for kind, v in sorted(by_kind.items())
    }
    ground.say(
        bench="match",
        automatic_by_kind=told,
        note="* cannot be decided from the data; none of stranger, provider and returned pays an order",
    )


def sample_files() -> None:
    """The sample files of banks: as they are (nobody owes anything), then with an order for every transfer in them."""
    from akinai.channels import queries as channels
    from akinai.core import intake
    from akinai.orders import services as orders
    from akinai.payments.models import BankLineStatus, Match
    from akinai.payments.services import match_all

    kind = next(one for one in intake.kinds() if one.code == "bank")
    before = set(BankLineStatus.objects.values_list("pk", flat=True))
    files = refused = 0
    for path in sorted(SAMPLES.glob("*.csv")):
        row, plan = intake.preview(kind, [intake.Upload(path.name, path.read_bytes())], options={}, by=None)
        files += 1
        if plan.refused:
            refused += 1
        else:
            intake.apply(row, by=None)
    fresh = BankLineStatus.objects.exclude(pk__in=before).select_related("line")
    credits = list(fresh.filter(state__in=["open", "proposed"]))
    match_all(by=None)
    strangers = Match.objects.filter(line__in=[one.pk for one in credits]).count()
    mark = f"S{datetime.now():%H%M%S%f}"
    codes = [code for _, code in ground.goods(5, pieces=1_000_000)]
    transfers = [one for one in credits if one.line.is_transfer and one.line.payer]
    drafts = ground.drafts(codes, len(transfers), seed=1, prefix=mark)
    owed = {}
    for one, draft in zip(transfers, drafts, strict=True):
        who = replace(draft.buyer, kana=one.line.payer)
        made = replace(
            draft, buyer=who, ship_to=who, payment="bank_transfer", payment_settled=False, total_yen=one.amount_yen,
            shipping_yen=one.amount_yen - draft.total_yen if one.amount_yen > draft.total_yen else 0,
            discount_yen=max(draft.total_yen - one.amount_yen, 0),
            ordered_at=draft.ordered_at.replace(year=one.on.year, month=one.on.month, day=1)
            - timedelta(days=3),
        )  # fmt: skip
        owed[one.pk] = Deposit(None, {made.channel_order_no: one.amount_yen}, "exact")
        orders.place_many([made], channel=channels.by_code("generic"), by=None)
    match_all(by=None)
    posted = _posted({one.pk: owed.get(one.pk) for one in credits})
    wrong = sum(pk not in owed or not is_right(owed[pk], what) for pk, what in posted.items())
    ground.say(
        bench="match", sample_files=files, refused=refused, credits=len(credits), auto_when_nobody_owes=strangers,
        transfers=len(transfers), auto=len(posted), wrong=wrong,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    ground.start()
    measure(given.count, given.seed)
    sample_files()


if __name__ == "__main__":
    main()
