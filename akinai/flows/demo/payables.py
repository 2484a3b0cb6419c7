"""見本の買掛: the suppliers' bills for what came until last week, as they said it; what came since is not billed yet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from akinai.core import clock
from akinai.flows.demo.desk import at
from akinai.purchasing.queries import payables as queries
from akinai.purchasing.services import billing as bills
from akinai.purchasing.services.billing import BillLine

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop

BILLED_AFTER = 5  # days until a maker's bill is in the post


def bill(shop: Shop) -> None:
    """One bill per maker over its deliveries, posted; the newest deliveries are still to be billed."""
    until = shop.today - timedelta(days=BILLED_AFTER)
    with clock.told(at(shop.today - timedelta(days=1), 17)):
        for maker, supplier in shop.suppliers.items():
            came = queries.unbilled_yen(slip.pk for slip in queries.unbilled(supplier, until=until))
            lines = [BillLine(yen, rate, receipt) for (receipt, rate), yen in sorted(came.items()) if yen > 0]
            if lines:
                made = bills.draft_bill(
                    supplier_id=supplier, billed_on=until, lines=lines, supplier_bill_no=f"{maker}-{until:%y%m}",
                    by=shop.team.suzuki,
                )  # fmt: skip
                bills.post_bill(made, by=shop.team.suzuki)
