"""お問い合わせ: taken in once, thanked, and ticked off in the office."""

from __future__ import annotations

import pytest
from django.test import Client

from akinai.core.models import OutgoingMail
from akinai.shop.inquiry_forms import stamp
from akinai.shop.models import Inquiry
from tests import cast

pytestmark = pytest.mark.django_db
TYPED = {
    "kind": "goods",
    "name": "青木 美咲",
    "email": "aoki@example.com",
    "text": "贈り物用の箱はありますか。",
}


def earlier_stamp(monkeypatch: pytest.MonkeyPatch, seconds: int) -> str:
    """What a form shown so many seconds ago bears."""
    import time

    now = time.time()
    with monkeypatch.context() as patched:
        patched.setattr(time, "time", lambda: now - seconds)
        return stamp()


@pytest.fixture
def shown_before(monkeypatch: pytest.MonkeyPatch) -> str:
    cast.company()
    return earlier_stamp(monkeypatch, 30)


def test_an_inquiry_sent_twice_is_one_and_is_thanked(client: Client, shown_before: str) -> None:
    for _ in range(2):
        assert client.post("/contact/", TYPED | {"stamp": shown_before}).status_code == 302
    made = Inquiry.objects.get()
    assert made.number.startswith("IQ-") and made.state == "open"
    mail = OutgoingMail.objects.get()
    assert mail.to == "aoki@example.com" and "贈り物用の箱" in mail.body


def test_what_a_machine_fills_in_is_not_kept(
    client: Client, shown_before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        client.post("/contact/", TYPED | {"stamp": shown_before, "homepage": "http://x"}).status_code == 302
    )
    assert (
        client.post("/contact/", TYPED | {"stamp": stamp()}).status_code == 302
    )  # quicker than anybody writes
    old = earlier_stamp(monkeypatch, 7 * 60 * 60)
    assert client.post("/contact/", TYPED | {"stamp": old}).status_code == 422
    assert not Inquiry.objects.exists() and not OutgoingMail.objects.exists()


def test_a_strangers_order_number_ties_no_order(client: Client, shown_before: str) -> None:
    client.post(
        "/contact/", TYPED | {"stamp": shown_before, "order_number": "WEB-2026-000001", "kind": "order"}
    )
    assert Inquiry.objects.get().order is None


def test_the_office_finds_filters_and_ticks_off(client: Client, shown_before: str) -> None:
    client.post("/contact/", TYPED | {"stamp": shown_before})
    made = Inquiry.objects.get()
    client.force_login(cast.staff("佐藤"))
    assert made.number in client.get("/office/shop/inquiries/?q=贈り物").content.decode()
    client.post(f"/office/shop/inquiries/{made.number}/finish/")
    made.refresh_from_db()
    assert made.state == "done" and str(made.done_by) == "佐藤"
    assert (
        f"/office/shop/inquiries/{made.number}/"
        not in client.get("/office/shop/inquiries/?tab=open").content.decode()
    )


def test_a_stranger_sees_no_inquiries(client: Client) -> None:
    client.force_login(cast.staff("部外者"))
    assert client.get("/office/shop/inquiries/").status_code == 403
    assert client.get("/office/shop/checkout/").status_code == 403
