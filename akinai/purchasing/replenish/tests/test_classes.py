"""商品の分類: 型, ABC, XYZ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from akinai.purchasing.replenish import Pattern, abc, patterns, xyz
from akinai.purchasing.replenish.tests.shelves import series


def test_the_four_patterns_are_told_by_how_often_and_how_evenly_it_sells() -> None:
    rows = series(
        [5, 6, 5, 4] * 7,
        [1, 30, 2, 1] * 7,
        [0, 0, 2, 0] * 7,
        ([0, 0, 1, 0] * 3 + [0, 0, 40, 0]) * 1 + [0] * 12,
        [0] * 26 + [3, 3],
        [0] * 28,
    )
    assert patterns(rows) == [
        Pattern.SMOOTH, Pattern.ERRATIC, Pattern.INTERMITTENT, Pattern.LUMPY, Pattern.SPARSE, Pattern.NONE,
    ]  # fmt: skip


def test_days_sold_out_do_not_make_a_product_look_rare() -> None:
    half_gone = series([3, 0] * 14, closed=[(0, day) for day in range(1, 28, 2)])
    assert patterns(half_gone) == [Pattern.SMOOTH]


def test_abc_puts_the_first_eighty_percent_of_yen_into_a() -> None:
    assert abc([700, 150, 100, 40, 10, 0]) == ["A", "A", "B", "C", "C", "C"]
    assert abc([]) == []
    assert abc([0, 0]) == ["C", "C"]
    assert abc([-500, 100]) == ["C", "A"]


@given(st.lists(st.integers(0, 10_000), min_size=1))
def test_who_earns_more_is_never_in_a_lower_class(yen: list[int]) -> None:
    letters = abc(yen)
    by_yen = sorted(zip(yen, letters, strict=True), key=lambda pair: -pair[0])
    assert [letter for _, letter in by_yen] == sorted(letters)
    assert not any(yen) or letters[yen.index(max(yen))] == "A"


def test_xyz_tells_steady_weeks_from_wild_ones_and_waits_for_four_weeks() -> None:
    assert xyz(series([1] * 28, [3] * 7 + [1] * 7 + [3] * 7 + [0] * 7, [50] + [0] * 27, [0] * 28)) == [
        "X", "Y", "Z", "Z",
    ]  # fmt: skip
    assert xyz(series([1] * 27)) == [""]
    assert xyz(series([1] * 6)) == [""]
    assert xyz(series([1] * 28, born=[5])) == [""]
