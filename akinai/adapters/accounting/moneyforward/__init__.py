"""マネーフォワード クラウド会計: 仕訳帳のインポート, 23 columns with a header. Rows of one 取引No are one entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from akinai.accounting.ports import Half, Voucher
from akinai.adapters.accounting.rows import from_csv, side_by_side, to_csv

_SIDE = ("勘定科目", "補助科目", "部門", "取引先", "税区分", "インボイス", "金額(円)", "税額")
HEADER = [
    "取引No", "取引日", *(f"借方{name}" for name in _SIDE), *(f"貸方{name}" for name in _SIDE), "摘要", "仕訳メモ", "タグ",
    "MF仕訳タイプ", "決算整理仕訳",
]  # fmt: skip
PERCENTS = (80, 70, 50, 30, 0)
TAXES = {
    "": "対象外", "s10": "課税売上 10%", "s8": "課税売上 (軽)8%", "s0": "非課税売上", "r10": "課税売上-返還等 10%",
    "r8": "課税売上-返還等 (軽)8%", "r0": "非課税売上-返還等", "p10": "課税仕入 10%", "p8": "課税仕入 (軽)8%", "p0": "対象外",
    **{f"p10_{percent}": "課税仕入 10%" for percent in PERCENTS},
    **{f"p8_{percent}": "課税仕入 (軽)8%" for percent in PERCENTS},
}  # fmt: skip


class MoneyForward:
    """マネーフォワード クラウド会計."""

    code = "moneyforward"
    title = "マネーフォワード クラウド会計"
    note = "「会計帳簿」→「仕訳帳」→「インポート」→「仕訳帳」で取り込みます。"
    encoding = "utf-8-sig"
    taxes: Mapping[str, str] = TAXES
    accounts: Mapping[str, str] = {
        "charges": "売上高",
        "cuts": "売上値引・返品",
        "cogs": "売上原価",
        "tax_paid": "仮払消費税",
        "tax_received": "仮受消費税",
    }

    def write(self, vouchers: Sequence[Voucher]) -> bytes:
        rows = [row for no, voucher in enumerate(vouchers, 1) for row in _rows(voucher, no)]
        return to_csv([HEADER, *rows], self.encoding)

    def read(self, data: bytes) -> list[list[str]]:
        return from_csv(data, self.encoding)[1:]


def _rows(voucher: Voucher, no: int) -> list[list[str]]:
    return [
        [
            str(no), f"{voucher.on:%Y/%m/%d}", *_half(debit, voucher), *_half(credit, voucher), voucher.memo[:200], voucher.number,
            "", "", "",
        ]
        for debit, credit in side_by_side(voucher)
    ]  # fmt: skip


def _half(half: Half | None, voucher: Voucher) -> list[str]:
    if half is None:
        return [""] * len(_SIDE)
    tax = str(half.tax_yen) if half.tax_class else ""
    return [
        half.account, half.sub_account, "", voucher.partner, half.tax, _invoice(half.tax_class), str(half.yen), tax,
    ]  # fmt: skip


def _invoice(tax_class: str) -> str:
    """インボイス of a purchase: 適格, or the part that may be deducted."""
    if not tax_class.startswith("p") or tax_class == "p0":
        return ""
    percent = tax_class.partition("_")[2]
    if not percent:
        return "適格"
    return f"{percent}%控除" if percent != "0" else "控除不可"
