"""クレームを読む: what one may be blamed on, lists, and what stands beside orders, goods and suppliers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from akinai.catalog import queries as catalog
from akinai.orders import queries as orders
from akinai.party import queries as party
from akinai.purchasing.queries import terms as purchasing
from akinai.shipping import queries as shipping
from akinai.stock import queries as stock
from akinai.support.complaint_states import LIVE, CompensationState, PreventionState, Severity
from akinai.support.models import Compensation, CompensationEntry, Complaint, PreventionTask, Ticket

type Pairs = list[tuple[int, str]]


def given_yen() -> Coalesce:
    """補償額 of a complaint, by its ledger."""
    rows = CompensationEntry.objects.filter(compensation__complaint=OuterRef("pk")).order_by()
    return Coalesce(
        Subquery(rows.values("compensation__complaint").annotate(sum=Sum("yen")).values("sum")), 0
    )


def for_list() -> QuerySet[Complaint]:
    """クレーム for lists, with what was given."""
    rows = Complaint.objects.select_related(
        "ticket__customer", "ticket__assignee", "cause", "sku", "lot", "supplier", "order", "person"
    )
    return rows.annotate(given_yen=given_yen())


def compensations_for_list() -> QuerySet[Compensation]:
    return Compensation.objects.select_related(
        "complaint__ticket", "complaint__cause", "order", "asked_by", "approved_by"
    )


def preventions_for_list() -> QuerySet[PreventionTask]:
    return PreventionTask.objects.select_related("complaint", "cause", "owner")


def not_seen() -> Q:
    """重大 that the 店長 has not looked at."""
    return Q(severity=Severity.GRAVE, manager_seen_at=None, state__in=LIVE)


def to_decide() -> int:
    """What waits for the 店長: grave ones not seen, and compensations to approve."""
    waiting = Compensation.objects.filter(state=CompensationState.WAITING).count()
    return Complaint.objects.filter(not_seen()).count() + waiting


@dataclass(frozen=True, slots=True)
class Blamable:
    """責任の候補 from the ticket's orders and what was shipped for them."""

    orders: Pairs = field(default_factory=list)
    skus: Pairs = field(default_factory=list)
    lots: Pairs = field(default_factory=list)
    lot_skus: dict[int, int] = field(default_factory=dict)
    suppliers: Pairs = field(default_factory=list)
    carriers: list[tuple[str, str]] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)


def blamable(ticket: Ticket) -> Blamable:
    """責任の候補 of a ticket. The same few queries, however many orders and shipments it is about."""
    ids = list(ticket.order_links.values_list("order_id", flat=True))
    found = orders.with_lines(ids) if ids else []
    lines = [line for order in found for line in order.lines.all() if line.sku_id]
    skus = {line.sku_id: line.name for line in lines if line.sku_id}
    names = catalog.sku_rows(skus)
    lots, lot_skus, carriers = _shipped(ids)
    sellers = purchasing.sellers_of(skus) if skus else {}
    named = party.suppliers({item.supplier_id for rows in sellers.values() for item in rows})
    suppliers = {pk: str(one) for pk, one in named.items()}
    return Blamable(
        orders=[(order.pk, order.number) for order in found],
        skus=[(pk, f"{names[pk].code} {name}"[:80] if pk in names else name[:80]) for pk, name in skus.items()],
        lots=lots, lot_skus=lot_skus, suppliers=list(suppliers.items()), carriers=carriers,
        pages=[f"{names[pk].code} の商品ページ" for pk in skus if pk in names],
    )  # fmt: skip


def _shipped(order_ids: Sequence[int]) -> tuple[Pairs, dict[int, int], list[tuple[str, str]]]:
    lots: dict[int, str] = {}
    lot_skus: dict[int, int] = {}
    shipments = shipping.shipments_of_orders(order_ids)
    carriers = {one.carrier: one.carrier_name for one in shipments}
    rows = stock.entries_of(*(one.number for one in shipments)).exclude(lot=None)
    for lot_id, sku_id, sku_code, code in rows.values_list("lot_id", "sku_id", "sku__code", "lot__code"):
        lots[lot_id], lot_skus[lot_id] = f"{sku_code} {code}", sku_id
    return list(lots.items()), lot_skus, list(carriers.items())


def of_ticket(ticket_id: int) -> Complaint | None:
    """クレーム of a ticket, with what was given."""
    return for_list().filter(ticket_id=ticket_id).first()


def latest(where: Q, *, limit: int = 8) -> list[Complaint]:
    """クレーム that match, newest first."""
    return list(for_list().filter(where).order_by("-opened_at", "-id")[:limit])


def summary(where: Q) -> dict[str, Any]:
    """{count, yen} of the complaints that match; withdrawn ones do not count."""
    rows = Complaint.objects.filter(where).exclude(state="withdrawn")
    return rows.aggregate(
        count=Count("pk", distinct=True), yen=Coalesce(Sum("compensations__entries__yen"), 0)
    )


def compensations_of(complaint: Complaint) -> list[Compensation]:
    """補償 of a complaint with their rows of the ledger, oldest first."""
    rows = complaint.compensations.select_related("asked_by", "approved_by", "order")
    return list(rows.prefetch_related("entries").order_by("pk"))


def preventions_of(complaint: Complaint) -> list[PreventionTask]:
    return list(complaint.preventions.select_related("owner", "cause").order_by("pk"))


def late_preventions(today: Any) -> Q:
    """期限を過ぎた 再発防止."""
    return Q(state=PreventionState.PLANNED, due_on__lt=today)
