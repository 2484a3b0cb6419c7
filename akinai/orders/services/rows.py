"""受注の行: cases as rows of the tables, every column named."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from akinai.orders import content, rules
from akinai.orders.ports import DestinationDraft, IssueDraft, OrderDraft
from akinai.orders.states import METHODS, PREPAID, PaymentKind, Progress

if TYPE_CHECKING:
    from akinai.channels.models import Channel
    from akinai.orders.services.cases import Case


def issue_row(order_id: int, issue: IssueDraft, now: datetime) -> dict[str, Any]:
    return {
        "order_id": order_id, "code": str(issue.code), "line_no": issue.line_no, "message": issue.message,
        "column": issue.column[:100], "value": issue.value[:2000], "source_file": issue.source_file[:255],
        "source_line": issue.source_line, "raised_at": now, "resolved_at": None, "resolved_by_id": None, "resolution": "",
    }  # fmt: skip


def hold_row(order_id: int, hold: rules.HoldDraft, now: datetime) -> dict[str, Any]:
    return {
        "order_id": order_id, "rule": hold.rule, "title": hold.title, "check_version_id": hold.version_id,
        "reason": hold.reason, "placed_at": now, "placed_by_id": None,
        "released_at": None, "released_by_id": None, "note": "", "due_at": None, "release_rule": "",
    }  # fmt: skip


def warning_row(order_id: int, warning: rules.HoldDraft, now: datetime) -> dict[str, Any]:
    return {
        "order_id": order_id, "rule": warning.rule, "title": warning.title, "version_id": warning.version_id,
        "reason": warning.reason, "raised_at": now, "seen_at": None, "seen_by_id": None,
    }  # fmt: skip


def first_payment_progress(draft: OrderDraft, *, is_settled: bool) -> Progress:
    """入金の進み: settled at the channel, nothing to pay, or not yet."""
    if draft.total_yen == 0 and draft.amounts_known:
        return Progress.NOT_NEEDED
    return Progress.DONE if is_settled else Progress.NONE


def due_on(ordered_at: datetime, payment: str) -> date | None:
    """入金期限 of a prepaid order, by its 支払方法."""
    days = METHODS[PaymentKind(payment)].pay_within_days
    return None if days is None else timezone.localdate(ordered_at) + timedelta(days=days)


def _kept(draft: OrderDraft) -> dict[str, str]:
    """原データ, with the mall's number of the address, which it wants back with the parcel's number."""
    return {**draft.raw, "ship_to_id": draft.ship_to_id} if draft.ship_to_id else draft.raw


def order_row(case: Case, channel: Channel) -> dict[str, Any]:
    draft = case.draft
    is_outside = draft.mall_status == "shipped"
    no_invoice = not draft.amounts_known or channel.issues_own_invoice or is_outside
    waits = draft.payment in PREPAID and not case.is_settled
    due = due_on(draft.ordered_at, draft.payment) if waits else None
    progress = first_payment_progress(draft, is_settled=case.is_settled)
    others = [one.to for one in draft.others]
    words = {"search_text": content.with_others(case.columns["search_text"], others)} if others else {}
    return case.columns | words | {
        "number": case.number, "channel_order_no": draft.channel_order_no, "state": str(case.state),
        "customer_id": case.customer_id, "content_digest": content.digest_of(case.columns, case.lines, draft.others),
        "source_line": draft.source_line, "raw": _kept(draft), "payment_settled": case.is_settled, "paid_yen": 0,
        "shipped_outside": is_outside, "in_parts": False, "payment_progress": str(progress),
        "shipment_progress": str(Progress.NOT_NEEDED if is_outside else Progress.NONE),
        "invoice_progress": str(Progress.NOT_NEEDED if no_invoice else Progress.NONE),
        "shipped_at": shipped_at(draft) if is_outside else None,
        "notified_at": None, "delivered_on": None, "payment_due_on": due, "ship_by": case.ship_by,
    }  # fmt: skip


def address_row(order_id: int, no: int, told: DestinationDraft) -> dict[str, Any]:
    """送付先 as the channel told it."""
    own: dict[str, Any] = {"order_id": order_id, "no": no, "gift_note": "", "removed_at": None}
    return content.destination_columns(told) | own


def shipped_at(draft: OrderDraft) -> datetime:
    """When the parcel left, as far as the channel told; else when it was ordered."""
    if draft.shipped_on is None:
        return draft.ordered_at
    return timezone.make_aware(datetime.combine(draft.shipped_on, datetime.min.time()))
