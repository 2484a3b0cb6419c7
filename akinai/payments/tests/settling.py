"""What tests of settlements begin with: orders of a mall, a carrier and a card company, and their payouts."""

from __future__ import annotations

from datetime import date
from typing import Any

from akinai.core import intake
from akinai.core.intake.models import IntakeFile
from akinai.orders.models import Order
from akinai.payments.models import Settlement, SettlementLineStatus
from akinai.payments.services import settlements
from akinai.payments.settlement_ports import Payout, PayoutLine
from akinai.payments.settlement_states import LineKind
from tests import cast
from tests.cast import draft, place

PAID_ON = date(2026, 11, 20)


def mall(no: str, amount: int = 1080, *, channel: str = "rakuten", **changes: Any) -> Order:
    """An order that the mall settles, of another customer each."""
    cast.sku("TEA-1", pieces=0)
    who = cast.somebody(no)
    return place(
        draft(no, ("TEA-1", 1, amount), **{"buyer": who, "ship_to": who, **changes}), channel=channel
    )


def sale(no: str, yen: int = 1080, **more: Any) -> PayoutLine:
    return PayoutLine(LineKind.SALE, yen, no, no, **more)


def back(no: str, yen: int, **more: Any) -> PayoutLine:
    return PayoutLine(LineKind.REFUND, -yen, no, no, **more)


def fee(yen: int, no: str = "", **more: Any) -> PayoutLine:
    return PayoutLine(LineKind.FEE, -yen, no, no, role="fees", **more)


def payout(*lines: PayoutLine, number: str = "R-2026-11", **more: Any) -> Payout:
    return Payout(more.pop("paid_on", PAID_ON), sum(line.yen for line in lines), lines, number, **more)


def take(*lines: PayoutLine, provider: str = "rakuten", **more: Any) -> Settlement:
    """These lines as a settlement that has been taken."""
    return settlements.take(payout(*lines, **more), settlements.terms_of(provider), by=None).settlement


def said(settlement: Settlement) -> list[tuple[str, str]]:
    """(how, why) of its lines."""
    rows = SettlementLineStatus.objects.filter(settlement=settlement).order_by("line__nth")
    return list(rows.values_list("how", "why"))


def line_of(settlement: Settlement, nth: int = 1) -> int:
    return SettlementLineStatus.objects.get(settlement=settlement, line__nth=nth).pk


def upload(data: bytes, name: str = "精算.csv", **options: Any) -> IntakeFile:
    """Take a file in, as the screen does; refused ones come back as they are."""
    kind = intake.kind_of("settlements")
    assert kind is not None
    row, plan = intake.preview(kind, [intake.Upload(name, data)], options=options, by=None)
    if not plan.refused:
        intake.apply(row, by=None, files=plan.files)
    return row
