"""価格表の取込の取消: the list goes back as a whole, and not at all once something stands upon it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from akinai.core import intake
from akinai.core.errors import DomainError
from akinai.core.intake.models import IntakeFile
from akinai.party.models import Supplier
from akinai.purchasing.models import SupplierItem
from akinai.purchasing.services import terms as services
from akinai.purchasing.tests import factories
from tests import cast

pytestmark = pytest.mark.django_db
HEADER = "仕入先コード,商品コード,仕入先商品コード,仕入単価,適用開始日,優先\n"


def take(kind_code: str, text: str) -> IntakeFile:
    kind = intake.kind_of(kind_code)
    assert kind
    row, plan = intake.preview(kind, [intake.Upload("一覧.csv", text.encode())], options={}, by=None)
    assert not plan.errors, plan.errors
    intake.apply(row, by=None)
    row.refresh_from_db()
    return row


def standing() -> list[tuple[str, Decimal, date, bool]]:
    rows = SupplierItem.objects.order_by("supplier__code", "sku__code", "valid_from")
    return [(row.supplier_code, row.unit_cost, row.valid_from, row.is_preferred) for row in rows]


@pytest.fixture
def ground() -> tuple[Supplier, Supplier, int, int]:
    one, two = factories.supplier("S1"), factories.supplier("S2")
    tea, pot = cast.sku("TEA"), cast.sku("POT")
    factories.sells(one, tea, "500", code="T-1")
    return one, two, tea, pot


LIST = HEADER + "S1,TEA,T-1,520,2026/12/01,\nS2,TEA,TT-9,480,2026/12/01,1\nS1,POT,P-1,900,2026/12/01,\n"


def test_a_price_list_goes_back_with_its_preferred_marks(ground: tuple[Supplier, Supplier, int, int]) -> None:
    before = standing()
    row = take("supplier_items", LIST)
    assert len(standing()) == 4
    assert [one[0] for one in standing() if one[3]] == ["P-1", "TT-9"]
    assert "3 件を、取り込む前に戻しました" in intake.undo(row, by=None)
    assert standing() == before


def test_a_price_that_was_corrected_on_its_day_gets_its_old_value_back(
    ground: tuple[Supplier, Supplier, int, int],
) -> None:
    before = standing()
    day = SupplierItem.objects.get().valid_from
    row = take("supplier_items", f"{HEADER}S1,TEA,T-1,510,{day:%Y/%m/%d},\n")
    assert [one[1] for one in standing()] == [Decimal(510)]
    intake.undo(row, by=None)
    assert standing() == before


def refused(row: IntakeFile) -> str:
    before = standing()
    with pytest.raises(DomainError) as refusal:
        intake.undo(row, by=None)
    assert standing() == before
    row.refresh_from_db()
    assert row.state == "applied"
    return refusal.value.message


def test_not_after_an_order_was_written_with_its_goods(ground: tuple[Supplier, Supplier, int, int]) -> None:
    row = take("supplier_items", LIST)
    order = factories.order(ground[0], (ground[2], 10, "520"))
    assert f"発注 {order.number} が作られました" in refused(row)


def test_an_order_of_other_goods_is_no_hindrance(ground: tuple[Supplier, Supplier, int, int]) -> None:
    before = standing()
    row = take("supplier_items", HEADER + "S2,POT,P-9,800,2026/12/01,\n")
    factories.order(ground[0], (ground[2], 10, "500"))
    intake.undo(row, by=None)
    assert standing() == before


def test_not_after_a_later_price_or_a_correction(ground: tuple[Supplier, Supplier, int, int]) -> None:
    row = take("supplier_items", LIST)
    one = SupplierItem.objects.get(supplier_code="P-1")
    services.save_items([services.as_input(one, unit_cost=Decimal(950))], by=None)
    assert "POT の仕入先商品が直されました" in refused(row)
    services.save_items([services.as_input(one, unit_cost=Decimal(900))], by=None)
    services.save_items(
        [services.as_input(one, unit_cost=Decimal(990), valid_from=date(2027, 1, 1))], by=None
    )
    assert "POT に新しい単価が登録されました" in refused(row)


SUPPLIERS = "仕入先コード,仕入先名,電話番号\nS1,見本製茶（新）,03-1111-2222\nS9,新しい問屋,\n"


def test_a_list_of_suppliers_goes_back(ground: tuple[Supplier, Supplier, int, int]) -> None:
    before = list(Supplier.objects.order_by("code").values_list("code", "name", "phone"))
    row = take("suppliers", SUPPLIERS)
    assert Supplier.objects.filter(code="S9").exists()
    assert "仕入先 1 件を消し、変更した 1 件を元に戻しました" in intake.undo(row, by=None)
    assert list(Supplier.objects.order_by("code").values_list("code", "name", "phone")) == before


def test_a_new_supplier_with_goods_stays_and_so_does_the_whole_list(
    ground: tuple[Supplier, Supplier, int, int],
) -> None:
    row = take("suppliers", SUPPLIERS)
    factories.sells(Supplier.objects.get(code="S9"), ground[2], "450", code="N-1")
    with pytest.raises(DomainError, match="新しい問屋"):
        intake.undo(row, by=None)
    assert Supplier.objects.get(code="S1").name == "見本製茶（新）"


def test_a_supplier_that_was_changed_again_keeps_the_change(
    ground: tuple[Supplier, Supplier, int, int],
) -> None:
    row = take("suppliers", SUPPLIERS)
    Supplier.objects.filter(code="S1").update(phone="03-9999-0000")
    with pytest.raises(DomainError, match="取り込んだあとに変えられました"):
        intake.undo(row, by=None)
    assert Supplier.objects.filter(code="S9").exists()
