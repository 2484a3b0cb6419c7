"""総合振込 (種別 21, 120 bytes a record): transfers → the bank's file. Fills the port of purchasing.

Raises ValueError (UnfitKana among them) when a name or number does not fit; nothing is cut off.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from akinai.adapters.banks.zengin.layout import TRANSFER_DATA, TRANSFER_END, TRANSFER_HEADER, TRANSFER_TRAILER
from akinai.adapters.banks.zengin.writer import CRLF, record
from akinai.purchasing.ports import Account, Transfer

KINDS = {"ordinary": 1, "current": 2, "savings": 4, "other": 9}
BY_WIRE = 7  # 電信
MOST = 9_999_999_999


class ZenginTransfers:
    """The file every Japanese bank takes."""

    def write(self, transfers: Sequence[Transfer], *, payer: Account, payer_code: str, pay_on: date) -> bytes:
        """Header, one data record per transfer, trailer, end; CRLF between them, CP932."""
        if not transfers:
            raise ValueError("振込がありません。")
        records = [_header(payer, payer_code, pay_on), *map(_data, transfers)]
        total = sum(one.amount_yen for one in transfers)
        records.append(
            record(TRANSFER_TRAILER, {"データ区分": 8, "合計件数": len(transfers), "合計金額": total})
        )
        records.append(record(TRANSFER_END, {"データ区分": 9}))
        return b"".join(one + CRLF for one in records)


def _header(payer: Account, payer_code: str, pay_on: date) -> bytes:
    return record(
        TRANSFER_HEADER,
        {
            "データ区分": 1, "種別コード": 21, "依頼人コード": payer_code, "依頼人名": payer.kana, "取組日": f"{pay_on:%m%d}",
            "銀行コード": payer.bank_code, "支店コード": payer.branch_code, "預金種目": KINDS[payer.kind],
            "口座番号": payer.number,
        },
    )  # fmt: skip


def _data(one: Transfer) -> bytes:
    if not 0 < one.amount_yen <= MOST:
        raise ValueError(
            f"{one.to.kana} への金額 {one.amount_yen:,} 円は、1 件の振込にできません（10桁まで）。"
        )
    return record(
        TRANSFER_DATA,
        {
            "データ区分": 2, "銀行コード": one.to.bank_code, "支店コード": one.to.branch_code, "預金種目": KINDS[one.to.kind],
            "口座番号": one.to.number, "受取人名": one.to.kana, "金額": one.amount_yen, "顧客コード1": one.customer_code,
            "振込指定区分": BY_WIRE,
        },
    )  # fmt: skip
