"""What tests of payments begin with: bank lines, orders that wait for a transfer, customers and their money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from akinai.core import proofs
from akinai.orders.models import Order
from akinai.orders.ports import Address
from akinai.payments import services
from akinai.payments.models import BankAccount, BankLineStatus, CreditBalance
from akinai.payments.ports import AccountHint, Statement, StatementLine
from akinai.payments.rules import Credit, Due, name_keys
from akinai.payments.rules.names import family_of
from tests import cast
from tests.cast import AOKI, draft, place

DAY = date(2026, 11, 24)


def told(amount: int, payer: str = "ｱｵｷ ﾐｻｷ", on: date = DAY, **more: Any) -> StatementLine:
    """A line as a bank tells it: a transfer in, unless said otherwise."""
    values: dict[str, Any] = {"text": f"振込 {payer}", "kind": "振込", "is_transfer": amount > 0}
    return StatementLine(on, amount, payer, **{**values, **more})


def account(code: str = "test", **fields: Any) -> BankAccount:
    return BankAccount.objects.get_or_create(code=code, defaults={"bank_name": "見本銀行", **fields})[0]


def take(*lines: StatementLine, into: BankAccount | None = None) -> services.Counts:
    return services.take_statement(Statement(AccountHint(), lines), account=into or account(), by=None)


def credit(amount: int, payer: str = "ｱｵｷ ﾐｻｷ", on: date = DAY, **more: Any) -> BankLineStatus:
    """One bank line that has come in."""
    before = set(BankLineStatus.objects.values_list("pk", flat=True))
    take(told(amount, payer, on, **more))
    return BankLineStatus.objects.exclude(pk__in=before).select_related("line").get()


def person(name: str, kana: str, mail: str) -> Address:
    return replace(AOKI, name=name, kana=kana, email=mail)


YAMADA = person("山田 太郎", "ヤマダ タロウ", "yamada@example.com")
SUZUKI = person("鈴木 一郎", "スズキ イチロウ", "suzuki@example.com")


def transfer(
    no: str, amount: int = 1080, buyer: Address = AOKI, *, channel: str = "phone", **changes: Any
) -> Order:
    """An order that waits for a bank transfer of this amount."""
    cast.sku("TEA-1", pieces=0)
    fields = {
        "payment": "bank_transfer",
        "payment_settled": False,
        "buyer": buyer,
        "ship_to": buyer,
        **changes,
    }
    return place(draft(no, ("TEA-1", 1, amount), **fields), channel=channel)


def cod(no: str, amount: int = 1080, **changes: Any) -> Order:
    """An order whose money the carrier collects."""
    cast.sku("TEA-1", pieces=0)
    return place(draft(no, ("TEA-1", 1, amount), payment="cod", payment_settled=False, **changes))


def again[M: (Order, BankLineStatus)](row: M) -> M:
    return type(row)._default_manager.get(pk=row.pk)


def balance(order: Order) -> int:
    """預り金 of the order's customer."""
    assert order.customer_id
    found = CreditBalance.objects.filter(pk=order.customer_id).values_list("balance_yen", flat=True)
    return found.first() or 0


def broken() -> list[str]:
    """What `akinai verify` would complain of."""
    return [f"{finding.name}: {finding.broken}" for finding in proofs.run_all() if finding.broken]


# For the rules, which know no database ---------------------------------------------------------------------------


def due(
    pk: int,
    amount: int = 3000,
    kana: str = "ヤマダ タロウ",
    *,
    customer: int | None = None,
    on: date = DAY,
    **more: Any,
) -> Due:
    values: dict[str, Any] = {
        "number": f"SO-2026-{pk:06d}", "channel_order_no": f"EC-{pk + 5000}", "customer_id": customer or pk, "owed_yen": amount,
        "ordered_on": on, "names": name_keys(kana), "family": family_of(kana),
    }  # fmt: skip
    return Due(order_id=pk, **{**values, **more})


def money(line_id: int, amount: int = 3000, payer: str = "ﾔﾏﾀﾞ ﾀﾛｳ", on: date = DAY, **more: Any) -> Credit:
    return Credit(line_id, on, amount, payer, **more)


def order_ids(candidates: Sequence[Any]) -> list[tuple[int, ...]]:
    return [candidate.order_ids for candidate in candidates]
