"""Files as malls, browsers and Excel hand them out: one table in many dresses."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Mapping, Sequence

Cells = Mapping[str, object]


def csv_file(
    header: Sequence[str],
    rows: Iterable[Cells],
    *,
    encoding: str = "cp932",
    delimiter: str = ",",
    quote_all: bool = False,
    newline: str = "\r\n",
    drop: Sequence[str] = (),
    extra: Sequence[str] = (),
    shuffle: int | None = None,
    blank_lines: int = 0,
) -> bytes:
    """A CSV or TSV with the columns dropped, added (each cell tells its place) and shuffled as asked."""
    names = [name for name in header if name not in drop]
    columns = [*names, *extra]
    if shuffle is not None:
        random.Random(shuffle).shuffle(columns)
    out = io.StringIO(newline="")
    writer = csv.writer(
        out,
        delimiter=delimiter,
        lineterminator=newline,
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
    )
    writer.writerow(columns)
    for at, row in enumerate(rows, 1):
        writer.writerow([row.get(name, "") if name in names else f"{name}{at}" for name in columns])
    out.write(newline * blank_lines)
    return out.getvalue().encode(encoding)


def plain_tsv(
    header: Sequence[str], rows: Iterable[Cells], *, encoding: str = "cp932", newline: str = "\r\n"
) -> bytes:
    """Tab-separated without quoting, as Amazon writes it: a quote is a quote; tabs and line breaks became spaces."""
    lines = ["\t".join(header)]
    for row in rows:
        cells = (str(row.get(name, "")) for name in header)
        lines.append("\t".join(" ".join(cell.replace("\t", " ").split("\n")) for cell in cells))
    return (newline.join(lines) + newline).encode(encoding)


def saved_by_excel(
    header: Sequence[str], rows: Iterable[Cells], *, dates: Sequence[str], numbers: Sequence[str]
) -> bytes:
    """What Excel makes of a CSV that was opened and saved: M/D/YYYY dates, numbers without their leading zeros."""
    changed = []
    for row in rows:
        cells = dict(row)
        for name in dates:
            cells[name] = _us_date(str(cells.get(name, "")))
        for name in numbers:
            text = str(cells.get(name, ""))
            cells[name] = str(int(text)) if text.isdigit() else text
        changed.append(cells)
    return csv_file(header, changed)


def _us_date(text: str) -> str:
    day, _, clock = text.partition(" ")
    pieces = day.replace("/", "-").split("-")
    if len(pieces) != 3:
        return text
    year, month, date = (int(piece) for piece in pieces)
    hour, _, rest = clock.partition(":")
    return f"{month}/{date}/{year} {int(hour)}:{rest[:2]}" if hour else f"{month}/{date}/{year}"
