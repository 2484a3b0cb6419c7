"""在庫の評価: known lives, known yen."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from akinai.stock.valuation import Move, Worth, average, change, fifo, last_cost

D = Decimal
# 10 at 100, 10 at 120, 15 leave, 5 at 150, 4 leave: the life that textbooks of bookkeeping tell.
BOOK = [
    Move(1, 10, D(1000), "A", is_receipt=True), Move(2, 10, D(1200), "B", is_receipt=True), Move(3, -15),
    Move(4, 5, D(750), "C", is_receipt=True), Move(5, -4),
]  # fmt: skip


def test_the_three_methods_tell_what_the_textbook_tells() -> None:
    assert average(BOOK) == Worth(6, D("780.0000"))  # 20 at 110 → 5 at 110 + 5 at 150 = 130 each
    assert fifo(BOOK) == Worth(6, D("870.0000"))  # 1 at 120, 5 at 150
    assert last_cost(BOOK) == Worth(6, D("900.0000"))  # 6 at 150


def test_the_last_piece_takes_what_is_left() -> None:
    moves = [Move(1, 3, D(100)), Move(2, -1), Move(3, -1), Move(4, -1)]
    assert average(moves) == Worth(0, D(0))
    assert fifo(moves) == Worth(0, D(0))


def test_a_receipt_taken_back_takes_its_own_yen() -> None:
    moves = [Move(1, 10, D(1000)), Move(2, 10, D(2000)), Move(3, -10, None, reverses=1)]
    assert average(moves) == Worth(10, D("2000.0000"))
    assert fifo(moves) == Worth(10, D("2000.0000"))
    assert last_cost([*BOOK, Move(6, -5, reverses=4)]).value == D("120.0000")


def test_what_is_left_keeps_a_value_when_the_receipt_taken_back_was_dear() -> None:
    """10 at 100 and 11 at 1; 10 leave at the average of 48.1; then the dear receipt is taken back."""
    before = Worth(11, D("529.0476"))
    assert change(before, -10, D(-1000)) == D("-480.9524")


def test_goods_that_come_back_bring_what_they_took() -> None:
    moves = [Move(1, 2, D(200)), Move(2, 2, D(400)), Move(3, -2), Move(4, 2, None, reverses=3)]
    assert average(moves) == Worth(4, D("600.0000"))
    assert fifo(moves) == Worth(4, D("600.0000"))
    assert fifo([*moves, Move(5, -2)]) == Worth(2, D("400.0000"))


def test_freight_lies_on_the_goods_it_brought() -> None:
    moves = [Move(1, 10, D(1000), "A"), Move(2, 10, D(1000), "B"), Move(3, 0, D(100), "B"), Move(4, -10)]
    assert fifo(moves) == Worth(10, D("1100.0000"))
    assert average(moves) == Worth(10, D("1050.0000"))


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 99_999)), max_size=30))
def test_every_method_counts_the_same_pieces_and_no_shelf_is_worth_less_than_nothing(
    acts: list[tuple[int, int]],
) -> None:
    moves: list[Move] = []
    there = 0
    for nth, (pieces, yen) in enumerate(acts, 1):
        if pieces and there + pieces >= 0:
            moves.append(Move(nth, pieces, D(yen) if pieces > 0 else None, is_receipt=pieces > 0))
            there += pieces
    for method in (average, fifo, last_cost):
        worth = method(moves)
        assert worth.pieces == there and worth.value >= 0
        assert there or not worth.value
    inward = sum((move.told or D(0) for move in moves if move.pieces > 0), D(0))
    assert fifo(moves).value <= inward and average(moves).value <= inward
