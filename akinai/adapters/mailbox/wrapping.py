"""何に包まれて来たか: what programs put round a mail when they keep it as a file, and files that hold mails but are no .eml.

The bytes are kept as they came; only what is read is unwrapped.
"""

from __future__ import annotations

import re

BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n\t ]*(?:>?From [^\r\n]{1,300}\r?\n)?")
EMLX = re.compile(rb"(\d{1,9})[ \t]*\r?\n")
NEXT_OF_MBOX = re.compile(rb"\n\r?\nFrom \S[^\r\n]{0,250}\d{4}[^\r\n]{0,20}\r?\n(?=[!-9;-~]{1,60}:[ \t])")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WAY_OUT = "メールソフトから .eml で保存するか、受信用のアドレスへ転送してください。"


def unwrapped(raw: bytes, doubts: list[str]) -> tuple[bytes, int]:
    """(the mail, where its head begins)."""
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
        doubts.append("改行が CR だけのメールです。")
    elif (doubled := raw.count(b"\r\r\n")) and doubled == raw.count(b"\n"):
        raw = raw.replace(b"\r\r\n", b"\r\n")
        doubts.append("改行の印が二重になっていたため、1 つに直して読みました。")
    raw = _of_apple(raw)
    return raw, BEFORE.match(raw).end()  # type: ignore[union-attr]  # it matches nothing, too


def _of_apple(raw: bytes) -> bytes:
    """Apple Mail (.emlx): the size of the mail in the first line, notes of the program behind it."""
    found = EMLX.match(raw)
    if not found:
        return raw
    mail, notes = raw[found.end() : found.end() + int(found[1])], raw[found.end() + int(found[1]) :]
    return mail if notes.lstrip().startswith(b"<?xml") and b"<plist" in notes[:400] else raw


def other_form(raw: bytes) -> str:
    """Why a file of mails is not read as one, and the way out; "" for what may be a mail."""
    if raw.startswith(OLE):
        return f"Outlook の形式（.msg）のファイルです。{WAY_OUT}"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return (
            f"文字コードを UTF-16 に変えて保存されたファイルで、元のメールの文字が失われています。{WAY_OUT}"
        )
    if raw.startswith(b"!BDN"):
        return f"Outlook のデータファイル（.pst）です。{WAY_OUT}"
    if raw.startswith(b"From ") and (several := 1 + len(NEXT_OF_MBOX.findall(raw))) > 1:
        return f"{several} 通のメールが 1 つになったファイル（mbox）です。1 通ずつ .eml で保存してください。"
    return ""
