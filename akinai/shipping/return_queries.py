"""返品の照会: cases, what may still come back, and the list's columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet, Sum

from akinai.core.search import matching
from akinai.orders import queries as orders
from akinai.shipping.models import ReturnCase, ReturnLine, Shipment, ShipmentLine
from akinai.shipping.states import OPEN_RETURNS, Remedy, ReturnState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.contrib.auth.models import AnonymousUser

    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Returnable:
    """出荷明細 with how many of it may still be asked back."""

    line: ShipmentLine
    left: int


def cases_seen_by(user: Staff | AnonymousUser) -> QuerySet[ReturnCase]:
    """返品 this person may see."""
    return (
        ReturnCase.objects.all() if user.has_perm("shipping.view_returncase") else ReturnCase.objects.none()
    )


def for_list(user: Staff | AnonymousUser) -> QuerySet[ReturnCase]:
    """Cases with what a row of the list shows."""
    return (
        cases_seen_by(user)
        .select_related("order__channel", "shipment", "reship_order")
        .defer(
            *(f"order__{name}" for name in orders.WIDE), *(f"reship_order__{name}" for name in orders.WIDE)
        )
        .annotate(pieces=Sum("lines__quantity"))
    )


def find(cases: QuerySet[ReturnCase], text: str) -> QuerySet[ReturnCase]:
    """By any of its numbers, name or telephone."""
    return cases.filter(matching(text))


def lines_of(case: ReturnCase) -> list[ReturnLine]:
    """明細 with their goods, in the order of the shipment."""
    return list(
        case.lines.select_related(
            "shipment_line__sku__product", "shipment_line__order_line", "exchange_sku"
        ).order_by("shipment_line__order_line__line_no", "pk")
    )


def returnable(shipment: Shipment) -> list[Returnable]:
    """What has left with this shipment, and how many pieces of it are not asked back yet."""
    rows = shipment.lines.select_related("sku__product", "order_line").order_by("order_line__line_no")
    return [Returnable(row, row.quantity - row.returned) for row in rows]


def cases_of(order_id: int) -> list[ReturnCase]:
    """返品 of one order, oldest first; also the case that made this order as its replacement."""
    cases = ReturnCase.objects.filter(Q(order_id=order_id) | Q(reship_order_id=order_id))
    return list(
        cases.select_related("order", "reship_order").annotate(pieces=Sum("lines__quantity")).order_by("pk")
    )


def case_ids_of(order_ids: Iterable[int]) -> list[int]:
    """返品 of these orders; not those that made one of them as their replacement."""
    return list(ReturnCase.objects.filter(order_id__in=list(order_ids)).values_list("pk", flat=True))


def order_ids(case_ids: Iterable[int]) -> list[int]:
    """受注 whose goods came back with these cases."""
    return list(
        ReturnCase.objects.filter(pk__in=list(case_ids)).values_list("order_id", flat=True).distinct()
    )


def numbers_of_shipment(case: ReturnCase) -> list[str]:
    """返品番号 of every case of the same shipment: what came back of it so far stands under these."""
    return list(ReturnCase.objects.filter(shipment_id=case.shipment_id).values_list("number", flat=True))


def scanned(code: str) -> ReturnCase | None:
    """The open case a scanned code means: its number, or the number on the box that comes back."""
    key = code.strip().upper().replace(" ", "")
    means = Q(number=key) | Q(tracking_no=key.replace("-", ""), tracking_no__gt="")
    return ReturnCase.objects.filter(means).select_related("order").order_by("-pk").first()


def open_cases_of(shipment: Shipment) -> Sequence[ReturnCase]:
    return list(shipment.returns.filter(state__in=OPEN_RETURNS).order_by("pk"))


def open_count() -> int:
    """返品 that somebody must go on with."""
    return ReturnCase.objects.filter(state__in=OPEN_RETURNS).count()


def given_back_without_paper(order_ids: Sequence[int]) -> dict[int, int]:
    """order → yen that settled returns give back and no 返還請求書 of ours tells (the mall writes the papers)."""
    rows = ReturnCase.objects.filter(
        order_id__in=list(order_ids), state=ReturnState.SETTLED, credit_note_no=""
    ).values_list("order_id")
    return dict(rows.annotate(sum=Sum("given_back_yen")).order_by())


def came_back(order_id: int) -> tuple[int, bool]:
    """(商品代 before cuts of what was taken back for money, was 送料 given back, too) over the settled returns of an order."""
    cases = ReturnCase.objects.filter(order_id=order_id, state=ReturnState.SETTLED)
    lines = ReturnLine.objects.filter(case__in=cases, remedy__in=[Remedy.REFUND, Remedy.CREDIT])
    price = F("quantity") * F("shipment_line__order_line__unit_price_yen")
    goods = lines.aggregate(yen=Sum(price))["yen"] or 0
    return goods, cases.filter(shipping_back_yen__gt=0).exists()
