"""お問い合わせの前に: near answers come first, nothing that was written is lost, and who writes all the same is counted."""

from __future__ import annotations

import pytest
from django.test import Client

from akinai.shop.models import Inquiry
from akinai.shop.tests.test_inquiries import earlier_stamp
from akinai.support.models import ArticleHit
from akinai.support.services import articles
from akinai.support.services.articles import ArticleText
from tests import cast

pytestmark = pytest.mark.django_db
TYPED = {
    "kind": "order",
    "name": "青木 美咲",
    "email": "aoki@example.com",
    "text": "お届け先の住所を変更できますか。",
}


def told_stamp(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    cast.company()
    return TYPED | {"stamp": earlier_stamp(monkeypatch, 30)}


def test_an_answer_is_shown_before_anything_is_sent_and_then_it_is_sent_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    typed = told_stamp(monkeypatch)
    ito = cast.staff("伊藤")
    article = articles.write(
        ArticleText("注文のあとでお届け先の住所を変更できますか？", "発送前なら変更できます。"), by=ito
    )
    articles.publish(article, by=ito)
    client = Client()
    page = client.post("/contact/", typed)
    assert page.status_code == 200
    assert "よくあるご質問に答えがあるかもしれません" in page.text
    assert "発送前なら変更できます。" in page.text
    assert 'value="aoki@example.com"' in page.text
    assert not Inquiry.objects.exists()
    assert client.post("/contact/", typed | {"after_answers": "1"}).status_code == 302
    assert Inquiry.objects.count() == 1
    assert list(ArticleHit.objects.order_by("kind").values_list("kind", flat=True)) == ["asked", "shown"]
    assert len(set(ArticleHit.objects.values_list("visit", flat=True))) == 1


def test_who_is_helped_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = told_stamp(monkeypatch)
    ito = cast.staff("伊藤")
    article = articles.write(
        ArticleText("お届け先の住所を変更できますか？", "発送前なら変更できます。"), by=ito
    )
    articles.publish(article, by=ito)
    client = Client()
    assert client.post("/faq/suggest/", {"text": typed["text"]}).status_code == 200
    answer = client.post("/faq/hit/", {"hit": f"{article.number}:solved", "place": "form"}, follow=True)
    assert "解決してよかったです" in answer.text
    assert not Inquiry.objects.exists()
    assert sorted(ArticleHit.objects.values_list("kind", flat=True)) == ["opened", "shown", "solved"]


def test_without_a_near_answer_nobody_is_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().post("/contact/", told_stamp(monkeypatch)).status_code == 302
    assert Inquiry.objects.count() == 1
    assert not ArticleHit.objects.exists()
