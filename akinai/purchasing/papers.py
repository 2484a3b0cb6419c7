"""帳票: what the purchase order's PDF says. Rows in, bytes out; writes nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from akinai.catalog import queries as catalog
from akinai.core import typeset
from akinai.core.money import yen
from akinai.core.tax import RateTotal, Rounding, TaxLine, tax_by_rate
from akinai.party import queries as party
from akinai.purchasing.models import PurchaseOrder, PurchaseOrderLine, yen_of
from akinai.purchasing.queries import terms
from akinai.ui.formats import cost, long_date

TEMPLATE = Path(__file__).resolve().parent / "typst" / "purchase_order.typ"


def taxes_of(lines: list[PurchaseOrderLine], rounding: Rounding) -> list[RateTotal]:
    """税率ごとの合計 of an order: the sum of one rate is brought to whole yen once, and its tax rounded once."""
    sums: dict[int, Decimal] = {}
    for line in lines:
        sums[line.tax_rate] = sums.get(line.tax_rate, Decimal(0)) + line.amount
    nets = [TaxLine(yen_of(amount), rate) for rate, amount in sums.items()]
    return tax_by_rate(nets, rounding=rounding, inclusive=False)


def order_pdf(order: PurchaseOrder) -> bytes:
    """発注書 as PDF, with the supplier's codes and names where they are known."""
    lines = list(order.lines.all())
    conditions = terms.terms_of(order.supplier_id)
    taxes = taxes_of(lines, Rounding(conditions.tax_rounding))
    company = party.company()
    data: dict[str, Any] = {
        "number": order.number,
        "issuer": party.issuer_of(company),
        "recipient": f"{order.supplier.name} 御中",
        "contact": f"ご担当 {conditions.contact} 様" if conditions.contact else "",
        "facts": [
            ["発注番号", order.number],
            ["発注日", long_date(order.ordered_on) if order.ordered_on else ""],
            ["希望納期", long_date(order.due_on) if order.due_on else ""],
            ["納入場所", order.location.name],
        ],
        "lines": _lines(order, lines),
        "taxes": [
            {"label": f"{t.rate}%対象", "net": yen(t.net_yen), "tax": yen(t.tax_yen), "gross": yen(t.gross_yen)}
            for t in taxes
        ],
        "net": yen(sum(t.net_yen for t in taxes)),
        "tax": yen(sum(t.tax_yen for t in taxes)),
        "total": yen(sum(t.gross_yen for t in taxes)),
        "note": order.note,
    }  # fmt: skip
    return typeset.render(TEMPLATE, data, at=order.sent_at)


def _lines(order: PurchaseOrder, lines: list[PurchaseOrderLine]) -> list[dict[str, str]]:
    skus = catalog.sku_rows(line.sku_id for line in lines)
    items = terms.current_items([(order.supplier_id, line.sku_id) for line in lines], on=None)
    made = []
    for line in lines:
        sku, item = skus[line.sku_id], items.get((order.supplier_id, line.sku_id))
        made.append(
            {
                "no": str(line.line_no), "code": line.supplier_code or sku.code, "ours": sku.code,
                "name": (item.supplier_name if item else "") or sku.title, "quantity": f"{line.quantity:,}",
                "unit": _packs(line.quantity, item.lot if item else 1, item.order_unit if item else ""),
                "cost": cost(line.unit_cost), "rate": f"{line.tax_rate}%", "amount": yen(line.amount_yen),
                "due": f"{line.due_on:%Y/%m/%d}" if line.due_on else "",
            }
        )  # fmt: skip
    return made


def _packs(quantity: int, lot: int, unit: str) -> str:
    """3 ケース, where the pieces make whole order units."""
    return f"{quantity // lot:,} {unit}" if unit and lot > 1 and quantity % lot == 0 else ""
