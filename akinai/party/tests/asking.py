"""消去の請求 as 加藤 of サポート writes it down, for the tests of what follows."""

from __future__ import annotations

from typing import Any

from akinai.core import clock
from akinai.party import erasing
from akinai.party.models import Customer, ErasureRequest
from tests import cast


def asked(customer: Customer, **told: Any) -> ErasureRequest:
    usual = {"kind": "asked_for", "reason": "お申し出", "proof": "mail", "received_on": clock.today(), "by": cast.staff("加藤")}  # fmt: skip
    return erasing.ask(customer, **{**usual, **told})
