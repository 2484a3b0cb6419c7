"""Bytes → 200-byte records with their fields (全銀レコードの切り出し). Knows shape and characters, not sums."""

from __future__ import annotations

import re
from dataclasses import dataclass

from akinai.adapters.banks.zengin.layout import (
    DATA_A,
    DATA_B,
    DATA_DETAIL,
    DETAIL,
    END,
    FORM_B_DIGITS,
    HEADER,
    NOTICE,
    OUTGOING,
    RECORD,
    TRAILER,
    Layout,
)
from akinai.core.tables import FileRefused, RowError, refuse

AGAIN = "銀行からもう一度ダウンロードしたファイルを、開いたり編集したりせずに取り込んでください。"
RECORD_NAMES = {"1": "ヘッダー", "2": "データ", "8": "トレーラー", "9": "エンド"}
_EBCDIC_KINDS = tuple(b"\xf1" + kind.encode("cp037") for kind in (NOTICE, DETAIL, *OUTGOING))
_START = re.compile(rb"1(0[0-9]|1[12]|21|7[12]|91)[01][0-9 ]{6}")
_HEADLESS = re.compile(rb"[28][0-9]{24}")  # a data or trailer record: the header has been cut off
# JIS X 0201 printable: ASCII and half-width katakana. Small kana and ｰ have no place in any Zengin field (全銀協).
_FORBIDDEN = {*range(0xA7, 0xB1)}
_SINGLE_BYTE = {*range(0x20, 0x7F), *range(0xA1, 0xE0)} - _FORBIDDEN


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `number` counts from 1 and is what the clerk is told; `values` are trimmed text by field name."""

    number: int
    kind: str  # "1", "2", "8", "9"
    values: dict[str, str]
    form: str = ""  # "A" or "B" in a data record of 振込入金通知

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def whole(self, name: str) -> int:
        """A number field; blank (some banks leave unused ones blank) is 0."""
        return int(self.values.get(name) or 0)


def looks_like_zengin(data: bytes) -> bool:
    """Cheap look at the first bytes: a header record of any Zengin kind, in JIS or EBCDIC, or what follows one."""
    start = data.lstrip(b"\r\n")[:64]
    if start.startswith(_EBCDIC_KINDS):
        return True
    return b"," not in start and b"\t" not in start and bool(_START.match(start) or _HEADLESS.match(start))


def cut(data: bytes, file: str) -> list[bytes]:
    """Records of 200 bytes, whether they end in CRLF, LF, CR or nothing; a last 0x1A (EOF of DOS) is ignored."""
    body = data.rstrip(b"\x1a\r\n\x00")
    if not body.strip():
        raise refuse(file, f"ファイルが空です。{AGAIN}")
    _refuse_other_encodings(body, file)
    records: list[bytes] = []
    for line in re.split(rb"\r\n|\n|\r", body):
        if not line or len(line) % RECORD:
            raise refuse(
                file,
                _wrong_length(len(line), body),
                line=len(records) + 1,
                column="レコード長",
                value=str(len(line)),
            )
        records += [line[at : at + RECORD] for at in range(0, len(line), RECORD)]
    return records


def _refuse_other_encodings(body: bytes, file: str) -> None:
    if body.startswith(_EBCDIC_KINDS):
        raise refuse(
            file,
            "文字コードがEBCDICの全銀ファイルです。銀行のダウンロード画面で「JIS（コード区分0）」を選び直してください。",
            line=1,
            column="コード区分",
        )
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe")) or _is_utf8_kana(body):
        raise refuse(
            file, f"UTF-8などで保存し直された全銀ファイルです。桁がずれるため読めません。{AGAIN}", line=1
        )


def _is_utf8_kana(body: bytes) -> bool:
    """Half-width kana as UTF-8 are three bytes (EF BD xx, EF BE xx), which no CP932 kana text forms throughout."""
    if b"\xef\xbd" not in body and b"\xef\xbe" not in body:
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _wrong_length(length: int, body: bytes) -> str:
    if re.search(rb"(^|[\r\n])[^\r\n]{120}($|[\r\n])", body) and length == 120:
        return f"1レコードが120バイトです。120バイトは振込や口座振替を依頼するファイルで、入金明細は{RECORD}バイトです。入出金明細（全銀形式）を選び直してください。"
    if length == 0:
        return f"空の行があります。{AGAIN}"
    return f"レコードが{length}バイトです（正しくは{RECORD}バイト）。途中で切れたか、空白が削られています。{AGAIN}"


def layout_for(kind: str, file_type: str, record: bytes) -> tuple[Layout, str] | None:
    """(layout, form) of a record, or None for an unknown データ区分."""
    if kind == "1":
        return HEADER[file_type], ""
    if kind == "8":
        return TRAILER[file_type], ""
    if kind == "9":
        return END[file_type], ""
    if kind != "2":
        return None
    if file_type == DETAIL:
        return DATA_DETAIL, ""
    return (DATA_B, "B") if record[FORM_B_DIGITS].isdigit() else (DATA_A, "A")


def read_record(
    record: bytes, number: int, file_type: str, file: str, errors: list[RowError]
) -> Record | None:
    """One record's fields; what is wrong in it is added to `errors`."""
    kind = chr(record[0])
    found = layout_for(kind, file_type, record)
    if found is None:
        known = "、".join(f"{code}{name}" for code, name in RECORD_NAMES.items())
        message = f"データ区分「{_show(record[:1])}」は全銀ファイルにありません（{known}）。{AGAIN}"
        errors.append(RowError(file, number, "データ区分", _show(record[:1]), message))
        return None
    layout, form = found
    values: dict[str, str] = {}
    for field in layout.fields:
        raw = record[field.start : field.end]
        problem = _field_problem(field.name, raw, field.digits)
        if problem:
            errors.append(RowError(file, number, field.name, _show(raw), problem))
        elif value := raw.decode("cp932").rstrip(" "):
            values[field.name] = value.lstrip(" ") if field.digits else value
    return Record(number, kind, values, form)


