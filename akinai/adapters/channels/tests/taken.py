"""Taking files in by the command, and what the orders say afterwards, in the words of `truth`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from akinai.adapters.channels.tests.truth import Person, Sale
from akinai.adapters.channels.words.times import TOKYO
from akinai.catalog.tests.factories import make_sku
from akinai.orders.models import Order, OrderIssue

KINDS = {"bank": "bank_transfer"}  # all others are called as in akinai.orders.states.PaymentKind


def intake(folder: Path, files: Mapping[str, bytes], *words: str, code: int = 0) -> dict[str, Any]:
    """`akinai intake orders FILES --create-skus --json`: the JSON of its last line."""
    paths = []
    for name, data in files.items():
        (folder / name).write_bytes(data)
        paths.append(str(folder / name))
    out, status = StringIO(), 0
    try:
        call_command("intake", "orders", *paths, "--create-skus", "--json", *words, stdout=out)
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    answer: dict[str, Any] = json.loads(out.getvalue().strip().splitlines()[-1])
    assert status == code, answer["errors"][:3]
    return answer


def issues() -> list[tuple[str, str]]:
    """(order, message) of every exception."""
    rows = OrderIssue.objects.order_by("order__channel_order_no", "id")
    return [(row.order.channel_order_no, row.message) for row in rows.select_related("order")]


def orders() -> dict[str, Order]:
    """By the mall's number."""
    return {row.channel_order_no: row for row in Order.objects.prefetch_related("lines")}


Told = dict[str, Any]
ALL = (
    "at", "lines", "goods", "shipping", "cod_fee", "fee", "wrapping", "discount", "points", "total", "taxes", "payment",
    "settled", "buyer", "to", "on", "slot", "note", "status",
)  # fmt: skip


def told(row: Order) -> Told:
    """An order in the words of `expected`."""
    lines = [
        (line.sku_code, line.name, line.quantity, line.unit_price_yen, line.tax_rate, line.options)
        for line in row.lines.all()
    ]
    state = {"cancelled": "cancelled", "shipped": "shipped", "completed": "shipped"}.get(row.state, "open")
    return {
        "at": row.ordered_at.astimezone(TOKYO), "lines": lines, "goods": row.goods_yen, "shipping": row.shipping_yen,
        "cod_fee": row.cod_fee_yen, "fee": row.payment_fee_yen, "wrapping": row.wrapping_yen, "discount": row.discount_yen,
        "points": row.points_yen, "total": row.total_yen,
        "taxes": {tax["rate"]: (tax["charged_yen"], tax["tax_yen"]) for tax in row.taxes},
        "payment": row.payment, "settled": row.payment_settled,
        "buyer": (row.buyer_name, row.buyer_kana, row.buyer_company, row.buyer_email, row.buyer_phone,
                  row.buyer_postal_code, row.buyer_address.replace(" ", "")),
        "to": (row.ship_name, row.ship_kana, row.ship_company, row.ship_phone, row.ship_postal_code, row.ship_prefecture,
               f"{row.ship_city}{row.ship_line1}{row.ship_line2}".replace(" ", "")),
        "on": row.delivery_on, "slot": row.delivery_slot, "note": row.customer_note, "status": state,
    }  # fmt: skip


def expected(sale: Sale) -> Told:
    """What an order of this sale must say, if the mall's file has room for all of it."""
    lines = [
        (line.code, line.name, line.quantity, line.price, line.rate, line.options) for line in sale.lines
    ]
    is_free = sale.total == 0
    status = {"hold": "open", "returned": "cancelled"}.get(sale.status, sale.status)
    return {
        "at": sale.at.astimezone(TOKYO), "lines": lines, "goods": sale.goods, "shipping": sale.shipping,
        "cod_fee": sale.cod_fee, "fee": sale.fee, "wrapping": sale.wrapping, "discount": sale.discount,
        "points": sale.points, "total": sale.total,
        "taxes": {rate: (amount, amount * rate // (100 + rate)) for rate, amount in sale.charged().items()},
        "payment": "points" if is_free else KINDS.get(sale.pay, sale.pay), "settled": sale.settled or is_free,
        "buyer": _buyer(sale.buyer), "to": _to(sale.to), "on": sale.on, "slot": sale.slot, "note": sale.note,
        "status": status,
    }  # fmt: skip


def _buyer(p: Person) -> tuple[str, ...]:
    address = f"{p.prefecture}{p.city}{p.street}{p.building}".replace(" ", "")
    return p.name, p.kana, p.company, p.email, p.phone, p.postal, address


def _to(p: Person) -> tuple[str, ...]:
    street = f"{p.city}{p.street}{p.building}".replace(" ", "")
    return p.name, p.kana, p.company, p.phone, p.postal, p.prefecture, street


def differences(
    sales: Sequence[Sale], *, lacks: Sequence[str] = (), changed: Mapping[str, Any] | None = None
) -> list[tuple[str, str, Any, Any]]:
    """(number, what, as taken in, as it was) wherever an order is not what was sold. `lacks` are facts without a column;
    `changed` says for a fact how the mall tells it: a function of the sale.
    """
    found = orders()
    wrong: list[tuple[str, str, Any, Any]] = []
    for sale in sales:
        if sale.number not in found:
            wrong.append((sale.number, "order", None, "sold"))
            continue
        have, want = told(found[sale.number]), expected(sale)
        for name in ALL:
            if name in lacks:
                continue
            wanted = changed[name](sale) if changed and name in changed else want[name]
            if have[name] != wanted:
                wrong.append((sale.number, name, have[name], wanted))
    return wrong


def day(text: str) -> date:
    return datetime.fromisoformat(text).date()


def register_goods(sales: Sequence[Sale]) -> None:
    """The goods of these sales stand in our own list, with the right 税区分."""
    for line in {line.code: line for sale in sales for line in sale.lines}.values():
        make_sku(line.code, name=line.name, tax_kind="reduced" if line.rate == 8 else "standard")
