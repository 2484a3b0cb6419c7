"""対象外: money that is not from a customer (interest, own transfers, returned transfers)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.payments.errors import AlreadyMatched
from akinai.payments.models import BankLine, BankLineStatus
from akinai.payments.states import BankLineState

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def set_aside(line_id: int, *, by: Staff | None, note: str) -> None:
    """対象外にする, with the reason. Refused when part of the money is matched."""
    if not note.strip():
        raise DomainError(
            "対象外にする理由がありません。", way_out="理由を書いてください（例: 利息、口座間の移動）。"
        )
    changed = BankLineStatus.objects.filter(pk=line_id, matched_yen=0).update(
        state=BankLineState.SET_ASIDE, note=note[:200], proposal=[], score=0
    )
    if not changed:
        raise AlreadyMatched("消込済みの入金は対象外にできません。", way_out="先に消込を取り消してください。")
    activity.record(BankLine.objects.get(pk=line_id), "set_aside", by=by, summary=note)


@transaction.atomic
def bring_back(line_id: int, *, by: Staff | None) -> None:
    """対象外を戻す."""
    changed = BankLineStatus.objects.filter(pk=line_id, state=BankLineState.SET_ASIDE).update(
        state=BankLineState.OPEN, note=""
    )
    if changed:
        activity.record(BankLine.objects.get(pk=line_id), "bring_back", by=by)
