"""Whatever a file holds, the answer is lines or a refusal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akinai.adapters.banks.mufg import MufgBank
from akinai.adapters.banks.paypay_bank import PayPayBank
from akinai.adapters.banks.rakuten_bank import RakutenBank
from akinai.adapters.banks.sheet import CsvBank
from akinai.adapters.banks.strangers import explain
from akinai.core.tables import FileRefused

BANKS: list[CsvBank] = [MufgBank(), PayPayBank(), RakutenBank()]
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "2026/11/1",
            "20261101",
            "1",
            "12",
            "-5",
            "▲1,000",
            "１，２３４円",
            "1.23E+11",
            "=1+1",
            "9" * 5000,
            "振込 ヤマダ",
        ]
    ),
)


@settings(max_examples=150)
@given(st.lists(st.lists(CELLS, max_size=14), max_size=4), st.sampled_from(BANKS))
def test_cells_of_any_kind(rows: list[list[str]], bank: CsvBank) -> None:
    text = "\n".join(",".join(cells) for cells in [list(bank.required), *rows])
    data = text.encode("utf-8", "surrogatepass")
    try:
        statements = bank.read(data, "a.csv")
    except FileRefused as refused:
        assert all(error.message for error in refused.errors)
    else:
        assert len(statements[0].lines) >= 1


@given(st.binary(max_size=300))
def test_bytes_of_any_kind(data: bytes) -> None:
    for bank in BANKS:
        bank.sniff(data, "a.csv")
        with pytest.raises(FileRefused):
            bank.read(data, "a.csv")
    explain(data, "a.csv", banks=BANKS)
