"""Screens of shipping, as the browser asks for them."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from akinai.shipping import services
from akinai.shipping.models import Shipment, ShippingBatch
from akinai.shipping.tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


@pytest.fixture
def takahashi(client: Client) -> Any:
    """高橋 (倉庫), logged in."""
    person = factories.staff("takahashi")
    wanted = Permission.objects.filter(content_type__app_label__in=["shipping", "orders", "core", "party"])
    person.user_permissions.set(wanted)
    client.force_login(person)
    return person


@pytest.fixture
def outsider(client: Client) -> Any:
    """部外者: logged in, no duty here."""
    person = factories.staff("stranger")
    client.force_login(person)
    return person


def text(response: Any) -> str:
    return response.content.decode()


def pdf_text(response: Any) -> str:
    content = b"".join(response) if response.streaming else response.content
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages)


def batch_of(*orders: Any) -> ShippingBatch:
    return services.instruct([o.pk for o in orders], ship_on=DAY, by=None)


def test_waiting_orders_are_chosen_and_instructed_from_the_list(client: Client, takahashi: Any) -> None:
    factories.company()
    one, two = factories.order(), factories.order()
    page = client.get(reverse("shipping:ready"))
    assert one.number in text(page) and two.number in text(page)
    asked = client.post(reverse("shipping:ready"), {"action": "instruct", "pk": [one.pk]})
    assert "出荷予定日" in text(asked)
    done = client.post(
        reverse("shipping:ready"),
        {"action": "instruct", "pk": [one.pk], "go": "1", "ship_on": "2026-11-24", "carrier": ""},
    )
    batch = ShippingBatch.objects.get()
    assert done.status_code == 302 and done["Location"] == reverse("shipping:batch", args=[batch.number])
    assert [s.order for s in batch.shipments.all()] == [one] and batch.created_by == takahashi


def test_a_batch_goes_through_its_five_steps(client: Client, takahashi: Any) -> None:
    factories.company()
    batch = batch_of(
        factories.order(factories.line(name="りんごジュース")),
        factories.order(ship_line1="とても長い番地がここに書かれているマンション名"),
    )
    page = reverse("shipping:batch", args=[batch.number])
    assert "ピッキングリスト" in text(client.get(page))
    picking = client.post(reverse("shipping:print_picking", args=[batch.number]))
    assert picking["Content-Type"] == "application/pdf" and f"ピッキングリスト{batch.number}" in pdf_text(
        picking
    )
    slips = client.post(reverse("shipping:print_slips", args=[batch.number]))
    numbers = list(batch.shipments.order_by("pk").values_list("number", flat=True))
    assert (
        all(number in pdf_text(slips) for number in numbers)
        and len(PdfReader(io.BytesIO(slips.content)).pages) == 2
    )
    client.post(reverse("shipping:export_labels", args=[batch.number, "plain"]))
    shown = text(client.get(page))
    assert "送り状データに載せられなかった出荷" in shown and "住所が16文字を超えています" in shown
    export = batch.exports.get()
    first, again = (client.get(reverse("shipping:download_labels", args=[export.pk])) for _ in range(2))
    assert (
        first.content == again.content == bytes(export.data) and "attachment" in first["Content-Disposition"]
    )
    services.add_tracking(Shipment.objects.get(number=numbers[0]), numbers=[factories.number(1)], by=None)
    client.post(reverse("shipping:ship_batch", args=[batch.number]))
    assert list(batch.shipments.order_by("pk").values_list("state", flat=True)) == ["shipped", "instructed"]
    client.post(reverse("shipping:ship_batch", args=[batch.number]), {"which": "all"})
    assert "完了" in text(client.get(page))


def test_a_present_has_no_prices_on_its_slip(client: Client, takahashi: Any) -> None:
    factories.company()
    own = batch_of(factories.order(factories.line(3_300))).shipments.get()
    present = batch_of(factories.order(factories.line(3_300), ship_name="鈴木 一郎")).shipments.get()
    assert "¥3,300" in pdf_text(client.get(reverse("shipping:slip", args=[own.number])))
    slip = pdf_text(client.get(reverse("shipping:slip", args=[present.number])))
    assert "¥" not in slip and "鈴木一郎様" in slip and "山田花子様" in slip
    client.post(reverse("shipping:show_prices", args=[present.number]), {"show": "1"})
    assert "¥3,300" in pdf_text(client.get(reverse("shipping:slip", args=[present.number])))


def test_the_packing_check_goes_from_slip_to_slip_by_scanner_alone(client: Client, takahashi: Any) -> None:
    goods = factories.sku("APPLE", jan="4901234567894")
    shipment = batch_of(factories.order(factories.line(goods=goods, quantity=13))).shipments.get()
    url = reverse("shipping:check")
    assert "の出荷はありません" in text(client.post(url, {"code": "SH-1999-1"}))
    assert "0</b> / 13 点" in text(client.post(url, {"code": shipment.number.lower()}))
    wrong = client.post(url, {"number": shipment.number, "scans": "", "code": "TEA"})
    assert wrong.status_code == 422 and "「TEA」はこの出荷の商品ではありません。" in text(wrong)
    part = text(client.post(url, {"number": shipment.number, "scans": "", "code": "4901234567894*12"}))
    assert "12</b> / 13 点" in part
    done = client.post(url, {"number": shipment.number, "scans": "\n".join(["APPLE"] * 12), "code": "APPLE"})
    shipment.refresh_from_db()
    assert shipment.state == "packed" and "の検品が終わりました（13 点）" in text(done)
    assert "「梱包済」です" in text(client.post(url, {"code": shipment.number}))


def test_one_shipment_from_number_to_delivery(client: Client, takahashi: Any) -> None:
    factories.company()
    shipment = batch_of(factories.order(buyer_email="")).shipments.get()

    def act(name: str, *args: Any, **data: Any) -> Any:
        return client.post(reverse(f"shipping:{name}", args=[shipment.number, *args]), data)

    act("add_tracking", numbers="１２３４−５６７８−９０１３")
    page = text(client.get(reverse("shipping:detail", args=[shipment.number])))
    assert "https://example.jp/track?no=123456789013" in page
    act("remove_tracking", shipment.parcels.get().pk)
    act("add_tracking", numbers=factories.number(5))
    act("ship")
    services.queue_mail([shipment.pk], by=None)
    assert "お客様に出荷を知らせていません。" in text(
        client.get(reverse("shipping:detail", args=[shipment.number]))
    )
    act("notify_by_hand", note="電話で連絡")
    act("deliver", on="2026-11-24")
    shipment.refresh_from_db()
    assert (shipment.state, shipment.notice, shipment.delivered_on) == ("delivered", "by_hand", DAY)


def test_a_mail_that_failed_leads_to_the_outbox_or_to_a_call(client: Client, takahashi: Any) -> None:
    shipment = batch_of(factories.order()).shipments.get()
    services.ship([shipment.pk], by=None)
    Shipment.objects.update(notice="failed")
    page = text(client.get(reverse("shipping:detail", args=[shipment.number])))
    assert "出荷メールを送れませんでした" in page and "連絡済みにする" in page
    client.post(reverse("shipping:notify_by_hand", args=[shipment.number]), {"note": "電話で連絡"})
    shipment.refresh_from_db()
    assert shipment.notice == "by_hand"


def test_a_carriers_form_asks_what_its_door_declares(client: Client, takahashi: Any) -> None:
    cards = text(client.get(reverse("shipping:carriers")))
    assert "テスト運輸" in cards and "顧客コードを登録すると" in cards
    url = reverse("shipping:carrier", args=["plain"])
    refused = client.post(
        url, {"tracking_url": "https://example.jp/", "set_customer_code": "12", "set_packing": "crate"}
    )
    assert refused.status_code == 422
    for reason in (
        "{no} を書いてください",
        "顧客コードは9桁の数字で入力してください。",
        "荷姿を選んでください。",
    ):
        assert reason in text(refused), reason
    client.post(url, {"set_customer_code": "１２３-456-789", "set_packing": "bag", "is_default": "on"})
    account = factories.model("shipping.CarrierAccount").objects.get()
    assert (account.settings, account.is_default) == ({"customer_code": "123456789", "packing": "bag"}, True)
    shown = text(client.get(reverse("shipping:carriers")))
    assert "123456789" in shown and "袋" in shown and "登録すると" not in shown


@pytest.mark.parametrize("tab", ["", "open", "packed", "today", "untold", "unnumbered", "on_the_way"])
def test_the_list_is_found_by_number_tracking_and_name_in_few_queries(
    client: Client, takahashi: Any, tab: str, django_assert_max_num_queries: Any
) -> None:
    shipments = list(batch_of(*(factories.order() for _ in range(4))).shipments.order_by("pk"))
    services.add_tracking(shipments[0], numbers=[factories.number(77)], by=None)
    with django_assert_max_num_queries(8):
        client.get(reverse("shipping:list"), {"tab": tab})
    for asked in (shipments[0].number, factories.number(77)):
        found = text(client.get(reverse("shipping:list"), {"q": asked}))
        assert shipments[0].number in found and shipments[1].number not in found


def test_an_outsider_sees_and_changes_nothing(client: Client, outsider: Any) -> None:
    factories.company()
    batch = batch_of(factories.order())
    shipment = batch.shipments.get()
    pages = [
        reverse("shipping:list"), reverse("shipping:ready"), reverse("shipping:batches"), reverse("shipping:check"),
        reverse("shipping:carriers"), reverse("shipping:batch", args=[batch.number]),
        reverse("shipping:detail", args=[shipment.number]), reverse("shipping:slip", args=[shipment.number]),
    ]  # fmt: skip
    assert {client.get(page).status_code for page in pages} == {403}
    acts = [
        reverse("shipping:ship", args=[shipment.number]), reverse("shipping:withdraw", args=[shipment.number]),
        reverse("shipping:print_slips", args=[batch.number]), reverse("shipping:ship_batch", args=[batch.number]),
        reverse("shipping:export_labels", args=[batch.number, "plain"]),
    ]  # fmt: skip
    assert {client.post(act).status_code for act in acts} == {403}
    shipment.refresh_from_db()
    assert shipment.state == "instructed" and not batch.exports.exists()
