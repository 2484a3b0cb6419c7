"""精算と入金明細: which deposit is the money of a settlement. Tied by itself where nothing else fits, else by a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, Sum

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.payments.models import (
    BankLineStatus,
    PayoutTerms,
    Settlement,
    SettlementEntry,
    SettlementLineStatus,
    SettlementStatus,
)
from akinai.payments.rules.payouts import Deposit, Expected, sure_pairs
from akinai.payments.services.aside import set_aside
from akinai.payments.services.settlements.acts import book_line
from akinai.payments.services.settlements.taking import take, undo_entries
from akinai.payments.services.settlements.terms import learn_payer
from akinai.payments.services.settlements.writing import Booked, begin, tax_in, write_entries
from akinai.payments.settlement_ports import Payout, PayoutLine
from akinai.payments.settlement_states import LineKind, SettlementState
from akinai.payments.states import AsideReason, BankLineState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

EARLY, LATE = timedelta(days=3), timedelta(days=10)
# Money that no customer's order has: it may be a provider's.
FREE = Q(state__in=[BankLineState.OPEN, BankLineState.PROPOSED]) | Q(
    state=BankLineState.SET_ASIDE, aside_reason=AsideReason.SETTLEMENT
)


def expected(settlement_ids: Iterable[int] | None = None) -> list[Expected]:
    """Live settlements whose money nobody has seen at the bank yet."""
    rows = SettlementStatus.objects.filter(
        state=SettlementState.LIVE, bank_line=None, settlement__net_yen__gt=0
    )
    if settlement_ids is not None:
        rows = rows.filter(pk__in=list(settlement_ids))
    return [
        Expected(pk, provider, on, net, tuple(payers))
        for pk, provider, on, net, payers in rows.order_by("pk").values_list(
            "pk", "provider_id", "settlement__paid_on", "settlement__net_yen", "provider__payers"
        )
    ]


def deposits(amounts: Iterable[int], since: date, until: date) -> list[Deposit]:
    """Credits of these amounts that are no customer's and no settlement's yet."""
    rows = (
        BankLineStatus.objects.filter(
            FREE, amount_yen__in=list(amounts), matched_yen=0, returned_by=None, on__gte=since, on__lte=until
        )
        .filter(line__settlements=None)
        .order_by("pk")
        .values_list("pk", "on", "amount_yen", "line__payer_key")
    )
    return [Deposit(*row) for row in rows]


def tie_all(*, by: Staff | None = None) -> int:
    """精算を入金明細に自動で結び付ける: amount, day and payer agree, and nothing else fits. Safe to run at any time.

    Out: how many were tied.
    """
    waiting = expected()
    if not waiting:
        return 0
    days = [one.on for one in waiting]
    found = deposits({one.net_yen for one in waiting}, min(days) - EARLY, max(days) + LATE)
    done = 0
    for settlement_id, line_id in sure_pairs(waiting, found, early=EARLY, late=LATE):
        try:
            _tie(settlement_id, line_id, note="金額・入金日・名義が一致", by=by)
        except DomainError:
            continue  # somebody was faster with the line or the settlement
        done += 1
    return done


@transaction.atomic
def tie_bank(settlement_id: int, line_id: int, *, note: str = "", by: Staff | None) -> None:
    """入金明細に結び付ける, by a person: the payer's name is remembered. A difference needs a reason and becomes 支払手数料."""
    settlement = Settlement.objects.select_related("provider").get(pk=settlement_id)
    _tie(settlement_id, line_id, note=note, by=by)
    line = BankLineStatus.objects.select_related("line").get(pk=line_id).line
    learn_payer(settlement.provider, line.payer)


@transaction.atomic
def _tie(settlement_id: int, line_id: int, *, note: str, by: Staff | None) -> None:
    settlement = Settlement.objects.select_related("provider").get(pk=settlement_id)
    status = begin(settlement)
    if status.bank_line_id:
        raise DomainError(
            f"{settlement.number} はすでに入金明細と結び付いています。", way_out="精算を開き直してください。"
        )
    line = BankLineStatus.objects.select_for_update().select_related("line").get(pk=line_id)
    left = line.amount_yen - tied_yen(line_id)
    short = settlement.net_yen - left
    if not _is_free(line) or left <= 0:
        raise DomainError(
            "この入金は、ほかの消込か精算に使われています。", way_out="入金明細を確かめてください。"
        )
    if short > 0 and not note.strip():
        raise DomainError(
            f"入金が {yen(short)} 足りません。",
            way_out="振込手数料などの理由を書くと、差額を支払手数料として結び付けます。",
        )
    if line.state != BankLineState.SET_ASIDE:
        set_aside(line_id, reason=AsideReason.SETTLEMENT, note=f"入金精算 {settlement.title}"[:200], by=by)
    taken = min(settlement.net_yen, left)
    SettlementStatus.objects.filter(pk=settlement_id).update(
        bank_line=line_id, bank_yen=taken, bank_note=note[:200]
    )
    if short > 0:
        tax = tax_in(short, "fees", settlement.provider)
        write_entries([Booked(None, "fees", short, tax, note)], settlement, by=by)
    activity.record(
        settlement, "tie_bank", by=by, summary=f"入金明細 {line.on:%Y/%m/%d} {yen(line.amount_yen)}"
    )


