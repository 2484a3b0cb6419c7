"""受注の受付: drafts from any channel become orders, set-based; the same drafts again change nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from akinai.core import activity, bulk, clock, events
from akinai.core.errors import DomainError
from akinai.orders.models import (
    CheckWarning,
    Hold,
    Order,
    OrderAddress,
    OrderAddressLine,
    OrderIssue,
    OrderLine,
)
from akinai.orders.ports import DestinationDraft, OrderDraft
from akinai.orders.services import cases, changes, lookups, rows
from akinai.orders.services.addresses import settle_shared
from akinai.orders.services.cases import Case
from akinai.orders.services.hold_limits import give_limits
from akinai.stock import queries as stock

if TYPE_CHECKING:
    from akinai.channels.models import Channel
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

NUMBER_LENGTH = 80


@dataclass(slots=True)
class Placed:
    """受付の結果. `exceptions` counts orders of this call with at least one open issue or pending change."""

    created: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    exceptions: int = 0

    def add(self, other: Placed) -> None:
        self.created += other.created
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.exceptions += other.exceptions


def place(
    draft: OrderDraft,
    *,
    channel: Channel,
    by: Staff | None,
    create_skus: bool = False,
    now: datetime | None = None,
) -> Placed:
    """受付（1 件）. When the same order comes in twice at once, the second call finds the first one's order."""
    try:
        return place_many([draft], channel=channel, by=by, create_skus=create_skus, now=now)
    except IntegrityError as error:
        if "order_once_per_channel" not in str(error):
            raise
        return place_many([draft], channel=channel, by=by, create_skus=create_skus, now=now)


@transaction.atomic
def place_many(
    drafts: Sequence[OrderDraft],
    *,
    channel: Channel,
    by: Staff | None,
    intake_file: IntakeFile | None = None,
    create_skus: bool = False,
    now: datetime | None = None,
) -> Placed:
    """受付: new orders are written with their lines, issues, holds and reservations; known ones are compared.

    All or nothing. The number of statements does not grow with the number of drafts. Idempotent by channel and
    channel order number: told again the same way nothing changes, told differently a person decides (OrderChange).
    Raises DomainError for a draft without a usable order number.
    """
    moment = now or clock.now()
    first, again = _told_once(drafts)
    known = lookups.known_orders(channel.pk, [draft.channel_order_no for draft in first])
    placed = _compare(first, known, by, intake_file, moment)
    # Known orders told twice are compared before goods are touched, so that rows are always taken orders → stock.
    placed.add(_compare(again, known, by, intake_file, moment))
    again = [draft for draft in again if draft.channel_order_no not in known]
    fresh = [draft for draft in first if draft.channel_order_no not in known]
    if fresh:
        location_id = stock.default_location_id()
        made = cases.build(
            fresh, channel=channel, by=by, create_skus=create_skus, location_id=location_id, now=moment
        )
        placed.created = _write(made, channel, by, intake_file, moment, location_id)
        placed.exceptions += sum(1 for case in made if case.issues)
    if again:
        placed.add(
            place_many(
                again, channel=channel, by=by, intake_file=intake_file, create_skus=create_skus, now=moment
            )
        )
    return placed


def _compare(
    drafts: Sequence[OrderDraft],
    known: Mapping[str, lookups.Known],
    by: Staff | None,
    intake_file: IntakeFile | None,
    now: datetime,
) -> Placed:
    """The known ones among the drafts, each order at most once per round."""
    placed = Placed()
    rest = [draft for draft in drafts if draft.channel_order_no in known]
    while rest:
        first, rest = _told_once(rest)
        pairs = [(known[draft.channel_order_no], draft) for draft in first]
        seen = changes.compare_many(pairs, by=by, intake_file=intake_file, now=now)
        placed.add(Placed([], seen.changed, seen.unchanged, len(seen.changed)))
    return placed


