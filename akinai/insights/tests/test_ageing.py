"""漏れの経過日数: nothing sits longer than its limit silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.insights import services
from akinai.insights.ageing import USUAL, Aged, aged
from akinai.insights.models import LeakSnapshot
from akinai.insights.queries import BESIDE, LEAKS, leaks
from akinai.orders.models import Order
from tests.cast import company, draft, place, sku, somebody, staff

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 11, 24, 10, 0))


def paid(no: str, days_ago: int, *, channel: str = "phone") -> Order:
    """An order whose money is in, taken in so many days ago and not shipped yet."""
    sku("TEA-1")
    order = place(replace(draft(no, ("TEA-1", 1, 1080)), buyer=somebody(no)), channel=channel)
    Order.objects.filter(pk=order.pk).update(received_at=NOW - timedelta(days=days_ago))
    return order


def of(name: str, found: list[Aged]) -> Aged:
    return next(one for one in found if one.leak.name == name)


def test_every_leak_has_a_limit_and_somebody_who_looks_after_it() -> None:
    assert {leak.name for leak in (*LEAKS, *BESIDE)} == set(USUAL)


def test_things_are_counted_by_channel_and_age_and_late_after_whole_days() -> None:
    with clock.told(NOW):
        for no, days in (("A", 0), ("B", 3), ("C", 4)):
            paid(no, days)
        paid("D", 9, channel="rakuten")
        leak = of("paid_not_shipped", aged())
    assert (leak.limit_days, leak.who) == (3, "倉庫")
    assert [(p.code, p.count, p.yen, p.late, p.days) for p in leak.parts] == [
        ("rakuten", 1, 1080, 1, 9), ("phone", 3, 3240, 1, 4),
    ]  # fmt: skip
    assert (leak.count, leak.yen, leak.late, leak.days) == (4, 4320, 2, 9)
    assert leak.parts[0].url.endswith("tab=paid_not_shipped&f.channel=rakuten")


def test_the_shop_decides_who_and_how_long() -> None:
    with clock.told(NOW):
        paid("A", 2)
        services.set_limit(
            "paid_not_shipped", limit_days=1, role="受注", owner=staff("佐藤"), is_mailed=True, by=None
        )
        leak = of("paid_not_shipped", aged())
    assert (leak.late, leak.limit_days, leak.who) == (1, 1, "佐藤")
    with pytest.raises(DomainError):
        services.set_limit("nix", limit_days=1, role="受注", owner=None, is_mailed=True, by=None)


def test_the_record_of_a_day_is_rewritten_that_day_only() -> None:
    with clock.told(NOW - timedelta(days=1)):
        paid("A", 1)
        services.take_snapshot()
    with clock.told(NOW):
        services.take_snapshot()
        paid("B", 8)
        services.take_snapshot()
        assert leaks().late["paid_not_shipped"] == 1
    rows = LeakSnapshot.objects.filter(leak="paid_not_shipped").order_by("on")
    assert [(str(r.on), r.count, r.late, r.oldest_days) for r in rows] == [
        ("2026-11-23", 1, 0, 0), ("2026-11-24", 2, 1, 8),
    ]  # fmt: skip


def test_owners_hear_of_what_is_late_once_a_day() -> None:
    company()
    sato = staff("佐藤")
    sato.email = "sato@example.jp"
    sato.save()
    with clock.told(NOW):
        paid("A", 2)
        assert services.tell_late(services.take_snapshot()) == []
        paid("B", 5)
        (to_shop,) = services.tell_late(services.take_snapshot())
        assert (to_shop.to, "1 件" in to_shop.subject) == ("shop@example.jp", True)
        services.set_limit("paid_not_shipped", limit_days=1, role="受注", owner=sato, is_mailed=True, by=None)
        (to_owner,) = services.tell_late(services.take_snapshot())
        assert (to_owner.to, "入金済・未出荷　2 件が期限 1 日を超過" in to_owner.body) == (
            "sato@example.jp",
            True,
        )
        services.tell_late(services.take_snapshot())
    assert OutgoingMail.objects.count() == 2


def test_the_screen_shows_edits_and_exports(client: Client, django_assert_max_num_queries: Any) -> None:
    with clock.told(NOW):
        paid("A", 9, channel="rakuten")
        services.take_snapshot()
        client.force_login(staff("鈴木"))
        client.get("/office/leaks/")
        with django_assert_max_num_queries(12):
            page = client.get("/office/leaks/").content.decode()
        assert "期限より長く残っているものは 1 件です" in page
        assert client.get("/office/leaks/?only=late").content.decode().count("<strong>") < page.count(
            "<strong>"
        )
        told = {"role": "倉庫", "owner": "", "limit_days": "20", "is_mailed": "on"}
        assert client.post("/office/leaks/paid_not_shipped/", {**told, "limit_days": "x"}).status_code == 422
        assert client.post("/office/leaks/paid_not_shipped/", told).status_code == 302
        assert of("paid_not_shipped", aged()).late == 0
        csv = client.get("/office/leaks/export.csv").content.decode("utf-8-sig").splitlines()
        assert csv[1] == "入金済・未出荷,楽天市場,1,1080,20,0,9,倉庫"
        assert client.get("/office/leaks/nix/").status_code == 404
        client.force_login(staff("高橋"))
        assert client.get("/office/leaks/").status_code == 200
        assert client.post("/office/leaks/paid_not_shipped/", told).status_code == 403
        client.force_login(staff("部外者"))
        assert client.get("/office/leaks/").status_code == 403
