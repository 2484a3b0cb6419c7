"""領収書の発行: by the office or by the customer himself, never over more than was paid."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from akinai.billing import papers, queries, rules
from akinai.billing.errors import MoreThanPaid, NotInvoiceable
from akinai.billing.models import Invoice, PaperDelivery, ReceiptPaper, ReceiptTax, ReceiptVoid
from akinai.billing.rules import Line
from akinai.billing.services.credit import remaining_of
from akinai.billing.services.issue import charges_of, company_or_refuse, lock_papers, transaction_day
from akinai.core import activity, clock, numbering
from akinai.core import paper_store as store
from akinai.core.money import yen
from akinai.core.tax import RateTotal, Rounding, rates_on, share
from akinai.orders import queries as order_queries
from akinai.orders.states import PaymentKind
from akinai.party import queries as party

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.party.models import Company
    from akinai.staff.models import Staff

NAME_LENGTH, PROVISO_LENGTH = 40, 30


@transaction.atomic
def issue_receipt(
    order_id: int,
    *,
    recipient_name: str,
    proviso: str,
    by: Staff | None,
    amount_yen: int | None = None,
    is_self_issued: bool = False,
    replaces: ReceiptPaper | None = None,
) -> ReceiptPaper:
    """領収書の発行 over `amount_yen`, or over all that has no receipt yet.

    A customer gets one, over everything; the office may split. Raises MoreThanPaid beyond what was paid (the database
    counts once more), NotInvoiceable for words that cannot be printed.
    """
    lock_papers()
    order = order_queries.with_lines([order_id])[0]
    left = queries.receivable(order_id)
    amount = left.left_yen if amount_yen is None else amount_yen
    if is_self_issued and left.receipted_yen:
        raise NotInvoiceable("領収書はすでに発行されています。", way_out="発行済みの領収書をご覧ください。")
    if amount <= 0 or amount > left.left_yen:
        raise MoreThanPaid(
            f"領収書を発行できる金額は {yen(left.left_yen)} です（入金 {yen(left.paid_yen)}、発行済み {yen(left.receipted_yen)}）。",
            way_out="入金を確かめるか、金額を減らしてください。",
        )
    receipt = _row(
        order,
        amount,
        _clean(recipient_name, "宛名", NAME_LENGTH),
        _clean(proviso, "但し書き", PROVISO_LENGTH),
        by,
    )
    receipt.is_self_issued, receipt.replaces = is_self_issued, replaces
    totals = _taxes(order, amount, company_or_refuse())
    _keep_files(receipt, totals, order.channel_order_no)
    _save(receipt, totals)
    who = "お客様が発行" if is_self_issued else "発行"
    activity.record(receipt, "issue", by=by, summary=f"{order.number} {yen(amount)} を{who}")
    activity.record(order, "receipt", by=by, summary=f"領収書 {receipt.number} {yen(amount)} を{who}")
    return receipt


@transaction.atomic
def correct_receipt(
    receipt: ReceiptPaper,
    *,
    reason: str,
    recipient_name: str,
    proviso: str,
    amount_yen: int,
    by: Staff | None,
) -> ReceiptPaper | None:
    """領収書の訂正: the old one is void, a new one names it. With 0 yen (everything was given back) there is no new one."""
    lock_papers()
    if not reason.strip():
        raise NotInvoiceable("訂正の理由がありません。", way_out="理由を入力してください。")
    if ReceiptVoid.objects.filter(receipt=receipt).exists():
        raise NotInvoiceable(f"{receipt.number} はすでに無効です。", way_out="新しい領収書を直してください。")
    ReceiptVoid.objects.create(receipt=receipt, reason=reason.strip()[:200], by=by)
    activity.record(receipt, "void", by=by, summary=reason.strip()[:200])
    if not amount_yen:
        return None
    return issue_receipt(
        receipt.order_id,
        recipient_name=recipient_name,
        proviso=proviso,
        amount_yen=amount_yen,
        replaces=receipt,
        by=by,
    )


def hand_out(receipt: ReceiptPaper, *, to: str, by: Staff | None) -> bytes:
    """領収書を渡す: the first time the original, afterwards the copy that says 再発行; each time is logged.

    Of two who ask at once one gets the original: the receipt's row is locked.
    """
    with transaction.atomic():
        ReceiptPaper.objects.select_for_update(no_key=True).get(pk=receipt.pk)
        is_first = not PaperDelivery.objects.filter(number=receipt.number).exists()
        way = PaperDelivery.Way.DOWNLOAD
        PaperDelivery.objects.create(
            number=receipt.number, way=way, to=to if is_first else f"{to}（再発行）", by=by
        )
    return store.read(receipt.pdf_sha256 if is_first else receipt.copy_sha256)


def _clean(text: str, what: str, length: int) -> str:
    """One printable line. Raises NotInvoiceable."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if not line or len(line) > length or any(unicodedata.category(char)[0] == "C" for char in line):
        raise NotInvoiceable(
            f"{what}は {length} 文字までの 1 行で入力してください。", way_out=f"{what}を直してください。"
        )
    return line


