"""内容: what an order says, as columns; its fingerprint; and how two tellings of one order differ. Pure.

A draft becomes the columns of `Order` and `OrderLine` here and nowhere else, so what is stored, fingerprinted and
compared can never drift apart.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from akinai.core import postal
from akinai.core.kana import search_key
from akinai.core.money import yen
from akinai.orders import islands
from akinai.orders.ports import Address, DestinationDraft, IssueDraft, LineDraft, OrderDraft, TaxDraft
from akinai.orders.recipients import PARTS
from akinai.orders.states import DELIVERY_SLOTS, IssueCode, PaymentKind

MAX_QUANTITY = 999_999
MAX_YEN = 999_999_999_999
_DIGITS = re.compile(r"\D")

# Columns that the channel's telling decides and that mean the order itself, with their names on screen.
TITLES: Mapping[str, str] = {
    "buyer_name": "注文者", "buyer_kana": "注文者カナ", "buyer_company": "注文者会社名", "buyer_email": "注文者メール",
    "buyer_phone": "注文者電話", "buyer_postal_code": "注文者郵便番号", "buyer_address": "注文者住所",
    "ship_name": "送付先", "ship_kana": "送付先カナ", "ship_company": "送付先会社名", "ship_phone": "送付先電話",
    "ship_postal_code": "送付先郵便番号", "ship_prefecture": "送付先都道府県", "ship_city": "送付先市区町村",
    "ship_line1": "送付先番地", "ship_line2": "送付先建物", "payment": "支払方法", "amounts_known": "金額が分かっている",
    "goods_yen": "商品代", "shipping_yen": "送料", "cod_fee_yen": "代引手数料", "payment_fee_yen": "決済手数料",
    "wrapping_yen": "ラッピング料", "outer_tax_yen": "外税", "adjustment_yen": "調整額", "discount_yen": "値引・クーポン",
    "points_yen": "ポイント利用", "total_yen": "請求金額", "taxes": "税率別内訳", "delivery_on": "お届け希望日",
    "delivery_slot": "お届け時間帯", "delivery_method": "配送方法", "customer_note": "備考", "gift_note": "のし・ラッピング",
}  # fmt: skip
LINE_TITLES: Mapping[str, str] = {
    "sku_code": "商品コード", "name": "商品名", "options": "選択肢", "quantity": "数量", "unit_price_yen": "単価",
    "tax_rate": "税率", "price_includes_tax": "税込価格",
}  # fmt: skip
ADDRESS_COLUMNS = tuple(name for name in TITLES if name.startswith(("buyer_", "ship_")))
# How long a column may be. A longer text is cut and said as an issue; `raw` keeps what the file said.
LIMITS: Mapping[str, int] = {
    "buyer_name": 100, "buyer_kana": 100, "buyer_company": 100, "buyer_email": 254, "buyer_phone": 30,
    "buyer_postal_code": 20, "buyer_address": 400, "ship_name": 100, "ship_kana": 100, "ship_company": 100,
    "ship_phone": 30, "ship_postal_code": 20, "ship_prefecture": 40, "ship_city": 100, "ship_line1": 200, "ship_line2": 200,
    "payment_label": 80, "delivery_slot": 10, "delivery_method": 60, "carrier": 20,
}  # fmt: skip
LINE_LIMITS: Mapping[str, int] = {"sku_code": 120, "name": 400, "channel_line_no": 80}


def _texts(draft: OrderDraft) -> dict[str, str]:
    """The columns that have a limit, before anything is cut."""
    b, s = draft.buyer, draft.ship_to
    return {
        "buyer_name": b.name, "buyer_kana": b.kana, "buyer_company": b.company, "buyer_email": b.email,
        "buyer_phone": b.phone, "buyer_postal_code": b.postal_code,
        "buyer_address": f"{b.prefecture}{b.city}{b.line1} {b.line2}".strip(),
        "ship_name": s.name, "ship_kana": s.kana, "ship_company": s.company, "ship_phone": s.phone,
        "ship_postal_code": s.postal_code, "ship_prefecture": s.prefecture, "ship_city": s.city,
        "ship_line1": s.line1, "ship_line2": s.line2,
        "payment_label": draft.payment_label, "delivery_slot": draft.delivery_slot,
        "delivery_method": draft.delivery_method, "carrier": draft.carrier,
    }  # fmt: skip


def columns(draft: OrderDraft) -> dict[str, Any]:
    """Column → value of `Order`, as far as the draft decides it. Texts fit their columns, the total is not negative."""
    return {name: text[: LIMITS[name]] for name, text in _texts(draft).items()} | {
        "ordered_at": draft.ordered_at, "payment": str(draft.payment), "amounts_known": draft.amounts_known,
        "goods_yen": draft.goods_yen, "shipping_yen": draft.shipping_yen, "cod_fee_yen": draft.cod_fee_yen,
        "payment_fee_yen": draft.payment_fee_yen, "wrapping_yen": draft.wrapping_yen,
        "outer_tax_yen": draft.outer_tax_yen, "adjustment_yen": draft.adjustment_yen,
        "discount_yen": draft.discount_yen, "points_yen": draft.points_yen,
        "total_yen": min(max(draft.total_yen, 0), MAX_YEN),
        "taxes": [{"rate": t.rate, "charged_yen": t.charged_yen, "tax_yen": t.tax_yen} for t in draft.taxes],
        "delivery_on": draft.delivery_on, "customer_note": draft.customer_note, "shop_note": draft.shop_note,
        "gift_note": draft.gift_note, "is_remote_island": draft.is_remote_island or is_island(draft.ship_to),
        "search_text": search_text(draft),
    }  # fmt: skip


def line_columns(line: LineDraft) -> dict[str, Any]:
    """Column → value of `OrderLine`, without order and SKU."""
    return {
        "line_no": line.line_no, "sku_code": line.sku_code[:120], "name": line.name[:400], "options": line.options,
        "quantity": min(max(line.quantity, 0), MAX_QUANTITY), "unit_price_yen": line.unit_price_yen,
        "tax_rate": line.tax_rate, "price_includes_tax": line.price_includes_tax,
        "channel_line_no": line.channel_line_no[:80], "raw": line.raw, "taken_out": 0,
    }  # fmt: skip


def destination_columns(told: DestinationDraft) -> dict[str, Any]:
    """Column → value of `OrderAddress`, as far as the channel tells it. Texts fit their columns."""
    return _destination(told) | {"is_remote_island": is_island(told.to)}


def _destination(told: DestinationDraft) -> dict[str, Any]:
    to = {part: getattr(told.to, part)[: LIMITS[f"ship_{part}"]] for part in PARTS}
    return to | {
        "delivery_on": told.delivery_on, "delivery_slot": told.delivery_slot, "channel_number": told.number[:60]
    }  # fmt: skip


def search_text(draft: OrderDraft) -> str:
    """What the search box finds an order by: numbers, names, kana, phone digits, mail."""
    b, s = draft.buyer, draft.ship_to
    return search_words(draft.channel_order_no, b.email, [b.name, b.kana, b.company, s.name, s.kana, s.company],
                        [b.phone, s.phone])  # fmt: skip


def with_others(text: str, others: Iterable[Address]) -> str:
    """The words of an order with those of its other addresses: names, kana, phones, postal codes."""
    words = dict.fromkeys(text.split(" "))
    for to in others:
        found = search_words(to.postal_code, "", [to.name, to.kana, to.company], [to.phone])
        words |= dict.fromkeys(found.split(" "))
    return " ".join(filter(None, words))


def search_words(number: str, email: str, names: Sequence[str], phones: Sequence[str]) -> str:
    """The folded words, each once."""
    digits = [_DIGITS.sub("", phone) for phone in phones]
    words = dict.fromkeys((number, *names, *digits, email))
    return " ".join(search_key(word) for word in words if word)


def is_island(address: Address) -> bool:
    """離島・沖縄 by what the address says, else by its postal code."""
    named = islands.is_island(address.prefecture, f"{address.city}{address.line1}")
    return named or islands.any_island(postal.lookup(address.postal_code))


def overlong(draft: OrderDraft) -> list[IssueDraft]:
    """文字の異常: texts that had to be cut to fit, each with the whole of it."""
    found = [
        _cut(
            draft,
            TITLES.get(name, "運送会社" if name == "carrier" else "支払方法"),
            text,
            LIMITS[name],
            0,
            draft.source_line,
        )
        for name, text in _texts(draft).items()
        if len(text) > LIMITS[name]
    ]
    for line in draft.lines:
        for name, limit in LINE_LIMITS.items():
            if len(text := getattr(line, name)) > limit:
                title = LINE_TITLES.get(name, "明細番号")
                found.append(_cut(draft, title, text, limit, line.line_no, line.source_line))
    return found


def _cut(draft: OrderDraft, title: str, text: str, limit: int, line_no: int, source_line: int) -> IssueDraft:
    message = f"{title}が長すぎます（{len(text)}文字）。先頭の{limit}文字だけを取り込みました。内容を確かめてください"
    return IssueDraft(IssueCode.BAD_TEXT, message, line_no, draft.source_file, source_line, title, text)


# ---- 内容の指紋


def _line_key(line: Mapping[str, Any]) -> list[Any]:
    return [line["line_no"], *(line[name] for name in LINE_TITLES)]


def _destination_key(told: DestinationDraft) -> list[Any]:
    """What is meant by a 送付先: who, when, and which pieces."""
    values = [str(value) if value is not None else "" for value in _destination(told).values()]
    return [*values, sorted(list(pair) for pair in told.pieces)]


def digest_of(
    content: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    others: Sequence[DestinationDraft] = (),
) -> str:
    """内容の指紋 of columns: the same for two tellings that mean the same order. `others`: where the channel tells any."""
    meant = [str(content[name]) if content[name] is not None else "" for name in TITLES]
    told: list[Any] = [meant, [_line_key(line) for line in lines]]
    if others:
        told.append([_destination_key(one) for one in others])
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest(draft: OrderDraft) -> str:
    """内容の指紋 of a draft. What the mall does to the order (status, tracking, its own memo) is not its content."""
    return digest_of(columns(draft), [line_columns(line) for line in draft.lines], draft.others)


# ---- 変更点


@dataclass(frozen=True, slots=True)
class Difference:
    """変更点 of an order, as a clerk reads it."""

    field: str
    title: str
    before: str
    after: str


def differences(
    before: Mapping[str, Any],
    before_lines: Sequence[Mapping[str, Any]],
    after: Mapping[str, Any],
    after_lines: Sequence[Mapping[str, Any]],
) -> list[Difference]:
    """Column by column, then line by line (by line number)."""
    found = [
        Difference(name, title, shown(name, before.get(name)), shown(name, after.get(name)))
        for name, title in TITLES.items()
        if before.get(name) != after.get(name)
    ]
    return found + _line_differences(before_lines, after_lines)


def _line_differences(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[Difference]:
    before = {line["line_no"]: line for line in old if line["quantity"]}
    after = {line["line_no"]: line for line in new}
    found = []
    for no in sorted(before.keys() | after.keys()):
        if no not in after:
            found.append(
                Difference(f"lines.{no}", f"明細 {no}", _line_text(before[no]), "（なくなりました）")
            )
        elif no not in before:
            found.append(Difference(f"lines.{no}", f"明細 {no}", "（ありません）", _line_text(after[no])))
        else:
            found += [
                Difference(
                    f"lines.{no}.{name}", f"明細 {no} {title}", shown(name, before[no][name]), shown(name, after[no][name])
                )
                for name, title in LINE_TITLES.items()
                if before[no][name] != after[no][name]
            ]  # fmt: skip
    return found


def _line_text(line: Mapping[str, Any]) -> str:
    return f"{line['sku_code']} {line['name']} × {line['quantity']}"


def other_differences(
    before: Sequence[DestinationDraft], after: Sequence[DestinationDraft]
) -> list[Difference]:
    """送付先 beside the order's own, found again by the channel's number. Where the channel tells none, those that a person has
    entered (they bear no number) stay as they are."""
    have = {one.number or f"#{at}": one for at, one in enumerate(before) if one.number or after}
    told = {one.number or f"#{at}": one for at, one in enumerate(after)}
    return [
        Difference(f"others.{number}", f"送付先 {number}", _destination_text(old), _destination_text(new))
        for number in dict.fromkeys((*have, *told))
        if _meant(old := have.get(number)) != _meant(new := told.get(number))
    ]


def _meant(told: DestinationDraft | None) -> list[Any]:
    return [] if told is None else _destination_key(told)


def _destination_text(told: DestinationDraft | None) -> str:
    if told is None:
        return "（ありません）"
    to = told.to
    wish = f"{told.delivery_on or ''} {DELIVERY_SLOTS.get(told.delivery_slot, told.delivery_slot)}".strip()
    pieces = "、".join(f"明細 {no} を {count:,} 点" for no, count in told.pieces)
    place = f"〒{to.postal_code} {to.prefecture}{to.city}{to.line1} {to.line2}".strip()
    return "　".join(filter(None, (f"{to.company} {to.name} 様".strip(), place, to.phone, pieces, wish)))


def shown(name: str, value: Any) -> str:
    """A column's value as a clerk reads it."""
    if value is None or value == "" or value == []:
        return ""
    if name.endswith("_yen"):
        return yen(value)
    if name == "payment":
        return str(PaymentKind(value).label) if value in PaymentKind.values else str(value)
    if name == "taxes":
        return "、".join(f"{t['rate']}%対象 {yen(t['charged_yen'])}（税 {yen(t['tax_yen'])}）" for t in value)
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, date):
        return f"{value:%Y/%m/%d}"
    return f"{value}%" if name == "tax_rate" else str(value)


