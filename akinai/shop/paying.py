"""支払方法の選び方: which ways the shop offers for an amount, and why another one is not offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from akinai.core.gathering import gather
from akinai.core.money import yen
from akinai.core.remembering import once
from akinai.orders.payment_methods import METHODS, PaymentKind, ShipsWhen
from akinai.payments import services as payments
from akinai.shop.models import CheckoutTerms, PayingWay

WITH_DOOR = (PaymentKind.CARD, PaymentKind.CONVENIENCE)  # only where a provider of ours opens the page
ALL_PAID = PaymentKind.POINTS  # nothing is left to pay


@dataclass(frozen=True, slots=True)
class Offer:
    """支払方法 as it is offered. `refusal`: why it cannot be chosen for this order, "" when it can."""

    kind: str
    title: str
    text: str
    fee_yen: int
    provider: str = ""
    refusal: str = ""

    @property
    def is_prepaid(self) -> bool:
        """Do the goods leave only when the money is there?"""
        return METHODS[PaymentKind(self.kind)].ships_when is ShipsWhen.PAID


FREE = Offer(ALL_PAID.value, "お支払いなし", "クーポンとポイントで、お支払いは 0 円です。", 0)
TITLES: Mapping[str, str] = {
    PaymentKind.CARD: "クレジットカード", PaymentKind.CONVENIENCE: "コンビニ払い（前払い）",
    PaymentKind.BANK_TRANSFER: "銀行振込（前払い）", PaymentKind.COD: "代金引換", PaymentKind.DEFERRED: "後払い",
}  # fmt: skip


def ways() -> list[PayingWay]:
    """支払方法 that are on, in their order."""
    return decided()[0]


def decided() -> tuple[list[PayingWay], CheckoutTerms | None]:
    """(支払方法 that are on, 購入手続きの文 where the shop has written them). One query, and one for a page that is read."""
    return once("checkout", _decided)


def _decided() -> tuple[list[PayingWay], CheckoutTerms | None]:
    found, terms, switches = gather(
        PayingWay.objects.filter(is_on=True), CheckoutTerms.objects.filter(pk=1), payments.switches()
    )
    payments.remember_switches(switches)
    return found, next(iter(terms), None)


def offers(found: Sequence[PayingWay], before_fee_yen: int, cod_fee_yen: int | None) -> list[Offer]:
    """Each way for an order of so much without its fee. `cod_fee_yen` None: nobody collects such an amount there."""
    doors = set(payments.kinds_in_use())
    shown = [way for way in found if way.kind not in WITH_DOOR or way.kind in doors]
    return [_offer(way, before_fee_yen, cod_fee_yen) for way in shown]


def _offer(way: PayingWay, before_fee_yen: int, cod_fee_yen: int | None) -> Offer:
    is_cod = way.kind == PaymentKind.COD
    fee = (cod_fee_yen or 0) if is_cod else way.fee_yen
    refusal = ""
    total = before_fee_yen + fee
    if is_cod and cod_fee_yen is None:
        refusal = "このお届け先・金額では、代金引換をご利用いただけません。"
    elif not way.min_yen <= total <= way.max_yen:
        refusal = (
            f"お支払い合計が {yen(way.min_yen)} から {yen(way.max_yen)} までのご注文でご利用いただけます。"
        )
    return Offer(way.kind, TITLES[way.kind], way.text, fee, way.provider, refusal)
