"""消去の番人: whose words are looked for, what is asked for once, and when a job of the erasure may touch anything."""

from __future__ import annotations

import pytest
from django.db import transaction

from akinai.core import long_jobs
from akinai.core.errors import ChangedMeanwhile
from akinai.core.models import LongJob
from akinai.orders.models import Order
from akinai.party import erasing, merging
from akinai.party.models import Customer, ErasurePart, ErasureRequest
from akinai.party.ports import HOLDERS
from akinai.party.tests.asking import asked
from tests import cast
from tests.together import overlapping

pytestmark = pytest.mark.django_db


def approved(customer: Customer) -> ErasureRequest:
    request = erasing.approve(asked(customer), by=cast.staff("伊藤"))
    request.refresh_from_db()
    return request


def step(request: ErasureRequest, nth: int) -> long_jobs.Outcome:
    """One piece of the job, in its transaction."""
    with transaction.atomic():
        return erasing.work([nth], {"request": request.pk, "rooms": erasing.rooms()}, None)


def test_an_address_that_another_customer_has_is_not_looked_for(customer: Customer) -> None:
    other = cast.place(cast.draft("1009", ("A-1", 1, 1080), buyer=cast.somebody("B"))).customer
    own = customer.email.lower()
    assert other is not None and other.email.lower() != own
    Order.objects.filter(customer=customer).update(buyer_email=other.email)
    erasee = erasing.erasee_of(customer)
    assert own in erasee.mails and other.email.lower() not in erasee.mails


def test_a_word_of_one_letter_is_not_looked_for(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(kana="ア", company="商店")
    words = erasing.erasee_of(Customer.objects.get(pk=customer.pk)).words
    assert "商店" in words and "ア" not in words and "" not in words


def test_who_went_into_another_is_asked_for_there(customer: Customer) -> None:
    gone = cast.place(cast.draft("1009", ("A-1", 1, 1080), buyer=cast.somebody("B"))).customer
    Customer.objects.filter(pk=gone.pk).update(merged_into=customer)
    with pytest.raises(erasing.NotErasable, match="名寄せ"):
        asked(Customer.objects.get(pk=gone.pk))


def test_a_job_that_runs_is_not_begun_anew_nor_one_that_is_done(customer: Customer) -> None:
    request = approved(customer)
    with pytest.raises(ChangedMeanwhile):
        erasing.again(request, by=cast.staff("伊藤"))
    long_jobs.run(request.job_id)
    request.refresh_from_db()
    assert request.state == "done"
    with pytest.raises(ChangedMeanwhile):
        erasing.again(request, by=cast.staff("伊藤"))
    assert LongJob.objects.filter(kind=erasing.CODE).count() == 1


def test_a_refusal_says_why_and_what_was_withdrawn_keeps_no_address(customer: Customer) -> None:
    request = asked(customer, answer_to="aoki@example.com")
    with pytest.raises(erasing.NotErasable, match="理由がありません"):
        erasing.refuse(request, reason=" ", by=cast.staff("伊藤"))
    erasing.withdraw(request, by=cast.staff("加藤"))
    request.refresh_from_db()
    assert (request.state, request.answer_to) == ("withdrawn", "")


def test_a_piece_of_a_job_touches_nothing_before_the_approval_and_after_the_end(customer: Customer) -> None:
    request = asked(customer)
    for nth in range(len(erasing.rooms()) + 1):
        assert step(request, nth).counts == {}
    customer.refresh_from_db()
    assert (customer.erased_at, ErasurePart.objects.count()) == (None, 0)


def test_a_room_that_is_done_is_not_asked_again(customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    request = approved(customer)
    step(request, 0)
    nth = erasing.rooms().index("orders") + 1
    assert sum(step(request, nth).counts.values()) > 0
    before = ErasurePart.objects.count()
    monkeypatch.setattr(HOLDERS["orders"], "shares", lambda _erasee: 1 / 0)
    assert step(request, nth).counts == {"消去": 0}
    assert ErasurePart.objects.count() == before


def test_a_room_waits_for_the_words_of_the_person_and_for_what_was_opened_meanwhile(
    customer: Customer,
) -> None:
    request = approved(customer)
    nth = erasing.rooms().index("orders") + 1
    with pytest.raises(erasing.NotErasable, match="準備"):
        step(request, nth)
    step(request, 0)
    Order.objects.filter(customer=customer).update(state="ready")
    with pytest.raises(erasing.NotErasable, match="終わっていません"):
        step(request, nth)
    assert ErasurePart.objects.count() == 0


def test_the_words_are_gathered_once(customer: Customer) -> None:
    request = approved(customer)
    step(request, 0)
    request.refresh_from_db()
    told = request.person
    assert "青木 美咲" in told["words"]
    Customer.objects.filter(pk=customer.pk).update(name="別の名前")
    step(request, 0)
    request.refresh_from_db()
    assert request.person == told


def test_of_two_words_the_longer_is_taken_out_first() -> None:
    assert erasing.without(["青木", "青木 美咲"], "青木 美咲様と青木家") == "＊＊様と＊＊家"


@pytest.mark.django_db(transaction=True)
def test_a_merge_that_is_on_its_way_is_waited_for_and_its_customer_goes_too(customer: Customer) -> None:
    other = cast.place(cast.draft("1009", ("A-1", 1, 1080), buyer=cast.somebody("B"))).customer
    Order.objects.update(state="completed", paid_yen=1080)
    request, ito = approved(customer), cast.staff("伊藤")
    overlapping(lambda: merging.merge(customer, other, reason="同じお客様", by=ito), lambda: step(request, 0))
    request.refresh_from_db()
    assert sorted(request.person["ids"]) == sorted([customer.pk, other.pk])
