"""在庫連携ファイル: written from the stock as it stands, sent once or discarded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction

from akinai.channels.models import Channel, FeedItem, StockFeed, StockFeedRow
from akinai.channels.ports import STOCK_DOORS, FeedRow, StockDoor
from akinai.channels.showing import Shown, shown
from akinai.core import activity, clock, numbering
from akinai.core.errors import ChangedMeanwhile, DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff

Kind, State = StockFeed.Kind, StockFeed.State


def door_of(channel: Channel) -> StockDoor:
    """The mall's stock door. Raises DomainError for a channel that takes no file."""
    door = STOCK_DOORS.get(channel.kind)
    if door is None:
        raise DomainError(
            f"{channel.name} には在庫連携ファイルの形式がありません。",
            way_out="楽天・Yahoo!・Amazon・Shopify の店舗で使えます。",
        )
    return door


@transaction.atomic
def make_feed(
    channel: Channel, *, kind: str = Kind.CHANGED, only: Sequence[int] | None = None, by: Staff | None
) -> StockFeed:
    """在庫連携ファイルを作る: what should be shown now, for the items that are on.

    `kind`: changed (what differs from what was sent last), all, or repair; `only`: ids of the items. Items that the mall
    would refuse stand in `problems`. Raises DomainError when nothing is to be told or a file still waits to be sent.
    """
    door = door_of(channel)
    items = list(_items(channel, only))
    told = shown(items)
    rows = [(item, told[item.pk]) for item in items if item.pk in told]
    if kind == Kind.CHANGED:
        rows = [(item, now) for item, now in rows if now.quantity != item.last_sent]
    if not rows:
        raise DomainError(
            f"{channel.name} に送る在庫はありません。"
            if items
            else f"{channel.name} の品目がまだありません。",
            way_out="最後に送った数から変わっていません。"
            if items
            else "モールの在庫CSVを取り込むと、品目が登録されます。",
        )
    return _write(channel, door, kind, rows, by)


def _items(channel: Channel, only: Sequence[int] | None) -> list[FeedItem]:
    found = FeedItem.objects.filter(channel=channel, is_on=True, sku__isnull=False).order_by("key")
    return list(found if only is None else found.filter(pk__in=only))


def _write(
    channel: Channel, door: StockDoor, kind: str, rows: Sequence[tuple[FeedItem, Shown]], by: Staff | None
) -> StockFeed:
    written = door.write([FeedRow(item.keys, now.quantity) for item, now in rows])
    problems = [{"key": rows[at][0].key, "message": why} for at, why in sorted(written.left_out.items())]
    kept = [row for at, row in enumerate(rows) if at not in written.left_out]
    if not kept:
        raise DomainError(
            f"{channel.name} に載せられる品目がありません。{problems[0]['key']}: {problems[0]['message']}",
            way_out="モール側の番号を直してから、在庫CSVを取り込み直してください。",
        )
    number = numbering.take("stock_feed")[0]
    try:
        with transaction.atomic():
            feed = StockFeed.objects.create(
                number=number, channel=channel, kind=kind, filename=door.filename, data=written.data,
                count=len(kept), problems=problems, made_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise ChangedMeanwhile(
            f"{channel.name} には、まだ送っていない在庫連携ファイルがあります。",
            way_out="先にそのファイルを「送った」か「破棄」にしてください。",
        ) from error
    StockFeedRow.objects.bulk_create(
        [
            StockFeedRow(feed=feed, item=item, quantity=now.quantity, was=item.last_sent, free=now.free)
            for item, now in kept
        ],
        batch_size=5000,
    )
    activity.record(feed, "create", by=by, summary=f"{feed.get_kind_display()} {feed.count:,} 件")
    return feed


SENT = """
UPDATE channels_feeditem i SET sent_before = i.last_sent, last_sent = r.quantity, last_sent_at = %s
FROM channels_stockfeedrow r WHERE r.feed_id = %s AND r.item_id = i.id
"""


@transaction.atomic
def mark_sent(feed: StockFeed, *, by: Staff | None) -> None:
    """送った: the mall has taken the file; its numbers are from now on what we told it. Once."""
    _decide(feed, State.SENT)
    with connection.cursor() as cursor:
        cursor.execute(SENT, [clock.now(), feed.pk])
    activity.record(feed, "send", by=by, summary=f"{feed.channel} に {feed.count:,} 件を送りました。")


@transaction.atomic
def discard(feed: StockFeed, *, by: Staff | None) -> None:
    """破棄: the file was never sent."""
    _decide(feed, State.DISCARDED)
    activity.record(feed, "discard", by=by, summary="送らずに破棄しました。")


def _decide(feed: StockFeed, state: str) -> None:
    """Of two people deciding about one file, one does."""
    if not StockFeed.objects.filter(pk=feed.pk, state=State.MADE).update(state=state, decided_at=clock.now()):
        feed.refresh_from_db()
        raise ChangedMeanwhile(
            f"{feed.number} はすでに「{feed.get_state_display()}」です。",
            way_out="画面を開き直してください。",
        )
    feed.refresh_from_db()


def switch(items: Sequence[int], *, on: bool, by: Staff | None) -> int:
    """連携を入れる・切る. Out: how many items changed."""
    words = "入れました" if on else "切りました"
    return _change(items, "is_on", on, "switch_feed", f"在庫連携を {{count:,}} 品目で{words}。", by)


def keep_back(items: Sequence[int], *, buffer: int | None, by: Staff | None) -> int:
    """控えておく点数 of items; None: as the channel says. Out: how many items changed."""
    words = "店舗の設定に戻しました" if buffer is None else f"{buffer:,} 点にしました"
    return _change(items, "buffer", buffer, "keep_back", f"控えておく点数を {{count:,}} 品目で{words}。", by)


@transaction.atomic
def _change(items: Sequence[int], field: str, value: object, verb: str, told: str, by: Staff | None) -> int:
    """The items where it is another, and a line in the history of each channel of theirs."""
    found = FeedItem.objects.filter(pk__in=items).exclude(**{field: value})
    channels = list(Channel.objects.filter(pk__in=found.values("channel")))
    count = found.update(**{field: value})
    for channel in channels:
        activity.record(channel, verb, by=by, summary=told.format(count=count))
    return count
