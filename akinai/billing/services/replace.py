"""訂正: a wrong invoice is given back in full and answered by a new one that names it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from akinai.billing.errors import NotInvoiceable
from akinai.billing.models import Invoice
from akinai.billing.services.credit import credit_rest, remaining_of
from akinai.billing.services.issue import (
    company_or_refuse,
    draft_of,
    invoice_of,
    kind_of,
    lock_papers,
    save,
    take_numbers,
    terms_of_order,
)
from akinai.core import activity, clock
from akinai.orders import queries as order_queries

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def replace(
    invoice: Invoice,
    *,
    reason: str,
    by: Staff | None,
    recipient_name: str = "",
    recipient_address: str = "",
    issued_on: date | None = None,
    takes_back_credit: bool = False,
) -> Invoice:
    """訂正した請求書: credit note over what is left of the old one, then a new invoice from the order as it stands now.

    `takes_back_credit`: what was given back of the old one was a mistake, so the new one asks for all of it again.
    Raises NotInvoiceable when the old one was replaced before, or partly given back by no mistake.
    """
    lock_papers()
    now = clock.now()
    day = issued_on or timezone.localdate(now)
    _refuse_twice(invoice, takes_back_credit=takes_back_credit)
    if any(left.gross_yen for left in remaining_of(invoice).values()):
        credit_rest(
            invoice, reason=f"請求書の訂正（{reason.strip()}）", returned_on=day, issued_on=day, by=by
        )
    company = company_or_refuse()
    order = order_queries.with_lines([invoice.order_id])[0]
    draft = draft_of(order, company)
    terms = terms_of_order(order)
    corrected = invoice_of(
        order,
        draft,
        take_numbers([kind_of(order, terms)], day)[0],
        company=company,
        issued_on=day,
        issued_at=now,
        by=by,
        terms=terms,
        recipient_name=recipient_name.strip() or invoice.recipient_name,
        recipient_address=recipient_address.strip() or invoice.recipient_address,
        replaces=invoice,
    )
    save([corrected], [draft], by=by)
    activity.record(invoice, "replace", by=by, summary=f"{corrected.number} に訂正: {reason.strip()}")
    return corrected


def _refuse_twice(invoice: Invoice, *, takes_back_credit: bool) -> None:
    later = Invoice.objects.filter(replaces=invoice).first()
    if later:
        raise NotInvoiceable(
            f"{invoice.number} は {later.number} に訂正されています。",
            way_out=f"{later.number} を訂正してください。",
        )
    if not takes_back_credit and invoice.credit_notes.exists():
        raise NotInvoiceable(
            f"{invoice.number} には返還請求書があるため、訂正できません。",
            way_out="残りを返還請求書で返し、受注ごとに経理担当者と相談してください。",
        )
