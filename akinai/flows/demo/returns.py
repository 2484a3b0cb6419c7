"""見本の返品: one in every state, out of the boxes of the last weeks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from akinai.core import clock
from akinai.flows.demo import desk
from akinai.flows.demo.days import Shop
from akinai.flows.return_goods import Plan, settle_return, suggested
from akinai.shipping import queries as shipments
from akinai.shipping import return_queries
from akinai.shipping import services as shipping
from akinai.shipping.services import Asked, Found

if TYPE_CHECKING:
    from akinai.shipping.models import ReturnCase, Shipment

WORDS = {
    "defect": "箱を開けたら割れていました。", "mind": "サイズのイメージが違いました。", "wrong_item": "頼んだ色と違うものが入っていました。",
    "not_delivered": "受取人不在のため戻ってきました。",
}  # fmt: skip


def take_back(shop: Shop, now: datetime) -> None:
    """返送待ち, 到着, 検品済, 完了 (a refund and an exchange), お断り, 取消."""
    with clock.told(now):
        left = _boxes(shop)
        _waiting, arrived, looked_at, refunded, exchanged, refused, cancelled = (
            _ask(shop, box, why) for box, why in left
        )
        hand = shop.team.takahashi
        for case in (arrived, looked_at, refunded, exchanged, refused):
            shipping.arrive(case, by=hand)
        _inspect(shop, looked_at, "opened", "hold", "refund")
        _inspect(shop, refunded, "new", "restock", "refund")
        _inspect(shop, exchanged, "damaged", "scrap", "reship")
        lines = return_queries.lines_of(refunded)
        settle_return(
            refunded, plan=Plan(suggested(refunded, lines), refund_way="channel"), by=shop.team.suzuki
        )
        settle_return(exchanged, plan=Plan(), by=shop.team.suzuki)
        shipping.refuse_return(refused, reason="使用済みのため、規約によりお受けできません", by=hand)
        shipping.cancel_return(
            cancelled, reason="お客様がお手元に置かれることになりました", by=shop.team.sato
        )
        desk.handle()


def _boxes(shop: Shop) -> list[tuple[Shipment, str]]:
    """The newest boxes that were delivered and invoiced at our own price, one per return."""
    gone = (
        shipments.shipments_seen_by(shop.team.suzuki)
        .filter(state="delivered", order__payment_settled=True, order__invoice_progress__in=["done", "sent"])
        .select_related("order").order_by("-pk")
    )  # fmt: skip
    reasons = ("mind", "not_delivered", "mind", "mind", "defect", "mind", "wrong_item")
    return list(zip(gone[: len(reasons)], reasons, strict=True))


def _ask(shop: Shop, box: Shipment, why: str) -> ReturnCase:
    line = return_queries.returnable(box)[0].line
    payer = "customer" if why == "mind" else "shop"
    return shipping.request_return(
        box.pk, asked=[Asked(line.pk, 1, reason=why)], pays_shipping=payer, note=WORDS[why], on=timezone.localdate(clock.now()),
        by=shop.team.sato,
    )  # fmt: skip


def _inspect(shop: Shop, case: ReturnCase, condition: str, outcome: str, remedy: str) -> None:
    found = {line.pk: Found(condition, outcome, remedy) for line in return_queries.lines_of(case)}
    shipping.inspect(case, found=found, by=shop.team.takahashi)
