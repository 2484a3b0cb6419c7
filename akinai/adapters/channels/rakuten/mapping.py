"""楽天 rows → OrderDraft. The mall's amounts are taken as given; sums that do not hold become issues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from akinai.adapters.channels.rakuten.comment import read_comment
from akinai.adapters.channels.rakuten.parser import LINE_COLUMNS, TELLS, RakutenRow
from akinai.adapters.channels.words import Code, Findings, split_extra
from akinai.adapters.channels.words.delivery import carrier
from akinai.adapters.channels.words.door import OrderFileFormat, no_date
from akinai.adapters.channels.words.payments import BANK_TRANSFER, LATER, POINTS, UNKNOWN, payment_kind
from akinai.adapters.channels.words.places import prefecture, without_prefecture
from akinai.adapters.channels.words.rows import narrow
from akinai.adapters.channels.words.several import without_repeats
from akinai.adapters.channels.words.sums import agree, check_goods, check_taxes, check_total
from akinai.orders.ports import Address, LineDraft, OrderDraft, TaxDraft

# 100 注文確認待ち, 200 楽天処理中, 300 発送待ち, 400 変更確定待ち, 500 発送済, 600 支払手続き中, 700 支払手続き済,
# 800 キャンセル確定待ち, 900 キャンセル確定
STATUSES = {
    "100": "open", "200": "open", "300": "open", "400": "hold", "500": "shipped", "600": "shipped", "700": "shipped",
    "800": "hold", "900": "cancelled",
}  # fmt: skip
STATUS_NAMES = {
    "注文確認待ち": "100", "楽天処理中": "200", "発送待ち": "300", "変更確定待ち": "400", "発送済": "500",
    "支払手続き中": "600", "支払手続き済": "700", "キャンセル確定待ち": "800", "キャンセル確定": "900",
}  # fmt: skip
_PAID_FROM = ("300", "500", "600", "700")
NO_SKU = "normal-inventory"  # RMS writes this where a product has no SKUs of its own


class RakutenFormat(OrderFileFormat):
    """楽天 RMS 受注CSV."""

    code = "rakuten"
    title = "楽天 RMS 受注CSV"
    channel = "rakuten"
    rows = RakutenRow
    tells = TELLS
    enough = 4
    way_out = "RMSの「受注・決済管理」＞「データダウンロード」で、すべての項目を選んだテンプレートでダウンロードし直してください。"

    def draft(self, number: str, rows: list[RakutenRow]) -> OrderDraft:
        f = Findings()
        head = rows[0]
        ordered_at = _ordered_at(f, head)
        rows = without_repeats(f, rows, "line_id", "sku_no")  # one 商品明細ID may hold several SKUs
        order_raw, line_raws = split_extra(rows, LINE_COLUMNS)
        lines = tuple(
            _line(f, at, row, raw) for at, (row, raw) in enumerate(zip(rows, line_raws, strict=True), 1)
        )
        f.line_no = 0
        money = _money(f, rows, lines)
        status, kind = _status(f, head), payment_kind(head.payment)
        if money.total == 0 and money.points + money.discount > 0 and not f.has(Code.BAD_PRICE):
            kind = POINTS
        comment = read_comment(f.text(head, "comment"))
        shipped = f.day(head, "shipped_at")
        _destinations(f, rows)
        return OrderDraft(
            channel_order_no=number,
            ordered_at=ordered_at,
            buyer=_buyer(f, head),
            ship_to=_ship_to(f, head),
            lines=lines,
            payment=kind,
            payment_label=head.payment,
            total_yen=money.total,
            goods_yen=money.goods,
            shipping_yen=money.shipping,
            cod_fee_yen=money.cod_fee,
            payment_fee_yen=money.payment_fee,
            wrapping_yen=money.wrapping,
            discount_yen=money.discount,
            points_yen=money.points,
            outer_tax_yen=money.outer_tax,
            adjustment_yen=money.buyer_charge,
            taxes=money.taxes,
            mall_status=_mall_status(f, head, status),
            payment_settled=_is_settled(kind, status),
            shipped_on=shipped if STATUSES.get(status) == "shipped" else None,
            delivery_on=f.day(head, "delivery_on") or comment.day,
            delivery_slot=f.slot(head) or comment.slot,
            delivery_method=head.delivery_method,
            carrier=carrier(head.carrier),
            customer_note=comment.note,
            shop_note=f.text(head, "memo"),
            gift_note=_gift(f, head),
            is_remote_island=narrow(head.is_island) == "1",
            ship_to_id=head.ship_to_id,
            issues=tuple(f.issues),
            raw=order_raw,
            source_file=head.file,
            source_line=head.line,
        )


def _ordered_at(f: Findings, row: RakutenRow) -> datetime:
    """注文日時, else another moment of the same order. Refused when there is none: what is due hangs on it."""
    for name in ("ordered_at", "ordered_on", "confirmed_at", "fixed_at"):
        if found := f.moment(row, name):
            return found
    raise no_date(row, "ordered_at" if row.ordered_at else "ordered_on")


def _line(f: Findings, line_no: int, row: RakutenRow, raw: dict[str, str]) -> LineDraft:
    f.line_no = line_no
    found = [
        code for code in f.codes(row, ("system_sku", "sku_no", "item_no", "item_code")) if code != NO_SKU
    ]
    return LineDraft(
        line_no=line_no,
        sku_code=found[0] if found else "",
        name=f.text(row, "name", 400),
        quantity=f.quantity(row),
        unit_price_yen=f.yen(row, "price"),
        tax_rate=f.rate(row),
        price_includes_tax=narrow(row.price_has_tax) != "0",
        options=f.texts(row, ("options", "sku_info"), join="\n"),
        channel_line_no=row.line_id,
        alternative_codes=tuple(found[1:]),
        raw=raw,
        source_line=row.line,
    )


@dataclass(frozen=True, slots=True)
class _Money:
    total: int
    goods: int
    shipping: int
    cod_fee: int
    payment_fee: int
    wrapping: int
    discount: int
    points: int
    outer_tax: int
    buyer_charge: int
    taxes: tuple[TaxDraft, ...]


def _money(f: Findings, rows: list[RakutenRow], lines: tuple[LineDraft, ...]) -> _Money:
    """請求金額 = 商品合計＋外税＋送料＋代引料＋決済手数料＋ラッピング料＋注文者負担金−ポイント−クーポン.

    RMS is not consistent about the rare parts (wrapping, its tax, 注文者負担金): those that make the sum hold are
    taken, and when none do, all of them, with an issue.
    """
    head = rows[0]
    agree(f, rows, "total", Code.TOTAL_MISMATCH)
    total = f.yen(head, "total")
    goods = f.yen(head, "goods") if head.goods else sum(line.subtotal_yen for line in lines)
    discount = f.magnitude(head, "coupons") or f.magnitude(head, "shop_coupon") + f.magnitude(
        head, "mall_coupon"
    )
    parts = {
        "商品": goods,
        "外税": f.yen(head, "outer_tax"),
        "送料": f.yen(head, "shipping"),
        "代引料": f.yen(head, "cod_fee"),
        "決済手数料": f.yen(head, "payment_fee"),
        "クーポン": -discount,
        "ポイント": -f.magnitude(head, "points"),
    }
    rare = {
        "ラッピング料": f.yen(head, "wrap1_fee") + f.yen(head, "wrap2_fee"),
        "ラッピング税": _wrapping_tax(f, head),
        "注文者負担金": f.yen(head, "buyer_charge"),
    }
    parts |= _that_balance(total - sum(parts.values()), {word: yen for word, yen in rare.items() if yen})
    check_total(f, head, "total", total=total, parts=parts)
    if head.goods:
        check_goods(f, head, "goods", goods=goods, lines=lines)
    taxes = _taxes(f, head)
    if not f.has(Code.TOTAL_MISMATCH):
        check_taxes(f, head, "total", taxes, charged=(total, total - parts["ポイント"]))
    return _Money(
        total=total,
        goods=goods,
        shipping=parts["送料"],
        cod_fee=parts["代引料"],
        payment_fee=parts["決済手数料"],
        wrapping=parts.get("ラッピング料", 0) + parts.get("ラッピング税", 0),
        discount=discount,
        points=-parts["ポイント"],
        outer_tax=parts["外税"],
        buyer_charge=parts.get("注文者負担金", 0),
        taxes=taxes,
    )


def _that_balance(gap: int, rare: dict[str, int]) -> dict[str, int]:
    """The fewest of the rare parts that fill the gap exactly; all of them when no choice does."""
    for size in range(len(rare) + 1):
        for words in combinations(rare, size):
            if sum(rare[word] for word in words) == gap:
                return {word: rare[word] for word in words}
    return rare


def _wrapping_tax(f: Findings, row: RakutenRow) -> int:
    first = f.yen(row, "wrap1_tax") if narrow(row.wrap1_has_tax) == "0" else 0
    return first + (f.yen(row, "wrap2_tax") if narrow(row.wrap2_has_tax) == "0" else 0)


def _taxes(f: Findings, row: RakutenRow) -> tuple[TaxDraft, ...]:
    return tuple(
        TaxDraft(rate, f.yen(row, f"charged{rate}"), f.yen(row, f"tax{rate}"))
        for rate in (10, 8, 0)
        if getattr(row, f"charged{rate}")
    )


def _status(f: Findings, row: RakutenRow) -> str:
    """ステータス as its number; "" when the column is absent or the word unknown (which is noted)."""
    text = narrow(row.status)
    status = STATUS_NAMES.get(text, text)
    if status and status not in STATUSES:
        message = f"ステータス「{row.status}」の意味が分かりません。RMSで状態を確かめてください。"
        f.note(Code.OTHER, message, row, "status")
        return ""
    return status


def _mall_status(f: Findings, row: RakutenRow, status: str) -> str:
    """open, hold, shipped or cancelled. What Rakuten itself still checks waits with us, too."""
    found = STATUSES.get(status, "open")
    if found == "hold":
        word = "変更確定待ち" if status == "400" else "キャンセル確定待ち"
        f.note(
            Code.MALL_HOLD,
            f"楽天で「{word}」の注文です。RMSで確定するまで出荷しないでください。",
            row,
            "status",
        )
    if narrow(row.is_checked_by_mall) == "1" and found in ("open", "hold"):
        message = "楽天が確認中の注文です（楽天確認中フラグ）。確認が終わるまで出荷しないでください。"
        f.note(Code.MALL_HOLD, message, row, "is_checked_by_mall")
        found = "hold"
    if narrow(row.warning) not in ("", "0") and found in ("open", "hold"):
        detail = f"「{row.warning_detail}」" if row.warning_detail else ""
        f.note(
            Code.OTHER, f"楽天の警告が付いた注文です{detail}。RMSで内容を確かめてください。", row, "warning"
        )
    return found


def _is_settled(kind: str, status: str) -> bool:
    """発送待ち and later means that Rakuten has the money or its authorisation.

    Not so for what is paid later, and not believed for 銀行振込: a shop that takes transfers to its own account must
    see them there first, and the other way round a wait costs one click.
    """
    if kind == POINTS:
        return True
    return status in _PAID_FROM and kind not in (*LATER, BANK_TRANSFER, UNKNOWN)


def _destinations(f: Findings, rows: list[RakutenRow]) -> None:
    ids = list(dict.fromkeys(row.ship_to_id for row in rows if row.ship_to_id))
    if len(ids) > 1 or narrow(rows[0].many_destinations) == "1":
        names = "、".join(dict.fromkeys(f"{row.ship_last} {row.ship_first}".strip() for row in rows))
        message = f"送付先が複数あります（{names}）。最初の送付先だけを取り込みました。注文を送付先ごとに分けてください。"
        f.note(Code.MULTI_SHIP, message, rows[0], "ship_to_id", value="、".join(ids))


def _gift(f: Findings, row: RakutenRow) -> str:
    found = f.texts(row, ("noshi", "wrap1", "wrap2"), join="、")
    return found or ("ギフト配送希望" if narrow(row.is_gift) == "1" else "")


def _buyer(f: Findings, row: RakutenRow) -> Address:
    state = prefecture(row.buyer_prefecture)
    return Address(
        name=f.texts(row, ("buyer_last", "buyer_first"), 100, join=" "),
        kana=f.texts(row, ("buyer_last_kana", "buyer_first_kana"), 100, join=" "),
        postal_code=f.postal(row, "buyer_zip1", "buyer_zip2", prefecture=state),
        prefecture=state,
        city=f.text(row, "buyer_city", 100),
        line1=without_prefecture(state, f.text(row, "buyer_line", 200)),
        phone=f.phone(row, "buyer_phone1", "buyer_phone2", "buyer_phone3"),
        email=f.text(row, "buyer_email", 254),
    )


def _ship_to(f: Findings, row: RakutenRow) -> Address:
    state = prefecture(row.ship_prefecture)
    return Address(
        name=f.texts(row, ("ship_last", "ship_first"), 100, join=" "),
        kana=f.texts(row, ("ship_last_kana", "ship_first_kana"), 100, join=" "),
        postal_code=f.postal(row, "ship_zip1", "ship_zip2", prefecture=state),
        prefecture=state,
        city=f.text(row, "ship_city", 100),
        line1=without_prefecture(state, f.text(row, "ship_line", 200)),
        phone=f.phone(row, "ship_phone1", "ship_phone2", "ship_phone3"),
    )
