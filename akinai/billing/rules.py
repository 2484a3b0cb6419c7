"""What an invoice says (請求書の計算). Pure: amounts in, lines and tax per rate out, no database.

The law (消費税法57条の4, 消費税法施行令70条の10): tax is rounded once per rate and document, never per line and summed.
Sources: japan.md 1. Whole yen in `int`, rates in whole percent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from akinai.billing.errors import NotInvoiceable, TooMuchCredit
from akinai.core.money import yen
from akinai.core.tax import RateTotal, Rounding, share, tax_of

REDUCED_RATE = 8
TITLES = {
    "shipping": "送料",
    "cod_fee": "代引手数料",
    "payment_fee": "決済手数料",
    "wrapping": "ラッピング料",
    "adjustment": "調整額",
    "discount": "値引・クーポン",
    "points": "ポイント利用",
    "price_cut": "クーポン・ポイント利用",
    "paid_points": "ポイントでのお支払い",
    "tax": "消費税（外税）",
}


@dataclass(frozen=True, slots=True)
class Line:
    """明細. `amount_yen` = unit price × quantity as charged; 税抜 when `includes_tax` is False."""

    kind: str
    name: str
    quantity: int
    unit_price_yen: int
    amount_yen: int
    tax_rate: int
    includes_tax: bool = True


@dataclass(frozen=True, slots=True)
class MallTax:
    """税率別の対価と税 as the mall states it: 税込, after coupons; after points too where they lower the price."""

    rate: int
    charged_yen: int
    tax_yen: int


@dataclass(frozen=True, slots=True)
class Charges:
    """What one order asks the buyer to pay. All positive yen, 税込, except `adjustment_yen` (signed)."""

    goods: Sequence[Line]
    total_yen: int
    shipping_yen: int = 0
    cod_fee_yen: int = 0
    payment_fee_yen: int = 0
    wrapping_yen: int = 0
    discount_yen: int = 0
    points_yen: int = 0
    adjustment_yen: int = 0
    outer_tax_yen: int = 0
    mall_taxes: Sequence[MallTax] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """請求書の中身 before it has a number."""

    lines: tuple[Line, ...]
    taxes: tuple[RateTotal, ...]  # highest rate first
    warnings: tuple[str, ...] = field(default=())

    @property
    def numbered(self) -> list[dict[str, Any]]:
        """The lines with their numbers, as a screen shows them and the tables keep them."""
        return [{**asdict(line), "line_no": no} for no, line in enumerate(self.lines, start=1)]

    @property
    def rates(self) -> list[dict[str, Any]]:
        """税率別の合計, as the tables keep them."""
        return [
            {"rate": t.rate, "net_yen": t.net_yen, "tax_yen": t.tax_yen, "gross_yen": t.gross_yen}
            for t in self.taxes
        ]

    @property
    def net_yen(self) -> int:
        return sum(total.net_yen for total in self.taxes)

    @property
    def tax_yen(self) -> int:
        return sum(total.tax_yen for total in self.taxes)

    @property
    def total_yen(self) -> int:
        return self.net_yen + self.tax_yen


def draft_invoice(charges: Charges, *, rounding: Rounding, standard_rate: int) -> Draft:
    """Lines and tax per rate of one order. Raises NotInvoiceable when they do not add up to the order's total.

    Fees (送料, 代引手数料, 決済手数料, ラッピング) are at the standard rate even when all goods are at the reduced one.
    Where the mall states amounts per rate, they are taken as given; else cuts are handed out by the 税込 share. A mall whose
    amounts per rate still hold the points took them as money (it pays the shop for them, as 楽天 does): they stand in a line
    of their own outside the tax and lower what is left to pay, not the price.
    """
    lines = [*charges.goods, *_fees(charges, standard_rate), *_outer_tax(charges)]
    if charges.mall_taxes:
        paid = _paid_points(charges)
        lines = _follow_mall(lines, charges.mall_taxes, cut="discount" if paid else "price_cut") + paid
    else:
        lines += _cuts(lines, charges)
    lines = [line for line in lines if line.amount_yen or line.kind == "goods"]
    _check_total(lines, charges)
    taxes, warnings = _taxes(lines, charges, rounding)
    return Draft(tuple(lines), taxes, tuple(warnings))


def shares(amount: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Hand `amount` out over the rates by weight; the parts add up exactly. Nothing to weigh by: no parts."""
    if not sum(weights.values()):
        return {}
    return dict(zip(weights, share(amount, list(weights.values())), strict=True))


def within(gross_yen: int, rate: int, rounding: Rounding) -> int:
    """消費税額 inside a 税込 sum."""
    return tax_of(gross_yen, rate, rounding=rounding, inclusive=True)


def gross_by_rate(lines: Iterable[Line]) -> dict[int, int]:
    """Sum of the lines per rate, highest rate first. With the 外税 lines among them this is 税込."""
    sums: dict[int, int] = defaultdict(int)
    for line in lines:
        sums[line.tax_rate] += line.amount_yen
    return dict(sorted(sums.items(), reverse=True))


