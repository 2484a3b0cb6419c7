"""名寄せ: two customers who are one person become one; orders, money, names and terms follow, and go back when it was wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from akinai.billing import services as billing
from akinai.billing.models import BillingTerms
from akinai.core import clock, proofs
from akinai.core.errors import DomainError
from akinai.orders.models import Order
from akinai.party import merging
from akinai.party.models import Customer, CustomerMerge
from akinai.payments.models import CreditBalance, PayerAlias
from akinai.payments.services import ledger
from akinai.payments.services.ledger import Entry
from tests.cast import company, draft, place, sku, somebody, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Customer, Customer]:
    """青木 with one order, and 青木 under another mail with two, 300 yen and a payer's name."""
    company()
    sku("TEA-1", pieces=20)
    one, other = somebody("A"), replace(somebody("B"), name="青木 美咲")
    kept = place(draft("A-1", ("TEA-1", 1, 1080), buyer=one)).customer
    gone = place(draft("B-1", ("TEA-1", 1, 1080), buyer=other)).customer
    place(draft("B-2", ("TEA-1", 1, 1080), buyer=other))
    assert kept and gone and kept.pk != gone.pk
    ledger.write([Entry("credit", 300, customer_id=gone.pk)], on=clock.today(), key="k", by=None)
    PayerAlias.objects.create(customer=gone, payer_key="アオキ")
    return kept, gone


def orders_of(customer: Customer) -> list[str]:
    return sorted(Order.objects.filter(customer=customer).values_list("channel_order_no", flat=True))


def credit(customer: Customer) -> int:
    row = CreditBalance.objects.filter(pk=customer.pk).first()
    return row.balance_yen if row else 0


def broken() -> list[str]:
    return [found.name for found in proofs.run_all() if found.broken]


def test_everything_follows_and_new_orders_too(pair: tuple[Customer, Customer]) -> None:
    kept, gone = pair
    assert dict(merging.told(gone)) == {"受注": "2 件", "預り金": "¥300", "名義の覚え": "1 件"}
    merging.merge(kept, gone, reason="同じ方", by=staff("伊藤"))
    assert (orders_of(kept), orders_of(gone)) == (["A-1", "B-1", "B-2"], [])
    assert (credit(kept), credit(gone)) == (300, 0)
    assert PayerAlias.objects.get().customer == kept
    again = place(draft("B-3", ("TEA-1", 1, 1080), buyer=replace(somebody("B"), name="青木 美咲")))
    assert again.customer == kept
    assert broken() == []
    with pytest.raises(DomainError, match="すでに名寄せ"):
        merging.merge(kept, gone, reason="x", by=None)


def test_taken_apart_again_each_has_his_own_and_what_came_since_stays(
    pair: tuple[Customer, Customer],
) -> None:
    kept, gone = pair
    row = merging.merge(kept, gone, reason="同じ方", by=None)
    place(draft("B-3", ("TEA-1", 1, 1080), buyer=replace(somebody("B"), name="青木 美咲")))
    with pytest.raises(DomainError, match="理由"):
        merging.take_apart(row, reason=" ", by=None)
    merging.take_apart(row, reason="別人でした", by=staff("伊藤"))
    assert (orders_of(kept), orders_of(gone)) == (["A-1", "B-3"], ["B-1", "B-2"])
    assert (credit(kept), credit(gone)) == (0, 300)
    assert PayerAlias.objects.get().customer == gone
    with pytest.raises(DomainError, match="もう取り消せません"):
        merging.take_apart(row, reason="x", by=None)
    assert merging.merge(kept, gone, reason="やはり同じ方", by=None).pk != row.pk
    assert broken() == []


def terms(who: Customer, day: int) -> BillingTerms:
    return billing.save_terms(BillingTerms(customer=who, closing_day=day, since=date(2026, 11, 1)), by=None)


def test_terms_follow_and_different_ones_ask_for_a_choice(pair: tuple[Customer, Customer]) -> None:
    kept, gone = pair
    terms(kept, 20), terms(gone, 10)
    with pytest.raises(DomainError, match="請求条件が違います"):
        merging.merge(kept, gone, reason="x", by=None)
    assert Customer.objects.get(pk=gone.pk).merged_into is None
    row = merging.merge(kept, gone, reason="x", choice="gone", by=None)
    assert BillingTerms.objects.get().closing_day == 10
    merging.take_apart(row, reason="別人", by=None)
    assert dict(BillingTerms.objects.values_list("customer", "closing_day")) == {kept.pk: 20, gone.pk: 10}


def test_terms_of_the_one_that_goes_become_the_others(pair: tuple[Customer, Customer]) -> None:
    kept, gone = pair
    terms(gone, 10)
    row = merging.merge(kept, gone, reason="x", by=None)
    assert BillingTerms.objects.get().customer == kept
    merging.take_apart(row, reason="別人", by=None)
    assert BillingTerms.objects.get().customer == gone


def test_who_has_monthly_papers_cannot_go(pair: tuple[Customer, Customer]) -> None:
    from akinai.billing.tests.monthly import sold

    kept, gone = pair
    terms(gone, 31)
    sold(gone, date(2026, 11, 10))
    billing.issue_what_can_be(list(Order.objects.filter(customer=gone, state__in=["shipped", "completed"]).values_list("pk", flat=True)), by=None)  # fmt: skip
    with pytest.raises(DomainError, match="月締めの書類"):
        merging.merge(kept, gone, reason="x", by=None)
    merging.merge(gone, kept, reason="逆に", by=None)
    assert orders_of(gone)[:2] == ["A-1", "B-1"]


def test_the_manager_merges_on_the_screen_and_a_clerk_of_the_warehouse_does_not(
    pair: tuple[Customer, Customer], client: Client
) -> None:
    kept, gone = pair
    page = reverse("party:merge", args=[kept.number])
    client.force_login(staff("高橋"))
    assert client.get(page).status_code == 403
    client.force_login(staff("伊藤"))
    shown = client.get(page, {"gone": gone.number}).content.decode()
    assert "2 件" in shown and "¥300" in shown
    assert "その番号の顧客はありません" in client.get(page, {"gone": "CU-X"}).content.decode()
    assert client.post(page, {"gone": gone.number, "reason": "同じ方", "merge": "1"}).status_code == 302
    row = CustomerMerge.objects.get()
    assert "に名寄せしました" in client.get(reverse("party:customer", args=[gone.number])).content.decode()
    assert gone.number not in client.get(reverse("party:customers")).content.decode()
    undo = reverse("party:take_apart", args=[kept.number, row.pk])
    assert client.post(undo, {"reason": "別人"}).status_code == 302
    assert Customer.objects.get(pk=gone.pk).merged_into is None
