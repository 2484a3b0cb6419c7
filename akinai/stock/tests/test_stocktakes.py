"""棚卸: counted while selling goes on, posted once, and right whatever moves meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from akinai.core import clock, intake, proofs
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from akinai.stock import adjusting, queries, services
from akinai.stock.errors import NotEnoughStock
from akinai.stock.models import Reservation, StockEntry, Stocktake
from tests import cast
from tests.together import together

MAIN = queries.default_location_id


def spot(*skus: int, **told: Any) -> Stocktake:
    given = {"recount_pieces": 0, "recount_yen": 0} | told
    return services.open_stocktake(kind="spot", location_id=MAIN(), sku_ids=skus, by=None, **given)


def sell(sku: int, pieces: int, line: str = "SO-1/1") -> None:
    services.reserve_lines([services.Want(line, sku, MAIN(), pieces, cast.NOW)], by=None)
    services.ship([services.Take(line, sku, MAIN(), pieces, "SH-" + line)], by=None)


def post(take: Stocktake, **told: Any) -> None:
    take.lines.update(cause="loss")
    take.refresh_from_db()
    services.post_stocktake(take, by=None, **told)


def broken() -> set[str]:
    found = {finding.name for finding in proofs.run_all() if finding.broken}
    return found - {"shipped_goods_left_stock"}  # goods leave here without the papers of the shipping room


@pytest.mark.django_db
def test_what_is_sold_after_the_count_changes_nothing_of_the_difference() -> None:
    tea = cast.sku("TEA", pieces=20)
    take = spot(tea)
    services.count(take, tea, 18, by=None)  # two are missing
    sell(tea, 5)
    cast.receive(tea, 10, key="later")
    assert services.close_counts(take, by=None) == 0
    assert cast.level(tea) == (25, 0)
    post(take)
    assert cast.level(tea) == (23, 0)
    entry = StockEntry.objects.get(kind="count")
    assert (entry.quantity, entry.reference, entry.note) == (-2, take.number, "紛失・盗難")
    assert broken() == set()


@pytest.mark.django_db
def test_scans_add_up_and_a_typed_number_replaces_them() -> None:
    tea = cast.sku("TEA", pieces=5)
    take = spot(tea)
    for _ in range(3):
        services.count(take, tea, 1, adds=True, by=None)
    assert take.lines.get().counted == 3
    services.count(take, tea, 5, by=None)
    assert take.lines.get().counted == 5


@pytest.mark.django_db
def test_goods_that_nobody_listed_are_counted_too() -> None:
    tea, cup = cast.sku("TEA", pieces=5), cast.sku("CUP")
    take = spot(tea)
    services.count(take, cup, 2, by=None)
    services.count(take, tea, 5, by=None)
    services.close_counts(take, by=None)
    post(take)
    assert (cast.level(cup), cast.level(tea)) == ((2, 0), (5, 0))


@pytest.mark.django_db
def test_a_large_difference_is_counted_again_and_the_first_count_is_kept() -> None:
    tea = cast.sku("TEA", pieces=20)
    take = spot(tea, recount_pieces=5)
    services.count(take, tea, 10, by=cast.staff("高橋"))
    assert services.close_counts(take, by=None) == 1
    take.refresh_from_db()
    assert take.state == "open"
    with pytest.raises(DomainError, match="数え直しが終わっていない"):
        services.close_counts(take, by=None)
    services.count(take, tea, 19, by=cast.staff("田中"))
    line = take.lines.get()
    assert (line.first_counted, str(line.first_by), line.counted, line.difference) == (10, "高橋", 19, -1)
    assert services.close_counts(take, by=None) == 0
    post(take)
    assert cast.level(tea) == (19, 0)


@pytest.mark.django_db
def test_goods_that_move_between_two_scans_of_them_are_counted_again() -> None:
    tea = cast.sku("TEA", pieces=3)
    take = spot(tea)
    services.count(take, tea, 1, adds=True, by=None)
    sell(tea, 1)
    services.count(take, tea, 2, adds=True, by=None)
    assert services.close_counts(take, by=None) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("how", "left"), [("zero", 0), ("skip", 4)])
def test_what_nobody_counted_is_zero_or_left_out_as_the_clerk_says(how: str, left: int) -> None:
    tea, cup = cast.sku("TEA", pieces=5), cast.sku("CUP", pieces=4)
    take = spot(tea, cup)
    services.count(take, tea, 5, by=None)
    with pytest.raises(DomainError, match="まだ数えていない商品が 1 品目"):
        services.close_counts(take, by=None)
    services.close_counts(take, uncounted=how, by=None)
    post(take)
    assert (cast.level(cup), broken()) == ((left, 0), set())


@pytest.mark.django_db
def test_a_difference_needs_its_cause() -> None:
    tea = cast.sku("TEA", pieces=5)
    take = spot(tea)
    services.count(take, tea, 4, by=None)
    services.close_counts(take, by=None)
    take.refresh_from_db()
    with pytest.raises(DomainError, match="原因がありません（TEA）"):
        services.post_stocktake(take, by=None)
    services.set_cause(take.lines.all(), cause="damage", note="落とした", by=None)
    services.post_stocktake(take, by=None)
    assert StockEntry.objects.get(kind="count").note == "破損 落とした"


@pytest.mark.django_db
def test_two_stocktakes_do_not_correct_the_same_shelf_twice() -> None:
    tea = cast.sku("TEA", pieces=10)
    one, other = spot(tea), spot(tea)
    for take in (one, other):
        services.count(take, tea, 8, by=None)
        services.close_counts(take, by=None)
    post(one)
    with pytest.raises(ChangedMeanwhile, match="TEA"):
        post(other)
    assert cast.level(tea) == (8, 0)
    services.reverse_stocktake(one, reason="誤り", by=None)
    post(other)  # what the first had corrected is taken back, so the difference is there again
    assert (cast.level(tea), broken()) == ((8, 0), set())


@pytest.mark.django_db
def test_an_adjustment_after_the_count_asks_for_another_count() -> None:
    tea = cast.sku("TEA", pieces=10)
    take = spot(tea)
    services.count(take, tea, 8, by=None)
    services.close_counts(take, by=None)
    adjusting.adjust(sku_id=tea, location_id=MAIN(), quantity=8, is_counted=True, reason="数え直し", by=None)
    with pytest.raises(ChangedMeanwhile):
        post(take)
    assert cast.level(tea) == (8, 0)


@pytest.mark.django_db
def test_promised_pieces_that_do_not_exist_wait_again_newest_first() -> None:
    tea = cast.sku("TEA", pieces=10)
    for n in (1, 2, 3):
        when = cast.NOW + timedelta(minutes=n)
        services.reserve_lines([services.Want(f"SO-{n}/1", tea, MAIN(), 3, when)], by=None)
    take = spot(tea)
    services.count(take, tea, 5, by=None)
    services.close_counts(take, by=None)
    with pytest.raises(NotEnoughStock, match="引当済み"):
        post(take)
    take.refresh_from_db()
    assert (take.state, cast.level(tea)) == ("counted", (10, 9))
    post(take, gives_up=True)
    held = dict(Reservation.objects.values_list("reference", "quantity"))
    assert (held, cast.level(tea)) == ({"SO-1/1": 3, "SO-2/1": 2, "SO-3/1": 0}, (5, 5))
    assert broken() == set()


@pytest.mark.django_db
def test_posting_is_taken_back_by_reversing_rows() -> None:
    tea = cast.sku("TEA", pieces=10)
    take = spot(tea)
    services.count(take, tea, 8, by=None)
    services.close_counts(take, by=None)
    post(take)
    with pytest.raises(ImpossibleMove):
        services.post_stocktake(take, by=None)
    services.reverse_stocktake(take, reason="別の棚を数えた", by=None)
    assert (cast.level(tea), take.lines.get().counted, broken()) == ((10, 0), 8, set())


@pytest.mark.django_db
def test_a_cycle_begins_with_what_was_not_counted_longest() -> None:
    skus = [cast.sku(f"S{n}", pieces=1) for n in range(4)]
    first = services.open_stocktake(kind="cyclic", location_id=MAIN(), most=2, by=None)
    assert set(first.lines.values_list("sku_id", flat=True)) == set(skus[:2])
    for line in first.lines.all():
        services.count(first, line.sku_id, 1, by=None)
    second = services.open_stocktake(kind="cyclic", location_id=MAIN(), most=2, by=None)
    assert set(second.lines.values_list("sku_id", flat=True)) == set(skus[2:])
    full = services.open_stocktake(kind="full", location_id=MAIN(), by=None)
    assert full.lines.count() == 4


@pytest.mark.django_db
def test_the_difference_in_yen_is_told_by_cause() -> None:
    tea, cup = cast.sku("TEA", pieces=10), cast.sku("CUP", pieces=10)
    for sku, cost in ((tea, "120.5"), (cup, "300")):
        move = services.Movement(sku, MAIN(), "receipt", 1, "GR-1", f"cost:{sku}", Decimal(cost))
        services.post([move], by=None)
    take = spot(tea, cup)
    services.count(take, tea, 8, by=None)
    services.count(take, cup, 12, by=None)
    services.close_counts(take, by=None)
    services.set_cause(take.lines.filter(sku_id=tea), cause="loss", by=None)
    from akinai.stock.queries.stocktakes import summary

    found = summary(take)
    told = {one.title: (one.items, one.pieces, one.yen) for one in found.causes}
    assert told == {"紛失・盗難": (1, -3, -362), "原因なし": (1, 1, 300)}
    assert (found.pieces, found.yen, found.without_cause) == (-2, -62, 1)


@pytest.mark.django_db(transaction=True)
def test_two_people_counting_one_shelf_lose_no_scan() -> None:
    tea = cast.sku("TEA", pieces=20)
    take = spot(tea)
    scan = lambda: [services.count(take, tea, 1, adds=True, by=None) for _ in range(5)]  # noqa: E731
    together(scan, scan)
    assert take.lines.get().counted == 10


@pytest.mark.django_db(transaction=True)
def test_a_stocktake_is_posted_once_by_two_clerks_at_once() -> None:
    tea = cast.sku("TEA", pieces=10)
    take = spot(tea)
    services.count(take, tea, 8, by=None)
    services.close_counts(take, by=None)
    take.lines.update(cause="loss")
    act = lambda: services.post_stocktake(take, by=None)  # noqa: E731
    answers = together(act, act)
    assert sum(isinstance(answer, ImpossibleMove) for answer in answers) == 1
    assert cast.level(tea) == (8, 0)


@pytest.mark.django_db(transaction=True)
def test_a_sale_at_the_moment_of_the_count_is_before_it_or_after_it() -> None:
    tea = cast.sku("TEA", pieces=10)
    services.reserve_lines([services.Want("SO-1/1", tea, MAIN(), 3, cast.NOW)], by=None)
    take = spot(tea)
    together(
        lambda: services.count(take, tea, 10, by=None),
        lambda: services.ship([services.Take("SO-1/1", tea, MAIN(), 3, "SH-1")], by=None),
    )
    line = take.lines.get()
    assert line.book in (10, 7) and "counts_were_compared_with_their_book" not in broken()


def take_file(text: str, number: str = "") -> intake.Plan:
    kind = intake.kind_of("counts")
    assert kind
    row, plan = intake.preview(
        kind,
        [intake.Upload("counts.csv", text.encode())],
        options={"stocktake": number} if number else {},
        by=None,
    )
    return plan if plan.refused else intake.apply(row, by=None)


@pytest.mark.django_db
def test_counts_come_by_file_and_the_same_file_again_changes_nothing() -> None:
    tea, cup = cast.sku("TEA", pieces=5), cast.sku("CUP", pieces=4)
    take = spot(tea, cup)
    text = "商品コード,数量\nTEA,2\nCUP,4\ntea,2\n"
    plan = take_file(text)
    assert (plan.created, plan.changed, plan.unchanged) == (2, 0, 0)
    assert dict(take.lines.values_list("sku_id", "counted")) == {tea: 4, cup: 4}
    plan = take_file(text)
    assert (plan.created, plan.changed, plan.unchanged) == (0, 0, 2)


@pytest.mark.django_db
def test_a_count_written_down_earlier_is_compared_with_the_book_of_its_hour() -> None:
    tea = cast.sku("TEA", pieces=10)
    moment = timezone.localtime(clock.now())
    take = spot(tea)
    sell(tea, 4)
    StockEntry.objects.filter(kind="shipment").exists()
    services.count(take, tea, 10, at=moment, by=None)
    line = take.lines.get()
    assert (line.book, line.difference) == (10, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("NOPE,1,", "商品コード", "登録されていません"),
        (",1,", "商品コード", "空欄"),
        ("4.9E+12,1,", "商品コード", "Excel"),
        ("TEA,-1,", "実棚数", "マイナス"),
        ("TEA,1.5,", "実棚数", "小数"),
        ("TEA,1,きのう", "数えた日時", "読めません"),
        ("TEA,1,2099-01-01 10:00", "数えた日時", "未来"),
    ],
)
def test_an_odd_cell_is_named_and_nothing_is_counted(row: str, column: str, words: str) -> None:
    tea = cast.sku("TEA", pieces=5)
    take = spot(tea)
    plan = take_file(f"商品コード,実棚数,数えた日時\nTEA,5,\n{row}\n")
    assert plan.refused
    found = [e for e in plan.errors if e.column == column and words in e.message]
    assert [e.line for e in found] == [3], plan.errors
    assert take.lines.get().counted is None


@pytest.mark.django_db
def test_a_file_without_an_open_stocktake_is_refused() -> None:
    cast.sku("TEA", pieces=5)
    plan = take_file("商品コード,数量\nTEA,5\n")
    assert plan.refused and "先に棚卸を始めて" in plan.errors[0].message


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("UPDATE stock_stocktakeline SET book = book + 1", "counts_were_compared_with_their_book"),
        ("UPDATE stock_stocktakeline SET counted = counted + 1", "posted_counts_are_in_the_ledger"),
        ("UPDATE stock_stocktake SET state = 'counted'", "posted_counts_are_in_the_ledger"),
    ],
)
def test_a_planted_fault_is_found(fault: str, name: str) -> None:
    tea = cast.sku("TEA", pieces=10)
    take = spot(tea)
    services.count(take, tea, 8, by=None)
    services.close_counts(take, by=None)
    post(take)
    assert broken() == set()
    with connection.cursor() as cursor:
        cursor.execute(fault)
    assert name in broken()


def test_the_moment_of_a_terminal_is_read() -> None:
    from akinai.stock.count_intake import _moment

    assert _moment("2026/11/26 14:05") == timezone.make_aware(datetime(2026, 11, 26, 14, 5))
    assert (_moment("きのう"), _moment("2026-13-01 10:00")) == (None, None)
