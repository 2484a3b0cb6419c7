"""消去: what a person wrote for others. Reviews and answers stay for the goods they tell of, and lead to nobody any more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from akinai.content.models import (
    HelpfulVote,
    Invitation,
    ProductQuestion,
    Review,
    ReviewPhoto,
    SurveyAnswer,
    SurveyResponse,
)
from akinai.core import clock
from akinai.party.erasing import GONE, without
from akinai.party.ports import Erasee, Hindrance, Share, Traces, keys_of

NOBODY = "お客様"
SAID = (Review, ProductQuestion, SurveyResponse)


class VoicesErased:
    """レビュー・商品の質問・アンケート."""

    def trace(self, customer_ids: Sequence[int]) -> Traces:
        mine = {"customer__in": customer_ids}
        rows = keys_of(*(model._default_manager.filter(**mine) for model in SAID))
        mails = ProductQuestion.objects.filter(**mine).values_list("email", flat=True)
        return Traces(mails=frozenset(mails), rows=rows)

    def hinder(self, customer_ids: Sequence[int]) -> Sequence[Hindrance]:
        return []

    def shares(self, erasee: Erasee) -> Sequence[Share]:
        mine = Q(customer__in=erasee.customer_ids)
        keys = [f"c{pk}" for pk in erasee.customer_ids]
        reviews = Review.objects.filter(mine)
        asked = ProductQuestion.objects.filter(mine | Q(email__in=erasee.mails))
        return [
            Share("レビューの写真", ReviewPhoto.objects.filter(review__in=reviews), act=_drop_photos),
            Share("レビュー（だれのものか分からなくして残します）", reviews, act=_anonymous(erasee.words)),
            Share("商品の質問（だれのものか分からなくして残します）", asked, act=_ask_nobody(erasee.words)),
            Share("アンケートの自由記述", SurveyResponse.objects.filter(mine), act=_answer_nobody),
            Share(
                "「参考になった」の印", HelpfulVote.objects.filter(person_key__in=keys), {"person_key": KEY}
            ),
            Share(
                "レビューなどのお願いの印", Invitation.objects.filter(person_key__in=keys), {"person_key": KEY}
            ),
        ]  # fmt: skip


KEY = Concat(Value("erased:"), Cast(F("pk"), CharField()))


def _drop_photos(rows: QuerySet[ReviewPhoto]) -> None:
    """The rows now, their files when that is committed; a picture that another review shows stays."""
    names = list(rows.values_list("file", flat=True))
    rows.delete()

    def drop() -> None:
        for name in set(names) - set(
            ReviewPhoto.objects.filter(file__in=names).values_list("file", flat=True)
        ):
            (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)

    transaction.on_commit(drop)


def _anonymous(words: Sequence[str]) -> Callable[[QuerySet[Review]], None]:
    """Of what is public the text stays without his name and contact; of the rest nothing."""

    def act(rows: QuerySet[Review]) -> None:
        for one in rows:
            is_public = one.state == Review.State.PUBLISHED
            Review.objects.filter(pk=one.pk).update(
                title=without(words, one.title)[:60] if is_public else "",
                text=without(words, one.text) if is_public else GONE,
                nickname=NOBODY, buyer_key=f"erased:{one.pk}", customer=None, order=None, flags=[],
                reply=without(words, one.reply), state=one.state if is_public else Review.State.HIDDEN,
                hidden_reason="" if is_public else GONE, erased_at=clock.now(),
            )  # fmt: skip

    return act


def _ask_nobody(words: Sequence[str]) -> Callable[[QuerySet[ProductQuestion]], None]:
    def act(rows: QuerySet[ProductQuestion]) -> None:
        for one in rows:
            is_public = one.state == ProductQuestion.State.ANSWERED
            ProductQuestion.objects.filter(pk=one.pk).update(
                text=without(words, one.text) if is_public else GONE,
                answer=without(words, one.answer) if is_public else GONE,
                nickname=NOBODY, email="", customer=None, flags=[],
                state=one.state if is_public else ProductQuestion.State.HIDDEN, hidden_reason="" if is_public else GONE,
            )  # fmt: skip

    return act


def _answer_nobody(rows: QuerySet[SurveyResponse]) -> None:
    """The choices stay for the figures; free words go, and who answered."""
    keys = list(rows.values_list("pk", flat=True))
    rows.update(person_key=KEY, customer=None, order=None, coupon_code="", erased_at=clock.now())
    SurveyAnswer.objects.filter(response__in=keys).exclude(text="").update(text="")
