"""入金・消込・預り金の照会."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from akinai.orders import queries as orders
from akinai.payments.models import (
    BankAccount,
    BankLine,
    BankLineStatus,
    CreditBalance,
    Match,
    PayerAlias,
    Payment,
)
from akinai.payments.rules import Candidate
from akinai.payments.rules.names import read_payer
from akinai.payments.states import TO_DO, BankLineState, PaymentSource

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.staff.models import Staff

    type Person = Staff | AnonymousUser

# The bank has taken back what we have already matched: a person must undo it.
RETURNED = Q(returned_by__isnull=False, state__in=[BankLineState.MATCHED, BankLineState.PARTIAL])
NEEDS_A_PERSON = Q(state__in=TO_DO) | RETURNED


def lines_seen_by(user: Person) -> QuerySet[BankLineStatus]:
    """Credits this person may see, with what is left of them."""
    rows = BankLineStatus.objects.select_related("line__account").annotate(
        left=F("amount_yen") - F("matched_yen")
    )
    return rows if user.has_perm("payments.view_bankline") else rows.none()


def statement_seen_by(user: Person) -> QuerySet[BankLine]:
    """入出金明細: every line of every account, money out as well."""
    rows = BankLine.objects.select_related("account", "status")
    return rows if user.has_perm("payments.view_bankline") else rows.none()


def payments_seen_by(user: Person) -> QuerySet[Payment]:
    """入金一覧: every row of the ledger with what a list shows."""
    rows = Payment.objects.select_related("order", "customer", "match__line", "by").annotate(
        is_reversed=Exists(Payment.objects.filter(reverses=OuterRef("pk")))
    )
    return rows if user.has_perm("payments.view_payment") else rows.none()


def credits_seen_by(user: Person) -> QuerySet[CreditBalance]:
    """預り金: customers whose money we have kept."""
    rows = CreditBalance.objects.select_related("customer")
    return rows if user.has_perm("payments.view_creditbalance") else rows.none()


def matches_of(line_id: int) -> QuerySet[Match]:
    """消込 of one line with their payments, newest first."""
    return (
        Match.objects.filter(line_id=line_id)
        .select_related("by", "reverses", "reversed_by")
        .prefetch_related("payments__order", "payments__customer")
        .order_by("-id")
    )


def given_up_by(match_id: int) -> list[tuple[str, int]]:
    """(受注番号, yen) of what the shop bore in one match: fees and discounts."""
    rows = Payment.objects.filter(
        match_id=match_id, source__in=[PaymentSource.FEE, PaymentSource.SHORT], order__isnull=False
    )
    return list(rows.values_list("order__number").annotate(sum=Sum("amount_yen")).order_by("order__number"))


# The worklist ------------------------------------------------------------------------------------------------------


def to_do_count() -> int:
    """Lines a person has to look at."""
    return BankLineStatus.objects.filter(NEEDS_A_PERSON).count()


@dataclass(frozen=True, slots=True)
class Neighbours:
    """前と次: where j and k lead from one line, oldest first, and how many lines are left to decide."""

    previous: int | None
    next: int | None
    left: int


def neighbours(status: BankLineStatus) -> Neighbours:
    """The lines to decide before and after this one."""
    rows = BankLineStatus.objects.filter(NEEDS_A_PERSON).exclude(pk=status.pk)
    here = Q(on=status.on)
    after = rows.filter(Q(on__gt=status.on) | here & Q(pk__gt=status.pk)).order_by("on", "pk")
    before = rows.filter(Q(on__lt=status.on) | here & Q(pk__lt=status.pk)).order_by("-on", "-pk")
    first = [found.values_list("pk", flat=True).first() for found in (before, after)]
    return Neighbours(first[0], first[1], to_do_count())


def next_to_do(status: BankLineStatus) -> int | None:
    """Where to go after a decision: the next line, else the first one left."""
    found = neighbours(status).next
    if found:
        return found
    rows = BankLineStatus.objects.filter(NEEDS_A_PERSON).exclude(pk=status.pk).order_by("on", "pk")
    return rows.values_list("pk", flat=True).first()


# The desk ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """候補 as the screen shows it. `key` tells the very candidate, so that no other can be taken for it."""

    index: int
    candidate: Candidate
    orders: Sequence[Order]
    owed_yen: int

    @property
    def key(self) -> str:
        numbers = "-".join(str(pk) for pk in self.candidate.order_ids)
        return f"{self.candidate.kind}:{self.candidate.difference_yen}:{numbers}"

    @property
    def gap_yen(self) -> int:
        """The difference as a plain amount."""
        return abs(self.candidate.difference_yen)


def offers(status: BankLineStatus) -> list[Offer]:
    """Candidates of a line with their orders, best first. Orders paid or changed meanwhile make an offer vanish."""
    found = [
        Candidate(**{**c, "order_ids": tuple(c["order_ids"]), "reasons": tuple(c["reasons"])})
        for c in status.proposal
    ]
    rows = orders.rows_for_matching([pk for candidate in found for pk in candidate.order_ids])
    left = status.amount_yen - status.matched_yen
    made: list[Offer] = []
    for candidate in found:
        mine = [rows[pk] for pk in candidate.order_ids if pk in rows]
        owed = sum(row.owed_yen for row in mine)
        if len(mine) == len(candidate.order_ids) and left - owed == candidate.difference_yen:
            made.append(Offer(len(made) + 1, candidate, mine, owed))
    return made


def earlier_of(line: BankLine, *, limit: int = 5) -> QuerySet[BankLineStatus]:
    """この名義のほかの入金, newest first: what this payer paid before says most about what he pays now."""
    if not line.payer_key:
        return BankLineStatus.objects.none()
    return (
        BankLineStatus.objects.filter(line__payer_key=line.payer_key)
        .exclude(pk=line.pk)
        .select_related("line")
        .prefetch_related("line__matches__payments__order")
        .order_by("-on", "-pk")[:limit]
    )


def known_as(line: BankLine) -> QuerySet[PayerAlias]:
    """この名義を覚えている顧客."""
    key = read_payer(line.payer).plain
    return (
        PayerAlias.objects.filter(payer_key=key).select_related("customer")
        if key
        else PayerAlias.objects.none()
    )


# One order, one customer -------------------------------------------------------------------------------------------


def payments_of_batch(batch: str) -> list[Payment]:
    """入金の記録 that came with one payout, or by one 決済."""
    return list(Payment.objects.filter(batch=batch).order_by("id")) if batch else []


def payments_of_order(order_id: int) -> QuerySet[Payment]:
    """入金の記録 of one order, newest first."""
    return (
        Payment.objects.filter(order_id=order_id)
        .select_related("match__line", "by")
        .annotate(is_reversed=Exists(Payment.objects.filter(reverses=OuterRef("pk"))))
        .order_by("-id")
    )


def payments_of_orders(order_ids: Collection[int]) -> QuerySet[Payment]:
    """入金の記録 of several orders, oldest first."""
    return Payment.objects.filter(order_id__in=order_ids).order_by("received_on", "id")


def credit_of(customer_id: int | None) -> int:
    """預り金の残高 of a customer."""
    found = (
        CreditBalance.objects.filter(pk=customer_id).values_list("balance_yen", flat=True)
        if customer_id
        else []
    )
    return next(iter(found), 0)


def received_for(billed: Mapping[int, Collection[int]]) -> dict[int, int]:
    """顧客 → yen received for the orders billed to him, with his 預り金; what credit notes took off is no money."""
    owner = {order: customer for customer, pks in billed.items() for order in pks}
    found = dict.fromkeys(billed, 0)
    rows = (
        Payment.objects.filter(order_id__in=list(owner))
        .exclude(source=PaymentSource.CREDIT_NOTE)
        .values_list("order_id")
        .annotate(sum=Sum("amount_yen"))
        .order_by()
    )
    for order, total in rows:
        found[owner[order]] += total
    for customer, balance in CreditBalance.objects.filter(pk__in=list(billed)).values_list(
        "pk", "balance_yen"
    ):
        found[customer] += balance
    return found


def credit_moves(customer_id: int) -> QuerySet[Payment]:
    """預り金の出入り, newest first."""
    return (
        Payment.objects.filter(customer_id=customer_id, order=None)
        .select_related("match__line", "by")
        .annotate(is_reversed=Exists(Payment.objects.filter(reverses=OuterRef("pk"))))
        .order_by("-id")
    )


def credit_total() -> int:
    """預り金の合計: what the shop owes its customers."""
    return CreditBalance.objects.aggregate(sum=Sum("balance_yen"))["sum"] or 0


# Settings ----------------------------------------------------------------------------------------------------------


def account_choices() -> list[tuple[str, str]]:
    """口座 for selections."""
    return [(account.code, str(account)) for account in BankAccount.objects.order_by("code")]


def last_days() -> Mapping[int, object]:
    """口座 → the day of its newest line."""
    rows = (
        BankLine.objects.order_by("account_id", "-on").distinct("account_id").values_list("account_id", "on")
    )
    return dict(rows)
