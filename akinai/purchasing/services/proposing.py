"""補充の提案: what should be ordered today, computed from real demand and real lead times; a chosen set becomes drafts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from django.db import connection, transaction

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.core.errors import ChangedMeanwhile
from akinai.purchasing.models import Proposal, PurchaseOrder, SupplierItem, SupplierTerms
from akinai.purchasing.queries import leadtimes, orders, terms
from akinai.purchasing.queries import wanted as wanted_pieces
from akinai.purchasing.replenish import (
    Draft,
    Goods,
    Histories,
    Minimum,
    Notice,
    Recommendation,
    Sale,
    drafts,
    explain,
    forecast,
    histories,
    lead_time,
    prepare,
    recommendations,
)  # fmt: skip
from akinai.purchasing.services import ordering, outlooks
from akinai.purchasing.services.ordering import OrderLineInput
from akinai.stock import queries as stock
from akinai.stock.sold_out import sold_out_days

if TYPE_CHECKING:
    from akinai.catalog.queries import SkuRow
    from akinai.staff.models import Staff

WINDOW_DAYS = 182
LEAD_DAYS, REVIEW_DAYS = 14, 7  # of a supplier of whom nothing is known


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a calculation came to. `without_supplier` SKUs sell, but nobody is known to sell them to us."""

    proposals: int
    yen: int
    without_supplier: int


def propose(*, today: date | None = None) -> Proposed:
    """計算し直す: every open proposal is made anew. What was passed over keeps silent until its day.

    A handful of queries whatever the number of SKUs; safe to run at any time and twice at once.
    """
    day = today or clock.today()
    last, first = day - timedelta(days=1), day - timedelta(days=WINDOW_DAYS)
    sales = wanted_pieces.sales(first_on=first, last_on=last)
    sellers = terms.preferred_items(on=day)
    wanted = {sale.sku_id for sale in sales}
    skus = catalog.sku_rows(sellers.keys() | wanted | stock.on_shelves())
    ids = [pk for pk, row in sorted(skus.items()) if row.is_active and (pk in sellers or row.cost)]
    conditions = terms.all_terms({item.supplier_id for item in sellers.values()})
    made: list[Draft] = []
    rows: dict[int, Recommendation] = {}
    if ids:
        known = _history(ids, sales, skus, first, last)
        goods = _with_agreed(_goods(ids, skus, sellers, conditions, day), day)
        ready = prepare(forecast(known), goods)
        aim = outlooks.aim()
        found = recommendations(ready, aim)
        last_sale = {
            sale.sku_id: sale.on for sale in sorted(sales, key=lambda sale: sale.on) if sale.quantity > 0
        }
        outlooks.keep(outlooks.Known(known, ready, found, last_sale), aim, day)
        rows = {row.sku_id: row for row in found}
        bought = [row for row in found if row.supplier_id]
        made = drafts(bought, {pk: _minimum(one) for pk, one in conditions.items()})
    return _write(made, rows, day, without_supplier=len(wanted - sellers.keys()))


def _history(
    ids: Sequence[int], sales: Sequence[Sale], skus: Mapping[int, SkuRow], first: date, last: date
) -> Histories:
    """From the first sale of each SKU on; one that was never sold counts from today."""
    begun: dict[int, date] = {}
    for sale in sales:
        begun[sale.sku_id] = min(sale.on, begun.get(sale.sku_id, sale.on))
    born = {pk: begun.get(pk, last + timedelta(days=1)) for pk in ids}
    closed = sold_out_days(ids, first_on=first, last_on=last)
    return histories(sales, sku_ids=ids, first_on=first, last_on=last, sold_out=closed, on_sale_from=born)


def _goods(
    ids: Sequence[int], skus: Mapping[int, SkuRow], sellers: Mapping[int, SupplierItem],
    conditions: Mapping[int, SupplierTerms], day: date,
) -> list[Goods]:  # fmt: skip
    levels, coming = stock.levels(ids), orders.on_order(ids)
    arrivals = leadtimes.arrivals(conditions, since=day - timedelta(days=365))
    found = []
    for pk in ids:
        sku, item, level = skus[pk], sellers.get(pk), levels[pk]
        if item is None:
            found.append(_nobodys(sku, level, coming.get(pk, 0), day))
            continue
        of = conditions[item.supplier_id]
        promised_days = of.lead_days if item.lead_days is None else item.lead_days
        found.append(Goods(
            sku_id=pk, code=sku.code, name=sku.title, price_yen=sku.price_yen * 100 // (100 + sku.tax_rate),
            unit_cost=item.unit_cost, supplier_id=item.supplier_id, on_hand=max(0, level.on_hand),
            lead=lead_time(arrivals[item.supplier_id], promised=promised_days, today=day),
            promised=level.reserved + level.waiting, incoming=coming.get(pk, 0), review_days=of.review_days,
            moq=item.moq, lot=item.lot,
        ))  # fmt: skip
    return found


