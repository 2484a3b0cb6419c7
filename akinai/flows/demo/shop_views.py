"""見本の店舗の閲覧: three weeks of readers, where they came from, and what those had seen who bought. Nobody real, the same each time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from akinai.content import effect_audit, effect_services
from akinai.content.effect_services import View
from akinai.core import clock
from akinai.flows.demo.days import DAYS, Shop
from akinai.flows.demo.desk import at
from akinai.orders import queries as orders

HOST = "shop.example.jp"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
)
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
# where from: (page that led here, what its link says), how often
SOURCES = (
    ("", "", 6), ("https://www.google.co.jp/", "", 9), ("https://www.instagram.com/", "", 3), ("https://ocha.example.jp/", "", 1),
    ("", "utm_medium=email&utm_source=mailmag&utm_campaign=fuyu-hojicha", 2),
    ("https://www.google.com/", "utm_medium=cpc&utm_source=google&utm_campaign=gift", 2),
)  # fmt: skip
# Ways through the shop, how often, and since how many days ago all their pages are there.
WAYS: tuple[tuple[tuple[str, ...], int, int], ...] = (
    (("/",), 4, 99),
    (("/", "/categories/tea/", "/products/shizuoka-fukamushi/"), 6, 99),
    (("/", "/categories/teaware/", "/products/tokoname-kyusu/", "/cart/"), 3, 99),
    (("/blog/kyusu-care/",), 7, 18),
    (("/blog/kyusu-care/", "/products/tokoname-kyusu/"), 3, 18),
    (("/features/winter-hojicha/", "/products/hojicha-large/", "/cart/"), 5, 12),
    (("/features/winter-hojicha/", "/products/hojicha-financier/"), 3, 12),
    (("/blog/fukamushi/", "/products/shizuoka-fukamushi/", "/cart/"), 4, 9),
    (("/features/tea-gifts/", "/products/kyusu-gift-set/"), 4, 5),
    (("/", "/features/tea-gifts/", "/products/tea-trio-gift/", "/cart/"), 3, 5),
    (("/blog/everyday-matcha/", "/products/uji-matcha/"), 3, 3),
    (("/products/cold-brew-sencha/",), 4, 99),
    (("/search/", "/products/yame-gyokuro/"), 2, 99),
    (("/news/year-end/",), 1, 2),
    (("/first-cup/", "/products/tokoname-kyusu/", "/cart/"), 2, 6),
    (("/first-cup/",), 2, 6),
    (("/videos/how-to-brew/", "/products/shizuoka-fukamushi/"), 2, 8),
    (("/guide/",), 1, 99),
)
A_DAY = (14, 26)
# What the buyers of our own shop had seen, in turn.
BEFORE = (
    ("/features/winter-hojicha/", "/products/hojicha-large/", "/cart/"),
    ("/blog/fukamushi/", "/", "/products/shizuoka-fukamushi/", "/cart/"),
    ("/features/tea-gifts/", "/products/shizuoka-fukamushi/", "/cart/"),
)


def read(shop: Shop, now: datetime) -> None:
    """Views up to `now`, their daily sums, and what is wrong with the pages today."""
    views = [*_readers(shop, now), *_buyers(shop, now)]
    effect_services.keep_many(sorted(views, key=lambda one: one[0]))
    with clock.told(now):
        for ago in range(DAYS + 1):
            effect_services.sum_day(shop.today - timedelta(days=ago))
        effect_services.count_assists()
        effect_services.forget_old()
        effect_audit.look()


def _readers(shop: Shop, now: datetime) -> Iterator[tuple[datetime, View]]:
    dice = random.Random(7)  # noqa: S311  (made-up readers, no secret)
    for ago in range(DAYS, -1, -1):
        ways = [way for way in WAYS if way[2] > ago]
        for nth in range(dice.randint(*A_DAY)):
            path, _often, _since = dice.choices(ways, [way[1] for way in ways])[0]
            referrer, query, _ = dice.choices(SOURCES, [one[2] for one in SOURCES])[0]
            agent = dice.choice((PHONE, PHONE, DESK))
            moment = at(shop.today - timedelta(days=ago), dice.randint(7, 22), dice.randint(0, 40))
            for step, page in enumerate(path):
                seen = moment + timedelta(minutes=3 * step)
                load = dice.randint(280, 1400)
                if seen <= now:
                    yield seen, View(
                        page, f"198.51.100.{nth}", agent, referrer="" if step else referrer, query="" if step else query,
                        own_host=HOST, load_ms=load,
                    )  # fmt: skip


def _buyers(shop: Shop, now: datetime) -> Iterator[tuple[datetime, View]]:
    """Each order of our own shop with its way to it."""
    mine = orders.orders_seen_by(shop.team.ito).filter(channel__kind="own", ordered_at__lte=now)
    for nth, order in enumerate(mine.order_by("ordered_at", "pk")):
        cart, path = f"demo-{order.pk}", BEFORE[nth % len(BEFORE)]
        for step, page in enumerate(path):
            seen = order.ordered_at - timedelta(minutes=4 * (len(path) - step))
            yield seen, View(page, f"203.0.113.{nth}", DESK, cart, own_host=HOST, load_ms=600)
        with clock.told(order.ordered_at):
            effect_services.note_order(order.pk, cart=cart)