def _field_problem(name: str, raw: bytes, digits: bool) -> str:
    """'' when the bytes may stand in this field, otherwise what is wrong, with the way out."""
    if digits:
        if raw.strip(b" ") and not raw.lstrip(b" ").isdigit():
            return f"{name}が数字ではありません。桁がずれている可能性があります。{AGAIN}"
        return ""
    if wrong := sorted({byte for byte in raw if byte in _FORBIDDEN}):
        letters = "".join(bytes([byte]).decode("cp932") for byte in wrong)
        return f"{name}に全銀で使えない文字「{letters}」（小さいカナ・長音）があります。編集されたファイルです。{AGAIN}"
    if any(byte not in _SINGLE_BYTE for byte in raw):
        return (
            f"{name}に全角文字か制御文字があります。全銀は半角カナだけです。桁がずれるため読めません。{AGAIN}"
        )
    return ""


def _show(raw: bytes) -> str:
    return raw.decode("cp932", "replace").strip()


def file_type_of(first: bytes, file: str) -> str:
    """種別コード "01" or "03"; every other kind, and コード区分 EBCDIC, is refused by its name."""
    if first[:1] != b"1":
        raise _not_header(first, file)
    kind = _show(first[1:3])
    if kind in OUTGOING:
        raise refuse(
            file,
            f"これは{OUTGOING[kind]}（種別{kind}）のファイルで、入金明細ではありません。"
            "入出金取引明細（種別03）か振込入金通知（種別01）を選んでください。",
            line=1,
            column="種別コード",
            value=kind,
        )
    if kind not in HEADER:
        raise refuse(
            file,
            f"種別コード「{kind}」は扱えません。種別01か03のファイルを選んでください。",
            line=1,
            column="種別コード",
            value=kind,
        )
    if first[3:4] == b"1":
        raise refuse(
            file,
            "コード区分が1（EBCDIC）です。銀行のダウンロード画面で「JIS（コード区分0）」を選び直してください。",
            line=1,
            column="コード区分",
            value="1",
        )
    return kind


def _not_header(first: bytes, file: str) -> FileRefused:
    name = RECORD_NAMES.get(_show(first[:1]), "不明な")
    return refuse(
        file,
        f"1件目が{name}レコードです。全銀ファイルはヘッダー（1）から始まります。先頭が欠けています。{AGAIN}",
        line=1,
        column="データ区分",
        value=_show(first[:1]),
    )
