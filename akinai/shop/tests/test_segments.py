"""お客様の種類: what a page may show to whom, who hears of news, and who is asked after an order."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client, RequestFactory

from akinai.content import ports
from akinai.content.models import SurveyResponse
from akinai.content.services import releases
from akinai.content.tests import voices, writers
from akinai.core import clock
from akinai.core.models import OutgoingMail
from akinai.orders.models import Order
from akinai.shop import segments
from akinai.shop.models import Member, MemberTerms
from akinai.shop.services import consents
from akinai.shop.tests import factories
from akinai.shop.tests.people import logged_in, member
from tests import cast

pytestmark = pytest.mark.django_db


def _kinds(of: Member | None) -> set[str]:
    request: Any = RequestFactory().get("/")
    request._member = of
    return set(segments.segments(request))


def _ordered(of: Member, no: str, yen: int, *, days: int) -> None:
    if not factories.Sku.objects.filter(code="TEA").exists():
        factories.goods("TEA", pieces=200, price=yen)
    order = cast.place(cast.draft(no, ("TEA", 1, yen), ordered_at=clock.now() - timedelta(days=days)))
    Order.objects.filter(pk=order.pk).update(customer_id=of.customer_id)


def test_a_visitor_is_told_apart_by_what_was_bought() -> None:
    cast.company()
    aoki = member()
    assert _kinds(None) == {"guest", "first"}
    assert _kinds(aoki) == {"member", "first"}
    _ordered(aoki, "A-1", 60_000, days=400)
    assert _kinds(aoki) == {"member", "repeat"}  # much, but more than a year ago
    _ordered(aoki, "A-2", 49_999, days=10)
    assert _kinds(aoki) == {"member", "repeat"}
    _ordered(aoki, "A-3", 1, days=1)
    assert _kinds(aoki) == {"member", "repeat", "valued"}
    Order.objects.filter(channel_order_no="A-3").update(state="cancelled")
    assert "valued" not in _kinds(aoki)
    MemberTerms.objects.create(pk=1, valued_yen=0)
    assert "valued" not in _kinds(aoki)


def test_what_is_meant_for_members_is_drawn_for_them_alone(client: Client) -> None:
    cast.company()
    text = [{"type": "text", "value": "<p>会員の方への小さなお知らせ</p>"}]
    block = ("for_some", {"starts_at": None, "ends_at": None, "for_whom": "member", "body": text})
    page = writers.feature("特集", block)
    assert "小さなお知らせ" not in client.get(page.url).content.decode()
    assert "小さなお知らせ" in logged_in(member()).get(page.url).content.decode()


def test_news_goes_to_members_who_agreed_with_the_way_out_below(settings: Any) -> None:
    cast.company()
    settings.PUBLIC_URL = ""
    reads, quiet = member(takes_news=True), member("b@example.com", takes_news=False)
    assert segments.news_readers() == {}  # a link that leads nowhere is no way out
    early = releases.create(name="早すぎる便り", at=clock.now() + timedelta(days=1), memo="", by=None)
    releases.add_item(early, kind="mail", told={"to": "news", "subject": "新茶", "body": "."}, by=None)
    assert "公開のアドレス" in releases.problems(early)[0].why
    settings.PUBLIC_URL = "https://shop.example.jp"
    release = releases.create(name="便り", at=clock.now() + timedelta(days=1), memo="", by=None)
    told = {"to": "news", "subject": "新茶です", "body": "入荷しました。"}
    releases.add_item(release, kind="mail", told=told, by=None)
    releases.schedule(release, acknowledged=False, by=None)
    releases.apply_due(release.due_at)
    sent = OutgoingMail.objects.get(subject="新茶です")
    assert sent.to == reads.mail and quiet.mail != reads.mail
    assert sent.body.startswith("入荷しました。\n\n") and "株式会社 見本茶舗" in sent.body
    stop = sent.body.split("配信の停止: https://shop.example.jp")[1].strip()
    Client().post(stop)
    assert segments.news_readers() == {}
    assert consents.set_news(Member.objects.get(pk=reads.pk), wanted=True, source="mypage")


def test_who_ordered_is_asked_on_the_page_of_thanks_and_answers_as_the_buyer(client: Client) -> None:
    factories.open_shop()
    tea = factories.goods("TEA-1", pieces=9, price=1_080)
    survey = voices.survey(asks_after_order=True, audience="buyers")
    voices.survey(slug="quiet", title="案内しないアンケート")
    done = factories.press(client, factories.walk(client, tea)).headers["Location"]
    page = client.get(done).content.decode()
    assert "アンケートのお願い" in page and survey.title in page and "案内しないアンケート" not in page
    link = page.split('href="/surveys/autumn/invited/')[1].split('"')[0]
    client.get(f"/surveys/autumn/invited/{link}")
    client.post("/surveys/autumn/?page=1", {"shown": "q1", "q-q1": "o1"})
    client.post("/surveys/autumn/?page=2", {"shown": "q3", "q-q3": "10"})
    assert SurveyResponse.objects.get().order_id == Order.objects.get().pk
    assert "アンケートのお願い" not in client.get(done).content.decode()


def test_a_page_without_the_shop_takes_everybody_for_a_guest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_segments", [])
    monkeypatch.setattr(ports, "_visitors", [])
    assert ports.segments(SimpleNamespace()) == {"guest", "first"}  # type: ignore[arg-type]
