"""見積書: what the quote's PDF says. Rows in, bytes out; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from akinai.core import clock, postal, typeset
from akinai.core.money import yen
from akinai.core.tax import RateTotal, Rounding, rates_on
from akinai.orders.quoting import quote as add_up
from akinai.party import queries as party
from akinai.ui.formats import long_date

if TYPE_CHECKING:
    from akinai.orders.models import Quote, QuoteLine

TEMPLATE = Path(__file__).resolve().parent / "typst" / "quote.typ"
REDUCED = 8


def taxes_of(quote: Quote) -> Sequence[RateTotal]:
    """税率ごとの合計 of what is offered, rounded once per rate."""
    return add_up(
        [(line.tax_rate, line.subtotal_yen) for line in quote.lines.all()],
        fees_yen=quote.shipping_yen + quote.wrapping_yen, discount_yen=quote.discount_yen,
        standard_rate=rates_on(quote.submitted_on or clock.today()).standard,
        rounding=Rounding(party.company().tax_rounding),
    ).taxes  # fmt: skip


def quote_pdf(quote: Quote) -> bytes:
    """見積書 as PDF; of a draft, with the company as it is now and a mark."""
    issuer = quote.issuer or party.issuer_of(party.company())
    taxes = taxes_of(quote)
    lines = list(quote.lines.select_related("sku").order_by("line_no"))
    address = f"{quote.prefecture}{quote.city}{quote.line1} {quote.line2}".strip()
    data: dict[str, Any] = {
        "number": quote.number, "issuer": issuer, "is_draft": not quote.submitted_on, "recipient": quote.to,
        "recipient_postal": postal.formatted(quote.postal_code), "recipient_address": address,
        "facts": [
            ["見積番号", quote.number], ["見積日", long_date(quote.submitted_on or clock.today())],
            ["有効期限", long_date(quote.valid_until)],
        ],
        "subject": quote.subject, "total": yen(quote.total_yen),
        "terms": [["お支払方法", str(quote.get_payment_display())], ["納期・お届け", quote.delivery_note]],
        "lines": [_line(line) for line in lines] + _charges(quote),
        "has_reduced": any(line.tax_rate == REDUCED for line in lines),
        "taxes": [
            {"label": f"{t.rate}%対象{' ※' if t.rate == REDUCED else ''}", "net": yen(t.net_yen), "tax": yen(t.tax_yen), "gross": yen(t.gross_yen)}
            for t in taxes
        ],
        "net": yen(sum(t.net_yen for t in taxes)), "tax": yen(sum(t.tax_yen for t in taxes)), "note": quote.note.strip(),
    }  # fmt: skip
    return typeset.render(TEMPLATE, data, at=quote.submitted_at or clock.now())


def _line(line: QuoteLine) -> dict[str, Any]:
    return {
        "no": str(line.line_no), "name": line.name, "code": line.sku.code, "quantity": f"{line.quantity:,}",
        "unit_price": yen(line.unit_price_yen), "rate": f"{line.tax_rate}%", "reduced": line.tax_rate == REDUCED,
        "amount": yen(line.subtotal_yen),
    }  # fmt: skip


def _charges(quote: Quote) -> list[dict[str, Any]]:
    parts = (
        ("送料", quote.shipping_yen),
        ("ラッピング料", quote.wrapping_yen),
        ("値引", -quote.discount_yen),
    )
    blank = {"no": "", "code": "", "quantity": "", "unit_price": "", "rate": "", "reduced": False}
    return [{**blank, "name": name, "amount": yen(amount)} for name, amount in parts if amount]