def _row(order: Order, amount: int, name: str, proviso: str, by: Staff | None) -> ReceiptPaper:
    now = clock.now()
    day = timezone.localdate(now)
    return ReceiptPaper(
        number=numbering.take_gapless("receipt", on=day), order=order, customer=order.customer, recipient_name=name,
        proviso=proviso, amount_yen=amount, is_card=order.payment == PaymentKind.CARD,
        transaction_on=min(transaction_day(order), day), issuer=party.issuer_of(company_or_refuse()),
        issued_on=day, issued_at=now, issued_by=by,
    )  # fmt: skip


def _keep_files(receipt: ReceiptPaper, totals: Sequence[RateTotal], order_no: str) -> None:
    receipt.pdf_sha256 = store.keep(papers.receipt_pdf(receipt, totals, order_no=order_no))
    receipt.copy_sha256 = store.keep(papers.receipt_pdf(receipt, totals, order_no=order_no, is_copy=True))


def _save(receipt: ReceiptPaper, totals: Sequence[RateTotal]) -> None:
    try:
        with transaction.atomic():
            receipt.save(force_insert=True)
    except IntegrityError as error:
        raise MoreThanPaid(
            "入金額が変わったため、この金額の領収書は発行できません。", way_out="画面を開き直してください。"
        ) from error
    ReceiptTax.objects.bulk_create([ReceiptTax(receipt=receipt, **asdict(total)) for total in totals])


def _taxes(order: Order, amount: int, company: Company) -> list[RateTotal]:
    """税率別内訳 of the amount: its share of what has no receipt yet, so that split receipts add up to the invoice.

    None where the monthly statement states the tax, where the mall's points were taken as money, or where the order
    tells no amounts.
    """
    rounding, open_totals = _open_totals(order, company)
    for given in queries.receipted_taxes(order.pk):
        open_totals = rules.remaining(list(open_totals.values()), [given])
    weights = {rate: left.gross_yen for rate, left in open_totals.items() if left.gross_yen}
    if not weights or min(weights.values()) < 0 or sum(weights.values()) < amount:
        return []
    parts = dict(zip(weights, share(amount, list(weights.values())), strict=True))
    lines = [Line("receipt", "", 1, part, part, rate) for rate, part in parts.items() if part]
    return list(
        rules.draft_credit(lines, invoiced=list(open_totals.values()), credited=[], rounding=rounding).taxes
    )


def _open_totals(order: Order, company: Company) -> tuple[Rounding, dict[int, RateTotal]]:
    """Per rate, what the invoice states less what was given back; before shipping, what it will state."""
    invoice = queries.current(order.pk)
    if invoice:
        totals = {} if invoice.kind == Invoice.Kind.SLIP else remaining_of(invoice)
        return Rounding(invoice.rounding), totals
    rounding = Rounding(company.tax_rounding)
    if not order.amounts_known:
        return rounding, {}
    draft = rules.draft_invoice(
        charges_of(order), rounding=rounding, standard_rate=rates_on(transaction_day(order)).standard
    )
    return rounding, {total.rate: total for total in draft.taxes}