def tied_yen(line_id: int) -> int:
    """Yen of a deposit that settlements account for."""
    rows = SettlementStatus.objects.filter(bank_line=line_id, state=SettlementState.LIVE)
    return rows.aggregate(sum=Sum("bank_yen"))["sum"] or 0


def _is_free(line: BankLineStatus) -> bool:
    aside = line.state == BankLineState.SET_ASIDE and line.aside_reason == AsideReason.SETTLEMENT
    unused = line.state in (BankLineState.OPEN, BankLineState.PROPOSED) and not line.matched_yen
    return (aside or unused) and line.returned_by_id is None


@transaction.atomic
def untie_bank(settlement_id: int, *, note: str, by: Staff | None) -> None:
    """入金明細との結び付きを外す. The deposit stays a provider's until somebody brings it back on its own page."""
    if not note.strip():
        raise DomainError("外す理由がありません。", way_out="理由を書いてください。")
    settlement = Settlement.objects.select_related("provider").get(pk=settlement_id)
    if begin(settlement).bank_line_id is None:
        raise DomainError(
            f"{settlement.number} は入金明細と結び付いていません。", way_out="精算を開き直してください。"
        )
    undo_entries(
        settlement, SettlementEntry.objects.filter(settlement=settlement, line=None), note=note, by=by
    )
    SettlementStatus.objects.filter(pk=settlement_id).update(bank_line=None, bank_yen=0, bank_note="")
    activity.record(settlement, "untie_bank", by=by, summary=note[:500])


@dataclass(frozen=True, slots=True)
class Choice:
    """結び付けられる入金 for the screen, with what speaks for it."""

    line_id: int
    on: date
    amount_yen: int
    payer_key: str
    reasons: tuple[str, ...]


def choices(settlement: Settlement, *, most: int = 8) -> list[Choice]:
    """入金 that may be this settlement's, the likeliest first."""
    since, until = settlement.paid_on - LATE, settlement.paid_on + LATE * 3
    rows = (
        BankLineStatus.objects.filter(
            FREE, matched_yen=0, returned_by=None, on__gte=since, on__lte=until, line__settlements=None,
            amount_yen__lte=settlement.net_yen, amount_yen__gte=settlement.net_yen - 1_000,
        )
        .order_by("-amount_yen", "on")
        .values_list("pk", "on", "amount_yen", "line__payer_key")[:most]
    )  # fmt: skip
    return [Choice(*row, _reasons(settlement, Deposit(*row))) for row in rows]


def _reasons(settlement: Settlement, deposit: Deposit) -> tuple[str, ...]:
    said = []
    gap = settlement.net_yen - deposit.amount_yen
    said.append(f"金額が {yen(gap)} 少ない" if gap else "金額が一致")
    if deposit.is_signed_by(settlement.provider.payers):
        said.append("名義が一致")
    days = (deposit.on - settlement.paid_on).days
    said.append("入金日が一致" if not days else f"入金日が {abs(days)} 日{'あと' if days > 0 else '前'}")
    return tuple(said)


@transaction.atomic
def by_hand(line_id: int, terms: PayoutTerms, *, role: str, note: str, by: Staff | None) -> Settlement:
    """精算のない入金: a deposit whose provider gives no file is explained by one account."""
    line = BankLineStatus.objects.select_related("line").get(pk=line_id)
    left = line.amount_yen - tied_yen(line_id)
    payout = Payout(
        line.on, left, (PayoutLine(LineKind.ADJUSTMENT, left, reference=f"BANK-{line_id}", text=note, on=line.on),),
        number=f"BANK-{line_id}",
    )  # fmt: skip
    made = take(payout, terms, by=by).settlement
    (status,) = SettlementLineStatus.objects.filter(settlement=made)
    book_line(status.pk, role=role, note=note, by=by)
    tie_bank(made.pk, line_id, by=by)
    return made
