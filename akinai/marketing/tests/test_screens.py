"""クーポンとポイントの画面: who may, what is refused in words, what is written, and how few queries a page takes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from akinai.content import ports as content
from akinai.core import long_jobs
from akinai.core.models import LongJob
from akinai.marketing import queries, storefront
from akinai.marketing.models import Coupon, CouponCode, PointEntry, PointSettings
from akinai.marketing.services import points
from akinai.marketing.tests.scene import coupon, customer, life, order
from tests.cast import company, staff
from tests.test_office_doors import closed_to

pytestmark = pytest.mark.django_db
LISTS = ["coupons", "uses", "codes", "points", "point_entries"]
FORM = {
    "code": "natsu",
    "name": "夏",
    "kind": "percent",
    "amount": "10",
    "person_limit": "1",
    "is_active": "on",
}


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(staff("伊藤"))
    return client


def test_only_those_who_may_see_them(client: Client) -> None:
    client.force_login(staff("部外者"))
    assert [client.get(reverse(f"marketing:{name}")).status_code for name in LISTS] == [403] * 5
    client.force_login(staff("佐藤"))
    assert client.get(reverse("marketing:coupons")).status_code == 200
    assert client.get(reverse("marketing:new_coupon")).status_code == 403
    assert client.post(reverse("marketing:point_settings"), {}).status_code == 403


def test_a_coupon_is_made_changed_and_refused_in_words(manager: Client) -> None:
    bad = {**FORM, "amount": "101", "goods": "NO-1", "starts_on": "2026-12-02", "ends_on": "2026-12-01"}
    page = manager.post(reverse("marketing:new_coupon"), bad)
    text = page.content.decode()
    assert page.status_code == 422 and not Coupon.objects.exists()
    assert all(
        word in text for word in ("100 までの％", "「NO-1」は登録されていません", "終了日が開始日より前")
    )
    assert manager.post(reverse("marketing:new_coupon"), FORM).status_code == 302
    made = Coupon.objects.get()
    assert (made.code, made.words, made.created_by) == ("NATSU", "10％引き", staff("伊藤"))
    Coupon.objects.update(used=3)
    low = manager.post(reverse("marketing:edit_coupon", args=[made.pk]), {**FORM, "total_limit": "2"})
    assert "すでに 3 回" in low.content.decode()
    manager.post(reverse("marketing:switch_coupon", args=[made.pk]), {"on": "0"})
    made.refresh_from_db()
    assert (made.is_active, made.used) == (False, 3)


def test_a_batch_of_codes_becomes_one_file_however_often_it_is_run(manager: Client) -> None:
    made = coupon()
    told = {"batch": "同梱チラシ", "count": "1,200", "expires_on": ""}
    assert manager.post(reverse("marketing:make_codes", args=[made.pk]), told).status_code == 302
    job = LongJob.objects.get()
    long_jobs.run(job.pk)
    LongJob.objects.filter(pk=job.pk).update(state="running", done=0)
    long_jobs.run(job.pk)
    assert CouponCode.objects.count() == 1200
    file = b"".join(manager.get(reverse("jobs:download", args=[job.pk])).streaming_content)  # type: ignore[attr-defined]
    assert file.decode("utf-8-sig").count("同梱チラシ") == 1200


def test_points_are_corrected_with_a_reason_and_never_below_zero(manager: Client) -> None:
    aoki, url = customer(), reverse("marketing:correct_points")
    told: dict[str, Any] = {"customer": aoki.number, "points": "１００", "reason": "お詫び"}
    assert manager.post(url, told).status_code == 302 and points.balance(aoki.pk) == 100
    page = manager.post(url, {**told, "points": "-101"})
    assert page.status_code == 422 and "残高は 100 ポイント" in page.content.decode()
    assert "見つかりません" in manager.post(url, {**told, "customer": "CU-0"}).content.decode()
    assert PointEntry.objects.get().by == staff("伊藤")


def test_the_settings_are_kept(manager: Client) -> None:
    told = {
        "is_on": "on",
        "rate": "2.5",
        "rounding": "half_up",
        "channels": [],
        "valid_days": "",
        "notice_days": "0",
        "least_points": "100",
    }
    assert manager.post(reverse("marketing:point_settings"), told).status_code == 302
    row = PointSettings.objects.get()
    assert (float(row.rate), row.rounding, row.channels, row.valid_days) == (2.5, "half_up", [], None)
    assert manager.post(reverse("marketing:point_settings"), {**told, "rate": "101"}).status_code == 422


def test_every_page_shows_an_order_with_both_in_few_queries(manager: Client) -> None:
    company()
    life.goods("TEA-1")
    made, aoki = coupon(), customer()
    points.give(aoki.pk, 300, key="a", note="進呈")
    bought = order("W-1", ("TEA-1", 1, 1080), code="AKI500", discount_yen=500, spend=100)
    for name in LISTS:
        with CaptureQueriesContext(connection) as asked:
            page = manager.get(reverse(f"marketing:{name}"))
        assert page.status_code == 200 and len(asked) <= 6, (name, len(asked))
        assert manager.get(reverse(f"marketing:{name}"), {"q": "AKI500", "export": "csv"}).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        text = manager.get(reverse("marketing:coupon", args=[made.pk])).content.decode()
    assert len(asked) <= 10
    assert "¥480" in text and "¥500" in text
    assert "AKI500" in manager.get(reverse("orders:detail", args=[bought.number])).content.decode()
    assert "ポイント残高" in manager.get(reverse("party:customer", args=[aoki.number])).content.decode()


def test_what_a_customer_has_of_both_is_one_question(django_assert_num_queries: Any) -> None:
    company()
    life.goods("TEA-1")
    made, aoki = coupon(), customer()
    points.give(aoki.pk, 300, key="a", note="進呈")
    points.give(aoki.pk, 50, key="b", note="進呈")
    order("W-1", ("TEA-1", 1, 1080), code="AKI500", discount_yen=500, spend=100)
    with django_assert_num_queries(1):
        found = queries.perks_of_customer(aoki.pk)
        assert [use.coupon.code for use in found["uses"]] == [made.code]
    assert found["balance"] == points.balance(aoki.pk) == found["next_points"] and len(found["entries"]) == 3


def test_a_member_sees_his_points_and_the_codes_he_was_given_and_nobody_elses() -> None:
    coupon("THANKS", by_code_only=True)
    aoki, other = customer(), customer("MORI")
    points.give(aoki.pk, 1200, key="a", note="進呈")
    code = content.give_coupon("THANKS", "survey:1:aoki", aoki.pk)
    theirs = content.give_coupon("thanks", "survey:1:mori", other.pk)
    told = storefront.for_member(None, SimpleNamespace(customer_id=aoki.pk))  # type: ignore[arg-type]
    assert "1,200" in told and code in told and theirs not in told
    assert content.give_coupon("NONE", "k", None) == ""
    assert storefront.for_member(None, SimpleNamespace(customer_id=None)) == ""  # type: ignore[arg-type]


def test_coupons_are_made_by_who_sells_and_the_rate_of_points_is_the_managers() -> None:
    assert closed_to("伊藤", "coupons", "points") == set()
    assert closed_to("田中", "coupons", "points") == {"correct_points", "point_settings"}
    making = {"new_coupon", "edit_coupon", "switch_coupon", "make_codes"}
    assert closed_to("加藤", "coupons", "points") == making | {"point_settings"}
