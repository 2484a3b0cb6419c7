"""Writing payout files (見本と試験のための書き出し): the columns a provider uses, one list per row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, encoding: str = "cp932", tab: bool = False
) -> bytes:
    """CRLF, quoted where needed; tab-separated as Amazon writes."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t" if tab else ",", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)
