"""署名と暗号 (S/MIME, PGP): the mail inside of a signed one, and the sentence for one that only its receiver can open.

A signature is not proved here: who a customer is, her address and her order tell. What is signed is read like any other mail.
"""

from __future__ import annotations

from collections.abc import Iterator

SIGNED = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"  # 1.2.840.113549.1.7.2
ENVELOPED = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"
TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
LOCKED = "暗号化されたメールのため、本文を読めません。暗号化せずに送り直してもらってください。"
SEQUENCE, OID, OCTETS, OCTETS_OF, FIRST = 0x30, 0x06, 0x04, 0x24, 0xA0
MOST_DEPTH = 12


def is_locked(data: bytes) -> bool:
    """Can nobody but the holder of a key read this object (CMS)?"""
    return ENVELOPED in data[:64]


def signed(data: bytes) -> bytes:
    """The mail part that a signed-data object (CMS) holds, b"" for anything else."""
    try:
        outer = dict(_items(_first(data, SEQUENCE)))
        if outer.get(OID) != SIGNED:
            return b""
        content = next(value for tag, value in _items(_first(outer[FIRST], SEQUENCE)) if tag == SEQUENCE)
        return b"".join(_octets(_first(content, FIRST), MOST_DEPTH))
    except (KeyError, IndexError, ValueError, StopIteration):
        return b""


def _octets(data: bytes, depth: int) -> Iterator[bytes]:
    for tag, value in _items(data):
        if tag == OCTETS:
            yield value
        elif tag == OCTETS_OF and depth:
            yield from _octets(value, depth - 1)


def _first(data: bytes, wanted: int) -> bytes:
    return next(value for tag, value in _items(data) if tag == wanted)


def _items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(tag, value) of everything on one level (BER). Raises IndexError for what is cut off, ValueError for nonsense."""
    at = 0
    while at + 2 <= len(data):
        tag = data[at]
        size, at = _size(data, at + 1)
        end, after = _end(data, at, MOST_DEPTH) if size is None else (at + size, at + size)
        if end > len(data):
            raise IndexError
        yield tag, data[at:end]
        at = after


def _size(data: bytes, at: int) -> tuple[int | None, int]:
    """How long a value is by the size that stands here (None: it is open, and an end follows it), and where it begins."""
    size, at = data[at], at + 1
    if size == 0x80:
        return None, at
    if size < 0x80:
        return size, at
    end = at + (size & 0x7F)
    return int.from_bytes(data[at:end], "big"), end


def _end(data: bytes, at: int, depth: int) -> tuple[int, int]:
    """Where a value of indefinite length ends, and what follows it."""
    while data[at : at + 2] != b"\0\0":
        size, at = _size(data, at + 1)
        if size is not None:
            at += size
        elif depth:
            _, at = _end(data, at, depth - 1)
        else:
            raise ValueError
        if at >= len(data):
            raise IndexError
    return at, at + 2
