"""帳票: what the invoice's and the credit note's PDF say. Rows in, bytes out; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from akinai.billing.rules import REDUCED_RATE, Draft, Line
from akinai.core import typeset
from akinai.core.money import yen
from akinai.core.tax import RateTotal
from akinai.ui.formats import long_date

if TYPE_CHECKING:
    from akinai.billing.models import CreditNote, Invoice

TEMPLATE = Path(__file__).resolve().parent / "typst" / "invoice.typ"
QUALIFIED = "適格請求書"
QUALIFIED_CREDIT = "適格返還請求書"


def address_of(postal_code: str, address: str) -> str:
    """宛先住所 in one line: 〒150-0001 東京都…"""
    digits = postal_code.replace("-", "").strip()
    postal = f"〒{digits[:3]}-{digits[3:]} " if len(digits) == 7 and digits.isdigit() else ""
    return f"{postal}{' '.join(address.split())}".strip()


def invoice_pdf(invoice: Invoice, draft: Draft, *, order_no: str, notes: Sequence[tuple[str, str]]) -> bytes:
    """請求書 as PDF."""
    qualified = bool(invoice.issuer["registration_number"])
    data = _common(invoice, draft.lines, draft.taxes) | {
        "title": "請求書",
        "subtitle": QUALIFIED if qualified else "",
        "facts": [
            ["請求番号", invoice.number],
            ["発行日", long_date(invoice.issued_on)],
            ["取引年月日", long_date(invoice.transaction_on)],
            ["ご注文番号", order_no],
            ["訂正元の請求番号", invoice.replaces.number if invoice.replaces else ""],
        ],
        "greeting": "下記のとおりご請求申し上げます。",
        "total_label": "ご請求金額（税込）",
        "total_note": f"お支払期限 {long_date(invoice.due_on)}" if invoice.due_on else "",
        "notes": [{"title": title, "text": text} for title, text in notes if text.strip()],
    }
    return typeset.render(TEMPLATE, data, at=invoice.issued_at)


def credit_pdf(note: CreditNote, draft: Draft, *, order_no: str) -> bytes:
    """返還請求書 as PDF."""
    qualified = bool(note.issuer["registration_number"])
    data = _common(note, draft.lines, draft.taxes) | {
        "title": "返還請求書",
        "subtitle": QUALIFIED_CREDIT if qualified else "",
        "facts": [
            ["返還請求番号", note.number],
            ["発行日", long_date(note.issued_on)],
            ["返還・値引の日", long_date(note.returned_on)],
            ["元の取引年月日", long_date(note.original_on)],
            ["元の請求番号", note.invoice.number],
            ["ご注文番号", order_no],
        ],
        "greeting": "下記のとおり、売上に係る対価を返還いたします。",
        "total_label": "返還金額（税込）",
        "total_note": "",
        "notes": [{"title": "返還の理由", "text": note.reason}],
    }
    return typeset.render(TEMPLATE, data, at=note.issued_at)


def _common(paper: Invoice | CreditNote, lines: Sequence[Line], taxes: Sequence[RateTotal]) -> dict[str, Any]:
    postal, _, address = paper.recipient_address.partition(" ")
    has_postal = postal.startswith("〒")
    return {
        "number": paper.number,
        "issuer": paper.issuer,
        "recipient": paper.recipient_name,
        "recipient_postal": postal.removeprefix("〒") if has_postal else "",
        "recipient_address": address if has_postal else paper.recipient_address,
        "lines": _lines(lines),
        "has_reduced": any(line.tax_rate == REDUCED_RATE for line in lines),
        "taxes": [
            {
                "label": rate_label(t.rate),
                "net": yen(t.net_yen),
                "tax": yen(t.tax_yen),
                "gross": yen(t.gross_yen),
            }
            for t in taxes
        ],
        "net": yen(paper.net_yen),
        "tax": yen(paper.tax_yen),
        "total": yen(paper.total_yen),
    }


def rate_label(rate: int) -> str:
    """10%対象, 8%対象 ※, 対象外."""
    if rate == 0:
        return "消費税対象外"
    return f"{rate}%対象{' ※' if rate == REDUCED_RATE else ''}"


def _lines(lines: Sequence[Line]) -> list[dict[str, Any]]:
    made = []
    goods = 0
    for line in lines:
        is_goods = line.kind == "goods"
        goods += is_goods
        made.append(
            {
                "no": str(goods) if is_goods else "",
                "name": line.name,
                "note": "" if line.includes_tax or not is_goods else "税抜価格",
                "quantity": f"{line.quantity:,}" if is_goods else "",
                "unit_price": yen(line.unit_price_yen) if is_goods else "",
                "rate": f"{line.tax_rate}%" if line.tax_rate else "対象外",
                "reduced": line.tax_rate == REDUCED_RATE,
                "amount": yen(line.amount_yen),
            }
        )
    return made
