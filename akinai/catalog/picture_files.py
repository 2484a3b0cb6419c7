"""画像ファイル: pictures that come beside a goods file, alone or in a ZIP, by their names. Pure.

What a picture is, its first bytes say; whether it can be drawn is decided when it is drawn.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from akinai.catalog.checks import file_name
from akinai.core.tables import RowError, refuse

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif")
MOST_PICTURES = 1_000
MOST_BYTES = 15 * 1024 * 1024  # of one picture, unpacked
MOST_UNPACKED = 500 * 1024 * 1024
_SIGNS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8")
_RUBBISH = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


def is_picture(data: bytes) -> bool:
    return data.startswith(_SIGNS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def is_archive(data: bytes) -> bool:
    """A ZIP with pictures in it and no table or workbook."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [info.filename.lower() for info in _files(archive)]
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return any(name.endswith(ENDINGS) for name in names) and not any(
        name.endswith((".csv", ".tsv", ".txt", ".xlsx", ".xls", "workbook.xml")) for name in names
    )


def key_of(name: str) -> str:
    """How names are compared: without folders, width, case and ending differences of the same picture aside."""
    return unicodedata.normalize("NFKC", file_name(name)).casefold()


class Pictures:
    """The pictures of all files beside the table. A name that is there twice is refused, as nobody knows which is meant."""

    def __init__(self, files: Sequence[tuple[str, bytes]]) -> None:
        """`files`: (file name, bytes) of pictures and ZIPs. Raises FileRefused for ZIPs that are too big or broken."""
        self.errors: list[RowError] = []
        self._where: dict[str, tuple[int, str]] = {}  # key → (file, member or "")
        self._files = files
        for at, (name, data) in enumerate(files):
            for member in [name] if is_picture(data) else _members(name, data):
                self._add(at, name, member, "" if is_picture(data) else member)

    def _add(self, at: int, file: str, name: str, member: str) -> None:
        key = key_of(name)
        if key in self._where:
            message = (
                f"画像「{file_name(name)}」が2つあります。どちらを使うか分からないので、1つにしてください。"
            )
            self.errors.append(RowError(file, 0, "", file_name(name), message))
        self._where.setdefault(key, (at, member))

    def __contains__(self, name: str) -> bool:
        return key_of(name) in self._where

    def names(self) -> list[str]:
        """Keys of all pictures, sorted."""
        return sorted(self._where)

    def read(self, name: str) -> bytes:
        """The bytes of one picture."""
        at, member = self._where[key_of(name)]
        data = self._files[at][1]
        if not member:
            return data
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = next(info for info in _files(archive) if info.filename == member)
            return archive.read(info)


def _members(name: str, data: bytes) -> Iterator[str]:
    """Names of the pictures in a ZIP, within the limits."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in _files(archive) if info.filename.lower().endswith(ENDINGS)]
            if any(info.flag_bits & 0x1 for info in infos):
                raise refuse(name, "ZIPにパスワードが掛かっています。パスワードなしで作り直してください。")
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError):
        raise refuse(name, "ZIPファイルが壊れていて開けません。作り直してください。") from None
    if len(infos) > MOST_PICTURES or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise refuse(
            name, f"ZIPの画像が多すぎるか大きすぎます（{MOST_PICTURES:,}枚・合計{MOST_UNPACKED // 1024 // 1024}MBまで）。分けてください。",
            value=f"{len(infos):,}枚",
        )  # fmt: skip
    for info in infos:
        if info.file_size > MOST_BYTES:
            raise refuse(
                name, f"画像「{file_name(info.filename)}」が大きすぎます（{MOST_BYTES // 1024 // 1024}MBまで）。小さくしてください。",
                value=f"{info.file_size:,}バイト",
            )  # fmt: skip
        yield info.filename


def _files(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """Files with their names as they were meant: Windows writes them in Shift_JIS without saying so."""
    for info in archive.infolist():
        if not info.flag_bits & 0x800:
            try:
                info.filename = info.filename.encode("cp437").decode("cp932")
            except UnicodeError:
                pass
        if not info.is_dir() and not any(mark in info.filename.lower() for mark in _RUBBISH):
            yield info
