"""Shopify rows → OrderDraft."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from akinai.adapters.channels.shopify.amounts import amounts_of
from akinai.adapters.channels.shopify.parser import LINE_COLUMNS, TELLS, ShopifyRow
from akinai.adapters.channels.words import Code, Findings, split_extra
from akinai.adapters.channels.words.amounts import Amounts
from akinai.adapters.channels.words.delivery import carrier, slot
from akinai.adapters.channels.words.door import OrderFileFormat, no_date
from akinai.adapters.channels.words.findings import CHECK
from akinai.adapters.channels.words.payments import LATER, POINTS, kind_of
from akinai.adapters.channels.words.people import person
from akinai.adapters.channels.words.places import prefecture
from akinai.adapters.channels.words.several import same_rows
from akinai.adapters.channels.words.sums import check_currency
from akinai.adapters.channels.words.times import parse_day
from akinai.core.tables import refuse
from akinai.orders.ports import Address, LineDraft, OrderDraft

_FINANCIAL = frozenset(
    (
        "",
        "pending",
        "authorized",
        "partially_paid",
        "paid",
        "partially_refunded",
        "refunded",
        "voided",
        "expired",
    )
)
_GIFT = re.compile("のし|熨斗|ギフト|gift|ラッピング|wrapping", re.IGNORECASE)


class ShopifyFormat(OrderFileFormat):
    """Shopify 注文エクスポートCSV."""

    code = "shopify"
    title = "Shopify 注文CSV"
    channel = "shopify"
    rows = ShopifyRow
    tells = (
        TELLS  # also a cut-down export: refused with the names of what it lacks, instead of not being known
    )
    way_out = "Shopifyの「注文管理」＞「エクスポート」で「すべての注文情報」のCSVを選び、列を消さずにそのまま取り込んでください。"

    def draft(self, number: str, rows: list[ShopifyRow]) -> OrderDraft:
        f = Findings()
        rows = _with_head_first(f, number, rows)
        head = rows[0]
        ordered_at = f.moment(head, "created_at") or f.moment(head, "paid_at")
        if ordered_at is None:
            raise no_date(head, "created_at")
        order_raw, line_raws = split_extra(rows, LINE_COLUMNS, head_only=True)
        is_yen = check_currency(f, head)
        pairs = enumerate(zip(rows, line_raws, strict=True), 1)
        lines = tuple(_line(f, at, row, raw, is_yen) for at, (row, raw) in pairs)
        f.line_no = 0
        lines, amounts = amounts_of(f, rows, lines) if is_yen else (lines, Amounts(amounts_known=False))
        kind, status, ship_to = kind_of(head.payment, amounts, f), _mall_status(f, head), _ship_to(f, head)
        fulfilled = f.moment(head, "fulfilled_at")
        return OrderDraft(
            channel_order_no=number,
            ordered_at=ordered_at,
            buyer=_buyer(f, head, ship_to),
            ship_to=ship_to,
            lines=lines,
            payment=kind,
            payment_label=head.payment,
            **amounts.of_draft(),
            mall_status=status,
            paid_at=f.moment(head, "paid_at"),
            payment_settled=_is_settled(kind, head.financial.lower()),
            shipped_on=fulfilled.date() if fulfilled and status == "shipped" else None,
            **_wishes(f, head),
            issues=tuple(f.issues),
            raw=order_raw,
            source_file=head.file,
            source_line=head.line,
        )


def _wishes(f: Findings, row: ShopifyRow) -> dict[str, Any]:
    """お届けの希望と備考, from the export's own columns and from what apps wrote into Note Attributes."""
    told = _Attributes(row.attributes)
    return {
        "delivery_on": told.day,
        "delivery_slot": told.slot,
        "delivery_method": row.shipping_method,
        "carrier": carrier(row.shipping_method),
        "customer_note": f.text(row, "notes"),
        "shop_note": "\n".join(told.others),
        "gift_note": "、".join(told.gift),
    }


def _is_settled(kind: str, financial: str) -> bool:
    """入金済み, or authorised where an authorisation is as good as money."""
    if kind == POINTS or financial in ("paid", "partially_refunded"):
        return True
    return financial == "authorized" and kind not in LATER


def _with_head_first(f: Findings, number: str, rows: list[ShopifyRow]) -> list[ShopifyRow]:
    """The row with the totals, then the lines. Refused without one: the file begins in the middle of an order."""
    heads = [at for at, row in enumerate(rows) if row.total or row.financial]
    if not heads:
        message = (
            f"注文 {number} の1行目（合計金額のある行）がありません。並べ替えや分割をしていないエクスポートを、"
            f"そのまま取り込んでください。"
        )
        raise refuse(rows[0].file, message, line=rows[0].line, column=rows[0].header("total"))
    if len(heads) == 1:
        return [rows[heads[0]], *rows[: heads[0]], *rows[heads[0] + 1 :]]
    if _is_filled_down(rows):
        return rows
    blocks = [rows[start:end] for start, end in zip(heads, [*heads[1:], len(rows)], strict=True)]
    for block in blocks[1:]:
        differs = "" if same_rows(block, blocks[0]) else "内容が違います。"
        message = (
            f"注文 {number} が{blocks[0][0].line}行目と{block[0].line}行目の2か所にあります。{differs}"
            f"{blocks[0][0].line}行目からの分だけを使いました。{CHECK}"
        )
        f.note(Code.DUPLICATE_ROW, message, block[0], "order_no")
    return blocks[0]


