"""変更の前に見る: what an edit would do, found by doing it and taking it back; and the edit as it was shown.

There is no second reckoning of stock, tax and money that could differ from the true one. The act runs inside a
transaction that never commits, so the clerk sees what will happen; saving runs it once more and compares.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import clock, postal
from akinai.core.errors import ChangedMeanwhile
from akinai.core.tax import RateTotal, Rounding, rates_on
from akinai.orders import charging, content, effects, gifts, quoting
from akinai.orders.effects import LinePicture, Picture, Preview
from akinai.orders.models import Order
from akinai.orders.preview_ports import consequences
from akinai.orders.services.locking import lock
from akinai.orders.states import DELIVERY_SLOTS, OrderState
from akinai.party import queries as party
from akinai.stock import queries as stock

if TYPE_CHECKING:
    from akinai.orders.models import OrderLine

Act = Callable[[], object]
FEES = ("shipping_yen", "cod_fee_yen", "payment_fee_yen", "wrapping_yen")
PARTS = ("goods_yen", *FEES, "outer_tax_yen", "adjustment_yen", "discount_yen")


class ShownDiffers(ChangedMeanwhile):
    """見せた影響と違う: the truth has moved since. `preview` is what the act would do now."""

    def __init__(self, message: str, *, way_out: str, preview: Preview) -> None:
        super().__init__(message, way_out=way_out)
        self.preview = preview


@transaction.atomic
def foresee(order_id: int, act: Act) -> Preview:
    """変更の影響 of `act`, which is taken back. What the act refuses, it refuses here."""
    with transaction.atomic():
        found = _done(order_id, act)
        transaction.set_rollback(True)
    return found


@transaction.atomic
def change_as_shown(order_id: int, act: Act, *, shown: str) -> Preview:
    """Do `act` if it does what was shown (`shown`: the fingerprint of that preview). Raises ShownDiffers else."""
    found = _done(order_id, act)
    if found.fingerprint != shown:
        raise ShownDiffers(
            "確認の画面を開いたあとに、在庫や受注が変わりました。", way_out="新しい影響を見て、よければもう一度保存してください。",
            preview=found,
        )  # fmt: skip
    return found


def _done(order_id: int, act: Act) -> Preview:
    before = picture(lock(order_id))
    act()
    order = Order.objects.get(pk=order_id)
    return effects.preview(before, picture(order), consequences(order))


def picture(order: Order) -> Picture:
    """受注 as it stands now."""
    lines = list(order.lines.select_related("sku").order_by("line_no"))
    held = stock.reserved([f"{order.number}/{line.line_no}" for line in lines])
    holds = order.holds.filter(released_at=None).order_by("pk").values_list("reason", flat=True)
    issues = order.issues.filter(resolved_at=None).order_by("pk").values_list("message", flat=True)
    return Picture(
        state=str(order.get_state_display()), is_cancelled=order.state == OrderState.CANCELLED,
        is_settled=order.payment_settled,
        lines=tuple(_line(line, held.get(f"{order.number}/{line.line_no}")) for line in lines),
        amounts=tuple((content.TITLES[name], getattr(order, name)) for name in PARTS),
        taxes=taxes_of(order, lines), points_yen=order.points_yen, total_yen=order.total_yen, paid_yen=order.paid_yen,
        words=(*_words(order), ("のし（明細）", gifts.told("", lines))), shipping_yen=order.shipping_yen,
        charge=charging.of_order(order), holds=tuple(holds), issues=tuple(issues),
    )  # fmt: skip


def _line(line: OrderLine, held: stock.Held | None) -> LinePicture:
    code = line.sku.code if line.sku else line.sku_code
    wanted = line.quantity if line.sku else 0
    return LinePicture(
        line.line_no, code, line.name, line.quantity, line.unit_price_yen, held.quantity if held and wanted else 0, wanted
    )  # fmt: skip


def taxes_of(order: Order, lines: list[OrderLine]) -> tuple[RateTotal, ...]:
    """税率ごとの税 of what is charged, rounded once per rate."""
    fees = sum(getattr(order, name) for name in FEES) + order.outer_tax_yen + max(order.adjustment_yen, 0)
    cuts = order.discount_yen + order.points_yen + max(-order.adjustment_yen, 0)
    asked = quoting.quote(
        [(line.tax_rate, line.subtotal_yen) for line in lines if line.quantity], fees_yen=fees, discount_yen=cuts,
        standard_rate=rates_on(clock.today()).standard, rounding=Rounding(party.company().tax_rounding),
    )  # fmt: skip
    return asked.taxes


def _words(order: Order) -> tuple[tuple[str, str], ...]:
    address = f"〒{postal.formatted(order.ship_postal_code)} {order.ship_prefecture}{order.ship_city}{order.ship_line1} {order.ship_line2}"
    return (
        ("お届け先", f"{order.ship_company} {order.ship_name}".strip()),
        ("住所", address.strip()),
        ("電話", order.ship_phone),
        ("お届け希望日", f"{order.delivery_on:%Y/%m/%d}" if order.delivery_on else ""),
        ("時間帯", DELIVERY_SLOTS.get(order.delivery_slot, order.delivery_slot)),
        ("運送会社", order.carrier),
        ("出荷期限", f"{order.ship_by:%Y/%m/%d}" if order.ship_by else ""),
        ("のし・ラッピング", order.gift_note),
        ("支払方法", str(order.get_payment_display())),
        ("入金期限", f"{order.payment_due_on:%Y/%m/%d}" if order.payment_due_on else ""),
    )
