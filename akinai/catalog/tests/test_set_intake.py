"""セットの中身の取込: whole sets by file, every problem at its row, and the way back."""

from __future__ import annotations

from typing import Any

import pytest

from akinai.catalog import queries, services
from akinai.catalog.models import Sku
from akinai.catalog.set_intake import SetsKind
from akinai.core import intake
from akinai.core.errors import DomainError
from tests import cast

pytestmark = pytest.mark.django_db
HEAD = "セット商品コード,構成商品コード,数量\n"


def preview(text: str) -> Any:
    return intake.preview(
        SetsKind(), [intake.Upload("セット.csv", (HEAD + text).encode("utf-8-sig"))], by=None
    )


def take_in(text: str) -> Any:
    row, plan = preview(text)
    assert not plan.refused, plan.errors
    intake.apply(row, by=None, files=plan.files)
    row.refresh_from_db()
    return row


def inside(code: str) -> list[tuple[str, int]]:
    pk = Sku.objects.get(code=code).pk
    return [(part.code, part.quantity) for part in queries.parts_of([pk]).get(pk, [])]


def goods() -> dict[str, int]:
    return {
        code: cast.sku(code, pieces=int(code == "HERE")) for code in ("CUP", "TEA", "GIFT", "BOX", "HERE")
    }


def test_a_file_composes_sets_and_the_same_file_changes_nothing() -> None:
    goods()
    text = "GIFT,CUP,2\nGIFT,TEA,1\nBOX,TEA,3\n"
    row = take_in(text)
    assert (row.created, inside("GIFT"), inside("BOX")) == (2, [("CUP", 2), ("TEA", 1)], [("TEA", 3)])
    _, again = preview(text)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)


def test_a_set_becomes_what_the_file_says_and_goes_back() -> None:
    ids = goods()
    services.compose_set(ids["GIFT"], {ids["CUP"]: 2}, by=None)
    row = take_in("GIFT,TEA,1\nBOX,CUP,1\n")
    assert (row.created, row.changed, inside("GIFT")) == (1, 1, [("TEA", 1)])
    intake.undo(row, by=None)
    assert (inside("GIFT"), inside("BOX"), Sku.objects.get(code="BOX").is_set) == ([("CUP", 2)], [], False)


def test_what_was_changed_since_is_not_undone() -> None:
    ids = goods()
    row = take_in("GIFT,TEA,1\n")
    services.compose_set(ids["GIFT"], {ids["CUP"]: 9}, by=None)
    with pytest.raises(DomainError, match="GIFT の中身は、取込のあとに変えられています"):
        intake.undo(row, by=None)
    assert inside("GIFT") == [("CUP", 9)]


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("GIFT,NOPE,1\n", 2, "構成商品コード", "登録されていません"),
        ("GIFT,,1\n", 2, "構成商品コード", "空欄"),
        ("GIFT,CUP,0\n", 2, "数量", "1～9,999"),
        ("GIFT,CUP,1.5\n", 2, "数量", "1セットに入る数"),
        ("GIFT,CUP,1\nGIFT,CUP,2\n", 3, "構成商品コード", "2行あります"),
        ("GIFT,GIFT,1\n", 2, "セット商品コード", "自身は入れられません"),
        ("GIFT,CUP,1\nBOX,GIFT,1\n", 2, "セット商品コード", "別のセットの中身"),
        ("HERE,CUP,1\n", 2, "セット商品コード", "在庫が 1 点（本社倉庫）ある"),
    ],
)
def test_every_problem_is_told_at_its_row_and_nothing_is_written(
    text: str, line: int, column: str, says: str
) -> None:
    goods()
    _, plan = preview(text)
    assert plan.refused and [(one.line, one.column) for one in plan.errors] == [(line, column)]
    assert says in plan.errors[0].message
    assert not Sku.objects.filter(is_set=True).exists()