def _is_filled_down(rows: Sequence[ShopifyRow]) -> bool:
    """Tables made of an export often repeat the order on every line. Its goods then add up to its own Subtotal."""
    order = {(row.total, row.subtotal, row.financial, row.created_at) for row in rows}
    if len(order) != 1:
        return False
    quiet = Findings()
    goods = sum(quiet.yen(row, "price") * quiet.quantity(row) for row in rows)
    return goods == quiet.yen(rows[0], "subtotal") + quiet.magnitude(rows[0], "discount")


def _line(f: Findings, line_no: int, row: ShopifyRow, raw: dict[str, str], is_yen: bool) -> LineDraft:
    f.line_no = line_no
    return LineDraft(
        line_no=line_no,
        sku_code=f.code(row, "sku"),
        name=f.text(row, "name", 400),
        quantity=f.quantity(row),
        unit_price_yen=f.yen(row, "price") if is_yen else 0,
        tax_rate=0 if row.taxable.lower() == "false" else 10,
        raw=raw,
        source_line=row.line,
    )


def _mall_status(f: Findings, row: ShopifyRow) -> str:
    financial, fulfillment = row.financial.lower(), row.fulfillment.lower()
    is_sent = fulfillment == "fulfilled"
    if financial not in _FINANCIAL:
        f.note(Code.OTHER, f"支払い状況「{row.financial}」の意味が分かりません。{CHECK}", row, "financial")
    if row.cancelled_at or financial == "voided":
        return "cancelled"
    if financial == "refunded":
        return "returned" if is_sent else "cancelled"
    if is_sent:
        return "shipped"
    return _held(f, row, financial, fulfillment)


def _held(f: Findings, row: ShopifyRow, financial: str, fulfillment: str) -> str:
    """Open orders that Shopify itself is not done with: said, and held where nothing must leave."""
    if financial == "partially_refunded" or (row.refunded and f.magnitude(row, "refunded")):
        message = f"一部が返金されています（{row.refunded}）。取り消された商品と数量を確かめてから出荷してください。"
        f.note(Code.CANCELLED_LINE, message, row, "refunded")
    if financial == "partially_paid":
        f.note(Code.OTHER, "一部だけ入金されています。残りの入金を確かめてください。", row, "financial")
    if row.risk.lower() == "high":
        f.note(
            Code.MALL_HOLD,
            "Shopifyが不正の疑いが高いと判定した注文です。内容を確かめるまで出荷しないでください。",
            row,
            "risk",
        )
    if fulfillment in ("", "unfulfilled"):
        return "open"
    word = {"partial": "一部が発送済み", "on_hold": "保留中", "scheduled": "発送待ち（日付指定）"}.get(
        fulfillment, ""
    )
    said = f"Shopifyで{word}の注文です" if word else f"発送状況「{row.fulfillment}」の注文です"
    f.note(Code.MALL_HOLD, f"{said}。残りの商品を確かめてから進めてください。", row, "fulfillment")
    return "hold"


class _Attributes:
    """Note Attributes ("name: value" lines that delivery-date and gift apps write) in our words."""

    def __init__(self, text: str) -> None:
        self.day: date | None = None
        self.slot = ""
        self.gift: list[str] = []
        self.others: list[str] = []
        for line in text.splitlines():
            name, _, value = line.partition(":")
            if value.strip():
                self._take(name.strip(), value.strip())

    def _take(self, name: str, value: str) -> None:
        is_delivery = bool(re.search("配送|配達|お届け|着日|delivery", name, re.IGNORECASE))
        if is_delivery and not self.day and (day := parse_day(value)):
            self.day = day
        elif is_delivery and slot(value) is not None:
            self.slot = slot(value) or self.slot
        elif _GIFT.search(name):
            self.gift.append(f"{name}: {value}")
        else:
            self.others.append(f"{name}: {value}")


def _ship_to(f: Findings, row: ShopifyRow) -> Address:
    country = _country(row.ship_country)
    if country != "JP":
        message = f"海外（{row.ship_country}）への注文です。送り先と送料を確かめてください。"
        f.note(Code.OTHER, message, row, "ship_country")
    found = person(f, row, "ship", state=prefecture(row.ship_province or row.ship_province_name))
    if found.phone and country == "JP":
        return found
    return replace(found, phone=found.phone or f.phone(row, "phone"), country=country)


def _buyer(f: Findings, row: ShopifyRow, ship_to: Address) -> Address:
    """請求先; an order without one is the recipient's own."""
    email = f.text(row, "email", 254)
    found = person(f, row, "buyer", state=prefecture(row.buyer_province or row.buyer_province_name))
    phone = found.phone or f.phone(row, "phone")
    if not row.buyer_name and not row.buyer_address1:
        return Address(name=ship_to.name, company=ship_to.company, phone=phone or ship_to.phone, email=email)
    return replace(found, phone=phone, email=email, country=_country(row.buyer_country))


def _country(text: str) -> str:
    country = text.upper() or "JP"
    return "JP" if country in ("JAPAN", "日本") else country
