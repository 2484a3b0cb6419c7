"""行のならべ方: an entry of several halves as rows of one debit and one credit each, and rows as a CSV file and back."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from akinai.accounting.ports import Half, Voucher


def side_by_side(voucher: Voucher) -> list[tuple[Half | None, Half | None]]:
    """(debit, credit) per row; one of them is missing where a side has more halves."""
    return list(zip_longest(voucher.debits, voucher.credits))


def to_csv(rows: Iterable[Sequence[str]], encoding: str) -> bytes:
    """CRLF, quoted where needed. What CP932 cannot write becomes 〓."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerows(rows)
    text = target.getvalue()
    if encoding != "cp932":
        return text.encode(encoding)
    return b"".join(_one(char) for char in text)


def _one(char: str) -> bytes:
    for tried in (char, unicodedata.normalize("NFKC", char)):
        try:
            return tried.encode("cp932")
        except UnicodeEncodeError:
            continue
    return "〓".encode("cp932")


def from_csv(data: bytes, encoding: str) -> list[list[str]]:
    """The rows of such a file."""
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))


def narrow(text: str, width: int) -> str:
    """At most `width` half-width columns; full-width characters take two."""
    kept, used = [], 0
    for char in " ".join(text.split()):
        used += 2 if unicodedata.east_asian_width(char) in "FWA" else 1
        if used > width:
            break
        kept.append(char)
    return "".join(kept)
