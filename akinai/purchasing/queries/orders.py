"""発注の照会."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from akinai.core import clock
from akinai.core.search import matching
from akinai.party import queries as party
from akinai.purchasing.models import PurchaseOrder, PurchaseOrderLine
from akinai.purchasing.states import PLACED, OrderState

OPEN = F("quantity") - F("received") - F("cancelled")
IS_OPEN = Q(quantity__gt=F("received") + F("cancelled"))
EXPECTED = Coalesce("due_on", "order__promised_on", "order__due_on")


@dataclass(frozen=True, slots=True)
class Coming:
    """入荷予定: so many pieces of a SKU on a day (None: nobody said when), by a document."""

    sku_id: int
    on: date | None
    quantity: int
    document: str


def for_order_list() -> QuerySet[PurchaseOrder]:
    """発注一覧: with what is still open, counted for the shown rows only."""
    lines = PurchaseOrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    left = lines.filter(IS_OPEN).annotate(n=Sum(OPEN)).values("n")
    return PurchaseOrder.objects.select_related("supplier", "created_by", "approved_by").annotate(
        pieces=Subquery(lines.annotate(n=Sum("quantity")).values("n"), output_field=IntegerField()),
        left=Subquery(left, output_field=IntegerField()),
    )


def by_order_words(rows: QuerySet[PurchaseOrder], text: str) -> QuerySet[PurchaseOrder]:
    """By our number, the number of another system, the supplier's number or name."""
    word = text.strip()
    theirs = Q(supplier_order_no__icontains=word) | Q(outside_no__iexact=word)
    return rows.filter(matching(text) | theirs | Q(supplier__in=party.supplier_ids_by_words(text)))


def without_reply() -> Q:
    """返事待ち: sent, and the day by which a reply was asked for is over."""
    return Q(state=OrderState.SENT, reply_by__lt=clock.today())


def count_to_act() -> tuple[int, int]:
    """(承認待ち, 返事待ち)."""
    waiting = PurchaseOrder.objects.filter(state=OrderState.WAITING_APPROVAL).count()
    return waiting, PurchaseOrder.objects.filter(without_reply()).count()


def backlog() -> QuerySet[Any]:
    """発注残: what suppliers have been asked for and has not come, with the day it is expected."""
    return (
        PurchaseOrderLine.objects.filter(IS_OPEN, order__state__in=PLACED)
        .select_related("order__supplier", "sku__product")
        .annotate(left=OPEN, expected_on=EXPECTED)
    )


def incoming(sku_ids: Iterable[int]) -> list[Coming]:
    """入荷予定 of these SKUs, the earliest first; those without a day last."""
    found = [
        Coming(row.sku_id, row.expected_on, row.left, row.order.number)
        for row in backlog().filter(sku_id__in=set(sku_ids)).order_by("pk")
    ]
    return sorted(found, key=lambda one: (one.on is None, one.on or date.min))


def on_order(sku_ids: Iterable[int]) -> dict[int, int]:
    """発注残 in pieces by SKU, also of orders that wait for approval or to be sent; SKUs without any are left out."""
    states = [OrderState.DRAFT, OrderState.WAITING_APPROVAL, OrderState.APPROVED, *PLACED]
    rows = PurchaseOrderLine.objects.filter(IS_OPEN, sku_id__in=set(sku_ids), order__state__in=states)
    return dict(rows.order_by().values("sku_id").annotate(n=Sum(OPEN)).values_list("sku_id", "n"))


def open_order_choices(*, besides: int | None = None, limit: int = 300) -> list[tuple[int, str, str, int]]:
    """(id, number, supplier's name, supplier) of orders that goods may come for, the newest first; `besides` is one more."""
    rows = PurchaseOrder.objects.filter(Q(state__in=PLACED) | Q(pk=besides or 0)).order_by("-pk")
    return list(rows.values_list("pk", "number", "supplier__name", "supplier_id")[:limit])


def ids_by_number(numbers: Iterable[str]) -> dict[tuple[int, str], int]:
    """(supplier, number) → order, by our number or the one it was taken over with. Unknown ones are left out."""
    wanted = {number for number in numbers if number}
    rows = PurchaseOrder.objects.filter(Q(number__in=wanted) | Q(outside_no__in=wanted))
    found: dict[tuple[int, str], int] = {}
    for pk, supplier, number, outside in rows.values_list("pk", "supplier_id", "number", "outside_no"):
        found[supplier, number] = pk
        found[supplier, outside] = pk
    return found
