"""合算・分割: one transfer for everything a customer owes, and several for one order, are posted whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from akinai.orders import services as orders
from akinai.payments import services
from akinai.payments.models import Payment
from akinai.payments.rules import Book, decide
from akinai.payments.rules.book import Ghost
from akinai.payments.rules.names import name_keys
from akinai.payments.rules.together import Together, with_groups
from akinai.payments.services import auto, posting
from akinai.payments.tests.factories import DAY, YAMADA, again, broken, credit, due, money, transfer


def found(credits: list[Any], dues: list[Any], **more: Any) -> list[Together]:
    book = Book.of(dues, ghosts=more.pop("ghosts", ()))
    return with_groups(decide(credits, book), book, **more)[1]


def shares(one: Together) -> list[tuple[int, int, int]]:
    return [(share.line_id, share.order_id, share.yen) for share in one.shares]


SHOP = name_keys("ヤマダヤ")
A, B = due(1, 3000, customer=7), due(2, 2000, customer=7)


def test_one_transfer_of_all_that_a_customer_owes_pays_all_of_it() -> None:
    (one,) = found([money(1, 5000)], [A, B])
    assert shares(one) == [(1, 1, 3000), (1, 2, 2000)]
    assert one.reasons == ("名義が一致", "このお客様の未入金 2 件の合計と金額が一致")


def test_what_another_transfer_pays_for_certain_is_not_owed_any_more() -> None:
    dues = [A, B, due(3, 1500, customer=7)]
    (one,) = found([money(1, 1500), money(2, 5000)], dues)
    assert shares(one) == [(2, 1, 3000), (2, 2, 2000)]


def test_several_transfers_that_are_the_one_order_pay_it_together() -> None:
    (one,) = found([money(1, 1000), money(2, 2000, on=DAY + timedelta(days=5))], [A])
    assert shares(one) == [(1, 1, 1000), (2, 1, 2000)]


@pytest.mark.parametrize(("credits", "dues", "more"), [
    ([money(1, 4999)], [A, B], {}),  # one yen less
    ([money(1, 5000)], [A, due(2, 2000, customer=8)], {}),  # two customers of one name
    ([money(1, 5000)], [A, B, due(3, 100, customer=7)], {}),  # a part of what he owes
    ([money(1, 5000, payer="ﾔﾏﾀﾞﾔ"), money(2, 700)], [replace(A, aliases=SHOP), replace(B, aliases=SHOP), due(3, 900, customer=8)], {}),  # the 700 may be his
    ([money(1, 5000, payer="ﾔﾏﾀﾞ ﾊﾅｺ")], [A, B], {}),  # his wife
    ([money(1, 5000, payer="99999 ﾔﾏﾀﾞ ﾀﾛｳ")], [A, B], {}),  # a number that is none of his orders
    ([money(1, 5000, on=DAY - timedelta(days=1))], [A, B], {}),  # before the order
    ([money(1, 5000, is_transfer=False)], [A, B], {}),
    ([money(1, 5000, is_rest=True)], [A, B], {}),
    ([money(1, 5000), money(2, 700)], [A, B], {}),  # and something else under his name
    ([money(1, 5000), money(2, 3000, payer="ﾔﾏﾀﾞ ﾊﾅｺ")], [A, B], {}),  # his wife may have paid one of them
    ([money(1, 5000)], [A, B], {"settled_otherwise": {2}}),  # billed by the month
    ([money(1, 5000)], [A, B], {"ghosts": [Ghost("SO-9", 99, 5000, name_keys("ヤマダ タロウ"), False)]}),
    ([money(1, 1000), money(2, 2000, on=DAY + timedelta(days=40))], [A], {}),  # too far apart
    ([money(1, 1000), money(2, 1999)], [A], {}),
    ([money(1, 1000), money(2, 2000)], [A, due(3, 2000, customer=7)], {}),  # the second is an order of its own
    ([money(n, 600) for n in range(1, 6)], [A], {}),  # too many
])  # fmt: skip
def test_anything_less_than_certain_is_left_to_a_person(
    credits: list[Any], dues: list[Any], more: dict[str, Any]
) -> None:
    assert found(credits, dues, **more) == []


@pytest.mark.django_db
def test_a_sum_is_posted_as_one_match_with_a_payment_for_each_order() -> None:
    rows = [transfer("P-1", 3000, YAMADA), transfer("P-2", 2000, YAMADA)]
    line = credit(5000, "ﾔﾏﾀﾞ ﾀﾛｳ")
    outcome = services.match_all(by=None)
    assert (outcome.auto, outcome.auto_yen) == (1, 5000)
    assert [again(order).paid_yen for order in rows] == [3000, 2000]
    made = Payment.objects.order_by("pk")
    assert len({payment.match_id for payment in made}) == 1
    assert [payment.key.rsplit("/", 1)[1] for payment in made] == ["1", "2"]
    assert again(line).state == "matched"
    assert broken() == []


@pytest.mark.django_db
def test_a_split_is_posted_as_two_matches_for_one_order_and_can_be_undone() -> None:
    order = transfer("P-1", 3000, YAMADA)
    first, second = credit(1000, "ﾔﾏﾀﾞ ﾀﾛｳ"), credit(2000, "ﾔﾏﾀﾞ ﾀﾛｳ")
    assert services.match_all(by=None).auto == 2
    assert again(order).paid_yen == 3000
    services.unmatch(first.line.matches.get().pk, note="間違い", by=None)
    assert (again(order).paid_yen, again(second).state) == (2000, "matched")
    assert broken() == []


@pytest.mark.django_db
def test_when_one_order_moves_meanwhile_nothing_of_the_sum_is_posted() -> None:
    rows = [transfer("P-1", 3000, YAMADA), transfer("P-2", 2000, YAMADA)]
    line = credit(5000, "ﾔﾏﾀﾞ ﾀﾛｳ")
    credits = auto.open_credits()
    book = auto.open_book(credits)
    _decisions, several = with_groups(decide(credits, book.book), book.book)
    lines = {one.line_id: posting.Money(one.line_id, one.on, one.left_yen) for one in credits}
    orders.cancel(rows[1].pk, reason="お客様都合", by=None)
    assert posting.post_all([auto._even(one, lines, book.owners) for one in several], by=None) == set()
    assert [again(order).paid_yen for order in rows] == [0, 0]
    assert again(line).state == "open"
    assert broken() == []


@pytest.mark.django_db
def test_when_one_transfer_is_used_meanwhile_nothing_of_the_split_is_posted() -> None:
    order = transfer("P-1", 3000, YAMADA)
    first, second = credit(1000, "ﾔﾏﾀﾞ ﾀﾛｳ"), credit(2000, "ﾔﾏﾀﾞ ﾀﾛｳ")
    credits = auto.open_credits()
    book = auto.open_book(credits)
    _decisions, several = with_groups(decide(credits, book.book), book.book)
    lines = {one.line_id: posting.Money(one.line_id, one.on, one.left_yen) for one in credits}
    services.set_aside(first.pk, by=None, note="調査中")
    assert posting.post_all([auto._even(one, lines, book.owners) for one in several], by=None) == set()
    assert (again(order).paid_yen, again(second).state) == (0, "open")
    assert broken() == []
