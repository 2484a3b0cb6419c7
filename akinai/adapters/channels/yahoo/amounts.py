"""Yahoo!'s sums: TotalPrice or SettleAmount, and which of the parts they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from akinai.adapters.channels.words import Findings
from akinai.adapters.channels.words.amounts import Amounts
from akinai.adapters.channels.words.sums import check_total
from akinai.adapters.channels.yahoo.parser import YahooOrder
from akinai.orders.ports import LineDraft


def amounts_of(f: Findings, row: YahooOrder, lines: Sequence[LineDraft], *, is_cod: bool) -> Amounts:
    """合計 = 商品＋送料＋手数料＋包装料＋調整−値引き−クーポン−ポイント.

    What the buyer pays stands in TotalPrice or, where that is before points and coupons, in SettleAmount: the one
    that the parts add up to is taken. When neither is, TotalPrice is kept and said to be wrong.
    """
    fee = f.yen(row, "pay_charge")
    parts = Amounts(
        goods_yen=sum(line.subtotal_yen for line in lines),
        shipping_yen=f.yen(row, "shipping"),
        cod_fee_yen=fee if is_cod else 0,
        payment_fee_yen=0 if is_cod else fee,
        wrapping_yen=f.yen(row, "wrapping"),
        adjustment_yen=f.yen(row, "adjustment", negative=True),
        discount_yen=f.magnitude(row, "discount") + _coupons(f, row) + f.magnitude(row, "gift_card"),
        points_yen=f.magnitude(row, "points"),
    )
    name = "total" if row.total else "settle"
    told = [f.yen(row, one) for one in ("total", "settle") if getattr(row, one)]
    total = parts.sum if parts.sum in told else told[0] if told else 0
    found = replace(parts, total_yen=total)
    check_total(f, row, name, found)
    return found


def _coupons(f: Findings, row: YahooOrder) -> int:
    """モールクーポン, told as one sum or by what they are for; ストアクーポン are part of Discount where it is told."""
    mall = f.magnitude(row, "mall_coupon") or f.magnitude(row, "item_coupon") + f.magnitude(
        row, "shipping_coupon"
    )
    return mall + (0 if row.discount else f.magnitude(row, "store_coupon"))
