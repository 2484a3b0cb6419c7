"""合計請求書の入金: everything a monthly customer owes, paid by one bank line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.billing import queries as billing
from akinai.core.money import yen
from akinai.payments import queries
from akinai.payments.errors import AmountsDisagree
from akinai.payments.models import BankLine, CreditBalance, Match, PayerAlias
from akinai.payments.rules import allocate, name_keys
from akinai.payments.rules.statements import StatementDue
from akinai.payments.services.credit import use_credit
from akinai.payments.services.match import left_of, match, owed_by

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def dues() -> list[StatementDue]:
    """未入金の合計請求書 as matching sees them."""
    found = billing.statement_dues()
    ids = [due.customer_id for due in found]
    aliases: dict[int, set[str]] = defaultdict(set)
    for customer, key in PayerAlias.objects.filter(customer_id__in=ids).values_list(
        "customer_id", "payer_key"
    ):
        aliases[customer].add(key)
    kept = dict(CreditBalance.objects.filter(pk__in=ids).values_list("pk", "balance_yen"))
    made = [_due(due, aliases, kept.get(due.customer_id, 0)) for due in found]
    return [due for due in made if due.owed_yen > 0]


def _due(due: billing.StatementDue, aliases: Mapping[int, set[str]], credit_yen: int) -> StatementDue:
    names = frozenset().union(*(name_keys(text) for text in due.names))
    return StatementDue(
        due.number, due.customer_id, due.order_ids, due.owed_yen - credit_yen, due.closed_on, names,
        frozenset(aliases.get(due.customer_id, ())), credit_yen,
    )  # fmt: skip


@transaction.atomic
def pay_statement(
    line_id: int,
    number: str,
    *,
    by: Staff | None,
    score: int = 100,
    reasons: Sequence[str] = (),
    is_automatic: bool = False,
) -> Match:
    """合計請求書の消込: one bank line and the customer's 預り金 pay every order billed to him, all or nothing.

    Raises AmountsDisagree when the money is not exactly what is owed (any more).
    """
    due = next((one for one in dues() if one.number == number), None)
    left = left_of(line_id)
    if due is None or due.owed_yen != left:
        owed = yen(due.owed_yen) if due else "ありません"
        raise AmountsDisagree(
            f"{number} の未入金は {owed}、入金の残りは {yen(left)} です。",
            way_out="入金明細の画面で、受注ごとに消し込んでください。",
        )
    on = BankLine.objects.values_list("on", flat=True).get(pk=line_id)
    _spend_credit(due, on, number=f"{number}:{line_id}", by=by)
    parts = allocate(left, owed_by(due.order_ids))
    return match(line_id, parts, by=by, score=score, reasons=reasons, learn=True, is_automatic=is_automatic)


def _spend_credit(due: StatementDue, on: date, *, number: str, by: Staff | None) -> None:
    """預り金 first, oldest order first, so that the transfer pays exactly the rest."""
    left = queries.credit_of(due.customer_id)
    for order in owed_by(due.order_ids):
        amount = min(order.owed_yen, left)
        if amount:
            use_credit(
                order_id=order.order_id, amount_yen=amount, on=on, key=f"{number}:{order.order_id}", by=by
            )
            left -= amount
