"""One file → one `Table` (表の読み込み), or a refusal that names file, line, column, value and the way out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from akinai.core.tables import excel, header
from akinai.core.tables.cells import is_garbled, normal_headers
from akinai.core.tables.decode import AGAIN, decode
from akinai.core.tables.header import FindHeader, trimmed
from akinai.core.tables.shape import (
    FileRefused,
    HeaderNotFound,
    Row,
    RowError,
    Table,
    refuse,
    refuse_all,
    shorten,
)

MAX_BYTES = 120 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 2_000
MAX_CELL = 32_767  # characters; Excel's own limit, and no mall writes longer descriptions
DELIMITERS = (",", "\t", ";")
NAMES = {
    ",": "カンマ",
    "\t": "タブ",
    ";": "セミコロン",
    "|": "縦棒",
    "，": "全角カンマ",
    "、": "読点",
    "": "なし",
}
Numbered = tuple[int, list[str]]  # (physical line, cells)


@dataclass(frozen=True, slots=True)
class _Found:
    """How a text is to be cut: by which delimiter, quoted or not, and which record is the header."""

    delimiter: str
    at: int
    columns: int


def read_tables(
    data: bytes,
    *,
    filename: str,
    find_header: FindHeader | None = None,
    delimiter: str | None = None,
    quoting: bool | None = None,
    expected: Sequence[str] = (),
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
    allow_no_rows: bool = False,
) -> Table:
    """Read a CSV, TSV or Excel file.

    `find_header` gets the normalised cells of a line and says whether they are the header; without it the first
    line of words as wide as the table is taken. `delimiter` None tries comma, tab and semicolon. `quoting` None
    honours quotes, except in tab-separated files that only make sense without (Amazon). `expected` are column
    names for the message when no header is found.
    Raises FileRefused with every reason found; nothing is repaired and no row is dropped but blank ones.
    """
    if len(data) > max_bytes:
        limit = f"{max_bytes / 1024 / 1024:.0f}MB"
        raise refuse(
            filename,
            f"ファイルが大きすぎます（{limit}まで）。期間を分けてダウンロードしてください。",
            value=f"{len(data):,}バイト",
        )
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise refuse(filename, f"ファイルが空です。{AGAIN}")
    if excel.is_workbook(data):
        return _from_workbook(data, filename, find_header, expected, max_rows, allow_no_rows)
    text, encoding = decode(data, file=filename)
    if not text.strip():
        raise refuse(filename, f"ファイルが空です。{AGAIN}")
    found = _how_to_cut(text, filename, find_header, delimiter, expected)
    numbered = _records(text, filename, found, quoting, max_rows)
    return _table(numbered, found.at, filename, encoding, found.delimiter, max_rows, allow_no_rows)


def _how_to_cut(
    text: str, file: str, find_header: FindHeader | None, delimiter: str | None, expected: Sequence[str]
) -> _Found:
    """Find delimiter and header together: the widest header wins. An asked-for delimiter must be the right one."""
    candidates = [found for mark in DELIMITERS if (found := _try(text, mark, find_header))]
    best = max(candidates, key=lambda found: found.columns, default=None)
    if delimiter is not None:
        asked = _try(text, delimiter, find_header)
        if asked and (best is None or asked.columns >= best.columns or asked.columns > 1):
            return asked
        if best and best.columns > 1:
            raise _wrong_delimiter(file, NAMES.get(delimiter, delimiter), NAMES[best.delimiter])
    elif best and (best.columns > 1 or not (_other_delimiter(text) or _is_cut(text))):
        return best
    if (other := _other_delimiter(text)) and not _looks_like_a_table(text):
        raise _wrong_delimiter(file, "カンマまたはタブ", NAMES.get(other, other))
    raise no_header(file, _first_line(text), expected)


def _is_cut(text: str) -> bool:
    """Do most of the first lines hold several cells? Then a line of one cell is no header for them."""
    for mark in DELIMITERS:
        lines = [line for line in text[:50_000].splitlines()[:60] if line.strip()]
        if sum(line.count(mark) >= 2 for line in lines) * 2 > len(lines):
            return True
    return False


def _looks_like_a_table(text: str) -> bool:
    return any(found.columns > 1 for mark in DELIMITERS if (found := _try(text, mark, None)))


def _try(text: str, delimiter: str, find_header: FindHeader | None) -> _Found | None:
    sample: list[Numbered] = []
    reader = csv.reader(io.StringIO(text[:1_000_000], newline=""), delimiter=delimiter)
    try:
        for cells in islice(reader, 60):
            sample.append((reader.line_num, cells))
    except csv.Error:
        pass  # the strict reading that follows names the line
    at = header.find(sample, find_header)
    if at is None:
        return None
    names = trimmed(sample[at][1])
    if len(names) == 1 and find_header is None and any(mark in names[0] for mark in DELIMITERS):
        return None  # not one column, but many cut by another delimiter
    return _Found(delimiter, at, len(names))


def _other_delimiter(text: str) -> str:
    """A character that cuts the first lines into as many pieces as the first one, though it is no delimiter we take."""
    lines = [line for line in text[:20_000].splitlines()[:6] if line.strip()]
    for mark in ("|", "，", "、"):
        wanted = lines[0].count(mark) if lines else 0
        if len(lines) > 1 and wanted and all(line.count(mark) >= wanted for line in lines[1:]):
            return mark
    return ""


def _wrong_delimiter(file: str, wanted: str, seen: str) -> FileRefused:
    return refuse(
        file,
        f"区切り文字が違います。{wanted}区切りのはずですが、{seen}区切りになっています。"
        f"保存形式を選び直すか、{AGAIN}",
        line=1,
        value=seen,
    )


def no_header(file: str, first_line: str, expected: Sequence[str]) -> HeaderNotFound:
    """The refusal for a table without (known) column names."""
    names = f"「{'、'.join(expected[:8])}」などの" if expected else ""
    message = (
        f"{names}見出しの行が、先頭{header.LOOK_AT}行の中に見つかりません。1行目に列名のあるファイルが必要です。"
        f"見出しを消していないか、ファイルの種類が合っているかを確かめて、{AGAIN}"
    )
    if is_garbled(first_line):
        message = f"見出しが文字化けしています。{AGAIN}"
    return HeaderNotFound([RowError(file, 1, "", shorten(first_line), message)])


def _first_line(text: str) -> str:
    return next((line for line in text[:5_000].splitlines() if line.strip()), "")


def _records(text: str, file: str, found: _Found, quoting: bool | None, max_rows: int) -> list[Numbered]:
    """All records with their first physical line. Unquoted tabs are tried when quoting makes no sense."""
    if quoting is not None or found.delimiter != "\t":
        return list(_parse(text, file, found.delimiter, quoting is not False, max_rows))
    try:
        records = list(_parse(text, file, "\t", True, max_rows))
    except FileRefused:
        plain = list(_parse(text, file, "\t", False, max_rows))
        if _misfits(plain, found.at) <= 1:
            return plain
        raise
    if '"' not in text:
        return records
    plain = list(_parse(text, file, "\t", False, max_rows))
    # A quote that begins a cell and one that ends a later cell would swallow the rows between them.
    better = _misfits(plain, found.at) < _misfits(records, found.at)
    return plain if better or (not _misfits(plain, found.at) and len(plain) > len(records)) else records


def _misfits(records: list[Numbered], at: int) -> int:
    """How many rows from the header on are neither as wide as the header nor blank."""
    width = len(records[at][1]) if at < len(records) else 0
    return sum(len(cells) != width and any(cells) for _, cells in records[at:])


def _parse(text: str, file: str, delimiter: str, quoted: bool, max_rows: int) -> Iterator[Numbered]:
    lines = io.StringIO(text, newline="")
    if quoted:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
    else:
        reader = csv.reader(lines, delimiter=delimiter, strict=True, quoting=csv.QUOTE_NONE)
    line, limit = 1, max_rows + header.LOOK_AT + 1
    try:
        for count, cells in enumerate(reader, start=1):
            yield line, cells
            line = reader.line_num + 1
            if count > limit and any(cells):
                raise _too_many_rows(file, line - 1, max_rows)
    except csv.Error as error:
        raise _broken_record(file, line, str(error), text) from None


def _broken_record(file: str, line: int, reason: str, text: str) -> FileRefused:
    value = next(islice(io.StringIO(text, newline=""), line - 1, line), "").rstrip("\r\n")
    if "unexpected end of data" in reason:
        message = (
            f'引用符（"）が閉じられないままファイルが終わっています。ファイルが途中で切れています。{AGAIN}'
        )
    elif "field larger" in reason:
        message = f'セルが長すぎます（{MAX_CELL:,}文字まで）。引用符（"）の閉じ忘れがないか確かめて、{AGAIN}'
    else:
        message = (
            f'引用符（"）の使い方が正しくありません。セルの中の " は "" と書かれている必要があります。{AGAIN}'
        )
    return refuse(file, message, line=line, value=value)


def _too_many_rows(file: str, line: int, max_rows: int) -> FileRefused:
    return refuse(
        file,
        f"行数が多すぎます（{max_rows:,}行まで）。期間や店舗を分けてダウンロードしてください。",
        line=line,
    )


def _from_workbook(
    data: bytes,
    file: str,
    find_header: FindHeader | None,
    expected: Sequence[str],
    max_rows: int,
    allow_no_rows: bool,
) -> Table:
    """The visible sheet whose header fits: the first that was asked for, else the widest.

    Another sheet with the same columns and rows of its own is refused: which of them counts is for a person to say.
    """
    first, fitting = "", []
    for kind, name, grid in excel.sheets(data, file=file):
        first = first or " ".join(next((cells for _, cells in grid if any(cells)), []))
        if (at := header.find(grid[: header.LOOK_AT + 45], find_header)) is not None:
            fitting.append(_Sheet(kind, name, grid, at))
    if not first:
        raise refuse(
            file, "Excelファイルにデータがありません。シートが空か、非表示になっていないか確かめてください。"
        )
    if not fitting:
        raise no_header(file, first, expected)
    chosen = fitting[0] if find_header else max(fitting, key=lambda sheet: len(sheet.names))
    twins = [sheet.name for sheet in fitting if sheet.names == chosen.names and sheet.has_rows]
    if len(twins) > 1:
        message = (
            f"同じ見出しのシートが{len(twins)}枚あります（{'、'.join(twins)}）。1枚のシートにまとめるか、"
            f"取り込まないシートを非表示にして保存し直してください。"
        )
        raise refuse(file, message, line=chosen.grid[chosen.at][0], value="、".join(twins))
    return _table(chosen.grid, chosen.at, file, chosen.kind, "", max_rows, allow_no_rows, sheet=chosen.name)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet of a workbook with the place of its header."""

    kind: str
    name: str
    grid: list[Numbered]
    at: int

    @property
    def names(self) -> tuple[str, ...]:
        return trimmed(self.grid[self.at][1])

    @property
    def has_rows(self) -> bool:
        return any(any(cell.strip() for cell in cells) for _, cells in self.grid[self.at + 1 :])