def _with_agreed(goods: Sequence[Goods], day: date) -> list[Goods]:
    """定期購入 that will be ordered before the next chance to buy counts as promised already."""
    days = {one.sku_id: ceil(one.lead.days) + one.review_days for one in goods}
    more = wanted_pieces.agreed_ahead(days, today=day, window=WINDOW_DAYS)
    return [replace(one, promised=one.promised + more.get(one.sku_id, 0)) for one in goods]


def _nobodys(sku: SkuRow, level: stock.Level, coming: int, day: date) -> Goods:
    """A SKU of which no supplier is known: its own cost, and the lead time of a supplier of whom nothing is known."""
    return Goods(
        sku_id=sku.id, code=sku.code, name=sku.title, price_yen=sku.price_yen * 100 // (100 + sku.tax_rate),
        unit_cost=sku.cost or Decimal(0), on_hand=max(0, level.on_hand), lead=lead_time([], promised=LEAD_DAYS, today=day),
        promised=level.reserved + level.waiting, incoming=coming, review_days=REVIEW_DAYS,
    )  # fmt: skip


def _minimum(of: SupplierTerms) -> Minimum:
    return Minimum(of.min_order_yen, of.free_shipping_yen, of.shipping_yen)


@transaction.atomic
def _write(
    made: Sequence[Draft], rows: Mapping[int, Recommendation], day: date, *, without_supplier: int
) -> Proposed:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('purchasing.proposals'))")
    silent = set(
        Proposal.objects.filter(state=Proposal.State.PASSED, passed_until__gte=day).values_list(
            "sku_id", flat=True
        )
    )
    Proposal.objects.exclude(sku_id__in=silent).delete()
    fresh = [
        _proposal(draft, line.sku_id, line.quantity, line.added, line.yen, rows[line.sku_id])
        for draft in made for line in draft.lines if line.sku_id not in silent
    ]  # fmt: skip
    Proposal.objects.bulk_create(fresh, batch_size=2000)
    return Proposed(len(fresh), sum(one.yen for one in fresh), without_supplier)


def _proposal(
    draft: Draft, sku_id: int, quantity: int, added: int, yen: int, row: Recommendation
) -> Proposal:
    told = explain(row)
    reason = told.order if not added else f"{told.order}{draft.words}（この商品は {added:,} 個）"
    return Proposal(
        sku_id=sku_id, supplier_id=draft.supplier_id or 0, quantity=quantity, added=added, yen=yen,
        unit_cost=row.yearly.unit_cost, on_hand=row.level.on_hand, promised=row.level.promised,
        incoming=row.level.incoming, reorder_point=row.level.reorder_point, lead_days=row.need.lead_days,
        days_left=outlooks.days_left(row), reason=reason,
        detail="\n".join((told.service, told.cost, told.forecast)),
        notices=[notice.label for notice in row.notices if notice is not Notice.NO_SALES],
    )  # fmt: skip


@transaction.atomic
def draft_chosen(proposals: Iterable[Proposal], *, by: Staff | None) -> list[PurchaseOrder]:
    """選んだ提案を発注書の下書きに: one draft per supplier, each line with its reason. A proposal is drafted once.

    Raises ChangedMeanwhile when none of them is open any more.
    """
    rows = list(
        Proposal.objects.select_for_update().filter(
            pk__in=[one.pk for one in proposals], state=Proposal.State.OPEN
        ).order_by("supplier_id", "pk")
    )  # fmt: skip
    if not rows:
        raise ChangedMeanwhile(
            "選んだ提案は、もう発注書になっているか、計算し直されています。",
            way_out="画面を開き直してください。",
        )
    made = []
    for supplier in dict.fromkeys(row.supplier_id for row in rows):
        mine = [row for row in rows if row.supplier_id == supplier]
        lines = [OrderLineInput(row.sku_id, row.quantity, row.unit_cost, reason=row.reason) for row in mine]
        order = ordering.create_order(supplier_id=supplier, lines=lines, memo="補充の提案から", by=by)
        Proposal.objects.filter(pk__in=[row.pk for row in mine]).update(
            state=Proposal.State.ORDERED, order=order
        )
        made.append(order)
    return made


def pass_over(proposals: Iterable[Proposal], *, by: Staff | None) -> int:
    """見送る: these SKUs are not proposed again before the supplier's next look."""
    rows = list(Proposal.objects.filter(pk__in=[one.pk for one in proposals], state=Proposal.State.OPEN))
    conditions = terms.all_terms({row.supplier_id for row in rows})
    for row in rows:
        until = clock.today() + timedelta(days=conditions[row.supplier_id].review_days)
        Proposal.objects.filter(pk=row.pk, state=Proposal.State.OPEN).update(
            state=Proposal.State.PASSED, passed_until=until
        )
    return len(rows)
