"""登録マニュアル: versions stay as they were, the form shows the newest, and the time registering took is measured."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akinai.catalog import services
from akinai.catalog.models import Category, FormSession, Manual, Product
from akinai.catalog.services.manuals import Step, current_manual, opened_token, speed_of, speeds_by_version
from akinai.catalog.tests.factories import make_sku
from akinai.core import clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from tests.cast import staff
from tests.together import together

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 12, 1, 10, 0))


@pytest.fixture
def tea() -> Category:
    return Category.objects.create(name="お茶")


def publish(category: Category | None, *titles: str, after: int = 0) -> Manual:
    return services.publish_manual(category, [Step(title) for title in titles], after=after, by=staff("田中"))


def test_a_new_version_leaves_the_old_one_as_it_was(tea: Category) -> None:
    publish(tea, "撮影する")
    publish(tea, "撮影する", "重さを量る", after=1)
    assert [(row.version, len(row.steps)) for row in Manual.objects.order_by("version")] == [(1, 1), (2, 2)]
    newest = current_manual(tea)
    assert newest is not None and newest.version == 2
    for act in (Manual.objects.all().delete, lambda: Manual.objects.update(note="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_goods_without_a_manual_of_their_own_have_the_common_one(tea: Category) -> None:
    assert current_manual(tea) is None
    common = publish(None, "名前を確かめる")
    assert current_manual(tea) == common == current_manual(None)
    own = publish(tea, "撮影する")
    assert current_manual(tea) == own
    publish(tea, after=1)  # given up
    assert current_manual(tea) == common


def test_the_same_steps_are_no_new_version(tea: Category) -> None:
    publish(tea, "撮影する")
    with pytest.raises(DomainError, match="変わっていません"):
        publish(tea, "撮影する", after=1)


@pytest.mark.django_db(transaction=True)
def test_two_authors_never_write_over_each_other(tea: Category) -> None:
    person = staff("田中")
    answers = together(*[
        lambda title=title: services.publish_manual(tea, [Step(title)], after=0, by=person) for title in ("撮影する", "量る")
    ])  # fmt: skip
    assert sorted(isinstance(answer, ChangedMeanwhile) for answer in answers) == [False, True]
    assert Manual.objects.count() == 1


def session(
    product: Product, *, minutes: float, active: str = "", skus: int = 1, is_new: bool = True
) -> FormSession | None:
    with clock.told(NOW):
        token = opened_token()
    with clock.told(NOW + timedelta(minutes=minutes)):
        return services.record_session(product, token=token, active=active, is_new=is_new, skus=skus, by=None)


def test_work_is_counted_and_never_more_than_the_form_was_open() -> None:
    product = make_sku("A").product
    counted = [session(product, minutes=10, active=active) for active in ("300", "9999", "", "-5", "abc")]
    assert [row and row.seconds for row in counted] == [300, 600, 600, 600, 600]


def test_a_form_left_open_for_hours_or_made_up_says_nothing() -> None:
    product = make_sku("A").product
    assert session(product, minutes=300) is None
    assert (
        services.record_session(product, token="1700000000", active="60", is_new=True, skus=1, by=None)
        is None
    )


def test_minutes_per_sku_are_shown_by_version(tea: Category) -> None:
    product = make_sku("A").product
    Product.objects.filter(pk=product.pk).update(category=tea)
    product.refresh_from_db()
    publish(tea, "撮影する")
    session(product, minutes=12, skus=2)
    publish(tea, "撮影する", "写す", after=1)
    session(product, minutes=6, skus=3)
    session(product, minutes=50, skus=1, is_new=False)  # changing is not registering
    with clock.told(NOW):
        whole = speed_of(tea)
    assert [(one.version, one.skus, one.minutes) for one in speeds_by_version(tea)] == [
        (2, 3, 2.0),
        (1, 2, 6.0),
    ]
    assert whole is not None and (whole.skus, whole.minutes) == (5, 3.6)


@pytest.fixture
def tanaka(client: Client) -> Client:
    client.force_login(staff("田中"))
    return client


def test_the_form_shows_the_manual_and_measures_itself(tanaka: Client, tea: Category) -> None:
    publish(None, "名前を確かめる")
    publish(tea, "急須で試飲する")
    page = tanaka.get(reverse("catalog:create"))
    assert "名前を確かめる" in page.content.decode()
    swapped = tanaka.get(reverse("catalog:attribute_fields"), {"category": "お茶"}).content.decode()
    assert "急須で試飲する" in swapped and 'hx-swap-oob="true"' in swapped
    form = {
        "code": "T", "name": "煎茶", "tax_kind": "reduced", "status": "active", "category": "お茶", "kana": "", "brand": "",
        "description": "", "sku-TOTAL_FORMS": "2", "sku-INITIAL_FORMS": "0", "sku-0-code": "T-1", "sku-0-price_yen": "1",
        "sku-0-is_active": "on", "sku-1-code": "T-2", "sku-1-price_yen": "1", "sku-1-is_active": "on",
        "opened": page.context["opened"], "active_seconds": "0",
    }  # fmt: skip
    tanaka.post(reverse("catalog:create"), form)
    row = FormSession.objects.get()
    assert (row.skus, row.is_new, row.manual and row.manual.steps[0]["title"]) == (2, True, "急須で試飲する")


def test_the_manual_is_written_on_its_page_and_old_versions_can_be_read(
    tanaka: Client, tea: Category
) -> None:
    address = reverse("catalog:edit_manual", args=[tea.pk])
    form = {
        "step-TOTAL_FORMS": "2", "step-INITIAL_FORMS": "0", "step-0-title": "撮影する", "step-0-body": "白い背景で\n3枚",
        "step-1-title": "", "note": "はじめて", "after": "0",
    }  # fmt: skip
    wrong = tanaka.post(address, form | {"step-1-body": "説明だけ"})
    assert wrong.status_code == 422 and "手順の名前" in wrong.content.decode()
    tanaka.post(address, form)
    tanaka.post(address, form | {"step-1-title": "量る", "after": "1"})
    page = tanaka.get(reverse("catalog:manual", args=[tea.pk])).content.decode()
    assert "量る" in page and "第1版" in page and "はじめて" in page
    old = tanaka.get(reverse("catalog:manual", args=[tea.pk]), {"version": "1"}).content.decode()
    assert "古い版" in old and "量る" not in old
    assert tanaka.get(reverse("catalog:manual", args=[tea.pk]), {"version": "9"}).status_code == 404
    tanaka.force_login(staff("部外者"))
    assert tanaka.post(address, form).status_code == 403
