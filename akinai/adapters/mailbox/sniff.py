"""What a file is by its first bytes (中身による種類). Only what is certain; "" for the rest."""

from __future__ import annotations

import re

STARTS = (
    (b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"), (b"II*\x00", "image/tiff"), (b"MM\x00*", "image/tiff"), (b"BM", "image/bmp"),
    (b"\x1f\x8b\x08", "application/gzip"), (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"), (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"BZh", "application/x-bzip2"), (b"\xfd7zXZ\x00", "application/x-xz"), (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"), (b"\xca\xfe\xba\xbe", "application/java-vm"), (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"), (b"ID3", "audio/mpeg"), (b"OggS", "application/ogg"),
    (b"fLaC", "audio/flac"), (b"#!", "text/x-script"), (b"MSCF", "application/vnd.ms-cab-compressed"), (b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (b"\x00\x00\x01\x00", "image/x-icon"), (b"8BPS", "image/vnd.adobe.photoshop"), (b"%!PS", "application/postscript"),
    (b"-----BEGIN PGP", "application/pgp"), (b"ITSF", "application/vnd.ms-htmlhelp"),
)  # fmt: skip
OFFICE = ((b"word/", "wordprocessingml.document"), (b"xl/", "spreadsheetml.sheet"), (b"ppt/", "presentationml.presentation"))  # fmt: skip
BRANDS = {b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heif", b"avif": "image/avif", b"qt  ": "video/quicktime",
          b"M4A ": "audio/mp4", b"3gp4": "video/3gpp", b"3gp5": "video/3gpp", b"3g2a": "video/3gpp2"}  # fmt: skip
RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|script)\b", re.IGNORECASE)
SVG = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<svg\b", re.IGNORECASE | re.DOTALL)
# The ones whose label must not hide them: they run when opened.
RUNS = {
    "application/vnd.microsoft.portable-executable", "application/x-elf", "application/java-vm", "text/x-script",
    "application/x-ms-shortcut", "application/vnd.ms-htmlhelp",
}  # fmt: skip
ENDINGS = {
    "application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/tiff": ".tif", "image/bmp": ".bmp",
    "image/webp": ".webp", "image/heic": ".heic", "text/plain": ".txt", "text/html": ".html", "text/csv": ".csv", "text/calendar": ".ics",
    "message/rfc822": ".eml", "application/zip": ".zip", "text/enriched": ".txt", "message/delivery-status": ".txt",
    "text/rfc822-headers": ".txt", "application/pgp-signature": ".asc", "application/pkcs7-signature": ".p7s", "video/mp4": ".mp4",
}  # fmt: skip


def mime(data: bytes) -> str:
    """The type the bytes show."""
    head = data[:4096]
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], "video/mp4")
    if head[:4] == b"RIFF":
        return RIFF.get(head[8:12], "")
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip(data)
    for start, found in STARTS:
        if head.startswith(start):
            return found if start not in (b"BM", b"MZ", b"#!") or _is_meant(head, start) else ""
    if SVG.match(head):
        return "image/svg+xml"
    return "text/html" if MARKUP.match(head) else ""


def _is_meant(head: bytes, start: bytes) -> bool:
    """Two letters begin many texts ("BMW…"): of a picture and a program there are other bytes too."""
    return b"\n" in head[:200] if start == b"#!" else b"\x00" in head[:64]


def _zip(data: bytes) -> str:
    """Office writes its folders into the first names and the list at the end."""
    ends = data[:4096] + data[-65536:]
    for folder, name in OFFICE:
        if folder in ends and b"[Content_Types].xml" in ends:
            return f"application/vnd.openxmlformats-officedocument.{name}"
    return "application/zip"
