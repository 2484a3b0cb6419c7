"""バーコードの線: bars that a reader reads. Each pattern is decoded again here by the published tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.core.bar_patterns import ean, itf14
from akinai.core.barcodes import case_code, with_check_digit

# Digits as widths (space, bar, space, bar) in set A of ISO/IEC 15420; set B is the same backwards.
WIDTHS = ("3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112")
SETS = {
    "OOOOOO": 0,
    "OOEOEE": 1,
    "OOEEOE": 2,
    "OOEEEO": 3,
    "OEOOEE": 4,
    "OEEOOE": 5,
    "OEEEOO": 6,
    "OEOEOE": 7,
    "OEOEEO": 8,
    "OEEOEO": 9,
}


def read_ean(widths: list[int]) -> str:
    """What a reader makes of the bars."""
    half = (len(widths) - 11) // 8 * 4
    assert widths[:3] == widths[-3:] == [1, 1, 1] and widths[3 + half : 8 + half] == [1] * 5
    left = ["".join(map(str, widths[3 + at : 7 + at])) for at in range(0, half, 4)]
    right = ["".join(map(str, widths[8 + half + at : 12 + half + at])) for at in range(0, half, 4)]
    sets = "".join("O" if code in WIDTHS else "E" for code in left)
    digits = "".join(str(WIDTHS.index(code if code in WIDTHS else code[::-1])) for code in left)
    digits += "".join(str(WIDTHS.index(code)) for code in right)
    return digits if len(left) == 4 else f"{SETS[sets]}{digits}"


@given(st.integers(0, 10**12 - 1).map("{:012}".format))
def test_every_ean13_reads_as_itself(base: str) -> None:
    code = with_check_digit(base)
    assert sum(ean(code)) == 95 and read_ean(ean(code)) == code


@given(st.integers(0, 10**7 - 1).map("{:07}".format))
def test_every_ean8_reads_as_itself(base: str) -> None:
    code = with_check_digit(base)
    assert sum(ean(code)) == 67 and read_ean(ean(code)) == code


@given(st.integers(10**12, 9 * 10**12 - 1).map(str))
def test_every_case_code_reads_as_itself(base: str) -> None:
    code = with_check_digit(base)
    widths = itf14(code)
    weights, digits = (1, 2, 4, 7, 0), ""
    assert (widths[:4], widths[-3:]) == ([2, 2, 2, 2], [5, 2, 2])
    for at in range(4, len(widths) - 3, 10):
        for side in (0, 1):
            value = sum(
                w for w, width in zip(weights, widths[at + side : at + 10 : 2], strict=True) if width == 5
            )
            digits += str(value % 11 if value != 11 else 0)
    assert digits == code


@pytest.mark.parametrize("wrong", ["4901234567893", "123", "", "14901234567891"])
def test_what_is_no_ean_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="no EAN"):
        ean(wrong)


def test_a_case_needs_fourteen_digits() -> None:
    assert len(itf14(case_code("4901234567894"))) == 4 + 70 + 3
    with pytest.raises(ValueError, match="ITF-14"):
        itf14("4901234567894")
