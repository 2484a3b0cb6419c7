"""対象外: money that is not from a customer (interest, own transfers, returned transfers)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.payments.errors import AlreadyMatched
from akinai.payments.models import BankLine, BankLineStatus, SettlementStatus
from akinai.payments.states import AsideReason, BankLineState

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def set_aside(
    line_id: int,
    *,
    by: Staff | None,
    note: str,
    reason: str = AsideReason.OTHER,
    returned_by: int | None = None,
) -> None:
    """対象外にする, with the reason. Refused when part of the money is matched.

    `returned_by` is the debit with which the bank gave the money back (組戻・振込取消): of this account, at least as
    late, of the same amount, and good for one credit only.
    """
    if reason not in AsideReason.values or not note.strip():
        raise DomainError(
            "対象外にする理由がありません。", way_out="理由を書いてください（例: 利息、口座間の移動）。"
        )
    line = BankLine.objects.get(pk=line_id)
    if returned_by and not debits_that_may_return(line).filter(pk=returned_by).exists():
        raise _not_its_debit()
    changed = BankLineStatus.objects.filter(pk=line_id, matched_yen=0).update(
        state=BankLineState.SET_ASIDE, aside_reason=reason, note=note[:200], proposal=[], score=0
    )
    if not changed:
        raise AlreadyMatched("消込済みの入金は対象外にできません。", way_out="先に消込を取り消してください。")
    if returned_by and not _tie(line_id, returned_by):
        raise _not_its_debit()
    activity.record(line, "set_aside", by=by, summary=f"{AsideReason(reason).label}: {note}"[:500])


def _tie(line_id: int, debit_id: int) -> bool:
    """The debit took this credit back. UNIQUE (returned_by) lets one credit have it."""
    try:
        with transaction.atomic():
            free = BankLineStatus.objects.filter(pk=line_id, returned_by=None)
            return bool(free.update(returned_by=debit_id))
    except IntegrityError:
        return False


def _not_its_debit() -> DomainError:
    return DomainError(
        "選んだ出金は、この入金の組戻ではありません。",
        way_out="同じ口座・同じ金額で、まだ使われていない出金を選び直してください。",
    )


def debits_that_may_return(line: BankLine) -> QuerySet[BankLine]:
    """出金 of the same account and amount, not earlier, that has not returned another credit."""
    return BankLine.objects.filter(
        account_id=line.account_id, amount_yen=-line.amount_yen, on__gte=line.on, returns__isnull=True
    ).order_by("on", "id")


@transaction.atomic
def bring_back(line_id: int, *, by: Staff | None, untie: bool = False) -> None:
    """対象外を戻す. Money that the bank has taken back comes only with `untie`: the debit was somebody else's after all."""
    # Whoever ties a settlement to the line holds it meanwhile.
    BankLineStatus.objects.select_for_update().filter(pk=line_id).first()
    if tied := SettlementStatus.objects.filter(bank_line=line_id).select_related("settlement").first():
        raise DomainError(
            f"この入金は精算 {tied.settlement.number} と結び付いています。",
            way_out="先に精算の画面で結び付きを外してください。",
        )
    aside = BankLineStatus.objects.filter(pk=line_id, state=BankLineState.SET_ASIDE)
    if not untie:
        aside = aside.filter(returned_by=None)
    if not aside.update(state=BankLineState.OPEN, aside_reason="", note="", returned_by=None):
        raise DomainError(
            "対象外ではないか、銀行で取消・組戻された入金です。",
            way_out="入金明細を開いて、状態を確かめてください。",
        )
    activity.record(BankLine.objects.get(pk=line_id), "bring_back", by=by)


@transaction.atomic
def note_returns(lines: list[BankLine]) -> int:
    """振込取消・組戻 among new lines: each debit that takes a transfer back is tied to the credit it takes back.

    A credit nobody has used is set aside; one that was matched keeps its match and asks for a person (see
    `queries.RETURNED`). Only where exactly one credit fits. Out: how many were tied.
    """
    tied = 0
    for debit in lines:
        fitting = BankLineStatus.objects.filter(
            line__account_id=debit.account_id, amount_yen=-debit.amount_yen, on__lte=debit.on,
            line__payer_key=debit.payer_key, returned_by=None,
        ).values_list("pk", flat=True)[:2]  # fmt: skip
        if len(fitting) != 1 or not _tie(fitting[0], debit.pk):
            continue
        tied += 1
        set_aside_returned(fitting[0])
    return tied


def set_aside_returned(line_id: int) -> None:
    """Money that the bank has taken back is nobody's, as soon as no match uses it."""
    BankLineStatus.objects.filter(pk=line_id, matched_yen=0, returned_by__isnull=False).update(
        state=BankLineState.SET_ASIDE,
        aside_reason=AsideReason.RETURNED,
        proposal=[],
        score=0,
        note="銀行で取消・組戻",
    )
