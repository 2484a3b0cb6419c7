"""例外ごとの次の一手: exactly one act stands first, and every other way is still there."""

from __future__ import annotations

import pytest

from akinai.orders import resolving as r
from akinai.orders.repeats import Group, Repeats
from akinai.orders.resolving import answers
from akinai.orders.states import IssueCode
from tests.cast import draft

ONE, TWO = draft("A", ("T", 1, 100), ("T", 1, 100)).lines
TWICE = Repeats((Group((ONE, TWO), True),), 2)
NEVER = Repeats()
C = IssueCode


def first(code: str, *, line: int = 0, column: str = "", is_open: bool = True, found: Repeats = NEVER) -> str:
    return answers(code, line_no=line, column=column, is_open=is_open, repeats=found).first


@pytest.mark.parametrize(
    ("code", "line", "column", "act"),
    [
        (C.UNKNOWN_SKU, 1, "商品コード", r.SKU),
        (C.TOTAL_MISMATCH, 0, "請求金額", r.AMOUNTS),
        (C.TAX_MISMATCH, 0, "税額", r.ACCEPT),
        (C.BAD_QUANTITY, 1, "数量", r.LINE),
        (C.BAD_PRICE, 1, "単価", r.LINE),
        (C.BAD_PRICE, 0, "請求金額", r.AMOUNTS),
        (C.BAD_DATE, 0, "お届け日指定", r.DELIVERY),
        (C.BAD_DATE, 0, "注文日時", r.ACCEPT),
        (C.BAD_TEXT, 0, "送付先番地", r.DELIVERY),
        (C.BAD_TEXT, 0, "注文者カナ", r.ACCEPT),
        (C.BAD_TEXT, 2, "商品名", r.ACCEPT),
        (C.CURRENCY, 0, "通貨", r.AMOUNTS),
        (C.MISSING_COLUMN, 0, "請求金額", r.ACCEPT),
        (C.MANGLED, 0, "送付先電話番号1", r.DELIVERY),
        (C.MANGLED, 0, "注文番号", r.ACCEPT),
        (C.MULTI_SHIP, 0, "", r.ADDRESSES),
        (C.DUPLICATE_ROW, 1, "", r.ACCEPT),
        (C.CANCELLED_LINE, 1, "", r.TAKE_OUT),
        (C.MALL_HOLD, 0, "", r.ACCEPT),
        (C.OTHER, 0, "", r.ACCEPT),
    ],
)
def test_the_first_act_of_each_exception(code: str, line: int, column: str, act: str) -> None:
    assert first(code, line=line, column=column) == act


def test_repeated_lines_come_first_where_they_explain_the_sum() -> None:
    assert first(C.TOTAL_MISMATCH, found=TWICE) == r.REPEATS
    assert first(C.DUPLICATE_ROW, line=2, found=TWICE) == r.REPEATS
    assert first(C.TAX_MISMATCH, found=TWICE) == r.ACCEPT
    assert first(C.TOTAL_MISMATCH, found=TWICE, is_open=False) == r.REPEATS  # shipped before it came here


@pytest.mark.parametrize("code", IssueCode.values)
@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("line", [0, 1])
def test_every_exception_has_one_first_act_and_none_twice(code: str, is_open: bool, line: int) -> None:
    found = answers(code, line_no=line, column="住所", is_open=is_open, repeats=TWICE)
    every = [found.first, *found.others]
    assert found.first and len(every) == len(set(every))
    if not is_open:
        assert not {r.LINE, r.TAKE_OUT, r.AMOUNTS, r.DELIVERY} & set(every)
    if code != C.UNKNOWN_SKU:
        assert r.ACCEPT in every  # a person may always take the responsibility, with a reason
