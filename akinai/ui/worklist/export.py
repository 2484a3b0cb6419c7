"""Lists into files (書き出し): CSV for Excel (UTF-8 with BOM, or CP932) and xlsx, row by row.

A text that begins like a formula gets an apostrophe in front (CSV) or stays a string cell (xlsx), so that a
customer's name cannot run in a clerk's Excel.  Source: OWASP, CSV Injection.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO, Literal
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from akinai.ui.worklist.columns import Column

type Encoding = Literal["utf-8-sig", "cp932"]
ENCODINGS: dict[str, Encoding] = {"utf8": "utf-8-sig", "sjis": "cp932"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Full-width signs too: a Japanese Excel reads ＝ as =.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONTROL = {code: None for code in range(32) if code not in (9, 10, 13)}


def safe_text(value: str) -> str:
    """`value` with an apostrophe in front when a spreadsheet would take it for a formula."""
    # A lone hyphen and signed numbers run nothing, and an apostrophe would make text of them.
    if len(value) > 1 and value.startswith(_FORMULA) and not _is_number(value):
        return "'" + value
    return value


def _is_number(text: str) -> bool:
    bare = text[1:].replace(",", "")
    return (
        text[0] in "+-" and bare.isascii() and bare.replace(".", "", 1).isdigit() and not bare.startswith("0")
    )


def csv_cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y/%m/%d %H:%M")
    if isinstance(value, date):
        return value.strftime("%Y/%m/%d")
    return safe_text(str(value).translate(_CONTROL)) if isinstance(value, str) else str(value)


def csv_response(
    name: str, columns: Sequence[Column], rows: Iterable[Any], encoding: Encoding
) -> HttpResponseBase:
    """The rows as a streamed CSV file. CP932 cannot write every character: those become 〓 (geta mark)."""
    response = StreamingHttpResponse(_csv_chunks(columns, rows, encoding), content_type="text/csv")
    response["Content-Disposition"] = disposition(f"{name}.csv")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def write_csv(target: BinaryIO, columns: Sequence[Column], rows: Iterable[Any], encoding: Encoding) -> None:
    """The rows as a CSV file into `target`, as `csv_response` would send them."""
    target.writelines(_csv_chunks(columns, rows, encoding))


class _Echo:
    def write(self, text: str) -> str:
        return text


def _csv_chunks(columns: Sequence[Column], rows: Iterable[Any], encoding: Encoding) -> Iterator[bytes]:
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    first = writer.writerow([column.title for column in columns])
    yield encode(first, encoding)
    # After the first line no BOM any more.
    later: str = "utf-8" if encoding == "utf-8-sig" else encoding
    for row in rows:
        yield encode(writer.writerow([csv_cell(column.plain(row)) for column in columns]), later)


def encode(text: str, encoding: str) -> bytes:
    """`text` in bytes; what CP932 lacks (𠮷, emoji) is written as 〓 so that the gap can be seen."""
    if encoding != "cp932":
        return text.encode(encoding)
    try:
        return text.encode("cp932")
    except UnicodeEncodeError:
        return b"".join(_one(char) for char in text)


def _one(char: str) -> bytes:
    try:
        return char.translate({0x301C: 0xFF5E, 0x2212: 0xFF0D, 0x2014: 0x2015, 0x00A5: 0x005C}).encode(
            "cp932"
        )
    except UnicodeEncodeError:
        return "〓".encode("cp932")


def xlsx_response(name: str, columns: Sequence[Column], rows: Iterable[Any]) -> HttpResponseBase:
    """The rows as an Excel file, written row by row to a temporary file that vanishes once sent."""
    target = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
    write_xlsx(target, columns, rows)
    target.seek(0)
    response = FileResponse(target, content_type=XLSX)
    response["Content-Disposition"] = disposition(f"{name}.xlsx")
    return response


def write_xlsx(target: BinaryIO, columns: Sequence[Column], rows: Iterable[Any]) -> None:
    """Write-only workbook: header in bold and frozen, texts as strings (never formulas), real dates and numbers."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet("一覧")
    sheet.freeze_panes = "A2"
    for index, column in enumerate(columns, start=1):
        sheet.column_dimensions[_letter(index)].width = max(10, len(column.title) * 2 + 4)
    head = []
    for column in columns:
        cell = WriteOnlyCell(sheet, value=column.title)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.append(head)
    for row in rows:
        sheet.append([_xlsx_cell(sheet, column.plain(row)) for column in columns])
    book.save(target)


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=value.translate(_CONTROL)[:32767])
        # openpyxl takes "=…" for a formula; a list holds only data.
        cell.data_type = "s"
        return cell
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value=value)
        cell.number_format = "yyyy/mm/dd hh:mm"
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value=value)
        cell.number_format = "yyyy/mm/dd"
        return cell
    return value


def _letter(index: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(index))


def disposition(name: str) -> str:
    """An attachment under a Japanese name. Source: RFC 6266."""
    return f"attachment; filename*=UTF-8''{quote(name)}"
