"""What every benchmark stands on: a prepared home, goods with stock, made-up orders, one JSON line per figure."""

from __future__ import annotations

import json
import os
import random
import statistics
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")


def start() -> None:
    """Database up, tables there, Django ready."""
    from config.prepare import prepare

    prepare()
    import django

    django.setup()


def say(**figure: Any) -> None:
    print(json.dumps(figure, ensure_ascii=False), flush=True)


def by_hand(sql: str, *, turns: int = 7) -> float:
    """The statement written by hand, its rows fetched: median in ms."""
    from django.db import connection

    found = []
    for _ in range(turns):
        with connection.cursor() as cursor:
            begin = time.perf_counter()
            cursor.execute(sql)
            cursor.fetchall()
            found.append((time.perf_counter() - begin) * 1000)
    return round(statistics.median(found), 1)


def goods(count: int, *, pieces: int) -> list[tuple[int, str]]:
    """`count` SKUs with plenty of stock: (id, code). Made once."""
    from akinai.catalog.services import StubSku, create_stub_skus
    from akinai.stock import queries, services

    codes = [f"BENCH-{n:05d}" for n in range(count)]
    ids = create_stub_skus([StubSku(code, f"商品 {code}", 1080, 8) for code in codes], by=None)
    place = queries.default_location_id()
    have = queries.levels(list(ids.values()))
    stamp = f"{datetime.now():%Y%m%d%H%M%S%f}"
    services.post(
        [
            services.Movement(pk, place, "adjustment", pieces, "BENCH", f"bench:{stamp}:{pk}")
            for pk in ids.values()
            if have[pk].free < pieces // 2
        ],
        by=None,
    )
    return [(ids[code], code) for code in codes]


def zipf(count: int, *, seed: int) -> tuple[random.Random, list[float]]:
    """A dice and weights 1/rank, so that a few SKUs are wanted by everybody."""
    return random.Random(seed), [1 / rank for rank in range(1, count + 1)]


def drafts(codes: Sequence[str], count: int, *, seed: int, prefix: str) -> list[Any]:
    """Orders of 3 lines, Zipf choice, each by another customer."""
    from django.utils import timezone

    from akinai.orders.ports import Address, LineDraft, OrderDraft, TaxDraft

    dice, weights = zipf(len(codes), seed=seed)
    now = timezone.now().replace(microsecond=0)
    made = []
    for n in range(count):
        chosen = dice.choices(codes, weights, k=3)
        lines = tuple(LineDraft(i, code, f"商品 {code}", 1, 1080, 8) for i, code in enumerate(chosen, 1))
        who = Address(
            name=f"見本 {prefix}{n}", kana=f"ミホン {n}", postal_code="1500001", prefecture="東京都", city="渋谷区",
            line1="神宮前4-12-3", phone="090-0000-0000", email=f"{prefix}{n}@example.com",
        )  # fmt: skip
        made.append(
            OrderDraft(
                channel_order_no=f"{prefix}-{n:07d}", ordered_at=now - timedelta(seconds=dice.randint(0, 86_400)),
                buyer=who, ship_to=who, lines=lines, payment="card", payment_label="クレジットカード", total_yen=3240,
                goods_yen=3240, taxes=(TaxDraft(8, 3240, 240),), payment_settled=True,
            )
        )  # fmt: skip
    return made
