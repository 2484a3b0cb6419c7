"""freee の仕訳のインポート (振替伝票): rows of one debit and one credit; the same date and 伝票番号 make one entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from akinai.accounting.ports import Half, Voucher
from akinai.adapters.accounting.freee.names import ACCOUNTS, TAXES
from akinai.adapters.accounting.rows import from_csv, side_by_side, to_csv

_SIDE = (
    "勘定科目", "科目コード", "補助科目", "取引先", "取引先コード", "部門", "品目", "メモタグ", "セグメント1", "セグメント2", "セグメント3",
    "金額", "税区分", "税額",
)  # fmt: skip
HEADER = [
    "日付", "伝票番号", "決算整理仕訳", *(f"借方{name}" for name in _SIDE), *(f"貸方{name}" for name in _SIDE), "摘要",
]  # fmt: skip


class Freee:
    """freee会計（仕訳）."""

    code = "freee"
    title = "freee会計（仕訳）"
    note = "「決算申告」→「振替伝票」→「インポート」で取り込みます。すべての仕訳が入ります。"
    encoding = "utf-8-sig"
    taxes: Mapping[str, str] = TAXES
    accounts: Mapping[str, str] = ACCOUNTS

    def write(self, vouchers: Sequence[Voucher]) -> bytes:
        return to_csv([HEADER, *(row for voucher in vouchers for row in _rows(voucher))], self.encoding)

    def read(self, data: bytes) -> list[list[str]]:
        return from_csv(data, self.encoding)[1:]


def _rows(voucher: Voucher) -> list[list[str]]:
    return [
        [
            f"{voucher.on:%Y/%m/%d}",
            voucher.number,
            "",
            *_half(debit, voucher),
            *_half(credit, voucher),
            voucher.memo[:250],
        ]
        for debit, credit in side_by_side(voucher)
    ]


def _half(half: Half | None, voucher: Voucher) -> list[str]:
    if half is None:
        return [""] * len(_SIDE)
    tax = str(half.tax_yen) if half.tax_class else ""
    return [
        half.account, "", half.sub_account, voucher.partner, *[""] * 7, str(half.yen), half.tax, tax,
    ]  # fmt: skip
