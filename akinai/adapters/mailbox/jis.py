"""ISO-2022-JP as mails really write it: NEC and IBM letters (①㈱髙), half-width kana, JIS X 0212/0213, lost and stray escapes.

Read by hand because Python's codecs know each dialect apart, and because a broken pair must cost one letter, not the mail.
The letters come out as Windows and the web give them (～ is U+FF5E), so that texts of CP932 and JIS compare equal.
"""

from __future__ import annotations

import re

ESCAPE = re.compile(rb"\x1b(?:\$\([@A-DO-Q]|\$[@A-B]|\([A-Z0-9]|\)[A-Z0-9]|&@|\.[A-F]|N)")
JAPANESE = re.compile(rb"\x1b(?:\$|\([IJB])")
PAIRS = {b"$@": "x0208", b"$B": "x0208", b"$(@": "x0208", b"$(B": "x0208", b"$(D": "x0212", b"$(O": "x0213", b"$(Q": "x0213",
         b"$(P": "x0213-2", b"$A": "gb2312", b"$(A": "gb2312", b"$(C": "ksc"}  # fmt: skip
MOST_LOST = 800
SINGLES = {b"(B": "ascii", b"(J": "roman", b"(H": "roman", b"(I": "kana"}


def is_escaped(data: bytes) -> bool:
    """Does this hold escapes of ISO-2022-JP?"""
    return JAPANESE.search(data) is not None


def decode(data: bytes) -> tuple[str, int, bool]:
    """Bytes → (text, how many letters are broken, whether lost escapes were put back)."""
    is_mended = False
    if b"\x1b" not in data:
        data = _with_escapes(data)
        is_mended = b"\x1b" in data
    reader = _Reader()
    at = 0
    for escape in ESCAPE.finditer(data):
        reader.take(data[at : escape.start()])
        reader.switch(escape.group()[1:])
        at = escape.end()
    reader.take(data[at:])
    return "".join(reader.out), reader.broken, is_mended


def _with_escapes(data: bytes) -> bytes:
    """Put back the ESC that some gateways drop: round pairs of printable bytes between "$B" and "(B" that are Japanese."""
    out, at = [], 0
    while (begin := data.find(b"$B", at)) >= 0:
        end = data.find(b"(B", begin + 2, begin + 2 + MOST_LOST)
        while end >= 0 and (end - begin) % 2:
            end = data.find(b"(B", end + 1, begin + 2 + MOST_LOST)
        inner = data[begin + 2 : end] if end >= 0 else b""
        if inner and _is_japanese(inner):
            out.append(data[at:begin] + b"\x1b$B" + inner + b"\x1b(B")
            at = end + 2
        else:
            out.append(data[at : begin + 2])
            at = begin + 2
    return b"".join(out) + data[at:]


def _is_japanese(pairs: bytes) -> bool:
    """ "$B12(B" is a text that only looks so: one letter alone proves nothing."""
    if min(pairs) <= 0x20 or max(pairs) >= 0x7F:
        return False
    text = "".join(_pair("x0208", *pairs[at : at + 2]) for at in range(0, len(pairs), 2))
    return len(text) > 1 and "�" not in text and any("぀" <= char <= "鿿" for char in text)


class _Reader:
    """The set that is switched on, and the text so far."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.broken = 0
        self.now = "ascii"

    def switch(self, escape: bytes) -> None:
        self.now = PAIRS.get(escape) or SINGLES.get(escape) or ("ascii" if escape[:1] == b"(" else self.now)

    def take(self, piece: bytes) -> None:
        if not piece:
            return
        if self.now in ("ascii", "roman", "kana"):
            self.out.append(self._single(piece))
            return
        # Every line begins in ASCII again, also where a writer forgot to switch back.
        first, newline, rest = piece.partition(b"\n")
        self._pairs(first)
        if newline:
            self.now = "ascii"
            self.out.append("\n" + self._single(rest))

    def _single(self, piece: bytes) -> str:
        if self.now == "kana":
            piece = bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in piece)
        elif b"\x0e" in piece:
            piece = re.sub(
                rb"\x0e([^\x0f\n]*)\x0f?",
                lambda m: bytes(b | 0x80 if 0x21 <= b <= 0x5F else b for b in m[1]),
                piece,
            )
        text = piece.replace(b"\x0f", b"").decode("cp932", errors="replace")
        self.broken += text.count("�")
        return text.replace("\\", "¥") if self.now == "roman" else text

    def _pairs(self, piece: bytes) -> None:
        at = 0
        while at < len(piece):
            first = piece[at]
            if first <= 0x20 or first == 0x7F:
                self.out.append(chr(first))
                at += 1
                continue
            if at + 1 >= len(piece) or piece[at + 1] <= 0x20:
                self.broken += 1
                self.out.append("�")
                at += 1
                continue
            char = _pair(self.now, first, piece[at + 1])
            self.broken += char == "�"
            self.out.append(char)
            at += 2


def _pair(name: str, first: int, second: int) -> str:
    """One letter of two bytes, "�" when there is none."""
    high = bytes((first | 0x80, second | 0x80))
    if name == "x0208":
        return _read(_sjis(first & 0x7F, second & 0x7F), "cp932") or _read(high, "euc_jis_2004") or "�"
    tries = {
        "x0212": ((b"\x8f" + high, "euc_jp"),), "x0213": ((high, "euc_jis_2004"),), "x0213-2": ((b"\x8f" + high, "euc_jis_2004"),),
        "gb2312": ((high, "gb2312"),), "ksc": ((high, "cp949"),),
    }[name]  # fmt: skip
    return next((char for raw, codec in tries if (char := _read(raw, codec))), "�")


def _read(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return ""


def _sjis(first: int, second: int) -> bytes:
    """The same place of JIS X 0208 in Shift_JIS."""
    lead = ((first - 0x21) >> 1) + (0x81 if first < 0x5F else 0xC1)
    trail = second + (0x7E if not first & 1 else 0x1F if second < 0x60 else 0x20)
    return bytes((lead & 0xFF, trail & 0xFF))
