"""保留と解除."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import activity, clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import rules
from akinai.orders.models import Hold, HoldRule, Order
from akinai.orders.services.advance import advance
from akinai.orders.services.locking import lock
from akinai.orders.states import WAITING

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from akinai.staff.models import Staff


@transaction.atomic
def hold(order: Order, *, reason: str, by: Staff | None) -> Hold:
    """保留にする by hand, with the reason. Refused once shipping has begun."""
    if not reason.strip():
        raise DomainError("保留の理由がありません。", way_out="理由を書いてください。")
    if lock(order.pk).state not in WAITING:
        raise DomainError(
            f"{order.number} は出荷が始まっているため保留にできません。",
            way_out="先に出荷指示を取り消してください。",
        )
    try:
        with transaction.atomic():
            made = Hold.objects.create(
                order=order, rule=rules.MANUAL, reason=reason.strip()[:300], placed_by=by
            )
    except IntegrityError as error:
        raise ChangedMeanwhile(
            f"{order.number} はすでに手動で保留されています。", way_out="受注を開き直してください。"
        ) from error
    activity.record(order, "place_hold", by=by, summary=f"保留: {reason}")
    advance([order.pk], by=by)
    return made


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