def _one(kind: str, amount: int, rate: int, note: str = "") -> Line:
    return Line(kind, TITLES[kind] + note, 1, amount, amount, rate)


def _fees(charges: Charges, rate: int) -> list[Line]:
    fees = [
        ("shipping", charges.shipping_yen),
        ("cod_fee", charges.cod_fee_yen),
        ("payment_fee", charges.payment_fee_yen),
        ("wrapping", charges.wrapping_yen),
        ("adjustment", max(charges.adjustment_yen, 0)),
    ]
    return [_one(kind, amount, rate) for kind, amount in fees if amount]


def _outer_tax(charges: Charges) -> list[Line]:
    """外税 as lines of their own, handed out over the rates of the goods that were priced without tax."""
    if not charges.outer_tax_yen:
        return []
    weights: dict[int, int] = defaultdict(int)
    for line in charges.goods:
        if not line.includes_tax and line.tax_rate:
            weights[line.tax_rate] += line.amount_yen * line.tax_rate
    parts = shares(charges.outer_tax_yen, weights)
    return [
        _one("tax", amount, rate, f" {rate}%")
        for rate, amount in sorted(parts.items(), reverse=True)
        if amount
    ]


def _cuts(lines: Sequence[Line], charges: Charges) -> list[Line]:
    """値引, ポイント and a negative 調整額 over the rates, each by the 税込 share of what is still charged."""
    left = gross_by_rate(lines)
    made: list[Line] = []
    asked = [
        ("discount", charges.discount_yen),
        ("points", charges.points_yen),
        ("adjustment", max(-charges.adjustment_yen, 0)),
    ]
    for kind, amount in asked:
        if amount > sum(left.values()):
            raise NotInvoiceable(
                f"{TITLES[kind]} {yen(amount)} が請求できる金額 {yen(sum(left.values()))} を超えています。",
                way_out="受注の金額を確かめて直してください。",
            )
        several = sum(1 for weight in left.values() if weight) > 1
        for rate, part in shares(amount, left).items():
            left[rate] -= part
            if part:
                made.append(_one(kind, -part, rate, _for_rate(rate) if several else ""))
    return made


def _for_rate(rate: int) -> str:
    return f"（{rate}%対象分）"


def _follow_mall(lines: list[Line], stated: Sequence[MallTax], *, cut: str) -> list[Line]:
    """Cuts per rate are what lies between our lines and the amount the mall charges for that rate."""
    charged = {tax.rate: tax.charged_yen for tax in stated}
    ours = gross_by_rate(lines)
    rates = sorted(charged.keys() | ours.keys(), reverse=True)
    gaps = {rate: charged.get(rate, 0) - ours.get(rate, 0) for rate in rates}
    several = sum(1 for gap in gaps.values() if gap) > 1
    for rate, gap in gaps.items():
        if gap:
            kind = cut if gap < 0 else "adjustment"
            lines = [*lines, _one(kind, gap, rate, _for_rate(rate) if several else "")]
    return lines


def _paid_points(charges: Charges) -> list[Line]:
    stated = sum(tax.charged_yen for tax in charges.mall_taxes)
    if not charges.points_yen or stated != charges.total_yen + charges.points_yen:
        return []
    return [_one("paid_points", -charges.points_yen, 0)]


def _check_total(lines: Sequence[Line], charges: Charges) -> None:
    found = sum(line.amount_yen for line in lines)
    priced = [line for line in lines if line.kind != "paid_points"]
    if found == charges.total_yen and min(gross_by_rate(priced).values(), default=0) >= 0:
        return
    if found == charges.total_yen:
        raise NotInvoiceable(
            "税率ごとの合計がマイナスになるため、請求書を作れません。",
            way_out="値引やポイントの額と、明細の税率を確かめてください。",
        )
    raise NotInvoiceable(
        f"明細・送料・値引などの合計 {yen(found)} が受注の請求金額 {yen(charges.total_yen)} と合いません"
        f"（差 {yen(charges.total_yen - found)}）。",
        way_out="受注の金額を直すか、差額を調整額に入れてください。",
    )


def _taxes(
    lines: Sequence[Line], charges: Charges, rounding: Rounding
) -> tuple[tuple[RateTotal, ...], list[str]]:
    """One rounding per rate: the mall's amount, the 外税 of a wholly 税抜 rate, or the share within the gross."""
    stated = {tax.rate: tax.tax_yen for tax in charges.mall_taxes}
    totals, warnings = [], []
    for rate, gross in gross_by_rate(lines).items():
        if rate in stated:
            tax = stated[rate]
            if not _is_some_rounding(tax, gross, rate):
                warnings.append(
                    f"{rate}% の消費税額 {yen(tax)} は、{yen(gross)} から切り捨て・四捨五入・切り上げのどれで計算しても"
                    "出ない額です。モールの金額のまま使います。"
                )
        else:
            outer = _wholly_outer_tax(lines, rate)
            tax = within(gross, rate, rounding) if outer is None else outer
            if outer is not None and not _is_some_rounding_of_net(outer, gross - outer, rate):
                warnings.append(
                    f"{rate}% の外税 {yen(outer)} は、税抜 {yen(gross - outer)} からどの端数処理で計算しても出ない額です。"
                    "受注の金額のまま使います。"
                )
        totals.append(RateTotal(rate, gross - tax, tax, gross))
    return tuple(totals), warnings


