"""知らせの読み方: an event → a `Notice`, and what of an event we keep. Names, addresses and cards are not among it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from akinai.payments.provider_ports import BadNotice, Heard, Notice

TOKYO = ZoneInfo("Asia/Tokyo")
REQUEST, CALL = "akinai_request", "akinai_call"  # our own words in the provider's metadata
KEPT = (
    "id", "object", "amount", "amount_total", "amount_capturable", "amount_received", "amount_refunded", "currency", "status",
    "payment_status", "payment_intent", "setup_intent", "mode", "charge", "client_reference_id", "captured", "reason", "failure_reason",
    "cancellation_reason", "arrival_date",
)  # fmt: skip
LONGEST = 255


def read(body: bytes) -> dict[str, Any]:
    """Bytes → event. Raises BadNotice for what is no event."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadNotice("json") from error
    if not isinstance(event, dict) or not isinstance(_inner(event), dict):
        raise BadNotice("shape")
    return event


def safe(event: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of an event: numbers, amounts and states. What a person is called stays with the provider."""
    inner = _inner(event)
    kept = {name: _plain(inner[name]) for name in KEPT if _plain(inner.get(name)) is not None}
    meta = _dict(inner.get("metadata"))
    kept["metadata"] = {
        name: _plain(meta[name]) for name in (REQUEST, CALL) if _plain(meta.get(name)) is not None
    }
    due = _plain(_dict(inner.get("evidence_details")).get("due_by"))
    if due is not None:
        kept["evidence_details"] = {"due_by": due}
    before = _plain(_dict(_dict(inner.get("payment_method_details")).get("card")).get("capture_before"))
    if before is not None:
        kept["payment_method_details"] = {"card": {"capture_before": before}}
    code = _plain(_dict(inner.get("last_payment_error")).get("code"))
    if code is not None:
        kept["last_payment_error"] = {"code": code}
    head = {name: _plain(event.get(name)) for name in ("id", "type", "created", "livemode", "api_version")}
    return head | {"data": {"object": kept}}


def notice(event: Mapping[str, Any]) -> Notice:
    """What the event says. Raises BadNotice where its own facts are missing or are no facts."""
    inner = _inner(event)
    if not isinstance(inner, dict):
        raise BadNotice("shape")
    kind = _text(event.get("type"))
    meta = _dict(inner.get("metadata"))
    told: dict[str, Any] = {
        "event_id": _text(event.get("id")), "type": kind, "created": _moment(event.get("created")),
        "is_live": event.get("livemode") is True, "object_id": _text(inner.get("id")),
        "payment_ref": _payment_ref(inner), "request": _text(meta.get(REQUEST)) or _text(inner.get("client_reference_id")),
        "call": _text(meta.get(CALL)), "currency": _text(inner.get("currency")).lower() or "jpy",
        "status": _text(inner.get("status")), "reason": _reason(inner), "heard": Heard.OTHER,
    }  # fmt: skip
    if not told["event_id"] or not kind:
        raise BadNotice("id")
    return Notice(**told | READERS.get(kind, _other)(inner))


type Reader = Callable[[Mapping[str, Any]], dict[str, Any]]


def _other(inner: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _session_done(inner: Mapping[str, Any]) -> dict[str, Any]:
    if inner.get("mode") == "setup":
        return {"heard": Heard.CARD_GIVEN, "payment_ref": _text(inner.get("setup_intent"))}
    # Of a card the payment itself tells that it is held; of a コンビニ, "unpaid" is: the number was given out.
    is_waiting = inner.get("payment_status") == "unpaid" and inner.get("status") == "complete"
    return {"heard": Heard.WAITING if is_waiting else Heard.OTHER, "yen": _yen(inner.get("amount_total"))}


def _session_paid(inner: Mapping[str, Any]) -> dict[str, Any]:
    return {"heard": Heard.PAID, "yen": _yen(inner.get("amount_total"))}


def _capturable(inner: Mapping[str, Any]) -> dict[str, Any]:
    return {"heard": Heard.AUTHORISED, "yen": _yen(inner.get("amount_capturable"))}


def _charged(inner: Mapping[str, Any]) -> dict[str, Any]:
    """A charge that is not captured yet tells how long it holds."""
    if inner.get("captured") is not False:
        return {}
    before = _dict(_dict(inner.get("payment_method_details")).get("card")).get("capture_before")
    until = _day(before) if before else None
    return {"heard": Heard.AUTHORISED, "yen": _yen(inner.get("amount")), "until": until}


def _succeeded(inner: Mapping[str, Any]) -> dict[str, Any]:
    return {"heard": Heard.PAID, "yen": _yen(inner.get("amount_received"))}


def _refunded(inner: Mapping[str, Any]) -> dict[str, Any]:
    return {"heard": Heard.REFUNDED, "yen": _yen(inner.get("amount_refunded"))}


def _refund(inner: Mapping[str, Any]) -> dict[str, Any]:
    failed = inner.get("status") in ("failed", "canceled")
    return {"heard": Heard.REFUND_MOVED, "yen": _yen(inner.get("amount")), "is_final": failed}


def _dispute(inner: Mapping[str, Any]) -> dict[str, Any]:
    due = _dict(inner.get("evidence_details")).get("due_by")
    return {"yen": _yen(inner.get("amount")), "answer_by": _day(due) if due else None}


def _disputed(inner: Mapping[str, Any]) -> dict[str, Any]:
    return {"heard": Heard.DISPUTED, **_dispute(inner)}


def _dispute_moved(inner: Mapping[str, Any]) -> dict[str, Any]:
    return {"heard": Heard.DISPUTE_MOVED, **_dispute(inner)}


def _dispute_closed(inner: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "heard": Heard.DISPUTE_CLOSED,
        "is_won": inner.get("status") != "lost",
        "is_final": True,
        **_dispute(inner),
    }


def _payout(inner: Mapping[str, Any]) -> dict[str, Any]:
    return {"heard": Heard.PAYOUT, "yen": _yen(inner.get("amount"), signed=True)}


READERS: dict[str, Reader] = {
    "checkout.session.completed": _session_done,
    "checkout.session.async_payment_succeeded": _session_paid,
    "checkout.session.async_payment_failed": lambda inner: {"heard": Heard.FAILED},
    "checkout.session.expired": lambda inner: {"heard": Heard.PAGE_OVER},
    "payment_intent.amount_capturable_updated": _capturable,
    "payment_intent.succeeded": _succeeded,
    "payment_intent.payment_failed": lambda inner: {"heard": Heard.ATTEMPT_FAILED},
    "payment_intent.canceled": lambda inner: {"heard": Heard.RELEASED, "is_final": True},
    "charge.succeeded": _charged,
    "charge.refunded": _refunded,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.refund.updated": _refund,
    "charge.dispute.created": _disputed,
    "charge.dispute.updated": _dispute_moved,
    "charge.dispute.closed": _dispute_closed,
    "payout.paid": _payout,
    "payout.failed": _payout,
    "payout.canceled": _payout,
    "payout.created": _payout,
    "payout.updated": _payout,
}


def _inner(event: Mapping[str, Any]) -> Any:
    return _dict(event.get("data")).get("object")


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _plain(value: Any) -> Any:
    """A short text, a number or a yes; nothing else is kept. An expanded object is kept by its number."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, str):
        return _text(value) or None
    return value if isinstance(value, bool) or (isinstance(value, int) and abs(value) < 10**15) else None


def _text(value: Any) -> str:
    """Without what a database or a log cannot hold."""
    return "".join(char for char in value[:LONGEST] if char.isprintable()) if isinstance(value, str) else ""


def _payment_ref(inner: Mapping[str, Any]) -> str:
    if inner.get("object") == "payment_intent":
        return _text(inner.get("id"))
    value = inner.get("payment_intent")
    return _text(value.get("id") if isinstance(value, dict) else value)


def _reason(inner: Mapping[str, Any]) -> str:
    error = _dict(inner.get("last_payment_error")).get("code")
    return next(
        (
            text
            for text in (
                _text(inner.get(name)) for name in ("reason", "failure_reason", "cancellation_reason")
            )
            if text
        ),
        _text(error),
    )


def _yen(value: Any, *, signed: bool = False) -> int:
    """Yen have no minor unit: the number is the amount."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int)
        or abs(value) > 10**12
        or (value < 0 and not signed)
    ):
        raise BadNotice("amount")
    return value


def _moment(value: Any) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 10**11:
        raise BadNotice("time")
    return datetime.fromtimestamp(value, tz=UTC)


def _day(value: Any) -> date:
    return _moment(value).astimezone(TOKYO).date()
