"""モール出荷報告: the mall is told of each parcel once, in its own columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from akinai.adapters.channels import register_telling_doors
from akinai.core.errors import DomainError
from akinai.orders.ports import DestinationDraft
from akinai.shipping import services
from akinai.shipping.models import Shipment, TrackingExport
from akinai.shipping.telling_ports import TELLING, Shipped, ShippedLine
from akinai.shipping.tests import factories
from tests import cast
from tests.cast import staff
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def doors() -> Iterator[None]:
    register_telling_doors()
    yield


def gone(no: str, *, kind: str = "rakuten", numbers: bool = True, base: int = 0, **more: Any) -> Shipment:
    """A shipment of a mall's order that has left."""
    mall = factories.channel(kind, name=kind, kind=kind)
    told = [factories.number(base or int(no[-3:]))] if numbers else []
    return factories.shipment_gone(
        factories.line(channel_line_no="L1", quantity=2), channel=mall, channel_order_no=no, numbers=told,
        raw={"ship_to_id": "700001"}, **more,
    )  # fmt: skip


def text(export: TrackingExport, encoding: str = "cp932") -> list[str]:
    return bytes(export.data).decode(encoding).split("\r\n")


def test_a_shipment_is_told_once_and_again_only_when_asked() -> None:
    shipment = gone("shop-20261120-001")
    shipment.refresh_from_db()
    assert shipment.mall_notice == "waiting"
    export = services.tell_mall("rakuten", by=staff("高橋"))
    number = factories.number(1)
    assert text(export)[:2] == [
        "注文番号,送付先ID,発送明細ID,お荷物伝票番号,配送会社,発送日",
        f"shop-20261120-001,700001,,{number},1000,{date.today():%Y-%m-%d}",
    ]  # fmt: skip
    shipment.refresh_from_db()
    assert (shipment.mall_notice, export.count, export.created_by) == ("told", 1, staff("高橋"))
    with pytest.raises(DomainError, match="報告する出荷がありません"):
        services.tell_mall("rakuten", by=None)
    again = services.tell_mall("rakuten", shipment_ids=[shipment.pk], again=True, by=None)
    assert (again.count, again.is_again, bytes(again.data)) == (1, True, bytes(export.data))


def test_two_clerks_cannot_tell_one_parcel_twice() -> None:
    gone("shop-20261120-001")
    answers = together(
        lambda: services.tell_mall("rakuten", by=None), lambda: services.tell_mall("rakuten", by=None)
    )
    assert sorted(isinstance(answer, DomainError) for answer in answers) == [False, True]
    assert sum(TrackingExport.objects.values_list("count", flat=True)) == 1


def test_what_the_mall_cannot_take_stays_untold_with_the_reason() -> None:
    bare = gone("shop-20261120-001", numbers=False)
    good = gone("shop-20261120-002")
    export = services.tell_mall("rakuten", by=None)
    assert export.count == 1
    assert [p["reference"] for p in export.problems] == [bare.number]
    assert "送り状番号がありません" in export.problems[0]["message"]
    assert dict(Shipment.objects.values_list("number", "mall_notice")) == {
        bare.number: "waiting",
        good.number: "told",
    }


def test_what_the_mall_refused_is_told_again_with_the_next_file() -> None:
    shipment = gone("shop-20261120-001")
    export = services.tell_mall("rakuten", by=None)
    with pytest.raises(DomainError, match="にありません"):
        services.note_refused_by_mall(export, {"shop-20261120-001": "x", "nix": "y"}, by=None)
    assert not export.items.exclude(refused="").exists()
    assert services.note_refused_by_mall(export, {"shop-20261120-001": "配送会社コード不正"}, by=None) == 1
    shipment.refresh_from_db()
    assert shipment.mall_notice == "refused"
    assert services.tell_mall("rakuten", by=None).count == 1


def test_a_shipment_taken_back_is_not_told() -> None:
    shipment = gone("shop-20261120-001")
    services.unship([shipment.pk], reason="間違い", by=None)
    shipment.refresh_from_db()
    assert shipment.mall_notice == "none"
    with pytest.raises(DomainError):
        services.tell_mall("rakuten", by=None)


def test_a_cart_that_waits_for_nothing_is_told_only_of_what_is_chosen() -> None:
    shipment = gone("250-1", kind="generic", base=7)
    shipment.refresh_from_db()
    assert shipment.mall_notice == "none"
    with pytest.raises(DomainError, match="報告する出荷がありません"):
        services.tell_mall("generic", by=None)
    assert services.tell_mall("generic", shipment_ids=[shipment.pk], again=True, by=None).count == 1