def _table(
    numbered: list[Numbered],
    at: int,
    file: str,
    encoding: str,
    delimiter: str,
    max_rows: int,
    allow_no_rows: bool,
    sheet: str = "",
) -> Table:
    """Cut the records into preamble, header and rows, and refuse rows that do not fit the header."""
    header_line, original = numbered[at][0], trimmed(numbered[at][1])
    if len(original) > MAX_COLUMNS:
        raise refuse(
            file, f"列が多すぎます（{MAX_COLUMNS:,}列まで）。", line=header_line, value=f"{len(original):,}列"
        )
    names = normal_headers(original)
    rows, errors = _rows(numbered[at + 1 :], original, names, file, delimiter)
    if errors:
        raise refuse_all(errors)
    if len(rows) > max_rows:
        raise _too_many_rows(file, rows[max_rows].line, max_rows)
    if not rows and not allow_no_rows:
        raise refuse(
            file,
            f"見出しだけで、データの行がありません。ダウンロードの期間や条件を確かめて、{AGAIN}",
            line=header_line,
        )
    preamble = tuple(trimmed(cells) for _, cells in numbered[:at])
    return Table(file, names, tuple(rows), header_line, encoding, delimiter, preamble, original, sheet)


def _rows(
    numbered: list[Numbered], original: tuple[str, ...], names: tuple[str, ...], file: str, delimiter: str
) -> tuple[list[Row], list[RowError]]:
    positions = {name: at for at, name in enumerate(names)}
    width, rows, errors = len(names), [], []
    last = len(numbered)
    while last and not any(cell.strip() for cell in numbered[last - 1][1]):
        last -= 1
    for index in range(last):
        line, cells = numbered[index]
        if not any(cells) or not any(cell.strip() for cell in cells):
            continue
        if len(cells) != width:
            cells = cells[:width] if not any(cell.strip() for cell in cells[width:]) else cells
        if len(cells) != width:
            errors.append(_wrong_width(file, line, cells, width, delimiter, is_last=index == last - 1))
        elif max(map(len, cells)) > MAX_CELL:
            errors.append(_long_cell(file, line, cells, original))
        elif cells[0] == original[0] and tuple(cells) == original:
            message = "見出しの行がもう一度出てきます。2つのファイルをつなげた場合は、元のファイルを1つずつ取り込んでください。"
            errors.append(RowError(file, line, "", cells[0], message))
        else:
            rows.append(Row(line, tuple(cells), positions))
    if errors and len(errors) > 1 and errors[-1].message.startswith(_CUT):
        errors[-1] = _wrong_width(
            file, errors[-1].line, numbered[last - 1][1], width, delimiter, is_last=False
        )
    return rows, errors


