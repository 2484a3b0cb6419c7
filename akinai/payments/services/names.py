"""名義の覚え: what a person once said about a payer's name, and how to take it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity
from akinai.payments.models import BankLine, PayerAlias
from akinai.payments.rules import Part, name_keys
from akinai.payments.rules.names import read_payer

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def learn_name(line: BankLine, parts: Sequence[Part], by: Staff) -> None:
    """A person said that this payer is this customer: next time the name counts as known.

    Nothing is learned from a line without a name, from the customer's own name, or from a line for several customers.
    """
    customers = {part.customer_id for part in parts if part.customer_id}
    key = read_payer(line.payer).plain[:100]
    if not key or len(customers) != 1:
        return
    alias = PayerAlias(customer_id=customers.pop(), payer_key=key, payer=line.payer[:100], learned_by=by)
    own = alias.customer
    if key not in name_keys(own.kana) | name_keys(own.name) | name_keys(own.company):
        PayerAlias.objects.bulk_create([alias], ignore_conflicts=True)


@transaction.atomic
def forget_name(alias_id: int, *, by: Staff | None) -> None:
    """名義の覚えを消す: matching no longer takes this name for the customer. What was matched stays matched."""
    alias = PayerAlias.objects.select_related("customer").filter(pk=alias_id).first()
    if alias is None:
        return
    activity.record(
        alias.customer, "forget_name", by=by, summary=f"名義「{alias.payer or alias.payer_key}」の覚えを削除"
    )
    alias.delete()
