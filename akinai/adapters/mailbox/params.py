"""Values with parameters (Content-Type, Content-Disposition), and file names in every form that Japanese mailers write.

RFC 2231 with and without its parts, RFC 2047 inside or outside of quotes, raw Shift_JIS, percent signs without a charset.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from akinai.adapters.mailbox import charset, clean, heads

# Quoted values may hold semicolons; unquoted ones go to the next semicolon, blanks and all, as Outlook and old Becky! write.
PARAM = re.compile(r';\s*([^\s=;"]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.){0,4000})"?|([^;]{0,4000}))', re.DOTALL)
FIRST = re.compile(r"[^;\s]*")
MOST_NAME = 150
MOST_PARAMS = 100
PERCENT = re.compile(r"(?:[A-Za-z0-9._ ()+-]*%[0-9A-Fa-f]{2})+[A-Za-z0-9._ ()+-]*")


def read(raw: bytes) -> tuple[str, dict[str, str]]:
    """A field → (value in small letters, parameters). Encoded words stay as they are until `file_name`."""
    # Raw Japanese is decoded first: in Shift_JIS the second byte of 表 is a backslash, in JIS any byte may be a quote.
    text = charset.decode(raw[: heads.MOST_VALUE].replace(b"\r\n", b"").replace(b"\n", b"")).text.strip()
    value = FIRST.match(text).group()  # type: ignore[union-attr]  # it matches nothing, too
    rest = text[len(value) :]
    if "=" in value:
        value, rest = "", f";{text}"
    elif not rest.lstrip().startswith(";"):
        rest = f";{rest}"
    params: dict[str, str] = {}
    for found in PARAM.finditer(rest):
        name = found[1].lower()
        got = _unescaped(found[2]) if found[2] is not None else found[3].strip()
        if name not in params and len(params) < MOST_PARAMS:
            params[name] = got
    return clean.line(value.lower().strip("\"'")), params


def _unescaped(text: str) -> str:
    """Backslash and quote lose their escape; other backslashes are meant (C:\\写真\\表.jpg)."""
    return re.sub(r'\\(["\\])', r"\1", text)


def file_name(*several: dict[str, str], doubts: list[str] | None = None) -> str:
    """The name in the parameters (Content-Disposition first, then Content-Type), "" when there is none."""
    for wanted in ("filename", "name"):
        for params in several:
            name = _extended(params, wanted, doubts) or _simple(params.get(wanted, ""), doubts)
            if name := safe_name(name):
                return name
    return ""


def _simple(text: str, doubts: list[str] | None) -> str:
    """name="…" with encoded words, percent signs, or as it is."""
    if "=?" in text:
        return heads.decode(text.encode("utf-8", "replace"), doubts)
    if PERCENT.fullmatch(text):
        got = charset.decode(unquote_to_bytes(text))
        return text if got.doubt else got.text
    return text


def _extended(params: dict[str, str], wanted: str, doubts: list[str] | None) -> str:
    """RFC 2231: name*=utf-8''…, name*0*=…;name*1=…. The charset is of the first part; parts may be encoded or not."""
    found = []
    for name, value in params.items():
        if not name.startswith(f"{wanted}*"):
            continue
        number, star, _ = name[len(wanted) + 1 :].partition("*")
        is_encoded = bool(star) or not number
        found.append((int(number) if number.isdecimal() and len(number) < 4 else 0, value, is_encoded))
    if not found:
        return ""
    found.sort(key=lambda part: part[0])
    declared, data, run = "", b"", b""
    for at, (_, value, is_encoded) in enumerate(found):
        if at == 0 and is_encoded and value.count("'") >= 2:
            declared, _, value = value.split("'", 2)
        raw = value.encode("utf-8", "replace")
        # Parts are opened together: some writers cut them between % and its digits.
        run, data = (run + raw, data) if is_encoded else (b"", data + unquote_to_bytes(run) + raw)
    data += unquote_to_bytes(run)
    if b"=?" in data:  # encoded words inside of RFC 2231: not allowed, but written
        return heads.decode(data)
    got = charset.decode(data, declared)
    if got.doubt and doubts is not None:
        doubts.append(f"添付の名前: {got.doubt}")
    return got.text


RESERVED = re.compile(r'[<>:"|?*]')


def safe_name(name: str) -> str:
    """A name that is only a name: no folders, nothing invisible, not endless; the extension survives."""
    name = clean.line(name).replace("\\", "/").rsplit("/", 1)[-1]
    name = RESERVED.sub("_", name).strip(". ")
    if len(name) <= MOST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:MOST_NAME]
    return f"{stem[: MOST_NAME - len(ending) - 1]}.{ending}"
