"""Excel workbooks → grids of text (Excelの読み込み) by calamine. Formulas are never evaluated here."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine

from akinai.core.tables.shape import refuse

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MAX_CELLS = 30_000_000
_MAX_UNPACKED = 600 * 1024 * 1024
_PRECISE = 10**15  # Excel keeps 15 digits; a longer number has lost its last ones


def is_workbook(data: bytes) -> bool:
    return data.startswith((ZIP, OLE))


def sheets(data: bytes, *, file: str) -> Iterator[tuple[str, str, list[tuple[int, list[str]]]]]:
    """(kind "xlsx"|"xls"|"ods", sheet name, [(row number from 1, cells as text)]) for each visible sheet."""
    kind = _checked_kind(data, file)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except python_calamine.PasswordError:
        raise refuse(file, _LOCKED) from None
    except Exception:
        raise refuse(file, _BROKEN) from None
    for meta in book.sheets_metadata:
        if (
            meta.visible != python_calamine.SheetVisibleEnum.Visible
            or meta.typ != python_calamine.SheetTypeEnum.WorkSheet
        ):
            continue
        try:
            grid = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
        except Exception:
            raise refuse(file, _BROKEN, value=meta.name) from None
        yield (
            kind,
            meta.name,
            [(number, [as_text(cell) for cell in row]) for number, row in enumerate(grid, start=1)],
        )


_LOCKED = "Excelファイルにパスワードが掛かっています。パスワードを外して保存してから取り込んでください。"
_BROKEN = "Excelファイルが壊れていて開けません。もう一度保存するか、ダウンロードし直してください。"


def _checked_kind(data: bytes, file: str) -> str:
    """xlsx, xls or ods by content; everything else that looks like a container is refused by name."""
    if data.startswith(OLE):
        if _ENCRYPTED in data:
            raise refuse(file, _LOCKED)
        return "xls"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            unpacked = sum(info.file_size for info in archive.infolist())
            if unpacked <= _MAX_UNPACKED:
                if archive.testzip():  # an entry that is bigger than it says, or damaged
                    raise refuse(file, _BROKEN)
                _refuse_scattered(archive, file)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        ValueError,
        OSError,
        RuntimeError,
        NotImplementedError,
    ):
        raise refuse(file, _BROKEN) from None
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise refuse(
            file, "ZIPファイルのままです。展開（解凍）して、中のCSVまたはExcelファイルを取り込んでください。"
        )
    if unpacked > _MAX_UNPACKED:
        raise refuse(
            file,
            "Excelファイルが大きすぎます。期間やシートを分けて取り込んでください。",
            value=f"{unpacked:,}バイト",
        )
    return "ods" if "content.xml" in names else "xlsx"


def _refuse_scattered(archive: zipfile.ZipFile, file: str) -> None:
    """A cell far out (XFD1048576) would make the reader fill 17 thousand million cells before it."""
    for name in archive.namelist():
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            continue
        width = height = 0
        for xml in _pieces(archive, name):
            columns = set(re.findall(rb'<c r="([A-Z]{1,3})[0-9]', xml))
            rows = re.findall(rb'<row[^>]*? r="([0-9]{1,7})"', xml)
            width = max([width, *map(_column_number, columns)])
            height = max([height, int(rows[0]), int(rows[-1])]) if rows else height
        if width * height > _MAX_CELLS:
            message = "Excelのシートに離れたセルがあり、表が大きすぎます。使っていない行や列を削除して保存し直してください。"
            raise refuse(file, message, value=f"{height:,}行×{width:,}列")


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """An entry in pieces that overlap, so that no tag is lost at a seam."""
    with archive.open(name) as stream:
        tail = b""
        while piece := stream.read(4_000_000):
            yield tail + piece
            tail = piece[-200:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def as_text(cell: Any) -> str:
    """A cell as a CSV of the same sheet would hold it: dates as YYYY/MM/DD[ HH:MM:SS], whole numbers without .0."""
    if isinstance(cell, str):
        return cell.replace("\x00", "\ufffd")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y/%m/%d" if cell.time() == time() else "%Y/%m/%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.strftime("%Y/%m/%d")
    if isinstance(cell, time):
        return cell.strftime("%H:%M:%S")
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    return "" if cell is None else str(cell)


def _number(value: int | float) -> str:
    """15 digits at most; a longer number is shown as Excel shows it, so that `is_excel_mangled` finds it."""
    if abs(value) >= _PRECISE:
        return f"{value:.14E}"
    return str(int(value)) if value == int(value) else format(value, ".15g")
