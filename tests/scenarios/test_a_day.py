"""一日の仕事: from a mall's orders to matched money, through the services that the screens use."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.core import mail as outbox

from akinai.billing import services as billing
from akinai.billing.models import Invoice
from akinai.core import events, intake, mail, proofs
from akinai.insights.queries import leaks
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import services as payments
from akinai.payments.models import BankLineStatus
from akinai.shipping import services as shipping
from akinai.shipping.models import Shipment
from tests.cast import NOW, company, draft, level, place, receive, sku, somebody, staff

pytestmark = pytest.mark.django_db(transaction=True)


def counts() -> dict[str, int]:
    return {item["name"]: item["count"] for item in leaks().lists}


def take_in(kind: str, filename: str, data: bytes, **options: object) -> intake.Plan:
    found = intake.kind_of(kind)
    assert found
    row, plan = intake.preview(found, [intake.Upload(filename, data)], options=options, by=None)
    assert not plan.refused, plan.errors
    return intake.apply(row, by=None)


def broken() -> list[str]:
    return [f"{finding.name}: {finding.broken}" for finding in proofs.run_all() if finding.broken]


def carrier_result(export_data: bytes, numbers: list[str]) -> bytes:
    """What the carrier's software gives back: the same rows with a number in column 4."""
    rows = list(csv.reader(io.StringIO(export_data.decode("cp932"))))
    for row, number in zip(rows[1:], numbers, strict=True):
        row[3] = number
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("cp932")


def test_a_day_from_orders_to_matched_money() -> None:
    company()
    sato, suzuki, takahashi = staff("佐藤"), staff("鈴木"), staff("高橋")
    tea, cup = sku("TEA-1", pieces=10), sku("CUP-1", pieces=1, price=1650)

    # 朝: orders come in. One has a note, one pays by transfer, one finds too few cups.
    card = place(draft("R-1", ("TEA-1", 2, 1080), buyer=somebody("A")))
    noted = place(
        draft("R-2", ("TEA-1", 1, 1080), customer_note="ベルを鳴らさないでください", buyer=somebody("B"))
    )
    transfer = place(
        draft("P-1", ("TEA-1", 3, 1080), payment="bank_transfer", payment_settled=False), channel="phone"
    )
    short = place(draft("R-3", ("CUP-1", 3, 1650)))
    assert [o.state for o in (card, noted, transfer, short)] == [
        "ready", "on_hold", "awaiting_payment", "awaiting_stock",
    ]  # fmt: skip
    assert level(tea) == (10, 6)
    assert level(cup) == (1, 1)

    # 確認: the note is read, goods arrive, the queue advances by itself.
    orders.release_all(noted, note="了解", by=sato)
    receive(cup, 5, key="GR-1/1")
    events.drain()
    noted.refresh_from_db()
    short.refresh_from_db()
    assert (noted.state, short.state) == ("ready", "ready")
    assert level(cup) == (6, 3)

    # 入金: the bank's file pays the transfer order; nothing is guessed about a stranger.
    bank = "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分\n"
    bank += '2026/11/24,振込１,アオキ　ミサキ,,"3,240","1,003,240",,,入金\n'
    bank += '2026/11/24,振込１,シラナイ　ヒト,,"9,999","1,013,239",,,入金\n'
    assert take_in("bank", "mufg.csv", bank.encode("cp932")).created == 2
    outcome = payments.match_all(by=suzuki)
    assert (outcome.credits, outcome.auto, outcome.auto_yen, outcome.open) == (2, 1, 3240, 1)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.paid_yen, transfer.payment_progress) == ("ready", 3240, "done")

    # 出荷: instruction, labels, tracking numbers, goods leave, customers are told.
    waiting = [card.pk, noted.pk, transfer.pk, short.pk]
    batch = shipping.instruct(waiting, ship_on=date.today(), carrier="yamato", by=takahashi)
    shipping.save_account(
        carrier="yamato",
        settings={"customer_code": "0300001234", "freight_no": "01"},
        is_default=True,
        by=takahashi,
    )
    export = shipping.export_labels(batch, carrier="yamato", by=takahashi)
    assert (export.count, export.problems) == (4, [])
    numbers = [f"{base}{base % 7}" for base in range(12345678901, 12345678905)]
    result = carrier_result(bytes(export.data), numbers)
    assert take_in("tracking", "issued.csv", result).created == 4
    assert take_in("tracking", "issued.csv", result).created == 0  # the same file again
    events.drain()
    mail.send_due()
    events.drain()
    assert len(outbox.outbox) == 4
    assert (level(tea), level(cup)) == ((4, 0), (3, 0))
    assert set(Order.objects.values_list("state", flat=True)) <= {"shipped", "completed"}

    # 請求: invoices are issued and sent.
    assert counts()["shipped_not_invoiced"] == 4
    billing.issue(waiting, by=suzuki)
    assert counts()["invoiced_not_sent"] == 4
    billing.send_many(list(Invoice.objects.all()), by=suzuki)
    mail.send_due()
    events.drain()

    # 締め: the stranger's money is set aside with a reason; nothing is forgotten.
    stranger = BankLineStatus.objects.exclude(state="matched").get()
    payments.set_aside(stranger.pk, by=suzuki, note="組戻を依頼")
    assert {name: count for name, count in counts().items() if count} == {}
    assert leaks().balanced
    assert broken() == []
    assert set(Order.objects.values_list("state", flat=True)) == {"completed"}
    assert Shipment.objects.filter(state="shipped").count() == 4


def test_taking_money_back_reopens_the_order() -> None:
    company()
    sku("TEA-1", pieces=5)
    order = place(
        draft("P-1", ("TEA-1", 1, 1080), payment="bank_transfer", payment_settled=False), channel="phone"
    )
    bank = "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分\n"
    bank += '2026/11/24,振込１,アオキ　ミサキ,,"1,080","1,001,080",,,入金\n'
    take_in("bank", "mufg.csv", bank.encode("cp932"))
    payments.match_all(by=None)
    line = BankLineStatus.objects.get()
    assert line.state == "matched"
    payments.unmatch(line.line.matches.get().pk, by=staff("鈴木"), note="別の青木様でした")
    order.refresh_from_db()
    line.refresh_from_db()
    assert (order.state, order.paid_yen, line.state, line.matched_yen) == ("awaiting_payment", 0, "open", 0)
    assert broken() == []


def test_orders_wait_in_order_for_goods() -> None:
    tea = sku("TEA-1")
    first = place(draft("R-1", ("TEA-1", 3, 1080), ordered_at=NOW - timedelta(hours=5)))
    second = place(draft("R-2", ("TEA-1", 1, 1080), ordered_at=NOW - timedelta(hours=4), buyer=somebody("B")))
    receive(tea, 2, key="a")
    assert level(tea) == (2, 2)  # both pieces go to the older order, though it still misses one
    receive(tea, 1, key="b")
    events.drain()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("ready", "awaiting_stock")
    assert broken() == []
