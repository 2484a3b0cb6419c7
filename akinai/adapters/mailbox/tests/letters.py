"""Mails as they really come, written byte by byte (テスト用のメール): ISO-2022-JP of mobiles, raw Shift_JIS, broken names."""

from __future__ import annotations

import base64

DATE = "Mon, 02 Nov 2026 10:00:00 +0900"


def mail(
    body: bytes | str = "",
    *,
    subject: bytes | str = "test",
    sender: bytes | str = "山田 <yamada@example.jp>",
    extra: str | bytes = "",
    kind: str = "text/plain; charset=utf-8",
    encoding: str = "8bit",
) -> bytes:
    """One mail; text is written in UTF-8, bytes as they are."""
    head = [
        b"From: " + _bytes(sender), b"To: shop@example.com", b"Subject: " + _bytes(subject), b"Date: " + DATE.encode(),
        b"Message-ID: <one@example.jp>", b"MIME-Version: 1.0", b"Content-Type: " + kind.encode(),
        b"Content-Transfer-Encoding: " + encoding.encode(),
    ]  # fmt: skip
    more = [row for row in _bytes(extra).split(b"\r\n") if row]
    return b"\r\n".join([*head, *more, b"", _bytes(body)])


def mixed(
    *parts: bytes, kind: str = "multipart/mixed", subject: bytes | str = "test", extra: str = ""
) -> bytes:
    """A mail of parts, each "head\\r\\n\\r\\nbody"."""
    body = b"".join(b"--=_boundary\r\n" + part + b"\r\n" for part in parts) + b"--=_boundary--\r\n"
    return mail(body, kind=f'{kind}; boundary="=_boundary"', subject=subject, extra=extra)


def file(name_fields: bytes, data: bytes = b"%PDF-1.4 paper", *, kind: bytes = b"application/pdf") -> bytes:
    """An attachment whose Content-Disposition goes on with `name_fields`."""
    head = b"Content-Type: " + kind + b"\r\nContent-Disposition: attachment" + name_fields
    return head + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data).strip()


def text(words: str) -> bytes:
    return b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + words.encode()


def jis(words: str) -> bytes:
    """ISO-2022-JP as Windows writes it: ①, ㈱ and 髙 by their places in CP932, half-width kana as ESC ( I."""
    out, now = b"", b"\x1b(B"
    for char in words:
        raw = char.encode("cp932")
        wanted = b"\x1b$B" if len(raw) == 2 else b"\x1b(I" if raw[0] >= 0xA1 else b"\x1b(B"
        out, now = (out + wanted, wanted) if wanted != now else (out, now)
        out += _seven(raw)
    return out + (b"" if now == b"\x1b(B" else b"\x1b(B")


def _seven(raw: bytes) -> bytes:
    if len(raw) == 1:
        return bytes([raw[0] & 0x7F])
    lead, trail = raw
    row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2
    if trail >= 0x9F:
        return bytes([row + 0x22, trail - 0x7E])
    return bytes([row + 0x21, trail - (0x20 if trail >= 0x80 else 0x1F)])


def word(data: bytes, charset: str) -> bytes:
    """An encoded word (RFC 2047, B)."""
    return b"=?" + charset.encode() + b"?B?" + base64.b64encode(data) + b"?="


def _bytes(value: bytes | str) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
