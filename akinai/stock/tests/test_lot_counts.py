"""ロットごとの棚卸: a lot is counted, compared and corrected by itself, while selling goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from akinai.catalog.models import Sku
from akinai.core import clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.stock import adjusting, lines, papers, queries, services
from akinai.stock.errors import NotEnoughStock
from akinai.stock.models import Lot, Reservation, StockEntry, Stocktake
from akinai.stock.queries.stocktakes import lots_to_count
from akinai.stock.services import LotTag
from akinai.stock.tests.test_lots import come, lots, tracked
from akinai.stock.tests.test_screens import browser
from akinai.stock.tests.test_stocktakes import broken, post, sell, spot, take_file
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db
MAIN = queries.default_location_id


def two_lots(first: int = 5, second: int = 5) -> int:
    tea = tracked()
    come(tea, first, "A", 20)
    come(tea, second, "B", 300)
    return tea


def count(take: Stocktake, sku: int, **pieces: int) -> None:
    for lot, many in pieces.items():
        services.count(take, sku, many, lot=LotTag(lot), by=None)


def close(take: Stocktake, **told: Any) -> None:
    assert services.close_counts(take, by=None, **told) == 0


def posted_counts() -> list[tuple[str, int]]:
    return list(StockEntry.objects.filter(kind="count").order_by("id").values_list("lot__code", "quantity"))


def test_each_lot_is_listed_counted_and_corrected_by_itself() -> None:
    tea = two_lots()
    take = spot(tea)
    assert sorted(take.lines.values_list("lot__code", flat=True)) == ["A", "B"]
    count(take, tea, A=7, B=4)
    close(take)
    assert {line.lot.code: line.difference for line in take.lines.all()} == {"A": 2, "B": -1}
    post(take)
    assert (lots(tea), posted_counts(), broken()) == ({"A": 7, "B": 4}, [("A", 2), ("B", -1)], set())
    services.reverse_stocktake(take, reason="誤り", by=None)
    assert (lots(tea), broken()) == ({"A": 5, "B": 5}, set())


def test_pieces_in_the_wrong_lot_change_places_though_the_sum_is_right() -> None:
    tea = two_lots()
    take = spot(tea)
    count(take, tea, A=3, B=7)
    close(take)
    post(take)
    assert (lots(tea), cast.level(tea), broken()) == ({"A": 3, "B": 7}, (10, 0), set())


def test_what_moves_after_the_count_changes_nothing_of_a_lots_difference() -> None:
    tea = two_lots()
    take = spot(tea)
    count(take, tea, A=4, B=5)
    sell(tea, 2)  # of A
    come(tea, 3, "C", 90)
    close(take)
    post(take)
    assert (lots(tea), posted_counts(), broken()) == ({"A": 2, "B": 5, "C": 3}, [("A", -1)], set())


def test_what_the_book_has_sold_of_the_lot_since_leaves_from_the_next_lots() -> None:
    tea = two_lots()
    take = spot(tea)
    count(take, tea, A=3, B=5)  # two of A are missing
    sell(tea, 4)  # the book says four of A; the shelf gave three, and one of B
    close(take)
    post(take)
    assert (lots(tea), posted_counts(), broken()) == ({"B": 4}, [("A", -1), ("B", -1)], set())


def test_a_lot_that_was_not_in_the_book_is_found() -> None:
    tea = two_lots()
    take = spot(tea)
    services.count(take, tea, 2, lot=LotTag("NEW", clock.today() + timedelta(days=60)), by=None)
    count(take, tea, A=5, B=5)
    close(take)
    post(take)
    assert (lots(tea), broken()) == ({"A": 5, "B": 5, "NEW": 2}, set())


def test_the_lot_must_be_told_where_there_are_several() -> None:
    tea, cup = two_lots(), tracked("CUP")
    come(cup, 3, "ONLY", 30)
    take = spot(tea, cup)
    with pytest.raises(DomainError, match="ロットが 2 つあります（A、B）"):
        services.count(take, tea, 5, by=None)
    assert services.count(take, cup, 3, by=None).lot.code == "ONLY"
    with pytest.raises(DomainError, match="この商品のロットではありません"):
        services.count(take, tea, 5, lot_id=Lot.objects.get(code="ONLY").pk, by=None)
    with pytest.raises(DomainError, match="期限は"):
        services.count(take, tea, 5, lot=LotTag("A", clock.today()), by=None)


def test_goods_without_a_piece_are_counted_in_an_unknown_lot() -> None:
    tea = tracked()
    take = spot(tea)
    services.count(take, tea, 2, by=None)
    close(take)
    post(take)
    assert (lots(tea), broken()) == ({"ロット不明": 2}, set())


def test_lots_nobody_counted_are_zero_or_left_out() -> None:
    for how, left in (("skip", {"A": 5, "B": 4}), ("zero", {"B": 4})):
        tea = two_lots() if how == "skip" else tea  # noqa: F821
        take = spot(tea)
        count(take, tea, B=4)
        close(take, uncounted=how)
        post(take)
        assert (lots(tea), broken()) == (left, set())


def test_an_adjustment_after_the_count_asks_for_another_count_of_every_lot() -> None:
    tea = two_lots()
    take = spot(tea)
    count(take, tea, A=5, B=3)
    close(take)
    adjusting.adjust(
        sku_id=tea, location_id=MAIN(), quantity=8, is_counted=True, reason="棚を数えた", by=None
    )
    with pytest.raises(ChangedMeanwhile, match="TEA ロット B"):
        post(take)


def test_an_earlier_correction_of_another_lot_asks_for_nothing() -> None:
    tea = two_lots()
    come(tea, 1, "B", 300)
    adjusting.adjust(
        sku_id=tea, location_id=MAIN(), quantity=10, is_counted=True, reason="棚を数えた", by=None
    )
    take = spot(tea)
    count(take, tea, A=4, B=5)
    close(take)
    post(take)
    assert lots(tea) == {"A": 4, "B": 5}


def test_two_stocktakes_correct_one_lot_once() -> None:
    tea = two_lots()
    one, other = spot(tea), spot(tea)
    for take in (one, other):
        count(take, tea, A=4, B=5)
        close(take)
    post(one)
    with pytest.raises(ChangedMeanwhile, match="ロット A"):
        post(other)
    assert lots(tea) == {"A": 4, "B": 5}


def test_promises_that_only_expired_pieces_could_keep_wait_again() -> None:
    tea = tracked()
    come(tea, 5, "OLD", -1)
    come(tea, 5, "GOOD", 30)
    services.reserve_lines([services.Want("SO-1/1", tea, MAIN(), 5, cast.NOW)], by=None)
    take = spot(tea)
    count(take, tea, OLD=7, GOOD=3)
    close(take)
    with pytest.raises(NotEnoughStock, match="期限の切れていない"):
        post(take)
    post(take, gives_up=True)
    assert Reservation.objects.get(reference="SO-1/1").quantity == 3
    assert (lots(tea), cast.level(tea), broken()) == ({"OLD": 7, "GOOD": 3}, (10, 3), set())


def test_lots_are_not_begun_while_the_goods_are_counted_as_a_whole() -> None:
    tea = cast.sku("TEA", pieces=5)
    take = spot(tea)
    with pytest.raises(DomainError, match=f"棚卸 {take.number} で数えている途中"):
        services.start_lots(tea, by=None)
    services.cancel_stocktake(take, by=None)
    services.start_lots(tea, by=None)


@pytest.mark.django_db(transaction=True)
def test_two_people_counting_two_lots_of_one_shelf_lose_no_scan() -> None:
    tea = two_lots()
    take = spot(tea)

    def scan(lot: str) -> None:
        for _ in range(4):
            services.count(take, tea, 1, adds=True, lot=LotTag(lot), by=None)

    together(lambda: scan("A"), lambda: scan("NEW"))
    found = dict(take.lines.exclude(counted=None).values_list("lot__code", "counted"))
    assert found == {"A": 4, "NEW": 4}


def test_counts_of_lots_come_by_file_and_the_same_file_again_changes_nothing() -> None:
    tea = two_lots()
    cast.sku("CUP", pieces=4)
    take = spot(tea)
    text = "商品コード,実棚数,ロット,期限\nTEA,2,A,\nTEA,6,B,\nTEA,3,A,\nCUP,4,,\nTEA,1,N1,2027/03\n"
    plan = take_file(text)
    assert (plan.created, plan.changed, plan.unchanged) == (4, 0, 0)
    found = {line.told: line.counted for line in take.lines.select_related("sku", "lot")}
    assert found == {"TEA ロット A": 5, "TEA ロット B": 6, "TEA ロット N1": 1, "CUP": 4}
    assert str(Lot.objects.get(code="N1").expires_on) == "2027-03-31"
    plan = take_file(text)
    assert (plan.created, plan.changed, plan.unchanged) == (0, 0, 4)
    assert plan.preview[0][:5] == ("変更なし", "TEA", "商品 TEA", "A", "5")


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("TEA,1,,", "ロット", "ロットが 2 つあります（A、B）"),
        ("CUP,1,X,", "ロット", "ロットを管理していません"),
        (f"TEA,1,{'9' * 41},", "ロット", "長すぎます"),
        ("TEA,1,A,きのう", "期限", "読めません"),
        ("TEA,1,A,2031/01/01", "期限", "ロット A の期限は"),
    ],
)
def test_an_odd_lot_in_a_file_is_named_and_nothing_is_counted(row: str, column: str, words: str) -> None:
    tea = two_lots()
    cast.sku("CUP", pieces=4)
    take = spot(tea)
    plan = take_file(f"商品コード,実棚数,ロット,期限\nTEA,5,A,\n{row}\n")
    assert plan.refused
    assert [e.line for e in plan.errors if e.column == column and words in e.message] == [3], plan.errors
    assert not take.lines.exclude(counted=None).exists()


def test_pasted_counts_are_read_line_by_line() -> None:
    tea = two_lots()
    cup = cast.sku("CUP", pieces=4)
    counts, errors = lines.read_counts("CUP\t4\nTEA\t5\tA\nTEA 2 B\nTEA 1 - 2027/03\n\n")
    assert errors == []
    told = [(one.sku_id, one.pieces, one.lot.code if one.lot else "") for one in counts]
    assert told == [(cup, 4, ""), (tea, 5, "A"), (tea, 2, "B"), (tea, 1, "20270331")]
    _, errors = lines.read_counts("CUP\nCUP 1 X\nNOPE 1\nTEA x A\nTEA 1 A 2027/03 x\n")
    assert [error.partition(" ")[0] for error in errors] == ["1", "2", "3", "4", "5"]


def test_a_shelf_of_lots_is_counted_on_the_phone_and_by_paste() -> None:
    seen, tea = browser("高橋"), tracked("TEA-1")
    come(tea, 5, "A", 20)
    come(tea, 5, "B", 300)
    take = services.open_stocktake(kind="full", location_id=MAIN(), recount_pieces=0, recount_yen=0, by=None)
    page = f"/office/stock/takes/{take.number}/count/"
    text = seen.post(page, {"code": "TEA-1*2"}).content.decode()
    assert "どのロットの 2 点ですか" in text and not take.lines.exclude(counted=None).exists()
    lot = lots_to_count(take, tea)[1]
    text = seen.post(page, {"code": "TEA-1*2", "lot_id": lot.pk}).content.decode()
    assert "<b>2</b>" in text and ">B<" in text
    assert seen.post(page, {"code": "TEA-1", "lot": "N", "expires": "いつか"}).status_code == 422
    seen.post(page, {"code": "TEA-1", "lot": "N", "expires": "2027/03"})
    paste = f"/office/stock/takes/{take.number}/paste/"
    assert seen.post(paste, {"lines": "TEA-1 5 A\nTEA-1 5"}).status_code == 422
    assert "ロットが 3 つあります" in seen.post(paste, {"lines": "TEA-1 5 A\nTEA-1 5"}).content.decode()
    assert seen.post(paste, {"lines": ""}).status_code == 422
    assert seen.post(paste, {"lines": "TEA-1 5 A"}).status_code == 302
    found = dict(take.lines.values_list("lot__code", "counted"))
    assert found == {"A": 5, "B": 2, "N": 1}
    assert browser("鈴木").post(paste, {"lines": "TEA-1 1 A"}).status_code == 403
    shown = seen.get(f"/office/stock/takes/{take.number}/lines/").content.decode()
    assert ">N<" in shown
    assert "ロット" in seen.get(f"/office/stock/takes/{take.number}/lines/?q=N").content.decode()


def test_a_scanned_label_counts_the_lot_it_tells() -> None:
    seen = browser("高橋")
    tea = tracked("TEA-1")
    Sku.objects.filter(pk=tea).update(jan="4901234567894")
    come(tea, 5, "A12", 20)
    come(tea, 5, "B7", 300)
    take = spot(tea)
    page = f"/office/stock/takes/{take.number}/count/"
    for _ in range(2):
        seen.post(page, {"code": "]C10104901234567894" + "10B7"})
    assert dict(take.lines.values_list("lot__code", "counted")) == {"A12": None, "B7": 2}


def test_sheet_and_report_list_the_lots() -> None:
    tea = two_lots()
    take = spot(tea)
    rows = [
        (papers.lot_words(row), row.told)
        for row in take.lines.select_related("lot", "sku").order_by("lot_id")
    ]
    assert rows[0][0].startswith("ロット A　期限 ") and rows[1][1] == "TEA ロット B"
    assert papers.count_sheet(take).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("UPDATE stock_stocktakeline SET book = book + 1, counted = counted + 1", "counts_were_compared_with_their_book"),
        (
            "UPDATE stock_stocktakeline l SET lot_id = (SELECT id FROM stock_lot WHERE code = 'C') "
            "FROM stock_lot o WHERE o.id = l.lot_id AND o.code = 'A'",
            "counts_of_a_lot_moved_that_lot",
        ),
        (
            "UPDATE stock_stocktakeline l SET book = book + (CASE o.code WHEN 'A' THEN 1 ELSE -1 END) "
            "FROM stock_lot o WHERE o.id = l.lot_id",
            "counts_of_a_lot_moved_that_lot",
        ),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(fault: str, name: str) -> None:
    tea = two_lots()
    Lot.objects.create(sku_id=tea, code="C", received_on=clock.today())
    take = spot(tea)
    count(take, tea, A=4, B=7)
    close(take)
    post(take)
    assert broken() == set()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(fault)
    assert name in broken()


def test_a_posting_that_promises_rest_on_is_not_taken_back_while_only_expired_pieces_would_be_left() -> None:
    tea = tracked()
    come(tea, 5, "OLD", -1)
    come(tea, 5, "GOOD", 30)
    take = spot(tea)
    count(take, tea, OLD=5, GOOD=7)
    close(take)
    post(take)
    services.reserve_lines([services.Want("SO-1/1", tea, MAIN(), 7, cast.NOW)], by=None)
    with pytest.raises(NotEnoughStock, match="引当済みの数に足りなく"):
        services.reverse_stocktake(take, reason="誤り", by=None)
    assert (lots(tea), cast.level(tea)) == ({"OLD": 5, "GOOD": 7}, (12, 7))


def test_a_lot_corrected_meanwhile_is_counted_again_though_the_sum_stayed() -> None:
    tea = two_lots()
    one, other = spot(tea), spot(tea)
    count(one, tea, A=4, B=6)
    count(other, tea, A=4, B=5)
    for take in (one, other):
        close(take)
    post(one)
    with pytest.raises(ChangedMeanwhile, match="ロット A"):
        post(other)
    assert lots(tea) == {"A": 4, "B": 6}


def test_what_was_sold_beyond_a_lot_did_not_come_from_expired_pieces() -> None:
    tea = two_lots()
    come(tea, 5, "OLD", -1)
    take = spot(tea)
    count(take, tea, A=3, B=5, OLD=5)
    sell(tea, 5)
    close(take)
    post(take)
    assert (lots(tea), broken()) == ({"B": 3, "OLD": 5}, set())
