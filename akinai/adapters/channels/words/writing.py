"""Files as a mall writes them (書き出し): for the demo shop, the tests and the benchmarks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from akinai.adapters.channels.words.times import TOKYO

Cells = Mapping[str, str | int]


def csv_bytes(
    header: Sequence[str],
    rows: Iterable[Cells],
    *,
    encoding: str,
    quote_all: bool = False,
    newline: str = "\r\n",
) -> bytes:
    """A CSV file. Raises UnicodeEncodeError for a character that the encoding does not have."""
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL, lineterminator=newline
    )
    writer.writerow(header)
    writer.writerows([[row.get(name, "") for name in header] for row in rows])
    return out.getvalue().encode(encoding)


def tsv_bytes(header: Sequence[str], rows: Iterable[Cells], *, encoding: str) -> bytes:
    """Tab-separated without any quoting; tabs and line breaks inside a cell become spaces, as Amazon writes them."""
    lines = ["\t".join(header)]
    for row in rows:
        lines.append("\t".join(" ".join(str(row.get(name, "")).split()) for name in header))
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def local(moment: datetime) -> datetime:
    """In Japanese time."""
    return moment.astimezone(TOKYO)


def two(text: str) -> tuple[str, str]:
    """ "見本 太郎" → ("見本", "太郎"); a name without a space is all 姓."""
    first, _, rest = text.partition(" ")
    return first, rest


def three(phone: str) -> tuple[str, str, str]:
    """A phone in three pieces, cut at its hyphens."""
    pieces = [*phone.split("-", 2), "", ""]
    return pieces[0], pieces[1], pieces[2]
