"""Amazon's sums. 未出荷レポート tells only what is collected on delivery; 新規注文レポート tells prices, tax inside, per row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from akinai.adapters.channels.amazon.parser import AmazonRow
from akinai.adapters.channels.words import Code, Findings
from akinai.adapters.channels.words.amounts import Amounts
from akinai.adapters.channels.words.findings import CHECK
from akinai.core.money import yen
from akinai.orders.ports import LineDraft


def with_promotions(f: Findings, rows: Sequence[AmazonRow]) -> list[AmazonRow]:
    """The items, with the discounts of rows that tell nothing but a further promotion of an item added to it."""
    items = [row for row in rows if row.sku or row.name or row.quantity]
    for row in rows:
        if row in items:
            continue
        at = next((n for n, item in enumerate(items) if item.line_id == row.line_id), None)
        if at is None:
            f.note(Code.OTHER, f"商品の行がない割引の行です。金額に入れていません。{CHECK}", row, "line_id")
            continue
        item = items[at]
        more = f.magnitude(row, "item_discount") + f.magnitude(item, "item_discount")
        freight = f.magnitude(row, "ship_discount") + f.magnitude(item, "ship_discount")
        items[at] = replace(item, item_discount=str(more), ship_discount=str(freight))
    return items or list(rows)


def amounts_of(
    f: Findings, rows: Sequence[AmazonRow], lines: Sequence[LineDraft], *, is_yen: bool
) -> Amounts:
    """Prices where the report has them. There is no total to prove them by, but a 代金引換額 that must be it."""
    cod = _cod_amount(f, rows)
    fee = sum(f.yen(row, "payment_fee") + f.yen(row, "cod_fee") for row in rows)
    if "item_price" not in rows[0].headers or not is_yen:
        return Amounts(total_yen=cod, cod_fee_yen=fee if cod else 0, amounts_known=False)
    goods = sum(line.subtotal_yen for line in lines)
    quiet = Findings()  # the lines have said already what is no price
    price = sum(quiet.yen(row, "item_price") for row in rows)
    found = Amounts(
        goods_yen=goods,
        shipping_yen=sum(f.yen(row, "shipping_price") for row in rows),
        cod_fee_yen=fee,
        wrapping_yen=sum(f.yen(row, "wrap_price") for row in rows),
        discount_yen=sum(
            f.magnitude(row, "item_discount") + f.magnitude(row, "ship_discount") for row in rows
        ),
        points_yen=0,
        adjustment_yen=0 if f.has(Code.BAD_QUANTITY) else price - goods,  # what does not divide by the pieces
    )
    if found.sum < 0:
        message = f"割引が代金より大きく、合計が {yen(found.sum)} になります。{CHECK}"
        f.note(Code.TOTAL_MISMATCH, message, rows[0], "item_discount")
    if cod and cod != found.sum:
        message = f"代金引換額 {yen(cod)} と、商品代・送料・手数料から割引を引いた {yen(found.sum)} が合いません。{CHECK}"
        f.note(Code.TOTAL_MISMATCH, message, rows[0], "cod_amount")
    return replace(found, total_yen=max(found.sum, 0))


def _cod_amount(f: Findings, rows: Sequence[AmazonRow]) -> int:
    """代金引換額. Several rows that each name one are added up, and a person is asked."""
    amounts = [amount for row in rows if (amount := f.yen(row, "cod_amount"))]
    if len(amounts) > 1:
        listed = "、".join(yen(amount) for amount in amounts)
        message = f"代金引換額が複数の行にあります（{listed}）。合計 {yen(sum(amounts))} として取り込みました。{CHECK}"
        f.note(Code.TOTAL_MISMATCH, message, rows[0], "cod_amount")
    return sum(amounts)


def rate_of_tax(f: Findings, row: AmazonRow, price: int) -> int:
    """The rate that item-tax proves (税込 price, one yen per piece of rounding); 0 where Amazon states no tax."""
    tax = f.yen(row, "item_tax")
    if not tax or not price:
        return 0
    slack = 1 + (int(row.quantity) if row.quantity.isdigit() else 1)
    for rate in (10, 8):
        if abs(price * rate - tax * (100 + rate)) <= slack * (100 + rate):
            return rate
    message = (
        f"税額 {yen(tax)} が、商品代 {yen(price)} の10%とも8%とも合いません。商品の税率を確かめてください。"
    )
    f.note(Code.TAX_MISMATCH, message, row, "item_tax")
    return 10
