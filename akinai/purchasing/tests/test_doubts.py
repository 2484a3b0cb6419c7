"""念のため: slips of the finger are asked about before goods are posted, and only what was asked is confirmed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from akinai.catalog import services as catalog
from akinai.catalog.models import Sku
from akinai.core import activity
from akinai.purchasing import services
from akinai.purchasing.errors import Doubtful
from akinai.purchasing.models import GoodsReceipt
from akinai.purchasing.services import LineInput
from tests import cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
TEN = "TEA: 数量 120 は前回 12 の10倍以上です。"
JUMP = "TEA: 単価 130.01 円は前回 100 円から30%を超えて変わっています。"


def slip(sku: int, pieces: int, cost: str | None = None) -> GoodsReceipt:
    line = LineInput(sku, pieces, Decimal(cost) if cost else None)
    return services.create_draft(lines=[line], received_on=DAY, by=None)


def received(sku: int, pieces: int, cost: str) -> GoodsReceipt:
    made = slip(sku, pieces, cost)
    services.post(made, by=None)
    return made


def texts(sku: int, pieces: int, cost: str | None = None) -> list[str]:
    line = LineInput(sku, pieces, Decimal(cost) if cost else None)
    return [doubt.text for doubt in services.doubts([line])]


def test_ten_times_as_many_or_a_jump_in_cost_is_asked_about() -> None:
    tea = cast.sku("TEA")
    received(tea, 12, "100")
    assert texts(tea, 119, "130") == []
    assert texts(tea, 119, "70") == []
    assert texts(tea, 120, "130.01") == [TEN, JUMP]
    assert texts(tea, 12, "69.99") == ["TEA: 単価 69.99 円は前回 100 円から30%を超えて変わっています。"]


def test_a_slip_taken_back_is_no_measure_and_a_slip_without_cost_hides_none() -> None:
    tea = cast.sku("TEA")
    received(tea, 12, "100")
    services.post(slip(tea, 12), by=None)
    assert texts(tea, 12, "200") == ["TEA: 単価 200 円は前回 100 円から30%を超えて変わっています。"]
    wrong = slip(tea, 120, "1000")
    services.post(wrong, confirmed=texts(tea, 120, "1000"), by=None)
    services.reverse(wrong, reason="桁違い", by=None)
    assert texts(tea, 12, "100") == []


def test_the_first_receipt_is_measured_by_the_cost_in_the_catalogue() -> None:
    tea = cast.sku("TEA")
    catalog.note_costs({tea: Decimal(500)}, by=None)
    assert texts(tea, 999, "5000") == ["TEA: 単価 5,000 円は前回 500 円から30%を超えて変わっています。"]


def test_posting_is_refused_until_exactly_these_doubts_are_confirmed() -> None:
    tea = cast.sku("TEA")
    received(tea, 12, "100")
    odd = slip(tea, 120, "130.01")
    for said in ([], [TEN], [JUMP], ["はい"], [TEN.replace("120", "121"), JUMP]):
        with pytest.raises(Doubtful, match="大きく違う"):
            services.post(odd, confirmed=said, by=None)
    odd.refresh_from_db()
    assert (odd.state, cast.level(tea)) == ("draft", (12, 0))
    services.post(odd, confirmed=[TEN, JUMP], by=None)
    assert cast.level(tea) == (132, 0)
    assert [row.summary for row in activity.of(odd) if row.verb == "confirm"] == [
        f"確かめて計上: {TEN}{JUMP}"
    ]


def test_the_screen_asks_beside_the_button_and_takes_no_other_answer(client: Client) -> None:
    tea = cast.sku("TEA")
    received(tea, 12, "100")
    odd = slip(tea, 120, "100")
    client.force_login(cast.staff("高橋"), backend="akinai.staff.backends.StaffBackend")
    page = client.get(f"/office/receipts/{odd.number}/").content.decode()
    assert TEN in page and 'name="checked"' in page
    address = f"/office/receipts/{odd.number}/post/"
    client.post(address, {"confirmed": [TEN]})  # the tick is missing
    client.post(address, {"checked": "1", "confirmed": ["TEA: 数量 12 です。"]})
    assert cast.level(tea) == (12, 0)
    client.post(address, {"checked": "1", "confirmed": [TEN], "version": "1"})
    assert cast.level(tea) == (132, 0)


def test_taking_a_slip_back_brings_the_cost_back_that_stood_before_it() -> None:
    tea = cast.sku("TEA")
    catalog.note_costs({tea: Decimal(90)}, by=None)
    first, second = received(tea, 5, "100"), received(tea, 5, "110")
    cost = lambda: Sku.objects.get(pk=tea).cost  # noqa: E731
    assert cost() == 110
    services.reverse(second, reason="誤り", by=None)
    assert cost() == 100
    services.reverse(first, reason="誤り", by=None)
    assert cost() == 90


def test_a_cost_that_somebody_changed_since_stays() -> None:
    tea = cast.sku("TEA")
    made = received(tea, 5, "100")
    catalog.note_costs({tea: Decimal(120)}, by=None)
    services.reverse(made, reason="誤り", by=None)
    assert Sku.objects.get(pk=tea).cost == 120
