"""記事の番人: what keeps an answer for all right, and what the public may do with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from akinai.catalog.models import Sku
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.staff.models import Staff
from akinai.support import services
from akinai.support.models import Article, ArticleHit, Ticket
from akinai.support.services import articles, deflection, tied
from akinai.support.services.articles import ArticleText
from akinai.support.tests.letters import letter
from akinai.support.views import faq
from tests import cast

pytestmark = pytest.mark.django_db
TEXT = ArticleText("送料はいくらですか？", "全国一律 550 円です。", "配送料 運賃", "other")


def published(by: Staff, text: ArticleText = TEXT) -> Article:
    article = articles.write(text, by=by)
    articles.publish(article, by=by)
    return Article.objects.get(pk=article.pk)


def test_a_draft_comes_from_what_was_answered_and_is_over(kato: Staff) -> None:
    services.receive(letter())
    ticket = Ticket.objects.get()
    services.reply(ticket, services.Reply("お調べします。", "k", in_spite_of=True), by=kato)
    ticket.refresh_from_db()
    with pytest.raises(DomainError, match="解決して、返信を送った"):
        articles.draft_of(ticket)


def test_who_writes_on_a_draft_does_not_write_on_what_went_out_meanwhile(ito: Staff) -> None:
    draft = articles.write(TEXT, by=ito)
    articles.publish(Article.objects.get(pk=draft.pk), by=ito)
    with pytest.raises(DomainError, match="ほかの人がこの記事を変えました"):
        articles.change(draft, ArticleText("x", "0 円です。"), seen=draft.version, by=ito)
    assert Article.objects.get().answer == TEXT.answer


def test_persons_are_not_put_before_the_manager_nor_into_other_wordings(ito: Staff) -> None:
    for text in (
        ArticleText("質問", "090-1234-5678 の方と同じです。"),
        ArticleText("質問", "答え", "090-1234-5678"),
    ):
        article = articles.write(text, by=ito)
        for act in (articles.submit, articles.publish):
            with pytest.raises(DomainError, match="個人の情報かもしれない"):
                act(article, by=ito)


def test_what_an_answer_is_tied_to_is_its_own_and_still_there(ito: Staff) -> None:
    cast.sku("TEA-1")
    one, other = published(ito), published(ito)
    link = tied.tie(one, "sku", "TEA-1", by=ito)
    tied.untie(other, link.pk, by=ito)
    assert one.links.count() == 1
    one.links.update(ref=Sku.objects.latest("pk").pk + 1)
    with pytest.raises(DomainError, match="なくなっています"):
        tied.still_right(one, by=ito)


def test_the_public_is_counted_within_bounds_and_only_who_may_be(
    ito: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    article, visitor = published(ito), Client()
    monkeypatch.setattr(faq, "PER_ADDRESS", 2)

    def hit(kind: str, client: Client = visitor, **head: str) -> int:
        return client.post("/faq/hit/", {"hit": f"{article.number}:{kind}"}, headers=head).status_code

    clerk = Client()
    clerk.force_login(ito)
    assert [hit("opened", clerk), hit("opened", DNT="1"), hit("opened", **{"Sec-GPC": "1"})] == [302] * 3
    assert not ArticleHit.objects.exists()
    visitor.cookies["answers"] = "f" * 32  # a number of his own making
    assert (hit("inserted"), hit("helped"), hit("solved")) == (404, 302, 302)
    assert sorted(ArticleHit.objects.values_list("kind", flat=True)) == ["helped", "opened"]
    assert not ArticleHit.objects.filter(visit="f" * 32).exists()
    asks = [
        visitor.post("/faq/suggest/", {"text": one}).status_code
        for one in ("送料", *["送料はいくらですか"] * 3)
    ]
    assert asks == [204, 200, 200, 204]


def test_what_visitors_did_is_forgotten_after_a_year_and_a_month(ito: Staff) -> None:
    article = published(ito)
    for days, visit in ((399, "kept"), (401, "old")):
        hit = ArticleHit.objects.create(article=article, kind="shown", place="faq", visit=visit)
        ArticleHit.objects.filter(pk=hit.pk).update(at=clock.now() - timedelta(days=days))
    assert deflection.forget_old() == 1
    assert ArticleHit.objects.get().visit == "kept"
