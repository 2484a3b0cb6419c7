"""送り状データ and 送り状番号."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from akinai.core.errors import DomainError
from akinai.shipping import services
from akinai.shipping.errors import NoCarrier, NotShippable
from akinai.shipping.models import LabelExport, Shipment
from akinai.shipping.ports import CARRIERS, LabelFile, LabelProblem
from akinai.shipping.services.labels import label_of
from akinai.shipping.tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


def test_the_file_is_kept_and_what_does_not_fit_is_named() -> None:
    factories.company()
    good, bad = (
        factories.order(),
        factories.order(ship_line1="とても長い番地がここに書かれているマンション名"),
    )
    batch = services.instruct([good.pk, bad.pk], ship_on=DAY, by=None)
    export = services.export_labels(batch, carrier="plain", by=None)
    first, second = batch.shipments.order_by("pk")
    assert (
        bytes(LabelExport.objects.get(pk=export.pk).data).decode("cp932")
        == f"{first.number},山田 花子,0,parcel\r\n"
    )
    assert (export.count, export.references_left_out) == (1, [second.number])
    assert export.problems[0]["message"].endswith("受注の住所を分けてください。")
    assert first.labels_exported_at is not None and second.labels_exported_at is None


def test_labels_that_nothing_was_written_of_do_not_count_as_exported() -> None:
    class Unsigned(factories.PlainCarrier):
        def write_labels(self, labels: Any, *, account: Any, today: date) -> LabelFile:
            return LabelFile("a.csv", b"", (), (LabelProblem("", "顧客コード", "", "登録してください。"),))

    CARRIERS["plain"] = Unsigned()
    factories.company()
    batch = services.instruct([factories.order().pk], ship_on=DAY, by=None)
    export = services.export_labels(batch, carrier="plain", by=None)
    assert (export.count, batch.shipments.get().labels_exported_at) == (0, None)


def test_nothing_to_write_and_unknown_carriers_are_refused() -> None:
    batch = services.instruct([factories.order().pk], ship_on=DAY, by=None)
    with pytest.raises(NoCarrier):
        services.export_labels(batch, carrier="ghost", by=None)
    services.ship(list(batch.shipments.values_list("pk", flat=True)), by=None)
    with pytest.raises(NotShippable):
        services.export_labels(batch, carrier="plain", by=None)


def test_a_label_carries_the_orders_copy_of_the_address_and_the_collected_tax() -> None:
    company = factories.company()
    order = factories.order(
        factories.line(1_100, name="【送料無料】南部鉄器"), payment="cod", total_yen=1_100, delivery_on=date(2026, 11, 26),
        ship_company="株式会社山田", ship_line2="原宿ビル4F",
    )  # fmt: skip
    shipment = services.instruct([order.pk], ship_on=DAY, by=None).shipments.get()
    label = label_of(shipment, company=company)
    assert (label.reference, label.cod_yen, label.cod_tax_yen, label.service) == (
        shipment.number,
        1_100,
        100,
        "cod",
    )
    assert (label.to.postal_code, label.to.line2, label.to.company) == (
        "1500001",
        "原宿ビル4F",
        "株式会社山田",
    )
    assert (label.goods, label.sender.name, label.delivery_on) == (
        ("南部鉄器",),
        "あきない本舗",
        date(2026, 11, 26),
    )


def test_numbers_are_checked_cleaned_and_never_shared() -> None:
    one, two = services.instruct(
        [factories.order().pk, factories.order().pk], ship_on=DAY, by=None
    ).shipments.order_by("pk")
    with pytest.raises(DomainError, match="チェックデジット"):
        services.add_tracking(one, numbers=["123456789012"], by=None)
    services.add_tracking(one, numbers=["１２３４-５６７８-９０１３", "123456789013"], by=None)
    assert list(one.parcels.values_list("carrier", "tracking_no")) == [("plain", "123456789013")]
    with pytest.raises(DomainError, match=f"123456789013 は {one.number} に登録されています"):
        services.add_tracking(two, numbers=["123456789013"], by=None)


def test_two_boxes_raise_the_parcel_count() -> None:
    shipment = services.instruct([factories.order().pk], ship_on=DAY, by=None).shipments.get()
    services.add_tracking(shipment, numbers=[factories.number(1), factories.number(2)], by=None)
    assert Shipment.objects.get().parcel_count == 2


def test_a_wrong_number_can_be_taken_away_until_the_goods_have_left() -> None:
    shipment = services.instruct([factories.order().pk], ship_on=DAY, by=None).shipments.get()
    one, two = services.add_tracking(shipment, numbers=[factories.number(1), factories.number(2)], by=None)
    services.remove_tracking(one, by=None)
    services.ship([shipment.pk], by=None)
    with pytest.raises(DomainError, match="送り状番号を消せません"):
        services.remove_tracking(two, by=None)
    assert list(shipment.parcels.all()) == [two]


def test_changing_the_carrier_asks_for_a_new_label() -> None:
    services.save_account(carrier="kuroneko", by=None)
    batch = services.instruct([factories.order().pk], ship_on=DAY, carrier="plain", by=None)
    services.export_labels(batch, carrier="plain", by=None)
    shipment = batch.shipments.get()
    services.change_carrier([shipment.pk], carrier="kuroneko", by=None)
    shipment.refresh_from_db()
    assert (shipment.carrier, shipment.labels_exported_at) == ("kuroneko", None)
