"""script/bench match: deposits with known truth against the orders that wait for them.

Every deposit knows which order it pays (or that it pays none); what the automatic matching posts is compared with it. The
mix is that of a shop: most pay exactly under their own name, some add the order number, some are spouses, companies,
namesakes with equal amounts, take off a fee, pay twice, or are strangers. Figures: how many were posted, how many of them
wrongly, seconds.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
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
# how often each kind of payer comes, in a thousand
MIX = (
    ("exact", 800), ("numbered", 90), ("spouse", 25), ("spouse_numbered", 15), ("fee", 20), ("over", 5), ("twice", 10),
    ("namesake", 15), ("stranger", 20),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deposit:
    """One bank line, and the channel order number it truly pays ("" for none)."""

    line: Any
    truth: str
    kind: str


def person(dice: random.Random, n: int) -> tuple[str, str]:
    """(kana, kana of another in the family). A middle syllable keeps most people apart, as in life."""
    family = dice.choice(FAMILIES) + dice.choice(["", "", "ガワ", "モト", "ザキ", "ノ"])
    tail = "".join(dice.choice("アイウエオカキクケコサシスセソタチツテトナニヌネノ") for _ in range(2))
    return f"{family} {dice.choice(GIVEN)}{tail}", f"{family} {dice.choice(GIVEN)}{tail[::-1]}コ"


def drafts(codes: Sequence[str], count: int, *, seed: int) -> list[Any]:
    """Orders by bank transfer, each of another customer, with amounts as shops have them."""
    dice = random.Random(seed)
    made = []
    for n, draft in enumerate(ground.drafts(codes, count, seed=seed, prefix=f"M{datetime.now():%H%M%S%f}")):
        kana, _ = person(dice, n)
        shipping = dice.choice([0, 330, 550, 660, 880]) + dice.randrange(0, 300) * 10
        who = replace(draft.buyer, name=f"見本 {n}", kana=kana)
        made.append(
            replace(draft, buyer=who, ship_to=who, payment="bank_transfer", payment_settled=False, shipping_yen=shipping,
                    total_yen=draft.total_yen + shipping)
        )  # fmt: skip
    return made


def deposits(orders: Sequence[Any], *, seed: int, on: date) -> list[Deposit]:
    """What the bank shows for these drafts, in no particular order."""
    from akinai.core.kana import half_kana
    from akinai.payments.ports import StatementLine

    dice = random.Random(seed + 1)
    kinds, weights = zip(*MIX, strict=True)
    found: list[Deposit] = []

    def tell(amount: int, payer: str, truth: str, kind: str) -> None:
        line = StatementLine(
            on + timedelta(days=dice.randint(0, 2)),
            amount,
            half_kana(payer),
            "振込",
            kind="振込",
            is_transfer=True,
        )
        found.append(Deposit(line, truth, kind))

    for draft in orders:
        kind = dice.choices(kinds, weights)[0]
        kana, number, amount = draft.buyer.kana, draft.channel_order_no, draft.total_yen
        spouse = f"{kana.split()[0]} {dice.choice(GIVEN)}"
        payer, digits = kana, "".join(c for c in number if c.isdigit())
        if kind in ("numbered", "spouse_numbered"):
            payer = f"{digits} {kana if kind == 'numbered' else spouse}"
        elif kind == "spouse":
            payer = spouse
        elif kind == "stranger":
            payer, number = f"シラナイ {dice.choice(GIVEN)}", ""
        amount += {"fee": -dice.choice(FEES), "over": dice.choice([100, 1000])}.get(kind, 0)
        tell(amount, payer.replace(" ", dice.choice([" ", ""])), number, kind)
        if kind in ("twice", "namesake"):  # paid once more, or the same amount by another of that name
            tell(amount, payer, number, kind)
    dice.shuffle(found)
    return found


def prepare(count: int, seed: int) -> dict[int, Deposit]:
    """Orders and bank lines in the database: line → its deposit."""
    from akinai.channels import queries as channels
    from akinai.core import clock
    from akinai.orders import services
    from akinai.payments.models import BankAccount, BankLine
    from akinai.payments.ports import AccountHint, Statement
    from akinai.payments.services import take_statement

    codes = [code for _, code in ground.goods(200, pieces=10_000_000)]
    made = drafts(codes, count, seed=seed)
    channel = channels.by_code("generic")
    for at in range(0, count, 2_000):
        services.place_many(made[at : at + 2_000], channel=channel, by=None)
    told = deposits(made, seed=seed, on=clock.today())
    account = BankAccount.objects.create(code=f"bench-{datetime.now():%Y%m%d%H%M%S%f}", bank_name="見本銀行")
    numbered = [replace(one, line=replace(one.line, memo=str(at))) for at, one in enumerate(told)]
    take_statement(Statement(AccountHint(), tuple(one.line for one in numbered)), account=account, by=None)
    rows = BankLine.objects.filter(account=account).values_list("memo", "pk")
    return {pk: numbered[int(memo)] for memo, pk in rows}


def measure(count: int, seed: int) -> None:
    from django.db import connection

    from akinai.payments.models import BankLineStatus, Payment
    from akinai.payments.services import match_all

    known = prepare(count, seed)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    begin = time.perf_counter()
    asked = 0

    def count_one(execute: Any, *given: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*given)

    with connection.execute_wrapper(count_one):
        outcome = match_all(by=None)
    seconds = time.perf_counter() - begin
    posted = dict(
        Payment.objects.filter(match__line__in=known).values_list("match__line", "order__channel_order_no")
    )
    wrong = [pk for pk, number in posted.items() if known[pk].truth != number]
    first = BankLineStatus.objects.filter(pk__in=known).exclude(pk__in=posted).exclude(proposal=[])
    payable = sum(1 for one in known.values() if one.truth and one.kind not in ("twice", "namesake"))
    ground.say(
        bench="match", deposits=len(known), orders=count, auto=outcome.auto, automatic=round(outcome.auto / payable, 4),
        wrong=len(wrong), proposed=first.count(), seconds=round(seconds, 2), queries=asked, aim_seconds=60, aim_wrong=0,
    )  # fmt: skip
    by_kind: dict[str, list[int]] = {}
    for pk, one in known.items():
        by_kind.setdefault(one.kind, []).append(pk in posted)
    ground.say(bench="match", automatic_by_kind={k: f"{sum(v)}/{len(v)}" for k, v in sorted(by_kind.items())})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    ground.start()
    measure(given.count, given.seed)


if __name__ == "__main__":
    main()
