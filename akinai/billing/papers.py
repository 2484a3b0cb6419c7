"""帳票: what the invoice's and the credit note's PDF say. Rows in, bytes out; writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from akinai.billing.rules import REDUCED_RATE, Draft, Line
from akinai.core import typeset
from akinai.core.money import yen
from akinai.core.tax import RateTotal
from akinai.ui.formats import long_date

if TYPE_CHECKING:
    from akinai.billing.models import CreditNote, Invoice, ReceiptPaper, Statement
    from akinai.billing.terms import StatementDraft

FOLDER = Path(__file__).resolve().parent / "typst"
TEMPLATE = FOLDER / "invoice.typ"
STATEMENT = FOLDER / "statement.typ"
RECEIPT = FOLDER / "receipt.typ"
STAMP_FROM_YEN = 50_000  # 印紙税法: receipts of this amount and more would bear a stamp on paper
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
    is_slip = invoice.kind == "slip"
    data = _common(invoice, draft.lines, draft.taxes) | {
        "title": "納品書" if is_slip else "請求書",
        "subtitle": QUALIFIED if qualified else "",
        "facts": [
            ["納品番号" if is_slip else "請求番号", invoice.number],
            ["発行日", long_date(invoice.issued_on)],
            ["取引年月日", long_date(invoice.transaction_on)],
            ["ご注文番号", order_no],
            [
                "訂正元の納品番号" if is_slip else "訂正元の請求番号",
                invoice.replaces.number if invoice.replaces else "",
            ],
        ],
        "greeting": "下記のとおり納品いたしました。" if is_slip else "下記のとおりご請求申し上げます。",
        "total_label": "金額（税込）" if is_slip else "ご請求金額（税込）",
        "total_note": f"お支払期限 {long_date(invoice.due_on)}" if invoice.due_on else "",
        "notes": [{"title": title, "text": text} for title, text in notes if text.strip()],
    }
    if is_slip:
        _leave_tax_out(data)
    return typeset.render(TEMPLATE, data, at=invoice.issued_at)


def _leave_tax_out(data: dict[str, Any]) -> None:
    """納品書: the tax is computed on the monthly statement, so none is printed here."""
    data["taxes"] = [one | {"net": "", "tax": "月次で計算"} for one in data["taxes"]]
    data["net"] = data["tax"] = ""


def credit_pdf(note: CreditNote, draft: Draft, *, order_no: str) -> bytes:
    """返還請求書 as PDF."""
    qualified = bool(note.issuer["registration_number"])
    is_slip = note.invoice.kind == "slip"
    data = _common(note, draft.lines, draft.taxes) | {
        "title": "返品・値引伝票" if is_slip else "返還請求書",
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
    if is_slip:
        _leave_tax_out(data)
    return typeset.render(TEMPLATE, data, at=note.issued_at)


def statement_pdf(
    statement: Statement, draft: StatementDraft, *, details: Mapping[str, Sequence[Line]], bank_text: str
) -> bytes:
    """合計請求書 as PDF. `details`: 伝票番号 → its lines."""
    period = f"{long_date(statement.period_from)} 〜 {long_date(statement.closed_on)}"
    sums = [
        ("前回ご請求額", statement.previous_yen), ("ご入金額", statement.received_yen), ("繰越額", statement.carried_yen),
        ("今回お買上額（税抜）", statement.net_yen), ("消費税額", statement.tax_yen),
        ("今回お買上額（税込）", statement.total_yen),
    ]  # fmt: skip
    data = {
        "number": statement.number,
        "issuer": statement.issuer,
        **_to(statement.recipient_name, statement.recipient_address),
        "subtitle": QUALIFIED if statement.is_qualified else "",
        "facts": [
            ["請求番号", statement.number], ["発行日", long_date(statement.issued_on)],
            ["締め日", long_date(statement.closed_on)], ["対象期間", period],
            ["前回の請求番号", statement.previous.number if statement.previous else ""],
        ],
        "asked": yen(statement.asked_yen),
        "due": f"お支払期限 {long_date(statement.due_on)}" if statement.asked_yen > 0 else "",
        "sums": [[label, yen(amount)] for label, amount in sums],
        "taxes": _taxes(draft.taxes),
        "net": yen(statement.net_yen), "tax": yen(statement.tax_yen), "total": yen(statement.total_yen),
        "bank": bank_text.strip() if statement.asked_yen > 0 else "",
        "has_reduced": any(line.tax_rate == REDUCED_RATE for lines in details.values() for line in lines),
        "papers": [
            {
                "on": f"{paper.on:%m/%d}", "number": paper.number, "order_no": paper.order_no,
                "is_credit": paper.sign < 0, "total": yen(paper.amount_yen),
                "lines": _lines(details.get(paper.number, ()), sign=paper.sign),
            }
            for paper in draft.papers
        ],
    }  # fmt: skip
    return typeset.render(STATEMENT, data, at=statement.issued_at)


def receipt_pdf(
    receipt: ReceiptPaper, taxes: Sequence[RateTotal], *, order_no: str, is_copy: bool = False
) -> bytes:
    """領収書 as PDF; `is_copy` bears 再発行."""
    needs_stamp = receipt.amount_yen >= STAMP_FROM_YEN and not receipt.is_card
    data = {
        "number": receipt.number,
        "issuer": receipt.issuer,
        "recipient": receipt.recipient_name,
        "amount": yen(receipt.amount_yen),
        "proviso": receipt.proviso,
        "is_copy": is_copy,
        "facts": [
            ["領収書番号", receipt.number],
            ["発行日", long_date(receipt.issued_on)],
            ["取引年月日", long_date(receipt.transaction_on)],
            ["ご注文番号", order_no],
            ["訂正元の番号", receipt.replaces.number if receipt.replaces else ""],
        ],
        "taxes": _taxes(taxes),
        "has_reduced": any(total.rate == REDUCED_RATE for total in taxes),
        "card": "クレジットカード利用" if receipt.is_card else "",
        "stamp": "電子データで発行しているため、収入印紙は貼付していません。" if needs_stamp else "",
    }
    return typeset.render(RECEIPT, data, at=receipt.issued_at)


def _common(paper: Invoice | CreditNote, lines: Sequence[Line], taxes: Sequence[RateTotal]) -> dict[str, Any]:
    return {
        "number": paper.number,
        "issuer": paper.issuer,
        **_to(paper.recipient_name, paper.recipient_address),
        "lines": _lines(lines),
        "has_reduced": any(line.tax_rate == REDUCED_RATE for line in lines),
        "taxes": _taxes(taxes),
        "net": yen(paper.net_yen),
        "tax": yen(paper.tax_yen),
        "total": yen(paper.total_yen),
    }


def _to(name: str, where: str) -> dict[str, str]:
    """宛名 and 宛先住所, with the postal code on a line of its own."""
    postal, _, address = where.partition(" ")
    has_postal = postal.startswith("〒")
    return {
        "recipient": name,
        "recipient_postal": postal.removeprefix("〒") if has_postal else "",
        "recipient_address": address if has_postal else where,
    }


def _taxes(taxes: Sequence[RateTotal]) -> list[dict[str, str]]:
    return [
        {"label": rate_label(t.rate), "net": yen(t.net_yen), "tax": yen(t.tax_yen), "gross": yen(t.gross_yen)}
        for t in taxes
    ]


def rate_label(rate: int) -> str:
    """10%対象, 8%対象 ※, 対象外."""
    if rate == 0:
        return "消費税対象外"
    return f"{rate}%対象{' ※' if rate == REDUCED_RATE else ''}"


def _lines(lines: Sequence[Line], *, sign: int = 1) -> list[dict[str, Any]]:
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
                "amount": yen(sign * line.amount_yen),
            }
        )
    return made
