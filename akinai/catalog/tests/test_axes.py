"""軸の言葉: what people write about axes, and the codes and rows that come of it."""

from __future__ import annotations

import pytest

from akinai.catalog import matrix
from akinai.catalog.axes import (
    Axis,
    Value,
    parse_values,
    problems,
    sku_code,
    split,
    values_text,
    variant_problem,
)
from akinai.core.errors import DomainError

COLOUR = Axis("色", (Value("赤", "R"), Value("青", "B")))
SIZE = Axis("サイズ", (Value("S"), Value("特大サイズ")))


def test_values_are_read_as_people_write_them() -> None:
    assert parse_values("赤=R、 青＝Ｂ\n白,10/20cm") == (
        Value("赤", "R"), Value("青", "B"), Value("白"), Value("10／20cm"),
    )  # fmt: skip
    assert values_text(parse_values("赤=R,白")) == "赤=R、白"
    assert split("赤 / M") == split("赤/M") == split("赤 ／ M") == ["赤", "M"]


def test_a_code_is_made_of_the_products_code_and_a_piece_per_axis() -> None:
    assert sku_code("TEA-1", [COLOUR, SIZE], (COLOUR.values[0], SIZE.values[0])) == "TEA-1-R-S"
    assert sku_code("TEA-1", [COLOUR, SIZE], (COLOUR.values[1], SIZE.values[1])) == "TEA-1-B-02"


def test_only_missing_combinations_become_rows_and_what_was_typed_stays() -> None:
    typed = [
        {"code": "old", "variant": "青/S", "price_yen": "980", "id": "7"},
        {"code": "", "variant": "", "is_active": "on"},
    ]
    rows = matrix.rows_of("T", [COLOUR, SIZE], typed)
    assert [(row["code"], row["variant"], row["price_yen"]) for row in rows] == [
        ("old", "青/S", "980"), ("T-R-S", "赤 / S", "980"), ("T-R-02", "赤 / 特大サイズ", "980"),
        ("T-B-02", "青 / 特大サイズ", "980"),
    ]  # fmt: skip


def test_any_number_of_axes_and_no_more_rows_than_a_form_holds() -> None:
    two = lambda name: Axis(name, (Value("0"), Value("1")))  # noqa: E731
    assert len(matrix.rows_of("T", [two(str(n)) for n in range(8)], [])) == 256
    with pytest.raises(DomainError, match="組み合わせが 512 通り"):
        matrix.rows_of("T", [two(str(n)) for n in range(9)], [])


def test_a_code_that_another_row_has_gets_a_number_behind() -> None:
    rows = matrix.rows_of("T", [COLOUR], [{"code": "t-r", "variant": "青"}])
    assert [row["code"] for row in rows] == ["t-r", "T-R-2"]


@pytest.mark.parametrize(
    ("axes", "words"),
    [
        ([COLOUR, COLOUR], "軸「色」が2つ"),
        ([Axis("色", (Value("赤"), Value("赤")))], "値「赤」が2つ"),
        ([Axis("色", (Value("赤", "R"), Value("緑", "r")))], "コード「R」が2つ"),
        ([Axis("色", (Value("赤", "あ"),))], "英数字"),
    ],
)
def test_wrong_axes_are_told(axes: list[Axis], words: str) -> None:
    assert words in problems(axes)[0]


def test_a_variant_has_one_value_per_axis() -> None:
    assert variant_problem(["色", "サイズ"], "赤 / M") == ""
    for wrong in ("赤", "赤 / ", "赤 / M / 長袖", ""):
        assert "「色 / サイズ」の順に、2 つ" in variant_problem(["色", "サイズ"], wrong)
