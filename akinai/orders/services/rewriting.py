"""受注の書き直し: an order gets the content of another telling: columns, lines, promised goods, issues and holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from akinai.core import bulk, clock
from akinai.orders import content, rules
from akinai.orders.models import Hold, Order, OrderIssue, OrderLine
from akinai.orders.ports import OrderDraft
from akinai.orders.services import cases, lookups, rows
from akinai.orders.services.stock_lines import references, reserve_order
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff

LINE_COLUMNS = ("line_no", "channel_line_no", *content.LINE_TITLES)


def as_columns(order_ids: Sequence[int]) -> dict[int, tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Orders as we have them, in the shape of `content.columns` and `content.line_columns`. Two queries."""
    if not order_ids:
        return {}
    lines = Prefetch("lines", OrderLine.objects.only("order_id", *LINE_COLUMNS).order_by("line_no"))
    orders = Order.objects.filter(pk__in=list(order_ids)).only(*content.TITLES).prefetch_related(lines)
    return {order.pk: (_columns(order), [_line(line) for line in order.lines.all()]) for order in orders}


def _columns(order: Order) -> dict[str, Any]:
    return {name: getattr(order, name) for name in content.TITLES}


def _line(line: OrderLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in LINE_COLUMNS}


def rewrite(order: Order, draft: OrderDraft, *, by: Staff | None) -> None:
    """Replace what the order says by the draft. The caller holds the row and advances afterwards."""
    old = references(order)
    stock_services.release(old, by=by)
    skus = cases.resolve([draft], order.channel_id, by=by, create=False)
    mine = {line.line_no: pk for line in draft.lines if (pk := cases.sku_of(line, skus)) is not None}
    columns = content.columns(draft)
    lines = [content.line_columns(line) for line in draft.lines]
    _write_lines(order, lines, mine)
    digest = content.digest_of(columns, lines)
    settled = {"payment_settled": True} if draft.payment_settled else {}
    Order.objects.filter(pk=order.pk).update(**columns, content_digest=digest, **settled)
    _ask_again(order, draft, mine, by)
    reserve_order(order.pk, by=by)


def _write_lines(order: Order, lines: Sequence[dict[str, Any]], skus: dict[int, int]) -> None:
    """Lines keep their numbers, because papers name them; a line that is gone stays with 0 pieces."""
    have = {line.line_no: line.pk for line in order.lines.all()}
    for columns in lines:
        values = columns | {"sku_id": skus.get(columns["line_no"])}
        if pk := have.pop(columns["line_no"], None):
            OrderLine.objects.filter(pk=pk).update(**values)
        else:
            OrderLine.objects.create(order=order, **values)
    OrderLine.objects.filter(pk__in=have.values()).update(quantity=0)


def _ask_again(order: Order, draft: OrderDraft, skus: dict[int, int], by: Staff | None) -> None:
    """What was odd about the old content is answered by the new one; what is odd about the new one is said.

    A hold that a person has released stays released unless its reason is another one now.
    """
    now = clock.now()
    OrderIssue.objects.filter(order=order, resolved_at=None).update(
        resolved_at=now, resolved_by=by, resolution="変更の反映で置き換え"
    )
    bulk.insert(OrderIssue, [rows.issue_row(order.pk, i, now) for i in cases.issues_of(draft, skus)])
    settings = lookups.rule_settings()
    holds = rules.holds_for(draft, settings, lookups.looked_up(draft, now))
    said = set(Hold.objects.filter(order=order).values_list("rule", "reason"))
    open_rules = [hold.rule for hold in holds]
    outdated = Hold.objects.filter(order=order, released_at=None, rule__in=rules.RULES).exclude(
        rule="duplicate"
    )
    outdated.exclude(rule__in=open_rules).update(released_at=now, released_by=by, note="変更の反映で解消")
    for hold in holds:
        if (hold.rule, hold.reason) in said:
            continue
        outdated.filter(rule=hold.rule).update(reason=hold.reason)
        if not Hold.objects.filter(order=order, rule=hold.rule, released_at=None).exists():
            bulk.insert(Hold, [rows.hold_row(order.pk, hold, now)])