_CUT = "最後の行が途中で終わっています"


def _wrong_width(
    file: str, line: int, cells: list[str], width: int, delimiter: str, *, is_last: bool
) -> RowError:
    """A row wider or narrower than the header: cut off, cut by another delimiter, or a stray comma or line break."""
    value = _shown(cells, delimiter)
    count = f"見出しは{width}列、この行は{len(cells)}列です"
    if len(cells) == 1 and (other := _delimiter_inside(cells[0], delimiter)):
        message = f"この行だけ{NAMES[other]}区切りになっています（{count}）。{AGAIN}"
    elif len(cells) > width:
        message = f'列が多すぎます（{count}）。セルの中の区切り文字が引用符（"）で囲まれていません。{AGAIN}'
    elif is_last:
        message = f"{_CUT}（{count}）。ファイルのダウンロードが途中で切れた可能性があります。{AGAIN}"
    else:
        message = f"列が足りません（{count}）。セルの中に改行が入ったか、行が切れています。{AGAIN}"
    return RowError(file, line, "", value, message)


def _shown(cells: list[str], delimiter: str) -> str:
    text = (delimiter or " ").join(cells).replace("\t", " ⇥ ")
    return text if len(text) <= 80 else text[:80] + "…"


def _delimiter_inside(cell: str, delimiter: str) -> str:
    return next((mark for mark in DELIMITERS if mark != delimiter and cell.count(mark) >= 2), "")


def _long_cell(file: str, line: int, cells: list[str], original: tuple[str, ...]) -> RowError:
    at = max(range(len(cells)), key=lambda index: len(cells[index]))
    message = f"セルが長すぎます（{len(cells[at]):,}文字、{MAX_CELL:,}文字まで）。内容を短くしてください。"
    return RowError(file, line, original[at], cells[at][:40] + "…", message)
