"""Two clerks, one bank line; two clerks, one order: one of them wins, and every number stays true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from akinai.channels import queries as channels
from akinai.core import proofs
from akinai.core.errors import DomainError
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import services
from akinai.payments.models import BankAccount, BankLine, BankLineStatus, Match
from akinai.payments.ports import AccountHint, Statement, StatementLine
from akinai.payments.services import Part
from akinai.shipping import services as shipping
from tests.cast import draft, place, sku
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """How each act ended: "done" or the refusal's code, sorted."""
    return sorted(a.code if isinstance(a, DomainError) else "done" for a in together(*acts))


def credit(amount: int) -> BankLine:
    account = BankAccount.objects.create(code="test", bank_name="見本銀行")
    line = StatementLine(date(2026, 11, 24), amount, "アオキ ミサキ", "振込", kind="振込", is_transfer=True)
    services.take_statement(Statement(AccountHint(), (line,)), account=account, by=None)
    return BankLine.objects.get()


def transfer(no: str) -> Order:
    return place(
        draft(no, ("TEA-1", 1, 1080), payment="bank_transfer", payment_settled=False), channel="phone"
    )


def test_two_clerks_cannot_match_one_bank_line_twice() -> None:
    sku("TEA-1", pieces=10)
    first, second = transfer("P-1"), transfer("P-2")
    line = credit(1080)
    answers = at_once(
        lambda: services.match(line.pk, [Part(first.pk, 1080)], by=None),
        lambda: services.match(line.pk, [Part(second.pk, 1080)], by=None),
    )
    assert answers == ["already_matched", "done"]
    assert BankLineStatus.objects.get().matched_yen == 1080
    assert sum(Order.objects.values_list("paid_yen", flat=True)) == 1080
    assert Match.objects.count() == 1
    assert not [f.name for f in proofs.run_all() if f.broken]


def test_two_clerks_cannot_pay_one_order_twice() -> None:
    sku("TEA-1", pieces=10)
    order = transfer("P-1")
    line = credit(2160)
    answers = at_once(
        lambda: services.match(line.pk, [Part(order.pk, 1080)], by=None),
        lambda: services.match(line.pk, [Part(order.pk, 1080)], by=None),
    )
    assert answers == ["done", "refused"]
    order.refresh_from_db()
    assert order.paid_yen == 1080
    assert BankLineStatus.objects.get().matched_yen == 1080


def test_a_match_is_reversed_once() -> None:
    sku("TEA-1", pieces=10)
    order = transfer("P-1")
    line = credit(1080)
    made = services.match(line.pk, [Part(order.pk, 1080)], by=None)
    answers = at_once(*[lambda: services.unmatch(made.pk, by=None, note="別の方でした")] * 2)
    assert answers == ["already_matched", "done"]
    order.refresh_from_db()
    assert (order.paid_yen, BankLineStatus.objects.get().matched_yen) == (0, 0)


def test_cancelling_and_instructing_at_once_leaves_one_truth() -> None:
    sku("TEA-1", pieces=10)
    order = place(draft("R-1", ("TEA-1", 2, 1080)))
    at_once(
        lambda: orders.cancel(order.pk, reason="お客様の都合", by=None),
        lambda: shipping.instruct([order.pk], ship_on=date(2026, 11, 24), carrier="yamato", by=None),
    )
    order.refresh_from_db()
    assert order.state in ("cancelled", "picking")
    assert not [f.name for f in proofs.run_all() if f.broken]


def test_the_same_order_from_two_files_at_once_is_one_order() -> None:
    sku("TEA-1", pieces=10)
    channel = channels.by_code("rakuten")
    told = draft("R-1", ("TEA-1", 2, 1080))
    assert at_once(*[lambda: orders.place(told, channel=channel, by=None)] * 3) == ["done"] * 3
    assert Order.objects.count() == 1
    assert not [f.name for f in proofs.run_all() if f.broken]
