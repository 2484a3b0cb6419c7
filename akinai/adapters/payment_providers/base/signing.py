"""署名: HMAC-SHA256 over the time and the raw bytes. Checked before anything of the body is read."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime

from akinai.payments.provider_ports import BadSignature

TOLERANCE_SECONDS = 300
_PART = re.compile(r"([a-z0-9]{1,10})=([0-9a-zA-Z]{1,128})")
MAX_HEADER = 1000


def sign(body: bytes, *, secret: str, at: datetime) -> str:
    """The header that belongs to these bytes, signed at this moment."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_digest(body, secret, str(seconds))}"


def check(body: bytes, header: str, *, secret: str, now: datetime) -> None:
    """Raises BadSignature unless one of the signatures is ours and of these last five minutes.

    Old times are refused against a replay, times ahead against a clock that was turned.
    """
    if not secret:
        raise BadSignature("no secret")
    at, signatures = _parts(header)
    if not any(hmac.compare_digest(_digest(body, secret, at), one) for one in signatures):
        raise BadSignature("signature")
    if abs(now.timestamp() - int(at)) > TOLERANCE_SECONDS:
        raise BadSignature("time")


def _parts(header: str) -> tuple[str, list[str]]:
    """(time as written, signatures of the scheme that we know)."""
    found = _PART.findall(header[:MAX_HEADER])
    times = [
        value
        for name, value in found
        if name == "t" and value.isascii() and value.isdigit() and len(value) <= 12
    ]
    signatures = [value for name, value in found if name == "v1"]
    if len(times) != 1:
        raise BadSignature("header")
    return times[0], signatures


def _digest(body: bytes, secret: str, at: str) -> str:
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
