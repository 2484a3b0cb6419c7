"""返品と交換: goods come back, and stock, paper, money, revenue and the replacement tell the same."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akinai.accounting.models import RevenueEntry
from akinai.billing import services as billing
from akinai.billing.models import CreditNote
from akinai.core import clock, events, proofs
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.flows.return_goods import Plan, settle_return, suggested, undo_settlement
from akinai.orders.models import Order
from akinai.payments import services as payments
from akinai.payments.models import CreditBalance, Payment
from akinai.shipping import return_queries
from akinai.shipping import services as shipping
from akinai.shipping.models import ReturnCase, ShipmentLine
from akinai.shipping.services import Asked, Found
from akinai.shipping.services.returning import why_kept
from akinai.stock import queries as stock
from tests.cast import company, draft, level, place, sku, staff
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timezone.make_aware(datetime(2026, 11, 24, 12, 0))


def broken() -> list[str]:
    return [f"{finding.name}: {finding.broken}" for finding in proofs.run_all() if finding.broken]


def bought(no: str = "P-1", **more: Any) -> tuple[Order, Any]:
    """Two teas and a pot, paid by transfer, shipped and invoiced: (order, shipment)."""
    company()
    sku("TEA-1", pieces=10)
    sku("POT-1", pieces=5)
    told = {"payment": "bank_transfer", "payment_settled": False, **more}
    order = place(draft(no, ("TEA-1", 2, 1080), ("POT-1", 1, 5400), **told), channel="phone")
    if not told["payment_settled"] and told["payment"] == "bank_transfer":
        payments.receive_otherwise(
            order_id=order.pk,
            amount_yen=order.total_yen,
            source="cash",
            received_on=DAY.date(),
            key=f"t:{no}",
            by=None,
        )
    shipment = shipping.instruct([order.pk], ship_on=DAY.date(), by=None).shipments.get()
    shipping.ship([shipment.pk], by=None)
    billing.issue_what_can_be([order.pk], by=None)
    order.refresh_from_db()
    return order, shipment


def lines_of(shipment: Any) -> list[ShipmentLine]:
    return list(shipment.lines.order_by("order_line__line_no"))


def ask(shipment: Any, *pieces: int, **more: Any) -> ReturnCase:
    lines = lines_of(shipment)
    return shipping.request_return(
        shipment.pk,
        asked=[Asked(line.pk, n, **more) for line, n in zip(lines, pieces, strict=False)],
        by=None,
    )


def inspected(case: ReturnCase, *found: tuple[str, str, str]) -> ReturnCase:
    shipping.arrive(case, on=DAY.date(), by=None)
    lines = return_queries.lines_of(case)
    pot = stock_id("POT-1")
    told = {
        line.pk: Found(*one, exchange_sku_id=pot if one[2] == "exchange" else None)
        for line, one in zip(lines, found, strict=True)
    }
    return shipping.inspect(case, found=told, by=None)


def stock_id(code: str) -> int:
    return sku(code)


def test_one_tea_is_refunded_and_one_exchanged_in_one_settlement() -> None:
    with clock.told(DAY):
        order, shipment = bought()
        assert (level(stock_id("TEA-1")), level(stock_id("POT-1"))) == ((8, 0), (4, 0))
        case = ask(shipment, 2)
        first = return_queries.lines_of(case)[0]
        shipping.split_line(case, first.pk, pieces=1, by=None)
        inspected(case, ("new", "restock", "refund"), ("damaged", "scrap", "exchange"))
        lines = return_queries.lines_of(case)
        usual = suggested(case, lines)
        assert usual == {lines[0].pk: 1080, lines[1].pk: 1080}
        settle_return(case, plan=Plan({lines[0].pk: 1080}, refund_way="transfer"), by=staff("鈴木"))
        while events.drain():
            pass
    case.refresh_from_db()
    assert (case.state, case.given_back_yen, case.refunded_yen, case.kept_yen) == ("settled", 1080, 1080, 0)
    # One tea is on the shelf again, one was thrown away; a pot is promised to the replacement.
    assert level(stock_id("TEA-1")) == (9, 0)
    assert level(stock_id("POT-1")) == (4, 1)
    moved = stock.entries_of(case.number).order_by("pk").values_list("kind", "quantity")
    assert list(moved) == [("return", 1), ("return", 1), ("adjustment", -1)]
    note = CreditNote.objects.get(number=case.credit_note_no)
    assert (note.total_yen, note.tax_yen, note.order_id) == (1080, 80, order.pk)
    told = Payment.objects.filter(key__startswith=f"return:{case.number}").order_by("pk")
    assert list(told.values_list("source", "amount_yen", "method")) == [
        ("refund", -1080, "transfer"), ("credit_note", 1080, ""),
    ]  # fmt: skip
    order.refresh_from_db()
    assert order.owed_yen == 0
    new = case.reship_order
    assert new is not None
    assert (new.total_yen, new.ship_name, new.invoice_progress) == (0, order.ship_name, "not_needed")
    assert [(line.sku.code, line.quantity, line.unit_price_yen) for line in new.lines.all()] == [
        ("POT-1", 1, 0)
    ]
    assert new.state == "ready"
    assert sum(RevenueEntry.objects.filter(order=order).values_list("gross_yen", flat=True)) == 6480
    assert broken() == []


def test_what_was_not_paid_yet_is_forgiven_before_money_goes_back() -> None:
    with clock.told(DAY):
        order, shipment = bought(payment="cod", payment_label="代引")
        case = inspected(ask(shipment, 0, 1), ("new", "restock", "refund"))
        line = return_queries.lines_of(case)[0]
        settle_return(case, plan=Plan({line.pk: 5400}, refund_way="transfer"), by=None)
    order.refresh_from_db()
    assert (order.owed_yen, order.total_yen) == (2160, 7560)
    assert list(Payment.objects.values_list("source", "amount_yen")) == [("credit_note", 5400)]
    assert broken() == []


def test_money_of_a_return_is_kept_for_the_customer() -> None:
    with clock.told(DAY):
        order, shipment = bought()
        case = inspected(ask(shipment, 1), ("opened", "hold", "credit"))
        settle_return(case, plan=Plan({return_queries.lines_of(case)[0].pk: 800}), by=None)
    assert CreditBalance.objects.get(customer=order.customer).balance_yen == 800
    held = stock.entries_of(case.number).get()
    assert (held.location_id, held.quantity) == (stock.hold_location_id(), 1)
    assert level(stock_id("TEA-1"))[0] in (8, 9)
    assert broken() == []


def test_a_card_order_is_refunded_by_the_mall_and_settles_there() -> None:
    with clock.told(DAY):
        _order, shipment = bought(payment="card", payment_settled=True)
        case = inspected(ask(shipment, 1), ("new", "restock", "refund"))
        settle_return(
            case, plan=Plan({return_queries.lines_of(case)[0].pk: 1080}, refund_way="channel"), by=None
        )
    assert not Payment.objects.exists()
    case.refresh_from_db()
    assert (case.refunded_yen, case.given_back_yen) == (1080, 1080)
    assert broken() == []


def test_no_more_comes_back_than_left() -> None:
    with clock.told(DAY):
        _order, shipment = bought()
        ask(shipment, 2)
        with pytest.raises(DomainError, match="あと 0 点"):
            ask(shipment, 1)
    assert ReturnCase.objects.count() == 1
    assert lines_of(shipment)[0].returned == 2


def test_two_clerks_cannot_take_the_same_box_back_twice() -> None:
    with clock.told(DAY):
        _order, shipment = bought()
    answers = together(lambda: ask(shipment, 2), lambda: ask(shipment, 2))
    assert sorted(type(a).__name__ for a in answers) == ["DomainError", "ReturnCase"]
    assert lines_of(shipment)[0].returned == 2
    assert broken() == []


def test_two_clerks_cannot_settle_one_return_twice() -> None:
    with clock.told(DAY):
        _order, shipment = bought()
        case = inspected(ask(shipment, 1), ("new", "restock", "refund"))
    line = return_queries.lines_of(case)[0]

    def settle() -> ReturnCase:
        return settle_return(ReturnCase.objects.get(), plan=Plan({line.pk: 1080}, refund_way="cash"), by=None)

    answers = together(settle, settle)
    assert sorted(isinstance(a, ImpossibleMove) for a in answers) == [False, True]
    assert CreditNote.objects.count() == 1
    assert level(stock_id("TEA-1")) == (9, 0)
    assert Payment.objects.filter(source="refund").count() == 1
    assert broken() == []


def test_a_refused_settlement_moves_nothing() -> None:
    with clock.told(DAY):
        _order, shipment = bought()
        case = inspected(ask(shipment, 1), ("new", "restock", "refund"))
        with pytest.raises(DomainError):
            settle_return(
                case, plan=Plan({return_queries.lines_of(case)[0].pk: 99_999}, refund_way="cash"), by=None
            )
        with pytest.raises(DomainError, match="返金の方法"):
            case.refresh_from_db()
            settle_return(case, plan=Plan({return_queries.lines_of(case)[0].pk: 1080}), by=None)
    case.refresh_from_db()
    assert case.state == "inspected"
    assert not CreditNote.objects.exists()
    assert not stock.entries_of(case.number).exists()
    assert level(stock_id("TEA-1")) == (8, 0)


def test_an_exchange_without_a_paper_is_taken_back() -> None:
    with clock.told(DAY):
        _order, shipment = bought()
        case = inspected(ask(shipment, 1), ("damaged", "restock", "reship"))
        settle_return(case, plan=Plan(), by=None)
        made = case.reship_order
        assert made is not None
        undo_settlement(case, reason="検品の間違い", by=None)
        case.refresh_from_db()
        made.refresh_from_db()
        assert (case.state, case.reship_order, made.state) == ("inspected", None, "cancelled")
        assert level(stock_id("TEA-1")) == (8, 0)
        settle_return(case, plan=Plan(), by=None)  # and once more
    assert case.reship_order is not None
    assert level(stock_id("TEA-1")) == (9, 1)
    assert broken() == []


def test_refused_pieces_may_be_asked_for_again_and_shipped_goods_stay_shipped_meanwhile() -> None:
    with clock.told(DAY):
        _order, shipment = bought()
        case = ask(shipment, 2)
        assert case.number in why_kept([shipment.order_id])[shipment.order_id]
        with pytest.raises(DomainError):
            shipping.unship([shipment.pk], reason="間違い", by=None)
        shipping.refuse_return(case, reason="期限を過ぎています", by=None)
        again = ask(shipment, 1)
        with pytest.raises(DomainError, match="あと 1 点"):
            shipping.reopen_return(case, by=None)
    assert ReturnCase.objects.get(pk=case.pk).state == "refused"
    assert lines_of(shipment)[0].returned == 1
    assert again.state == "requested"


def test_planted_faults_are_found() -> None:
    with clock.told(DAY):
        _order, shipment = bought()
        case = inspected(ask(shipment, 1), ("new", "restock", "refund"))
        settle_return(
            case, plan=Plan({return_queries.lines_of(case)[0].pk: 1080}, refund_way="cash"), by=None
        )
    assert broken() == []
    ReturnCase.objects.update(given_back_yen=1)
    case.lines.update(quantity=2)
    found = " ".join(broken())
    for name in ("returns_within_what_left", "returned_goods_are_in_stock", "returned_money_is_on_paper"):
        assert name in found


def test_the_way_of_a_return_through_the_screens(client: Client) -> None:
    with clock.told(DAY):
        order, shipment = bought()
        client.force_login(staff("高橋"))
        line = lines_of(shipment)[0]
        page = f"/office/shipments/{shipment.number}/return/"
        assert client.get(page).status_code == 200
        empty = {"requested_on": "2026-11-24", "pays_shipping": "shop"}
        rows = {
            f"{name}{one.pk}": value
            for one in lines_of(shipment)
            for name, value in (("r", "defect"), ("m", "refund"))
        }
        assert client.post(page, {**empty, **rows}).status_code == 422
        assert client.post(page, {**empty, **rows, f"q{line.pk}": "3"}).status_code == 422
        told = {**empty, **rows, f"q{line.pk}": "1", "tracking_no": "1234-5678-9013"}
        assert client.post(page, told).status_code == 302
        case = ReturnCase.objects.get()
        scanned = client.post("/office/returns/scan/", {"code": "123456789013"})
        assert f"{case.number} の到着を登録しました" in scanned.content.decode()
        assert client.post("/office/returns/scan/", {"code": case.number}).status_code == 422
        mine = return_queries.lines_of(case)[0].pk
        wrong = {f"c{mine}": "new", f"o{mine}": "restock", f"m{mine}": "exchange", f"x{mine}": "NIX"}
        answer = client.post(f"/office/returns/{case.number}/inspect/", wrong)
        assert answer.status_code == 422
        assert "「NIX」という商品コード・JANの商品はありません" in answer.content.decode()
        assert (
            client.post(
                f"/office/returns/{case.number}/inspect/", {**wrong, f"m{mine}": "refund", f"x{mine}": ""}
            ).status_code
            == 302
        )
        assert client.get(f"/office/returns/{case.number}/settle/").status_code == 403
        client.force_login(staff("鈴木"))
        settle = f"/office/returns/{case.number}/settle/"
        assert client.get(settle).status_code == 200
        assert client.post(settle, {f"a{mine}": "1080"}).status_code == 422
        done = client.post(
            settle, {f"a{mine}": "1,080", "refund_way": "transfer", "returned_on": "2026-11-24"}
        )
        assert done.status_code == 302
        case.refresh_from_db()
        assert (case.state, CreditNote.objects.get().returned_on) == ("settled", date(2026, 11, 24))
        for address in (f"/office/returns/{case.number}/", "/office/returns/", "/office/returns/?tab=settled&q=青木",
                        f"/office/orders/{order.number}/", f"/office/shipments/{shipment.number}/"):  # fmt: skip
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert case.number in answer.content.decode(), address
        assert client.get("/office/returns/?export=csv").status_code == 200
        client.force_login(staff("部外者"))
        assert client.get("/office/returns/").status_code == 403
        assert client.post(f"/office/returns/{case.number}/arrive/").status_code == 403