def _told_once(drafts: Sequence[OrderDraft]) -> tuple[list[OrderDraft], list[OrderDraft]]:
    """(each order number's first draft, the repeated ones). Refuses drafts that cannot be told apart."""
    first: dict[str, OrderDraft] = {}
    again = []
    for draft in drafts:
        number = draft.channel_order_no
        if not number.strip() or len(number) > NUMBER_LENGTH:
            raise DomainError(
                f"注文番号「{number[:40]}」が空欄か、{NUMBER_LENGTH}文字より長いため、受け付けられません。",
                way_out="ファイルの注文番号を確かめてください。",
            )
        if first.setdefault(number, draft) is not draft:
            again.append(draft)
    return list(first.values()), again


def _write(
    made: Sequence[Case],
    channel: Channel,
    by: Staff | None,
    intake_file: IntakeFile | None,
    now: datetime,
    location_id: int,
) -> list[int]:
    """The rows, in one statement per table."""
    common = {
        "channel_id": channel.pk,
        "location_id": location_id,
        "received_at": now,
        "intake_file_id": intake_file.pk if intake_file else None,
    }
    ids = bulk.insert(Order, [common | rows.order_row(case, channel) for case in made])
    if gone := [pk for pk, case in zip(ids, made, strict=True) if case.draft.mall_status == "shipped"]:
        events.emit("order.shipped_outside", order_ids=gone)
    pairs = list(zip(ids, made, strict=True))
    lines = [(pk, case, columns) for pk, case in pairs for columns in case.lines]
    line_ids = bulk.insert(OrderLine, [_line_row(pk, case, columns) for pk, case, columns in lines])
    by_line = {(pk, columns["line_no"]): line for (pk, _, columns), line in zip(lines, line_ids, strict=True)}
    shared = _share_out(pairs, by_line)
    bulk.insert(OrderIssue, [rows.issue_row(pk, issue, now) for pk, case in pairs for issue in case.issues])
    bulk.insert(Hold, [rows.hold_row(pk, hold, now) for pk, case in pairs for hold in case.holds])
    give_limits([pk for pk, case in pairs if case.holds])
    told = [rows.warning_row(pk, one, now) for pk, case in pairs for one in case.warnings]
    if told:
        bulk.insert(CheckWarning, told)
    activity.record_many([_fact(pk, case, channel) for pk, case in pairs], by=by)
    for pk in shared:
        settle_shared(pk, by=by)
    return ids


def _line_row(order_id: int, case: Case, columns: Mapping[str, Any]) -> dict[str, Any]:
    assigned = sum(dict(one.pieces).get(columns["line_no"], 0) for one in _others(case.draft))
    own: dict[str, Any] = {
        "order_id": order_id, "sku_id": case.skus.get(columns["line_no"]), "instructed": 0, "assigned": assigned, "gift": {}
    }  # fmt: skip
    return {**columns, **own}


def _others(draft: OrderDraft) -> Sequence[DestinationDraft]:
    """送付先 of what is ours to ship."""
    return () if draft.mall_status in ("shipped", "cancelled") else draft.others


def _share_out(pairs: Sequence[tuple[int, Case]], by_line: Mapping[tuple[int, int], int]) -> list[int]:
    """複数送付先 as the channel told them. Out: the orders of which a wish has to be judged."""
    told = [(pk, no, one) for pk, case in pairs for no, one in enumerate(_others(case.draft), 1)]
    if not told:
        return []
    ids = bulk.insert(OrderAddress, [rows.address_row(pk, no, one) for pk, no, one in told])
    bulk.insert(
        OrderAddressLine,
        [
            {"address_id": address, "order_line_id": by_line[pk, line_no], "quantity": count}
            for address, (pk, _, one) in zip(ids, told, strict=True)
            for line_no, count in one.pieces
        ],
    )
    return list(dict.fromkeys(pk for pk, _, one in told if one.delivery_on or one.delivery_slot))


def _fact(pk: int, case: Case, channel: Channel) -> activity.Fact:
    told = case.draft
    data = {"shipped_on": str(told.shipped_on), "tracking_no": told.tracking_no} if told.tracking_no else {}
    summary = f"{channel.name} {told.channel_order_no}"
    return activity.Fact(
        activity.Subject(Order, pk, case.number),
        "place",
        summary=summary,
        to_state=str(case.state),
        data=data,
    )