ONE = Shipped(
    "SH-2026-000001", "250-1234567-7654321", "yamato", "ヤマト運輸", ("123456789013", "123456789024"), date(2026, 11, 24), "42",
    (ShippedLine("0583", 2), ShippedLine("0584", 1)), "https://example.jp/123456789013",
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "encoding", "lines"),
    [
        ("rakuten", "cp932", [
            "250-1234567-7654321,42,,123456789013,1001,2026-11-24", "250-1234567-7654321,42,,123456789024,1001,2026-11-24"]),
        ("yahoo", "cp932", ["250-1234567-7654321,1001,123456789013,123456789024,2026/11/24,3"]),
        ("amazon", "cp932", [
            "250-1234567-7654321\t0583\t2\t2026-11-24\tYamatoTransport\t\t123456789013\t",
            "250-1234567-7654321\t0584\t1\t2026-11-24\tYamatoTransport\t\t123456789013\t"]),
        ("shopify", "utf-8", [
            "250-1234567-7654321,UPDATE,Fulfillment Line,success,2026-11-24 12:00:00 +0900,Yamato (JA),"
            "123456789013; 123456789024,https://example.jp/123456789013,FALSE"]),
        ("eccube", "cp932", ["42,123456789013/123456789024,2026-11-24"]),
        ("generic", "utf-8-sig", [
            "250-1234567-7654321,SH-2026-000001,ヤマト運輸,123456789013,2026-11-24",
            "250-1234567-7654321,SH-2026-000001,ヤマト運輸,123456789024,2026-11-24"]),
    ],
)  # fmt: skip
def test_each_mall_reads_its_own_columns(kind: str, encoding: str, lines: list[str]) -> None:
    written = TELLING[kind].write([ONE])
    assert not written.left_out
    assert written.data.decode(encoding).split("\r\n")[1:-1] == lines


def test_the_screens_lead_from_the_list_to_the_file_and_back(client: Client) -> None:
    shipment = gone("shop-20261120-001")
    client.force_login(staff("高橋"))
    page = client.get("/office/shipments/tell/")
    assert page.status_code == 200
    assert shipment.number in page.content.decode()
    made = client.post("/office/shipments/tell/rakuten/")
    export = TrackingExport.objects.get()
    assert made.headers["Location"] == f"/office/shipments/tell/files/{export.pk}/"
    assert client.get(made.headers["Location"]).status_code == 200
    assert client.get(f"/office/shipments/tell/files/{export.pk}/data").content == bytes(export.data)
    assert client.get("/office/shipments/tell/files/").status_code == 200
    back = f"/office/shipments/tell/files/{export.pk}/refused/"
    wrong = client.post(back, {"refused": "nix,番号不正"})
    assert wrong.status_code == 422
    assert "nix,番号不正</textarea>" in wrong.content.decode()
    client.post(back, {"refused": "shop-20261120-001,番号不正"})
    shipment.refresh_from_db()
    assert shipment.mall_notice == "refused"
    client.force_login(staff("部外者"))
    assert client.get("/office/shipments/tell/").status_code == 403
    assert client.post("/office/shipments/tell/rakuten/").status_code == 403


def test_the_malls_number_of_the_address_is_kept_from_the_order_file() -> None:
    cast.company()
    cast.sku("TEA-1", pieces=5)
    order = cast.place(cast.draft("shop-20261120-009", ("TEA-1", 1, 1080), ship_to_id="700009"))
    shipment = services.instruct([order.pk], ship_on=date(2026, 11, 24), by=None).shipments.get()
    services.add_tracking(shipment, numbers=[factories.number(9)], by=None)
    services.ship([shipment.pk], by=None)
    assert text(services.tell_mall("rakuten", by=None))[1].split(",")[:2] == ["shop-20261120-009", "700009"]


def test_each_parcel_of_an_order_with_several_addresses_names_its_own() -> None:
    cast.company()
    cast.sku("TEA-1", pieces=5)
    there = DestinationDraft(cast.somebody("X"), ((1, 1),), number="700011")
    told = cast.draft("shop-20261120-010", ("TEA-1", 2, 1080), ship_to_id="700010", others=(there,))
    order = cast.place(told)
    batch = services.instruct([order.pk], ship_on=date(2026, 11, 24), by=None)
    for no, shipment in enumerate(batch.shipments.order_by("pk"), 11):
        services.add_tracking(shipment, numbers=[factories.number(no)], by=None)
    services.ship(list(batch.shipments.values_list("pk", flat=True)), by=None)
    rows = text(services.tell_mall("rakuten", by=None))[1:]
    assert [row.split(",")[:2] for row in rows if row] == [
        ["shop-20261120-010", "700010"],
        ["shop-20261120-010", "700011"],
    ]
