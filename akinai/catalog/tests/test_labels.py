"""ラベル: each at its place on the sheet, from the place that is free, as many as were received."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from akinai.catalog import labels
from akinai.catalog.tests.factories import make_sku
from tests.cast import staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("layout", labels.LAYOUTS.values())
def test_every_layout_fits_on_a4(layout: labels.Layout) -> None:
    x, y = layout.place(layout.per_sheet - 1)
    assert x + layout.width <= 210.05 and y + layout.height <= 297.05
    assert layout.place(layout.across)[0] == layout.left


def test_labels_begin_where_the_sheet_is_free_and_go_on_on_the_next() -> None:
    layout = labels.LAYOUTS["a4-12"]
    wishes = [labels.Wish(make_sku("A"), 2), labels.Wish(make_sku("B"), 3)]
    sheets = list(labels._sheets(wishes, layout, 10, (1, 0)))
    assert [[one["label"] for one in sheet] for sheet in sheets] == [[0, 0, 1], [1, 1]]
    assert (sheets[0][0]["x"], sheets[0][0]["y"]) == (18.6 + 89 + 1, 21.6 + 4 * 42.3)
    assert (sheets[1][0]["x"], sheets[1][0]["y"]) == (19.6, 21.6)


def test_a_label_bears_the_jan_else_our_own_code() -> None:
    layout = labels.LAYOUTS["a4-44"]
    jan = labels.label_of(make_sku("A", jan="4901234567894"), layout, "product", True)
    own = labels.label_of(make_sku("B-1"), layout, "product", False)
    assert (jan["digits"], sum(jan["bars"]), jan["price"]) == ("4901234567894", 95, "¥1,000")
    assert (own["digits"], own["price"]) == ("B-1", "") and own["bars"]
    assert labels.without_bars([make_sku("茶")], "product") == ["茶"]


def test_counts_come_by_the_address() -> None:
    assert labels.counts_of("12x3.15.12x2.x.ax1.7x") == {12: 5, 15: 1, 7: 1}


def test_the_sheet_is_a_pdf_of_the_chosen_goods(client: Client) -> None:
    first, second = (
        make_sku("A", jan="4901234567894", itf="14901234567891", pieces_per_case=24),
        make_sku("B"),
    )
    address = f"{reverse('catalog:labels')}?skus={first.pk}x50.{second.pk}"
    client.force_login(staff("部外者"))
    assert client.get(address).status_code == 403
    client.force_login(staff("高橋"))
    assert f'name="count-{first.pk}" value="50"' in client.get(address).content.decode()
    form = {
        "kind": "product", "layout": "a4-44", "start": "3", "shows_price": "on", "shift_x": "0", "shift_y": "0.5",
        f"count-{first.pk}": "50", f"count-{second.pk}": "1",
    }  # fmt: skip
    answer = client.post(address, form)
    assert answer.headers["Content-Type"] == "application/pdf" and answer.content[:5] == b"%PDF-"
    for change, words in (
        ({"start": "45"}, "44 面です"), ({"kind": "case"}, "コードがないSKUがあります: B"), ({f"count-{first.pk}": "3000"}, "2000"),
        ({f"count-{first.pk}": "0", f"count-{second.pk}": "0"}, "合計を 1〜2,000"),
    ):  # fmt: skip
        wrong = client.post(address, form | change)
        assert wrong.status_code == 422 and words in wrong.content.decode()
    assert client.post(address, form | {"kind": "case", f"count-{second.pk}": "0"}).content[:5] == b"%PDF-"
