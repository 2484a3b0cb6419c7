"""店舗・モール: whose code means which SKU."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from akinai.channels import queries, services
from akinai.channels.intake import ListingsKind
from akinai.channels.models import Channel, Listing
from akinai.core import intake
from tests.cast import sku, staff

pytestmark = pytest.mark.django_db


def test_the_usual_channels_are_there_and_amazon_does_its_own_papers() -> None:
    amazon = queries.by_code("amazon")
    assert (amazon.sends_own_shipping_mail, amazon.issues_own_invoice) == (True, True)
    assert {"rakuten", "yahoo", "shopify", "eccube", "base", "phone", "generic"} <= {
        code for code, _ in queries.choices()
    }


def test_a_listing_wins_over_our_own_code_on_its_channel_only() -> None:
    ours, other = sku("A-1"), sku("B-1")
    rakuten, yahoo = queries.by_code("rakuten"), queries.by_code("yahoo")
    services.list_sku(rakuten, "a-1", other, by=None)
    assert queries.resolve_skus(rakuten.pk, ["Ａ-1"]) == {"Ａ-1": other}
    assert queries.resolve_skus(yahoo.pk, ["Ａ-1"]) == {"Ａ-1": ours}


def test_unknown_codes_and_wrong_jans_resolve_to_nothing() -> None:
    sku("A-1")
    assert queries.resolve_skus(queries.by_code("rakuten").pk, ["X", "4901234567890", ""]) == {}


def test_listing_the_same_again_changes_nothing_and_another_sku_takes_over() -> None:
    first, second = sku("A-1"), sku("B-1")
    rakuten = queries.by_code("rakuten")
    for wanted in (first, first, second):
        services.list_sku(rakuten, "mall-1", wanted, by=None)
    assert Listing.objects.get().sku_id == second


def test_a_clerk_lists_and_a_stranger_does_not(client: Client) -> None:
    pk = sku("A-1")
    form = {"channel": str(queries.by_code("rakuten").pk), "code": "mall-1", "sku": "a-1"}
    client.force_login(staff("部外者"))
    assert client.post(reverse("channels:add_listing"), form).status_code == 403
    client.force_login(staff("田中"))
    assert client.post(reverse("channels:add_listing"), form).status_code == 302
    assert Listing.objects.get().sku_id == pk
    assert "mall-1" in client.get(reverse("channels:listings"), {"q": "mall"}).content.decode()
    answer = client.post(reverse("channels:add_listing"), form | {"sku": "無い"})
    assert answer.status_code == 422 and "登録されていません" in answer.content.decode()


def test_a_channel_is_renamed_but_keeps_its_code(client: Client) -> None:
    client.force_login(staff("田中"))
    form = {
        "code": "other",
        "name": "楽天 本店",
        "kind": "rakuten",
        "feed_priority": "10",
        "feed_last_units": "0",
        "feed_buffer": "1",
        "is_active": "on",
    }
    client.post(reverse("channels:edit", args=["rakuten"]), form)
    assert Channel.objects.get(code="rakuten").name == "楽天 本店"
    assert client.get(reverse("channels:list")).status_code == 200


def test_a_table_of_codes_comes_in_whole_or_not_at_all() -> None:
    pk = sku("A-1")
    text = "チャネル,チャネル側の商品コード,SKUコード\n楽天市場,mall-1,A-1\nyahoo,y-1,a-1\n"
    row, _ = intake.preview(ListingsKind(), [intake.Upload("対応.csv", text.encode())], by=None)
    intake.apply(row, by=None)
    row.refresh_from_db()
    assert (row.created, set(Listing.objects.values_list("code", "sku_id"))) == (
        2,
        {("mall-1", pk), ("y-1", pk)},
    )
    _, plan = intake.preview(ListingsKind(), [intake.Upload("対応.csv", text.encode())], by=None)
    assert (plan.created, plan.unchanged) == (0, 2)
    bad = "チャネル,チャネル側の商品コード,SKUコード\n楽天市場,,A-1\nどこか,m-2,A-1\n楽天市場,m-3,無い\n"
    _, plan = intake.preview(ListingsKind(), [intake.Upload("対応.csv", bad.encode())], by=None)
    assert plan.refused
    assert [(e.line, e.column) for e in plan.errors] == [
        (2, "チャネル側の商品コード"),
        (3, "チャネル"),
        (4, "SKUコード"),
    ]
