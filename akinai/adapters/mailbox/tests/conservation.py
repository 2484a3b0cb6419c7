"""Nothing of a mail is lost: every byte is a head, a boundary, a body, or kept as an attachment. Used by tests and bench."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Sequence

from akinai.adapters.mailbox import Mail, Refusal, body, parser, parts, read_mail
from akinai.adapters.mailbox.parts import Part

HEAD = re.compile(rb"[!-9;-~]{1,100}[ \t]*:|[ \t\r]|$")
WORDS = (
    b"\x1b$B", b"\x1b(B", b"=?", b"?=", b"\r\n\r\n", b"--", b"boundary=", b"\x00", b"\xff\xfe", b"multipart/mixed", b'"', b"<",
    b"base64", b"message/rfc822", b"charset=utf-7", b"charset=rot13", b"=", b">", b"*0*=", b"&#0;", b"\xed\xa0\x80",
)  # fmt: skip


def mutated(dice: random.Random, mail: bytes, others: Sequence[bytes]) -> bytes:
    """A mail with some bytes changed, lost, doubled, or taken from another mail."""
    data = bytearray(mail)
    for _ in range(dice.choice((1, 2, 4, 8, 20))):
        at, way = dice.randrange(len(data) or 1), dice.randrange(7)
        if way == 0:
            data[at : at + 1] = bytes([dice.randrange(256)])
        elif way == 1:
            del data[at : at + dice.randrange(1, 200)]
        elif way == 2:
            data[at:at] = dice.choice(WORDS)
        elif way == 3:
            data[at:at] = data[at : at + dice.randrange(1, 400)]
        elif way == 4:
            data[at:at] = dice.randbytes(dice.randrange(1, 30))
        elif way == 5 and dice.random() < 0.3:
            del data[at:]
        elif way == 6:
            other = dice.choice(others)
            since = dice.randrange(len(other) or 1)
            data[at:at] = other[since : since + dice.randrange(1, 600)]
    return bytes(data)


def check(raw: bytes) -> Mail | Refusal:
    """Read it, and assert what is promised of every mail; gives what `read_mail` gave."""
    got = read_mail(raw, ours={"shop.example.com"})
    assert got.digest == hashlib.sha256(raw).hexdigest()
    assert got.size == len(raw)
    if isinstance(got, Refusal):
        assert got.code != "unreadable", got.reason
        return got
    _is_clean(got)
    head, content = parser._opened(raw, [])
    assert head is not None
    root = parts.Cutter([]).cut(head, content)
    _nothing_left_over(root, content)
    _every_file_is_there(root, got)
    return got


def _is_clean(got: Mail) -> None:
    """What PostgreSQL keeps and offsets that lie in the text."""
    told = [got.text, got.subject, got.message_id, got.html, *got.references, *got.doubts, *(each.name for each in got.attachments)]  # fmt: skip
    told += [
        part for each in (got.sender, *got.to, *got.cc, *got.reply_to) if each for part in (each.address, each.name)
    ]  # fmt: skip
    for words in told:
        words.encode("utf-8")
        assert "\x00" not in words
    for offset in (got.quoted_from, got.signature_from):
        assert offset is None or (0 < offset <= len(got.text) and got.text[offset - 1] == "\n")
    assert got.sent_at is None or got.sent_at.tzinfo is not None
    assert all(each.name and "/" not in each.name for each in got.attachments)


def _nothing_left_over(root: Part, content: bytes) -> None:
    """Cut anew by another way: every piece is a part (its head, then its body) or was kept as standing outside of them."""
    assert root.body == content
    for part in root.walk():
        assert not part.children or any(_is_whole(part, pieces) for pieces in _cuts(part)), part.body


def _is_whole(part: Part, pieces: list[bytes]) -> bool:
    children = list(part.children)
    for piece in pieces:
        if piece in part.outside or not piece.strip():
            continue
        if not children or not piece.endswith(children[0].body):
            return False
        child = children.pop(0)
        for row in piece[: len(piece) - len(child.body)].split(b"\n"):
            if not HEAD.match(row) and not any(row.startswith(each) for each in child.heads.strange):
                return False
    return not children


def _cuts(part: Part) -> Iterator[list[bytes]]:
    """What stands between the boundary lines: by the boundary of the head, and by the one the body shows."""
    marks = [part.params.get("boundary", "").rstrip().encode("utf-8", "replace")]
    marks += [found[1] for found in [parts.GUESSED.search(part.body)] if found]
    for mark in filter(None, marks):
        line = rb"(?:\A|(?<=\n)|\r?\n)--" + re.escape(mark) + rb"[ \t\r\v\f]*(?:--)?[ \t\r\v\f]*(?:\n|\Z)"
        yield re.split(line, part.body)


def _every_file_is_there(root: Part, got: Mail) -> None:
    """Each part that is not read as text is an attachment with its very bytes, and so is what stood outside of parts."""
    digests = {each.digest for each in got.attachments}
    for part in root.walk():
        if not part.children and part.main != "multipart" and not body._is_body(part):
            assert hashlib.sha256(parts.content(part, [])).hexdigest() in digests
        for piece in part.outside:
            assert parts.is_lead_in(piece) or hashlib.sha256(piece).hexdigest() in digests
