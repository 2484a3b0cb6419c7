"""仕入伝票の取込: lists of deliveries are posted once, odd ones are named by line and column, and all can be undone."""

from __future__ import annotations

from typing import Any

import pytest

from akinai.core import intake, proofs
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.core.intake.models import IntakeFile
from akinai.party.models import Supplier
from akinai.purchasing import services
from akinai.purchasing.models import GoodsReceipt
from tests import cast

pytestmark = pytest.mark.django_db
HEADER = "仕入先コード,伝票番号,入荷日,商品コード,数量,単価\n"
TWO_SLIPS = "S1,A-1,2026/11/24,TEA,10,100.5\nS1,A-1,2026/11/24,CUP,2,300\nS1,A-2,2026-11-24,TEA,5,100\n"


@pytest.fixture(autouse=True)
def supplier() -> Supplier:
    return Supplier.objects.create(number="SU-1", code="S1", name="見本製茶")


def preview(rows: str, **options: Any) -> tuple[IntakeFile, intake.Plan]:
    kind = intake.kind_of("receipts")
    assert kind
    return intake.preview(kind, [intake.Upload("in.csv", (HEADER + rows).encode())], options=options, by=None)


def take_in(rows: str, **options: Any) -> IntakeFile:
    row, plan = preview(rows, **options)
    assert not plan.refused, plan.errors
    intake.apply(row, by=None)
    return row


def broken() -> list[str]:
    return [finding.name for finding in proofs.run_all() if finding.broken]


def test_a_list_of_deliveries_is_posted_slip_by_slip_and_once() -> None:
    tea, cup = cast.sku("TEA"), cast.sku("CUP")
    row, plan = preview(TWO_SLIPS)
    plan = intake.apply(row, by=None)
    assert (plan.rows, plan.created, plan.total_yen) == (3, 2, 2105)
    assert (cast.level(tea), cast.level(cup)) == ((15, 0), (2, 0))
    row, plan = preview(TWO_SLIPS)
    assert (plan.created, plan.unchanged) == (0, 2)
    _, plan = preview("S1,A-2,2026/11/24,TEA,6,100\n")
    assert plan.refused and "違う数量" in plan.errors[0].message


@pytest.mark.parametrize(
    ("row", "column", "word"),
    [
        ("S9,A-1,2026/11/24,TEA,1,", "仕入先コード", "登録されていません"),
        ("S1,,2026/11/24,TEA,1,", "伝票番号", "1～60文字"),
        ("S1,A-1,24日,TEA,1,", "入荷日", "読めません"),
        ("S1,A-1,2099/11/24,TEA,1,", "入荷日", "未来"),
        ("S1,A-1,2026/11/24,NOPE,1,", "商品コード", "登録されていません"),
        ("S1,A-1,2026/11/24,TEA,0,", "数量", "数量が0"),
        ("S1,A-1,2026/11/24,TEA,-4,", "数量", "マイナス"),
        ("S1,A-1,2026/11/24,TEA,▲4,", "数量", "マイナス"),
        ("S1,A-1,2026/11/24,TEA,1.5,", "数量", "小数"),
        ("S1,A-1,2026/11/24,TEA,9999999,", "数量", "大きすぎます"),
        ("S1,A-1,2026/11/24,TEA,1.23E+11,", "数量", "Excel"),
        ("S1,A-1,2026/11/24,4.90123E+12,1,", "商品コード", "Excel"),
        ("S1,A-1,2026/11/24,TEA,1,x", "単価", "読めません"),
        ("S1,A-1,2026/11/24,TEA,1,-5", "単価", "マイナス"),
        ("S1,A-1,2026/11/24,TEA,=1+1,", "数量", "数式"),
        ("S1,A-0,2026/11/23,TEA,1,", "入荷日", "違う入荷日"),
        ("S1,A-0,2026/11/24,TEA,3,100", "商品コード", "2行目と"),
    ],
)  # fmt: skip
def test_an_odd_cell_is_named_and_nothing_is_posted(row: str, column: str, word: str) -> None:
    tea = cast.sku("TEA")
    _, plan = preview(f"S1,A-0,2026/11/24,TEA,3,100\n{row}\n")
    assert [(error.line, error.column) for error in plan.errors] == [(3, column)]
    assert word in plan.errors[0].message
    assert plan.refused and cast.level(tea) == (0, 0)


def test_full_width_digits_and_japanese_dates_are_read() -> None:
    tea = cast.sku("TEA")
    take_in("s1,A-1,２０２６／１１／２４,ｔｅａ,１２,￥1００．５円\nS1,A-2,2026年11月24日,TEA,3,\n")
    assert cast.level(tea) == (15, 0)


def test_odd_numbers_are_refused_by_line_and_column_until_they_are_accepted() -> None:
    tea = cast.sku("TEA")
    take_in("S1,A-1,2026/11/20,TEA,12,100\n")
    odd = "S1,A-2,2026/11/24,TEA,12,100\nS1,A-3,2026/11/24,TEA,120,131\n"
    row, plan = preview(odd)
    assert [(e.line, e.column, e.value) for e in plan.errors] == [(3, "数量", "120"), (3, "単価", "131")]
    assert "accept_doubts=1" in plan.errors[0].message
    assert plan.refused and cast.level(tea) == (12, 0)
    intake.read_again(row, options={"accept_doubts": True}, by=None)
    intake.apply(row, by=None)
    assert cast.level(tea) == (144, 0)


def test_a_slip_is_measured_by_the_slip_before_it_in_the_same_file() -> None:
    cast.sku("TEA")
    _, plan = preview("S1,A-2,2026/11/25,TEA,100,100\nS1,A-1,2026/11/24,TEA,10,100\n")
    assert [(e.line, e.column) for e in plan.errors] == [(2, "数量")]


def test_an_intake_is_undone_by_reversing_its_slips() -> None:
    tea, cup = cast.sku("TEA"), cast.sku("CUP", pieces=1)
    row = take_in(TWO_SLIPS)
    assert "2 件を取り消し" in intake.undo(row, by=None)
    assert (cast.level(tea), cast.level(cup)) == ((0, 0), (1, 0))
    assert set(GoodsReceipt.objects.values_list("state", flat=True)) == {"reversed"}
    with pytest.raises(ImpossibleMove):
        intake.undo(row, by=None)
    assert take_in(TWO_SLIPS).created == 2  # and the corrected file may come
    assert broken() == []


def test_an_intake_whose_goods_are_promised_or_gone_is_not_undone() -> None:
    tea, cup = cast.sku("TEA"), cast.sku("CUP")
    row = take_in(TWO_SLIPS)
    cast.place(cast.draft("R-1", ("TEA", 11, 1080)))
    with pytest.raises(DomainError, match="取り消せません。SKU TEA は現在庫 .* 点が引当済み"):
        intake.undo(row, by=None)
    row.refresh_from_db()
    assert (row.state, cast.level(tea), cast.level(cup)) == ("applied", (15, 11), (2, 0))
    assert set(GoodsReceipt.objects.values_list("state", flat=True)) == {"posted"}


def test_a_slip_taken_back_by_hand_does_not_stop_the_undo() -> None:
    tea, cup = cast.sku("TEA"), cast.sku("CUP")
    row = take_in(TWO_SLIPS)
    services.reverse(GoodsReceipt.objects.get(supplier_slip_no="A-2"), reason="誤り", by=None)
    assert "1 件はすでに取り消されていました" in intake.undo(row, by=None)
    assert (cast.level(tea), cast.level(cup)) == ((0, 0), (0, 0))
