"""Words the malls share (モール共通の言葉): cells → yen, dates, places, payments, time slots, and the checks on sums.

A door reads its columns with `rows`, asks `Findings` for values and hears of everything odd as an `IssueDraft`.
Pure: knows no Django and no database. 受注ファイルの読み方のうち、どのモールにも共通するもの。
"""

from __future__ import annotations

from akinai.adapters.channels.words.findings import Code, Findings
from akinai.adapters.channels.words.rows import (
    ParsedRow,
    column,
    grouped,
    missing_columns,
    read_rows,
    split_extra,
)

__all__ = [
    "Code",
    "Findings",
    "ParsedRow",
    "column",
    "grouped",
    "missing_columns",
    "read_rows",
    "split_extra",
]