def _is_some_rounding(tax: int, gross: int, rate: int) -> bool:
    return any(tax == within(gross, rate, way) for way in Rounding)


def _is_some_rounding_of_net(tax: int, net: int, rate: int) -> bool:
    return any(tax == tax_of(net, rate, rounding=way, inclusive=False) for way in Rounding)


def _wholly_outer_tax(lines: Sequence[Line], rate: int) -> int | None:
    """The 外税 of a rate whose other lines are all 税抜; None when something 税込 is among them."""
    here = [line for line in lines if line.tax_rate == rate]
    if any(line.includes_tax and line.kind != "tax" for line in here):
        return None
    return sum(line.amount_yen for line in here if line.kind == "tax")


def draft_credit(
    lines: Sequence[Line],
    *,
    invoiced: Sequence[RateTotal],
    credited: Sequence[RateTotal],
    rounding: Rounding,
) -> Draft:
    """返還請求書: `lines` (amounts to give back, positive; a cut that comes back with the goods is negative).

    Per rate never more than the invoice less earlier credit notes. The note that empties a rate takes the tax that is
    left of it, so that invoice and credit notes cancel to the yen. Raises TooMuchCredit, NotInvoiceable.
    """
    gross = {rate: amount for rate, amount in gross_by_rate(lines).items() if amount}
    taxed = [
        amount for rate, amount in gross.items() if rate or amount > 0
    ]  # points that were paid with come back too
    if sum(gross.values()) <= 0 or min(taxed, default=-1) < 0:
        raise NotInvoiceable("返還する金額がありません。", way_out="返還する明細と金額を入力してください。")
    left = remaining(invoiced, credited)
    totals = []
    for rate, amount in gross.items():
        open_total = left.get(rate, RateTotal(rate, 0, 0, 0))
        if abs(amount) > abs(open_total.gross_yen):
            raise TooMuchCredit(
                f"{rate}% 対象の返還額 {yen(amount)} が、返還できる残り {yen(open_total.gross_yen)} を超えています。",
                way_out="金額を減らすか、これまでの返還請求書を確かめてください。",
            )
        tax = min(within(amount, rate, rounding), open_total.tax_yen)
        if amount == open_total.gross_yen:
            tax = open_total.tax_yen
        # What stays of the net may not become negative when earlier notes were rounded against it.
        tax = max(tax, amount - open_total.net_yen)
        totals.append(RateTotal(rate, amount - tax, tax, amount))
    return Draft(tuple(lines), tuple(totals))


def remaining(invoiced: Sequence[RateTotal], credited: Sequence[RateTotal]) -> dict[int, RateTotal]:
    """What has not been given back yet, per rate."""
    left = {total.rate: total for total in invoiced}
    for given in credited:
        before = left.get(given.rate, RateTotal(given.rate, 0, 0, 0))
        left[given.rate] = replace(
            before,
            net_yen=before.net_yen - given.net_yen,
            tax_yen=before.tax_yen - given.tax_yen,
            gross_yen=before.gross_yen - given.gross_yen,
        )
    return left


def recipient_name(*, company: str, name: str, ship_name: str = "") -> str:
    """宛名: 「会社名 御中」, 「会社名 氏名 様」 (御中 and 様 never together), 「氏名 様」; nobody named: 「お客様」."""
    company, person = company.strip(), name.strip() or ("" if company.strip() else ship_name.strip())
    if company and person and company != person:
        return f"{company} {_honoured(person)}"
    if company:
        return company if company.endswith("御中") else f"{company} 御中"
    return _honoured(person) if person else "お客様"


def _honoured(person: str) -> str:
    return person if person.endswith(("様", "御中", "殿")) else f"{person} 様"


def after_cuts(lines: Mapping[int, Line]) -> dict[int, int]:
    """What each charged line came to in the end (税込): itself and its share of the cuts and 外税 of its rate.

    Cuts and 外税 lines themselves are not in the answer. The parts of a rate add up to its gross.
    """
    found: dict[int, int] = {}
    for rate in {line.tax_rate for line in lines.values()}:
        here = {no: line for no, line in lines.items() if line.tax_rate == rate}
        charged = {
            no: line.amount_yen for no, line in here.items() if line.amount_yen >= 0 and line.kind != "tax"
        }
        rest = sum(line.amount_yen for line in here.values()) - sum(charged.values())
        parts = shares(rest, charged)
        found |= {no: amount + parts.get(no, 0) for no, amount in charged.items()}
    return found
