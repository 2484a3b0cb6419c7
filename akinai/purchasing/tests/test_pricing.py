"""請求単価の反映: a bill's price that is accepted becomes the cost of the goods; what is sold of them becomes 売上原価."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from akinai.core import proofs
from akinai.party.models import Supplier
from akinai.purchasing import services
from akinai.purchasing.models import Discrepancy, GoodsReceipt
from akinai.purchasing.services import LineInput, billing, settling
from akinai.purchasing.services.billing import BillLine
from akinai.purchasing.tests import factories
from akinai.stock.models import StockValue, ValueEntry
from tests import cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


def delivery(seller: Supplier, *lines: tuple[int, int, str]) -> GoodsReceipt:
    rows = [LineInput(sku, pieces, Decimal(cost)) for sku, pieces, cost in lines]
    made = services.create_draft(lines=rows, received_on=DAY, supplier_id=seller.pk, by=None)
    services.post(made, by=None)
    return made


def worth(sku: int) -> Decimal:
    return StockValue.objects.get(sku_id=sku).value_yen


def broken() -> list[str]:
    return [f"{finding.name}: {finding.broken}" for finding in proofs.run_all() if finding.broken]


@pytest.mark.parametrize(("billed", "kept", "expensed"), [(6600, 400, 200), (5400, -400, -200)])
def test_an_accepted_price_is_shared_between_what_lies_there_and_what_is_sold(
    billed: int, kept: int, expensed: int
) -> None:
    tea, seller = cast.sku("TEA"), factories.supplier()
    slip = delivery(seller, (tea, 12, "500"))
    cast.receive(tea, -4, key="gone")
    bill = billing.draft_bill(supplier_id=seller.pk, billed_on=DAY, lines=[BillLine(billed, 8, slip.pk)], by=None)  # fmt: skip
    billing.post_bill(bill, by=None)
    assert worth(tea) == 4000
    settling.settle(Discrepancy.objects.get(), resolution="accept", note="値上げを認める", by=None)
    entry = ValueEntry.objects.get(kind="price_correction")
    assert (entry.value_yen, entry.expensed_yen, entry.reference) == (kept, expensed, bill.number)
    assert worth(tea) == 4000 + kept
    assert broken() == []

    billing.reverse_bill(bill, reason="請求書の差し替え", by=None)
    assert worth(tea) == 4000
    assert broken() == []


def test_the_difference_is_shared_over_the_goods_of_that_rate_by_their_value() -> None:
    tea, cup, pot = cast.sku("TEA"), cast.sku("CUP"), cast.sku("POT", rate=10)
    seller = factories.supplier()
    slip = delivery(seller, (tea, 10, "300"), (cup, 10, "100"), (pot, 1, "1000"))
    lines = [BillLine(4400, 8, slip.pk), BillLine(1000, 10, slip.pk)]
    billing.post_bill(billing.draft_bill(supplier_id=seller.pk, billed_on=DAY, lines=lines, by=None), by=None)
    settling.settle(Discrepancy.objects.get(), resolution="accept", note="", by=None)
    assert (worth(tea), worth(cup), worth(pot)) == (3300, 1100, 1000)


def test_a_claim_leaves_the_cost_as_it_was() -> None:
    tea, seller = cast.sku("TEA"), factories.supplier()
    slip = delivery(seller, (tea, 12, "500"))
    billing.post_bill(
        billing.draft_bill(supplier_id=seller.pk, billed_on=DAY, lines=[BillLine(6600, 8, slip.pk)], by=None), by=None
    )  # fmt: skip
    settling.settle(Discrepancy.objects.get(), resolution="claim", note="請求を直してもらう", by=None)
    assert worth(tea) == 6000
    assert not ValueEntry.objects.filter(kind="price_correction").exists()
