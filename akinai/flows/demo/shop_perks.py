"""見本のクーポンとポイント: three coupons of which one was used today, and points that some customers have."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from akinai.channels import services as channels
from akinai.core import clock
from akinai.flows.demo.people import person
from akinai.marketing.services import coupons, points, starting
from akinai.orders import services as orders
from akinai.orders.ports import LineDraft, OrderDraft
from akinai.party import services as party
from akinai.party.services import Person

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop

# which customer, points, days ago, why
GIVEN = (
    (1, 500, 2, "新規会員登録"), (3, 500, 9, "新規会員登録"), (5, 300, 14, "レビューのお礼"), (8, 200, 6, "レビューのお礼"),
    (13, 1000, 1, "お届け遅れのお詫び"), (21, 500, 17, "新規会員登録"),
)  # fmt: skip


def give(shop: Shop, now: datetime) -> None:
    """Coupons since ten days ago, points by and by, one order today that used both."""
    ito = shop.team.ito
    with clock.told(now - timedelta(days=20)):
        starting.set_points(rate="1", channels=["own", "phone"], by=ito)
    with clock.told(now - timedelta(days=10)):
        today = clock.today()
        starting.add_coupon(
            "HAJIMETE500",
            "はじめてのお買い物 500円引き",
            "yen",
            500,
            minimum_yen=3000,
            for_first_order=True,
            by=ito,
        )
        starting.add_coupon(
            "NENMATSU10",
            "年末の感謝 10％引き",
            "percent",
            10,
            cap_yen=2000,
            ends_on=today + timedelta(days=40),
            total_limit=300,
            by=ito,
        )
        starting.add_coupon(
            "ANKETO", "アンケートのお礼 300円引き", "yen", 300, by_code_only=True, code_days=60, by=ito
        )
    customers = {nth: _customer(nth) for nth, *_ in GIVEN}
    for nth, count, ago, why in GIVEN:
        with clock.told(now - timedelta(days=ago)):
            points.give(customers[nth], count, key=f"demo:{nth}", note=why, by=ito)
    with clock.told(now - timedelta(minutes=40)):
        _buy(shop, 13)


def _customer(nth: int) -> int:
    who = person(nth)
    one = Person(
        who.name,
        who.kana,
        "",
        who.email,
        who.phone,
        who.postal_code,
        f"{who.prefecture}{who.city}{who.line1}",
    )
    return party.ensure_customers([one]).ids[one.identity]


def _buy(shop: Shop, nth: int) -> None:
    """自社サイト: a coupon of ten percent and 400 points."""
    who, at = person(nth), clock.now()
    lines = (LineDraft(1, "TEA-005", "玄米茶 ティーバッグ 20個入", 5, 648, 8),)
    cut, spent = 324, 400
    draft = OrderDraft(
        f"W-{at:%Y%m%d}-1", at, who, who, lines, "card", "クレジットカード", 3240 + 660 - cut - spent, 3240, 660,
        discount_yen=cut, points_yen=spent, payment_settled=True,
    )  # fmt: skip
    channel = channels.ensure("own", "自社サイト", "own")
    (pk,) = orders.place(draft, channel=channel, by=None, now=at).created
    coupons.use("NENMATSU10", order_id=pk, yen=cut)
    points.spend(_customer(nth), spent, order_id=pk)
