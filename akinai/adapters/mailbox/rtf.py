"""リッチテキスト (RTF): the words of a letter that Outlook keeps as RTF, and the HTML that it hides in one. Nothing is run."""

from __future__ import annotations

import codecs
import re
import struct

# The 207 letters that every packed RTF begins with unseen (MS-OXRTFCP).
BEFORE = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes "
    b"New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
MOST = 4_000_000
TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.DOTALL,
)
SILENT = {
    b"fonttbl",
    b"colortbl",
    b"stylesheet",
    b"pict",
    b"info",
    b"object",
    b"themedata",
    b"datastore",
    b"listtable",
    b"generator",
}
BREAKS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emdash": "—",
          b"endash": "–", b"bullet": "・", b"row": "\n", b"cell": " "}  # fmt: skip


def unpacked(data: bytes) -> bytes:
    """PR_RTF_COMPRESSED → RTF; b"" for what cannot be unpacked."""
    if len(data) < 16:
        return b""
    _, size, kind, _ = struct.unpack_from("<IIII", data)
    if kind == 0x414C454D:
        return data[16 : 16 + size]
    if kind != 0x75465A4C or size > MOST:
        return b""
    ring, place, out, at = bytearray(BEFORE.ljust(4096, b"\0")), len(BEFORE), bytearray(), 16
    while at < len(data) and len(out) < size:
        flags, at = data[at], at + 1
        for bit in range(8):
            if at >= len(data) or len(out) >= size:
                break
            if not flags & 1 << bit:
                piece, at = data[at : at + 1], at + 1
            elif at + 2 > len(data):
                return bytes(out)
            else:
                told, at = data[at] << 8 | data[at + 1], at + 2
                if told >> 4 == place:
                    return bytes(out)
                piece = _copied(ring, place, told >> 4, (told & 15) + 2)
            for byte in piece:
                ring[place] = byte
                place = (place + 1) % 4096
            out += piece
    return bytes(out)


def _copied(ring: bytearray, place: int, begin: int, size: int) -> bytes:
    """Letters of the ring, which may run into those that are just being written."""
    gap = (place - begin) % 4096 or 4096
    first = bytes(ring[(begin + at) % 4096] for at in range(min(size, gap)))
    return (first * (size // gap + 1))[:size]


def read(data: bytes) -> tuple[str, str]:
    """RTF → (text, HTML); the HTML only when the RTF was made of one."""
    reader = _Reader(b"\\fromhtml" in data[:400])
    for found in TOKEN.finditer(data[:MOST]):
        reader.take(found)
    reader.flush()
    # Letters beyond the first 65,536 (emoji, 𠮷) come in two halves; half of one is no letter.
    told = "".join(reader.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return ("", told) if reader.from_html else (told.strip("\n"), "")


class _Reader:
    """The state of each group: is it silent, is it meant for RTF alone."""

    def __init__(self, from_html: bool) -> None:
        self.from_html = from_html
        self.out: list[str] = []
        self.raw = b""
        self.codec = "cp932"
        self.now = (False, False)
        self.groups: list[tuple[bool, bool]] = []
        self.stands_for = 1
        self.skip = 0
        self.starred = False

    def take(self, found: re.Match[bytes]) -> None:
        code, word, number, sign, brace, text = found.groups()
        if brace:
            self._group(brace)
        elif word:
            self._word(word, int(number) if number else None)
        elif sign == b"*":
            self.starred = True
        elif sign:
            self._say(b"\xa0" if sign == b"~" else sign if sign in b"\\{}" else b"")
        elif code:
            self._say(bytes.fromhex(code.decode()))
        elif text:
            self._say(text)

    def _group(self, brace: bytes) -> None:
        self.flush()
        if brace == b"{":
            self.groups.append(self.now)
        elif self.groups:
            self.now = self.groups.pop()

    def _word(self, word: bytes, number: int | None) -> None:
        silent, rtf_only = self.now
        if self.starred:
            self.starred = False
            self.now = (silent or word != b"htmltag" or not self.from_html, rtf_only)
        elif word in SILENT:
            self.now = (True, rtf_only)
        elif word == b"htmlrtf":
            self.now = (silent, number != 0)
        elif word == b"ansicpg" and number:
            self.codec = f"cp{number}" if _is_known(f"cp{number}") else self.codec
        elif word == b"u" and number is not None:
            self._write(chr(number % 65536))
            self.skip = self.stands_for
        elif word == b"uc" and number is not None:
            self.stands_for = number
        elif word in BREAKS:
            self._write(BREAKS[word])

    def _say(self, data: bytes) -> None:
        if self.skip > 0:
            data, self.skip = data[self.skip :], self.skip - len(data)
        if self._is_heard():
            self.raw += data

    def _write(self, text: str) -> None:
        self.flush()
        if self._is_heard():
            self.out.append(text)

    def _is_heard(self) -> bool:
        silent, rtf_only = self.now
        return not silent and not (self.from_html and rtf_only)

    def flush(self) -> None:
        if self.raw:
            self.out.append(self.raw.decode(self.codec, "replace"))
            self.raw = b""


def _is_known(name: str) -> bool:
    try:
        return bool(codecs.lookup(name))
    except LookupError:
        return False
