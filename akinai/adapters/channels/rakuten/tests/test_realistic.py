"""RMS files of many orders by the command: every figure of every order is what was sold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from akinai.adapters.channels.rakuten.tests import realistic
from akinai.adapters.channels.rakuten.writer import HEADER
from akinai.adapters.channels.tests import files, taken
from akinai.adapters.channels.tests.truth import PEOPLE, Can, Sale, Sold, ordinary, sales

pytestmark = pytest.mark.django_db
CAN = Can(wrapping=True)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.AKINAI_HOME = tmp_path


def in_cp932(sold: list[Sale]) -> list[Sale]:
    """Whom RMS can write: 𠮷 is no letter of Shift_JIS, and malls have no companies or second address lines."""
    plain = {person: replace(person, company="", last=person.last.replace("𠮷", "吉")) for person in PEOPLE}
    return [replace(sale, buyer=plain[sale.buyer], to=plain[sale.to]) for sale in sold]


def settled(sale: Sale) -> bool:
    """A transfer to the shop's own account is seen there first."""
    return (sale.settled and sale.pay != "bank") or sale.total == 0


def note(sale: Sale) -> str:
    return f"[備考] {sale.note}" if sale.note else ""


CHANGED = {
    "settled": settled,
    "note": note,
}


@pytest.mark.parametrize(
    "how",
    [
        {}, {"quote_all": False}, {"encoding": "utf-8"}, {"encoding": "utf-8-sig", "newline": "\n"},
        {"shuffle": 7}, {"extra": ("独自列", "担当メモ"), "blank_lines": 4}, {"delimiter": "\t"}, {"newline": "\n"},
    ],
    ids=str,
)  # fmt: skip
def test_what_was_sold_is_what_is_taken_in(tmp_path: Path, how: dict[str, Any]) -> None:
    sold = in_cp932(sales(40, CAN, seed=3))
    answer = taken.intake(tmp_path, {"注文 11月.csv": realistic.file(sold, **how)})
    assert (answer["format"], answer["created"], answer["exceptions"]) == ("rakuten", 40, 0), taken.issues()
    assert answer["rows"] == sum(len(sale.lines) for sale in sold)
    assert answer["total_yen"] == sum(sale.total for sale in sold)
    assert taken.differences(sold, changed=CHANGED) == []
    again = taken.intake(tmp_path, {"もう一度.csv": realistic.file(sold, **how)})
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 40)


def take(
    tmp_path: Path, *sold: Sale, rows: list[dict[str, object]] | None = None, **how: Any
) -> dict[str, Any]:
    data = files.csv_file(HEADER, rows, **how) if rows is not None else realistic.file(sold, **how)
    return taken.intake(tmp_path, {"a.csv": data})


def test_a_file_saved_again_by_excel_says_the_same(tmp_path: Path) -> None:
    sold = in_cp932(sales(40, CAN, seed=3))
    data = files.saved_by_excel(HEADER, realistic.rows(sold), dates=realistic.DATES, numbers=realistic.ZEROS)
    answer = taken.intake(tmp_path, {"saved.csv": data})
    assert (answer["created"], answer["exceptions"]) == (40, 0), taken.issues()
    seconds = {"at": lambda sale: sale.at.replace(second=0)}
    assert taken.differences(sold, changed=CHANGED | seconds) == []


@pytest.mark.parametrize("column", ["外税合計", "消費税合計"])
@pytest.mark.parametrize("goods_with_tax", [False, True])
def test_prices_without_tax_add_up_with_the_tax_beside_them(
    tmp_path: Path, column: str, goods_with_tax: bool
) -> None:
    sale = ordinary(shipping=0)
    bare = (Sold("A", "税別の品", 3, 1100, 10, bare=1000), Sold("B", "税別の食品", 1, 540, 8, bare=500))
    sale = replace(sale, lines=bare)
    rows = realistic.order_rows(sale)
    for row in rows:
        row |= {"商品合計金額": 3840 if goods_with_tax else 3500, column: 340}
    answer = take(tmp_path, rows=rows)
    assert (answer["exceptions"], answer["total_yen"]) == (0, 3840), taken.issues()
    (row,) = taken.orders().values()
    assert (row.goods_yen, row.outer_tax_yen, row.total_yen) == (3500, 340, 3840)
    assert [line.price_includes_tax for line in row.lines.all()] == [False, False]


