"""合計の検算: the mall's numbers are taken as given, and every sum that does not hold is said with both numbers."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.channels.words.amounts import Amounts
from akinai.adapters.channels.words.findings import CHECK, Code, Findings
from akinai.adapters.channels.words.rows import ParsedRow
from akinai.core.money import NotANumber, parse_yen, yen
from akinai.orders.ports import LineDraft, TaxDraft


def check_total(f: Findings, row: ParsedRow, name: str, amounts: Amounts) -> bool:
    """請求金額 against its parts (商品, 送料, …; deductions negative). True when they add up."""
    found, total = amounts.sum, amounts.total_yen
    if found == total:
        return True
    listed = "、".join(f"{word} {yen(amount)}" for word, amount in amounts.parts().items() if amount)
    message = (
        f"{row.header(name)} {yen(total)} と内訳の合計 {yen(found)} が {yen(abs(total - found))} 違います"
        f"（{listed}）。モールの画面で金額を確かめてください。"
    )
    f.note(Code.TOTAL_MISMATCH, message, row, name)
    return False


def check_goods(f: Findings, row: ParsedRow, name: str, *, goods: int, lines: Sequence[LineDraft]) -> bool:
    """商品合計 against the lines. True when they add up. Lines that could not be read have said so already."""
    found = sum(line.subtotal_yen for line in lines)
    if found == goods:
        return True
    message = f"{row.header(name)} {yen(goods)} と明細の合計 {yen(found)} が合いません。"
    if goods and found == goods * 2:
        message += "明細の合計がちょうど2倍です。同じ明細が2回入っている疑いがあります。"
    message += "モールの画面で商品と数量を確かめてください。"
    f.note(Code.TOTAL_MISMATCH, message, row, name)
    return False


def check_taxes(
    f: Findings,
    row: ParsedRow,
    name: str,
    taxes: Sequence[TaxDraft],
    *,
    charged: Sequence[int] = (),
    slack: int = 0,
) -> None:
    """税率別の税額: 切り捨て, 四捨五入 or 切り上げ of the amount, ± `slack` yen for malls that round line by line.

    `charged` are the sums that the amounts per rate may have (請求金額, or with the points that were paid with).
    """
    for tax in taxes:
        low = tax.charged_yen * tax.rate // (100 + tax.rate)
        high = -(-tax.charged_yen * tax.rate // (100 + tax.rate))
        if not low - slack <= tax.tax_yen <= high + slack:
            message = (
                f"{tax.rate}%の税額 {yen(tax.tax_yen)} が、対象額 {yen(tax.charged_yen)} から計算した額"
                f"（{yen(low)}〜{yen(high)}）と合いません。モールの金額をそのまま使います。確かめてください。"
            )
            f.note(Code.TAX_MISMATCH, message, row, name, value=str(tax.tax_yen))
    total = sum(tax.charged_yen for tax in taxes)
    if taxes and charged and total not in charged:
        message = f"税率別の対象額の合計 {yen(total)} が、請求金額 {yen(charged[0])} と合いません。{CHECK}"
        f.note(Code.TAX_MISMATCH, message, row, name, value=str(total))


def check_currency(f: Findings, row: ParsedRow, name: str = "currency") -> bool:
    """円か. Other currencies are noted; their amounts must not be read as yen."""
    text = getattr(row, name).strip().upper()
    if text in ("", "JPY", "円", "¥", "YEN"):
        return True
    message = f"円以外の通貨（{text}）の注文です。金額は0円として取り込みました。円での金額を確かめて入力してください。"
    f.note(Code.CURRENCY, message, row, name)
    return False


def agree(f: Findings, rows: Sequence[ParsedRow], name: str, code: str = Code.OTHER) -> bool:
    """Do all rows of an order say the same? The first row counts; a row that differs is noted."""
    first = getattr(rows[0], name)
    for row in rows[1:]:
        other = getattr(row, name)
        if other and other != first and not _same_amount(first, other):
            message = (
                f"同じ注文の行で「{row.header(name)}」が違います（{rows[0].line}行目「{first}」、{row.line}行目「{other}」）。"
                f"{rows[0].line}行目を使いました。{CHECK}"
            )
            f.note(code, message, row, name)
            return False
    return True


def _same_amount(one: str, other: str) -> bool:
    try:
        return parse_yen(one) == parse_yen(other)
    except NotANumber:
        return False
