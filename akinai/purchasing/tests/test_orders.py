"""発注書: written, approved by a second person above the limit, sent once, chased, cancelled in part; what was asked stands still."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from akinai.core import clock, events, paper_store, proofs
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from akinai.core.models import OutgoingMail
from akinai.purchasing.models import PurchaseOrder
from akinai.purchasing.queries import orders as queries
from akinai.purchasing.services import ordering, sending, tell_terms
from akinai.purchasing.services.ordering import OrderLineInput
from akinai.purchasing.tests import factories
from akinai.stock import ports as stock_ports
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db
MONDAY = timezone.make_aware(datetime(2026, 11, 16, 10, 0))


def broken() -> list[str]:
    return [finding.name for finding in proofs.run_all() if finding.broken]


def test_an_order_takes_code_and_price_of_the_day_from_the_suppliers_list() -> None:
    tea, cup, seller = cast.sku("TEA"), cast.sku("CUP", rate=10), factories.supplier()
    factories.sells(seller, tea, "512.25", code="T-77")
    lines = [OrderLineInput(tea, 12), OrderLineInput(cup, 2, Decimal(300))]
    made = ordering.create_order(supplier_id=seller.pk, lines=lines, by=None)
    rows = list(made.lines.values_list("supplier_code", "quantity", "unit_cost", "tax_rate"))
    assert rows == [("T-77", 12, Decimal("512.25"), 8), ("", 2, Decimal(300), 10)]
    assert made.net_yen == 6747 and made.number.startswith("PO-")


def test_goods_without_any_price_are_not_ordered_blindly() -> None:
    tea, seller = cast.sku("TEA"), factories.supplier()
    with pytest.raises(DomainError, match="TEA の仕入単価が分かりません"):
        ordering.create_order(supplier_id=seller.pk, lines=[OrderLineInput(tea, 1)], by=None)
    assert not PurchaseOrder.objects.exists()


def test_a_small_order_needs_no_second_person_a_large_one_does() -> None:
    factories.company(limit=10_000)
    tea, seller, ito, tanaka = cast.sku("TEA"), factories.supplier(), cast.staff("伊藤"), cast.staff("田中")
    small = factories.order(seller, (tea, 10, "1000"), by=tanaka)
    assert ordering.submit(small, by=tanaka).state == "approved"
    large = factories.order(seller, (tea, 10, "1000.1"), by=tanaka)
    assert ordering.submit(large, by=tanaka).state == "waiting_approval"
    with pytest.raises(ImpossibleMove):
        sending.send(large, by=tanaka)
    with pytest.raises(DomainError, match="別の人が承認"):
        ordering.approve(large, by=tanaka)
    assert PurchaseOrder.objects.get(pk=large.pk).state == "waiting_approval"
    assert ordering.approve(large, by=ito).state == "approved"
    assert broken() == []


def test_who_submitted_anothers_order_does_not_approve_it() -> None:
    factories.company(limit=0)
    tea, seller, ito, tanaka = cast.sku("TEA"), factories.supplier(), cast.staff("伊藤"), cast.staff("田中")
    made = factories.order(seller, (tea, 1, "100"), by=tanaka)
    ordering.submit(made, by=ito)
    for person in (ito, tanaka):
        with pytest.raises(DomainError, match="別の人"):
            ordering.approve(made, by=person)


def test_the_database_itself_refuses_a_large_order_that_nobody_else_approved() -> None:
    factories.company(limit=1_000)
    tea, seller, tanaka = cast.sku("TEA"), factories.supplier(), cast.staff("田中")
    made = factories.order(seller, (tea, 10, "1000"), by=tanaka)
    ordering.submit(made, by=tanaka)
    rows = PurchaseOrder.objects.filter(pk=made.pk)
    for change, word in (
        ({"state": "approved"}, "po_large_ones_are_approved"),
        ({"state": "approved", "approved_by": tanaka}, "po_approved_by_another"),
        ({"limit_yen": None}, "stands still"),
        ({"net_yen": 1}, "stands still"),
    ):
        with pytest.raises((IntegrityError, DatabaseError), match=word), transaction.atomic():
            rows.update(**change)


def test_what_was_asked_for_stands_still_once_it_left_the_draft() -> None:
    factories.company()
    tea, seller = cast.sku("TEA"), factories.supplier()
    made = factories.order(seller, (tea, 3, "100"))
    ordering.submit(made, by=None)
    with pytest.raises(ImpossibleMove, match="直せません"):
        ordering.rewrite_order(made, lines=[OrderLineInput(tea, 30, Decimal(1))], by=None)
    for change in (
        lambda: made.lines.update(quantity=30), lambda: made.lines.update(unit_cost=1), lambda: made.lines.all().delete(),
        lambda: made.lines.create(line_no=2, sku_id=cast.sku("CUP"), quantity=1, unit_cost=1, tax_rate=8),
        lambda: PurchaseOrder.objects.filter(pk=made.pk).delete(),
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match=r"stand still|not deleted"), transaction.atomic():
            change()
    draft = factories.order(seller, (tea, 3, "100"))
    with pytest.raises(DatabaseError, match="its lines say"), transaction.atomic():
        PurchaseOrder.objects.filter(pk=draft.pk).update(state="approved", net_yen=1)


def test_an_order_sent_back_loses_its_approval_and_can_be_rewritten() -> None:
    factories.company(limit=100)
    tea, seller, ito = cast.sku("TEA"), factories.supplier(), cast.staff("伊藤")
    made = factories.order(seller, (tea, 3, "100"))
    ordering.submit(made, by=None)
    ordering.approve(made, by=ito)
    with pytest.raises(DomainError, match="理由"):
        ordering.send_back(made, reason=" ", by=ito)
    ordering.send_back(made, reason="数が多い", by=ito)
    rewritten = ordering.rewrite_order(made, lines=[OrderLineInput(tea, 1, Decimal(100))], by=None)
    assert (rewritten.state, rewritten.net_yen, rewritten.approved_by, rewritten.limit_yen) == (
        "draft",
        100,
        None,
        None,
    )


def test_sending_keeps_the_paper_and_queues_one_mail() -> None:
    factories.company()
    tea, seller = cast.sku("TEA"), factories.supplier()
    factories.sells(seller, tea, "500", code="T-1", supplier_name="上煎茶")
    made = factories.order(seller, (tea, 12, "500"), due_on=date(2099, 1, 1))
    ordering.submit(made, by=None)
    with clock.told(MONDAY):
        done = sending.send(made, by=None)
    assert (done.state, done.ordered_on, done.reply_by) == ("sent", date(2026, 11, 16), date(2026, 11, 18))
    letter = OutgoingMail.objects.get()
    assert (letter.to, letter.key) == ("s1@example.jp", f"po:{made.number}:1")
    assert made.number in letter.subject and "¥6,000" in letter.body and "2026/11/18" in letter.body
    assert paper_store.read(done.pdf_sha256).startswith(b"%PDF")
    assert not sending.send_again(done, by=None), "the first one still waits"


def test_an_order_without_an_address_is_not_marked_as_sent() -> None:
    factories.company()
    tea, seller = cast.sku("TEA"), factories.supplier(email="")
    made = factories.order(seller, (tea, 1, "500"))
    ordering.submit(made, by=None)
    with pytest.raises(DomainError, match="メールアドレスがありません"):
        sending.send(made, by=None)
    assert PurchaseOrder.objects.get(pk=made.pk).state == "approved"
    assert sending.send(made, by_mail=False, by=None).state == "sent"
    assert OutgoingMail.objects.count() == 0


def test_what_got_no_reply_is_listed_and_chased_once_a_day() -> None:
    factories.company()
    tea, seller = cast.sku("TEA"), factories.supplier()
    tell_terms(seller.pk, by=None, reply_days=1)
    with clock.told(MONDAY):
        made = factories.sent(seller, (tea, 1, "500"))
        assert not PurchaseOrder.objects.filter(queries.without_reply()).exists()
    with clock.told(MONDAY + timedelta(days=2)):
        assert PurchaseOrder.objects.get(queries.without_reply()) == made
        sending.chase(made, by=None)
        assert not PurchaseOrder.objects.filter(queries.without_reply()).exists()
        with pytest.raises(DomainError, match="今日もう催促"):
            sending.chase(made, by=None)
    assert OutgoingMail.objects.filter(key__startswith="po-chase:").count() == 1
    ordering.confirm(made, promised_on=date(2026, 12, 1), supplier_order_no="J-9", by=None)
    with pytest.raises(DomainError, match="返事を待っていません"):
        sending.chase(made, by=None)


def test_an_order_whose_mail_did_not_leave_stands_among_those_without_a_reply() -> None:
    factories.company()
    tea, seller = cast.sku("TEA"), factories.supplier()
    with clock.told(MONDAY):
        made = factories.sent(seller, (tea, 1, "500"))
        sending.on_mail_given_up(key=f"po:{made.number}:1")
    with clock.told(MONDAY + timedelta(days=1)):
        assert PurchaseOrder.objects.filter(queries.without_reply()).count() == 1
    assert "mail.given_up" in events._handlers


def test_the_rest_of_an_order_is_cancelled_line_by_line_or_whole() -> None:
    factories.company()
    tea, cup, seller = cast.sku("TEA"), cast.sku("CUP"), factories.supplier()
    made = factories.sent(seller, (tea, 10, "500"), (cup, 4, "100"))
    line = made.lines.get(sku=tea)
    ordering.cancel_rest_of_line(line, quantity=4, reason="欠品", by=None)
    assert [(one.sku_id, one.quantity) for one in queries.incoming([tea, cup])] == [(tea, 6), (cup, 4)]
    # The stock room hears of it through its port, and promises nothing beyond it.
    told = [(one.sku_id, one.pieces, one.document) for one in stock_ports.incoming([tea, cup])]
    assert told == [(tea, 6, made.number), (cup, 4, made.number)]
    with pytest.raises(DomainError, match="7 点ありません"):
        ordering.cancel_rest_of_line(line, quantity=7, reason="欠品", by=None)
    ordering.close(made, reason="廃番", by=None)
    assert queries.incoming([tea, cup]) == []
    assert list(made.lines.values_list("cancelled", flat=True)) == [10, 4]
    assert broken() == []


def test_the_backlog_counts_what_is_still_to_come() -> None:
    factories.company()
    tea, seller = cast.sku("TEA"), factories.supplier()
    made = factories.sent(seller, (tea, 10, "500"))
    factories.order(seller, (tea, 5, "500"))
    assert queries.on_order([tea]) == {tea: 15}
    ordering.confirm(made, promised_on=date(2026, 12, 1), by=None)
    (row,) = queries.backlog()
    assert (row.left, row.expected_on) == (10, date(2026, 12, 1))
    ordering.cancel(made, reason="やめた", by=None)
    assert queries.on_order([tea]) == {tea: 5}


@pytest.mark.django_db(transaction=True)
def test_two_clerks_sending_one_order_send_one_mail() -> None:
    factories.company()
    tea, seller = cast.sku("TEA"), factories.supplier()
    made = factories.order(seller, (tea, 1, "500"))
    ordering.submit(made, by=None)
    answers = together(*[lambda: sending.send(PurchaseOrder.objects.get(pk=made.pk), by=None)] * 3)
    assert sum(isinstance(answer, ImpossibleMove) for answer in answers) == 2
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_order_rewritten_while_it_is_submitted_is_never_passed_with_another_sum() -> None:
    factories.company(limit=1_000)
    tea, seller = cast.sku("TEA"), factories.supplier()
    for _ in range(5):
        made = factories.order(seller, (tea, 1, "500"))
        together(
            lambda made=made: ordering.submit(PurchaseOrder.objects.get(pk=made.pk), by=None),
            lambda made=made: ordering.rewrite_order(
                made, lines=[OrderLineInput(tea, 9, Decimal(500))], by=None
            ),
        )
        made.refresh_from_db()
        said = int(sum(line.amount for line in made.lines.all()))
        assert made.net_yen == said
        assert (made.state == "approved") == (said <= 1_000) or made.state == "draft"
    assert broken() == []


@pytest.mark.django_db(transaction=True)
def test_two_clerks_cancelling_the_same_rest_cancel_it_once() -> None:
    factories.company()
    tea, seller = cast.sku("TEA"), factories.supplier()
    line = factories.sent(seller, (tea, 10, "500")).lines.get()
    answers = together(*[lambda: ordering.cancel_rest_of_line(line, quantity=6, reason="欠品", by=None)] * 2)
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    line.refresh_from_db()
    assert line.cancelled == 6


def test_the_slower_of_two_clerks_overwrites_no_order() -> None:
    tea, seller = cast.sku("TEA"), factories.supplier()
    made = factories.order(seller, (tea, 1, "500"))
    ordering.rewrite_order(made, lines=[OrderLineInput(tea, 2, Decimal(500))], version=1, by=None)
    with pytest.raises(ChangedMeanwhile):
        ordering.rewrite_order(made, lines=[OrderLineInput(tea, 3, Decimal(500))], version=1, by=None)
    with pytest.raises(ChangedMeanwhile):
        ordering.submit(made, version=1, by=None)


def test_an_order_goes_through_its_pages(client: Client) -> None:
    factories.company(limit=1_000)
    cast.sku("TEA")
    seller = factories.supplier()
    client.force_login(cast.staff("田中"), backend="akinai.staff.backends.StaffBackend")
    told = {"supplier": seller.pk, "location": "MAIN", "lines": "TEA\t5\t500", "due_on": "2099-01-01"}
    assert client.get("/office/purchase-orders/new/").status_code == 200
    assert client.post("/office/purchase-orders/new/", told | {"lines": "TEA 5"}).status_code == 422
    assert "TEA" in client.post("/office/purchase-orders/look/", told).content.decode()
    assert client.post("/office/purchase-orders/new/", told).status_code == 302
    made = PurchaseOrder.objects.get()
    page = f"/office/purchase-orders/{made.number}/"
    assert client.post(f"{page}edit/", told | {"lines": "TEA\t6\t500", "version": 1}).status_code == 302
    client.post(f"{page}submit/", {"version": 2})
    assert "承認を待っています" in client.get(page).content.decode()
    client.post(f"{page}approve/")
    made.refresh_from_db()
    assert made.state == "waiting_approval"
    client.force_login(cast.staff("伊藤"), backend="akinai.staff.backends.StaffBackend")
    client.post(f"{page}approve/")
    assert client.post(f"{page}send/", {"to": "s1@example.jp"}).status_code == 302
    client.post(f"{page}confirm/", {"promised_on": "2099-01-02", "supplier_order_no": "J-1"})
    made.refresh_from_db()
    assert (made.state, made.promised_on, made.supplier_order_no) == ("confirmed", date(2099, 1, 2), "J-1")
    for path in (
        page,
        f"{page}pdf/",
        "/office/purchase-orders/",
        "/office/purchase-orders/backlog/",
        f"/office/purchase-orders/?q={made.number}",
        "/office/purchase-orders/?tab=late",
    ):
        assert client.get(path).status_code == 200
    client.post(f"{page}end/cancel/", {"reason": "やめた"})
    made.refresh_from_db()
    assert made.state == "cancelled"
    assert client.post(f"{page}end/other/", {"reason": "x"}).status_code == 404


def test_the_warehouse_sees_orders_but_does_not_approve_them(client: Client) -> None:
    factories.company(limit=0)
    tea, seller = cast.sku("TEA"), factories.supplier()
    made = factories.order(seller, (tea, 1, "500"))
    ordering.submit(made, by=None)
    client.force_login(cast.staff("高橋"), backend="akinai.staff.backends.StaffBackend")
    page = f"/office/purchase-orders/{made.number}/"
    assert client.get(page).status_code == 200
    assert client.post(f"{page}approve/").status_code == 403
    client.force_login(cast.staff("部外者"), backend="akinai.staff.backends.StaffBackend")
    assert client.get(page).status_code == 403


def test_the_list_costs_a_constant_number_of_queries(
    client: Client, django_assert_max_num_queries: object
) -> None:
    tea, seller = cast.sku("TEA"), factories.supplier()
    for _ in range(12):
        factories.order(seller, (tea, 1, "500"))
    client.force_login(cast.staff("田中"), backend="akinai.staff.backends.StaffBackend")
    client.get("/office/purchase-orders/")
    for path in ("purchase-orders/", "purchase-orders/backlog/", "supplier-items/"):
        with django_assert_max_num_queries(6):  # type: ignore[operator]
            client.get(f"/office/{path}")
