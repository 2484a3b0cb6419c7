"""壊れたファイル: whatever becomes of a payout or result file on its way, it comes in whole or not at all, and says where it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from akinai.adapters.settlements.tests import files
from akinai.core import intake, proofs
from akinai.core.intake.models import IntakeFile
from akinai.core.tables import FileRefused
from akinai.orders.models import Order
from akinai.payments import settlement_ports as ports
from akinai.payments.models import Payment, PaymentRequest, Settlement, SettlementEntry, SettlementLine
from akinai.payments.tests.providers import card_order
from akinai.payments.tests.settling import mall
from tests.samples import sample

pytestmark = pytest.mark.django_db
PAYOUTS = {
    "楽天": files.rakuten(("R-1", 1080, "", 38, 1042), ("R-2", 2160, 100, 76, 2184), total="3226"),
    "Yahoo!": files.yahoo(("R-1", "商品代金", 1080), ("R-1", "決済手数料", -32), ("R-2", "返金", -540)),
    "PayPay": files.paypay(("0001", "R-1", 1080, 38), ("0002", "R-2", 2160, 77)),
    "Stripe": files.stripe(("txn_1", "charge", 1080, 39, "pi_1", "R-1"), ("txn_2", "refund", -540, 0, "pi_1", "R-1")),
    "Amazon": files.amazon(("Order", "R-1", "ItemPrice", "Principal", "1080"), ("Order", "R-1", "ItemFees", "Commission", "-108"), total="972"),
    "PayPal": files.paypal(("通常の支払い", "T1", 1080, -78, "R-1", "10:00:00"), ("一般引出し", "T2", -1002, 0, "", "11:00:00")),
    "PayPal の実物": sample("bank/pay_pal201810.csv"),
    "ヤマト": files.collect("送り状番号", ("398712040016", 1080, 330, 0, "R-1"), ("398712040020", 2160, 330, 200, "R-2")),
}  # fmt: skip
RESULTS = {
    "NP": "加盟店取引ID,審査結果,NP取引ID,請求金額\r\nD-1,OK,NP-1,1080\r\nD-2,NG,NP-2,1080\r\n".encode(
        "cp932"
    ),
    "汎用": "注文番号,結果,決済会社の番号,金額,与信期限\r\nD-1,与信OK,N-1,1080,2026/12/20\r\nD-2,立替確定,N-2,1080,\r\n".encode(),
}
ODD = (
    "", " ", "-", "0", "-1080", "1,080", "１０８０", "1080円", "1.5", "1e9", "NaN", "9" * 30, "2026/13/40", "1900-01-01", "令和8年", "=1+1", '"',
    'a"b', "\x00", "\t", "円", "𠮷", "R-1", "R-404", "x" * 500, "#N/A", "''",
)  # fmt: skip
WRITTEN = (Settlement, SettlementLine, SettlementEntry, Payment, PaymentRequest)
OURS = {"settlements_add_up", "settlement_lines_are_where_they_say", "paid_matches_payments"}

type Spoil = Callable[[bytes], bytes]


def cells(data: bytes, act: Callable[[list[list[str]]], None]) -> bytes:
    """The table with something done to its cells, in its own encoding."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        mark = "\t" if "\t" in text else ","
        rows = [line.split(mark) for line in text.split("\r\n")]
        act(rows)
        return "\r\n".join(mark.join(row) for row in rows).encode(encoding, "replace")
    return data


