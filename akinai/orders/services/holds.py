"""保留と解除."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from akinai.core import activity, clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import rules
from akinai.orders.models import Hold, HoldRule, Order, ReleaseRule
from akinai.orders.services.advance import advance
from akinai.orders.services.locking import lock
from akinai.orders.states import WAITING

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from akinai.staff.models import Staff


@transaction.atomic
def hold(
    order: Order, *, reason: str, due_at: datetime | None = None, release_rule: str = "", by: Staff | None
) -> Hold:
    """保留にする by hand, with the reason, perhaps until when and what releases it. Refused once shipping has begun."""
    if not reason.strip():
        raise DomainError("保留の理由がありません。", way_out="理由を書いてください。")
    _check_due(due_at, release_rule)
    if lock(order.pk).state not in WAITING:
        raise DomainError(
            f"{order.number} は出荷が始まっているため保留にできません。",
            way_out="先に出荷指示を取り消してください。",
        )
    try:
        with transaction.atomic():
            made = Hold.objects.create(
                order=order, rule=rules.MANUAL, reason=reason.strip()[:300], placed_by=by, due_at=due_at,
                release_rule=release_rule,
            )  # fmt: skip
    except IntegrityError as error:
        raise ChangedMeanwhile(
            f"{order.number} はすでに手動で保留されています。", way_out="受注を開き直してください。"
        ) from error
    activity.record(order, "place_hold", by=by, summary=f"保留: {reason}{_until(due_at, release_rule)}"[:500])
    advance([order.pk], by=by)
    return made


@transaction.atomic
def hold_for_audit(order_id: int, *, payment: str, reason: str, by: Staff | None) -> None:
    """審査待ち: who pays later is looked at first. Only an order that is to be paid that way and has not left; once is enough."""
    order = lock(order_id)
    if order.state not in WAITING or order.payment != payment or order.payment_settled:
        return
    told = {"reason": reason[:300], "placed_by": by}
    _, is_new = Hold.objects.get_or_create(order=order, rule=rules.AUDIT, released_at=None, defaults=told)
    if not is_new:
        return
    activity.record(order, "place_hold", by=by, summary=f"保留: {reason}"[:500])
    advance([order_id], by=by)


@transaction.atomic
def end_audit(order_id: int, *, note: str, by: Staff | None) -> None:
    """審査が済んだ: the hold that waited for it is released, if there is one."""
    order = lock(order_id)
    if not _free(Hold.objects.filter(order=order, rule=rules.AUDIT), note, by):
        return
    activity.record(order, "release", by=by, summary=f"{rules.rule_title(rules.AUDIT)}を解除 {note}"[:500])
    advance([order_id], by=by)


def _check_due(due_at: datetime | None, release_rule: str) -> None:
    if due_at and due_at <= clock.now():
        raise DomainError("保留の期限が過ぎた時刻です。", way_out="今より後の日時を選んでください。")
    if release_rule == ReleaseRule.AT_TIME and due_at is None:
        raise DomainError("自動で解除する日時がありません。", way_out="期限の日を入力してください。")


def _until(due_at: datetime | None, release_rule: str) -> str:
    day = f"{timezone.localtime(due_at):%Y/%m/%d %H:%M} まで" if due_at else ""
    how = str(ReleaseRule(release_rule).label) if release_rule else ""
    words = "、".join(filter(None, (day, how)))
    return f"（{words}）" if words else ""


@transaction.atomic
def set_due(hold_id: int, *, due_at: datetime | None, release_rule: str, by: Staff | None) -> None:
    """保留の期限と解除のしかたを決める of a hold that is open."""
    _check_due(due_at, release_rule)
    found = Hold.objects.get(pk=hold_id)
    order = lock(found.order_id)
    still = Hold.objects.filter(pk=hold_id, released_at=None)
    if not still.update(due_at=due_at, release_rule=release_rule):
        raise ChangedMeanwhile("この保留はすでに解除されています。", way_out="受注を開き直してください。")
    summary = f"{found.shown_title}の期限{_until(due_at, release_rule) or 'なし'}"
    activity.record(order, "set_due", by=by, summary=summary[:500])


@transaction.atomic
def release(hold_id: int, *, note: str = "", by: Staff | None) -> None:
    """保留を解除する. Of two people releasing, one does."""
    freed = Hold.objects.get(pk=hold_id)
    order = lock(freed.order_id)
    if not _free(Hold.objects.filter(pk=hold_id), note, by):
        raise ChangedMeanwhile("この保留はすでに解除されています。", way_out="受注を開き直してください。")
    summary = f"{freed.shown_title}を解除 {note}".strip()
    activity.record(order, "release", by=by, summary=summary[:500])
    advance([order.pk], by=by)


@transaction.atomic
def release_all(
    order: Order, *, note: str = "", only: Collection[int] | None = None, by: Staff | None
) -> int:
    """保留をすべて解除する. Exceptions (例外) are not holds: they need an answer of their own.

    `only`: the holds the clerk had before the eyes; one that was placed meanwhile stays. Out: how many were released.
    """
    lock(order.pk)
    held = Hold.objects.filter(order=order, released_at=None)
    if only is not None:
        held = held.filter(pk__in=only)
    open_ones = list(held.order_by("pk"))
    if not open_ones:
        raise DomainError(
            f"{order.number} に解除する保留はありません。", way_out="例外や変更の申し出を確かめてください。"
        )
    count = _free(held, note, by)
    titles = "・".join(one.shown_title for one in open_ones)
    activity.record(order, "release", by=by, summary=f"{titles}を解除 {note}".strip()[:500])
    advance([order.pk], by=by)
    return count


def _free(held: QuerySet[Hold], note: str, by: Staff | None) -> int:
    return held.filter(released_at=None).update(released_at=clock.now(), released_by=by, note=note[:300])


@transaction.atomic
def set_rules(settings: Sequence[HoldRule], *, by: Staff | None) -> None:
    """組み込みの規則を決める: switches and limits, from the next order on."""
    HoldRule.objects.bulk_create(
        settings,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["is_enabled", "limit_days"],
    )
    for setting in settings:
        state = "有効" if setting.is_enabled else "無効"
        activity.record(setting, "set_rule", by=by, summary=f"{rules.rule_title(setting.code)}: {state}")
