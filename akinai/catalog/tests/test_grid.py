"""表で編集: many SKUs in one save; errors stand in their cells; nobody's change is written over unseen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from akinai.catalog import services
from akinai.catalog.models import PriceChange, Product, Sku
from akinai.catalog.services import Typed, save_grid
from akinai.catalog.tests.factories import make_sku
from tests.cast import staff
from tests.together import together

pytestmark = pytest.mark.django_db


def typed(sku: Sku, **cells: tuple[str, str]) -> list[Typed]:
    return [Typed(sku.pk, name, was, text) for name, (was, text) in cells.items()]


def test_cells_of_many_goods_are_saved_at_once() -> None:
    a, b = make_sku("A"), make_sku("B", cost=Decimal("10.5"))
    saved = save_grid(
        [
            *typed(a, price_yen=("1000", "￥１，２００"), shelf=("", "A-1"), name=("りんご", "青りんご"), is_active=("販売", "停止")),
            *typed(b, cost=("10.5", ""), jan=("", "4901234567894"), category=("", "果物"), status=("販売中", "準備中")),
        ],
        by=staff("田中"),
    )  # fmt: skip
    assert (saved.count, saved.errors) == (2, {})
    a, b = Sku.objects.select_related("product__category").order_by("code")
    assert (a.price_yen, a.shelf, a.product.name, a.is_active) == (1200, "A-1", "青りんご", False)
    assert (b.cost, b.jan, b.product.category and b.product.category.name, b.product.status) == (
        None,
        "4901234567894",
        "果物",
        "draft",
    )
    assert PriceChange.objects.count() == 2


def test_one_wrong_cell_and_nothing_is_written() -> None:
    a, b = make_sku("A", jan="4901234567894"), make_sku("B")
    saved = save_grid(
        [
            *typed(a, price_yen=("1000", "1200"), name=("りんご", "")),
            *typed(b, jan=("", "4901234567894"), price_yen=("1000", "abc"), itf=("", "14901234567891"), is_active=("販売", "多分")),
        ],
        by=None,
    )  # fmt: skip
    assert {key[1]: text[:12] for key, text in saved.errors.items()} == {
        "name": "空欄にはできません。", "price_yen": "金額「abc」を数として"[:12], "is_active": "「販売」か「停止」と書い",
        "jan": "SKU A に登録済みで", "pieces_per_case": "ケースのコードがあるSK"[:12],
    }  # fmt: skip
    assert set(Sku.objects.values_list("price_yen", flat=True)) == {1000}


def test_two_cells_of_one_jan_are_told() -> None:
    a, b = make_sku("A"), make_sku("B")
    saved = save_grid([*typed(a, jan=("", "012345678905")), *typed(b, jan=("", "0012345678905"))], by=None)
    assert saved.errors == {(b.pk, "jan"): "SKU A と同じです。"}


def test_jans_change_places_in_one_save() -> None:
    a, b = make_sku("A", jan="4901234567894"), make_sku("B", jan="49012347")
    assert not save_grid([*typed(a, jan=(a.jan, b.jan)), *typed(b, jan=(b.jan, a.jan))], by=None).errors  # type: ignore[arg-type]
    assert list(Sku.objects.order_by("code").values_list("jan", flat=True)) == ["49012347", "4901234567894"]


def test_a_cell_somebody_changed_meanwhile_is_told_and_another_column_of_the_row_is_no_conflict() -> None:
    sku = make_sku("A")
    services.note_costs({sku.pk: Decimal(500)}, by=None)  # a receipt, while the grid is open
    assert not save_grid(typed(sku, price_yen=("1000", "1200")), by=None).errors
    saved = save_grid(typed(sku, cost=("", "300")), by=None)
    assert "「500」に変わりました" in saved.errors[sku.pk, "cost"]
    sku.refresh_from_db()
    assert (sku.price_yen, sku.cost) == (1200, 500)
    assert not save_grid(typed(sku, cost=("500", "300")), by=None).errors


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_saving_one_cell_the_second_is_told() -> None:
    sku = make_sku("A")
    answers = together(
        lambda: save_grid(typed(sku, price_yen=("1000", "1100")), by=None),
        lambda: save_grid(typed(sku, price_yen=("1000", "1200")), by=None),
    )
    assert sorted(len(answer.errors) for answer in answers) == [0, 1]
    assert PriceChange.objects.count() == 1


def test_five_hundred_rows_cost_few_statements(django_assert_max_num_queries: Any) -> None:
    skus = [make_sku(f"A-{n}") for n in range(100)]
    with django_assert_max_num_queries(30):
        assert (
            save_grid([cell for sku in skus for cell in typed(sku, price_yen=("1000", "900"))], by=None).count
            == 100
        )


def test_the_page_keeps_what_was_typed_and_shows_the_error_in_its_cell(client: Client) -> None:
    first, second = make_sku("A"), make_sku("B")
    client.force_login(staff("田中"))
    address = client.post(reverse("catalog:list"), {"action": "grid", "pk": [first.pk, second.pk]}).headers[
        "Location"
    ]
    assert client.get(address).content.decode().count('-price_yen"') == 2
    form = {
        f"{first.pk}-price_yen": "1,200",
        f"{first.pk}-price_yen-was": "1000",
        f"{second.pk}-jan": "1",
        f"{second.pk}-jan-was": "",
    }
    answer = client.post(address, form)
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="1,200"' in page and "8桁か13桁" in page
    client.post(address, form | {f"{second.pk}-jan": "49012347"})
    assert list(Sku.objects.order_by("code").values_list("price_yen", "jan")) == [
        (1200, None),
        (1000, "49012347"),
    ]


def test_strangers_and_readers_change_nothing(client: Client) -> None:
    sku = make_sku("A")
    address = f"{reverse('catalog:grid')}?skus={sku.pk}"
    for name in ("部外者", "高橋"):
        client.force_login(staff(name))
        assert (
            client.post(address, {f"{sku.pk}-name": "x", f"{sku.pk}-name-was": "りんご"}).status_code == 403
        )
    assert Product.objects.get().name == "りんご"
