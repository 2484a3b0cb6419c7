"""でたらめな要求: nothing that a browser or a script sends ends in a 500, and nothing of it is written."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from akinai.core.models import Activity
from akinai.orders.models import Order
from tests import cast
from tests.cast import draft, place
from tests.previews import send

pytestmark = pytest.mark.django_db
RUBBISH = [
    "",
    "\0",
    "x\0y",
    "あ" * 5000,
    "-1",
    "９９９",
    "1e9",
    "99999999999999999999",
    "<script>",
    "'; --",
    "\ud800"[:0],
]


@pytest.fixture(autouse=True, scope="module")
def placed(common_ground: None) -> None:
    cast.staff("佐藤")
    cast.sku("TEA-001", pieces=5)
    place(draft("A-1", ("TEA-001", 1, 1080), ("XXX", 1, 500), customer_note="急ぎ", shipping_yen=1))


@pytest.fixture
def sato() -> Client:
    client = Client()
    client.force_login(cast.staff("佐藤"))
    return client


@pytest.fixture
def order() -> Order:
    return Order.objects.get(channel_order_no="A-1")


ACTS = [
    ("release_all", ("note", "hold")), ("hold", ("reason",)), ("cancel", ("reason",)), ("settle", ("note",)),
    ("note_refunded", ("note",)), ("edit_note", ("shop_note", "before")), ("extend_due", ("due_on",)),
    ("drop_repeats", ("keep", "which")),
]  # fmt: skip
FORMS = ["delivery", "payment", "amounts"]


@pytest.mark.parametrize("value", RUBBISH)
@pytest.mark.parametrize("act", ACTS, ids=[name for name, _ in ACTS])
def test_rubbish_in_an_act_is_refused_in_words(sato: Client, order: Order, act: Any, value: str) -> None:
    name, fields = act
    answer = send(sato, reverse(f"orders:{name}", args=[order.number]), dict.fromkeys(fields, value))
    assert answer.status_code == 302


@pytest.mark.parametrize("value", RUBBISH)
def test_rubbish_in_an_answer_is_refused_in_words(sato: Client, order: Order, value: str) -> None:
    issue = order.issues.filter(line_no=2).get()
    hold = order.holds.get()
    for name, pk in (("accept_issue", issue.pk), ("assign_sku", issue.pk), ("correct_line", issue.pk)):
        data = dict.fromkeys(("reason", "sku", "quantity", "unit_price_yen", "from", "skip"), value)
        assert sato.post(reverse(f"orders:{name}", args=[pk]), data).status_code == 302
    assert sato.post(reverse("orders:release", args=[hold.pk]), {"note": value}).status_code == 302
    line = reverse("orders:edit_line", args=[order.number, 1])
    sent = {"quantity": value, "unit_price_yen": value, "was_price": value}
    assert send(sato, line, sent).status_code == 302


def test_an_answer_to_another_kind_of_question_changes_nothing(sato: Client, order: Order) -> None:
    total = order.issues.get(line_no=0)
    for name in ("assign_sku", "create_sku", "correct_line", "take_out_line"):
        data = {"sku": "TEA-001", "quantity": "1", "unit_price_yen": "1"}
        answer = sato.post(reverse(f"orders:{name}", args=[total.pk]), data)
        assert answer.status_code == 302
    total.refresh_from_db()
    assert total.resolved_at is None


@pytest.mark.parametrize("value", RUBBISH)
@pytest.mark.parametrize("form", FORMS)
def test_rubbish_in_a_form_is_shown_again(sato: Client, order: Order, form: str, value: str) -> None:
    before = Activity.objects.count()
    fields = ["name", "kana", "postal_code", "prefecture", "city", "line1", "phone", "delivery_on", "payment",
              "shipping_yen", "reason", "seen", "carrier"]  # fmt: skip
    answer = sato.post(reverse(f"orders:{form}", args=[order.number]), dict.fromkeys(fields, value))
    assert answer.status_code in (302, 422)
    assert Activity.objects.count() == before or answer.status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "/office/orders/%00/", "/office/orders/SO-2026-000001%00/", "/office/orders/desk/?at=%00&skip=%00,",
        "/office/orders/desk/?skip=" + "A," * 4000, "/office/orders/desk/?at=" + "あ" * 300,
        "/office/orders/towns/?code=%00", "/office/orders/goods/?q=%00", "/office/orders/goods/?q=" + "あ" * 500,
        "/office/orders/customers/?q=%00", "/office/orders/customers/?q=" + "あ" * 500,
        "/office/orders/?q=%00&tab=%00&f.state=%00&f.sku=%00&f.total=%00~%00&f.intake=%00&sort=%00&after=%00",
        "/office/orders/" + "あ" * 300 + "/", "/office/orders/issues/99999999999999999999/accept/",
    ],
)  # fmt: skip
def test_no_address_ends_in_a_500(sato: Client, order: Order, address: str) -> None:
    assert sato.get(address).status_code in (200, 400, 404, 405)


@pytest.mark.parametrize("total", ["", "x", "-1", "999999", "\0"])
def test_a_phone_order_with_a_broken_form_is_shown_again(sato: Client, order: Order, total: str) -> None:
    data = {"lines-TOTAL_FORMS": total, "lines-INITIAL_FORMS": "0", "buyer-name": "\0", "terms-payment": "x"}
    assert sato.post(reverse("orders:enter"), data).status_code == 422
    assert Order.objects.count() == 1
