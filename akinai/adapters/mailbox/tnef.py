"""winmail.dat (TNEF): the text and the files that Outlook puts into one file when it writes for other Outlooks."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from akinai.adapters.mailbox import charset, rtf

SIGNATURE = b"\x78\x9f\x3e\x22"
TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
BODY, TITLE, DATA, NEW_FILE, FILE_PROPS, PROPS, CODEPAGE = (
    0x800C,
    0x8010,
    0x800F,
    0x9002,
    0x9005,
    0x9003,
    0x9007,
)
TEXT, RTF, HTML, LONG_NAME, NAME, FILE_DATA = 0x1000, 0x1009, 0x1013, 0x3707, 0x3704, 0x3701
FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
STRING, WIDE, BINARY, OBJECT, SEVERAL = 0x1E, 0x1F, 0x102, 0x0D, 0x1000
MOST_FILES, MOST_PROPS = 200, 5000


@dataclass(slots=True)
class Packed:
    """What a winmail.dat holds. `is_whole`: it was read to its end."""

    text: str = ""
    html: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)
    is_whole: bool = True


def read(data: bytes) -> Packed | None:
    """None for what is no TNEF. Never raises; of a damaged one what stands before the damage."""
    if not data.startswith(SIGNATURE):
        return None
    packed, codec, rich = Packed(), "cp1252", b""
    try:
        for kind, value in _attributes(data):
            if kind == CODEPAGE and len(value) >= 4:
                codec = f"cp{struct.unpack_from('<I', value)[0]}"
            elif kind == NEW_FILE and len(packed.files) < MOST_FILES:
                packed.files.append(("", b""))
            elif kind == BODY:
                packed.text = _text(value, codec)
            elif kind == PROPS:
                told = dict(_props(value))
                packed.text = packed.text or _string(told.get(TEXT), codec)
                packed.html = packed.html or _string(told.get(HTML), codec)
                rich = rich or (told.get(RTF) or (0, b""))[1]
            elif packed.files and kind in (TITLE, DATA, FILE_PROPS):
                packed.files[-1] = _file(packed.files[-1], kind, value, codec)
    except (struct.error, IndexError, ValueError):
        packed.is_whole = False
    if rich and not packed.text.strip() and not packed.html.strip():
        packed.text, packed.html = rtf.read(rtf.unpacked(rich))
    return packed


def _file(before: tuple[str, bytes], kind: int, value: bytes, codec: str) -> tuple[str, bytes]:
    name, data = before
    if kind == TITLE:
        return name or _text(value, codec), data
    if kind == DATA:
        return name, value
    told = dict(_props(value))
    better = _string(told.get(LONG_NAME), codec) or _string(told.get(NAME), codec)
    return better or name, data or (told.get(FILE_DATA) or (0, b""))[1]


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at < len(data):
        _, kind, size = struct.unpack_from("<BII", data, at)
        at += 9
        if at + size > len(data):
            raise IndexError
        yield kind & 0xFFFF, data[at : at + size]
        at += size + 2


def _props(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Number → (type, first value) of a list of MAPI properties."""
    (count,) = struct.unpack_from("<I", data)
    at = 4
    for _ in range(min(count, MOST_PROPS)):
        kind, number = struct.unpack_from("<HH", data, at)
        at += 4
        if number >= 0x8000:
            (named,) = struct.unpack_from("<I", data, at + 16)
            at += 20
            at += 4 + _padded(struct.unpack_from("<I", data, at)[0]) if named else 4
        value, at = _value(data, at, kind)
        yield number, (kind & 0xFFF, value)


def _value(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    base, several = kind & 0xFFF, 1
    is_listed = bool(kind & SEVERAL) or base in (STRING, WIDE, BINARY, OBJECT)
    if is_listed:
        (several,) = struct.unpack_from("<I", data, at)
        at += 4
    first: bytes | None = None
    for _ in range(min(several, MOST_PROPS)):
        if base in FIXED:
            size = width = FIXED[base]
        else:
            (size,) = struct.unpack_from("<I", data, at)
            at, width = at + 4, _padded(size)
        if at + size > len(data):
            raise IndexError
        first = data[at : at + size] if first is None else first
        at += width
    return first or b"", at


def _padded(size: int) -> int:
    return (size + 3) // 4 * 4


def _string(told: tuple[int, bytes] | None, codec: str) -> str:
    if told is None:
        return ""
    kind, value = told
    if kind == WIDE:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    return _text(value, codec)


def _text(value: bytes, codec: str) -> str:
    return charset.decode(value.rstrip(b"\0"), codec).text
