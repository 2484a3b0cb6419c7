"""同梱の判断と照会: which orders could leave in one parcel, and what it does to the shipping charge."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from akinai.catalog.queries import coldest
from akinai.orders import charging, recipients
from akinai.orders import queries as orders
from akinai.orders.fee_ports import FeeAsk, ShippingCharge, charges
from akinai.orders.states import OrderState, PaymentKind
from akinai.shipping import rules
from akinai.shipping.models import MergeMember, OrderMerge

if TYPE_CHECKING:
    from akinai.orders.models import Order

MAY_MERGE = (OrderState.READY, OrderState.AWAITING_STOCK, OrderState.AWAITING_PAYMENT)
OURS = frozenset({"phone"})  # channels whose charge is ours alone to change
OWN_SHOPS = frozenset({"shopify", "eccube", "base"})
PAID_TO_US = frozenset({PaymentKind.COD, PaymentKind.BANK_TRANSFER, PaymentKind.CREDIT_TERMS})


def key_of(order: Order) -> str:
    """Name and address, however they were typed: width, spaces, hyphens and case do not matter."""
    parts = (
        order.ship_postal_code, order.ship_prefecture, order.ship_city, order.ship_line1, order.ship_line2, order.ship_name,
    )  # fmt: skip
    folded = unicodedata.normalize("NFKC", "".join(parts)).lower()
    return re.sub(r"[\s\-‐-―−ー－、,.]", "", folded)


def why_apart(first: Order, other: Order) -> str:
    """'' or the reason why these two cannot leave in one parcel."""
    if key_of(first) != key_of(other):
        return "お届け先が違います"
    phones = [re.sub(r"\D", "", one.ship_phone or one.buyer_phone) for one in (first, other)]
    if (
        (not first.customer_id or first.customer_id != other.customer_id)
        and all(phones)
        and phones[0] != phones[1]
    ):
        return "電話番号が違います"
    if first.location_id != other.location_id:
        return "出荷元が違います"
    cold = {rules.choose_temperature(one.delivery_method) for one in (first, other)}
    if len(cold) > 1:
        return "温度帯が違います"
    if first.delivery_on and other.delivery_on and first.delivery_on != other.delivery_on:
        return "お届け希望日が違います"
    if first.delivery_slot and other.delivery_slot and first.delivery_slot != other.delivery_slot:
        return "お届け時間帯が違います"
    return ""


def why_not(order: Order) -> str:
    """'' or the reason why this order cannot be merged with any."""
    if order.state not in MAY_MERGE:
        return f"状態が「{order.get_state_display()}」です"
    return "分納の受注です" if order.in_parts else ""


def may_change_charge(order: Order) -> bool:
    """Is the charge still ours to change? Not where a mall or card company has settled it, nor where money came."""
    if order.payment_settled or order.paid_yen or not order.amounts_known:
        return False
    kind = order.channel.kind
    return kind in OURS or (kind in OWN_SHOPS and order.payment in PAID_TO_US)


@dataclass(frozen=True, slots=True)
class Effect:
    """送料の見込み of one order: what it is charged now and after."""

    order: Order
    before_yen: int
    after_yen: int
    may_change: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """同梱の見込み: `given_yen` is taken off, `borne_yen` cannot be (a mall has charged it); the driver collects `cod_yen`.

    `parcel_yen`: what one parcel costs, `told` why."""

    effects: tuple[Effect, ...]
    given_yen: int
    borne_yen: int
    cod_yen: int
    parcel_yen: int
    told: str


def preview(members: Sequence[Order], parcel: ShippingCharge) -> Preview:
    """One parcel costs what the fee table says of all the goods together, never more than the buyer was charged; where no table
    says it, what the dearest of them was charged. The difference falls where it may be changed, the last order first."""
    charged = sum(one.shipping_yen for one in members)
    known = parcel.yen is not None
    cost = min(parcel.yen, charged) if parcel.yen is not None else max(one.shipping_yen for one in members)
    left, after = charged - cost, {}
    for order in reversed(members):
        cut = min(left, order.shipping_yen) if may_change_charge(order) else 0
        after[order.pk] = order.shipping_yen - cut
        left -= cut
    effects = tuple(Effect(one, one.shipping_yen, after[one.pk], may_change_charge(one)) for one in members)
    cod = sum(
        rules.cod_yen(
            payment=e.order.payment, total_yen=e.order.total_yen - e.before_yen + e.after_yen, paid_yen=e.order.paid_yen
        )
        for e in effects
    )  # fmt: skip
    told = parcel.told if known else "いちばん高い受注の送料"
    return Preview(effects, charged - cost - left, left, cod, cost, told)


def parcel_charges(groups: Sequence[Sequence[Order]]) -> list[ShippingCharge]:
    """送料 of each group as one parcel, by the table of its newest order; of their shops' free lines the one best for the buyer.
    Six queries for any number."""
    cold = charging.temperatures_of([one.pk for members in groups for one in members])
    asks = [(no, ask) for no, members in enumerate(groups) for ask in _asks(members, cold)]
    answers: dict[int, list[ShippingCharge]] = defaultdict(list)
    for (no, _), answer in zip(asks, charges([ask for _, ask in asks]), strict=True):
        answers[no].append(answer)
    return [min(answers[no], key=lambda one: (one.yen is None, one.yen or 0)) for no in range(len(groups))]


def _asks(members: Sequence[Order], cold: Mapping[int, str]) -> list[FeeAsk]:
    lead = members[0]
    goods = sum(order.goods_yen + order.outer_tax_yen for order in members)
    on = timezone.localdate(max(order.ordered_at for order in members))
    return [
        FeeAsk(
            goods,
            code,
            lead.ship_prefecture,
            on,
            lead.ship_postal_code,
            lead.is_remote_island,
            lead.delivery_method,
            coldest(cold[order.pk] for order in members),
        )
        for code in dict.fromkeys(order.channel.code for order in members)
    ]


@dataclass(frozen=True, slots=True)
class Group:
    """同梱候補: orders to one door, oldest first. `apart` says why they cannot leave together as they stand."""

    orders: tuple[Order, ...]
    preview: Preview
    apart: str = ""

    @property
    def total_yen(self) -> int:
        return sum(order.total_yen for order in self.orders)

    @property
    def ids(self) -> str:
        return ",".join(str(order.pk) for order in self.orders)


def candidates(found: Iterable[Order] | None = None) -> list[Group]:
    """Orders to the same name and address that have not left, each group once. Those already merged, and those with several
    addresses, are left out. Eight queries."""
    waiting = orders.before_shipping(MAY_MERGE) if found is None else found
    merged = set(MergeMember.objects.filter(is_live=True).values_list("order_id", flat=True))
    merged |= recipients.with_addresses()
    by_key: dict[tuple[str, int], list[Order]] = defaultdict(list)
    for order in waiting:
        if order.ship_name and order.ship_line1 and order.pk not in merged and not why_not(order):
            by_key[key_of(order), order.location_id].append(order)
    rows = [
        sorted(found, key=lambda order: (order.ordered_at, order.pk))
        for found in by_key.values()
        if len(found) > 1
    ]
    groups = [_group(row, parcel) for row, parcel in zip(rows, parcel_charges(rows), strict=True)]
    return sorted(groups, key=lambda one: (bool(one.apart), one.orders[0].ordered_at))


def _group(row: Sequence[Order], parcel: ShippingCharge) -> Group:
    reasons = [reason for other in row[1:] if (reason := why_apart(row[0], other))]
    return Group(tuple(row), preview(row, parcel), reasons[0] if reasons else "")


def merge_of(order_id: int) -> OrderMerge | None:
    """The live 同梱 that this order is in."""
    member = MergeMember.objects.filter(order_id=order_id, is_live=True).select_related("merge").first()
    return member.merge if member else None


def why_one_address(order_id: int) -> str:
    """ "" or the reason why an order cannot have other addresses. Handler of `orders.address_ports`."""
    merge = merge_of(order_id)
    return f"同梱 {merge.number} でほかの受注と 1 つの荷物になります" if merge else ""


def members_of(merge: OrderMerge) -> list[MergeMember]:
    """Its orders, the one whose parcel it is first."""
    return list(merge.members.select_related("order__channel").order_by("pk"))
