"""同時操作: two people at two connections reach for one yen; one gets it, and every number stays true."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest

from akinai.core.errors import DomainError
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import services
from akinai.payments.models import BankLine, BankLineStatus, CreditBalance, Match, Payment
from akinai.payments.rules import Candidate
from akinai.payments.services import Part, posting
from akinai.payments.tests.factories import DAY, again, balance, broken, cod, credit, take, told, transfer
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """How each act ended: "done" or the refusal's code, sorted."""
    return sorted(a.code if isinstance(a, DomainError) else "done" for a in together(*acts))


def test_four_clerks_split_one_line_and_never_use_more_than_it_holds() -> None:
    rows = [transfer(f"P-{n}", 1000) for n in range(4)]
    line = credit(2500)
    answers = at_once(
        *[lambda order=order: services.match(line.pk, [Part(order.pk, 1000)], by=None) for order in rows]
    )
    assert answers == ["already_matched", "already_matched", "done", "done"]
    assert again(line).matched_yen == sum(Order.objects.values_list("paid_yen", flat=True)) == 2000
    assert broken() == []


def test_two_hands_that_post_batches_write_each_line_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "BATCH", 2)
    for n in range(11):
        transfer(f"P-{n}", 1000 + n)
        credit(1000 + n)
    threads = set()
    real = posting._post

    def seen(batch: Sequence[posting.Sure], *, by: None) -> set[int]:
        threads.add(threading.get_ident())
        return real(batch, by=by)

    monkeypatch.setattr(posting, "_post", seen)
    assert services.match_all(by=None).auto == 11
    assert threading.get_ident() not in threads
    assert Match.objects.count() == Payment.objects.count() == 11
    assert sorted(Order.objects.values_list("paid_yen", flat=True)) == [1000 + n for n in range(11)]
    assert broken() == []


def test_one_credit_is_used_once() -> None:
    first, second = transfer("P-1"), transfer("P-2")
    services.match(credit(1500).pk, [Part(None, 1500, "credit", first.customer_id)], by=None)
    answers = at_once(
        lambda: services.use_credit(order_id=first.pk, amount_yen=1080, on=DAY, key="a", by=None),
        lambda: services.use_credit(order_id=second.pk, amount_yen=1080, on=DAY, key="b", by=None),
    )
    assert answers == ["done", "not_enough_credit"]
    assert sorted([again(first).paid_yen, again(second).paid_yen]) == [0, 1080]
    assert (balance(first), broken()) == (420, [])


def test_credit_is_used_or_given_back_but_not_both() -> None:
    order = transfer("P-1")
    services.match(credit(1080).pk, [Part(None, 1080, "credit", order.customer_id)], by=None)
    assert order.customer_id
    owner = order.customer_id
    answers = at_once(
        lambda: services.use_credit(order_id=order.pk, amount_yen=1080, on=DAY, key="a", by=None),
        lambda: services.return_credit(
            customer_id=owner, amount_yen=1080, method="transfer", on=DAY, key="b", note="", by=None
        ),
    )
    assert answers == ["done", "not_enough_credit"]
    assert (balance(order), broken()) == (0, [])


def test_a_match_is_undone_or_its_credit_is_used_but_not_both() -> None:
    order, later, line = transfer("P-1"), transfer("P-2", 420), credit(1500)
    parts = [
        Part(order.pk, 1080, customer_id=order.customer_id),
        Part(None, 420, "credit", order.customer_id),
    ]
    made = services.match(line.pk, parts, by=None)
    answers = at_once(
        lambda: services.unmatch(made.pk, by=None, note="別の方"),
        lambda: services.use_credit(order_id=later.pk, amount_yen=420, on=DAY, key="a", by=None),
    )
    assert answers == ["done", "not_enough_credit"]
    assert CreditBalance.objects.get().balance_yen == 0
    assert broken() == []


