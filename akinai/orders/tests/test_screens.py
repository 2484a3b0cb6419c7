"""受注の画面: who may see what, what the list and the page show, every act through its URL."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from akinai.orders import queries, services
from akinai.orders.models import HoldRule, Order
from tests import cast
from tests.cast import AOKI, draft, place, somebody
from tests.previews import send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]


@pytest.fixture(autouse=True)
def tea() -> int:
    return cast.sku("TEA-001", pieces=5)


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(cast.staff(name))
    return client


@pytest.fixture
def sato() -> Client:
    return client_of("佐藤")


def get(client: Client, name: str, *args: Any, query: str = "") -> str:
    response = client.get(reverse(f"orders:{name}", args=args) + query)
    assert response.status_code == 200, response
    return response.content.decode()


def post(client: Client, name: str, /, *args: Any, **data: Any) -> Any:
    return send(client, reverse(f"orders:{name}", args=args), data)


def state(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


SCREENS = ("list", "desk", "enter", "hold_rules")


@pytest.mark.parametrize("screen", SCREENS)
def test_an_outsider_sees_no_screen(screen: str) -> None:
    assert client_of("部外者").get(reverse(f"orders:{screen}")).status_code == 403


@pytest.mark.parametrize("screen", SCREENS)
def test_a_visitor_is_sent_to_the_login(screen: str) -> None:
    assert Client().get(reverse(f"orders:{screen}")).status_code == 302


def test_an_outsider_changes_nothing() -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080), customer_note="急ぎ"))
    outsider, warehouse = client_of("部外者"), client_of("高橋")
    for client in (outsider, warehouse):
        for act in (
            "release_all",
            "hold",
            "cancel",
            "settle",
            "note_refunded",
            "edit_note",
            "delivery",
            "amounts",
            "payment",
        ):
            assert post(client, act, order.number, reason="x", note="x").status_code == 403
        assert post(client, "release", order.holds.get().pk).status_code == 403
    assert state(order) == "on_hold"
    assert warehouse.get(reverse("orders:detail", args=[order.number])).status_code == 200


def test_the_list_says_why_each_order_waits_and_what_frees_it(sato: Client) -> None:
    place(draft("A-1", ("TEA-001", 1, 1080), customer_note="急ぎです"))
    place(draft("A-2", ("TEA-001", 9, 1080), buyer=somebody("X")))
    transfer = {"payment": "bank_transfer", "payment_settled": False}
    place(draft("A-3", ("TEA-001", 1, 1080), buyer=somebody("Y"), **transfer))
    page = get(sato, "list")
    for text in (
        "備考あり: 「急ぎです」",
        "確認して解除する",
        "在庫が足りません",
        "入荷を登録する",
        "¥1,080 の振込を待っています",
        "入金を消し込む",
    ):
        assert text in page
    assert "（期限 2026/12/01）" in page


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("?q=青木", ["A-1"]), ("?q=ｱｵｷ", ["A-1"]), ("?q=0900000", ["A-1", "A-2", "A-3"]), ("?q=見本Ｘ", ["A-2"]),
        ("?f.note=1", ["A-1"]), ("?f.issue=1", ["A-3"]), ("?f.rule=note", ["A-1"]), ("?tab=on_hold", ["A-1", "A-3"]),
        ("?f.payment=bank_transfer", ["A-2"]), ("?f.channel=yahoo", []), ("?f.total=2000~", ["A-3"]), ("?q=A-2", ["A-2"]),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_and_searched(sato: Client, query: str, numbers: list[str]) -> None:
    place(draft("A-1", ("TEA-001", 1, 1080), customer_note="急ぎです"))
    transfer = {"payment": "bank_transfer", "payment_settled": False}
    place(draft("A-2", ("TEA-001", 1, 1080), buyer=somebody("X"), ship_to=somebody("X"), **transfer))
    place(draft("A-3", ("TEA-001", 3, 1080), ("NEW", 1, 1), buyer=somebody("Y"), ship_to=somebody("Y")))
    page = get(sato, "list", query=query)
    shown = re.findall(r'data-url="/office/orders/(SO-[\d-]+)/"', page)
    told = Order.objects.in_bulk(shown, field_name="number")
    assert sorted(told[number].channel_order_no for number in shown) == numbers


def test_an_order_is_found_by_our_number(sato: Client) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    assert order.number in get(sato, "list", query=f"?q={order.number.lower()}")


def test_the_list_asks_the_database_no_more_for_more_orders(
    sato: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        place(draft(f"A-{n}", ("TEA-001", 1, 1080), buyer=somebody(f"P{n}"), customer_note="備考"))
    get(sato, "list")
    with django_assert_max_num_queries(6):
        get(sato, "list")


def test_chosen_orders_are_released_together(sato: Client) -> None:
    held = [
        place(draft(f"A-{n}", ("TEA-001", 1, 1080), buyer=somebody(f"P{n}"), customer_note="備考"))
        for n in range(2)
    ]
    data = {"action": "release", "pk": [order.pk for order in held], "go": "1", "note": "確認済み"}
    assert sato.post(reverse("orders:list"), data).status_code == 302
    assert [state(order) for order in held] == ["ready", "ready"]


def test_the_page_shows_everything_of_an_order(sato: Client) -> None:
    order = place(draft("A-1", ("TEA-001", 9, 1080), raw={"ひとことメモ": "<script>"}))
    page = get(sato, "detail", order.number)
    for text in (
        "青木 美咲",
        "〒150-0001",
        "東京都渋谷区神宮前4-12-3",
        "¥9,720",
        "不足",
        "5/9",
        "&lt;script&gt;",
        "8%",
    ):
        assert text in page
    assert "<script>" not in page.replace("<script ", "")


def test_a_held_order_is_released_from_its_page_and_from_the_desk(sato: Client) -> None:
    first = place(draft("A-1", ("TEA-001", 1, 1080), customer_note="一"))
    second = place(draft("A-2", ("TEA-001", 1, 1080), customer_note="二", buyer=somebody("X")))
    desk = get(sato, "desk")
    assert first.number in desk and 'data-key="a"' in desk and 'data-key="s"' in desk
    later = get(sato, "desk", query=f"?skip={first.number}")
    assert second.number in later
    answer = post(sato, "release_all", second.number, note="確認", **{"from": "desk", "skip": first.number})
    assert answer.headers["Location"] == f"/office/orders/desk/?skip={first.number}"
    assert state(second) == "ready"
    assert "あとでにした受注だけが残っています" in get(sato, "desk", query=f"?skip={first.number}")
    assert post(sato, "release_all", first.number).headers["Location"] == f"/office/orders/{first.number}/"
    assert "確認待ちの受注はありません" in get(sato, "desk")


def test_the_desk_stays_with_an_order_that_has_another_question(sato: Client) -> None:
    order = place(draft("A-1", ("NEW", 1, 1080), customer_note="一"))
    answer = post(sato, "release_all", order.number, **{"from": "desk", "skip": ""})
    assert answer.headers["Location"] == f"/office/orders/desk/?skip=&at={order.number}"
    assert order.number in sato.get(answer.headers["Location"]).content.decode()


def test_goods_are_named_by_code_and_wrong_codes_are_refused(sato: Client, tea: int) -> None:
    order = place(draft("A-1", ("mall-1", 1, 1080)))
    issue = order.issues.get()
    refused = sato.post(
        reverse("orders:assign_sku", args=[issue.pk]), {"sku": "nobody"}, headers={"HX-Request": "true"}
    )
    assert (refused.status_code, state(order)) == (409, "on_hold")
    post(sato, "assign_sku", issue.pk, sku="ｔｅａ-001", remember="on")
    assert (state(order), order.lines.get().sku_id) == ("ready", tea)


def test_a_line_is_corrected_and_odd_numbers_are_refused(sato: Client) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    for wrong in ("-1", "abc", "1.5", "", "99999999999999999999"):
        post(sato, "edit_line", order.number, 1, quantity=wrong, unit_price_yen="1080")
        assert order.lines.get().quantity == 1
    post(sato, "edit_line", order.number, 1, quantity="２", unit_price_yen="￥1,080")
    assert (order.lines.get().quantity, state(order)) == (2, "on_hold")
    assert post(sato, "edit_line", order.number, 7, quantity="1", unit_price_yen="1").status_code == 404


def test_amounts_are_corrected_on_their_page(sato: Client) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080), shipping_yen=500))
    amounts = dict.fromkeys(
        ("cod_fee_yen", "payment_fee_yen", "wrapping_yen", "outer_tax_yen", "adjustment_yen", "discount_yen", "points_yen"), "0"
    )  # fmt: skip
    assert post(sato, "amounts", order.number, shipping_yen="abc", **amounts).status_code == 422
    post(sato, "amounts", order.number, shipping_yen="５００円", reason="送料込み", **amounts)
    order.refresh_from_db()
    assert (order.total_yen, order.state) == (1580, "ready")


def address(prefix: str = "", **changes: str) -> dict[str, str]:
    told = {
        "name": "青木 美咲", "kana": "", "company": "", "postal_code": "〒１５０－０００１", "prefecture": "", "city": "",
        "line1": "4-12-3", "line2": "", "phone": "090-0000-1001", "email": "", **changes,
    }  # fmt: skip
    return {f"{prefix}{name}": value for name, value in told.items()}


def test_an_address_is_filled_in_by_its_postal_code(sato: Client) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080), ship_to=replace(AOKI, line1="神宮前")))
    post(sato, "delivery", order.number, delivery_on="2099-01-01", **address())
    order.refresh_from_db()
    assert (order.ship_prefecture, order.ship_city, order.ship_line1) == ("東京都", "渋谷区神宮前", "4-12-3")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"postal_code": "150"}, "7桁の数字ではありません"),
        ({"postal_code": "0000000"}, "存在しません"),
        ({"prefecture": "大阪府"}, "郵便番号は東京都です"),
        ({"phone": "123"}, "市外局番から"),
        ({"name": ""}, "必須"),
    ],
)
def test_a_wrong_address_is_refused_by_name(sato: Client, change: dict[str, str], message: str) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    answer = post(sato, "delivery", order.number, **address(**change))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert Order.objects.get(pk=order.pk).ship_postal_code == "1500001"


def entry(**changes: str) -> dict[str, str]:
    return {
        **address("buyer-"), "lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "0", "lines-0-code": "tea-001",
        "lines-0-quantity": "２", "lines-0-unit_price_yen": "", "lines-1-code": "", "lines-1-quantity": "",
        "lines-1-unit_price_yen": "", "terms-payment": "cod", "terms-shipping_yen": "500", "terms-cod_fee_yen": "330",
        "terms-discount_yen": "0", "once": "", **changes,
    }  # fmt: skip


def test_an_order_by_phone_goes_its_way_like_any_other(sato: Client, tea: int) -> None:
    answer = sato.post(reverse("orders:enter"), entry())
    order = Order.objects.get()
    assert answer.headers["Location"] == f"/office/orders/{order.number}/"
    assert (order.state, order.channel.code, order.total_yen, order.buyer_name) == (
        "ready",
        "phone",
        2990,
        "青木 美咲",
    )
    assert (order.goods_yen, order.shipping_yen, order.cod_fee_yen, order.ship_city) == (
        2160,
        500,
        330,
        "渋谷区神宮前",
    )
    assert cast.level(tea) == (5, 2)


def test_an_order_by_phone_may_go_elsewhere_and_wait_for_money(sato: Client) -> None:
    other = address("ship-", name="贈り先 太郎", postal_code="530-0001", line1="1-1")
    sato.post(
        reverse("orders:enter"),
        entry(
            **{"terms-to_other": "on", "terms-payment": "bank_transfer", "terms-cod_fee_yen": "0"}, **other
        ),
    )
    order = Order.objects.get()
    assert (order.state, order.ship_name, order.ship_prefecture) == (
        "awaiting_payment",
        "贈り先 太郎",
        "大阪府",
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lines-0-code": "nobody"}, "商品「nobody」は登録されていません"),
        ({"lines-0-code": ""}, "商品を 1 行以上"),
        ({"lines-0-quantity": "0"}, "1以上"),
        ({"buyer-line1": ""}, "番地"),
        ({"terms-payment": "bank_transfer"}, "代引手数料は代金引換のときだけ"),
        ({"terms-to_other": "on"}, "お名前"),
    ],
)
def test_a_wrong_entry_is_refused_and_nothing_is_written(
    sato: Client, change: dict[str, str], message: str
) -> None:
    answer = sato.post(reverse("orders:enter"), entry(**change))
    assert (answer.status_code, Order.objects.count()) == (422, 0)
    assert message in answer.content.decode()


def test_a_discount_beyond_the_total_and_a_used_slip_number_are_refused(sato: Client) -> None:
    refused = sato.post(reverse("orders:enter"), entry(**{"terms-discount_yen": "9999"}))
    assert (Order.objects.count(), refused.status_code) == (0, 422)
    page = refused.content.decode()
    assert "値引が合計金額より大きくなっています" in page and 'value="9999"' in page  # nothing typed is lost
    for status in (302, 422):
        assert sato.post(reverse("orders:enter"), entry(**{"terms-number": "FAX-1"})).status_code == status
    assert Order.objects.count() == 1


def test_an_entry_sent_twice_is_one_order(sato: Client) -> None:
    for _ in range(2):
        sato.post(reverse("orders:enter"), entry(once="token-1"))
    assert Order.objects.count() == 1


def test_a_built_in_rule_is_set_on_its_page() -> None:
    boss, page = client_of("伊藤"), reverse("orders:check_rule", args=["duplicate"])
    told = {"priority": "5", "owner_role": "受注", "limit_hours": "24"}
    assert boss.post(page, told).status_code == 422
    assert boss.post(page, {**told, "limit_days": "7"}).status_code == 302
    setting = HoldRule.objects.get(code="duplicate")
    assert (setting.is_enabled, setting.limit_days) == (False, 7)


def test_a_change_is_decided_on_the_page(sato: Client) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    place(draft("A-1", ("TEA-001", 1, 1080), customer_note="置き配希望"))
    assert "置き配希望" in get(sato, "detail", order.number)
    post(sato, "decide_change", order.changes.get().pk, decision="accept")
    assert Order.objects.get(pk=order.pk).customer_note == "置き配希望"


def test_money_to_give_back_is_shown_until_it_is_noted(sato: Client) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    post(sato, "cancel", order.number, reason="お客様都合")
    assert "代金をお返ししてください" in get(sato, "detail", order.number)
    post(sato, "note_refunded", order.number, note="11/25 振込")
    assert "代金をお返ししてください" not in get(sato, "detail", order.number)


def test_orders_that_could_go_together_are_shown(sato: Client) -> None:
    cup = cast.sku("CUP-001", pieces=3)
    first = place(draft("A-1", ("TEA-001", 1, 1080)))
    second = place(draft("A-2", ("CUP-001", 1, 1650)))
    assert cup and second.number in get(sato, "detail", first.number)
    assert first.number in get(sato, "detail", second.number)


def test_a_number_nobody_has_is_not_found(sato: Client) -> None:
    assert sato.get("/office/orders/SO-2026-999999/").status_code == 404


def test_a_customers_page_shows_what_was_bought_and_leads_to_all_of_it(sato: Client) -> None:
    first, second, dropped = (
        place(draft(no, ("TEA-001", count, 1080))) for no, count in (("C-1", 1), ("C-2", 2), ("C-3", 1))
    )
    services.cancel(dropped.pk, reason="お客様の都合", by=None)
    bought = queries.bought_by(first.customer_id or 0)
    assert (bought.orders, bought.total_yen) == (2, 3240)
    number = first.customer.number if first.customer else ""
    page = sato.get(f"/office/customers/{number}/").content.decode()
    assert all(one.number in page for one in (first, second, dropped)) and "2 回" in page
    place(draft("D-1", buyer=somebody("見本 太郎")))
    listed = get(sato, "list", query=f"?f.customer={number}")
    assert listed.count("/office/orders/SO-") >= 3 and "見本 太郎" not in listed
