"""文字コードのはしご: declared → ISO-2022-JP → CP932 → UTF-8 → EUC-JP → Western European. Always gives text, says every doubt.

A declaration is believed as long as the bytes agree with it. Without one (or against it) UTF-8 goes first wherever it fits,
because nothing else fits it by chance; between CP932 and EUC-JP, which fit each other's bytes, the more Japanese text wins.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from akinai.adapters.mailbox import jis

ALIASES = {
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932", "windows-31j": "cp932",
    "cswindows31j": "cp932", "shift_jis-2004": "shift_jis_2004", "ms932": "cp932", "x-ms-cp932": "cp932",
    "euc-jp": "euc_jp", "eucjp": "euc_jp", "x-euc-jp": "euc_jp", "eucjp-ms": "euc_jp", "cp51932": "euc_jp", "eucjp-win": "euc_jp",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "iso8859-1": "cp1252", "iso-8859-9": "cp1254", "us-ascii": "ascii",
    "ascii": "ascii", "ansi_x3.4-1968": "ascii", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "utf-8mb4": "utf-8",
}  # fmt: skip
JIS_NAMES = ("iso-2022-jp", "iso2022jp", "iso_2022_jp", "csiso2022jp", "cp5022", "jis", "x-iso-2022-jp")
SAYS_NOTHING = {
    "",
    "unknown",
    "x-unknown",
    "unknown-8bit",
    "x-user-defined",
    "default",
    "binary",
    "8bit",
    "7bit",
    "none",
}
# Codecs of Python that are no charsets of mails, or that would turn plain bytes into something else (UTF-7 hides markup).
NEVER = {
    "utf-7",
    "idna",
    "punycode",
    "unicode_escape",
    "raw_unicode_escape",
    "undefined",
    "mbcs",
    "oem",
    "palmos",
}
NAME = re.compile(r"[A-Za-z0-9._:+-]{1,40}")
LADDER = ("cp932", "utf-8", "euc_jp")
TITLES = {
    "cp932": "Shift_JIS", "utf-8": "UTF-8", "euc_jp": "EUC-JP", "cp1252": "西欧の文字", "iso-2022-jp": "ISO-2022-JP", "ascii": "ASCII",
}  # fmt: skip
WEIGHED = 3000  # letters that are looked at when rungs are compared
ALLOWED_BROKEN = 0.05  # of the letters outside ASCII: so much may be damaged before the next rung is tried


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the charset it was read in, and what is doubtful about it ("" for nothing)."""

    text: str
    charset: str
    doubt: str = ""


def decode(data: bytes, declared: str = "") -> Decoded:
    """Bytes → text. Never raises; every letter that could not be read is U+FFFD and said in `doubt`."""
    name = _known(declared)
    if name == "iso-2022-jp" or (jis.is_escaped(data) and name not in ("utf-16", "utf-32")):
        return _from_jis(data, name)
    if data.isascii() and name not in ("utf-16", "utf-32"):
        return Decoded(data.decode("ascii"), "ascii", _of_utf7(declared))
    if name and name != "ascii":
        text = _strictly(data, name)
        if text is not None and not _is_hidden_utf8(data, name):
            return Decoded(text, name)
    return _guessed(data, declared, name)


def _of_utf7(declared: str) -> str:
    if declared.strip().lower() not in ("utf-7", "utf7", "unicode-1-1-utf-7"):
        return ""
    return "文字コード UTF-7 は安全のため読み替えず、届いたままの文字を表示しています。"


@lru_cache(maxsize=256)
def _known(declared: str) -> str:
    """Python's name of a declared charset, "" when it says nothing we could use."""
    name = declared.strip().strip("\"'").lower()
    if name in SAYS_NOTHING or not NAME.fullmatch(name):
        return ""
    if name.startswith(JIS_NAMES):
        return "iso-2022-jp"
    if name in ALIASES:
        return ALIASES[name]
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    is_text = getattr(found, "_is_text_encoding", True)
    return found.name if is_text and found.name not in NEVER else ""


def _strictly(data: bytes, name: str) -> str | None:
    """Text, or None when one byte does not fit. EUC-JP and CP932 have richer sisters for the letters they lack."""
    for rung in {"euc_jp": ("euc_jp", "euc_jis_2004"), "cp932": ("cp932", "shift_jis_2004")}.get(
        name, (name,)
    ):
        try:
            return data.decode(rung)
        except (UnicodeDecodeError, ValueError, LookupError):
            continue
    return None


def _is_hidden_utf8(data: bytes, name: str) -> bool:
    """A Western declaration fits any bytes; that they are UTF-8 by chance does not happen."""
    if name not in ("cp1252", "cp1254", "latin-1", "iso8859-1", "iso8859-15", "cp1250", "cp1251"):
        return False
    return _strictly(data, "utf-8") is not None


