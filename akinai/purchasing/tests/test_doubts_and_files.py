"""仕入伝票: drafts may be rewritten, slips of the finger are asked about, lists of deliveries are taken once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from akinai.core import intake
from akinai.core.errors import ImpossibleMove
from akinai.party.models import Supplier
from akinai.purchasing import services
from akinai.purchasing.models import GoodsReceipt
from akinai.purchasing.services import LineInput
from tests import cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
HEADER = "仕入先コード,伝票番号,入荷日,商品コード,数量,単価\n"


def posted(sku: int, pieces: int, cost: str) -> GoodsReceipt:
    made = services.create_draft(lines=[LineInput(sku, pieces, Decimal(cost))], received_on=DAY, by=None)
    services.post(made, by=None)
    return made


def preview(rows: str) -> tuple[object, intake.Plan]:
    kind = intake.kind_of("receipts")
    assert kind
    return intake.preview(kind, [intake.Upload("in.csv", (HEADER + rows).encode())], options={}, by=None)


def test_ten_times_as_many_or_a_jump_in_cost_is_asked_about() -> None:
    tea = cast.sku("TEA")
    posted(tea, 12, "100")
    assert services.doubts([LineInput(tea, 119, Decimal(130))]) == []
    assert services.doubts([LineInput(tea, 120, Decimal("130.01"))]) == [
        "TEA: 数量 120 は前回 12 の10倍以上です。",
        "TEA: 単価 130.01 円は前回 100 円から30%を超えて変わっています。",
    ]


def test_the_screen_writes_odd_numbers_only_after_a_tick(client: Client) -> None:
    tea = cast.sku("TEA")
    posted(tea, 12, "100")
    client.force_login(cast.staff("高橋"), backend="akinai.staff.backends.StaffBackend")
    told = {"received_on": "2026-11-24", "location": "MAIN", "lines": "TEA\t500\t100"}
    answer = client.post("/office/receipts/new/", told)
    assert answer.status_code == 422 and "10倍以上" in answer.content.decode()
    assert GoodsReceipt.objects.count() == 1
    assert client.post("/office/receipts/new/", told | {"confirmed": "on"}).status_code == 302
    made = GoodsReceipt.objects.latest("id")
    client.post(f"/office/receipts/{made.number}/edit/", told | {"lines": "TEA 50"})
    assert list(made.lines.values_list("quantity", flat=True)) == [50]
    assert client.get(f"/office/receipts/{made.number}/edit/").status_code == 200


def test_a_posted_slip_is_not_rewritten() -> None:
    tea = cast.sku("TEA")
    made = posted(tea, 3, "100")
    with pytest.raises(ImpossibleMove, match="直せません"):
        services.replace_draft(made, lines=[LineInput(tea, 30)], by=None)
    assert cast.level(tea) == (3, 0)


def test_a_list_of_deliveries_is_posted_slip_by_slip_and_once() -> None:
    tea, cup = cast.sku("TEA"), cast.sku("CUP")
    Supplier.objects.create(number="SU-1", code="S1", name="見本製茶")
    rows = "S1,A-1,2026/11/24,TEA,10,100.5\nS1,A-1,2026/11/24,CUP,2,300\nS1,A-2,2026-11-24,TEA,5,100\n"
    row, plan = preview(rows)
    assert not plan.refused, plan.errors
    plan = intake.apply(row, by=None)
    assert (plan.rows, plan.created, plan.total_yen) == (3, 2, 2105)
    assert (cast.level(tea), cast.level(cup)) == ((15, 0), (2, 0))
    row, plan = preview(rows)
    assert (plan.created, plan.unchanged) == (0, 2)
    _, plan = preview("S1,A-2,2026/11/24,TEA,6,100\n")
    assert plan.refused and "違う数量" in plan.errors[0].message


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("S9,A-1,2026/11/24,TEA,1,", "仕入先コード"),
        ("S1,,2026/11/24,TEA,1,", "伝票番号"),
        ("S1,A-1,24日,TEA,1,", "入荷日"),
        ("S1,A-1,2026/11/24,NOPE,1,", "商品コード"),
        ("S1,A-1,2026/11/24,TEA,0,", "数量"),
        ("S1,A-1,2026/11/24,TEA,-4,", "数量"),
        ("S1,A-1,2026/11/24,TEA,1.23E+11,", "数量"),
        ("S1,A-1,2026/11/24,TEA,1,x", "単価"),
        ("S1,A-0,2026/11/23,TEA,1,", "入荷日"),
    ],
)
def test_an_odd_cell_is_named_and_nothing_is_posted(row: str, column: str) -> None:
    tea = cast.sku("TEA")
    Supplier.objects.create(number="SU-1", code="S1", name="見本製茶")
    _, plan = preview(f"S1,A-0,2026/11/24,TEA,3,100\n{row}\n")
    assert [(error.line, error.column) for error in plan.errors] == [(3, column)]
    assert plan.refused and cast.level(tea) == (0, 0)
