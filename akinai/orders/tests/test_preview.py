"""変更の影響を見てから保存する: what is shown is what happens, or nothing happens."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from akinai.core import events
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.tax import RateTotal
from akinai.orders import effects, services
from akinai.orders.effects import LinePicture, Picture, Row
from akinai.orders.models import Order
from akinai.orders.services import EntryLine
from tests import cast
from tests.cast import draft, place
from tests.previews import send
from tests.together import overlapping

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> int:
    return cast.sku("TEA-001", pieces=5)


@pytest.fixture
def order(tea: int) -> Order:
    return place(draft("A-1", ("TEA-001", 2, 1080)))


@pytest.fixture
def sato() -> Client:
    client = Client()
    client.force_login(cast.staff("佐藤"))
    return client


def change(order: Order, **changes: Any) -> Any:
    """The act of changing an order, not done yet."""
    asked: dict[str, Any] = {
        "lines": {1: (2, 1080)},
        "added": (),
        "amounts": {},
        "reason": "お電話で変更",
        "by": None,
    }
    return lambda: services.change_order(order.pk, **asked | changes)


def rows(preview: effects.Preview, title: str) -> list[tuple[str, str, str]]:
    found = [group for group in preview.groups if group.title == title]
    return [(row.title, row.before, row.after) for group in found for row in group.rows]


def test_the_effect_on_goods_tax_and_money_is_shown_and_nothing_is_changed(order: Order, tea: int) -> None:
    version = services.version(order)
    found = services.foresee(order.pk, change(order, lines={1: (4, 1080)}))
    assert rows(found, "明細") == [("1. TEA-001", "2 × ¥1,080", "4 × ¥1,080")]
    assert rows(found, "在庫") == [("1. TEA-001", "引当 2/2", "引当 4/4")]
    assert rows(found, "金額と税") == [
        ("商品代", "¥2,160", "¥4,320"), ("消費税 8%", "¥160", "¥320"), ("請求金額", "¥2,160", "¥4,320"),
    ]  # fmt: skip
    order.refresh_from_db()
    assert (services.version(order), cast.level(tea)) == (version, (5, 2))


def test_what_was_shown_is_saved(order: Order, tea: int) -> None:
    act = change(order, lines={1: (4, 1080)}, amounts={"shipping_yen": 500})
    found = services.foresee(order.pk, act)
    services.change_as_shown(order.pk, act, shown=found.fingerprint)
    order.refresh_from_db()
    assert (order.goods_yen, order.shipping_yen, order.total_yen, cast.level(tea)) == (
        4320,
        500,
        4820,
        (5, 4),
    )


def test_goods_that_somebody_took_meanwhile_refuse_the_save_and_show_the_shortage(
    order: Order, tea: int
) -> None:
    act = change(order, lines={1: (4, 1080)})
    found = services.foresee(order.pk, act)
    place(draft("A-2", ("TEA-001", 2, 1080)))
    with pytest.raises(ChangedMeanwhile) as refused:
        services.change_as_shown(order.pk, act, shown=found.fingerprint)
    assert rows(refused.value.preview, "在庫") == [("1. TEA-001", "引当 2/2", "引当 3/4")]  # type: ignore[attr-defined]
    order.refresh_from_db()
    assert (order.total_yen, cast.level(tea)) == (2160, (5, 4))


def test_a_line_is_added_with_the_price_and_tax_of_the_catalogue(order: Order) -> None:
    cup = cast.sku("CUP-001", pieces=3, price=3300, rate=10)
    change(order, added=[EntryLine(cup, 2)])()
    order.refresh_from_db()
    line = order.lines.get(line_no=2)
    assert (line.sku_code, line.quantity, line.unit_price_yen, line.tax_rate) == ("CUP-001", 2, 3300, 10)
    assert (order.goods_yen, order.total_yen, order.state, cast.level(cup)) == (8760, 8760, "ready", (3, 2))
    assert not order.issues.filter(resolved_at=None).exists()


def test_a_line_that_goes_out_gives_its_goods_to_who_waits(order: Order, tea: int) -> None:
    cup = cast.sku("CUP-001", pieces=3)
    change(order, added=[EntryLine(cup, 1)])()
    waiting = place(draft("A-2", ("TEA-001", 5, 1080)))
    change(order, lines={1: (0, 1080), 2: (1, 1080)})()
    events.drain()
    waiting.refresh_from_db()
    assert (waiting.state, cast.level(tea)) == ("ready", (5, 5))
    with pytest.raises(DomainError, match="商品がすべてなくなります"):
        change(order, lines={2: (0, 1080)})()


def test_less_than_what_is_paid_is_refused_with_the_difference(tea: int) -> None:
    order = place(draft("A-1", ("TEA-001", 2, 1080), payment="bank_transfer", payment_settled=False))
    Order.objects.filter(pk=order.pk).update(paid_yen=2160)
    with pytest.raises(DomainError) as refused:
        services.foresee(order.pk, change(order, lines={1: (1, 1080)}))
    assert "先に差額 ¥1,080 を返金するか預り金に移して" in refused.value.way_out


def test_what_the_mall_has_settled_is_settled_by_the_mall(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(payment_settled=True)
    found = services.foresee(order.pk, change(order, lines={1: (1, 1080)}))
    (group,) = [group for group in found.groups if group.title == "お金"]
    assert group.rows == (
        Row("決済済みの金額", "¥2,160", "¥1,080",
            "決済済みの金額は変わりません。モール・決済会社の画面で、差額 ¥1,080 をお返しください", "warn"),
    )  # fmt: skip


def test_cancelling_shows_the_goods_that_go_back_and_the_money_to_return(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(payment_settled=True)
    found = services.foresee(order.pk, lambda: services.cancel(order.pk, reason="お客様都合", by=None))
    assert rows(found, "在庫") == [("1. TEA-001", "引当 2/2", "引当 0/2")]
    assert ("決済", "決済済み", "要返金") in rows(found, "お金")
    order.refresh_from_db()
    assert order.state == "ready"


@given(pieces=st.integers(0, 9), price=st.integers(0, 5000), was=st.integers(1, 9))
def test_the_same_picture_changes_nothing_and_another_one_is_told(pieces: int, price: int, was: int) -> None:
    def taken(quantity: int, yen: int) -> Picture:
        line = LinePicture(1, "TEA-001", "茶", quantity, yen, 0, quantity)
        total = quantity * yen
        tax = (RateTotal(8, total - total * 8 // 108, total * 8 // 108, total),) if total else ()
        return Picture("出荷待ち", False, False, (line,), (("商品代", total),), tax, 0, total, 0, (), (), ())

    before = taken(was, 1000)
    assert effects.preview(before, before, ()).groups == ()
    after = taken(pieces, price)
    told = effects.preview(before, after, ())
    assert (not told.groups) == (before == after)
    assert told.fingerprint == effects.preview(before, after, ()).fingerprint


# ---- screens


def test_the_desk_shows_the_effect_first_and_saves_what_was_shown(sato: Client, order: Order) -> None:
    url = reverse("orders:change", args=[order.number])
    sent = {"line1-quantity": "3", "line1-unit_price_yen": "1,080", "new0-code": "TEA-001", "new0-quantity": "1", "reason": "追加",
            **dict.fromkeys(("shipping_yen", "cod_fee_yen", "wrapping_yen", "discount_yen", "points_yen"), "0")}  # fmt: skip
    page = sato.post(url, sent)
    assert page.status_code == 200 and "まだ保存していません" in page.content.decode()
    order.refresh_from_db()
    assert order.total_yen == 2160
    assert send(sato, url, sent).status_code == 302
    order.refresh_from_db()
    assert (order.total_yen, order.lines.count()) == (4320, 2)


def test_a_stale_preview_is_shown_again(sato: Client, order: Order) -> None:
    url = reverse("orders:cancel", args=[order.number])
    answer = sato.post(url, {"reason": "お客様都合", "shown": "0" * 32})
    assert answer.status_code == 409 and "影響が変わりました" in answer.content.decode()
    order.refresh_from_db()
    assert order.state == "ready"


def test_a_changed_day_that_cannot_be_met_is_seen_before_it_is_saved(sato: Client, order: Order) -> None:
    ship = {"name": "青木 美咲", "postal_code": "1500001", "line1": "神宮前4-12-3", "phone": "03-1234-5678"}
    page = sato.post(
        reverse("orders:delivery", args=[order.number]), {**ship, "delivery_on": f"{date.today():%Y-%m-%d}"}
    )
    text = page.content.decode()
    assert "保留になります" in text and "に間に合いません" in text


def test_an_outsider_changes_nothing(order: Order) -> None:
    client = Client()
    client.force_login(cast.staff("部外者"))
    for name in ("change", "cancel"):
        assert client.post(reverse(f"orders:{name}", args=[order.number]), {"reason": "x"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_saw_the_same_effect_do_not_both_save_it() -> None:
    cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 2, 1080)))
    act = change(order, lines={1: (3, 1080)}, added=[EntryLine(order.lines.get().sku_id or 0, 1)])
    shown = services.foresee(order.pk, act).fingerprint
    answers = overlapping(*[lambda: services.change_as_shown(order.pk, act, shown=shown)] * 2)
    assert [type(one).__name__ for one in answers] == ["Preview", "ShownDiffers"]
    order.refresh_from_db()
    assert (order.lines.count(), order.total_yen) == (2, 4320)
    fewer = change(order, lines={1: (1, 1080)})
    shown = services.foresee(order.pk, fewer).fingerprint
    answers = overlapping(*[lambda: services.change_as_shown(order.pk, fewer, shown=shown)] * 2)
    assert [type(one).__name__ for one in answers] == ["Preview", "ShownDiffers"]