def test_one_match_is_undone_once() -> None:
    order, line = transfer("P-1"), credit(1080)
    made = services.match(line.pk, [Part(order.pk, 1080)], by=None)
    assert at_once(*[lambda: services.unmatch(made.pk, by=None, note="別の方")] * 3) == [
        "already_matched"
    ] * 2 + ["done"]
    assert (again(line).matched_yen, again(order).paid_yen, Payment.objects.count()) == (0, 0, 2)
    assert broken() == []


def test_one_payment_is_reversed_once() -> None:
    order = cod("R-1")
    made = services.receive_otherwise(
        order_id=order.pk, amount_yen=1080, source="cash", received_on=DAY, key="k", by=None
    )
    assert at_once(*[lambda: services.reverse_payment(made.pk, note="x", by=None)] * 3) == [
        "already_matched"
    ] * 2 + ["done"]
    assert (again(order).paid_yen, broken()) == (0, [])


def test_an_order_is_cancelled_or_paid_and_its_money_is_never_lost() -> None:
    order, line = transfer("P-1"), credit(1080)
    at_once(
        lambda: services.accept(line.pk, Candidate((order.pk,), 97, ()), by=None),
        lambda: orders.cancel(order.pk, reason="お客様都合", by=None),
    )
    now = again(order)
    if now.paid_yen:  # the money came first: the cancelled order says that it must go back
        assert (now.state, now.payment_progress, again(line).state) == ("cancelled", "exception", "matched")
    else:
        assert (now.state, again(line).state, Match.objects.count()) == ("cancelled", "open", 0)
    assert broken() == []


def test_two_runs_of_auto_matching_post_each_line_once() -> None:
    rows = [transfer(f"P-{n}", 1000 + n) for n in range(30)]
    take(*(told(1000 + n) for n in range(30)))
    outcomes = together(lambda: services.match_all(by=None), lambda: services.match_all(by=None))
    assert sum(outcome.auto for outcome in outcomes) == 30
    assert Match.objects.count() == Payment.objects.count() == 30
    assert all(again(order).paid_yen == order.total_yen for order in rows)
    assert broken() == []


def test_auto_matching_and_a_clerk_do_not_use_one_line_twice() -> None:
    rows = [transfer(f"P-{n}", 1000 + n) for n in range(10)]
    take(*(told(1000 + n) for n in range(10)))
    lines = list(BankLineStatus.objects.order_by("-line_id"))
    together(
        lambda: services.match_all(by=None),
        *[lambda s=s: services.match(s.pk, [Part(rows[0].pk, 100)], by=None) for s in lines[:3]],
    )
    for status in BankLineStatus.objects.all():
        assert 0 <= status.matched_yen <= status.amount_yen
    assert broken() == []


def test_one_remittance_sent_twice_at_once_is_written_once() -> None:
    rows = [cod("R-1"), cod("R-2")]
    amounts = {order.pk: 500 for order in rows}
    answers = at_once(
        *[lambda: services.receive_many(amounts, source="carrier", received_on=DAY, key="one", by=None)] * 3
    )
    assert answers == ["already_matched", "already_matched", "done"]
    assert [again(order).paid_yen for order in rows] == [500, 500]


def test_the_same_file_taken_in_twice_at_once_is_there_once() -> None:
    lines = [told(1000 + n) for n in range(20)]
    together(lambda: take(*lines), lambda: take(*lines))
    assert BankLineStatus.objects.count() == 20
    assert broken() == []


def test_one_debit_returns_one_credit() -> None:
    first, second = credit(1080, "ｱ"), credit(1080, "ｲ")
    take(told(-1080, "", kind="その他", is_transfer=False))
    debit = BankLine.objects.get(amount_yen__lt=0).pk
    answers = at_once(
        *[
            lambda line=line: services.set_aside(
                line.pk, by=None, note="組戻", reason="returned", returned_by=debit
            )
            for line in (first, second)
        ]
    )
    assert answers == ["done", "refused"]
    assert sorted([again(first).state, again(second).state]) == ["open", "set_aside"]
