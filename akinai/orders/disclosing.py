"""開示: the orders of a person, as he told them."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.orders.erasing import OrdersErased
from akinai.orders.models import Order, OrderLine, Quote, Subscription
from akinai.party.ports import Section, told

ORDER = (
    "number", "channel_order_no", "state", "ordered_at", "buyer_name", "buyer_kana", "buyer_company", "buyer_email", "buyer_phone",
    "buyer_postal_code", "buyer_address", "ship_name", "ship_kana", "ship_company", "ship_phone", "ship_postal_code",
    "ship_prefecture", "ship_city", "ship_line1", "ship_line2", "payment", "total_yen", "paid_yen", "delivery_on", "customer_note",
    "gift_note",
)  # fmt: skip
QUOTE = (
    "number",
    "state",
    "company",
    "name",
    "email",
    "phone",
    "postal_code",
    "prefecture",
    "city",
    "line1",
    "line2",
    "subject",
)


def _places(plan: Subscription) -> dict[str, str]:
    """注文者 and 送付先 of a subscription in one line each."""
    both = (("注文者", plan.buyer), ("送付先", plan.ship_to))
    return {title: " ".join(str(word) for word in place.values() if word) for title, place in both}


class OrdersTold(OrdersErased):
    """受注・見積・定期購入."""

    code = "orders"

    def disclose(self, customer_ids: Sequence[int]) -> Sequence[Section]:
        orders = Order.objects.filter(customer__in=customer_ids).order_by("pk")
        lines = (
            OrderLine.objects.filter(order__customer__in=customer_ids).select_related("order").order_by("pk")
        )
        goods = [
            {"受注番号": one.order.number, **told_line}
            for one, told_line in zip(
                lines, told(lines, "line_no", "name", "quantity", "unit_price_yen"), strict=True
            )
        ]
        plans = Subscription.objects.filter(customer__in=customer_ids).order_by("pk")
        return [
            Section("ご注文", told(orders, *ORDER)),
            Section("ご注文の商品", goods),
            Section("見積", told(Quote.objects.filter(customer__in=customer_ids).order_by("pk"), *QUOTE)),
            Section(
                "定期購入",
                [
                    {**row, **_places(one)}
                    for one, row in zip(
                        plans, told(plans, "number", "state", "buyer_name", "next_on"), strict=True
                    )
                ],
            ),
        ]
