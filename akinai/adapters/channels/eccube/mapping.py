"""EC-CUBE rows → OrderDraft."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.channels.eccube.amounts import kind_of, money_of
from akinai.adapters.channels.eccube.parser import GOODS, LINE_COLUMNS, TELLS, EccubeRow
from akinai.adapters.channels.words import Code, Findings, ParsedRow, split_extra
from akinai.adapters.channels.words.delivery import carrier
from akinai.adapters.channels.words.door import OrderFileFormat, no_date
from akinai.adapters.channels.words.findings import CHECK
from akinai.adapters.channels.words.payments import COD, POINTS, payment_kind
from akinai.adapters.channels.words.places import prefecture, without_prefecture
from akinai.adapters.channels.words.rows import narrow
from akinai.adapters.channels.words.several import without_repeats
from akinai.orders.ports import Address, LineDraft, OrderDraft

# 対応状況. 7 and 8 are orders whose payment was never finished: nothing may leave.
STATUSES = {
    "1": "open",
    "3": "cancelled",
    "4": "open",
    "5": "shipped",
    "6": "open",
    "7": "hold",
    "8": "hold",
    "9": "returned",
}
STATUS_NAMES = {
    "新規受付": "1", "注文取消し": "3", "注文取消": "3", "対応中": "4", "発送済み": "5", "入金済み": "6", "決済処理中": "7",
    "購入処理中": "8", "返品": "9",
}  # fmt: skip


class EccubeFormat(OrderFileFormat):
    """EC-CUBE 4 受注CSV."""

    code = "eccube"
    title = "EC-CUBE 4 受注CSV"
    channel = "eccube"
    rows = EccubeRow
    tells = TELLS
    enough = 3
    way_out = (
        "EC-CUBEの「受注管理」＞「CSVダウンロード」＞「CSV出力項目設定」で、標準の受注CSVの項目をすべて出力対象にして、"
        "ダウンロードし直してください。"
    )

    def number_field(self, rows: Sequence[ParsedRow]) -> str:
        """注文番号, or 注文ID where that column is not exported."""
        return "order_no" if rows and "order_no" in rows[0].headers else "order_id"

    def draft(self, number: str, rows: list[EccubeRow]) -> OrderDraft:
        f = Findings()
        ordered_at = f.moment(rows[0], "ordered_at") or f.moment(rows[0], "paid_at")
        if ordered_at is None:
            raise no_date(rows[0], "ordered_at")
        rows = without_repeats(f, rows)
        goods = [row for row in rows if kind_of(row) == GOODS]
        head = goods[0] if goods else rows[0]  # only 商品 and 送料 rows have a shipment
        order_raw, line_raws = split_extra(rows, LINE_COLUMNS)
        raws = {row.line: raw for row, raw in zip(rows, line_raws, strict=True)}
        lines = tuple(_line(f, at, row, raws[row.line]) for at, row in enumerate(goods, 1))
        f.line_no = 0
        if not lines:
            f.note(Code.OTHER, f"商品の明細がありません。{CHECK}", head, "name")
        money = money_of(f, rows, lines)
        kind = payment_kind(head.payment)
        if money.total == 0 and money.points + money.discount > 0 and not f.has(Code.BAD_PRICE):
            kind = POINTS
        status = _status(f, head)
        mall_status = STATUSES.get(status, "open")
        paid_at = f.moment(head, "paid_at")
        _destinations(f, goods)
        return OrderDraft(
            channel_order_no=number,
            ordered_at=ordered_at,
            buyer=_buyer(f, head),
            ship_to=_ship_to(f, head),
            lines=money.lines,
            payment=kind,
            payment_label=head.payment,
            total_yen=money.total,
            goods_yen=money.goods,
            shipping_yen=money.shipping,
            cod_fee_yen=money.fee if kind == COD else 0,
            payment_fee_yen=0 if kind == COD else money.fee,
            discount_yen=money.discount,
            points_yen=money.points,
            outer_tax_yen=money.tax,
            mall_status=mall_status,
            paid_at=paid_at,
            payment_settled=kind == POINTS or status == "6" or paid_at is not None,
            shipped_on=f.day(head, "shipped_on") if mall_status == "shipped" else None,
            tracking_no=narrow(head.tracking_no) if mall_status == "shipped" else "",
            delivery_on=f.day(head, "delivery_on"),
            delivery_slot=f.slot(head),
            delivery_method=head.carrier,
            carrier=carrier(head.carrier),
            customer_note=f.text(head, "message"),
            shop_note=f.texts(head, ("shop_note", "delivery_note"), join="\n"),
            ship_to_id=head.shipping_id,
            issues=tuple(f.issues),
            raw=order_raw,
            source_file=rows[0].file,
            source_line=rows[0].line,
        )


def _line(f: Findings, line_no: int, row: EccubeRow, raw: dict[str, str]) -> LineDraft:
    f.line_no = line_no
    codes = f.codes(row, ("code",))
    choices = [
        f"{name}:{choice}" if name else choice
        for name, choice in ((row.class1, row.choice1), (row.class2, row.choice2))
        if choice
    ]
    return LineDraft(
        line_no=line_no,
        sku_code=codes[0] if codes else "",
        name=f.text(row, "name", 400),
        quantity=f.quantity(row),
        unit_price_yen=f.yen(row, "price"),
        tax_rate=f.rate(row),
        options="\n".join(choices),
        channel_line_no=row.line_id,
        raw=raw,
        source_line=row.line,
    )


def _status(f: Findings, row: EccubeRow) -> str:
    status = narrow(row.status_id) or STATUS_NAMES.get(row.status_name, row.status_name)
    if status in ("7", "8"):
        word = "決済処理中" if status == "7" else "購入処理中"
        message = f"EC-CUBEで「{word}」の注文です。決済が終わっていないことがあるので、確定するまで出荷しないでください。"
        f.note(Code.MALL_HOLD, message, row, "status_id" if row.status_id else "status_name")
    elif status and status not in STATUSES:
        message = f"対応状況「{row.status_name or row.status_id}」の意味が分かりません。{CHECK}"
        f.note(Code.OTHER, message, row, "status_id" if row.status_id else "status_name")
    return status


def _destinations(f: Findings, rows: list[EccubeRow]) -> None:
    ids = list(dict.fromkeys(row.shipping_id for row in rows if row.shipping_id))
    if len(ids) > 1:
        names = "、".join(dict.fromkeys(f"{row.ship_last} {row.ship_first}".strip() for row in rows))
        message = f"送付先が複数あります（{names}）。最初の送付先だけを取り込みました。注文を送付先ごとに分けてください。"
        f.note(Code.MULTI_SHIP, message, rows[0], "shipping_id", value="、".join(ids))


def _buyer(f: Findings, row: EccubeRow) -> Address:
    state = prefecture(row.buyer_prefecture)
    return Address(
        name=f.texts(row, ("buyer_last", "buyer_first"), 100, join=" "),
        kana=f.texts(row, ("buyer_last_kana", "buyer_first_kana"), 100, join=" "),
        company=f.text(row, "buyer_company", 100),
        postal_code=f.postal(row, "buyer_zip", prefecture=state),
        prefecture=state,
        line1=without_prefecture(state, f.text(row, "buyer_address1", 200)),
        line2=f.text(row, "buyer_address2", 200),
        phone=f.phone(row, "buyer_phone"),
        email=f.text(row, "buyer_email", 254),
    )


def _ship_to(f: Findings, row: EccubeRow) -> Address:
    state = prefecture(row.ship_prefecture)
    return Address(
        name=f.texts(row, ("ship_last", "ship_first"), 100, join=" "),
        kana=f.texts(row, ("ship_last_kana", "ship_first_kana"), 100, join=" "),
        company=f.text(row, "ship_company", 100),
        postal_code=f.postal(row, "ship_zip", prefecture=state),
        prefecture=state,
        line1=without_prefecture(state, f.text(row, "ship_address1", 200)),
        line2=f.text(row, "ship_address2", 200),
        phone=f.phone(row, "ship_phone"),
    )
