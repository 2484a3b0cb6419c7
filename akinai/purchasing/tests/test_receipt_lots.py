"""入荷のロットと期限: what stands on the goods comes into the books with them, typed, pasted, scanned, counted or by file."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from akinai.core import intake, proofs
from akinai.core.business_days import written_expiry
from akinai.core.errors import DomainError
from akinai.party.models import Supplier
from akinai.purchasing import lines, services
from akinai.purchasing.errors import Doubtful
from akinai.purchasing.models import Discrepancy, GoodsReceipt
from akinai.purchasing.services import LineInput, counting, doubting, settling
from akinai.purchasing.tests.test_checks import post
from akinai.stock import services as stock_services
from akinai.stock.models import Lot, LotLevel
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]
TODAY = cast.NOW.date()
FAR = TODAY + timedelta(days=300)


def tracked(code: str = "TEA", *, life: int | None = None, before: int = 0) -> int:
    sku = cast.sku(code)
    stock_services.start_lots(sku, by=None)
    stock_services.set_lot_rule(sku, shelf_life_days=life, ship_days_before=before, by=None)
    return sku


def draft(*rows: LineInput) -> GoodsReceipt:
    return services.create_draft(lines=rows, received_on=TODAY, by=None)


def there() -> dict[tuple[str, str], tuple[int, date | None]]:
    rows = LotLevel.objects.filter(on_hand__gt=0).select_related("lot", "location")
    return {(row.location.code, row.lot.code): (row.on_hand, row.lot.expires_on) for row in rows}


def line(sku: int, pieces: int, lot: str = "", day: date | None = None) -> LineInput:
    return LineInput(sku, pieces, None, lot=lot, expires_on=day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027/5/31", date(2027, 5, 31)), ("270531", date(2027, 5, 31)), ("2027.05", date(2027, 5, 31)),
        ("2028年2月", date(2028, 2, 29)), ("202705", date(2027, 5, 31)), ("２０２７０５３１", date(2027, 5, 31)),
    ],
)  # fmt: skip
def test_an_expiry_is_read_as_it_is_printed(text: str, day: date) -> None:
    assert written_expiry(text) == day


def test_lots_are_typed_or_pasted_behind_the_price() -> None:
    tea, cup = tracked(), cast.sku("CUP")
    typed = lines.read(
        "TEA\t12\t540\tA1\t2027/05/31\nTEA 3 - A1 270531\nTEA\t2\t\t\t2027.06\nCUP\t1\n", lots=True
    )
    may = date(2027, 5, 31)
    assert (typed.errors, [(one.sku_id, one.quantity, one.lot, one.expires_on) for one in typed.lines]) == (
        [], [(tea, 15, "A1", may), (tea, 2, "20270630", date(2027, 6, 30)), (cup, 1, "", None)],
    )  # fmt: skip
    wrong = lines.read("CUP\t1\t\tA1\nTEA\t1\t\tA1\t2027/13/01\n", lots=True).errors
    assert ("ロットを管理していません" in wrong[0], "期限「2027/13/01」" in wrong[1]) == (True, True)
    assert "3つまで" in lines.read("TEA\t1\t540\tA1").errors[0]


def test_a_receipt_brings_its_lots_and_taking_it_back_takes_them() -> None:
    tea = tracked()
    made = draft(line(tea, 5, "A", FAR), line(tea, 3, "B", FAR + timedelta(days=1)))
    services.post(made, by=None)
    assert there() == {("MAIN", "A"): (5, FAR), ("MAIN", "B"): (3, FAR + timedelta(days=1))}
    services.reverse(made, reason="誤り", by=None)
    assert there() == {}


def test_goods_without_a_lot_and_a_short_rest_are_asked_about() -> None:
    tea = tracked(life=300, before=30)

    def asked(lot: str, days: int | None) -> str:
        day = None if days is None else TODAY + timedelta(days=days)
        return " ".join(doubt.text for doubt in doubting.of_lines([line(tea, 1, lot, day)]))

    assert "ロット番号と期限がありません" in asked("", None)
    assert asked("A", 200) == ""
    assert "3 分の 2 を切っています" in asked("A", 199)
    assert "出荷期限（30 日前）を過ぎて" in asked("A", 29)
    assert "年の打ち間違い" in asked("A", 301)
    with pytest.raises(Doubtful):
        services.post(draft(line(tea, 1)), by=None)


def test_expired_goods_come_in_only_as_damaged_and_lie_apart_in_their_lot() -> None:
    tea, old = tracked(), TODAY - timedelta(days=1)
    made = draft(line(tea, 2, "OLD", old), line(tea, 3, "NEW", FAR))
    with pytest.raises(DomainError, match="切れています"):
        post(made)
    told = [counting.LotCount("OLD", old, 2, 2), counting.LotCount("NEW", FAR, 3)]
    counting.count(made, {tea: counting.of_lots(told)}, by=None)
    post(made)
    assert there() == {("HOLD", "OLD"): (2, old), ("MAIN", "NEW"): (3, FAR)}
    found = Discrepancy.objects.get(kind="damaged")
    settling.settle(found, resolution="claim", goods="shelf", note="そのまま", by=None)
    assert there() == {("MAIN", "OLD"): (2, old), ("MAIN", "NEW"): (3, FAR)}
    assert [finding.name for finding in proofs.run_all() if finding.broken] == []


def test_lots_read_while_counting_split_the_lines_of_the_slip() -> None:
    tea = tracked()
    made = draft(LineInput(tea, 12))
    told = counting.of_lots([counting.LotCount("A", FAR, 7), counting.LotCount("B", FAR, 3, 1)])
    counting.count(made, {tea: told}, by=None)
    rows = counting.as_counted(services.drafting.as_inputs(made), counting.latest(made))
    assert [(row.lot, row.quantity, row.slip_quantity, row.damaged) for row in rows] == [
        ("A", 7, 7, 0), ("B", 3, 5, 1),
    ]  # fmt: skip
    post(made)
    assert there() == {("MAIN", "A"): (7, FAR), ("MAIN", "B"): (2, FAR), ("HOLD", "B"): (1, FAR)}
    short = Discrepancy.objects.get(kind="short")
    assert (short.quantity, short.found) == (2, 3)


def test_a_lot_that_is_known_keeps_its_expiry() -> None:
    tea = tracked()
    services.post(draft(line(tea, 5, "A", FAR)), by=None)
    with pytest.raises(DomainError, match="ロット A の期限は"):
        post(draft(line(tea, 5, "A", FAR + timedelta(days=1))))
    assert Lot.objects.get(code="A").expires_on == FAR


def test_a_file_names_lots_and_expiries() -> None:
    Supplier.objects.create(number="SU-1", code="S1", name="見本製茶")
    tracked()
    cast.sku("CUP")
    head, day = (
        "仕入先コード,伝票番号,入荷日,商品コード,数量,単価,ロット番号,賞味期限\n",
        f"S1,A-1,{TODAY:%Y/%m/%d}",
    )
    kind = intake.kind_of("receipts")
    assert kind

    def look(rows: str) -> tuple[intake.Plan, object]:
        row, plan = intake.preview(
            kind, [intake.Upload("in.csv", (head + rows).encode())], options={}, by=None
        )
        return plan, row

    plan, _ = look(f"{day},CUP,1,100,A1,\n{day},TEA,1,100,A1,2027/2/30\n{day},TEA,1,100,A1,2020/02/01\n")
    assert [(error.line, error.column) for error in plan.errors] == [
        (2, "ロット番号"),
        (3, "賞味期限"),
        (4, "賞味期限"),
    ]
    plan, row = look(f"{day},TEA,4,100,A1,{FAR:%Y/%m/%d}\n{day},TEA,2,100,A2,{FAR:%Y/%m/%d}\n")
    assert not plan.refused, plan.errors
    intake.apply(row, by=None)  # type: ignore[arg-type]
    assert there() == {("MAIN", "A1"): (4, FAR), ("MAIN", "A2"): (2, FAR)}


def test_the_form_keeps_lots_and_the_reader_tells_them(client: Client) -> None:
    tracked()
    client.force_login(cast.staff("高橋"))
    told = {"received_on": f"{TODAY}", "lines": f"TEA\t5\t100\tA1\t{FAR:%Y/%m/%d}"}
    client.post("/office/receipts/new/", told)
    made = GoodsReceipt.objects.get()
    page = client.get(f"/office/receipts/{made.number}/").content.decode()
    assert ("A1" in page, "<th>ロット</th>" in page) == (True, True)
    assert (
        f"TEA\t5\t100\tA1\t{FAR:%Y/%m/%d}"
        in client.get(f"/office/receipts/{made.number}/edit/").content.decode()
    )
    count = {"lines": f"TEA\t4\t1\tA1\t{FAR:%Y/%m/%d}\nTEA\t1\t\tA2\t2030/01"}
    client.post(f"/office/receipts/{made.number}/count/", count)
    rows = list(made.counts.order_by("lot").values_list("lot", "quantity", "damaged", "expires_on"))
    assert rows == [("A1", 4, 1, FAR), ("A2", 1, 0, date(2030, 1, 31))]
