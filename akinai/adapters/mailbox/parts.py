"""部品 (MIME): bytes → a tree of parts as slices of the mail, so that every byte of every attachment is where it was.

Cut by hand and not by the standard library: its tree writes attached mails anew, takes time that grows with the depth,
and says nothing of what it left out. Here what stands outside of all parts is kept too.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from akinai.adapters.mailbox import heads, params, sealed
from akinai.adapters.mailbox.heads import Heads
from akinai.adapters.mailbox.mail import MOST_DEPTH, MOST_PARTS

# How a first part that lost its boundary in the head can still be told: a line of dashes, then a field.
GUESSED = re.compile(rb"^--([!-~][ -~]{3,100}[!-~])[ \t]*\r?\n(?=Content-[A-Za-z-]{1,40}[ \t]*:)", re.MULTILINE | re.IGNORECASE)  # fmt: skip
LEAD_IN = re.compile(rb"(?i)this (is|message)|multi-?part|mime")


class TooDeep(Exception):
    """More than MOST_DEPTH parts in parts."""


class TooMany(Exception):
    """More than MOST_PARTS parts."""


@dataclass(slots=True)
class Part:
    """One part: its head, its type in small letters, and its body as it stands in the mail."""

    heads: Heads
    type: str
    params: dict[str, str]
    disposition: str
    disposition_params: dict[str, str]
    body: bytes
    children: list[Part] = field(default_factory=list)
    outside: list[bytes] = field(default_factory=list)  # before the first and after the last boundary

    def walk(self) -> Iterator[Part]:
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def main(self) -> str:
        return self.type.partition("/")[0]


class Cutter:
    """Cuts one mail; counts its parts and collects what was doubtful."""

    def __init__(self, doubts: list[str]) -> None:
        self.doubts = doubts
        self.count = 0

    def cut(self, head: Heads, body: bytes, *, depth: int = 0, usual: str = "text/plain") -> Part:
        """Raises TooDeep, TooMany."""
        self.count += 1
        if self.count > MOST_PARTS:
            raise TooMany
        if head.strange:
            self.doubts.append(
                f"見出しの中に、見出しとして読めない行が {len(head.strange)} 行あります（飛ばしました）。"
            )
        kind, told = params.read(head.raw("content-type"))
        disposition, more = params.read(head.raw("content-disposition"))
        if not re.fullmatch(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}", kind):
            if kind:
                self.doubts.append(f"部品の種類「{kind[:40]}」は読めないため、文章とみなしました。")
            kind = usual if not kind.startswith("multipart") else "multipart/mixed"
        part = Part(head, kind, told, disposition, more, body)
        if part.main == "multipart":
            if depth >= MOST_DEPTH:
                raise TooDeep
            self._open(part, depth)
        elif kind in sealed.TYPES and depth < MOST_DEPTH and (inner := sealed.signed(content(part, []))):
            inner_head, begin = heads.read(inner)
            part.children.append(self.cut(inner_head, inner[begin:], depth=depth + 1))
        return part

    def _open(self, part: Part, depth: int) -> None:
        """Children by the boundary of the head; by the one the body shows when that is missing or wrong."""
        boundary = part.params.get("boundary", "").encode("utf-8", "replace")
        slices, outside = _slices(part.body, boundary.rstrip()) if boundary else ([], [])
        if not slices and (found := GUESSED.search(part.body)):
            self.doubts.append("区切りの記載が本文と合わないため、本文の中の区切りで分けました。")
            boundary = found[1]
            slices, outside = _slices(part.body, boundary)
        if not slices:
            if part.body.strip():
                self.doubts.append(
                    "複数の部品のメールとありますが、区切りがないため全体を文章とみなしました。"
                )
            part.type = "text/plain" if part.type != "multipart/alternative" else _looks(part.body)
            return
        if not re.search(rb"--" + re.escape(boundary.rstrip()) + rb"--", part.body):
            self.doubts.append(
                "最後の区切りがありません。メールが途中で切れ、添付が欠けているおそれがあります。"
            )
        usual = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        part.outside = [piece for piece in outside if piece.strip()]
        for piece in slices:
            if not piece.strip():
                continue
            head, begin = heads.read(piece)
            part.children.append(self.cut(head, piece[begin:], depth=depth + 1, usual=usual))


def _looks(body: bytes) -> str:
    return (
        "text/html" if re.match(rb"\s*<(!doctype|html|body|div|p)\b", body, re.IGNORECASE) else "text/plain"
    )


def _slices(body: bytes, boundary: bytes) -> tuple[list[bytes], list[bytes]]:
    """(what stands between boundary lines, what stands outside of them). The line end before a boundary is its own."""
    mark = b"--" + boundary
    inside: list[bytes] = []
    outside: list[bytes] = []
    begin, is_open, at = 0, False, 0
    while (at := body.find(mark, at)) >= 0:
        line_end = body.find(b"\n", at)
        line_end = len(body) if line_end < 0 else line_end + 1
        tail = body[at + len(mark) : line_end].strip()
        if (at and body[at - 1 : at] != b"\n") or tail not in (b"", b"--"):
            at += len(mark)
            continue
        (inside if is_open else outside).append(_without_last_newline(body[begin:at]))
        begin, is_open, at = line_end, tail != b"--", line_end
    (inside if is_open else outside).append(body[begin:])
    return inside, outside


def _without_last_newline(piece: bytes) -> bytes:
    if piece.endswith(b"\r\n"):
        return piece[:-2]
    return piece[:-1] if piece.endswith(b"\n") else piece


def is_lead_in(piece: bytes) -> bool:
    """The sentence for programs that know no MIME says nothing."""
    return len(piece) < 400 and LEAD_IN.search(piece) is not None


def content(part: Part, doubts: list[str]) -> bytes:
    """The bytes of a part as they were before the transfer; what cannot be decoded stays as it came, with a doubt."""
    told = part.heads.text("content-transfer-encoding").lower().strip("\"' ;")
    encoding = re.sub(r"[\s_-]", "", told)  # "quoted printable" and "7-bit" are meant as they sound
    if encoding == "base64":
        return _base64(part.body, doubts)
    if encoding == "quotedprintable":
        return binascii.a2b_qp(part.body)
    if encoding in ("xuuencode", "uuencode", "xuue", "uue"):
        return _uuencoded(part.body, doubts)
    if encoding not in ("", "7bit", "7bits", "8bit", "8bits", "binary", "none"):
        doubts.append(f"送り方「{told[:40]}」を知らないため、部品を届いたまま残しました。")
    return part.body


def _base64(body: bytes, doubts: list[str]) -> bytes:
    data, stray = heads.from_base64(body)
    size = len(body.strip())
    if stray and (not data or stray > size // 10):
        doubts.append("base64 とある部品が base64 ではないため、届いたまま残しました。")
        return body
    if stray:
        doubts.append(f"base64 の部品に余計な文字が {stray} 文字あり、除いて読みました。")
    return data


def _uuencoded(body: bytes, doubts: list[str]) -> bytes:
    out = []
    for line in body.splitlines():
        if line.startswith((b"begin ", b"end")) or not line.strip():
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            doubts.append("uuencode とある部品が読めないため、届いたまま残しました。")
            return body
    return b"".join(out)
