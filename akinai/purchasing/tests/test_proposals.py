"""補充の提案: what sells and runs short is proposed with its reason, in lots, once; a chosen set becomes one draft per supplier."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from akinai.core import clock, long_jobs
from akinai.core.errors import ChangedMeanwhile
from akinai.core.models import LongJob
from akinai.purchasing.models import Proposal, PurchaseOrder
from akinai.purchasing.services import ordering, proposing, tell_terms
from akinai.purchasing.tests import factories
from akinai.stock.sold_out import sold_out_days
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db


def sold(code: str, pieces: int, days: int = 60) -> None:
    """So many pieces a day for two months, told by orders; nothing of it on the shelf any more."""
    today = clock.today()
    for ago in range(1, days + 1):
        day = today - timedelta(days=ago)
        at = clock.now() - timedelta(days=ago)
        cast.place(cast.draft(f"{code}-{day:%Y%m%d}", (code, pieces, 1080), ordered_at=at))


def test_what_runs_short_is_proposed_in_whole_lots_with_its_reason() -> None:
    tea, cup = cast.sku("TEA", pieces=300), cast.sku("CUP", pieces=300)
    seller = factories.supplier()
    factories.sells(seller, tea, "500", lot=12, moq=24)
    factories.sells(seller, cup, "300")
    tell_terms(seller.pk, by=None, lead_days=5)
    sold("TEA", 5)
    done = proposing.propose()
    row = Proposal.objects.get()
    assert (row.sku_id, row.state, row.supplier_id) == (tea, "open", seller.pk)
    assert row.quantity % 12 == 0 and row.quantity >= 24
    assert row.on_hand - row.promised + row.incoming <= row.reorder_point
    assert "1日平均 5 個" in row.reason and "発注します" in row.reason
    assert (done.proposals, done.yen) == (1, row.quantity * 500)


def test_what_is_on_order_already_is_not_proposed_again() -> None:
    tea, seller = cast.sku("TEA", pieces=300), factories.supplier()
    factories.sells(seller, tea, "500")
    sold("TEA", 5)
    proposing.propose()
    (order,) = proposing.draft_chosen(Proposal.objects.all(), by=None)
    assert (order.state, order.lines.get().reason) == ("draft", Proposal.objects.get().reason)
    assert proposing.propose().proposals == 0
    ordering.cancel(order, reason="やめた", by=None)
    assert proposing.propose().proposals == 1


def test_a_chosen_set_becomes_one_draft_per_supplier_and_once() -> None:
    one, two = factories.supplier("S1"), factories.supplier("S2")
    for code, seller in (("TEA", one), ("CUP", one), ("POT", two)):
        factories.sells(seller, cast.sku(code, pieces=70), "500")
        sold(code, 3, days=20)
    proposing.propose()
    chosen = list(Proposal.objects.all())
    made = proposing.draft_chosen(chosen, by=None)
    assert [(order.supplier_id, order.lines.count()) for order in made] == [(one.pk, 2), (two.pk, 1)]
    with pytest.raises(ChangedMeanwhile):
        proposing.draft_chosen(chosen, by=None)
    assert PurchaseOrder.objects.count() == 2


def test_what_was_passed_over_keeps_silent_until_the_next_look() -> None:
    tea, seller = cast.sku("TEA", pieces=100), factories.supplier()
    factories.sells(seller, tea, "500")
    sold("TEA", 4, days=20)
    proposing.propose()
    proposing.pass_over(Proposal.objects.all(), by=None)
    assert proposing.propose().proposals == 0
    later = clock.today() + timedelta(days=8)
    assert proposing.propose(today=later).proposals == 1


def test_goods_that_sell_without_a_supplier_are_counted() -> None:
    cast.sku("TEA", pieces=100)
    sold("TEA", 1, days=3)
    done = proposing.propose()
    assert (done.proposals, done.without_supplier) == (0, 1)


def test_a_day_that_ended_with_nothing_left_is_known_as_sold_out() -> None:
    tea, today = cast.sku("TEA"), clock.today()
    with clock.told(clock.now() - timedelta(days=3)):
        cast.receive(tea, 5, key="in")
    days = sold_out_days([tea], first_on=today - timedelta(days=5), last_on=today)
    assert days == []
    cast.receive(tea, -5, key="out")
    assert sold_out_days([tea], first_on=today - timedelta(days=5), last_on=today) == [(tea, today)]


@pytest.mark.django_db(transaction=True)
def test_two_clerks_drafting_the_same_proposal_order_it_once() -> None:
    tea, seller = cast.sku("TEA", pieces=100), factories.supplier()
    factories.sells(seller, tea, "500")
    sold("TEA", 4, days=20)
    proposing.propose()
    chosen = list(Proposal.objects.all())
    answers = together(*[lambda: proposing.draft_chosen(chosen, by=None)] * 3)
    assert sum(isinstance(answer, ChangedMeanwhile) for answer in answers) == 2
    assert PurchaseOrder.objects.count() == 1


def test_the_proposals_are_chosen_on_their_page(client: Client) -> None:
    tea, seller = cast.sku("TEA", pieces=100), factories.supplier()
    factories.sells(seller, tea, "500")
    sold("TEA", 4, days=20)
    client.force_login(cast.staff("田中"), backend="akinai.staff.backends.StaffBackend")
    job = client.post("/office/replenishment/now/")
    assert Proposal.objects.count() == 0
    assert client.post("/office/replenishment/now/")["Location"] == job["Location"]
    long_jobs.run(LongJob.objects.get().pk)
    page_of_job = client.get(job["Location"]).content.decode()
    assert "補充の提案と適正在庫の計算" in page_of_job and "提案の金額" in page_of_job
    page = client.get("/office/replenishment/").content.decode()
    assert "なぜ" in page and "TEA" in page
    answer = client.post("/office/replenishment/", {"bulk": "draft", "pk": Proposal.objects.get().pk})
    assert answer.status_code in (200, 302)
    client.force_login(cast.staff("佐藤"), backend="akinai.staff.backends.StaffBackend")
    assert client.post("/office/replenishment/now/").status_code == 403
