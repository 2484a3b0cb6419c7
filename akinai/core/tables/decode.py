"""Bytes → text (文字コードの判定): UTF-8 strictly, else CP932 strictly, else a refusal that names the line."""

from __future__ import annotations

import re

from akinai.core.tables.shape import FileRefused, refuse

_SIGNATURES = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "画像（PNG）"),
    (b"\xff\xd8\xff", "画像（JPEG）"),
    (b"GIF8", "画像（GIF）"),
    (b"\x1f\x8b", "圧縮（gzip）"),
    (b"7z\xbc\xaf", "圧縮（7z）"),
    (b"Rar!", "圧縮（RAR）"),
)
_END_OF_FILE = re.compile(rb"\x1a[\x00\x1a]*\Z")
AGAIN = "もう一度ダウンロードしたファイルを、そのまま取り込んでください。"
# A line that is valid UTF-8 and has kana or kanji in it; CP932 text practically never looks like this by chance.
_UTF8_JAPANESE = re.compile(rb"[\xe3-\xe9][\x80-\xbf][\x80-\xbf]")
# What Python's cp932 lets through although no such character exists.
_NOT_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")


def decode(data: bytes, *, file: str) -> tuple[str, str]:
    """(text, encoding name). Raises FileRefused for binary files and for bytes that are no character."""
    _refuse_other_kinds(data, file)
    # Old systems end a file with Ctrl-Z, some with zeros behind it.
    data = data[: -len(found[0])] if (found := _END_OF_FILE.search(data[-4096:])) else data
    if data.startswith(b"\xef\xbb\xbf"):
        return _utf8(data[3:], file), "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(data, file), "utf-16"
    _refuse_nul(data, file)
    _refuse_jis(data, file)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        _refuse_euc(data, file)
        if _refuse_mixed(data, file) == "UTF-8":
            raise _undecodable(data, error.start, error.end, file, "UTF-8") from None
        return _cp932(data, file), "cp932"


def _refuse_other_kinds(data: bytes, file: str) -> None:
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise refuse(file, f"このファイルは{name}です。CSVかExcelのファイルを選んでください。")
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise refuse(
            file,
            "中身がWebページ（HTML）です。ログインが切れた画面を保存した可能性があります。"
            "ログインし直して、CSVをダウンロードしてください。",
        )


def _refuse_nul(data: bytes, file: str) -> None:
    at = data.find(b"\x00")
    if at < 0:
        return
    hint = (
        "UTF-16で保存されたか、壊れたファイルです。"
        if data.count(b"\x00") * 3 > len(data)
        else "壊れたファイルです。"
    )
    line = data.count(b"\n", 0, at) + 1
    raise refuse(
        file,
        f"文字でないデータ（00）が入っています。{hint}CSV（UTF-8またはShift_JIS）で{AGAIN}",
        line=line,
        value="00",
    )


_JIS_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\([BJ])")
_FOREIGN = "CSVを「UTF-8」か「Shift_JIS」で保存し直すか、もう一度ダウンロードして取り込んでください。"


def _refuse_jis(data: bytes, file: str) -> None:
    if found := _JIS_ESCAPE.search(data):
        line = data.count(b"\n", 0, found.start()) + 1
        message = f"文字コードがJIS（ISO-2022-JP）です。この文字コードは読めません。{_FOREIGN}"
        raise refuse(file, message, line=line, value=_hex(data[found.start() :]))


def _refuse_euc(data: bytes, file: str) -> None:
    """EUC-JP: its kana read as Shift_JIS are half-width kana or nothing at all, so it would come in as nonsense."""
    start = data[:200_000]
    try:
        text = start[: start.rfind(b"\n") + 1 or None].decode("euc_jp")
    except UnicodeDecodeError:
        return
    kana = len(re.findall("[ぁ-んァ-ヶ]", text))
    half = len(re.findall("[｡-ﾟ]", start.decode("cp932", "replace")))
    if kana and half > kana:
        at = next(at for at, byte in enumerate(data) if byte > 0x7F)
        line = data.count(b"\n", 0, at) + 1
        message = f"文字コードがEUC-JPです。この文字コードは読めません。{_FOREIGN}"
        raise refuse(file, message, line=line, value=_hex(data[at:]))


def _utf8(data: bytes, file: str) -> str:
    _refuse_nul(data, file)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _undecodable(data, error.start, error.end, file, "UTF-8") from None


def _utf16(data: bytes, file: str) -> str:
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise refuse(
            file,
            f"UTF-16として読めない部分があります（{error.start}バイト目）。{AGAIN}",
            value=_hex(data[error.start :]),
        ) from None
    if (at := text.find("\x00")) >= 0:
        line = text.count("\n", 0, at) + 1
        raise refuse(
            file, f"文字でないデータ（00）が入っています。壊れたファイルです。{AGAIN}", line=line, value="00"
        )
    return text


def _cp932(data: bytes, file: str) -> str:
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError as error:
        raise _undecodable(data, error.start, error.end, file, "UTF-8でもShift_JIS（CP932）") from None
    if found := _NOT_CP932.search(text):
        at = len(text[: found.start()].encode("cp932"))
        raise _undecodable(data, at, at + 1, file, "UTF-8でもShift_JIS（CP932）")
    return text


def _refuse_mixed(data: bytes, file: str) -> str:
    """Two files pasted into one: some lines are UTF-8 and some are not. Name the first line of the other kind.

    Returns the encoding of the lines that tell, "" when none does.
    """
    kinds = ((number, _line_kind(line)) for number, line in enumerate(data.split(b"\n"), start=1))
    first: str = ""
    for number, kind in kinds:
        if kind and first and kind != first:
            raise refuse(
                file,
                f"文字コードが途中で変わっています（{number - 1}行目までは{first}、{number}行目から{kind}）。"
                f"2つのファイルをつなげた可能性があります。元のファイルを1つずつ取り込んでください。",
                line=number,
                value=_hex(re.sub(rb"^[\x00-\x7f]+", b"", data.split(b"\n")[number - 1])),
            )
        first = first or kind
    return first


def _line_kind(line: bytes) -> str:
    """ "UTF-8", "Shift_JIS" or "" when the line does not tell."""
    if line.isascii():
        return ""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return ""  # perhaps the file was cut here
        try:
            line.decode("cp932")
        except UnicodeDecodeError:
            return ""  # neither: the strict reading below names the bytes
        return "Shift_JIS"
    return "UTF-8" if _UTF8_JAPANESE.search(line) else ""


def _undecodable(data: bytes, start: int, end: int, file: str, name: str) -> FileRefused:
    line = data.count(b"\n", 0, start) + 1
    if start >= len(data) - 3 and end >= len(data):
        return refuse(
            file,
            f"ファイルが途中で切れています（最後の文字が完結していません）。{AGAIN}",
            line=line,
            value=_hex(data[start:]),
        )
    return refuse(
        file,
        f"{name}として読めない文字があります（バイト {_hex(data[start:end])}）。文字コードが混ざっているか、壊れています。{AGAIN}",
        line=line,
        value=_hex(data[start : start + 4]),
    )


def _hex(data: bytes) -> str:
    return data[:4].hex(" ").upper()
