"""公開の束: all at one moment or nothing, and back as one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from akinai.catalog.models import Product, Sku
from akinai.content.models import FeaturePage, Release, ReleaseItem, Storefront
from akinai.content.services import releases, writing
from akinai.content.tests import writers
from akinai.core import clock
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from akinai.core.models import OutgoingMail
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    cast.company()


@pytest.fixture
def tea() -> Product:
    return writers.goods("TEA-1", pieces=3, price=1080)


def _price(product: Product) -> int:
    return Sku.objects.get(product=product).price_yen


def _bundle(tea: Product, page: FeaturePage, name: str = "歳末の市") -> Release:
    release = releases.create(name=name, at=clock.now() + timedelta(days=1), memo="", by=None)
    sku = tea.skus.get()
    releases.add_item(release, kind="prices", told={"prices": [[sku.pk, sku.code, 980]]}, by=None)
    releases.add_item(release, kind="page", page_id=page.pk, by=None)
    releases.add_item(release, kind="announcement", told={"text": "歳末の市です"}, by=None)
    return release


def _due(release: Release) -> Any:
    return release.due_at + timedelta(seconds=1)


def test_everything_changes_at_its_moment_once_and_comes_back_as_one(tea: Product, client: Client) -> None:
    page = writers.feature("歳末の市", writers.picked((tea, None)), publish=False)
    release = releases.schedule(_bundle(tea, page), acknowledged=False, by=None)
    assert releases.apply_due(release.due_at - timedelta(minutes=1)) == 0
    assert (releases.apply_due(_due(release)), releases.apply_due(_due(release))) == (1, 0)
    seen = client.get(FeaturePage.objects.get(pk=page.pk).url).content.decode()
    assert "980" in seen and "歳末の市です" in seen
    before = {item.kind: item.before for item in release.items.all()}
    assert before["prices"] == {"prices": [[tea.skus.get().pk, 1080]]} and before["announcement"] == {
        "text": ""
    }
    release.refresh_from_db()
    releases.roll_back(release, by=None)
    assert (_price(tea), FeaturePage.objects.get(pk=page.pk).live) == (1080, False)
    assert Storefront.objects.get().announcement == ""
    with pytest.raises(ImpossibleMove):
        releases.roll_back(Release.objects.get(), by=None)


def test_a_page_that_was_public_before_gets_its_old_words_back(tea: Product) -> None:
    page = writers.feature("秋", lead="秋のお茶")
    writing.rewrite_page(page.pk, lead="歳末のお茶", by=None, publish=False)
    release = releases.schedule(_bundle(tea, page), acknowledged=False, by=None)
    releases.apply_due(_due(release))
    assert FeaturePage.objects.get(pk=page.pk).lead == "歳末のお茶"
    releases.roll_back(release, by=None)
    assert FeaturePage.objects.get(pk=page.pk).lead == "秋のお茶"


def test_one_failing_item_leaves_nothing_applied_and_says_why(tea: Product) -> None:
    manager = writers.staff("店の長", "店長", "manager@example.jp")
    page = writers.feature("歳末", publish=False)
    release = releases.schedule(_bundle(tea, page), acknowledged=False, by=manager)
    page.delete()
    assert releases.apply_due(_due(release)) == 0
    release.refresh_from_db()
    assert (release.state, _price(tea)) == ("failed", 1080)
    assert "ページがありません" in release.result
    assert not Storefront.objects.exclude(announcement="").exists()
    assert "歳末の市" in OutgoingMail.objects.get(to="manager@example.jp").subject
    assert releases.apply_due(_due(release)) == 0


def test_it_is_not_rolled_back_over_what_somebody_changed_since(tea: Product) -> None:
    page = writers.feature("歳末", publish=False)
    release = releases.schedule(_bundle(tea, page), acknowledged=False, by=None)
    releases.apply_due(_due(release))
    Sku.objects.filter(product=tea).update(price_yen=900)
    with pytest.raises(ChangedMeanwhile, match="TEA-1"):
        releases.roll_back(release, by=None)
    assert (_price(tea), FeaturePage.objects.get(pk=page.pk).live, Storefront.objects.get().announcement) == (
        900, True, "歳末の市です",
    )  # fmt: skip


def test_two_bundles_cannot_wait_for_one_page_or_one_price(tea: Product) -> None:
    page = writers.feature("歳末", publish=False)
    releases.schedule(_bundle(tea, page), acknowledged=False, by=None)
    other = _bundle(tea, page, "新春")
    told = [problem.sentence for problem in releases.problems(other)]
    assert any("「歳末」" in one and "歳末の市 にも入っています" in one for one in told)
    assert any("TEA-1 の価格は" in one for one in told)
    with pytest.raises(DomainError, match="予約できません"):
        releases.schedule(other, acknowledged=False, by=None)


def test_a_bundle_with_a_forbidden_word_is_not_planned(tea: Product) -> None:
    release = releases.create(name="帯", at=clock.now() + timedelta(days=1), memo="", by=None)
    releases.add_item(release, kind="announcement", told={"text": "日本一の安さ"}, by=None)
    with pytest.raises(DomainError, match="日本一"):
        releases.schedule(release, acknowledged=True, by=None)
    assert Release.objects.get().state == "draft"


def test_mail_leaves_with_the_bundle_and_what_still_waits_is_stopped() -> None:
    writers.staff("佐々木", "受注", "sasaki@example.jp")
    release = releases.create(name="便り", at=clock.now() + timedelta(days=1), memo="", by=None)
    mail = {"to": "staff", "subject": "歳末の市", "body": "はじまりました。"}
    releases.add_item(release, kind="mail", told=mail, by=None)
    releases.schedule(release, acknowledged=False, by=None)
    releases.apply_due(_due(release))
    assert OutgoingMail.objects.get().to == "sasaki@example.jp"
    releases.roll_back(release, by=None)
    assert OutgoingMail.objects.get().state == "cancelled"
    assert ReleaseItem.objects.get().note == "送る前に止めたメール 1 件、もう送ったメール 0 件。"


def test_what_is_planned_cannot_be_changed_until_it_is_taken_back(tea: Product) -> None:
    release = releases.schedule(
        _bundle(tea, writers.feature("歳末", publish=False)), acknowledged=False, by=None
    )
    with pytest.raises(DomainError, match="公開待ち"):
        releases.remove_item(release.items.first(), by=None)
    releases.withdraw(release, by=None)
    releases.remove_item(ReleaseItem.objects.first(), by=None)
    assert ReleaseItem.objects.filter(is_waiting=True).count() == 0
