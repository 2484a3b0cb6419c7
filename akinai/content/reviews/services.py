"""レビューと質問: written by buyers and visitors, shown or hidden by the shop, answered by it, never rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.urls import reverse

from akinai.catalog import public
from akinai.content import pictures, ports
from akinai.content.mail_texts import ANSWER
from akinai.content.models import ProductQuestion, Review, ReviewPhoto, ReviewSettings
from akinai.content.reviews import queries
from akinai.content.reviews.rules import flags, words_of
from akinai.core import activity, clock, mail, mail_texts, transitions
from akinai.core.errors import DomainError
from akinai.party import queries as party

if TYPE_CHECKING:
    from akinai.catalog.models import Product
    from akinai.content.surveys.people import Who
    from akinai.staff.models import Staff

PHOTOS, PHOTO_SIDE = 4, 1200
VOTE = """
INSERT INTO content_helpfulvote (review_id, person_key)
SELECT %s, %s WHERE EXISTS (SELECT FROM content_review WHERE id = %s AND state = %s) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Written:
    """What the buyer wrote. `photos` as (file name, bytes)."""

    stars: int
    title: str
    text: str
    nickname: str
    photos: Sequence[tuple[str, bytes]] = field(default=())


def post(product_id: int, written: Written, *, who: Who) -> tuple[Review, str]:
    """レビューを書く. Out: the review, which waits to be looked at, and the code of the thank-you coupon ("" for none).

    Raises DomainError for somebody who has not received this product, for a second review of it, and for a photo that is none.
    """
    buy = next((one for one in queries.bought(who) if one.product.pk == product_id), None)
    if buy is None:
        raise DomainError(
            "この商品のレビューは、お買い上げの方だけが書けます。",
            way_out="お届けした後に、もう一度お試しください。",
        )
    names = [
        pictures.keep(data, name, folder="reviews", side=PHOTO_SIDE) for name, data in written.photos[:PHOTOS]
    ]
    return _post(buy, written, who, names)


@transaction.atomic
def _post(buy: queries.Buy, written: Written, who: Who, names: Sequence[str]) -> tuple[Review, str]:
    rules = queries.settings()
    try:
        with transaction.atomic():
            coupon = ports.give_coupon(
                rules.coupon_campaign, f"review:{buy.product.pk}:{who.key}", who.customer_id
            )
            review = Review.objects.create(
                product=buy.product, order_id=buy.order_id, customer_id=buy.customer_id, buyer_key=who.key,
                stars=written.stars, title=written.title, text=written.text, nickname=written.nickname,
                is_rewarded=bool(coupon), created_at=clock.now(),
                flags=flags(written.title, written.text, written.nickname, own=words_of(rules.ng_words)),
            )  # fmt: skip
    except IntegrityError as error:
        raise DomainError(
            "この商品のレビューは、すでに書いていただいています。",
            way_out="お一人さま、商品 1 つにつき 1 件です。",
        ) from error
    ReviewPhoto.objects.bulk_create(
        ReviewPhoto(review=review, file=name, position=at) for at, name in enumerate(dict.fromkeys(names), 1)
    )
    return review, coupon


def publish(review: Review, *, by: Staff | None) -> None:
    """公開する, as it was written. Raises ImpossibleMove where it is public already."""
    published_at = review.published_at or clock.now()
    transitions.apply(
        review, "publish", by=by, set_fields={"hidden_reason": "", "published_at": published_at}
    )


def hide(review: Review, *, reason: str, by: Staff | None) -> None:
    """非公開にする. The reason is kept: nobody may be hidden for being dissatisfied. Raises DomainError without one."""
    told = _reason(reason)
    transitions.apply(review, "hide", by=by, note=told, set_fields={"hidden_reason": told})


def _reason(reason: str) -> str:
    told = " ".join(reason.split())[:200]
    if not told:
        raise DomainError(
            "非公開にする理由が入力されていません。", way_out="例: 個人の電話番号が書かれている"
        )
    return told


@transaction.atomic
def reply(review: Review, text: str, *, by: Staff | None) -> None:
    """お店からの返信; "" takes it away."""
    told = text.replace("\r\n", "\n").strip()
    at = clock.now() if told else None
    Review.objects.filter(pk=review.pk).update(reply=told, replied_at=at, replied_by=by if told else None)
    activity.record(review, "reply", by=by, summary="返信を書きました" if told else "返信を消しました")


@transaction.atomic
def vote(review_id: int, *, who: Who) -> bool:
    """参考になった, once per person. False when this person has said so before, or nobody can see the review."""
    with connection.cursor() as cursor:
        cursor.execute(VOTE, [review_id, who.key, review_id, Review.State.PUBLISHED])
        is_new = bool(cursor.rowcount)
    if is_new:
        Review.objects.filter(pk=review_id).update(helpful=F("helpful") + 1)
    return is_new


@transaction.atomic
def ask(product: Product, *, text: str, nickname: str, email: str, who: Who) -> ProductQuestion:
    """商品について質問する. Anybody may; it is shown once it is answered."""
    own = words_of(queries.settings().ng_words)
    return ProductQuestion.objects.create(
        product=product, customer_id=who.customer_id, text=text, nickname=nickname, email=email, created_at=clock.now(),
        flags=flags(text, nickname, own=own),
    )  # fmt: skip


@transaction.atomic
def answer(question: ProductQuestion, text: str, *, is_public: bool = True, by: Staff | None) -> None:
    """回答する: question and answer are published together, or told to the one who asked alone, who gets a mail either way.

    Raises DomainError without text, and for an answer to nobody: not public, and no address.
    """
    told = text.replace("\r\n", "\n").strip()
    if not told:
        raise DomainError("回答が入力されていません。")
    if not is_public and not question.email:
        raise DomainError(
            "メールアドレスがないので、本人にだけ回答することはできません。",
            way_out="公開して回答してください。",
        )
    fields = {"answer": told, "answered_at": clock.now(), "answered_by": by, "hidden_reason": ""}
    is_new = told != question.answer
    verb = "answer" if is_public else "answer_alone"
    transitions.apply(question, verb, by=by, note="回答しました", set_fields=fields)
    if question.email and is_new:
        _tell(question, told)


def _tell(question: ProductQuestion, told: str) -> None:
    company = party.company()
    product = question.product
    base = settings.PUBLIC_URL.rstrip("/")
    values = {
        "店舗名": company.shop_name or company.name, "商品名": product.name, "質問": question.text, "回答": told,
        "リンク": f"{base}{reverse('shop:product', args=[public.key_of(product)])}" if base else "",
        "署名": party.signature(party.issuer_of(company)),
    }  # fmt: skip
    subject, body = mail_texts.compose(ANSWER.code, values)
    key = f"answer:{question.pk}:{clock.now():%Y%m%d%H%M%S}"
    mail.enqueue(to=question.email, subject=subject, body=body, key=key, reply_to=company.email)


def hide_question(question: ProductQuestion, *, reason: str, by: Staff | None) -> None:
    """非公開にする, with its reason."""
    told = _reason(reason)
    transitions.apply(question, "hide", by=by, note=told, set_fields={"hidden_reason": told})


@transaction.atomic
def save_settings(row: ReviewSettings, *, by: Staff | None) -> None:
    """レビューの決まり."""
    row.pk = 1
    row.save()
    activity.record(row, "update", by=by, summary="レビューの決まりを変えました")
