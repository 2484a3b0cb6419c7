"""freee の取引のインポート: 20 columns. One side of an entry is where the money is (口座) or is owed (未決済), the other what for.

An entry that has neither (goods to cost) is no 取引 in freee; it stands in the file of 仕訳 only, and here it is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from akinai.accounting.ports import Half, Voucher
from akinai.adapters.accounting.freee.names import ACCOUNTS, TAXES
from akinai.adapters.accounting.rows import from_csv, to_csv

HEADER = [
    "収支区分", "管理番号", "発生日", "決済期日", "取引先", "勘定科目", "税区分", "金額", "税計算区分", "税額", "備考", "品目", "部門",
    "メモタグ（複数指定可、カンマ区切り）", "セグメント1", "セグメント2", "セグメント3", "決済日", "決済口座", "決済金額",
]  # fmt: skip
OWED = ("売掛金", "買掛金")
WALLETS = ("普通預金", "現金")


class FreeeDeals:
    """freee会計（取引）."""

    code = "freee_deals"
    title = "freee会計（取引）"
    note = "「取引」→「取引の一覧・登録」→「インポート」で取り込みます。売上・入金・仕入・支払だけで、在庫と原価の仕訳は入りません。"
    encoding = "utf-8-sig"
    taxes: Mapping[str, str] = TAXES
    accounts: Mapping[str, str] = ACCOUNTS

    def write(self, vouchers: Sequence[Voucher]) -> bytes:
        return to_csv([HEADER, *(row for voucher in vouchers for row in _rows(voucher))], self.encoding)

    def read(self, data: bytes) -> list[list[str]]:
        return from_csv(data, self.encoding)[1:]


def takes(voucher: Voucher) -> bool:
    """Is it a 取引: has one of its sides exactly one half that is money or is owed?"""
    return _money(voucher) is not None


def _money(voucher: Voucher) -> tuple[Half, Sequence[Half], Sequence[Half], str] | None:
    """(the money, what it is for, what lessens that, 収支区分)."""
    for names in (WALLETS, OWED):
        for here, there, sort in (
            (voucher.debits, voucher.credits, "収入"),
            (voucher.credits, voucher.debits, "支出"),
        ):
            found = [half for half in here if half.account in names]
            if len(found) == 1:
                return found[0], there, [half for half in here if half is not found[0]], sort
    return None


def _rows(voucher: Voucher) -> list[list[str]]:
    told = _money(voucher)
    if told is None:
        return []
    money, plus, minus, sort = told
    is_paid = money.account in WALLETS
    on = f"{voucher.on:%Y/%m/%d}"
    paid = [on, money.sub_account or money.account, str(money.yen)] if is_paid else ["", "", ""]
    lines = [(half, half.yen, half.tax_yen) for half in plus] + [
        (half, -half.yen, -half.tax_yen) for half in minus
    ]
    return [
        [
            *([sort, voucher.number, on, "", voucher.partner] if not at else ["", "", "", "", ""]), half.account, half.tax, str(yen),
            "内税" if half.tax_class else "", str(tax) if half.tax_class else "", voucher.memo[:250], "", "", "", "", "", "",
            *(paid if not at else ["", "", ""]),
        ]
        for at, (half, yen, tax) in enumerate(lines)
    ]  # fmt: skip
