"""保留と解除."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import activity, clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import rules
from akinai.orders.models import Hold, HoldRule, Order
from akinai.orders.services.advance import advance
from akinai.orders.states import WAITING

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def hold(order: Order, *, reason: str, by: Staff | None) -> Hold:
    """保留にする by hand, with the reason. Refused once shipping has begun."""
    if not reason.strip():
        raise DomainError("保留の理由がありません。", way_out="理由を書いてください。")
    now_state = Order.objects.select_for_update().values_list("state", flat=True).get(pk=order.pk)
    if now_state not in WAITING:
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
    found = Hold.objects.filter(pk=hold_id, released_at=None)
    if not found.update(released_at=clock.now(), released_by=by, note=note[:300]):
        raise ChangedMeanwhile("この保留はすでに解除されています。", way_out="受注を開き直してください。")
    freed = Hold.objects.select_related("order").get(pk=hold_id)
    activity.record(
        freed.order, "release", by=by, summary=f"{rules.rule_title(freed.rule)}を解除 {note}".strip()
    )
    advance([freed.order_id], by=by)


@transaction.atomic
def release_all(order: Order, *, note: str = "", by: Staff | None) -> int:
    """保留をすべて解除する. Exceptions (例外) are not holds: they need an answer of their own."""
    rules_freed = list(Hold.objects.filter(order=order, released_at=None).values_list("rule", flat=True))
    count = Hold.objects.filter(order=order, released_at=None).update(
        released_at=clock.now(), released_by=by, note=note[:300]
    )
    if not count:
        raise DomainError(
            f"{order.number} に解除する保留はありません。", way_out="例外や変更の申し出を確かめてください。"
        )
    titles = "・".join(rules.rule_title(code) for code in rules_freed)
    activity.record(order, "release", by=by, summary=f"{titles}を解除 {note}".strip())
    advance([order.pk], by=by)
    return count


@transaction.atomic
def set_rules(settings: Sequence[HoldRule], *, by: Staff | None) -> None:
    """要確認の規則を決める: switches and limits, from the next order on."""
    for setting in settings:
        setting.save()
        state = "有効" if setting.is_enabled else "無効"
        activity.record(setting, "set_rule", by=by, summary=f"{rules.rule_title(setting.code)}: {state}")
