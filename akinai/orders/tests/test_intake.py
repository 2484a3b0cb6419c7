"""受注の取込: files become orders through the doors; again and overlapping files change nothing; odd rows stay visible."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from akinai.adapters.channels.rakuten.writer import write
from akinai.core import intake
from akinai.core.intake.models import IntakeFile
from akinai.orders.models import Order, OrderChange
from akinai.orders.ports import OrderDraft
from tests import cast
from tests.cast import AOKI, draft, somebody
from tests.samples import sample

pytestmark = pytest.mark.django_db


def order(no: int, *wanted: tuple[str, int, int], **changes: Any) -> OrderDraft:
    return draft(
        f"900001-20261124-{no:010d}", *wanted, buyer=changes.pop("buyer", somebody(f"P{no}")), **changes
    )


def preview(*files: bytes, **options: Any) -> tuple[IntakeFile, intake.Plan]:
    kind = intake.kind_of("orders")
    assert kind
    uploads = [intake.Upload(f"orders{n}.csv", data) for n, data in enumerate(files)]
    return intake.preview(kind, uploads, options=options, by=cast.staff("佐藤"))


def take_in(*files: bytes, **options: Any) -> IntakeFile:
    row, plan = preview(*files, **options)
    assert not plan.refused, plan.errors
    intake.apply(row, by=cast.staff("佐藤"))
    row.refresh_from_db()
    return row


def counts(row: IntakeFile) -> tuple[int, int, int, int, int, int]:
    return row.rows, row.created, row.changed, row.unchanged, row.exceptions, row.total_yen


TWO = (order(1, ("TEA-001", 2, 1080), ("CUP-001", 1, 1650)), order(2, ("TEA-001", 1, 1080)))


@pytest.fixture(autouse=True)
def goods() -> None:
    cast.sku("TEA-001", pieces=10)
    cast.sku("CUP-001", pieces=10)


def test_a_look_counts_and_writes_nothing() -> None:
    row, plan = preview(write(TWO))
    assert (row.format, row.state, plan.errors) == ("rakuten", "previewed", [])
    assert counts(row) == (3, 2, 0, 0, 0, 4890)
    assert Order.objects.count() == 0
    assert row.preview["rows"][0][2:6] == ["見本 P1", "商品 TEA-001 ほか1点", "¥3,810", "クレジットカード"]


def test_a_file_becomes_orders_that_name_it() -> None:
    row = take_in(write(TWO))
    first = Order.objects.get(channel_order_no=TWO[0].channel_order_no)
    assert (counts(row), row.state) == ((3, 2, 0, 0, 0, 4890), "applied")
    assert (first.state, first.channel.code, first.intake_file_id, first.source_line) == (
        "ready",
        "rakuten",
        row.pk,
        2,
    )
    assert row.result["message"] == "受注を取り込みました（新規 2 件、変更 0 件、変更なし 0 件）。"


def test_the_same_and_an_overlapping_file_change_nothing() -> None:
    take_in(write(TWO))
    again = take_in(write(TWO))
    assert counts(again) == (3, 0, 0, 2, 0, 4890)
    wider = take_in(write([*TWO, order(3, ("TEA-001", 1, 1080))]))
    assert counts(wider) == (4, 1, 0, 2, 0, 5970)
    assert Order.objects.count() == 3


def test_a_changed_order_is_shown_as_a_difference_and_accepted_only_when_asked() -> None:
    take_in(write(TWO))
    changed = write([replace(TWO[0], ship_to=replace(AOKI, line1="神宮前5-1")), TWO[1]])
    row, plan = preview(changed)
    assert [(c.field, c.before, c.after) for c in plan.changes] == [
        ("送付先番地", "神宮前4-12-3", "神宮前5-1")
    ]
    assert counts(take_in(changed)) == (3, 0, 1, 1, 1, 4890)
    first = Order.objects.get(channel_order_no=TWO[0].channel_order_no)
    assert (first.state, first.ship_line1) == ("on_hold", "神宮前4-12-3")
    other = write([replace(TWO[0], ship_to=replace(AOKI, line1="神宮前6-1")), TWO[1]])
    row = take_in(other, accept_changes=True)
    first.refresh_from_db()
    assert (counts(row), first.state, first.ship_line1) == ((3, 0, 1, 1, 0, 4890), "ready", "神宮前6-1")


def test_unknown_codes_are_exceptions_with_file_and_line_and_never_lost_rows() -> None:
    row = take_in(write([TWO[1], order(5, ("NEW-1", 1, 500), ("NEW-2", 1, 700))]))
    assert counts(row)[:5] == (3, 2, 0, 0, 1)
    assert [(e["file"], e["line"], e["value"]) for e in row.errors] == [
        ("orders0.csv", 3, "NEW-1"),
        ("orders0.csv", 4, "NEW-2"),
    ]
    held = Order.objects.get(state="on_hold")
    assert (held.lines.count(), held.issues.count()) == (2, 2)


def test_unknown_codes_are_created_when_asked_for() -> None:
    row = take_in(write([order(5, ("NEW-1", 1, 500))]), create_skus=True)
    assert (counts(row)[:5], row.errors) == ((1, 1, 0, 0, 0), [])
    assert Order.objects.get().state == "awaiting_stock"


def test_shipped_orders_are_history_unless_taken_as_open() -> None:
    sent = write([replace(TWO[1], mall_status="shipped")])
    row, _ = preview(sent)
    assert row.preview["notes"][0].startswith("1 件はモールで出荷済みです")
    take_in(sent)
    assert Order.objects.get().state == "shipped"
    assert counts(take_in(sent, treat_shipped_as_open=True))[1:4] == (0, 0, 1)


def test_shipped_orders_can_be_taken_as_open() -> None:
    take_in(write([replace(TWO[1], mall_status="shipped")]), treat_shipped_as_open=True)
    found = Order.objects.get()
    assert (found.state, found.shipped_outside) == ("ready", False)


def test_of_two_files_given_together_the_farther_status_counts() -> None:
    take_in(write([TWO[1]]), write([replace(TWO[1], mall_status="shipped")]))
    assert Order.objects.get().state == "shipped"


def test_an_order_told_in_two_ways_becomes_one_order_with_a_question() -> None:
    row = take_in(write([TWO[1]]), write([replace(TWO[1], customer_note="急ぎ")]))
    assert (row.created, row.exceptions, Order.objects.get().state) == (1, 1, "on_hold")
    assert row.errors and OrderChange.objects.get().differences[0]["after"] == "急ぎ"


def test_an_unknown_channel_is_refused_with_the_way_out() -> None:
    row, plan = preview(write(TWO), channel="nowhere")
    assert (plan.refused, Order.objects.count()) == (True, 0)
    assert "「店舗・モール」の画面で登録するか" in row.errors[0]["message"]


def test_the_command_answers_in_json_and_takes_shipped_orders_as_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rakuten.csv"
    path.write_bytes(write([replace(TWO[1], mall_status="shipped")]))
    call_command("intake", "orders", str(path), "--treat-shipped-as-open", "--json")
    answer = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    wanted = {
        "rows": 1,
        "created": 1,
        "changed": 0,
        "unchanged": 0,
        "exceptions": 0,
        "total_yen": 1080,
        "errors": [],
    }
    assert {name: answer[name] for name in wanted} == wanted
    assert Order.objects.get().state == "ready"


def test_a_real_rakuten_file_comes_in_whole_and_once() -> None:
    data = sample("rakuten/orders_deidentified_a.csv")
    row = take_in(data, create_skus=True)
    rows, created, *_rest = counts(row)
    assert (rows, Order.objects.count()) == (75, created)
    assert sum(Order.objects.values_list("total_yen", flat=True)) == row.total_yen
    assert counts(take_in(data, create_skus=True))[1:4] == (0, 0, created)
