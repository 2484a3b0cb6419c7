"""再発防止: a measure with an owner and a day, followed until the rate of its cause has fallen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import DomainError
from akinai.shipping import queries as shipping
from akinai.stock.queries import business_day_start
from akinai.support.complaint_states import ComplaintState
from akinai.support.models import Complaint, PreventionTask
from akinai.support.rules.complaints import has_fallen
from akinai.support.services import complaints
from akinai.support.services.compensation import settings

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Plan:
    """対策."""

    what: str
    owner_id: int
    due_on: date
    days: int = 0  # 0: as the settings say


@transaction.atomic
def plan(complaint: Complaint, new: Plan, *, by: Staff) -> PreventionTask:
    """再発防止を立てる. Raises DomainError without a cause: by it the measure is judged."""
    if complaint.cause_id is None:
        raise DomainError("原因が決まっていません。", way_out="先にクレームの原因を選んでください。")
    if not new.what.strip():
        raise DomainError("対策がありません。", way_out="何を変えるかを書いてください。")
    made = PreventionTask.objects.create(
        number=numbering.take("prevention")[0], complaint=complaint, cause_id=complaint.cause_id, what=new.what.strip(),
        owner_id=new.owner_id, due_on=new.due_on, days=new.days or settings().measure_days, created_by=by,
    )  # fmt: skip
    activity.record(made, "create", by=by, summary=made.what[:500])
    complaints.act(
        complaint, f"再発防止 {made.number}（責任者 {made.owner}、期限 {made.due_on:%Y/%m/%d}）: {made.what[:300]}", by=by,
        data={"prevention": made.number},
    )  # fmt: skip
    return made


@transaction.atomic
def change(task: PreventionTask, new: Plan, *, by: Staff) -> None:
    """対策を書き直す. The days of a measure that runs stay: its rate before was counted by them."""
    held = _hold(task)
    if held.state in ("closed", "dropped"):
        raise DomainError(f"{held.number} は終わっています。", way_out="再開してから直してください。")
    held.what, held.owner_id, held.due_on = new.what.strip(), new.owner_id, new.due_on
    if held.state == "planned" and new.days:
        held.days = new.days
    held.save(update_fields=["what", "owner", "due_on", "days"])
    activity.record(held, "change", by=by, summary=held.what[:500])


@transaction.atomic
def put_in_place(task: PreventionTask, on: date, *, by: Staff) -> PreventionTask:
    """対策を始めた: the rate of the same number of days before that day is written down. Raises DomainError for a day to come."""
    if on > clock.today():
        raise DomainError("対策を始めた日が、まだ先の日です。", way_out="始めた日を入れてください。")
    held = _hold(task)
    counted, shipped = measure(held.cause_id, on - timedelta(days=held.days), on)
    fields = {"in_place_on": on, "before_complaints": counted, "before_shipments": shipped}
    return transitions.apply(
        held, "put_in_place", by=by, note=f"前 {counted:,} 件 / 出荷 {shipped:,}", set_fields=fields
    )


def measure(cause_id: int, first: date, until: date) -> tuple[int, int]:
    """(クレーム of the cause, shipments that left) from `first` up to the day before `until`, in Japan's days."""
    begin, end = business_day_start(first), business_day_start(until)
    counted = Complaint.objects.filter(cause_id=cause_id, opened_at__gte=begin, opened_at__lt=end)
    counted = counted.exclude(state=ComplaintState.WITHDRAWN)
    return counted.count(), shipping.shipped_between(begin, end)


def last_day(task: PreventionTask) -> date | None:
    """The day on which the span after is over."""
    return task.in_place_on + timedelta(days=task.days) if task.in_place_on else None


def after(task: PreventionTask) -> tuple[int, int]:
    """(クレーム, shipments) since the measure is in place, for as many days as were counted before."""
    if task.in_place_on is None:
        return 0, 0
    until = min(task.in_place_on + timedelta(days=task.days), clock.today() + timedelta(days=1))
    return measure(task.cause_id, task.in_place_on, until)


@transaction.atomic
def close(task: PreventionTask, *, by: Staff) -> PreventionTask:
    """完了: the span after is over and the rate has fallen. Raises DomainError otherwise; the table's CHECK stands behind."""
    held = _hold(task)
    over = last_day(held)
    if over is not None and clock.today() < over:
        raise DomainError(
            f"効果を見る {held.days} 日がまだ終わっていません（{over:%Y/%m/%d} まで）。",
            way_out="その日まで待つか、店長が理由を書いて完了にしてください。",
        )
    counted, shipped = after(held)
    before = (held.before_complaints or 0, held.before_shipments or 0)
    if over is not None and not has_fallen(before, (counted, shipped)):
        raise DomainError(
            f"発生率が下がっていません（前 {before[0]:,} 件 / {before[1]:,} 出荷、後 {counted:,} 件 / {shipped:,} 出荷）。",
            way_out="対策を見直すか、店長が理由を書いて完了にしてください。",
        )
    return _close(held, counted, shipped, "", by=by)


@transaction.atomic
def excuse(task: PreventionTask, *, reason: str, by: Staff) -> PreventionTask:
    """率が下がらなくても完了にする, by the 店長 with a reason."""
    if not reason.strip():
        raise DomainError("理由がありません。", way_out="率が下がらなくても完了にする理由を書いてください。")
    held = _hold(task)
    counted, shipped = after(held)
    return _close(held, counted, shipped, reason.strip()[:300], by=by)


def _close(task: PreventionTask, counted: int, shipped: int, reason: str, *, by: Staff) -> PreventionTask:
    fields = {
        "closed_at": clock.now(), "closed_by": by, "close_reason": reason, "after_complaints": counted, "after_shipments": shipped,
    }  # fmt: skip
    note = f"後 {counted:,} 件 / 出荷 {shipped:,}" + (f"（{reason}）" if reason else "")
    return transitions.apply(task, "close", by=by, note=note[:500], set_fields=fields)


@transaction.atomic
def drop(task: PreventionTask, *, reason: str, by: Staff) -> PreventionTask:
    """中止."""
    if not reason.strip():
        raise DomainError("中止の理由がありません。", way_out="理由を書いてください。")
    return transitions.apply(task, "drop", by=by, note=reason.strip()[:200])


@transaction.atomic
def resume(task: PreventionTask, *, reason: str, by: Staff) -> PreventionTask:
    """やり直し: planned anew, measured anew."""
    if not reason.strip():
        raise DomainError("やり直す理由がありません。", way_out="理由を書いてください。")
    names = ("in_place_on", "before_complaints", "before_shipments", "after_complaints", "after_shipments")
    fields = dict.fromkeys((*names, "closed_at", "closed_by")) | {"close_reason": ""}
    return transitions.apply(task, "resume", by=by, note=reason.strip()[:200], set_fields=fields)


def _hold(task: PreventionTask) -> PreventionTask:
    return PreventionTask.objects.select_for_update(no_key=True).get(pk=task.pk)