def test_every_destination_is_kept_and_its_lines_go_there(tmp_path: Path) -> None:
    sale = ordinary(to=PEOPLE[0], others=(PEOPLE[6],))
    answer = take(tmp_path, sale)
    assert (answer["created"], answer["exceptions"], answer["total_yen"]) == (1, 0, sale.total)
    (row,) = taken.orders().values()
    assert row.ship_name == "佐藤 花子"
    first, second = row.lines.all()
    assert (first.assigned, second.assigned) == (0, second.quantity)
    assert row.addresses.get().name == "渡邉 美咲"
    assert "送付先住所郡市区" not in first.raw
    assert (second.raw["送付先姓"], second.raw["送付先名"], second.raw["送付先郵便番号1"]) == (
        "渡邉",
        "美咲",
        "231",
    )
    assert second.raw["送付先住所それ以降の住所"] == "港町1-1"


@pytest.mark.parametrize(
    ("status", "state"),
    [("100", "awaiting_payment"), ("200", "awaiting_payment"), ("300", "awaiting_stock"), ("400", "on_hold"), ("500", "shipped"),
     ("600", "shipped"), ("700", "shipped"), ("800", "on_hold"), ("900", "cancelled"), ("発送待ち", "awaiting_stock"),
     ("キャンセル確定", "cancelled")],
)  # fmt: skip
def test_states_of_rms(tmp_path: Path, status: str, state: str) -> None:
    rows = [row | {"ステータス": status} for row in realistic.order_rows(ordinary())]
    take(tmp_path, rows=rows)
    (row,) = taken.orders().values()
    assert row.state == state


def test_a_template_with_few_columns_is_enough(tmp_path: Path) -> None:
    wanted = (
        "注文番号", "注文日時", "ステータス", "支払方法名", "請求金額", "商品合計金額", "送料合計", "代引料合計", "ポイント利用額", "クーポン利用総額", "決済手数料",
        "送付先郵便番号1", "送付先郵便番号2", "送付先住所都道府県", "送付先住所郡市区", "送付先住所それ以降の住所", "送付先姓", "送付先名", "商品名",
        "商品管理番号", "単価", "個数", "ラッピング料金1", "商品明細ID",
    )  # fmt: skip
    sold = in_cp932(sales(30, CAN, seed=8))
    answer = take(tmp_path, *sold, drop=[name for name in HEADER if name not in wanted])
    assert (answer["created"], answer["exceptions"]) == (30, 0), taken.issues()
    assert answer["total_yen"] == sum(sale.total for sale in sold)


def test_wrapping_of_which_the_tax_stands_beside(tmp_path: Path) -> None:
    sale = ordinary()
    rows = [
        row | {"ラッピング名1": "包装紙", "ラッピング料金1": "300", "ラッピング税込別1": "0", "ラッピング税額1": "30",
               "請求金額": sale.total + 330, "10%請求金額": sale.charged()[10] + 330,
               "10%請求額に対する税額": (sale.charged()[10] + 330) * 10 // 110}
        for row in realistic.order_rows(sale)
    ]  # fmt: skip
    answer = take(tmp_path, rows=rows)
    assert (answer["exceptions"], answer["total_yen"]) == (0, sale.total + 330), taken.issues()
    (row,) = taken.orders().values()
    assert (row.wrapping_yen, row.gift_note) == (330, "包装紙")


def test_overlapping_files_add_only_what_is_new_and_changes_wait_to_be_accepted(tmp_path: Path) -> None:
    sold = in_cp932(sales(30, CAN, seed=3))
    taken.intake(tmp_path, {"a.csv": realistic.file(sold[:20])})
    answer = taken.intake(tmp_path, {"b.csv": realistic.file(sold[10:])})
    assert (answer["created"], answer["changed"], answer["unchanged"]) == (10, 0, 10)
    changed = [replace(sale, to=replace(sale.to, street="新しい住所9-9")) for sale in sold[:5]]
    answer = taken.intake(tmp_path, {"c.csv": realistic.file([*changed, *sold[5:]])})
    assert (answer["created"], answer["changed"], answer["unchanged"], answer["exceptions"]) == (0, 5, 25, 5)
    assert taken.differences(sold, changed=CHANGED) == []  # until a person accepts
    answer = taken.intake(tmp_path, {"d.csv": realistic.file([*changed, *sold[5:]])}, "--accept-changes")
    assert (answer["changed"], answer["unchanged"]) == (0, 30)


def test_changes_are_taken_over_at_once_when_asked_for(tmp_path: Path) -> None:
    sale = ordinary()
    taken.intake(tmp_path, {"a.csv": realistic.file([sale])})
    changed = replace(sale, to=replace(sale.to, street="新しい住所9-9"))
    answer = taken.intake(tmp_path, {"b.csv": realistic.file([changed])}, "--accept-changes")
    assert (answer["changed"], answer["exceptions"]) == (1, 0)
    assert taken.differences([changed], changed=CHANGED) == []
