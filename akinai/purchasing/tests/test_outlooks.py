"""適正在庫: every SKU is judged with its reason in words and yen; the shop's aim moves the levels, and both are shown."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from akinai.catalog.models import Sku
from akinai.core import clock, long_jobs
from akinai.core.errors import DomainError
from akinai.core.models import LongJob
from akinai.purchasing.models import StockAim, StockOutlook
from akinai.purchasing.services import outlooks, proposing, tell_terms
from akinai.purchasing.tests import factories
from akinai.purchasing.tests.test_proposals import sold
from tests import cast

pytestmark = pytest.mark.django_db


def a_shop() -> dict[str, int]:
    """TEA sells out, CUP sells slowly with plenty on the shelf, OLD has not moved for half a year."""
    with clock.told(clock.now() - timedelta(days=170)):
        ids = {"OLD": cast.sku("OLD", pieces=40)}
        cast.place(cast.draft("OLD-1", ("OLD", 1, 1080), ordered_at=clock.now()))
    with clock.told(clock.now() - timedelta(days=130)):
        ids |= {"TEA": cast.sku("TEA", pieces=320), "CUP": cast.sku("CUP", pieces=900)}
    seller = factories.supplier()
    factories.sells(seller, ids["TEA"], "500", lot=12)
    factories.sells(seller, ids["CUP"], "300")
    tell_terms(seller.pk, by=None, lead_days=5)
    Sku.objects.filter(code="OLD").update(cost=Decimal("400"))
    for days in (120, 100, 80):
        cast.place(cast.draft(f"C-{days}", ("CUP", 1, 1080), ordered_at=clock.now() - timedelta(days=days)))
    sold("TEA", 5)
    return ids


def of(sku_id: int) -> StockOutlook:
    return StockOutlook.objects.get(sku_id=sku_id)


def test_every_sku_is_judged_and_told_in_words_and_yen() -> None:
    ids = a_shop()
    proposing.propose()
    tea, cup, old = of(ids["TEA"]), of(ids["CUP"]), of(ids["OLD"])
    assert (tea.state, cup.state, old.state) == ("short", "over", "dead")
    assert (tea.abc, tea.pattern, tea.tied_up_yen) == ("A", "smooth", 160_000)
    assert "を発注します" in tea.words["order"] and tea.words["cost"].startswith("1年の費用")
    assert sum(tea.weeks) == 300 and tea.weeks[-1] == 35
    assert cup.surplus > 700 and len(cup.words["proposals"]) >= 3
    assert (old.supplier, old.tied_up_yen) == (None, 16_000)
    assert old.act in {"markdown", "dispose"} and old.words["proposals"][0].startswith(("値下げ", "廃棄"))


def test_the_next_calculation_takes_the_place_of_the_last() -> None:
    ids = a_shop()
    proposing.propose()
    cast.receive(ids["TEA"], 500, key="more")
    proposing.propose()
    assert StockOutlook.objects.count() == 3
    assert of(ids["TEA"]).state == "right"


def test_a_higher_aim_keeps_more_and_the_curve_says_what_it_costs() -> None:
    ids = a_shop()
    proposing.propose()
    cheapest = of(ids["TEA"]).reorder_point
    aim = StockAim.objects.get()
    fills = [point["fill"] for point in aim.curve]
    assert fills == sorted(fills) and len(set(fills)) == len(fills)
    assert aim.now["total_yen"] <= min(point["total_yen"] for point in aim.curve)
    outlooks.choose_aim("overall", Decimal("0.800"), by=None)
    proposing.propose()
    assert of(ids["TEA"]).reorder_point < cheapest
    assert StockAim.objects.get().now["fill"] < aim.now["fill"]


def test_an_aim_outside_the_scale_is_refused_in_python_and_by_the_database() -> None:
    with pytest.raises(DomainError, match="80.0% から"):
        outlooks.choose_aim("overall", Decimal("0.5"), by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockAim.objects.create(pk=1, kind="overall", level=Decimal("0.5"))
    with pytest.raises(IntegrityError), transaction.atomic():
        StockAim.objects.create(pk=2)


def test_who_buys_sees_it_and_moves_the_aim_and_a_stranger_does_not(client: Client) -> None:
    ids = a_shop()
    proposing.propose()
    client.force_login(cast.staff("部外者"))
    for name, args in (("outlooks", []), ("outlook", [ids["TEA"]]), ("aim", [])):
        assert client.get(reverse(f"purchasing:{name}", args=args)).status_code == 403
    client.force_login(cast.staff("田中"))
    assert "動いていない" in client.get(reverse("purchasing:outlooks")).content.decode()
    page = client.get(reverse("purchasing:outlook", args=[ids["OLD"]])).content.decode()
    assert "余っている在庫をどうするか" in page and "登録なし" in page
    page = client.get(reverse("purchasing:aim")).content.decode()
    assert "どこまで切らさないか" in page and "データ" not in page
    assert client.post(reverse("purchasing:choose_aim"), {"level": "0.95"}).status_code == 302
    made_at = StockAim.objects.get().made_at
    long_jobs.run(LongJob.objects.get().pk)
    assert StockAim.objects.get().made_at > made_at
    aim = StockAim.objects.get()
    assert (aim.kind, aim.level, str(aim.changed_by)) == ("overall", Decimal("0.950"), "田中")
    client.post(reverse("purchasing:choose_aim"), {"level": "0.2"})
    assert StockAim.objects.get().level == Decimal("0.950")
    client.post(reverse("purchasing:choose_aim"))
    assert StockAim.objects.get().kind == "cheapest"
