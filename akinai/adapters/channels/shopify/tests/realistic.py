"""Shopify order exports from sales: UTF-8, 79 columns, totals on an order's first row, lines below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from akinai.adapters.channels.shopify.writer import HEADER
from akinai.adapters.channels.tests.files import csv_file
from akinai.adapters.channels.tests.truth import Person, Sale, Sold
from akinai.adapters.channels.words.places import PREFECTURES

PAYS = {
    "card": "Shopify Payments", "cod": "Cash on Delivery (COD)", "bank": "Bank Deposit", "wallet": "Amazon Pay",
    "convenience": "KOMOJU - コンビニ決済", "deferred": "Paidy",
}  # fmt: skip
SLOTS = {
    "": "",
    "am": "午前中",
    "1416": "14:00〜16:00",
    "1618": "16時-18時",
    "1820": "18:00-20:00",
    "1921": "19:00~21:00",
}


def file(sales: Sequence[Sale], **how: Any) -> bytes:
    return csv_file(HEADER, rows(sales), **{"encoding": "utf-8", "newline": "\n", **how})


def rows(sales: Sequence[Sale], *, outer: bool = False, cents: bool = False) -> list[dict[str, object]]:
    """`outer`: a shop whose prices are without tax (only with whole prices); `cents`: amounts with .00."""
    found = [row for nth, sale in enumerate(sales, 1) for row in order_rows(sale, nth, outer=outer)]
    return [_with_cents(row) for row in found] if cents else found


def order_rows(sale: Sale, nth: int = 1, *, outer: bool = False) -> list[dict[str, object]]:
    made = [_line(sale, line, nth) for line in sale.lines]
    made[0] |= (
        _order(sale, nth)
        | _taxes(sale, outer)
        | _person("Billing", sale.buyer)
        | _person("Shipping", sale.to)
    )
    return made


def _order(sale: Sale, nth: int) -> dict[str, object]:
    moment = sale.at.strftime("%Y-%m-%d %H:%M:%S +0900")
    financial = {"cancelled": "voided", "returned": "refunded"}.get(sale.status) or (
        "paid" if sale.settled else "pending"
    )
    wishes = [("配送希望日", str(sale.on or "")), ("配送時間帯", SLOTS[sale.slot]), ("のし", sale.gift)]
    return {
        "Financial Status": financial, "Paid at": moment if sale.settled else "",
        "Fulfillment Status": "fulfilled" if sale.status in ("shipped", "returned") else "unfulfilled",
        "Fulfilled at": moment if sale.status == "shipped" else "", "Accepts Marketing": "no", "Currency": "JPY",
        "Subtotal": sale.goods - sale.discount, "Shipping": sale.shipping + sale.cod_fee, "Total": sale.total,
        "Discount Code": "WELCOME" if sale.discount else "", "Discount Amount": sale.discount,
        "Shipping Method": "クロネコヤマト 宅急便", "Notes": sale.note,
        "Note Attributes": "\n".join(f"{name}: {value}" for name, value in wishes if value),
        "Cancelled at": moment if sale.status == "cancelled" else "", "Payment Method": PAYS[sale.pay],
        "Payment Reference": f"c{nth}.1", "Refunded Amount": sale.total if sale.status == "returned" else 0,
        "Outstanding Balance": 0 if sale.settled else sale.total, "Id": 5_000_000_000 + nth, "Risk Level": "Low",
        "Source": "web",
    }  # fmt: skip


def _taxes(sale: Sale, outer: bool) -> dict[str, object]:
    """Each line's own tax, half up, on what is left of it after the order's discount."""
    taxed: dict[int, int] = {}
    for line in sale.lines:
        left = line.amount - (sale.discount * line.amount // sale.goods if sale.goods else 0)
        taxed[line.rate] = taxed.get(line.rate, 0) + _half_up(left, line.rate, outer)
    fees = _half_up(sale.shipping + sale.cod_fee, 10, outer)
    if fees or 10 in taxed:
        taxed[10] = taxed.get(10, 0) + fees
    named = {f"Tax {nth} Name": f"CT {rate}%" for nth, rate in enumerate(sorted(taxed, reverse=True), 1)}
    values = {f"Tax {nth} Value": taxed[rate] for nth, rate in enumerate(sorted(taxed, reverse=True), 1)}
    total = {"Total": sale.total + sum(taxed.values())} if outer else {}
    return {**named, **values, "Taxes": sum(taxed.values()), **total}


def _half_up(amount: int, rate: int, outer: bool) -> int:
    bottom = 100 if outer else 100 + rate
    return (2 * amount * rate + bottom) // (2 * bottom)


def _person(who: str, person: Person) -> dict[str, object]:
    return {
        f"{who} Name": person.name, f"{who} Street": f"{person.street}, {person.building}".strip(", "),
        f"{who} Address1": person.street, f"{who} Address2": person.building, f"{who} Company": person.company,
        f"{who} City": person.city, f"{who} Zip": f"'{person.postal[:3]}-{person.postal[3:]}",
        f"{who} Province": f"JP-{PREFECTURES.index(person.prefecture) + 1:02d}", f"{who} Country": "JP",
        f"{who} Phone": person.phone, f"{who} Province Name": person.prefecture,
    }  # fmt: skip


def _line(sale: Sale, line: Sold, nth: int) -> dict[str, object]:
    return {
        "Name": sale.number, "Email": sale.buyer.email, "Created at": sale.at.strftime("%Y-%m-%d %H:%M:%S +0900"),
        "Lineitem quantity": line.quantity, "Lineitem name": line.name, "Lineitem price": line.price,
        "Lineitem sku": line.code, "Lineitem requires shipping": "true", "Lineitem taxable": "true",
        "Lineitem fulfillment status": "pending", "Vendor": "見本商店", "Lineitem discount": 0,
    }  # fmt: skip


def _with_cents(row: dict[str, object]) -> dict[str, object]:
    money = (
        "Subtotal",
        "Shipping",
        "Taxes",
        "Total",
        "Discount Amount",
        "Lineitem price",
        "Tax 1 Value",
        "Tax 2 Value",
    )
    return row | {name: f"{row[name]}.00" for name in money if row.get(name, "") != ""}
