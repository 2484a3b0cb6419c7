"""名寄せについていく請求条件. Papers are never rewritten: who has monthly papers stays, the other one goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core import serializers

from akinai.billing import queries
from akinai.billing.models import BilledItem, BillingTerms, Invoice
from akinai.party.merging import CHOOSE

if TYPE_CHECKING:
    from akinai.staff.models import Staff

OWN = {"id", "customer", "changed_at"}


class TermsFollow:
    """請求条件 of the customer."""

    code = "billing_terms"

    def tell(self, customer_id: int) -> Sequence[tuple[str, str]]:
        terms = queries.terms_of([customer_id]).get(customer_id)
        statement = queries.latest_statement(customer_id)
        found = [("請求条件", terms.sentence)] if terms else []
        return found + ([("合計請求書", f"{statement.number} まで")] if statement else [])

    def refuse(self, kept: int, gone: int, choice: str) -> tuple[str, str] | None:
        if _has_monthly_papers(gone):
            return (
                "まとめる顧客には、月締めの書類（合計請求書か、これから締める書類）があります。発行した書類の宛先は変えられません。",
                "両方にあるときは 1 つにできません。まとめる顧客だけにあるときは、残す顧客と入れ替えてください。",
            )
        terms = queries.terms_of([kept, gone])
        if len(terms) == 2 and choice not in ("kept", "gone") and _said(terms[kept]) != _said(terms[gone]):
            return (
                f"請求条件が違います（残す顧客: {terms[kept].sentence}、まとめる顧客: {terms[gone].sentence}）。",
                CHOOSE,
            )
        return None

    def follow(self, kept: int, gone: int, choice: str, *, by: Staff | None) -> dict[str, str]:
        """The terms of both as they were, and which of them hold now."""
        rows = BillingTerms.objects.select_for_update().filter(customer_id__in=[kept, gone])
        terms = {row.customer_id: row for row in rows}
        before = {"kept": _text(terms.get(kept)), "gone": _text(terms.get(gone))}
        if gone in terms:
            if kept not in terms:
                BillingTerms.objects.filter(pk=terms[gone].pk).update(customer_id=kept)
                return before
            if choice == "gone":
                BillingTerms.objects.filter(pk=terms[kept].pk).update(**_agreed(terms[gone]))
            terms[gone].delete()
        return before

    def go_back(self, kept: int, gone: int, moved: dict[str, str], *, by: Staff | None) -> None:
        """The terms of the one that went are his again; those of the one that stayed only where nobody changed them since."""
        if not moved["gone"]:
            return
        if not moved["kept"]:
            BillingTerms.objects.filter(customer_id=kept).update(customer_id=gone)
            return
        (theirs,) = serializers.deserialize("json", moved["gone"])
        (ours,) = serializers.deserialize("json", moved["kept"])
        now = BillingTerms.objects.select_for_update().filter(customer_id=kept).first()
        if now is not None and _agreed(now) == _agreed(theirs.object):
            ours.save()
        theirs.save()


def _has_monthly_papers(customer_id: int) -> bool:
    if BilledItem.objects.filter(customer_id=customer_id).exists() or queries.latest_statement(customer_id):
        return True
    terms = queries.terms_of([customer_id]).get(customer_id)
    if terms is None or terms.cycle != BillingTerms.Cycle.MONTHLY:
        return False
    return Invoice.objects.filter(customer_id=customer_id, transaction_on__gte=terms.since).exists()


def _said(terms: BillingTerms) -> dict[str, Any]:
    """What was agreed, without whose it is."""
    return {
        field.name: getattr(terms, field.name)
        for field in BillingTerms._meta.concrete_fields
        if field.name not in OWN
    }


def _agreed(terms: Any) -> dict[str, Any]:
    """The same without the day since when."""
    return {name: value for name, value in _said(terms).items() if name != "since"}


def _text(terms: BillingTerms | None) -> str:
    return serializers.serialize("json", [terms]) if terms else ""
