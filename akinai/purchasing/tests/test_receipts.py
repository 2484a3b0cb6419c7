"""仕入伝票: posted once, undone only by reversal, and the goods reach who waits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from akinai.catalog import queries as catalog
from akinai.core import proofs
from akinai.core.errors import ImpossibleMove
from akinai.party.models import Supplier
from akinai.purchasing import services
from akinai.purchasing.errors import DuplicateSlip
from akinai.purchasing.forms.receipts import ReceiptForm
from akinai.purchasing.models import GoodsReceipt
from akinai.purchasing.services import LineInput
from akinai.stock.errors import NotEnoughStock
from tests.cast import draft, level, place, sku, staff

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


def slip(sku_id: int, pieces: int, **more: object) -> GoodsReceipt:
    return services.create_draft(lines=[LineInput(sku_id, pieces)], received_on=DAY, by=None, **more)  # type: ignore[arg-type]


def test_goods_move_when_posted_and_only_once() -> None:
    tea = sku("TEA-1")
    receipt = slip(tea, 12)
    assert level(tea) == (0, 0)
    services.post(receipt, by=None)
    assert level(tea) == (12, 0)
    with pytest.raises(ImpossibleMove):
        services.post(GoodsReceipt.objects.get(), by=None)
    assert level(tea) == (12, 0)
    assert not [f.name for f in proofs.run_all() if f.broken]


def test_reversal_takes_the_goods_out_again_unless_they_are_promised() -> None:
    tea = sku("TEA-1")
    first, second = slip(tea, 5), slip(tea, 3)
    services.post(first, by=None)
    services.post(second, by=None)
    place(draft("R-1", ("TEA-1", 4, 1080)))
    with pytest.raises(NotEnoughStock):
        services.reverse(first, reason="数え間違い", by=None)
    first.refresh_from_db()
    assert (first.state, level(tea)) == ("posted", (8, 4))
    services.reverse(second, reason="数え間違い", by=None)
    assert level(tea) == (5, 4)
    assert not [f.name for f in proofs.run_all() if f.broken]


def test_one_suppliers_slip_is_posted_once() -> None:
    tea = sku("TEA-1")
    supplier = Supplier.objects.create(number="SU-1", code="S1", name="見本製茶")
    services.post(slip(tea, 5, supplier_id=supplier.pk, supplier_slip_no="A-77"), by=None)
    with pytest.raises(DuplicateSlip):
        services.post(slip(tea, 6, supplier_id=supplier.pk, supplier_slip_no="A-77"), by=None)
    assert level(tea) == (5, 0)


def test_every_wrong_line_is_named() -> None:
    sku("TEA-1")
    text = "TEA-1 3 500\nNAI-1 2\nTEA-1 -1\ntea-1\t２\n"
    form = ReceiptForm({"received_on": "2026-11-24", "lines": text})
    assert not form.is_valid()
    assert [message[:4] for message in form.errors["lines"]] == ["2 行目", "3 行目"]
    good = ReceiptForm({"received_on": "2026-11-24", "lines": "TEA-1 3 500\nＴＥＡ-1\t２\nTEA-1"})
    assert good.is_valid(), good.errors
    assert [line.quantity for line in good.cleaned_data["lines"]] == [6]


@pytest.mark.parametrize(("name", "status"), [("高橋", 302), ("鈴木", 403), ("部外者", 403)])
def test_only_the_warehouse_and_goods_people_post(client: Client, name: str, status: int) -> None:
    tea = sku("TEA-1")
    receipt = slip(tea, 5)
    client.force_login(staff(name), backend="akinai.staff.backends.StaffBackend")
    assert client.post(f"/office/receipts/{receipt.number}/post/").status_code == status
    assert level(tea)[0] == (5 if status == 302 else 0)


def test_the_same_goods_at_two_costs_stay_two_lines() -> None:
    sku("TEA-1")
    form = ReceiptForm({"received_on": "2026-11-24", "lines": "TEA-1\nTEA-1 3 500\nTEA-1 2 520\nTEA-1\n"})
    assert form.is_valid(), form.errors
    lines = [(line.quantity, line.unit_cost) for line in form.cleaned_data["lines"]]
    assert lines == [(5, Decimal(500)), (2, Decimal(520))]


def test_posting_teaches_what_the_goods_cost_last() -> None:
    tea = sku("TEA-1")
    line = LineInput(tea, 12, Decimal("500.5"))
    services.post(services.create_draft(lines=[line], received_on=DAY, by=None), by=None)
    assert catalog.sku_rows([tea])[tea].cost == Decimal("500.5")
