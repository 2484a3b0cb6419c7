"""What a cell may hide (セルの異常): formulas, numbers Excel destroyed, header names."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def normal_header(text: str) -> str:
    """見出しの正規形: NFKC (so （円） is (円)), trimmed, inner white space collapsed to one space."""
    return _SPACES.sub(
        " ", unicodedata.normalize("NFKC", text).replace("\ufeff", "").replace("\u200b", "")
    ).strip()


def normal_headers(cells: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Normalised names, unique: the second 住所 is "住所_2", a nameless third column is "列3"."""
    seen: dict[str, int] = {}  # name → the highest number given to a copy of it
    names: list[str] = []
    for at, cell in enumerate(cells, start=1):
        base = normal_header(cell) or f"列{at}"
        name = base
        while name in seen:
            seen[base] += 1
            name = f"{base}_{seen[base]}"
        seen[name] = 1
        names.append(name)
    return tuple(names)


_TEXT_FORMULA = re.compile(r'=\s*"([^"]*)"')
# "=…" is a formula whatever follows; "+", "-" and "@" also begin telephone numbers, minus amounts, bullets and
# account names, so they count only before a call, a DDE command or a reference to another sheet.
_EQUALS = re.compile(r"=\s*[A-Za-z0-9(@+\-\"'$#{%]")
_SIGNED = re.compile(r"[+\-@][\s\d.+\-*/^&(=@]*[A-Za-z_][\w.]*\s*[(|!]", re.ASCII)
_WIDE = str.maketrans("＝＋－＠", "=+-@")


def dangerous_formula(text: str) -> bool:
    """Would Excel run this cell? =HYPERLINK(…), +cmd|…, @SUM(…), -2+3+cmd|…; also behind tabs or in full width.

    `="0123"`, the usual trick to keep leading zeros, is no danger (see `unwrap_text`). Source: OWASP CSV injection.
    """
    bare = text.lstrip(" \t\r\n\u3000'\"").translate(_WIDE) if text else ""
    if not bare or bare[0] not in "=+-@":
        return False
    if _TEXT_FORMULA.fullmatch(text.strip()):
        return False
    return bool(_EQUALS.match(bare) or _SIGNED.match(bare))


def unwrap_text(text: str) -> str:
    """`="0123"` or `'0123` → `0123`; anything else as it is."""
    bare = text.strip()
    if found := _TEXT_FORMULA.fullmatch(bare):
        return found[1]
    return bare[1:] if re.fullmatch(r"'[0-9+\-]+", bare) else text


_MANGLED = re.compile(
    r"[+-]?\d(?:[.．]\d+)?[EeＥ][+＋]\d{1,3}|#{3,}|#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)"
)


def is_excel_mangled(text: str) -> bool:
    """Did Excel destroy this value? "1.23E+11" (digits are gone), "########", "#N/A" and its kin."""
    return bool(text) and bool(_MANGLED.fullmatch(text.strip()))


EXCEL_WAY_OUT = (
    "Excelで開いて保存すると長い数字や先頭の0が壊れます。"
    "もう一度ダウンロードしたファイルを、Excelで開かずにそのまま取り込んでください。"
)


# UTF-8 read as Shift_JIS (縺繧繝), UTF-8 read as Latin-1 or Windows-1252 (æ³¨æ–‡), Shift_JIS read as Latin-1 (C1 controls).
_JIS_OF_UTF8 = re.compile("[縺繧繝]")
_LATIN_OF_UTF8 = re.compile("[ÃÂãäåæçèé][\x80-\xbf€‚-›ŒœŠšŽžŸˆ˜™]")
_C1 = re.compile("[\x80-\x84\x86-\x9f]")


def is_garbled(text: str) -> bool:
    """Characters already lost before the file came: U+FFFD, or text once read in another encoding than it was written."""
    if text.isascii():
        return False
    if "\ufffd" in text or len(_C1.findall(text)) >= 2:
        return True
    return len(_JIS_OF_UTF8.findall(text)) >= 3 or len(_LATIN_OF_UTF8.findall(text)) >= 3


_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def has_control(text: str) -> bool:
    """Letters nobody sees and no printer wants: bells, escapes. Tabs and line breaks of any kind are none."""
    return bool(_CONTROL.search(text))
