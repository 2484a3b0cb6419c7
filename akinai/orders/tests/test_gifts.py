"""のし・ラッピング: chosen for a line, priced into the total, seen by those who pack and on the slip."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from akinai.core.errors import DomainError
from akinai.orders import gifts, services
from akinai.orders.gifts import Chosen, Gift
from akinai.orders.models import GiftOption, Order
from akinai.shipping import papers
from akinai.shipping import services as shipping
from akinai.shipping.models import CarrierAccount, Shipment
from tests import cast
from tests.cast import AOKI, draft, place
from tests.previews import send

pytestmark = pytest.mark.django_db
NOSHI = Gift(
    "cho", "outer", "御歳暮", "佐藤", (Chosen("風呂敷", 660, 2), Chosen("カード", 110, 1)), "よいお年を"
)


@pytest.fixture
def order(db: None) -> Order:
    cast.company()
    cast.sku("TEA-001", pieces=9)
    return place(draft("A-1", ("TEA-001", 2, 1080)))


def test_a_gift_is_told_in_words_and_kept_as_it_was_priced() -> None:
    assert NOSHI.words() == (
        "外のし 蝶結び（紅白・何度あってもよいお祝い） 表書き「御歳暮」 名入れ「佐藤」 / 風呂敷 × 2・カード × 1 / カード「よいお年を」"
    )
    assert "よいお年を" not in NOSHI.words(with_message=False)
    assert (NOSHI.yen, Gift.of(NOSHI.to_json()), Gift().to_json(), Gift.of({})) == (1430, NOSHI, {}, Gift())


def test_the_price_goes_into_wrapping_and_total_by_what_has_changed(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(wrapping_yen=300, total_yen=2460)
    services.set_gift(order.pk, line_no=1, gift=NOSHI, by=cast.staff("佐藤"))
    order.refresh_from_db()
    assert (order.wrapping_yen, order.total_yen, order.state) == (1730, 3890, "ready")
    services.set_gift(order.pk, line_no=1, gift=replace(NOSHI, options=(Chosen("カード", 110, 1),)), by=None)
    order.refresh_from_db()
    assert (order.wrapping_yen, order.total_yen) == (410, 2570)
    services.set_gift(order.pk, line_no=1, gift=Gift(), by=None)
    order.refresh_from_db()
    assert (order.wrapping_yen, order.total_yen, order.lines.get().gift) == (300, 2460, {})


def test_a_free_noshi_leaves_the_amounts_alone(order: Order) -> None:
    services.set_gift(order.pk, line_no=1, gift=Gift("kiji", "inner", "志"), by=None)
    order.refresh_from_db()
    assert (order.wrapping_yen, order.total_yen) == (0, 2160)


def test_the_wrapping_charge_never_falls_below_what_was_chosen(order: Order) -> None:
    services.set_gift(order.pk, line_no=1, gift=NOSHI, by=None)
    with pytest.raises(DomainError, match="のし・ラッピングの ¥1,430 より少なくできません"):
        services.correct_amounts(order.pk, amounts={"wrapping_yen": 1429}, reason="おまけ", by=None)
    services.correct_amounts(
        order.pk, amounts={"wrapping_yen": 1430, "discount_yen": 30}, reason="おまけ", by=None
    )
    order.refresh_from_db()
    assert (order.wrapping_yen, order.total_yen) == (1430, 3560)


def test_a_line_that_goes_out_takes_its_gift_and_the_price_of_it_along(order: Order) -> None:
    cup = cast.sku("CUP-001", pieces=3)
    change: dict[str, Any] = {
        "added": [services.EntryLine(cup, 1)],
        "amounts": {},
        "reason": "お電話",
        "by": None,
    }
    services.change_order(order.pk, lines={}, **change)
    for line_no in (1, 2):
        services.set_gift(order.pk, line_no=line_no, gift=NOSHI, by=None)
    services.change_order(order.pk, lines={1: (0, 1080)}, **change | {"added": []})
    order.refresh_from_db()
    assert (order.wrapping_yen, order.total_yen, order.lines.get(line_no=1).gift) == (1430, 2510, {})
    assert Gift.of(order.lines.get(line_no=2).gift) == NOSHI


def test_the_mall_has_the_last_word_about_what_a_gift_costs(order: Order) -> None:
    """It tells the order anew without our ラッピング料: what was chosen is still packed, and costs nothing."""
    services.set_gift(order.pk, line_no=1, gift=NOSHI, by=None)
    place(draft("A-1", ("TEA-001", 3, 1080)))
    services.accept_change(order.changes.get().pk, by=None)
    order.refresh_from_db()
    kept = Gift.of(order.lines.get().gift)
    assert (order.wrapping_yen, order.total_yen, kept.yen, kept.omote) == (0, 3240, 0, "御歳暮")


def test_once_shipping_has_begun_nothing_is_chosen_any_more(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(state="picking")
    with pytest.raises(DomainError, match="直せません"):
        services.set_gift(order.pk, line_no=1, gift=NOSHI, by=None)


def instructed(order: Order) -> Shipment:
    CarrierAccount.objects.get_or_create(carrier="yamato", defaults={"is_default": True})
    return shipping.instruct([order.pk], ship_on=date(2026, 11, 24), by=None).shipments.get()


def test_those_who_pack_and_the_slip_see_it_beside_what_the_buyer_wrote(
    order: Order, monkeypatch: Any
) -> None:
    Order.objects.filter(pk=order.pk).update(gift_note="赤いリボンで")
    services.set_gift(order.pk, line_no=1, gift=NOSHI, by=None)
    shipment = instructed(order)
    drawn: dict[str, Any] = {}
    monkeypatch.setattr(papers, "_draw", lambda name, data, pages: drawn.update({name: data}) or b"")
    papers.picking_of(papers.queries.with_papers(Shipment.objects.filter(pk=shipment.pk)), name="WV")
    note = drawn["picking.typ"]["shipments"][0]["note"]
    assert note.startswith("赤いリボンで / 1. 外のし") and "よいお年を" in note
    papers.slips_pdf(papers.queries.with_papers(Shipment.objects.filter(pk=shipment.pk)))
    (told,) = [one for one in drawn["slip.typ"]["slips"][0]["notes"] if one["title"] == "のし・ラッピング"]
    assert "表書き「御歳暮」" in told["text"] and "よいお年を" not in told["text"]
    client = Client()
    client.force_login(cast.staff("高橋"))
    page = client.get(reverse("shipping:check"), {"number": shipment.number}).content.decode()
    assert "名入れ「佐藤」" in page and "赤いリボンで" in page


@pytest.mark.parametrize(
    ("name", "line1", "is_gift", "hides"),
    [("青木 美咲", "神宮前4-12-3", True, False), ("青木 美咲", "別の町9-9", True, True),
     ("青木 美咲", "別の町9-9", False, False), ("祖母 様", "神宮前4-12-3", False, True)],
)  # fmt: skip
def test_a_present_for_another_place_or_person_carries_a_slip_without_prices(
    db: None, name: str, line1: str, is_gift: bool, hides: bool
) -> None:
    cast.company()
    cast.sku("TEA-001", pieces=9)
    buyer = replace(AOKI, name="青木 美咲", line1="神宮前4-12-3")
    order = place(
        draft("A-1", ("TEA-001", 1, 1080), buyer=buyer, ship_to=replace(buyer, name=name, line1=line1))
    )
    if is_gift:
        services.set_gift(order.pk, line_no=1, gift=Gift("cho", "outer", "御礼"), by=None)
    assert instructed(order).hides_prices is hides


def test_the_desk_chooses_a_gift_and_sees_its_price_before_it_is_saved(order: Order) -> None:
    client = Client()
    client.force_login(cast.staff("佐藤"))
    services.save_gift_option(GiftOption(name="風呂敷", kind="wrapping", price_yen=660), by=None)
    url = reverse("orders:gift", args=[order.number, 1])
    assert "風呂敷（660円）" in client.get(url).content.decode()
    sent = {"noshi": "cho", "side": "inner", "omote": "内祝", "name": "佐藤", "option0": "2"}
    preview = client.post(url, sent).content.decode()
    assert "¥1,320" in preview and "表書き「内祝」" in preview
    assert send(client, url, sent).status_code == 302
    order.refresh_from_db()
    assert (order.wrapping_yen, Gift.of(order.lines.get().gift).side) == (1320, "inner")
    GiftOption.objects.update(price_yen=999)
    assert "風呂敷（660円）" in client.get(url).content.decode()
    assert client.post(url, {"omote": "御礼"}).status_code == 422


def test_the_options_are_kept_by_the_desk_and_an_outsider_sees_none(order: Order) -> None:
    client = Client()
    client.force_login(cast.staff("佐藤"))
    sent = {"name": "手提げ袋", "kind": "bag", "price_yen": "５５", "is_active": "on"}
    assert client.post(reverse("orders:new_gift_option"), sent).status_code == 302
    assert GiftOption.objects.get().price_yen == 55
    assert client.post(reverse("orders:new_gift_option"), sent).status_code == 422
    assert "手提げ袋" in client.get(reverse("orders:gift_options")).content.decode()
    outsider = Client()
    outsider.force_login(cast.staff("部外者"))
    for url in (reverse("orders:gift_options"), reverse("orders:gift", args=[order.number, 1])):
        assert outsider.get(url).status_code == 403
    assert not gifts.is_gift("", list(order.lines.all()))
