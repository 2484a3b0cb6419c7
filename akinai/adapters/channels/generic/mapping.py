"""Rows of an unknown file → OrderDraft. The same strictness as for the malls: what is odd is said, nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from akinai.adapters.channels.generic import parser
from akinai.adapters.channels.generic.parser import GenericRow
from akinai.adapters.channels.words import Code, Findings, grouped, split_extra
from akinai.adapters.channels.words.delivery import carrier
from akinai.adapters.channels.words.door import no_date
from akinai.adapters.channels.words.findings import CHECK
from akinai.adapters.channels.words.payments import COD, POINTS, payment_kind
from akinai.adapters.channels.words.places import prefecture, split_prefecture, without_prefecture
from akinai.adapters.channels.words.rows import narrow
from akinai.adapters.channels.words.several import merged, without_repeats
from akinai.adapters.channels.words.sums import agree, check_currency, check_total
from akinai.core.tables import FileRefused, RowError, Table, refuse, refuse_all
from akinai.orders.ports import Address, LineDraft, OrderDraft

_STATUSES = (
    ("cancelled", ("キャンセル", "取消", "cancel", "void")),
    ("returned", ("返品", "return")),
    ("hold", ("保留", "確認中", "hold")),
    ("shipped", ("発送済", "出荷済", "配送済", "完了", "shipped", "fulfilled", "complete")),
)
_PAID = frozenset(
    (
        "1",
        "済",
        "入金済",
        "入金済み",
        "支払済",
        "支払済み",
        "決済済",
        "決済済み",
        "完了",
        "paid",
        "yes",
        "true",
        "authorized",
    )
)


class GenericFormat:
    """列の対応で読む受注CSV・Excel."""

    code = "generic"
    title = "そのほかのCSV・Excel（列を選んで読む）"
    channel = "generic"
    delimiter: str | None = None
    quoting: bool | None = None

    def fields(self) -> list[dict[str, Any]]:
        """What columns may be chosen for, in the words of core.intake.Field."""
        return parser.fields()

    def guess(self, header: Sequence[str]) -> dict[str, str]:
        """field → column, by the names of the columns alone."""
        return parser.guess(header)

    def matches(self, tables: Sequence[Table]) -> bool:
        """Do the names of the columns alone say enough? Asked after all malls."""
        return bool(tables) and all(not _lacking(self.guess(table.header)) for table in tables)

    def read(self, tables: Sequence[Table], mapping: Mapping[str, str] | None = None) -> list[OrderDraft]:
        """Drafts in file order. `mapping` is field → column; without it the columns are guessed by their names."""
        drafts: list[OrderDraft] = []
        errors: list[RowError] = []
        for table in tables:
            try:
                drafts += _read_one(table, mapping or self.guess(table.header))
            except FileRefused as refusal:
                errors += refusal.errors
        if errors:
            raise refuse_all(errors)
        return merged(drafts)


def _lacking(mapping: Mapping[str, str]) -> list[str]:
    """Labels of what must be known before a file can be read."""
    labels = {field["code"]: field["label"] for field in parser.fields()}
    lacking = [labels[name] for name in ("order_no", "ordered_at", "quantity") if not mapping.get(name)]
    if not any(mapping.get(name) for name in ("sku", "jan", "name")):
        lacking.append("商品コード")
    return lacking


def _read_one(table: Table, mapping: Mapping[str, str]) -> list[OrderDraft]:
    used = {name: column for name, column in mapping.items() if column}
    if lacking := _lacking(used):
        listed = "、".join(f"「{label}」" for label in lacking)
        message = f"{listed}に当たる列が分かりません。どの列がそれに当たるかを選んでください。"
        raise refuse(table.file, message, line=table.header_line, column="、".join(lacking))
    if unknown := [column for column in used.values() if column not in table.header]:
        message = f"列「{'」「'.join(unknown)}」がファイルにありません。列の対応を選び直してください。"
        raise refuse(table.file, message, line=table.header_line, column=unknown[0])
    errors: list[RowError] = []
    drafts = []
    for number, rows in grouped(parser.read(table, used)).items():
        try:
            drafts.append(_draft(number, rows))
        except FileRefused as refusal:
            errors += refusal.errors
    if errors:
        raise refuse_all(errors)
    return drafts


def _draft(number: str, rows: list[GenericRow]) -> OrderDraft:
    f = Findings()
    rows = without_repeats(f, rows, "line_no")
    head = rows[0]
    ordered_at = f.moment(head, "ordered_at")
    if ordered_at is None:
        raise no_date(head, "ordered_at")
    order_raw, line_raws = split_extra(rows, ())
    is_yen = check_currency(f, head)
    pairs = enumerate(zip(rows, line_raws, strict=True), 1)
    lines = tuple(_line(f, at, row, raw, is_yen) for at, (row, raw) in pairs)
    f.line_no = 0
    has_prices = is_yen and any(name in head.headers for name in ("price", "amount", "total"))
    money = _money(f, rows, lines) if has_prices else _Money()
    kind = payment_kind(head.payment)
    if has_prices and money.total == 0 and money.points + money.discount > 0 and not f.has(Code.BAD_PRICE):
        kind = POINTS
    buyer, ship_to = _buyer(f, head), _ship_to(f, head)
    _destinations(f, rows)
    return OrderDraft(
        channel_order_no=number,
        ordered_at=ordered_at,
        buyer=buyer if buyer != Address() else ship_to,
        ship_to=ship_to if ship_to != Address() else buyer,
        lines=lines,
        payment=kind,
        payment_label=head.payment,
        total_yen=money.total,
        goods_yen=money.goods,
        shipping_yen=money.shipping,
        cod_fee_yen=money.cod_fee,
        payment_fee_yen=money.fee,
        wrapping_yen=money.wrapping,
        discount_yen=money.discount,
        points_yen=money.points,
        outer_tax_yen=money.outer_tax,
        amounts_known=has_prices,
        mall_status=_status(head),
        payment_settled=kind == POINTS or (kind != COD and narrow(head.paid).lower() in _PAID),
        delivery_on=f.day(head, "delivery_on"),
        delivery_slot=f.slot(head),
        delivery_method=head.delivery_method,
        carrier=carrier(head.delivery_method),
        customer_note=f.text(head, "note"),
        shop_note=f.text(head, "shop_note"),
        gift_note=f.text(head, "gift_note"),
        issues=tuple(f.issues),
        raw=order_raw,
        source_file=head.file,
        source_line=head.line,
    )


def _line(f: Findings, line_no: int, row: GenericRow, raw: dict[str, str], is_yen: bool) -> LineDraft:
    f.line_no = line_no
    quantity = f.quantity(row)
    jan = f.code(row, "jan")
    codes = f.codes(row, ("sku",)) or ((jan,) if jan else ())
    return LineDraft(
        line_no=line_no,
        sku_code=codes[0] if codes else "",
        name=f.text(row, "name", 400) or (codes[0] if codes else ""),
        quantity=quantity,
        unit_price_yen=_price(f, row, quantity) if is_yen else 0,
        tax_rate=f.rate(row),
        options=f.text(row, "options"),
        channel_line_no=row.line_no,
        jan=jan,
        raw=raw,
        source_line=row.line,
    )


def _price(f: Findings, row: GenericRow, quantity: int) -> int:
    """単価, else 金額 ÷ 数量 where that comes out even."""
    if row.price or not row.amount:
        return f.yen(row, "price")
    amount = f.yen(row, "amount")
    if quantity and amount % quantity:
        message = f"「{row.header('amount')}」{row.amount} が数量 {quantity} で割り切れません。単価を確かめてください。"
        f.note(Code.BAD_PRICE, message, row, "amount")
    return amount // quantity if quantity else 0


@dataclass(frozen=True, slots=True)
class _Money:
    total: int = 0
    goods: int = 0
    shipping: int = 0
    cod_fee: int = 0
    fee: int = 0
    wrapping: int = 0
    discount: int = 0
    points: int = 0
    outer_tax: int = 0


def _money(f: Findings, rows: list[GenericRow], lines: tuple[LineDraft, ...]) -> _Money:
    """The order's own amounts stand on its first row or on all of them. 消費税 is added only where the total shows it.

    A file without 単価 and 金額 tells the goods by what is left of the total. A file without a total is added up.
    """
    head = rows[0]
    agree(f, rows, "total", Code.TOTAL_MISMATCH)
    goods = sum(line.subtotal_yen for line in lines)
    parts = {
        "商品": goods,
        "送料": f.yen(head, "shipping"),
        "代引手数料": f.yen(head, "cod_fee"),
        "手数料": f.yen(head, "fee"),
        "ラッピング料": f.yen(head, "wrapping"),
        "値引・クーポン": -f.magnitude(head, "discount"),
        "ポイント": -f.magnitude(head, "points"),
    }
    tax, total = f.yen(head, "tax"), f.yen(head, "total") if head.total else sum(parts.values())
    if not any(name in head.headers for name in ("price", "amount")):
        parts["商品"] = max(total - sum(parts.values()), 0)
    if tax and total == sum(parts.values()) + tax:
        parts["外税"] = tax
    if head.total:
        check_total(f, head, "total", total=total, parts=parts)
    elif total < 0:
        f.note(
            Code.TOTAL_MISMATCH, f"値引が代金より大きく、合計がマイナスになります。{CHECK}", head, "discount"
        )
    return _Money(
        total=max(total, 0),
        goods=parts["商品"],
        shipping=parts["送料"],
        cod_fee=parts["代引手数料"],
        fee=parts["手数料"],
        wrapping=parts["ラッピング料"],
        discount=-parts["値引・クーポン"],
        points=-parts["ポイント"],
        outer_tax=parts.get("外税", 0),
    )


def _status(row: GenericRow) -> str:
    text = row.status.lower()
    if "未" in text:  # 未発送, 未完了
        return "open"
    return next((status for status, words in _STATUSES if any(word in text for word in words)), "open")


def _destinations(f: Findings, rows: list[GenericRow]) -> None:
    """Several 送付先. Rows after the first may leave them blank."""
    places = dict.fromkeys(
        (row.ship_name, row.ship_zip, row.ship_address1) for row in rows if row.ship_name or row.ship_address1
    )
    if len(places) > 1:
        names = "、".join(dict.fromkeys(name for name, _, _ in places))
        message = f"送付先が複数あります（{names}）。最初の送付先だけを取り込みました。注文を送付先ごとに分けてください。"
        f.note(Code.MULTI_SHIP, message, rows[0], "ship_name", value=names)


def _buyer(f: Findings, row: GenericRow) -> Address:
    state, line1 = _place(row.buyer_prefecture, f.text(row, "buyer_address1", 200))
    return Address(
        name=f.text(row, "buyer_name", 100),
        kana=f.text(row, "buyer_kana", 100),
        company=f.text(row, "buyer_company", 100),
        postal_code=f.postal(row, "buyer_zip", prefecture=state),
        prefecture=state,
        city=f.text(row, "buyer_city", 100),
        line1=line1,
        line2=f.text(row, "buyer_address2", 200),
        phone=f.phone(row, "buyer_phone"),
        email=f.text(row, "buyer_email", 254),
    )


def _ship_to(f: Findings, row: GenericRow) -> Address:
    state, line1 = _place(row.ship_prefecture, f.text(row, "ship_address1", 200))
    return Address(
        name=f.text(row, "ship_name", 100),
        kana=f.text(row, "ship_kana", 100),
        company=f.text(row, "ship_company", 100),
        postal_code=f.postal(row, "ship_zip", prefecture=state),
        prefecture=state,
        city=f.text(row, "ship_city", 100),
        line1=line1,
        line2=f.text(row, "ship_address2", 200),
        phone=f.phone(row, "ship_phone"),
    )


def _place(state: str, address: str) -> tuple[str, str]:
    """(都道府県, rest): from its own column, else from the beginning of the address."""
    if state:
        name = prefecture(state)
        return name, without_prefecture(name, address)
    return split_prefecture(address)
