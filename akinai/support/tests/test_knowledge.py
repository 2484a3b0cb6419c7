"""よくある質問の記事: found by how customers ask, kept by version, tied to what they speak of, and never shown to whom they are not for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.utils import (
    IntegrityError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
)
from django.test import Client
from django.test.utils import CaptureQueriesContext

from akinai.catalog.models import Sku
from akinai.core import clock
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.staff.models import Staff
from akinai.support import services
from akinai.support.models import Article, ArticleHit, ArticlePair, ArticleVersion, Ticket
from akinai.support.queries import knowledge as queries
from akinai.support.services import articles, deflection, tied
from akinai.support.services.articles import ArticleText
from akinai.support.states import ArticleState, Audience
from akinai.support.tests.letters import letter
from tests import cast

pytestmark = pytest.mark.django_db

TOLD = [
    ("送料はいくらですか？", "全国一律 550 円です。税込 5,500 円以上のご注文は送料無料です。", "配送料 運賃"),
    ("注文のあとでお届け先の住所を変えられますか？", "発送前でしたら変更できます。マイページの注文履歴からお知らせください。", ""),
    ("注文をキャンセルできますか？", "発送の準備に入る前でしたら承ります。", "取り消し"),
    ("返品はできますか？", "未開封の商品は、到着から 8 日以内なら返品を承ります。送料はお客様のご負担です。", "返したい"),
    ("商品が割れて届きました。どうすればよいですか？", "申し訳ございません。写真を添えてご連絡ください。すぐに交換品をお送りします。", "破損 不良"),
    ("領収書は発行できますか？", "マイページから PDF で発行できます。宛名も入れられます。", "インボイス 適格請求書"),
    ("のし・包装はできますか？", "無料で承ります。カートで「贈り物にする」を選んでください。", "熨斗 ギフト ラッピング"),
    ("賞味期限はどのくらいですか？", "お茶は製造から 1 年、焼き菓子は 45 日です。", "日持ち"),
    ("いつ届きますか？", "ご注文から 2〜4 日でお届けします。日時の指定もできます。", "日数 到着"),
    ("支払い方法は何がありますか？", "クレジットカード、銀行振込、代金引換が使えます。", "後払い"),
]  # fmt: skip


@pytest.fixture
def ito() -> Staff:
    cast.company()
    return cast.staff("伊藤")


@pytest.fixture
def kato() -> Staff:
    return cast.staff("加藤")


def written(
    by: Staff, question: str, answer: str, words: str = "", audience: str = Audience.PUBLIC
) -> Article:
    return articles.write(ArticleText(question, answer, words, "other", audience), by=by)


def published(by: Staff, *told: str, **more: Any) -> Article:
    article = written(by, *told, **more)
    articles.publish(article, by=by)
    return Article.objects.get(pk=article.pk)


def nearest(text: str, **more: Any) -> str:
    found = queries.answers(text, **more)
    return found[0].question if found else ""


ASKED = [
    ("北海道までの配送料を教えてください", 0), ("お届け先を間違えて入力してしまいました。変更したいのですが。", 1), ("昨日の注文を取り消したいです", 2),
    ("サイズが合わないので返したい", 3), ("届いた湯呑みが欠けていました", 4), ("領収証をお願いできますでしょうか", 5),
    ("ギフトで送りたいので熨斗を付けてほしい", 6), ("焼き菓子はどのくらい日持ちしますか", 7), ("注文した商品はいつ到着しますか", 8),
    ("コンビニで後払いは使えますか", 9), ("贈り物用の箱はありますか。", 6), ("荷物が届きません。", 8),
]  # fmt: skip


def test_the_answer_is_found_by_the_words_of_customers(ito: Staff) -> None:
    for told in TOLD:
        published(ito, *told)
    assert {asked: nearest(asked) for asked, _nth in ASKED} == {asked: TOLD[nth][0] for asked, nth in ASKED}
    strangers = (
        "採用の応募はどちらへ送ればよいでしょうか",
        "パスワードを忘れました",
        "コーヒー豆の挽き方は選べますか？",
    )
    assert [nearest(asked) for asked in strangers] == ["", "", ""]


def test_two_thousand_articles_are_asked_in_the_same_few_questions_by_the_index(ito: Staff) -> None:
    for told in TOLD:
        published(ito, *told)
    with CaptureQueriesContext(connection) as few:
        queries.answers("北海道までの配送料を教えてください")
    rows = [Article(number=f"QA-T-{nth}", question="x", answer="x") for nth in range(2000)]
    made = Article.objects.bulk_create(rows)
    with connection.cursor() as cursor:  # 60 of 3,000 pairs each, none of them twice in one article
        cursor.execute(
            "INSERT INTO support_articlepair (article_id, pair, weight) SELECT a.id, chr((20000 + (a.id * 37 + n * 50) %% 3000)::int) || '茶', 0.13"
            " FROM support_article a, generate_series(1, 60) n WHERE a.id >= %s",
            [made[0].pk],
        )
        cursor.execute("ANALYZE support_articlepair")
    with CaptureQueriesContext(connection) as many:
        assert nearest("北海道までの配送料を教えてください") == TOLD[0][0]
    assert len(many) == len(few) <= 6
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN " + queries.NEAREST,
            {"pairs": ["送料", "料金"], "weights": [0.5, 0.5], "least": 0.1, "most": 9},
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "articlepair_pair" in plan
    assert "Seq Scan on support_articlepair" not in plan


def test_what_is_for_staff_alone_is_never_shown_to_customers(ito: Staff) -> None:
    secret = published(
        ito,
        "返品の送料を当店が持つ目安",
        "2,000 円までなら担当者の判断で負担してよい。",
        audience=Audience.STAFF,
    )
    asked = "返品の送料は当店が持つ目安"
    assert nearest(asked) == ""
    assert nearest(asked, staff=True) == "返品の送料を当店が持つ目安"
    client = Client()
    assert queries.search("返品 送料 目安") == []
    assert queries.search("") == []
    assert client.get(f"/faq/{secret.number}/").status_code == 404
    assert client.post("/faq/suggest/", {"text": asked}).status_code == 204
    assert client.post("/faq/hit/", {"hit": f"{secret.number}:opened"}).status_code == 404
    assert "2,000 円まで" not in client.get("/faq/search/?q=返品の送料").text


def test_a_text_that_is_being_rewritten_stays_inside_until_it_is_published(ito: Staff, kato: Staff) -> None:
    article = published(ito, "送料はいくらですか？", "550 円です。")
    articles.change(
        article, ArticleText("送料はいくらですか？", "660 円です。"), seen=article.version, by=kato
    )
    assert "550 円" in Client().get(f"/faq/{article.number}/").text
    assert "660 円" not in Client().get(f"/faq/{article.number}/").text
    articles.submit(Article.objects.get(pk=article.pk), by=kato)
    articles.publish(Article.objects.get(pk=article.pk), by=ito)
    assert "660 円" in Client().get(f"/faq/{article.number}/").text
    kept = list(
        ArticleVersion.objects.filter(article=article)
        .order_by("nth")
        .values_list("nth", "answer", "approved_by")
    )
    assert kept == [(1, "550 円です。", ito.pk), (2, "660 円です。", ito.pk)]
    with pytest.raises(DomainError, match="ほかの人が"):
        articles.change(Article.objects.get(pk=article.pk), ArticleText("x", "y"), seen=1, by=kato)


def test_a_version_that_went_out_cannot_be_changed(ito: Staff) -> None:
    published(ito, *TOLD[0])
    refused = (IntegrityError, InternalError, OperationalError, ProgrammingError, NotSupportedError)
    with pytest.raises(refused), transaction.atomic():
        ArticleVersion.objects.update(answer="0 円です。")


def test_a_retired_article_is_read_by_nobody(ito: Staff) -> None:
    article = published(ito, *TOLD[0])
    articles.retire(article, by=ito)
    assert Client().get(f"/faq/{article.number}/").status_code == 404
    assert not ArticlePair.objects.exists()
    assert nearest("送料はいくら", staff=True) == ""
    with pytest.raises(ImpossibleMove):
        articles.publish(Article.objects.get(pk=article.pk), by=ito)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("090-1234-5678 の佐藤様と同じです。", "電話番号"),
        ("【お名前】様の場合は承りました。", "跡"),
        ("がんが治るお茶です。", "公開できないことば"),
    ],
)
def test_persons_and_forbidden_words_are_not_published(ito: Staff, answer: str, word: str) -> None:
    from akinai.content.models import LegalWord

    LegalWord.objects.get_or_create(
        word="がんが治る",
        defaults={"key": "がんが治る", "law": "medicines", "level": LegalWord.Level.STOP, "why": "薬機法"},
    )
    article = written(ito, "質問です", answer)
    with pytest.raises(DomainError, match=word):
        articles.publish(article, by=ito)
    assert not ArticleVersion.objects.exists()


def test_support_writes_and_only_the_manager_publishes(ito: Staff, kato: Staff) -> None:
    article = written(kato, *TOLD[0])
    client = Client()
    client.force_login(kato)
    assert client.post(f"/office/support/articles/{article.number}/publish/").status_code == 403
    assert client.post(f"/office/support/articles/{article.number}/submit/").status_code == 302
    assert client.get(f"/office/support/articles/{article.number}/").status_code == 200
    client.force_login(ito)
    client.post(f"/office/support/articles/{article.number}/publish/")
    assert Article.objects.get().state == ArticleState.PUBLISHED
    for page in ("", "report/", "new/", f"{article.number}/edit/"):
        assert client.get(f"/office/support/articles/{page}").status_code == 200
    client.force_login(cast.staff("部外者"))
    assert client.get("/office/support/articles/").status_code == 403


def solved_ticket(ito: Staff) -> Ticket:
    services.receive(letter(text="佐藤 花子と申します。\n注文のあとで住所を変えられますか？\n090-1234-5678"))
    ticket = Ticket.objects.latest("pk")
    newest = ticket.messages.latest("pk").pk
    said = "佐藤様\n\nお世話になっております。\n発送前なら変更できます。WEB-2026-000123 は変更しました。"
    from unittest import mock

    with mock.patch("akinai.support.services.replying.refuse_leaks"):
        services.reply(
            ticket, services.Reply(said, "k", "solve", to="hanako@example.jp", seen=newest), by=ito
        )
    return Ticket.objects.get(pk=ticket.pk)


def test_a_solved_ticket_becomes_one_draft_without_persons_in_it(ito: Staff) -> None:
    ticket = solved_ticket(ito)
    client = Client()
    client.force_login(ito)
    page = client.get(f"/office/support/articles/new/?ticket={ticket.number}").text
    assert '<mark class="taken-out">【番号】</mark>' in page
    assert "090-1234-5678" not in page
    assert "WEB-2026-000123" not in page
    draft = articles.draft_of(ticket)
    assert draft.text.question == "注文のあとで住所を変えられますか？"
    assert draft.text.answer == "発送前なら変更できます。【番号】 は変更しました。"
    articles.write(draft.text, by=ito, ticket=ticket)
    with pytest.raises(DomainError, match="もう記事を作りました"):
        articles.write(draft.text, by=ito, ticket=ticket)


def test_a_price_that_changes_asks_for_the_answers_that_name_it(ito: Staff) -> None:
    cast.sku("TEA-1", price=1080)
    article, other = published(ito, "お茶はいくらですか？", "1,080 円です。"), published(ito, *TOLD[0])
    tied.tie(article, "sku", "TEA-1", by=ito)
    assert tied.compare() == 0
    Sku.objects.filter(code="TEA-1").update(price_yen=1200)
    assert tied.compare() == 1
    assert tied.compare() == 0  # once is enough
    article.refresh_from_db()
    assert article.links.get().changes == [{"name": "販売価格（税込）", "before": "¥1,080", "now": "¥1,200"}]
    assert list(Article.objects.filter(stale_since__isnull=False)) == [article]
    client = Client()
    client.force_login(ito)
    assert (
        "¥1,080 → <strong>¥1,200</strong>" in client.get(f"/office/support/articles/{article.number}/").text
    )
    assert f"{article.number}" in client.get("/office/support/articles/?tab=stale").text
    assert other.number not in client.get("/office/support/articles/?tab=stale").text
    tied.still_right(article, by=ito)
    assert (tied.compare(), Article.objects.filter(stale_since__isnull=False).count()) == (0, 0)
    with pytest.raises(DomainError, match="見つかりません"):
        tied.tie(article, "sku", "NO-SUCH", by=ito)


def test_a_changed_return_policy_asks_for_its_answers(ito: Staff) -> None:
    from akinai.shop.models import CheckoutTerms
    from akinai.shop.services import terms

    article = published(ito, *TOLD[3])
    tied.tie(article, "policy", "returns", by=ito)
    terms.save_terms(
        CheckoutTerms(delivery_text="2 日", cancel_text="発送前まで", returns_text="到着から 14 日以内"),
        by=ito,
    )
    cache.clear()
    assert tied.compare() == 1
    told = {row["name"]: row["now"] for row in article.links.get().changes}
    assert told["文"] == "到着から 14 日以内"


def test_deflection_counts_who_was_helped_and_did_not_write(ito: Staff) -> None:
    article = published(ito, *TOLD[0])
    now = clock.now()

    def act(visit: str, *kinds: str) -> None:
        for kind in kinds:
            deflection.note([article.pk], kind, place="form", visit=visit)

    act("saw", "shown")
    act("helped", "shown", "opened", "solved")
    act("in vain", "shown", "opened", "solved")
    act("wrote", "shown", "opened")
    act("just now", "shown", "opened", "solved")
    act("twice", "shown", "shown", "opened", "opened")
    ArticleHit.objects.filter(visit__in=["helped", "in vain", "wrote"]).update(at=now - timedelta(hours=20))
    deflection.note_asked("in vain")
    deflection.note_asked("wrote")
    deflection.note_asked("never saw anything")
    ArticleHit.objects.filter(
        visit__in=["helped", "in vain", "wrote"], kind__in=["shown", "opened", "solved"]
    ).update(at=now - timedelta(hours=30))
    ArticleHit.objects.filter(visit="in vain", kind="asked").update(at=now - timedelta(hours=10))
    found = queries.funnel(now - timedelta(days=3), clock.now() + timedelta(minutes=1))
    assert (found.shown, found.opened, found.solved, found.spared, found.waiting, found.asked) == (
        6,
        5,
        3,
        1,
        1,
        2,
    )
    assert found.rates["spared"] == 16.7
    assert [one.number for one in queries.not_helping(now - timedelta(days=3))] == []
    deflection.note_public(article.number, "not_helped", place="faq", visit="a")
    deflection.note_public(article.number, "not_helped", place="faq", visit="b")
    assert [one.number for one in queries.not_helping(now - timedelta(days=3))] == [article.number]
    deflection.note_public(article.number, "helped", place="faq", visit="a")  # the last word counts
    assert ArticleHit.objects.filter(kind="not_helped").count() == 1


def test_the_staff_finds_the_answer_beside_the_ticket(ito: Staff, kato: Staff) -> None:
    published(ito, *TOLD[1])
    services.receive(letter(text="届け先の住所を変更したいのですが、できますか？"))
    number = Ticket.objects.latest("pk").number
    client = Client()
    client.force_login(kato)
    assert "答えの候補" in client.get(f"/office/support/tickets/{number}/").text
    page = client.get(f"/office/support/tickets/{number}/answers/").text
    assert TOLD[1][0] in page
    assert "返信に入れる" in page
    used = f"/office/support/tickets/{number}/answers/{Article.objects.get().number}/used/"
    assert [client.post(used).status_code for _ in range(2)] == [204, 204]
    assert ArticleHit.objects.filter(kind="inserted").count() == 1
