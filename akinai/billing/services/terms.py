"""請求条件を決める."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from akinai.billing.errors import NotInvoiceable
from akinai.billing.models import BillingTerms, Statement
from akinai.core import activity, clock
from akinai.core.money import yen

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def save_terms(terms: BillingTerms, *, by: Staff | None) -> BillingTerms:
    """請求条件の登録・変更. What is issued already stays as it is.

    Raises NotInvoiceable for a start that lies within a period already closed for this customer.
    """
    before = BillingTerms.objects.select_for_update().filter(customer_id=terms.customer_id).first()
    closed = Statement.objects.filter(customer_id=terms.customer_id, void=None).order_by("-closed_on").first()
    if closed and terms.since > closed.closed_on:
        raise NotInvoiceable(
            f"{closed.number}（{closed.closed_on:%Y/%m/%d} 締め）まで締めています。適用開始日をその日より後にはできません。",
            way_out="はじめの適用開始日のままにしてください。",
        )
    terms.changed_at = clock.now()
    terms.save()
    told = f"{describe(before)} → {describe(terms)}" if before else describe(terms)
    activity.record(terms.customer, "billing_terms", by=by, summary=told)
    return terms


def describe(terms: BillingTerms) -> str:
    """請求条件 in one line for the history."""
    limit = "与信なし" if terms.credit_limit_yen is None else f"与信 {yen(terms.credit_limit_yen)}"
    to = terms.send_to or terms.get_send_way_display()
    return f"{terms.sentence}・適格請求書は{terms.get_invoice_is_display()}・{limit}・{to}"


def agree_terms(customer_id: int, *, by: Staff | None, **fields: Any) -> BillingTerms:
    """請求条件 from plain values (closing_day, since, credit_limit_yen …)."""
    return save_terms(BillingTerms(customer_id=customer_id, **fields), by=by)
