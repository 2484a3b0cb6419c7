"""消去の請求: one asks, another approves, what is open stands in the way, and a job that was broken off goes on where it stopped."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from akinai.core import activity, clock, long_jobs
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.models import Activity, LongJob
from akinai.orders.models import Order
from akinai.party import erasing, merging, services
from akinai.party.models import Customer, ErasurePart, ErasureRequest, Opening
from akinai.party.ports import HOLDERS
from akinai.party.tests.asking import asked
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db


def run(request: ErasureRequest) -> ErasureRequest:
    request.refresh_from_db()
    long_jobs.run(request.job_id)
    request.refresh_from_db()
    return request


def test_nobody_approves_what_he_asked_for_himself(customer: Customer) -> None:
    ito = cast.staff("伊藤")
    mine = asked(customer, by=ito)
    with pytest.raises(erasing.NotErasable, match="自分の請求"):
        erasing.approve(mine, by=ito)
    with pytest.raises(IntegrityError), transaction.atomic():
        ErasureRequest.objects.filter(pk=mine.pk).update(approved_by=ito, approved_at=clock.now())
    assert ErasureRequest.objects.get().state == "asked"


def test_one_request_is_approved_once(customer: Customer) -> None:
    request = asked(customer)
    erasing.approve(request, by=cast.staff("伊藤"))
    with pytest.raises(ChangedMeanwhile):
        erasing.approve(ErasureRequest.objects.get(), by=cast.staff("鈴木"))
    assert LongJob.objects.filter(kind=erasing.CODE).count() == 1
    with pytest.raises(erasing.NotErasable, match="終わっていない"):
        asked(customer)


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_who_approve_at_once_one_begins_the_erasure(customer: Customer) -> None:
    request = asked(customer)
    ito, suzuki = cast.staff("伊藤"), cast.staff("鈴木")
    answers = together(lambda: erasing.approve(request, by=ito), lambda: erasing.approve(request, by=suzuki))
    assert sorted(type(one).__name__ for one in answers) == ["ChangedMeanwhile", "ErasureRequest"]
    assert LongJob.objects.filter(kind=erasing.CODE).count() == 1


def test_an_erased_customer_is_not_written_to_merged_or_taken_apart(customer: Customer) -> None:
    other = cast.place(cast.draft("1009", ("A-1", 1, 1080), buyer=cast.somebody("B"))).customer
    gone = cast.place(cast.draft("1010", ("A-1", 1, 1080), buyer=cast.somebody("C"))).customer
    Order.objects.update(state="completed", paid_yen=1080)
    row = merging.merge(customer, gone, reason="同じお客様", by=cast.staff("伊藤"))
    request = asked(customer)
    erasing.approve(request, by=cast.staff("伊藤"))
    assert run(request).state == "done"
    gone.refresh_from_db()
    customer.refresh_from_db()
    assert (gone.name, gone.email, customer.name) == (erasing.GONE, "", erasing.GONE)
    for act in (
        lambda: merging.merge(other, customer, reason="", by=cast.staff("伊藤")),
        lambda: merging.take_apart(row, reason="別の方", by=cast.staff("伊藤")),
        lambda: services.note_customer(customer, note="青木様", by=cast.staff("伊藤")),
    ):
        with pytest.raises(DomainError, match="消去"):
            act()


def test_an_open_order_stands_in_the_way_and_says_what_to_do(customer: Customer) -> None:
    request = asked(customer)
    opened = cast.place(cast.draft("1002", ("A-1", 1, 1080)))
    with pytest.raises(erasing.NotErasable, match=opened.number):
        erasing.approve(request, by=cast.staff("伊藤"))
    assert [one.url for one in erasing.hindrances(customer)] == [
        reverse("orders:detail", args=[opened.number])
    ]


def test_an_order_that_came_after_the_approval_gives_the_request_back(customer: Customer) -> None:
    request = asked(customer)
    erasing.approve(request, by=cast.staff("伊藤"))
    cast.place(cast.draft("1002", ("A-1", 1, 1080)))
    assert (run(request).state, request.approved_by, request.person) == ("asked", None, {})
    customer.refresh_from_db()
    assert (customer.erased_at, customer.name) == (None, "青木 美咲")


def test_a_broken_room_is_done_again_and_the_others_are_not(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asked(customer)
    erasing.approve(request, by=cast.staff("伊藤"))
    with monkeypatch.context() as broken:
        broken.setattr(HOLDERS["marketing"], "shares", lambda _erasee: 1 / 0)
        run(request)
    assert request.state == "running" and "marketing" not in request.done_rooms
    before = list(ErasurePart.objects.values_list("pk", flat=True))
    erasing.again(request, by=cast.staff("伊藤"))
    assert run(request).state == "done"
    assert list(ErasurePart.objects.filter(pk__in=before).values_list("pk", flat=True)) == before
    customer.refresh_from_db()
    assert (customer.name, customer.email, customer.identity) == (
        erasing.GONE,
        "",
        f"erased:{customer.number}",
    )


def test_a_new_order_of_an_erased_person_is_of_a_new_customer(customer: Customer) -> None:
    request = asked(customer)
    erasing.approve(request, by=cast.staff("伊藤"))
    run(request)
    order = cast.place(cast.draft("1003", ("A-1", 1, 1080)))
    assert order.customer_id != customer.pk
    with pytest.raises(erasing.NotErasable, match="消去済み"):
        asked(Customer.objects.get(pk=customer.pk))


def test_orders_within_the_years_keep_name_and_address_and_older_ones_nothing(customer: Customer) -> None:
    young = Order.objects.get()
    old = cast.place(cast.draft("0900", ("A-1", 1, 1080)))
    Order.objects.filter(pk=old.pk).update(
        state="completed", paid_yen=1080, ordered_at=clock.now().replace(year=clock.now().year - 9)
    )
    request = asked(customer)
    erasing.approve(request, by=cast.staff("伊藤"))
    run(request)
    young.refresh_from_db()
    old.refresh_from_db()
    assert (young.buyer_name, young.ship_line1, young.buyer_phone, young.buyer_email) == (
        "青木 美咲",
        "神宮前4-12-3",
        "",
        "",
    )
    assert (old.buyer_name, old.ship_line1, old.buyer_address, old.total_yen) == (erasing.GONE, "", "", 1080)


def test_histories_are_blanked_once_and_never_rewritten(customer: Customer) -> None:
    activity.record(customer, "note", by=None, summary="青木様の話")
    request = asked(customer)
    erasing.approve(request, by=cast.staff("伊藤"))
    run(request)
    row = Activity.objects.filter(subject_type="party.customer", verb="note").get()
    assert row.summary == erasing.GONE
    for change in ({"summary": "別の話"}, {"verb": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Activity.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE party_erasurepart SET erased = 0")


def test_support_asks_the_manager_approves_and_the_person_is_answered(customer: Customer) -> None:
    kato, ito = Client(), Client()
    kato.force_login(cast.staff("加藤"))
    ito.force_login(cast.staff("伊藤"))
    page = reverse("party:ask_erasure", args=[customer.number])
    assert "受注（氏名・住所・商品・金額）" in kato.get(page).text
    told = {
        "kind": "asked_for",
        "received_on": "2026-11-20",
        "reason": "退会したい",
        "proof": "none",
        "answer_to": "aoki@example.com",
    }
    assert kato.post(page, told).status_code == 422
    assert kato.post(page, {**told, "proof": "mail"}).status_code == 302
    request = ErasureRequest.objects.get()
    there = reverse("party:erasure", args=[request.number])
    assert "承認して消去する" not in kato.get(there).text and "承認して消去する" in ito.get(there).text
    assert kato.post(reverse("party:approve_erasure", args=[request.number])).status_code == 403
    ito.post(reverse("party:approve_erasure", args=[request.number]))
    run(request)
    shown = kato.get(there).text
    assert "■ 消去したもの" in shown and "電子帳簿保存法" in shown
    kato.post(reverse("party:answer_erasure", args=[request.number]), {"how": "電話"})
    request.refresh_from_db()
    assert (request.answered_how, request.answer_to, request.waits_for_answer) == ("電話", "", False)
    assert Opening.objects.filter(page="erasure", customer_number=customer.number).exists()
    for name in ("佐藤", "田中", "高橋", "鈴木"):
        other = Client()
        other.force_login(cast.staff(name))
        assert {other.get(url).status_code for url in (page, there, reverse("party:erasures"))} == {403}
