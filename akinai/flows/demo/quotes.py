"""見本の見積: one that became an order, one that waits for its answer, one that is still being written, one that was lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from akinai.core import clock
from akinai.flows.demo.people import person
from akinai.orders import services as orders
from akinai.orders.services import EntryLine, Offer

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop


def quote(shop: Shop, now: datetime) -> None:
    """Asked for by telephone and mail during the last days."""
    sato = shop.team.sato
    with clock.told(now - timedelta(days=6)):
        won = orders.draft_quote(
            _offer(shop, 770, "有限会社丘の上", "開店記念の煎茶", [("TEA-003", 20), ("TEA-004", 20)], now),
            by=sato,
        )
        lost = orders.draft_quote(
            _offer(shop, 771, "株式会社あさひ印刷", "夏のご挨拶", [("TEA-001", 60)], now, cut=6_000), by=sato
        )
        orders.submit_quote(won.pk, by=sato)
        orders.submit_quote(lost.pk, by=sato)
    with clock.told(now - timedelta(days=2)):
        orders.decline_quote(lost.pk, reason="ほかのお店に決まった（電話）", by=sato)
        waits = orders.draft_quote(
            _offer(
                shop,
                772,
                "みどり税理士事務所",
                "年末のご挨拶 煎茶詰合せ",
                [("GFT-001", 15)],
                now,
                cut=2_000,
                note="のし（御歳暮・名入れ）は無料で承ります。",
            ),
            by=sato,
        )
        orders.submit_quote(waits.pk, by=sato)
    with clock.told(now - timedelta(minutes=55)):
        orders.accept_quote(won.pk, by=sato, now=now - timedelta(minutes=55))
    with clock.told(now):
        orders.draft_quote(_offer(shop, 773, "", "法事のお返し", [("TEA-001", 12)], now), by=sato)


def _offer(
    shop: Shop,
    who: int,
    company: str,
    subject: str,
    goods: list[tuple[str, int]],
    now: datetime,
    *,
    cut: int = 0,
    note: str = "",
) -> Offer:
    return Offer(
        replace(person(who), company=company), [EntryLine(shop.skus[code], pieces) for code, pieces in goods],
        now.date() + timedelta(days=24), "bank_transfer", subject, "ご注文から 5 営業日", note, "", 880, 0, cut,
    )  # fmt: skip
