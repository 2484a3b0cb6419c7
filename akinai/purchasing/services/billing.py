"""仕入先請求書の操作: entered, checked against what came, posted once to the ledger of payables, undone by reversal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.tax import Rounding
from akinai.party import queries as party
from akinai.purchasing.models import (
    Discrepancy,
    GoodsReceipt,
    PayableEntry,
    SupplierBill,
    SupplierBillLine,
    SupplierBillTax,
    SupplierReturn,
)
from akinai.purchasing.payable_rules import Billed, due_day, taxes
from akinai.purchasing.queries import payables as queries
from akinai.purchasing.queries import terms
from akinai.purchasing.services import ledger, pricing
from akinai.purchasing.states import ReceiptState, ReturnState

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class BillLine:
    """請求 1 行 as the bill says it. With a receipt: that delivery at one rate; without: freight and the like."""

    net_yen: int
    tax_rate: int
    receipt_id: int | None = None
    text: str = ""
    return_id: int | None = None


@transaction.atomic
def draft_bill(
    *, supplier_id: int, billed_on: date, lines: Sequence[BillLine], supplier_bill_no: str = "",
    written: Mapping[int, int] | None = None, note: str = "", by: Staff | None,
) -> SupplierBill:  # fmt: skip
    """下書き. `written` is the tax per rate as the bill says it; else it is computed by the supplier's rounding.

    Raises DomainError when it has no lines or names deliveries of another supplier.
    """
    if not lines:
        raise DomainError("請求書の明細がありません。", way_out="請求されている入荷を選んでください。")
    supplier = party.suppliers([supplier_id])[supplier_id]
    of = terms.terms_of(supplier_id)
    days, ours = queries.days_of(lines_receipts(lines)), queries.unbilled_yen(lines_receipts(lines))
    _refuse_others(lines, days, supplier_id)
    returned = [line.return_id for line in lines if line.return_id]
    off = queries.undeducted_yen(returned)
    mine = {one.pk for one in queries.undeducted(supplier_id)}
    if not mine.issuperset(returned):
        raise DomainError(
            "別の仕入先の返品か、もう引かれた返品が混ざっています。", way_out="返品番号を確かめてください。"
        )
    rows = [(line, days[line.receipt_id][1] if line.receipt_id else billed_on) for line in lines]
    found = taxes(
        [Billed(line.net_yen, line.tax_rate, on) for line, on in rows], rounding=Rounding(of.tax_rounding),
        is_registered=bool(supplier.registration_number), written=written,
    )  # fmt: skip
    if sum(t.net_yen + t.tax_yen for t in found) <= 0:
        raise DomainError(
            "請求の合計が 0 円以下です。",
            way_out="返品や値引のほうが多いときは、次の請求書と合わせて登録してください。",
        )
    due = due_day(
        billed_on, closing_day=of.closing_day, months=of.payment_month_offset, paying_day=of.payment_day,
        when_closed=of.when_closed,
    )  # fmt: skip
    bill = SupplierBill.objects.create(
        number=numbering.take("supplier_bill")[0], supplier=supplier, supplier_bill_no=supplier_bill_no.strip(),
        billed_on=billed_on, due_on=due, is_qualified=bool(supplier.registration_number), note=note, created_by=by,
        net_yen=sum(t.net_yen for t in found), tax_yen=sum(t.tax_yen for t in found),
        deductible_yen=sum(t.deductible_yen for t in found),
    )  # fmt: skip
    SupplierBillLine.objects.bulk_create(
        SupplierBillLine(
            bill=bill, line_no=no, receipt_id=line.receipt_id, text=line.text, tax_rate=line.tax_rate, on=on,
            net_yen=line.net_yen, ours_yen=_ours(line, ours, off), supplier_return_id=line.return_id,
        )
        for no, (line, on) in enumerate(rows, 1)
    )  # fmt: skip
    SupplierBillTax.objects.bulk_create(
        SupplierBillTax(bill=bill, rate=t.rate, net_yen=t.net_yen, tax_yen=t.tax_yen, deductible_yen=t.deductible_yen)
        for t in found
    )  # fmt: skip
    activity.record(bill, "create", by=by, summary=f"{bill.total_yen:,} 円（税込）")
    return bill


def _ours(
    line: BillLine, came: Mapping[tuple[int, int], int], off: Mapping[tuple[int, int], int]
) -> int | None:
    """What we think of a line; None for freight and the like, of which nothing is known."""
    if line.return_id:
        return off.get((line.return_id, line.tax_rate), 0)
    return came.get((line.receipt_id, line.tax_rate), 0) if line.receipt_id else None


def lines_receipts(lines: Sequence[BillLine]) -> list[int]:
    return [line.receipt_id for line in lines if line.receipt_id]


def _refuse_others(
    lines: Sequence[BillLine], days: Mapping[int, tuple[int | None, date]], supplier_id: int
) -> None:
    if any(days.get(pk, (None, None))[0] != supplier_id for pk in lines_receipts(lines)):
        raise DomainError(
            "別の仕入先の入荷、または計上していない入荷が混ざっています。",
            way_out="仕入先を確かめてください。",
        )


@transaction.atomic
def post_bill(bill: SupplierBill, *, by: Staff | None) -> SupplierBill:
    """計上: the ledger owes the bill's whole amount; where it differs from what came, a mismatch is written down.

    Raises ChangedMeanwhile when a delivery or the bill's number was posted before, ImpossibleMove when this bill was.
    """
    # Whoever takes a delivery back holds its row, too: a bill never stands on one that is gone.
    named = list(bill.lines.exclude(receipt=None).values_list("receipt_id", flat=True))
    held = GoodsReceipt.objects.select_for_update(no_key=True).filter(pk__in=named).order_by("pk")
    if any(receipt.state != ReceiptState.POSTED for receipt in held):
        raise ChangedMeanwhile(
            f"{bill.number} の入荷のどれかは取り消されています。", way_out="請求書を作り直してください。"
        )
    back = list(bill.lines.exclude(supplier_return=None).values_list("supplier_return_id", flat=True))
    given = SupplierReturn.objects.select_for_update(no_key=True).filter(pk__in=back).order_by("pk")
    if any(one.state != ReturnState.POSTED for one in given):
        raise ChangedMeanwhile(
            f"{bill.number} の返品のどれかは取り消されています。", way_out="請求書を作り直してください。"
        )
    try:
        with transaction.atomic():
            done = transitions.apply(bill, "post", by=by, set_fields={"posted_at": clock.now()})
            done.lines.update(is_live=True)
    except IntegrityError:
        raise ChangedMeanwhile(
            f"{bill.number} の請求番号か入荷は、ほかの請求書で計上されています。",
            way_out="二重の請求ではないか確かめてください。",
        ) from None
    ledger.write(
        done.supplier_id, PayableEntry.Kind.BILL, done.total_yen, document=done.number, key=done.number, on=done.billed_on,
        due_on=done.due_on, note=done.supplier_bill_no, by=by,
    )  # fmt: skip
    _note_differences(done, by)
    return done


def _note_differences(bill: SupplierBill, by: Staff | None) -> None:
    odd = [
        line
        for line in bill.lines.select_related("receipt", "supplier_return")
        if line.ours_yen not in (None, line.net_yen)
    ]
    numbers = numbering.take("discrepancy", len(odd)) if odd else []
    made = []
    for number, line in zip(numbers, odd, strict=True):
        ours = line.ours_yen or 0
        text = f"{bill.number}: {line.receipt or line.supplier_return} の {line.tax_rate}% 分は {ours:,} 円のはずですが、{line.net_yen:,} 円請求されています。"
        made.append(Discrepancy(
            number=number, supplier_id=bill.supplier_id, receipt=line.receipt, kind=Discrepancy.Kind.BILL, text=text,
            quantity=0, expected=ours, found=line.net_yen, yen=line.net_yen - ours,
        ))  # fmt: skip
    rows = Discrepancy.objects.bulk_create(made)
    activity.record_many([activity.Fact(row, "create", summary=row.text) for row in rows], by=by)


@transaction.atomic
def reverse_bill(bill: SupplierBill, *, reason: str, by: Staff | None) -> SupplierBill:
    """取消: a reversing row in the ledger. Refused while the bill is in a run of payment, or paid."""
    if not reason.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    done = transitions.apply(bill, "reverse", by=by, note=f"取消: {reason}"[:200])
    entry = PayableEntry.objects.select_for_update().get(key=bill.number)
    if entry.payments.filter(is_live=True).exists():
        raise DomainError(
            f"{bill.number} は支払に入っています。",
            way_out="支払を取り消してから、請求書を取り消してください。",
        )
    corrected = entry.settled_by.filter(kind=PayableEntry.Kind.CORRECTION, reversed_by=None).first()
    if corrected:
        raise DomainError(
            f"{bill.number} は {corrected.document} で訂正されています。",
            way_out="先に訂正を取り消してください。",
        )
    ledger.reverse(entry, note=reason, by=by)
    done.lines.update(is_live=False)
    for one in Discrepancy.objects.filter(kind="bill", text__startswith=f"{bill.number}:", state="open"):
        transitions.apply(one, "void", by=by, note="請求書の取消")
    pricing.take_price_back(done, reason=reason, by=by)
    return done


def discard_bill(bill: SupplierBill, *, by: Staff | None) -> SupplierBill:
    """下書きの破棄."""
    return transitions.apply(bill, "discard", by=by, note="破棄")