def _from_jis(data: bytes, name: str) -> Decoded:
    if not data.isascii() and not jis.is_escaped(data):
        return _guessed(data, "ISO-2022-JP", "")
    text, broken, is_mended = jis.decode(data)
    if broken:
        return Decoded(
            text, "iso-2022-jp", f"ISO-2022-JP として読めない文字が {broken} か所あります（�の所）。"
        )
    if is_mended:
        return Decoded(
            text,
            "iso-2022-jp",
            "失われていた切り替え文字（エスケープ）を補って ISO-2022-JP として読みました。",
        )
    return Decoded(text, "iso-2022-jp")


def _guessed(data: bytes, declared: str, name: str) -> Decoded:
    """The rung that fits best; with a doubt when a declaration turned out wrong or letters were lost."""
    # UTF-8 by chance does not happen; the other two fit each other's bytes often.
    utf8 = _strictly(data, "utf-8")
    if utf8 is not None and weight(utf8.replace("�", "")) > 0:
        return Decoded(utf8, "utf-8", _said_wrongly(declared, name, "utf-8"))
    fitting = [
        (weight(text), -at, rung, text)
        for at, rung in enumerate(("cp932", "euc_jp"))
        if (text := _strictly(data, rung)) is not None
    ]
    if fitting and max(fitting)[0] > 0:
        _, _, rung, text = max(fitting)
        return Decoded(text, rung, _said_wrongly(declared, name, rung))
    damaged = _damaged(data, name)
    if damaged is not None:
        return damaged
    text = data.decode("cp1252", errors="replace")
    return Decoded(text, "cp1252", _western(declared, text))


def _said_wrongly(declared: str, name: str, rung: str) -> str:
    """Nothing was declared: no doubt, that is common. Something else was: a person should know."""
    if declared.strip().lower() in SAYS_NOTHING or name == rung:
        return ""
    return f"文字コードが「{declared.strip()[:40]}」と書かれていますが、{TITLES[rung]} として読みました。"


def _western(declared: str, text: str) -> str:
    lost = text.count("�")
    tail = f"{lost} 文字は読めません（�の所）。" if lost else "文字化けしていないか確かめてください。"
    told = f"（書かれていた名前: {declared.strip()[:40]}）" if declared.strip() else ""
    return f"文字コードがわからないため、西欧の文字として読みました{told}。{tail}"


def _damaged(data: bytes, name: str) -> Decoded | None:
    """A text of a known charset with a few broken bytes: read it, and say how many letters are lost."""
    best: tuple[float, Decoded] | None = None
    for rung in dict.fromkeys((name or "utf-8", *LADDER)):
        try:
            text = data.decode(rung, errors="replace")
        except (ValueError, LookupError):
            continue
        lost, letters = text.count("�"), sum(1 for char in text[: 4 * WEIGHED] if ord(char) > 127) or 1
        worth = weight(text)
        # A letter that never was there breaks alone, so a declaration may lose more than a guess.
        allowed = 0.4 if rung == name else ALLOWED_BROKEN if letters >= 40 else 0.2
        if lost / letters <= allowed and worth > 0 and (best is None or worth > best[0]):
            doubt = (
                f"{TITLES.get(rung, rung)} として読めない文字が {lost} 文字あります（�の所）。"
                if lost
                else ""
            )
            best = worth, Decoded(text, rung, doubt or _said_wrongly(name, name, rung))
    return best[1] if best else None


def weight(text: str) -> float:
    """How much a text looks like one that people write: −5 … 3 a letter outside ASCII."""
    seen = total = 0.0
    for char in text:
        if char < "\x80" and (char >= " " or char in "\t\r\n\f"):
            continue
        seen += 1
        total += _worth(char)
        if seen >= WEIGHED:
            break
    return total / seen if seen else 1.0


@lru_cache(maxsize=4096)
def _worth(char: str) -> float:
    code = ord(char)
    if 0x3040 <= code <= 0x30FF:
        return 3.0
    if 0x3000 <= code <= 0x303F or 0xFF01 <= code <= 0xFF5E:
        return 2.0
    if 0x4E00 <= code <= 0x9FFF:
        return 1.5 if _is_common(char) else 0.1
    if 0xFF61 <= code <= 0xFF9F:
        return -0.5  # half-width kana: in real mails rare, in misread ones everywhere
    if code < 0x20 or 0x7F <= code <= 0x9F or char == "�" or 0xE000 <= code <= 0xF8FF:
        return -5.0
    return 1.0 if unicodedata.category(char)[0] in "LNPSZ" else 0.2


def _is_common(char: str) -> bool:
    """Kanji of the first level of JIS."""
    try:
        return char.encode("euc_jp")[0] <= 0xCF
    except UnicodeEncodeError:
        return False
