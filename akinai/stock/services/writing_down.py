"""評価損の操作: value leaves, the goods stay; a mistake is answered by reversal."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import DomainError
from akinai.core.money import cost_text
from akinai.stock.models import ValueEntry, WriteDown
from akinai.stock.services.valuing import ValueChange, add_value, lock_values, reverse_value
from akinai.stock.valuation import Worth, settled

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def write_down(*, sku_id: int, unit_yen: Decimal, reason: str, note: str, by: Staff | None) -> WriteDown:
    """評価損の計上: everything of this SKU that lies anywhere is worth `unit_yen` a piece (税抜) from now on.

    Raises DomainError with nothing in stock, and when that is not less than the average cost. The value is held from
    here on, so goods that come meanwhile wait.
    """
    if not note.strip():
        raise DomainError(
            "評価損の根拠が空欄です。", way_out="見積もった売値や処分の予定などを書いてください。"
        )
    worth = lock_values([sku_id])[sku_id]
    loss = _loss(worth, unit_yen)
    number = numbering.take("write_down")[0]
    told = f"{WriteDown.Reason(reason).label}: {note.strip()}"
    change = ValueChange(sku_id, -loss, ValueEntry.Kind.WRITEDOWN, number, f"writedown:{number}", note=told)
    entry = add_value([change], by=by)[0]
    made = WriteDown.objects.create(
        number=number, sku_id=sku_id, reason=reason, note=note.strip()[:160], pieces=worth.pieces,
        unit_before=worth.average or 0, unit_after=settled(unit_yen), yen=-entry.value_yen, value_entry=entry, at=clock.now(),
        created_by=by,
    )  # fmt: skip
    activity.record(made, "create", by=by, summary=told)
    return made


def _loss(worth: Worth, unit_yen: Decimal) -> Decimal:
    if not worth.pieces or worth.average is None:
        raise DomainError(
            "この商品は在庫がないので、評価損はありません。", way_out="商品コードを確かめてください。"
        )
    loss = worth.value - settled(unit_yen * worth.pieces)
    if unit_yen < 0 or loss <= 0 or unit_yen >= worth.average:
        raise DomainError(
            f"評価後の単価 {cost_text(unit_yen)} 円は、今の平均原価 {cost_text(worth.average)} 円より低くありません。",
            way_out="評価損は、原価より低い値になったときだけ計上します。",
        )
    return loss


@transaction.atomic
def reverse_write_down(found: WriteDown, *, reason: str, by: Staff | None) -> WriteDown:
    """評価損の取消, by a reversing row. What has left meanwhile comes back out of 売上原価."""
    done = transitions.apply(found, "reverse", by=by, note=f"取消: {reason.strip()}"[:1500])
    reverse_value([found.value_entry_id], reason=reason, by=by)
    return done
