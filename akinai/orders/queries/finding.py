"""受注を探す: orders by number, customer and what is to be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet, Sum

from akinai.core.search import search
from akinai.orders.models import Order, OrderChange, OrderLine
from akinai.orders.states import WAITING, OrderState


def ids_by_channel_no(
    numbers: Sequence[str], *, kind: str = "", channel_id: int | None = None
) -> dict[str, list[int]]:
    """モールの注文番号 → orders, of one shop, of the shops of one kind, or of any."""
    rows = Order.objects.filter(channel_order_no__in=list(numbers))
    if channel_id:
        rows = rows.filter(channel_id=channel_id)
    elif kind:
        rows = rows.filter(channel__kind=kind)
    found: dict[str, list[int]] = {}
    for number, pk in rows.order_by("pk").values_list("channel_order_no", "pk"):
        found.setdefault(number, []).append(pk)
    return found


def ids_by_number(numbers: Sequence[str]) -> dict[str, int]:
    """受注番号 → order."""
    return dict(Order.objects.filter(number__in=list(numbers)).values_list("number", "pk"))


def ids_of_channels(order_ids: Sequence[int], codes: Sequence[str]) -> list[int]:
    """Those of these orders that came through one of these channels."""
    return list(
        Order.objects.filter(pk__in=list(order_ids), channel__code__in=list(codes)).values_list(
            "pk", flat=True
        )
    )


def customer_ids(order_ids: Sequence[int]) -> list[int]:
    found = Order.objects.filter(pk__in=list(order_ids), customer__isnull=False)
    return [pk for pk in found.values_list("customer_id", flat=True) if pk is not None]


def by_number(number: str) -> Order | None:
    return Order.objects.filter(number=number).first()


def named(keys: Sequence[str]) -> list[Order]:
    """Orders that go by one of these numbers, ours or the mall's, without what is wide."""
    rows = Order.objects.filter(Q(number__in=list(keys)) | Q(channel_order_no__in=list(keys)))
    return list(rows.select_related("channel").defer(*WIDE))


def sought(rows: QuerySet[Order], text: str) -> QuerySet[Order]:
    """受注を探す欄: by our own number or the beginning of it, else by what else is known of an order."""
    key = text.strip().upper()
    return rows.filter(number__startswith=key) if key.startswith("SO-") else search(rows, text)


def lines_of(order_ids: Sequence[int]) -> QuerySet[OrderLine]:
    """Lines in printing order, with their SKUs."""
    return (
        OrderLine.objects.filter(order_id__in=list(order_ids))
        .select_related("sku__product")
        .order_by("order_id", "line_no")
    )


def goods_in_words(order_id: int) -> str:
    """商品一覧 as letters tell it: a line for each (・煎茶 100g × 2) but for what was taken out of the order."""
    return "\n".join(f"・{line.name} × {line.quantity}" for line in lines_of([order_id]) if line.quantity)


def could_go_together(order: Order) -> list[Order]:
    """同梱候補: other orders of the same customer to the same address that have not left yet."""
    if order.customer_id is None or order.state not in WAITING:
        return []
    same = Order.objects.filter(
        customer_id=order.customer_id, state__in=WAITING, ship_postal_code=order.ship_postal_code,
        ship_name=order.ship_name, ship_line1=order.ship_line1,
    ).exclude(pk=order.pk)  # fmt: skip
    return list(same.select_related("channel").order_by("ordered_at")[:5])


def pending_changes(order: Order) -> QuerySet[OrderChange]:
    return order.changes.filter(state=OrderChange.State.PENDING).order_by("at")


def with_lines(order_ids: Sequence[int]) -> list[Order]:
    """These orders in the order of their ids, with channel, customer and lines fetched (3 queries)."""
    return list(
        Order.objects.filter(pk__in=list(order_ids))
        .select_related("channel", "customer")
        .prefetch_related(
            Prefetch("lines", OrderLine.objects.select_related("sku__product").order_by("line_no"))
        )
        .order_by("pk")
    )


WIDE = ("raw", "search_text", "search_grams", "content_digest")  # columns that no row of a list shows


def before_shipping(states: Sequence[str]) -> QuerySet[Order]:
    """Orders in these states, oldest first, that are ours to ship."""
    found = Order.objects.filter(state__in=list(states), shipped_outside=False, in_parts=False)
    return found.select_related("channel").defer(*WIDE).order_by("ordered_at", "pk")


def ready_to_ship() -> QuerySet[Order]:
    """出荷待ち: everything is there, nobody has instructed it."""
    return Order.objects.filter(state=OrderState.READY).select_related("channel").defer(*WIDE)


def shipped() -> QuerySet[Order]:
    """出荷済 and later."""
    return Order.objects.filter(state__in=[OrderState.SHIPPED, OrderState.COMPLETED]).select_related(
        "channel"
    )


@dataclass(frozen=True, slots=True)
class Bought:
    """お買い上げ of a customer, cancelled orders left out."""

    orders: int
    total_yen: int
    first_at: datetime | None
    last_at: datetime | None


def bought_by(customer_id: int, *, since: datetime | None = None) -> Bought:
    """How often and for how much this customer has bought; `since`: from that moment on."""
    live = Order.objects.filter(customer_id=customer_id).exclude(state=OrderState.CANCELLED)
    if since is not None:
        live = live.filter(ordered_at__gte=since)
    found = live.aggregate(
        n=Count("pk"), yen=Sum("total_yen"), first=Min("ordered_at"), last=Max("ordered_at")
    )
    return Bought(found["n"], found["yen"] or 0, found["first"], found["last"])


def latest_of(customer_id: int, *, limit: int = 10) -> list[Order]:
    """The latest orders of a customer with their channels, newest first."""
    rows = Order.objects.filter(customer_id=customer_id).select_related("channel")
    return list(rows.order_by("-ordered_at", "-id")[:limit])
