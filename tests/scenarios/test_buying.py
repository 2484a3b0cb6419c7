"""発注から支払まで: what runs short is ordered, arrives not quite as ordered, is settled, billed and paid; every number agrees each evening."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from akinai.core import clock, events, proofs
from akinai.core.models import OutgoingMail
from akinai.orders.models import Order
from akinai.party.models import Company, Supplier
from akinai.purchasing import services
from akinai.purchasing.models import Discrepancy, Proposal, PurchaseOrder
from akinai.purchasing.queries import leadtimes, payables
from akinai.purchasing.queries import terms as term_queries
from akinai.purchasing.services import (
    ItemInput,
    LineInput,
    billing,
    counting,
    ordering,
    paying,
    proposing,
    sending,
    settling,
)
from akinai.purchasing.services.billing import BillLine
from akinai.purchasing.services.counting import Counted
from akinai.stock import queries as stock
from tests import cast

pytestmark = pytest.mark.django_db
MONDAY = timezone.make_aware(datetime(2026, 11, 2, 9, 0))


def evening() -> None:
    """`akinai verify` finds nothing."""
    events.drain()
    assert [f"{finding.name}: {finding.broken}" for finding in proofs.run_all() if finding.broken] == []


def test_from_a_proposal_to_the_banks_file(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path
    tanaka, takahashi, suzuki, ito = (cast.staff(name) for name in ("田中", "高橋", "鈴木", "伊藤"))
    cast.company()
    Company.objects.update(
        po_approval_yen=20_000, payer_bank_code="0009", payer_branch_code="012", payer_account_number="1234567",
        payer_kana="ｶ)ﾐﾎﾝﾁﾔﾎ", payer_code="0000012345",
    )  # fmt: skip
    maker = Supplier.objects.create(
        number="SU-1",
        code="S1",
        name="見本製茶",
        email="tea@example.jp",
        registration_number="T7123456789012",
    )
    services.tell_terms(
        maker.pk, by=tanaka, closing_day=20, payment_month_offset=1, payment_day=10, lead_days=5, bank_code="0005",
        branch_code="202", account_number="2203302", account_kana="ﾐﾎﾝｾｲﾁﾔ",
    )  # fmt: skip
    with clock.told(MONDAY):
        tea = cast.sku("TEA", pieces=120)
        services.save_items(
            [ItemInput(maker.pk, tea, Decimal(500), MONDAY.date(), "T-1", lot=12, moq=12)], by=tanaka
        )
        for ago in range(1, 31):
            cast.place(cast.draft(f"R-{ago}", ("TEA", 4, 1080), ordered_at=MONDAY - timedelta(days=ago)))
        evening()

        # 発注: proposed with its reason, approved by a second person, sent by mail.
        proposing.propose()
        (order,) = proposing.draft_chosen(Proposal.objects.all(), by=tanaka)
        asked = order.lines.get()
        assert asked.quantity % 12 == 0 and asked.quantity >= 48 and "発注します" in asked.reason
        assert ordering.submit(order, by=tanaka).state == "waiting_approval"
        ordering.approve(order, by=ito)
        sending.send(order, by=tanaka)
        assert OutgoingMail.objects.get().to == "tea@example.jp"
        ordering.confirm(order, promised_on=MONDAY.date() + timedelta(days=7), by=tanaka)
        evening()

    with clock.told(MONDAY + timedelta(days=7)):
        # 入荷: the slip says all came; counted blind, two are missing and one is broken.
        pieces = asked.quantity
        slip = services.create_draft(
            lines=[LineInput(tea, pieces, Decimal(500))], received_on=clock.today(), supplier_id=maker.pk,
            supplier_slip_no="D-77", purchase_order_id=order.pk, by=takahashi,
        )  # fmt: skip
        counting.count(slip, {tea: Counted(pieces - 2, 1)}, by=takahashi)
        services.post(slip, confirmed=[doubt.text for doubt in services.doubts_of(slip)], by=takahashi)
        found = {one.kind: one for one in Discrepancy.objects.all()}
        assert sorted(found) == ["damaged", "short"]
        assert stock.held([tea]) == {tea: 1}
        evening()
        # What was waited for was served at once; the broken piece was promised to nobody.
        assert not Order.objects.filter(state="awaiting_stock").exists()

        # 解決: the broken one goes back, the two that never came are asked for on the bill.
        settling.settle(
            found["damaged"], resolution="return", note="着払いで返送", is_replaced=True, by=takahashi
        )
        settling.settle(found["short"], resolution="claim", note="請求から引いてもらう", by=tanaka)
        order = PurchaseOrder.objects.get()
        assert (order.progress, order.lines.get().open) == ("partial", 3)
        ordering.close(order, reason="残りは次の発注で", by=tanaka)
        lead = leadtimes.of_supplier(term_queries.terms_of(maker.pk), today=clock.today())
        assert lead.receipts == 1 and 5 < lead.days < 7
        evening()

    with clock.told(MONDAY + timedelta(days=18)):
        # 請求: the maker still asks for what the slip said; the difference is kept, and paid all the same this time.
        ours = payables.unbilled_yen([slip.pk])[slip.pk, 8]
        assert ours == (pieces - 3) * 500
        bill = billing.draft_bill(
            supplier_id=maker.pk, billed_on=clock.today(), lines=[BillLine(pieces * 500, 8, slip.pk)],
            supplier_bill_no="B-11", by=suzuki,
        )  # fmt: skip
        billing.post_bill(bill, by=suzuki)
        odd = Discrepancy.objects.get(kind="bill")
        assert (odd.yen, odd.expected) == (1_500, ours)
        evening()
        # … or not: it is taken back, and the right one is owed.
        billing.reverse_bill(bill, reason="3 点分の誤り。再発行を依頼", by=suzuki)
        right = billing.draft_bill(
            supplier_id=maker.pk, billed_on=clock.today(), lines=[BillLine(ours, 8, slip.pk)], supplier_bill_no="B-11", by=suzuki
        )  # fmt: skip
        billing.post_bill(right, by=suzuki)
        assert payables.balance_of(maker.pk) == right.total_yen
        evening()

    with clock.told(MONDAY + timedelta(days=36)):
        # 支払: one file for the bank, written once.
        due = list(payables.payable_now().values_list("pk", flat=True))
        run = paying.gather(due, pay_on=right.due_on, by=suzuki)
        run = paying.write_file(run, by=suzuki)
        assert paying.file_of(run).count(b"\r\n") == 4
        paying.mark_paid(run, by=suzuki)
        assert payables.balance_of(maker.pk) == 0
        evening()
