"""見本の精算: what 楽天 pays at once. One payout is explained to the yen, the newest has a line nobody can explain."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone

from akinai.core import clock, intake
from akinai.core.business_days import is_bank_closed
from akinai.flows.demo.bank import Line
from akinai.flows.demo.desk import take_in
from akinai.orders import queries as orders
from akinai.orders.states import SETTLED_BY_CHANNEL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from akinai.flows.demo.days import Shop

COLUMNS = ("注文番号", "決済日", "決済金額", "決済手数料", "精算金額", "入金日", "精算番号", "振込金額")
PAYER = "ラクテングループ（カ"
AGO = 6  # days, the explained payout; a day later where the bank is closed
FEE_IN_THOUSAND = 35


def pay(shop: Shop, day: date) -> None:
    """The explained payout, on its day: file and deposit."""
    ago = (shop.today - day).days
    if shop.has_settled or ago > AGO or is_bank_closed(day):
        return
    rows = _rows(before=day - timedelta(days=2))
    if rows:
        shop.has_settled = True
        _take(shop, day, rows, clock.now())


def pay_today(shop: Shop, moment: datetime) -> None:
    """The newest payout: one order is paid less than it asks, and one number is no order of ours."""
    rows = _rows(before=shop.today - timedelta(days=1))
    if not rows:
        return
    no, on, yen, _fee = rows[0]
    rows[0] = (no, on, yen - 100, _fee_of(yen - 100))
    rows.append((f"{no[:-4]}9999", on, 2_480, _fee_of(2_480)))
    with clock.told(moment):
        _take(shop, shop.today, rows, moment)


def _rows(*, before: date) -> list[tuple[str, date, int, int]]:
    """(order number, day, yen, fee) of 楽天's orders that have left and were not paid out yet."""
    left = orders.shipped().filter(
        channel__kind="rakuten", payment__in=SETTLED_BY_CHANNEL, paid_yen=0, total_yen__gt=F("paid_yen"),
        amounts_known=True, shipped_outside=False, shipped_at__date__lt=before,
    )  # fmt: skip
    return [
        (
            order.channel_order_no,
            timezone.localdate(order.shipped_at),
            order.total_yen,
            _fee_of(order.total_yen),
        )
        for order in left.order_by("shipped_at", "pk")
    ]


def _fee_of(yen: int) -> int:
    return yen * FEE_IN_THOUSAND // 1_000


def _take(shop: Shop, day: date, rows: Sequence[tuple[str, date, int, int]], moment: datetime) -> None:
    from akinai.adapters.settlements.writing import table

    net = sum(yen - fee for _no, _on, yen, fee in rows)
    told = [
        (no, f"{on:%Y/%m/%d}", yen, fee, yen - fee, f"{day:%Y/%m/%d}", f"R{day:%Y%m%d}", net)
        for no, on, yen, fee in rows
    ]
    take_in("bank", [shop.account.statement(day, [Line(net, PAYER)])], by=shop.team.suzuki)
    take_in(
        "settlements",
        [intake.Upload(f"楽天精算明細_{day:%Y%m%d}.csv", table(COLUMNS, told))],
        by=shop.team.suzuki,
    )
