"""What may be asked of payments (入金の照会)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet

from akinai.orders import queries as orders
from akinai.payments.models import BankLineStatus, Match
from akinai.payments.rules import Candidate
from akinai.payments.services.auto import LOOKED_AT

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def lines_seen_by(user: Staff | AnonymousUser) -> QuerySet[BankLineStatus]:
    """Credits this person may see."""
    rows = BankLineStatus.objects.select_related("line__account").annotate(
        left=F("amount_yen") - F("matched_yen")
    )
    return rows if user.has_perm("payments.view_bankline") else rows.none()


def matches_of(line_id: int) -> QuerySet[Match]:
    """消込 of one line with their payments, newest first."""
    return (
        Match.objects.filter(line_id=line_id)
        .select_related("by", "reverses", "reversed_by")
        .prefetch_related("payments__order")
        .order_by("-id")
    )


def to_do_count() -> int:
    """Lines a person has to look at."""
    return BankLineStatus.objects.filter(state__in=LOOKED_AT).count()


def next_to_do(after: int | None = None) -> int | None:
    """The next line to decide, oldest first."""
    rows = (
        BankLineStatus.objects.filter(state__in=LOOKED_AT).exclude(pk=after).order_by("line__on", "line_id")
    )
    return rows.values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True)
class Offer:
    """候補 as the screen shows it."""

    index: int
    candidate: Candidate
    orders: Sequence[Any]
    owed_yen: int


def offers(status: BankLineStatus) -> list[Offer]:
    """Candidates of a line with their orders, best first. Orders that were paid meanwhile make an offer vanish."""
    found = [
        Candidate(**{**c, "order_ids": tuple(c["order_ids"]), "reasons": tuple(c["reasons"])})
        for c in status.proposal
    ]
    rows = orders.rows_for_matching([pk for candidate in found for pk in candidate.order_ids])
    made = []
    for index, candidate in enumerate(found):
        mine = [rows[pk] for pk in candidate.order_ids if pk in rows]
        if len(mine) == len(candidate.order_ids):
            made.append(Offer(index, candidate, mine, sum(row.owed_yen for row in mine)))
    return made
