"""The events our twin sends: the same shapes as the real ones, with as much of them as is read."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from akinai.adapters.payment_providers.base.notices import CALL, REQUEST
from akinai.core import clock

HOLDS = timedelta(days=30)


def _event(kind: str, inner: dict[str, Any], *, mark: str = "") -> bytes:
    now = int(clock.now().timestamp())
    number = hashlib.sha256(f"{kind}{inner.get('id')}{mark}".encode()).hexdigest()[:24]
    told = {"id": f"evt_demo_{number}", "object": "event", "type": kind, "created": now, "livemode": False,
            "api_version": "demo", "data": {"object": inner}}  # fmt: skip
    return json.dumps(told).encode()


def _payment(ref: str, yen: int, request: str, **more: Any) -> dict[str, Any]:
    return {
        "id": ref,
        "object": "payment_intent",
        "amount": yen,
        "currency": "jpy",
        "metadata": {REQUEST: request},
    } | more


def held(ref: str, yen: int, request: str) -> list[bytes]:
    """与信: the payment, and the charge that tells how long it holds."""
    until = int((clock.now() + HOLDS).timestamp())
    charge = {
        "id": ref.replace("pi_", "ch_"), "object": "charge", "amount": yen, "currency": "jpy", "captured": False,
        "payment_intent": ref, "metadata": {REQUEST: request},
        "payment_method_details": {"card": {"capture_before": until}},
    }  # fmt: skip
    return [
        _event(
            "payment_intent.amount_capturable_updated", _payment(ref, yen, request, amount_capturable=yen)
        ),
        _event("charge.succeeded", charge),
    ]


def declined(ref: str, yen: int, request: str, code: str, mark: str) -> bytes:
    inner = _payment(ref, yen, request, last_payment_error={"code": code})
    return _event("payment_intent.payment_failed", inner, mark=mark)


def succeeded(ref: str, yen: int) -> bytes:
    inner = {"id": ref, "object": "payment_intent", "amount_received": yen, "currency": "jpy", "metadata": {}}
    return _event("payment_intent.succeeded", inner)


def canceled(ref: str) -> bytes:
    return _event(
        "payment_intent.canceled", {"id": ref, "object": "payment_intent", "currency": "jpy", "metadata": {}}
    )


def session(kind: str, ref: str, payment: str, yen: int, request: str, payment_status: str) -> bytes:
    """checkout.session.…"""
    inner = {"id": ref, "object": "checkout.session", "amount_total": yen, "currency": "jpy", "payment_intent": payment,
             "payment_status": payment_status, "status": "complete", "client_reference_id": request,
             "metadata": {REQUEST: request}}  # fmt: skip
    return _event(kind, inner)


def registered(ref: str, intent: str, number: str) -> bytes:
    """checkout.session.completed of a page where a card was registered and nothing was paid."""
    inner = {"id": ref, "object": "checkout.session", "mode": "setup", "setup_intent": intent, "status": "complete",
             "client_reference_id": number, "metadata": {REQUEST: number}}  # fmt: skip
    return _event("checkout.session.completed", inner)


def refund_failed(number: str, ref: str, yen: int, key: str) -> bytes:
    inner = {"id": number, "object": "refund", "amount": yen, "currency": "jpy", "payment_intent": ref, "status": "failed",
             "failure_reason": "lost_or_stolen_card", "metadata": {CALL: key}}  # fmt: skip
    return _event("refund.failed", inner)


def dispute(kind: str, number: str, ref: str, yen: int, *, status: str, due_in_days: int = 10) -> bytes:
    """charge.dispute.created / closed."""
    due = int((clock.now() + timedelta(days=due_in_days)).timestamp())
    inner = {"id": number, "object": "dispute", "amount": yen, "currency": "jpy", "payment_intent": ref, "status": status,
             "reason": "fraudulent", "evidence_details": {"due_by": due}, "metadata": {}}  # fmt: skip
    return _event(kind, inner)