@st.composite
def spoils(draw: Any) -> Spoil:
    """One thing that happens to a file: to its bytes, its cells, its rows or its columns."""
    at, other, odd = draw(st.integers(0, 10_000)), draw(st.integers(0, 10_000)), draw(st.sampled_from(ODD))
    noise = draw(st.binary(min_size=1, max_size=4))

    def put(rows: list[list[str]]) -> None:
        row = rows[at % len(rows)]
        row[other % len(row)] = odd

    def drop_cell(rows: list[list[str]]) -> None:
        row = rows[at % len(rows)]
        row.pop(other % len(row))

    def drop_column(rows: list[list[str]]) -> None:
        place = at % len(rows[0])
        for row in rows:
            del row[place : place + 1]

    def again(rows: list[list[str]]) -> None:
        rows.insert(other % len(rows), list(rows[at % len(rows)]))

    def swap(rows: list[list[str]]) -> None:
        one, two = at % len(rows[0]), other % len(rows[0])
        rows[0][one], rows[0][two] = rows[0][two], rows[0][one]

    in_cells: list[Spoil] = [
        lambda data, act=act: cells(data, act)  # type: ignore[misc]
        for act in (put, put, put, drop_cell, drop_column, again, swap)
    ]
    in_bytes: list[Spoil] = [
        lambda data: data[: at % (len(data) + 1)],
        lambda data: data[: at % (len(data) + 1)] + noise + data[at % (len(data) + 1) + len(noise) :],
        lambda data: data[: at % (len(data) + 1)] + noise + data[at % (len(data) + 1) :],
    ]
    return draw(st.sampled_from(in_cells * 2 + in_bytes))


def take(kind_code: str, data: bytes, **options: Any) -> IntakeFile:
    """As the screen does: looked at, and applied where nothing stands against it."""
    kind = intake.kind_of(kind_code)
    assert kind is not None
    row, plan = intake.preview(kind, [intake.Upload("精算.csv", data)], options=options, by=None)
    if row.state == "previewed":
        intake.apply(row, by=None, files=plan.files)
        row.refresh_from_db()
    return row


def written() -> list[int]:
    return [model.objects.count() for model in WRITTEN] + list(Order.objects.order_by("pk").values_list("paid_yen", flat=True))  # fmt: skip


def spoil_and_take(kind: str, samples: dict[str, bytes]) -> None:
    seen: set[str] = set()

    @how(max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(st.sampled_from(sorted(samples)), st.lists(spoils(), min_size=1, max_size=3))
    def one(name: str, acts: list[Spoil]) -> None:
        data = samples[name]
        for act in acts:
            data = act(data)
        with transaction.atomic():
            before = written()
            row = take(kind, data)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            seen.add(row.state)
            if row.state != "applied":
                assert written() == before
                assert row.state == "refused" and row.errors
                for error in row.errors:
                    assert error["file"] and error["message"]
                    assert 0 <= error["line"] <= data.count(b"\n") + data.count(b"\r") + 2
            else:
                assert {found.name for found in proofs.run_all() if found.broken} & OURS == set()
            transaction.set_rollback(True)

    one()
    assert seen == {"applied", "refused"}  # neither are all of them refused, nor none


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.FILES_ROOT = tmp_path


@how(max_examples=400, derandomize=True, database=None)
@given(st.sampled_from(sorted(PAYOUTS)), st.lists(spoils(), min_size=1, max_size=3))
def test_a_door_reads_a_spoilt_file_or_refuses_it_and_nothing_else(name: str, acts: list[Spoil]) -> None:
    data = PAYOUTS[name]
    for act in acts:
        data = act(data)
    door = ports.format_for(data, "精算.csv")
    try:
        read = door.read(data, "精算.csv") if door else ()
    except FileRefused as refusal:
        assert refusal.errors
        assert all(error.file and error.message for error in refusal.errors)
    else:
        assert all(one.is_history or sum(line.yen for line in one.lines) == one.net_yen for one in read)


def test_a_spoilt_payout_file_is_taken_whole_or_refused_with_the_place() -> None:
    mall("R-1")
    mall("R-2", 2160)
    for name, data in PAYOUTS.items():
        with transaction.atomic():
            assert (take("settlements", data).state, name) == ("applied", name)
            transaction.set_rollback(True)
    spoil_and_take("settlements", PAYOUTS)


def test_a_spoilt_result_file_is_taken_whole_or_refused_with_the_place() -> None:
    for no in ("D-1", "D-2"):
        card_order(no, payment="deferred")
    spoil_and_take("payment_results", RESULTS)