# ---- JSON


def to_json(draft: OrderDraft) -> dict[str, Any]:
    """The draft as JSON values, whole. `from_json` makes the same draft of it."""
    return json.loads(json.dumps(asdict(draft), default=str, ensure_ascii=False))  # type: ignore[no-any-return]


def from_json(content: Mapping[str, Any]) -> OrderDraft:
    """A stored draft back into the dataclass. Keys of another version are left out."""
    values = {name: content[name] for name in OrderDraft.__dataclass_fields__ if name in content}
    for name, read in (("ordered_at", datetime.fromisoformat), ("paid_at", datetime.fromisoformat),
                       ("delivery_on", date.fromisoformat), ("shipped_on", date.fromisoformat)):  # fmt: skip
        if values.get(name):
            values[name] = read(values[name])
    values["buyer"], values["ship_to"] = Address(**values["buyer"]), Address(**values["ship_to"])
    values["lines"] = tuple(_line_from(line) for line in values["lines"])
    values["taxes"] = tuple(TaxDraft(**tax) for tax in values.get("taxes", ()))
    values["issues"] = tuple(IssueDraft(**issue) for issue in values.get("issues", ()))
    values["others"] = tuple(_destination_from(other) for other in values.get("others", ()))
    return OrderDraft(**values)


def _destination_from(other: Mapping[str, Any]) -> DestinationDraft:
    day = date.fromisoformat(other["delivery_on"]) if other["delivery_on"] else None
    pieces = tuple((line_no, quantity) for line_no, quantity in other["pieces"])
    return DestinationDraft(**{**other, "to": Address(**other["to"]), "pieces": pieces, "delivery_on": day})


def _line_from(line: Mapping[str, Any]) -> LineDraft:
    return LineDraft(**{**line, "alternative_codes": tuple(line.get("alternative_codes", ()))})
