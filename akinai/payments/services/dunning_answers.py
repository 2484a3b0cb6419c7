"""督促の結果と停止: what came of a call, and when a due is left alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.payments.errors import AlreadyMatched
from akinai.payments.models import Due, DunningAct, DunningAnswer, DunningPause
from akinai.payments.states import BY_PERSON, CallResult

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def answer(
    act_id: int, *, result: str, note: str = "", promised_on: date | None = None, by: Staff | None
) -> DunningAnswer:
    """電話・書面の結果を記録する, once. A promise leaves the due alone until that day, a dispute until somebody goes on.

    Raises AlreadyMatched when another person has written it down, DomainError for a day that has passed.
    """
    act = DunningAct.objects.select_related("order", "statement", "step").get(pk=act_id)
    if act.way not in BY_PERSON:
        raise DomainError("この督促に、記録する結果はありません。", way_out="画面を開き直してください。")
    if result == CallResult.PROMISED and (promised_on is None or promised_on < clock.today()):
        raise DomainError("支払の約束の日がありません。", way_out="今日より後の日を入れてください。")
    told = {
        "result": result,
        "note": note[:200],
        "promised_on": promised_on if result == CallResult.PROMISED else None,
    }
    try:
        with transaction.atomic():
            made = DunningAnswer.objects.create(act=act, by=by, **told)
    except IntegrityError as error:
        raise AlreadyMatched(
            "この督促の結果は、すでに記録されています。", way_out="画面を開き直してください。"
        ) from error
    paper = act.order or act.statement
    if paper is not None:
        activity.record(
            paper,
            "dun_answer",
            by=by,
            summary=f"督促「{act.step}」: {made.get_result_display()} {note}".strip()[:500],
        )
    if result == CallResult.PROMISED:
        _leave_alone(act, f"支払の約束 {note}".strip(), promised_on, by)
    elif result == CallResult.DISPUTED:
        _leave_alone(act, f"支払に納得されていない {note}".strip(), None, by)
    return made


def _leave_alone(act: DunningAct, reason: str, until: date | None, by: Staff | None) -> None:
    DunningPause.objects.create(
        order_id=act.order_id, statement_id=act.statement_id, reason=reason[:200], until=until, by=by
    )


@transaction.atomic
def pause(
    due: Due, *, reason: str, until: date | None = None, whole_customer: bool = False, by: Staff | None
) -> DunningPause:
    """督促を止める: this due, or everything of its customer. Refused without a reason and for a day that has passed."""
    if not reason.strip():
        raise DomainError("督促を止める理由がありません。", way_out="理由を書いてください。")
    if until is not None and until < clock.today():
        raise DomainError(
            "停止の終わりに、過ぎた日は選べません。", way_out="今日より後の日を選んでください。"
        )
    if whole_customer and not due.customer_id:
        raise DomainError("この受注には顧客がありません。", way_out="この受注だけを止めてください。")
    subject = (
        {"customer_id": due.customer_id}
        if whole_customer
        else {"order_id": due.order_id, "statement_id": due.statement_id}
    )
    made = DunningPause.objects.create(**subject, reason=reason.strip()[:200], until=until, by=by)
    end = f"{until:%Y/%m/%d} まで" if until else "再開するまで"
    paper = due.order or due.statement
    if paper is not None:
        activity.record(paper, "dun_pause", by=by, summary=f"督促を停止（{end}）: {reason}"[:500])
    return made


@transaction.atomic
def resume(pause_id: int, *, by: Staff | None) -> None:
    """督促を再開する. One conditional UPDATE; refused when it is over already."""
    open_ones = DunningPause.objects.filter(pk=pause_id, ended_at=None)
    if not open_ones.update(ended_at=clock.now(), ended_by=by):
        raise DomainError("この停止はすでに終わっています。", way_out="画面を開き直してください。")
    made = DunningPause.objects.select_related("order", "statement", "customer").get(pk=pause_id)
    paper = made.order or made.statement or made.customer
    if paper is not None:
        activity.record(paper, "dun_resume", by=by, summary="督促を再開")
