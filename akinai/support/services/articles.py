"""記事: written by サポート, let out by the 店長, every version that went out kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from akinai.content.services import words as legal
from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import DomainError
from akinai.core.kana import search_key
from akinai.party import queries as party
from akinai.support.models import Article, ArticleLink, ArticlePair, ArticleVersion, Ticket
from akinai.support.rules import masking, similarity
from akinai.support.states import ArticleState, Audience, Direction, TicketState

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class ArticleText:
    """記事の文."""

    question: str
    answer: str
    words: str = ""
    category: str = ""
    audience: str = Audience.PUBLIC


@dataclass(frozen=True, slots=True)
class Draft:
    """下書き from a solved ticket, with what was taken out of both texts."""

    text: ArticleText
    asked: masking.Masked
    told: masking.Masked


def draft_of(ticket: Ticket) -> Draft:
    """下書き of an article from what was asked and answered. Nothing is saved. Raises DomainError before there is an answer."""
    said = list(ticket.messages.filter(erased_at=None).order_by("at", "pk"))
    heard = next((one for one in said if one.direction in (Direction.IN, Direction.CALL)), None)
    answered = next((one for one in reversed(said) if one.direction == Direction.OUT), None)
    if ticket.state not in (TicketState.SOLVED, TicketState.CLOSED) or answered is None:
        raise DomainError(
            "解決して、返信を送った問い合わせから作れます。",
            way_out="返信してから「解決にする」を押してください。",
        )
    names, own = _names_of(ticket), own_contacts()
    asked = masking.mask(heard.own_text if heard else ticket.subject, names=names, keep=own)
    told = masking.mask(answered.own_text, names=names, keep=own)
    subject = masking.mask(ticket.subject, names=names, keep=own).text
    text = ArticleText(
        masking.drafted_question(subject, asked.text),
        masking.drafted_answer(told.text),
        category=ticket.category,
    )
    return Draft(text, asked, told)


def _names_of(ticket: Ticket) -> list[str]:
    customer = party.customer_by_id(ticket.customer_id) if ticket.customer_id else None
    told = [ticket.contact_name, *([customer.name, customer.kana] if customer else [])]
    return [one for one in told if one]


def own_contacts() -> list[str]:
    """The shop's own mail and phone, which an answer may name."""
    company = party.company()
    return [one for one in (company.email, company.phone) if one]


@transaction.atomic
def write(text: ArticleText, *, by: Staff, ticket: Ticket | None = None) -> Article:
    """記事を作る, as a draft. One ticket gives one article. Raises DomainError when it gave one before."""
    try:
        with transaction.atomic():
            article = Article.objects.create(
                number=numbering.take("article")[0], made_from=ticket, changed_by=by, **_fields(text)
            )
    except IntegrityError:
        raise DomainError(
            "この問い合わせからは、もう記事を作りました。", way_out="記事の一覧で開いてください。"
        ) from None
    activity.record(article, "write", by=by, summary=f"{ticket.number} から" if ticket else "新しく")
    return article


def _fields(text: ArticleText) -> dict[str, str]:
    told = {
        "question": " ".join(text.question.split())[:160], "answer": text.answer.strip().replace("\r\n", "\n"),
        "words": " ".join(text.words.split())[:300], "category": text.category, "audience": text.audience,
    }  # fmt: skip
    return told | {
        "search_text": " ".join(search_key(told[name]) for name in ("question", "words", "answer"))
    }


@transaction.atomic
def change(article: Article, text: ArticleText, *, seen: int, by: Staff) -> None:
    """記事を書き直す. What is public stays as it is until it is published anew. Raises DomainError when somebody was quicker."""
    if article.state != ArticleState.DRAFT:
        transitions.apply(article, "rewrite", by=by, note="書き直し")
    changed = Article.objects.filter(pk=article.pk, version=seen, state=ArticleState.DRAFT).update(
        version=F("version") + 1, changed_at=clock.now(), changed_by=by, **_fields(text)
    )
    if not changed:
        raise DomainError(
            "開いている間に、ほかの人がこの記事を変えました。",
            way_out="書いた文を控えてから、開き直してください。",
        )
    activity.record(article, "change", by=by, summary="文を変更")


def submit(article: Article, *, by: Staff) -> None:
    """承認を頼む."""
    _refuse_unready(article)
    transitions.apply(article, "submit", by=by, note="承認を依頼")


def send_back(article: Article, *, by: Staff, why: str = "") -> None:
    """差し戻す."""
    transitions.apply(article, "send_back", by=by, note=why.strip()[:200] or "差し戻し")


@transaction.atomic
def publish(article: Article, *, by: Staff) -> ArticleVersion:
    """公開する: a new version, which is what is read from now on. Raises DomainError for persons and for forbidden words in it."""
    held = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
    _refuse_unready(held)
    last = held.versions.aggregate(last=Max("nth"))["last"] or 0
    links = list(held.links.values("kind", "ref", "label", "facts"))
    version = ArticleVersion.objects.create(
        article=held, nth=last + 1, question=held.question, answer=held.answer, words=held.words, category=held.category,
        audience=held.audience, links=links, written_by=held.changed_by, approved_by=by,
    )  # fmt: skip
    transitions.apply(
        held,
        "publish",
        by=by,
        note=f"第{version.nth}版を公開",
        set_fields={"live": version, "published_at": version.at},
    )
    _index(held.pk, version)
    article.state, article.live = held.state, version
    return version


def _refuse_unready(article: Article) -> None:
    told = f"{article.question}\n{article.answer}\n{article.words}"
    if found := masking.personal(told, keep=own_contacts()):
        raise DomainError(
            f"個人の情報かもしれないものがあります: {'、'.join(found[:3])}",
            way_out="消すか【電話番号】のような言葉に置き換えてください。", code="personal",
        )  # fmt: skip
    if "【" in told and any(
        f"【{kind}】" in told for kind in ("お名前", "電話番号", "メールアドレス", "番号", "住所", "郵便番号")
    ):
        raise DomainError(
            "個人情報を取り除いた跡（【お名前】など）が残っています。",
            way_out="誰が読んでも分かる文に直してください。",
        )
    if article.audience == Audience.PUBLIC:
        looked = legal.look_at_texts({"質問": article.question, "答え": article.answer})
        if looked.forbidden:
            raise legal.forbidden(article.question, looked.forbidden)


@transaction.atomic
def retire(article: Article, *, by: Staff) -> None:
    """取り下げる: nobody reads it any more, and it is suggested to nobody. Its versions stay."""
    transitions.apply(
        article, "retire", by=by, note="取り下げ", set_fields={"live": None, "stale_since": None}
    )
    ArticlePair.objects.filter(article=article).delete()
    ArticleLink.objects.filter(article=article).update(changes=[])


def _index(article_id: int, version: ArticleVersion) -> None:
    ArticlePair.objects.filter(article_id=article_id).delete()
    weighed = similarity.weights(version.question, version.words, version.answer)
    ArticlePair.objects.bulk_create(
        [ArticlePair(article_id=article_id, pair=pair, weight=weight) for pair, weight in weighed.items()]
    )


def index_anew() -> int:
    """索引を作り直す, after the rules of similarity have changed. Out: how many articles are live."""
    live: Sequence[Article] = list(Article.objects.filter(live__isnull=False).select_related("live"))
    for article in live:
        if article.live is not None:
            with transaction.atomic():
                _index(article.pk, article.live)
    return len(live)
