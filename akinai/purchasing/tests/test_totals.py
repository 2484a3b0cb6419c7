"""伝票合計照合: a slip whose lines do not come to the totals that are printed on it is asked about, and the wrong line is named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from akinai.core import intake
from akinai.party.models import Company
from akinai.purchasing import services
from akinai.purchasing.errors import Doubtful, TotalsMissing
from akinai.purchasing.models import GoodsReceipt
from akinai.purchasing.services import LineInput
from akinai.purchasing.tests import factories
from akinai.purchasing.totals import Row, Totals, agreement, find
from tests import cast

DAY = date(2026, 11, 24)
SLIP = [
    Row("TEA", 36, Decimal(540), 8),
    Row("CUP", 12, Decimal(300), 10),
    Row("POT", 5, Decimal("1250.5"), 10),
]
PRINTED = Totals(53, 29_292, 31_832)  # 19,440 + 3,600 + 6,252.5 cut off; 8 % 1,555, 10 % 985


def told(lines: list[Row], printed: Totals = PRINTED, prices: dict[str, Decimal] | None = None) -> str:
    return "".join(one.text for one in find(lines, printed, prices))


@pytest.mark.parametrize("gross", [31_832, 31_833, 31_834])
@pytest.mark.parametrize("net", [29_292, 29_293])
def test_every_usual_way_of_rounding_agrees(net: int, gross: int) -> None:
    assert told(SLIP, Totals(53, net, None)) == ""
    assert told(SLIP, Totals(53, None, gross)) == ""
    assert told(SLIP, Totals(53, net + 2, None)) != ""


@pytest.mark.parametrize(
    ("at", "typed", "hint"),
    [
        (0, Row("TEA", 63, Decimal(540), 8), "TEA の数量 63 は 36 の打ち間違いではありませんか。"),
        (0, Row("TEA", 360, Decimal(540), 8), "TEA の数量 360 は 36 の打ち間違い"),
        (1, Row("CUP", 12, Decimal(3000), 10), "CUP の単価 3000 円は 300 円の打ち間違い"),
        (2, Row("POT", 5, Decimal("1520.5"), 10), "POT の単価 1520.5 円は 1250.5 円の打ち間違い"),
        (0, Row("TEA", 72, Decimal(540), 8), "TEA の行を二度入れていませんか（数量 72 → 36）。"),
    ],
)
def test_the_line_whose_correction_makes_the_totals_agree_is_named(at: int, typed: Row, hint: str) -> None:
    lines = [typed if n == at else row for n, row in enumerate(SLIP)]
    assert hint in told(lines)
    assert find(lines, PRINTED)[0].at == at
    assert not agreement(lines, PRINTED).pieces and not agreement(lines, PRINTED).money


def test_a_line_left_out_or_too_many_is_told_by_its_pieces_and_its_price() -> None:
    assert "12 点・¥3,600 の行が抜けていませんか。価格表では CUP の単価です。" in told(
        [SLIP[0], SLIP[2]], prices={"CUP": Decimal(300), "JAR": Decimal(310)}
    )
    assert "JAR の行は納品書にないのではありませんか。" in told([*SLIP, Row("JAR", 3, Decimal(900), 8)])


def test_an_error_in_the_totals_themselves_is_named() -> None:
    assert "合計数量 35 は 53 の打ち間違いではありませんか。" in told(SLIP, Totals(35, 29_292, 31_832))
    assert told(SLIP, Totals(53, 92_292)).endswith("合計金額（税抜）¥92,292 は 29,292 の打ち間違いではありませんか。")  # fmt: skip


def test_freight_within_the_totals_is_told_apart_from_the_goods() -> None:
    assert told(SLIP, Totals(53, 30_092, None)) != ""
    assert told(SLIP, Totals(53, 30_092, 31_832 + 880, other_yen=800)) == ""


def test_a_cost_that_is_unknown_leaves_only_the_pieces_to_be_checked() -> None:
    lines = [SLIP[0], Row("CUP", 12, None, 10)]
    assert told(lines, Totals(48, 99)) == ""
    found = agreement(lines, Totals(48, 99))
    assert found.pieces and not found.money


def slip(*lines: tuple[int, int, str], totals: Totals | None = None, **more: Any) -> GoodsReceipt:
    rows = [LineInput(sku, pieces, Decimal(cost)) for sku, pieces, cost in lines]
    return services.create_draft(lines=rows, received_on=DAY, totals=totals, by=None, **more)


@pytest.mark.django_db
def test_a_slip_without_an_order_waits_for_its_totals_where_the_company_wants_them() -> None:
    factories.company()
    tea, seller = cast.sku("TEA"), factories.supplier()
    made = slip((tea, 12, "540"), supplier_id=seller.pk)
    with pytest.raises(TotalsMissing, match="納品書の合計が入っていません"):
        services.post(made, by=None)
    assert cast.level(tea) == (0, 0)
    services.replace_draft(made, lines=[LineInput(tea, 12, Decimal(540))], totals=Totals(12), by=None)
    services.post(made, by=None)
    assert cast.level(tea) == (12, 0)

    # 仕入先のない入荷 has no slip, and an order says as much as totals do.
    services.post(slip((tea, 1, "540")), by=None)
    order = factories.sent(seller, (tea, 5, "540"))
    services.post(slip((tea, 5, "540"), supplier_id=seller.pk, purchase_order_id=order.pk), by=None)
    Company.objects.update(slip_totals="optional")
    services.post(slip((tea, 2, "540"), supplier_id=seller.pk), by=None)
    assert cast.level(tea) == (20, 0)


@pytest.mark.django_db
def test_totals_that_do_not_agree_are_not_posted_before_somebody_says_so() -> None:
    tea, seller = cast.sku("TEA"), factories.supplier()
    made = slip((tea, 21, "540"), totals=Totals(12, 6480), supplier_id=seller.pk)
    with pytest.raises(Doubtful, match="TEA の数量 21 は 12 の打ち間違い") as refusal:
        services.post(made, by=None)
    assert cast.level(tea) == (0, 0)
    services.post(made, confirmed=[doubt.text for doubt in refusal.value.doubts], by=None)
    assert cast.level(tea) == (21, 0)


@pytest.mark.django_db
def test_totals_are_compared_with_the_slip_not_with_what_was_counted() -> None:
    tea, seller = cast.sku("TEA"), factories.supplier()
    line = LineInput(tea, 10, Decimal(540), slip_quantity=12)
    made = services.create_draft(
        lines=[line], received_on=DAY, supplier_id=seller.pk, totals=Totals(12, 6480), by=None
    )
    services.post(made, by=None)
    assert cast.level(tea) == (10, 0)


@pytest.mark.django_db
def test_a_quantity_never_seen_is_not_asked_about_when_the_totals_prove_it() -> None:
    tea = cast.sku("TEA")
    services.post(slip((tea, 12, "540")), by=None)
    odd = [LineInput(tea, 120, Decimal(540))]
    assert [doubt.field for doubt in services.doubts(odd)] == ["quantity"]
    assert services.doubts(odd, printed=Totals(120)) == []


@pytest.mark.django_db
def test_goods_at_the_price_of_others_are_asked_about_when_the_totals_prove_the_price() -> None:
    tea, cup, seller = cast.sku("TEA"), cast.sku("CUP"), factories.supplier()
    factories.sells(seller, tea, "540")
    factories.sells(seller, cup, "500")
    typed = [LineInput(cup, 12, Decimal(540))]
    assert services.doubts(typed, supplier_id=seller.pk) == []
    found = services.doubts(typed, supplier_id=seller.pk, printed=Totals(12, 6480))
    assert [doubt.text for doubt in found] == [
        "CUP: 単価 540 円は、価格表では TEA の単価です。商品を取り違えていませんか。"
    ]


HEADER = "仕入先コード,伝票番号,入荷日,商品コード,数量,単価,合計数量,合計金額（税抜）\n"


@pytest.mark.django_db
def test_totals_in_a_file_are_checked_by_slip_and_a_file_without_them_is_taken() -> None:
    factories.company()
    tea, cup = cast.sku("TEA"), cast.sku("CUP")
    factories.supplier()
    kind = intake.kind_of("receipts")
    assert kind

    def plan(rows: str) -> tuple[Any, intake.Plan]:
        return intake.preview(kind, [intake.Upload("in.csv", (HEADER + rows).encode())], options={}, by=None)

    _, wrong = plan("S1,A-1,2026/11/24,TEA,21,540,18,10080\nS1,A-1,2026/11/24,CUP,6,600,18,10080\n")
    assert wrong.refused
    assert (wrong.errors[0].column, wrong.errors[0].line) == ("合計数量", 2)
    assert "TEA の数量 21 は 12 の打ち間違い" in wrong.errors[0].message
    _, other = plan("S1,A-1,2026/11/24,TEA,12,540,18,\nS1,A-1,2026/11/24,CUP,6,600,19,\n")
    assert "違う合計" in other.errors[0].message
    row, good = plan("S1,A-1,2026/11/24,TEA,12,540,18,10080\nS1,A-1,2026/11/24,CUP,6,600,,\nS1,A-2,2026/11/24,TEA,1,540,,\n")  # fmt: skip
    assert not good.refused, good.errors
    intake.apply(row, by=None)
    assert (cast.level(tea), cast.level(cup)) == ((13, 0), (6, 0))
    assert GoodsReceipt.objects.get(supplier_slip_no="A-1").totals == Totals(18, 10_080)
