"""Sums of a file nobody knows: the parts that its columns name, and what proves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from akinai.adapters.channels.generic.parser import GenericRow
from akinai.adapters.channels.words import Code, Findings
from akinai.adapters.channels.words.amounts import Amounts
from akinai.adapters.channels.words.findings import CHECK
from akinai.adapters.channels.words.sums import agree, check_total
from akinai.orders.ports import LineDraft


def amounts_of(f: Findings, rows: Sequence[GenericRow], lines: Sequence[LineDraft]) -> Amounts:
    """The order's own amounts stand on its first row or on all of them. 消費税 is added only where the total shows it.

    A file without 単価 and 金額 tells the goods by what is left of the total. A file without a total is added up.
    """
    head = rows[0]
    agree(f, rows, "total", Code.TOTAL_MISMATCH)
    parts = Amounts(
        goods_yen=sum(line.subtotal_yen for line in lines),
        shipping_yen=f.yen(head, "shipping"),
        cod_fee_yen=f.yen(head, "cod_fee"),
        payment_fee_yen=f.yen(head, "fee"),
        wrapping_yen=f.yen(head, "wrapping"),
        discount_yen=f.magnitude(head, "discount"),
        points_yen=f.magnitude(head, "points") + f.magnitude(head, "other_points"),
    )
    total = f.yen(head, "total") if head.total else parts.sum
    if not any(name in head.headers for name in ("price", "amount")):
        parts = replace(parts, goods_yen=max(total - parts.sum, 0))
    tax = f.yen(head, "tax")
    if tax and total == parts.sum + tax:
        parts = replace(parts, outer_tax_yen=tax)
    found = replace(parts, total_yen=total)
    if head.total:
        check_total(f, head, "total", found)
    elif total < 0:
        message = f"値引が代金より大きく、合計がマイナスになります。{CHECK}"
        f.note(Code.TOTAL_MISMATCH, message, head, "discount")
    return replace(found, total_yen=max(total, 0))
