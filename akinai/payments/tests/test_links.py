"""決済リンク: from the order's page to the buyer's card, and nobody pays twice or for nothing."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.orders import services as orders
from akinai.payments import services
from akinai.payments.models import ProviderCall
from akinai.payments.services.link_addresses import url_of
from akinai.payments.tests.factories import again, broken
from akinai.payments.tests.providers import card_order, fresh, held, linked, use_twin
from akinai.payments.tests.screens import client_of, get, plain, post, said
from tests import cast

pytestmark = pytest.mark.django_db


def public() -> Client:
    return Client(headers={"host": "localhost"})


def path(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url)


def test_without_a_provider_no_link_can_be_sent() -> None:
    with pytest.raises(DomainError, match="決済会社が設定されていません"):
        services.send_link(card_order().pk, kind="card", by=None)


def test_the_twin_takes_no_notice_of_anybody_while_it_is_not_in_use() -> None:
    assert public().post("/webhooks/null/", b"{}", content_type="application/json").status_code == 404
    assert public().get("/pay/demo/abc/").status_code == 404


def test_a_clerk_sends_a_link_from_the_order_and_the_buyer_gets_it_by_mail() -> None:
    use_twin()
    order = card_order()
    page = get(client_of("佐藤"), "orders:detail", order.number)
    assert "¥1,080 の決済リンクを送る" in page
    answer = post(
        client_of("佐藤"), "payments:send_link", order.pk, kind="card", to="aoki@example.com", days="3"
    )
    made = order.payment_requests.get()
    assert said(answer) == f"{made.number} の決済リンクを aoki@example.com に送ります。"
    letter = OutgoingMail.objects.get(key=f"payment_link:{made.number}:1")
    assert (letter.to, url_of(made) in letter.body, "¥1,080" in letter.body) == (
        "aoki@example.com",
        True,
        True,
    )
    assert (made.state, made.door, made.is_live) == ("requested", "null", False)
    assert (made.expires_on - clock.today()).days == 3  # type: ignore[operator]


def test_who_may_not_add_payments_sends_no_link() -> None:
    use_twin()
    order = card_order()
    for name in ("高橋", "部外者"):
        assert (
            post(
                client_of(name), "payments:send_link", order.pk, kind="card", to="a@example.com", days="3"
            ).status_code
            == 403
        )
    assert not order.payment_requests.exists()


def test_the_buyer_goes_from_the_mail_to_the_card_page_and_the_order_may_ship() -> None:
    order = card_order()
    made = linked(order)
    link, visitor = path(url_of(made)), public()
    assert "¥1,080" in visitor.get(link).content.decode()
    shown = visitor.post(link)
    assert shown.status_code == 302 and shown["Location"].startswith("/pay/demo/")
    assert "お金は動きません" in visitor.get(shown["Location"]).content.decode()
    back = visitor.post(shown["Location"], {"choice": "pay"})
    services.handle_webhooks()
    assert "お支払いのお手続きを承りました" in visitor.get(path(back["Location"])).content.decode()
    assert (fresh(made).state, again(order).state, again(order).payment_settled) == (
        "authorised",
        "ready",
        True,
    )
    assert visitor.get(link).status_code == 302  # nothing more to pay here
    assert broken() == []


def test_a_declined_card_leaves_the_link_open_for_another_one() -> None:
    order = card_order()
    made = linked(order)
    link, visitor = path(url_of(made)), public()
    visitor.post(visitor.post(link)["Location"], {"choice": "declined"})
    services.handle_webhooks()
    assert "前回のお支払いは通りませんでした" in visitor.get(link).content.decode()
    assert (fresh(made).state, again(order).state) == ("requested", "awaiting_payment")
    visitor.post(visitor.post(link)["Location"], {"choice": "pay"})
    services.handle_webhooks()
    assert fresh(made).state == "authorised"


def test_a_link_that_nobody_signed_or_whose_days_are_over_opens_nothing() -> None:
    made = linked(card_order())
    link = path(url_of(made))
    assert public().get(link[:-3] + "AA/").status_code == 404
    late = timezone.make_aware(datetime(2030, 1, 1, 9))
    with clock.told(late):
        response = public().post(link)
    assert (response.status_code, "期限が過ぎました" in response.content.decode()) == (410, True)


def test_a_link_is_closed_when_the_order_is_cancelled_or_costs_something_else() -> None:
    first, second = card_order("C-1"), card_order("C-2", 2160)
    cancelled, altered = linked(first), linked(second)
    orders.cancel(first.pk, reason="お客様都合", by=None)
    second.total_yen = 1080
    second.save(update_fields=["total_yen"])
    for made, word in ((cancelled, "取り消されています"), (altered, "金額が変わりました")):
        assert word in public().get(path(url_of(made))).content.decode()
        with pytest.raises(DomainError):
            services.open_page(fresh(made))


def test_opening_the_page_twice_asks_the_provider_with_one_key() -> None:
    made = linked(card_order())
    same, other = fresh(made), fresh(made)
    services.open_page(same)
    services.open_page(other)  # saw nothing of the first: asks with the same key, and gets the same page
    assert fresh(made).pages == 0 and fresh(made).page_ref.startswith("cs_demo_")


def test_a_new_link_is_refused_while_one_is_open_and_allowed_after_it_was_taken_back() -> None:
    order = card_order()
    made = linked(order)
    with pytest.raises(DomainError, match="進行中の決済"):
        services.send_link(order.pk, kind="card", by=None)
    services.stop(made, note="金額の間違い", by=None)
    assert fresh(made).state == "cancelled"
    assert services.send_link(order.pk, kind="card", by=None).state == "requested"


def test_the_mail_goes_once_more_on_request_and_never_without_an_address() -> None:
    made = linked(card_order())
    assert services.mail_link(made, by=None) is False  # the first one still waits
    OutgoingMail.objects.update(state="sent")
    assert services.mail_link(made, by=None) is True
    with pytest.raises(DomainError, match="メールアドレスがありません"):
        services.mail_link(made, to="なし", by=None)


def test_a_real_provider_needs_the_shops_public_address(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_live_x", "whsec_x"
    order = card_order()
    with pytest.raises(DomainError, match="AKINAI_PUBLIC_URL"):
        services.send_link(order.pk, kind="card", by=None)
    assert not order.payment_requests.exists()
    settings.PUBLIC_URL = "https://shop.example.jp"
    made = services.send_link(order.pk, kind="card", by=None)
    assert url_of(made).startswith("https://shop.example.jp/pay/")
    assert (made.door, made.is_live) == ("stripe", True)


def test_a_visitor_may_open_a_link_only_so_often() -> None:
    link = path(url_of(linked(card_order())))
    visitor = public()
    answers = [visitor.get(link).status_code for _ in range(41)]
    assert (answers[0], answers[39], answers[40]) == (200, 200, 429)


def test_the_pages_of_buyers_are_not_kept_by_anybody() -> None:
    response = public().get(path(url_of(linked(card_order()))))
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store", "noindex")
    assert "https://checkout.stripe.com" in response["Content-Security-Policy"]
    assert "aoki@example.com" not in response.content.decode() and "青木" not in response.content.decode()


def test_the_settings_page_shows_no_key_and_lets_the_manager_stop_a_provider(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_geheim", "whsec_geheim"
    settings.PUBLIC_URL = "https://shop.example.jp"
    page = get(client_of("鈴木"), "payments:providers")
    assert "https://shop.example.jp/webhooks/stripe/" in page and "テスト用" in page and "geheim" not in page
    post(client_of("伊藤"), "payments:switch_provider", "stripe")
    assert services.kinds_in_use() == []
    assert post(client_of("佐藤"), "payments:switch_provider", "stripe").status_code == 403


def test_the_request_page_shows_its_story_and_asks_the_provider() -> None:
    made = held(linked(card_order()))
    page = plain(get(client_of("鈴木"), "payments:request", made.number))
    assert "与信済" in page and "試験用・お金は動きません" in page and "売上を確定する" in page
    post(client_of("鈴木"), "payments:move_request", made.number, "cancel", note="在庫なし")
    assert ProviderCall.objects.get(request=made).verb == "release"
    assert made.number in get(client_of("鈴木"), "payments:calls")


def test_a_buyer_of_a_mall_is_not_led_out_of_it() -> None:
    use_twin()
    cast.sku("TEA-M", pieces=5)
    order = cast.place(cast.draft("M-1", ("TEA-M", 1, 1080), payment="bank_transfer", payment_settled=False))
    assert "決済リンク" not in get(client_of("佐藤"), "orders:detail", order.number)
    with pytest.raises(DomainError, match="モールの外"):
        services.send_link(order.pk, kind="card", by=None)


def test_who_was_asked_for_a_transfer_and_pays_by_card_has_a_card_order() -> None:
    order = card_order(payment="bank_transfer")
    held(linked(order))
    assert (again(order).payment, again(order).state) == ("card", "ready")
    assert broken() == []
