"""弥生会計: 仕訳データのインポート形式, 25 columns, CP932, CRLF, no header.

Sources: support.yayoi-kk.co.jp page 18545 (flags, columns, what may be blank), page 27184 (amount 0 where a side is empty).
An entry of one row is 2111, of several 2110 … 2100 … 2101; a side that has no half in a row is blank with amount 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from akinai.accounting.ports import Half, Voucher
from akinai.adapters.accounting.rows import from_csv, narrow, side_by_side, to_csv

COLUMNS = 25
NONE = "対象外"
PERCENTS = {80: "区分80%", 70: "区分70%", 50: "区分50%", 30: "区分30%", 0: "控不"}
TAXES = {
    "": NONE, "s10": "課税売上込10%", "s8": "課税売上込軽減8%", "s0": "非課売上", "r10": "課税売返込10%", "r8": "課税売返込軽減8%",
    "r0": "非課売返", "p10": "課対仕入込10%適格", "p8": "課対仕入込軽減8%適格", "p0": NONE,
    **{f"p10_{percent}": f"課対仕入込10%{word}" for percent, word in PERCENTS.items()},
    **{f"p8_{percent}": f"課対仕入込軽減8%{word}" for percent, word in PERCENTS.items()},
}  # fmt: skip


class Yayoi:
    """弥生会計・やよいの青色申告."""

    code = "yayoi"
    title = "弥生会計"
    note = "弥生会計の「ファイル」→「インポート」で、仕訳日記帳を開いて取り込みます。"
    encoding = "cp932"
    taxes: Mapping[str, str] = TAXES
    accounts: Mapping[str, str] = {
        "tax_paid": "仮払消費税", "tax_received": "仮受消費税", "charges": "売上高", "cuts": "売上値引高", "cogs": "商品売上原価",
        "goods": "商品", "fees": "支払手数料",
    }  # fmt: skip

    def write(self, vouchers: Sequence[Voucher]) -> bytes:
        rows = [row for no, voucher in enumerate(vouchers, 1) for row in _rows(voucher, no)]
        return to_csv(rows, self.encoding)

    def read(self, data: bytes) -> list[list[str]]:
        return from_csv(data, self.encoding)


def _rows(voucher: Voucher, no: int) -> list[list[str]]:
    pairs = side_by_side(voucher)
    several = len(pairs) > 1
    return [
        [
            _flag(at, len(pairs)) if several else "2111", str(no % 1_000_000), "", f"{voucher.on:%Y/%m/%d}", *_half(debit),
            *_half(credit), narrow(f"{voucher.memo} {voucher.partner}", 64), voucher.number[-10:], "", "3", "", voucher.number, "0",
            "0", "no",
        ]
        for at, (debit, credit) in enumerate(pairs)
    ]  # fmt: skip


def _flag(at: int, count: int) -> str:
    return "2110" if at == 0 else "2101" if at == count - 1 else "2100"


def _half(half: Half | None) -> list[str]:
    """勘定科目, 補助科目, 部門, 税区分, 金額, 税金額."""
    if half is None:
        return ["", "", "", "", "0", ""]
    tax = str(half.tax_yen) if half.tax_class else ""
    return [narrow(half.account, 24), narrow(half.sub_account, 24), "", half.tax or NONE, str(half.yen), tax]
