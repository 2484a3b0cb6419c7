"""Odd cells, in every mall's file: the order is kept and says what is wrong, where, and with which value."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akinai.adapters.channels.tests import doors
from akinai.adapters.channels.tests.cast import order
from akinai.adapters.channels.tests.doors import DOORS, Door
from akinai.core.tables import FileRefused
from akinai.orders.ports import IssueDraft, OrderDraft
from akinai.orders.states import IssueCode, PaymentKind

every_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.code)
priced_door = pytest.mark.parametrize("door", [d for d in DOORS if d.has_totals], ids=lambda door: door.code)


def read_edited(door: Door, what: str, value: str, row: int = 0) -> OrderDraft:
    """One ordinary order with one cell changed."""
    (draft,) = door.read(door.edit(door.write([order()]), what, value, row))
    return draft


def the_issue(draft: OrderDraft, code: str) -> IssueDraft:
    found = [issue for issue in draft.issues if issue.code == code]
    assert len(found) == 1, draft.issues
    return found[0]


@every_door
@pytest.mark.parametrize("value", ["0", "-1", "▲2", "10000", "1.5", "", "２個", "1.23E+05", "=1+1"])
def test_a_quantity_that_cannot_be_shipped_is_said_and_counts_as_nothing(door: Door, value: str) -> None:
    draft = read_edited(door, "quantity", value)
    issue = the_issue(draft, "bad_quantity")
    assert draft.lines[0].quantity == 0
    assert (issue.column, issue.value, issue.line_no) == (door.columns["quantity"], value, 1)
    assert issue.source_file == f"{door.code}{door.line_file}.csv"
    assert issue.source_line == 2
    assert issue.message.endswith("。")


@every_door
@pytest.mark.parametrize(("value", "pieces"), [("２", 2), ("2.0", 2), (" 2 ", 2)])
def test_a_quantity_in_full_width_is_a_quantity(door: Door, value: str, pieces: int) -> None:
    draft = read_edited(door, "quantity", value)
    assert draft.lines[0].quantity == pieces
    assert draft.issues == ()


@priced_door
@pytest.mark.parametrize("value", ["abc", "-100", "1.23E+08", "10.5", "(1,000)"])
def test_a_price_that_is_none_is_said_and_counts_as_nothing(door: Door, value: str) -> None:
    draft = read_edited(door, "price", value)
    issue = the_issue(draft, "bad_price")
    assert draft.lines[0].unit_price_yen == 0
    assert (issue.column, issue.value, issue.source_line) == (door.columns["price"], value, 2)


@priced_door
def test_amounts_as_people_write_them(door: Door) -> None:
    draft = read_edited(door, "total", "￥４，５００円")
    assert draft.total_yen == 4500
    assert draft.issues == ()


@priced_door
def test_a_total_that_does_not_add_up_is_taken_as_given_and_said_with_both_numbers(door: Door) -> None:
    files = door.write([order()])
    for row in (0, 1, 2):  # malls repeat the total in every row of the order
        files = door.edit(files, "total", "4600", row) if _has_total(door, files, row) else files
    (draft,) = door.read(files)
    issue = the_issue(draft, "total_mismatch")
    assert draft.total_yen == 4600
    assert "¥4,600" in issue.message
    assert "¥4,500" in issue.message
    assert "¥100" in issue.message
    assert (issue.column, issue.value) == (door.columns["total"], "4600")


def _has_total(door: Door, files: list[bytes], row: int) -> bool:
    grids = [door.grid(data) for data in files]
    grid = next(grid for grid in grids if door.columns["total"] in grid[0])
    return row + 1 < len(grid) and grid[row + 1][grid[0].index(door.columns["total"])] != ""


@every_door
@pytest.mark.parametrize("value", ["2026/13/45", "昨日", "45250"])
def test_an_order_without_any_usable_date_is_refused(door: Door, value: str) -> None:
    files = door.edit(door.write([order()]), "date", value)
    for what in ("注文日", "reporting-date"):  # the only other columns that hold a day in these files
        if any(what in door.grid(data)[0] for data in files):
            files = [_emptied(door, data, what) for data in files]
    with pytest.raises(FileRefused) as refusal:
        door.read(files)
    (error,) = refusal.value.errors
    assert (error.line, error.column, error.value) == (2, door.columns["date"], value)
    assert "注文日時" in error.message


def _emptied(door: Door, data: bytes, column: str) -> bytes:
    grid = door.grid(data)
    for row in grid[1:]:
        row[grid[0].index(column)] = ""
    return door.bytes(grid)


@every_door
@pytest.mark.parametrize(
    "value", ['=HYPERLINK("http://evil.example/","見本")', "+cmd|' /C calc'!A0", "@SUM(A1:A9)"]
)
def test_a_formula_in_a_name_is_kept_as_text_and_said(door: Door, value: str) -> None:
    draft = read_edited(door, "name", value)
    issue = the_issue(draft, "bad_text")
    assert draft.lines[0].name == value
    assert (issue.column, issue.line_no) == (door.columns["name"], 1)


@every_door
def test_a_formula_in_the_recipient_is_kept_as_text_and_said(door: Door) -> None:
    draft = read_edited(door, "ship_name", "=1+2")
    assert the_issue(draft, "bad_text").value == "=1+2"
    assert "=1+2" in draft.ship_to.name


@every_door
def test_a_phone_with_a_country_code_is_no_formula(door: Door) -> None:
    draft = read_edited(door, "name", "+81 90-1234-5678")
    assert draft.issues == ()


@every_door
def test_a_goods_code_that_excel_destroyed_is_said(door: Door) -> None:
    draft = read_edited(door, "sku", "4.90E+12")
    issue = the_issue(draft, "mangled")
    assert (issue.column, issue.value, issue.line_no) == (door.columns["sku"], "4.90E+12", 1)


@every_door
def test_a_postal_code_that_excel_destroyed_is_said(door: Door) -> None:
    draft = read_edited(door, "zip", "1.00E+06")
    assert the_issue(draft, "mangled").column == door.columns["zip"]


@every_door
@pytest.mark.parametrize("value", ["", "1.23E+11", "########", "9" * 81])
def test_a_row_without_a_usable_order_number_refuses_the_file(door: Door, value: str) -> None:
    files = door.edit(door.write([order(), order("A-1002")]), "order_no", value)
    with pytest.raises(FileRefused) as refusal:
        door.read(files)
    error = refusal.value.errors[0]
    assert (error.line, error.column) == (2, door.columns["order_no"])
    assert error.value == (value if len(value) <= 80 else "9" * 40 + "…")
    assert "注文番号" in error.message
    assert error.message.endswith("。")


@every_door
def test_missing_columns_are_named_with_the_way_out(door: Door) -> None:
    column = door.columns["quantity"]
    files = []
    for data in door.write([order()]):
        grid = door.grid(data)
        if column in grid[0]:
            at = grid[0].index(column)
            grid = [[*row[:at], *row[at + 1 :]] for row in grid]
        files.append(door.bytes(grid))
    assert door.format.matches(door.tables(files))
    with pytest.raises(FileRefused) as refusal:
        door.read(files)
    (error,) = refusal.value.errors
    assert error.column == column
    assert f"「{column}」" in error.message
    assert "ダウンロード" in error.message or "エクスポート" in error.message


@pytest.mark.parametrize("door", [d for d in DOORS if d.has_line_ids], ids=lambda door: door.code)
def test_the_same_line_twice_is_one_line_and_said(door: Door) -> None:
    files = door.write([order()])
    grid = door.grid(files[door.line_file])
    grid.insert(2, grid[1])
    files[door.line_file] = door.bytes(grid)
    (draft,) = door.read(files)
    assert [line.sku_code for line in draft.lines] == ["APPLE-1", "TOWEL-W"]
    issue = the_issue(draft, "duplicate_row")
    assert (issue.value, issue.source_line) == ("501", 3)
    assert len(draft.issues) == 1


@pytest.mark.parametrize("door", [d for d in DOORS if d.has_line_ids], ids=lambda door: door.code)
def test_a_line_told_twice_in_two_ways_says_what_differs(door: Door) -> None:
    files = door.write([order()])
    grid = door.grid(files[door.line_file])
    again = list(grid[1])
    again[grid[0].index(door.columns["quantity"])] = "7"
    grid.append(again)
    files[door.line_file] = door.bytes(grid)
    (draft,) = door.read(files)
    assert [line.quantity for line in draft.lines] == [2, 1]
    assert "「2」→「7」" in the_issue(draft, "duplicate_row").message


@pytest.mark.parametrize("door", [d for d in DOORS if d.has_line_ids], ids=lambda door: door.code)
def test_line_numbers_that_excel_destroyed_lose_no_line(door: Door) -> None:
    files = door.edit(door.edit(door.write([order()]), "line_id", "1.23E+13"), "line_id", "1.23E+13", 1)
    (draft,) = door.read(files)
    assert [line.sku_code for line in draft.lines] == ["APPLE-1", "TOWEL-W"]
    assert {issue.code for issue in draft.issues} == {"mangled"}


def test_equal_lines_without_line_numbers_are_two_lines() -> None:
    files = doors.BASE.write([order()])
    grid = doors.BASE.grid(files[0])
    total = grid[0].index("合計金額")
    rows = [grid[0], *([*row[:total], "6500", *row[total + 1 :]] for row in (grid[1], grid[1], grid[2]))]
    (draft,) = doors.BASE.read([doors.BASE.bytes(rows)])
    assert [line.sku_code for line in draft.lines] == ["APPLE-1", "APPLE-1", "TOWEL-W"]
    assert draft.issues == ()


@every_door
def test_all_bad_rows_of_a_file_are_named_at_once(door: Door) -> None:
    files = door.write([order("A-1"), order("A-2"), order("A-3")])
    files = door.edit(door.edit(files, "order_no", "", 0), "order_no", "1.2E+10", 2)
    with pytest.raises(FileRefused) as refusal:
        door.read(files)
    assert len(refusal.value.errors) >= 2


def _parts(draft: OrderDraft) -> int:
    more = (
        draft.goods_yen + draft.shipping_yen + draft.cod_fee_yen + draft.payment_fee_yen + draft.wrapping_yen
    )
    return more + draft.outer_tax_yen + draft.adjustment_yen - draft.discount_yen - draft.points_yen


_odd_cells = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["▲1,000", "１２３", "1E+10", "=1+1", "2026/02/30", "99999999999999", "-0", "(5)", "\u3000", "#N/A", "9" * 500, "あ" * 500, "午後",
         "USD", "0.05", "true", "0", "1", "２０２６年１１月２０日", "100-0001", "²", "٣", "Ⅷ", "\x1f", "'", '"', "\\1,000"]
    ),
)  # fmt: skip


@every_door
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_cell_of_any_column_breaks_a_door(door: Door, data: st.DataObject) -> None:
    """Whatever stands in the cells: drafts that can be stored, or a refusal that says where. Never another error."""
    files = []
    for file in door.write([order(), order("A-1002", payment="cod", payment_label="代金引換")]):
        grid = door.grid(file)
        for _ in range(data.draw(st.integers(1, 6))):
            row = data.draw(st.integers(1, len(grid) - 1))
            column = data.draw(st.integers(0, len(grid[0]) - 1))
            text = data.draw(_odd_cells).encode(door.encoding, "replace").decode(door.encoding)
            if door.delimiter == "\t":
                text = " ".join(text.split())
            grid[row][column] = text.replace("\x00", "")
        files.append(door.bytes(grid))
    try:
        drafts = door.read(files)
    except FileRefused as refusal:
        assert all(error.message.endswith("。") and error.file for error in refusal.errors)
        return
    for draft in drafts:
        assert draft.total_yen >= 0
        assert draft.ordered_at.utcoffset() is not None
        assert all(0 <= line.quantity <= 9_999 for line in draft.lines)
        assert {issue.code for issue in draft.issues} <= set(IssueCode.values)
        assert draft.payment in PaymentKind.values
        assert all(issue.source_line > 0 and issue.source_file and issue.message for issue in draft.issues)
        if draft.amounts_known and not draft.issues:
            assert _parts(draft) == draft.total_yen
