"""補償: given once, never above what may be given, above the limit only by two, and taken back by reversal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from akinai.core import proofs
from akinai.core.errors import DomainError
from akinai.orders.models import Order, OrderLine
from akinai.staff.models import Staff
from akinai.support import compensation_ports as ports
from akinai.support import services
from akinai.support.complaint_forms import CompensationForm
from akinai.support.models import (
    Compensation,
    CompensationAllowance,
    CompensationEntry,
    Ticket,
)
from akinai.support.services import compensation, complaints
from akinai.support.tests.complaints import LIMIT, Kept, client, complaint, present
from akinai.support.tests.letters import letter
from tests.cast import staff
from tests.planting import behind_the_triggers
from tests.together import overlapping

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("way")]


def test_up_to_the_limit_it_is_carried_out_at_once_and_stands_in_ledger_and_thread(
    kato: Staff, way: Kept
) -> None:
    made = complaint(kato)
    done = compensation.ask(made, present(LIMIT), by=kato)
    assert (done.state, [one.yen for one in way.carried]) == ("done", [LIMIT])
    assert list(CompensationEntry.objects.values_list("yen", "document")) == [(LIMIT, f"DOC-{done.number}")]
    said = made.ticket.messages.filter(direction="act").latest("pk")
    assert said.data == {
        "complaint": made.number, "compensation": done.number, "kind": "points", "yen": LIMIT, "document": f"DOC-{done.number}",
    }  # fmt: skip
    assert compensation.ask(made, present(LIMIT), by=kato) == done  # the form sent twice
    assert len(way.carried) == 1


def test_above_the_limit_a_second_person_approves_and_never_who_asked(
    kato: Staff, ito: Staff, way: Kept
) -> None:
    asked = compensation.ask(complaint(kato), present(LIMIT + 1), by=kato)
    assert (asked.state, way.carried) == ("waiting", [])
    with pytest.raises(DomainError, match="別の人が承認"):
        compensation.approve(asked, by=kato)
    with pytest.raises(IntegrityError, match="compensation_large_seen_by_another"), transaction.atomic():
        Compensation.objects.filter(pk=asked.pk).update(state="done", approved_by=kato)
    done = compensation.approve(asked, by=ito)
    assert (done.state, done.approved_by, len(way.carried)) == ("done", ito, 1)


def test_splitting_does_not_pass_the_limit(kato: Staff) -> None:
    made = complaint(kato)
    assert compensation.ask(made, present(2000, "a"), by=kato).state == "done"
    assert compensation.ask(made, present(1001, "b"), by=kato).state == "waiting"


def test_while_one_waits_there_is_no_second(kato: Staff) -> None:
    made = complaint(kato)
    compensation.ask(made, present(5000, "a"), by=kato)
    with pytest.raises(DomainError, match="承認待ちの補償があります"):
        compensation.ask(made, present(10, "b"), by=kato)


def test_never_more_than_the_order_came_to_nor_more_presents_than_the_shop_gives(
    kato: Staff, ito: Staff
) -> None:
    made = complaint(kato)
    linked = made.ticket.order_links.get().order_id
    compensation.ask(made, present(600, "a", "refund", order_id=linked), by=kato)
    with pytest.raises(DomainError, match="あと 480 円まで"):
        compensation.ask(made, present(481, "b", "reship", order_id=linked), by=kato)
    compensation.ask(made, present(480, "c", "discount", order_id=linked), by=kato)
    with pytest.raises(DomainError, match="あと 10,000 円まで"):
        compensation.ask(made, present(10_001, "d"), by=kato)
    allowance = CompensationAllowance.objects.get(key=f"order:{linked}")
    assert (allowance.given_yen, allowance.most_yen) == (1080, 1080)
    with pytest.raises(IntegrityError, match="allowance_never_above_most"), transaction.atomic():
        CompensationAllowance.objects.filter(pk=allowance.pk).update(given_yen=1081)


def test_reversal_answers_with_the_opposite_row_frees_the_room_and_happens_once(
    kato: Staff, ito: Staff
) -> None:
    made = complaint(kato)
    done = compensation.ask(made, present(2000), by=kato)
    compensation.reverse(done, reason="間違い", by=kato)
    assert list(CompensationEntry.objects.order_by("pk").values_list("yen", flat=True)) == [2000, -2000]
    assert CompensationAllowance.objects.get().given_yen == 0
    with pytest.raises(DomainError, match="取消済"):
        compensation.reverse(done, reason="もう一度", by=ito)
    assert CompensationEntry.objects.count() == 2


def test_a_large_one_is_taken_back_by_somebody_else(kato: Staff, ito: Staff) -> None:
    asked = compensation.ask(complaint(kato), present(5000), by=kato)
    compensation.approve(asked, by=ito)
    with pytest.raises(DomainError, match="別の人"):
        compensation.reverse(asked, reason="間違い", by=kato)
    assert compensation.reverse(asked, reason="間違い", by=ito).state == "reversed"


def test_what_the_room_refuses_leaves_nothing(kato: Staff, ito: Staff, way: Kept) -> None:
    made = complaint(kato)
    way.refusal = "請求書がありません。"
    with pytest.raises(DomainError, match="請求書がありません"):
        compensation.ask(made, present(100), by=kato)
    assert not Compensation.objects.exists() and not CompensationAllowance.objects.exists()
    waiting = compensation.ask(made, present(5000, "b"), by=kato)
    with pytest.raises(DomainError, match="請求書がありません"):
        compensation.approve(waiting, by=ito)
    assert Compensation.objects.get().state == "waiting"
    compensation.refuse(waiting, reason="出せない", by=ito)
    assert CompensationAllowance.objects.get().given_yen == 0


def found_broken() -> dict[str, int]:
    return {one.name: len(one.broken) for one in proofs.run_all("compensations") if one.broken}


def test_an_allowance_that_disagrees_is_found(kato: Staff) -> None:
    compensation.ask(complaint(kato), present(100), by=kato)
    assert found_broken() == {}
    CompensationAllowance.objects.update(given_yen=99)
    assert found_broken() == {"compensations_fill_their_allowances": 1}
    CompensationAllowance.objects.update(given_yen=100)
    with behind_the_triggers("support_compensationentry") as cursor:
        cursor.execute("DELETE FROM support_compensationentry")
    assert found_broken() == {"compensations_stand_in_their_ledger": 1}


def test_ledger_and_request_stand_still(kato: Staff) -> None:
    done = compensation.ask(complaint(kato), present(100), by=kato)
    entry = CompensationEntry.objects.get()
    for change in (
        lambda: CompensationEntry.objects.filter(pk=entry.pk).update(yen=1),
        lambda: CompensationEntry.objects.filter(pk=entry.pk).delete(),
        lambda: Compensation.objects.filter(pk=done.pk).update(yen=1),
        lambda: Compensation.objects.filter(pk=done.pk).update(asked_by=staff("伊藤")),
    ):
        with pytest.raises(DatabaseError, match="only grows|stands still"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_give_at_once_do_not_pass_the_limit_together() -> None:
    kato, sato = staff("加藤"), staff("佐藤")
    made = complaint(kato)
    mine = made.ticket.order_links.get().order_id  # money of the order and presents are bounded apart
    answers = overlapping(
        lambda: compensation.ask(made, present(2000, "a"), by=kato),
        lambda: compensation.ask(made, present(1001, "b", "refund", order_id=mine), by=sato),
    )
    assert sorted(one.state for one in answers) == ["done", "waiting"]
    assert CompensationEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tickets_of_one_order_cannot_give_more_than_it_came_to() -> None:
    kato, sato = staff("加藤"), staff("佐藤")
    first = complaint(kato)
    link = first.ticket.order_links.get()
    services.receive(letter("ほかの件です。"))
    second_ticket = Ticket.objects.latest("pk")
    services.link_order(second_ticket, link.order, by=kato)
    second = complaint(sato, second_ticket)
    answers = overlapping(
        lambda: compensation.ask(first, present(800, "a", "refund", order_id=link.order_id), by=kato),
        lambda: compensation.ask(second, present(800, "b", "refund", order_id=link.order_id), by=sato),
    )
    assert sum(isinstance(one, DomainError) for one in answers) == 1
    assert CompensationAllowance.objects.get().given_yen == 800


def test_what_is_asked_for_is_whole_and_for_a_complaint_that_lives(kato: Staff) -> None:
    made = complaint(kato)
    linked = made.ticket.order_links.get().order_id
    for wrong, said in [
        (present(0), "1 円以上"),
        (replace(present(100), reason=" "), "金額か理由がありません"),
        (present(100, kind="refund"), "受注が選ばれていません"),
        (present(100, kind="lunch"), "いまは実行できません"),
    ]:
        with pytest.raises(DomainError, match=said):
            compensation.ask(made, wrong, by=kato)
    Order.objects.filter(pk=linked).update(state="cancelled")
    with pytest.raises(DomainError, match="あと 0 円まで"):
        compensation.ask(made, present(1, kind="refund", order_id=linked), by=kato)
    complaints.withdraw(made, reason="勘違い", by=kato)
    with pytest.raises(DomainError, match="終わっています"):
        compensation.ask(made, present(100), by=kato)
    assert not Compensation.objects.exists() and not CompensationAllowance.objects.filter(given_yen__gt=0)


def test_what_was_given_or_asked_for_the_same_order_elsewhere_counts_to_the_limit(kato: Staff) -> None:
    first = complaint(kato)
    link = first.ticket.order_links.get()
    services.receive(letter("ほかの件です。"))
    other = Ticket.objects.latest("pk")
    services.link_order(other, link.order, by=kato)
    second = complaint(kato, other)
    done = compensation.ask(first, present(2000, "a", order_id=link.order_id), by=kato)
    waiting = compensation.ask(second, present(1001, "b", order_id=link.order_id), by=kato)
    assert (done.state, waiting.state, waiting.before_yen) == ("done", "waiting", 2000)
    assert compensation.ask(first, present(1, "c", order_id=link.order_id), by=kato).state == "waiting"


def test_a_refusal_and_a_reversal_say_why(kato: Staff, ito: Staff) -> None:
    made = complaint(kato)
    waiting = compensation.ask(made, present(5000), by=kato)
    for act in (compensation.refuse, compensation.reverse):
        with pytest.raises(DomainError, match="理由がありません"):
            act(waiting, reason=" ", by=ito)


def test_support_neither_refuses_nor_takes_back_what_the_manager_decides(kato: Staff, ito: Staff) -> None:
    made = complaint(kato)
    asked = compensation.ask(made, present(5000), by=ito)
    elsewhere = complaint(kato, Ticket.objects.create(number="TK-x", source="phone", subject="x", key="x"))
    desk, url = client("加藤"), f"/office/support/complaints/{made.number}/compensations/{asked.pk}"
    wrong = url.replace(made.number, elsewhere.number)
    assert desk.post(f"{wrong}/refuse/", {"reason": "x"}).status_code == 404
    desk.post(f"{url}/refuse/", {"reason": "要らない"})
    assert Compensation.objects.get().state == "waiting"
    compensation.approve(asked, by=staff("鈴木"))
    desk.post(f"{url}/reverse/", {"reason": "要らない"})
    assert Compensation.objects.get().state == "done"


def test_goods_are_asked_for_again_within_one_order_and_a_coupon_by_its_worth(monkeypatch: Any) -> None:
    monkeypatch.setattr(ports, "_offers", [lambda: [ports.Offer("SORRY", "お詫び", 500)]])
    lines = [
        OrderLine(pk=n, order_id=n, quantity=2, name="茶", unit_price_yen=1080, sku_id=n) for n in (1, 2)
    ]
    usual = {"reason": "破損", "key": "k", "kind": "reship"}

    def form(**told: Any) -> CompensationForm:
        orders = [(1, "SO-1"), (2, "SO-2")]
        return CompensationForm(usual | told, lines=lines, orders=orders, has_customer=True)

    assert "1 つの受注ごと" in str(form(line_1=1, line_2=1).errors)
    assert "line_1" in form(line_1=3).errors
    good, coupon = form(line_1=2, yen=1), form(kind="coupon", coupon="SORRY", yen=1)
    assert good.is_valid() and coupon.is_valid()
    assert (good.told().yen, good.told().order_id, coupon.told().yen) == (2160, 1, 500)
    assert not form(kind="coupon", yen=500).is_valid()
    assert not form(kind="refund", order=1, yen=500).is_valid(), "no way of paying back"
