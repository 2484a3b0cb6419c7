"""在庫の照合: a mall's rows become items, differences get their cause, and a repair file is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.channels import drift
from akinai.channels.drift import Cause
from akinai.channels.models import Channel, DriftAudit, DriftRow, FeedItem, StockFeed
from akinai.channels.ports import MallRow
from akinai.channels.services.feeding import make_feed
from akinai.channels.showing import Shown, shown
from akinai.core import activity, clock
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeFile
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Difference:
    """違い of one item as it stands now, before it is written down."""

    item: FeedItem
    mall: int | None
    now: Shown | None
    cause: Cause
    line: int = 0


def learn(channel: Channel, rows: Sequence[MallRow], skus: Mapping[str, int]) -> list[FeedItem]:
    """品目を覚える: every row of the mall's file is an item from now on. In: key → SKU id where it is known.

    A SKU that was known before stays when the file alone does not tell it. Out: the items of these rows.
    """
    seen = clock.now()
    FeedItem.objects.bulk_create(
        [
            FeedItem(
                channel=channel, key=row.key, keys=dict(row.keys), title=row.title, sku_id=skus.get(row.key),
                mall_quantity=row.quantity, mall_seen_at=seen,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["channel", "key"],
        update_fields=["keys", "title", "mall_quantity", "mall_seen_at"],
        batch_size=2000,
    )  # fmt: skip
    items = list(FeedItem.objects.filter(channel=channel, key__in=[row.key for row in rows]))
    newly = [item for item in items if (pk := skus.get(item.key)) and item.sku_id != pk]
    for item in newly:
        item.sku_id = skus[item.key]
    FeedItem.objects.bulk_update(newly, ["sku"], batch_size=2000)
    return items


def differences(channel: Channel, items: Sequence[FeedItem], rows: Sequence[MallRow]) -> list[Difference]:
    """Each item whose number is not what it should be, with the cause; also those that the file does not hold."""
    by_key = {row.key: row for row in rows}
    absent = list(
        FeedItem.objects.filter(channel=channel, is_on=True, sku__isnull=False).exclude(key__in=by_key)
    )
    told = shown([*items, *absent])
    found = [Difference(item, None, told.get(item.pk), Cause.MISSING) for item in absent]
    for item in items:
        row = by_key[item.key]
        if item.is_on and (cause := _cause(item, row.quantity, told.get(item.pk))):
            found.append(Difference(item, row.quantity, told.get(item.pk), cause, row.line))
    order = list(Cause)
    return sorted(found, key=lambda one: (order.index(one.cause), one.item.key))


def _cause(item: FeedItem, mall: int, now: Shown | None) -> Cause | None:
    if now is None:
        return Cause.UNKNOWN
    return drift.cause_of(mall=mall, ours=now.quantity, sent=item.last_sent, sent_before=item.sent_before)


@transaction.atomic
def audit(
    channel: Channel,
    rows: Sequence[MallRow],
    skus: Mapping[str, int],
    *,
    intake_file: IntakeFile | None = None,
    by: Staff | None,
) -> DriftAudit:
    """照合する: learn the mall's items, compare each with what should be shown, write down what differs."""
    items = learn(channel, rows, skus)
    found = differences(channel, items, rows)
    made = DriftAudit.objects.create(
        channel=channel, intake_file=intake_file, compared=len(items), differing=len(found), by=by
    )
    DriftRow.objects.bulk_create(
        [
            DriftRow(
                audit=made, item=one.item, mall=one.mall, ours=one.now.quantity if one.now else None,
                sent=one.item.last_sent, free=one.now.free if one.now else None, cause=one.cause, line=one.line,
            )
            for one in found
        ],
        batch_size=2000,
    )  # fmt: skip
    summary = f"{channel} の在庫 {made.compared:,} 品目を照合、違い {made.differing:,} 件"
    activity.record(channel, "audit", by=by, summary=summary)
    return made


def repair(audit: DriftAudit, *, by: Staff | None) -> StockFeed:
    """修正ファイルを作る: the differing items as they should be now.

    What fell in the mall because of orders we have not taken in is left out: writing our number would sell it twice.
    """
    rows = audit.rows.filter(cause__in=drift.REPAIRABLE)
    ids = list(rows.values_list("item_id", flat=True))
    if not ids:
        raise DomainError(
            "修正ファイルで直せる違いはありません。",
            way_out="先に受注の取込や商品コードの対応を済ませてください。",
        )
    return make_feed(audit.channel, kind=StockFeed.Kind.REPAIR, only=ids, by=by)
