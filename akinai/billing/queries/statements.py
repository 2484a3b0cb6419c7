"""請求条件と合計請求書の照会."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from akinai.billing.models import (
    BilledItem,
    BillingTerms,
    PaperDelivery,
    Statement,
    StatementLine,
    StatementVoid,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from akinai.party.models import Customer
    from akinai.staff.models import Staff

    type Person = Staff | AnonymousUser

LIVE = ~Exists(StatementVoid.objects.filter(statement=OuterRef("pk")))
OWES = Exists(
    StatementLine.objects.filter(statement=OuterRef("pk"), order__paid_yen__lt=F("order__total_yen"))
)
SENT = Exists(PaperDelivery.objects.filter(number=OuterRef("number")))


def terms_seen_by(user: Person) -> QuerySet[BillingTerms]:
    """請求条件 of all customers that have some."""
    found = (
        BillingTerms.objects.all()
        if user.has_perm("billing.view_billingterms")
        else BillingTerms.objects.none()
    )
    return found.select_related("customer")


def terms_of(customer_ids: Collection[int | None]) -> dict[int, BillingTerms]:
    """顧客 → 請求条件, one query."""
    wanted = [pk for pk in customer_ids if pk is not None]
    return {terms.customer_id: terms for terms in BillingTerms.objects.filter(customer_id__in=wanted)}


def credit_limits(customer_ids: Collection[int]) -> dict[int, int]:
    """顧客 → 与信限度額, of those who have one.

    The rows stay locked until commit, so that two orders placed at once are added up one after the other.
    """
    rows = (
        BillingTerms.objects.select_for_update(no_key=True)
        .filter(customer_id__in=list(customer_ids), credit_limit_yen__isnull=False)
        .order_by("customer_id")
    )
    return {row.customer_id: row.credit_limit_yen for row in rows if row.credit_limit_yen is not None}


def statements_seen_by(user: Person) -> QuerySet[Statement]:
    """合計請求書 with what a list row shows: void, sent, and whether its orders still owe."""
    found = Statement.objects.all() if user.has_perm("billing.view_statement") else Statement.objects.none()
    return (
        found.select_related("customer")
        .defer("issuer", "search_text", "search_grams", "customer__search_text", "customer__search_grams")
        .annotate(is_live=LIVE, owes=OWES, is_sent=SENT)
    )


def statement_by_number(number: str) -> Statement | None:
    return Statement.objects.filter(number=number).select_related("customer", "previous", "run").first()


def latest_statement(customer_id: int) -> Statement | None:
    """The newest one that is not void."""
    return Statement.objects.filter(LIVE, customer_id=customer_id).order_by("-closed_on", "-edition").first()


def orders_on_statement(statement_id: int) -> list[int]:
    """受注 of one statement, by day."""
    rows = StatementLine.objects.filter(statement_id=statement_id).order_by("line_no")
    return list(dict.fromkeys(rows.values_list("order_id", flat=True)))


def statements_with(order_ids: Collection[int]) -> set[int]:
    """合計請求書 (ids) on which one of these orders stands."""
    return set(StatementLine.objects.filter(order_id__in=order_ids).values_list("statement_id", flat=True))


@dataclass(frozen=True, slots=True)
class StatementDue:
    """未入金の合計請求書 as matching sees it: the newest of a customer, with every order billed to him that owes.

    `owed_yen` is what these orders owe; 預り金 is for the room of payments to take off.
    """

    number: str
    customer_id: int
    names: tuple[str, ...]  # company, name, kana, 振込名義
    closed_on: date
    due_on: date
    asked_yen: int
    owed_yen: int
    order_ids: tuple[int, ...]  # oldest first


DUES = """
SELECT b.customer_id, array_agg(o.id ORDER BY o.ordered_at, o.id), sum(o.total_yen - o.paid_yen)
FROM (SELECT DISTINCT customer_id, order_id FROM billing_billeditem) b JOIN orders_order o ON o.id = b.order_id
WHERE o.total_yen > o.paid_yen AND o.state <> 'cancelled' AND NOT o.payment_settled {only}
GROUP BY b.customer_id
"""


def statement_dues(customer_id: int | None = None) -> list[StatementDue]:
    """未入金の合計請求書 of all customers, or of one. Three queries."""
    only, values = ("AND b.customer_id = %s", [customer_id]) if customer_id else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(DUES.format(only=only), values)
        owing = {customer: (tuple(orders), int(yen)) for customer, orders, yen in cursor.fetchall()}
    newest = (
        Statement.objects.filter(LIVE, customer_id__in=list(owing))
        .select_related("customer__billing_terms")
        .order_by("customer_id", "-closed_on", "-edition")
        .distinct("customer_id")
    )
    return [
        StatementDue(
            one.number, one.customer_id, _names(one.customer), one.closed_on, one.due_on, one.asked_yen,
            owing[one.customer_id][1], owing[one.customer_id][0],
        )
        for one in newest
    ]  # fmt: skip


def _names(customer: Customer) -> tuple[str, ...]:
    terms = getattr(customer, "billing_terms", None)
    names = (customer.company, customer.name, customer.kana, terms.payer_kana if terms else "")
    return tuple(name for name in names if name)


@dataclass(frozen=True, slots=True)
class Returned:
    """What credit notes have taken off one order: its amount less what the papers still ask for it."""

    order_id: int
    customer_id: int
    given_back_yen: int


def unbilled_by_returns(order_ids: Sequence[int]) -> list[Returned]:
    """返品・値引 of orders whose papers stand on statements: order total less the papers billed for it, at least 0."""
    rows = (
        BilledItem.objects.filter(order_id__in=list(order_ids))
        .values("order_id", "customer_id", "order__total_yen")
        .annotate(billed=Sum("amount_yen"))
        .order_by("order_id")
    )
    return [
        Returned(row["order_id"], row["customer_id"], max(row["order__total_yen"] - row["billed"], 0))
        for row in rows
    ]


def billed_orders(customer_ids: Collection[int]) -> dict[int, set[int]]:
    """顧客 → orders that stand on statements."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = BilledItem.objects.filter(customer_id__in=list(customer_ids)).values_list(
        "customer_id", "order_id"
    )
    for customer, order in rows:
        found[customer].add(order)
    return found
