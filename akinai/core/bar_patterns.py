"""Bar codes as bar widths (バーコードの線): Code 128 (set B), EAN-13, EAN-8 and ITF-14. Pure.

Widths are in modules, a black bar first. Sources: ISO/IEC 15417 (Code 128 patterns and check character),
ISO/IEC 15420 (EAN), ISO/IEC 16390 and GS1 General Specifications (ITF-14; wide bars are 2.5 times the narrow ones).
"""

from __future__ import annotations

from itertools import groupby

from akinai.core.barcodes import is_gtin

_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232"
)
_PATTERNS = tuple(_WIDTHS.split())
_START_B = 104
_STOP = "2331112"


def code128(text: str) -> list[int]:
    """Widths in modules, a black bar first, of printable ASCII `text`. Raises ValueError for anything else."""
    if not text or not all(" " <= char <= "~" for char in text):
        raise ValueError("Code 128 B takes printable ASCII only")
    values = [ord(char) - 32 for char in text]
    check = (_START_B + sum(place * value for place, value in enumerate(values, start=1))) % 103
    patterns = [_PATTERNS[value] for value in (_START_B, *values, check)] + [_STOP]
    return [int(width) for pattern in patterns for width in pattern]


# EAN: the seven modules of each digit in set A; B is C read backwards, C is A with black and white exchanged.
_SET_A = (
    "0001101",
    "0011001",
    "0010011",
    "0111101",
    "0100011",
    "0110001",
    "0101111",
    "0111011",
    "0110111",
    "0001011",
)
_SET_C = tuple("".join("10"[int(bit)] for bit in code) for code in _SET_A)
_SET_B = tuple(code[::-1] for code in _SET_C)
# Which set each of the six left digits takes tells the first digit, which has no bars of its own.
_FIRST = ("AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA")
_EDGE, _MIDDLE = "101", "01010"


def ean(code: str) -> list[int]:
    """Widths of EAN-13 (95 modules) or EAN-8 (67). UPC-A is EAN-13 with a leading 0. Raises ValueError for another code."""
    digits = f"0{code}" if len(code) == 12 else code
    if len(digits) not in (8, 13) or not is_gtin(digits):
        raise ValueError(f"{code} is no EAN")
    left, right = (digits[1:7], digits[7:]) if len(digits) == 13 else (digits[:4], digits[4:])
    sets = _FIRST[int(digits[0])] if len(digits) == 13 else "AAAA"
    bars = "".join(
        (_SET_A if which == "A" else _SET_B)[int(digit)] for which, digit in zip(sets, left, strict=True)
    )
    bits = _EDGE + bars + _MIDDLE + "".join(_SET_C[int(digit)] for digit in right) + _EDGE
    return [len(list(run)) for _, run in groupby(bits)]


# Interleaved 2 of 5: two wide of five for each digit.
_TWO_OF_FIVE = ("00110", "10001", "01001", "11000", "00101", "10100", "01100", "00011", "10010", "01010")
_NARROW, _WIDE = 2, 5


def itf14(code: str) -> list[int]:
    """Widths of ITF-14, in half modules: bars tell one digit, the spaces between them the next."""
    if len(code) != 14 or not is_gtin(code):
        raise ValueError(f"{code} is no ITF-14")
    widths = [_NARROW] * 4
    for bar, space in zip(code[::2], code[1::2], strict=True):
        for black, white in zip(_TWO_OF_FIVE[int(bar)], _TWO_OF_FIVE[int(space)], strict=True):
            widths += [_WIDE if black == "1" else _NARROW, _WIDE if white == "1" else _NARROW]
    return [*widths, _WIDE, _NARROW, _NARROW]
