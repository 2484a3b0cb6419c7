"""お客様の声: what a customer has answered, written and asked, on the customer's page and on the order's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.http import HttpRequest

from akinai.content.models import ProductQuestion, Review, SurveyAnswer, SurveyResponse
from akinai.content.surveys import queries
from akinai.content.surveys.given import in_words
from akinai.core.gathering import gather
from akinai.ui import panels
from akinai.ui.panels import Panel

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.party.models import Customer

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Said:
    """回答 of one survey: questions with what was said, in their order."""

    response: SurveyResponse
    answers: list[tuple[str, str]]


def register() -> None:
    """Called from AppConfig.ready."""
    panels.register("party.customer", of_customer)
    panels.register("orders.detail", of_order)


def of_customer(request: HttpRequest, customer: Customer) -> Panel | None:
    """The newest of each, as far as this person may read them."""
    return _panel(request, questions=True, customer_id=customer.pk)


def of_order(request: HttpRequest, order: Order) -> Panel | None:
    return _panel(request, questions=False, order_id=order.pk)


def _panel(request: HttpRequest, *, questions: bool, **whose: Any) -> Panel | None:
    may = request.user.has_perm
    responses, reviews, asked = gather(
        _responses(**whose) if may("content.read_answers") else SurveyResponse.objects.none(),
        _newest(Review, **whose) if may("content.view_review") else Review.objects.none(),
        _newest(ProductQuestion, **whose)
        if questions and may("content.view_productquestion")
        else ProductQuestion.objects.none(),
    )
    if not responses and not reviews and not asked:
        return None
    said = [Said(row, _words_of(row)) for row in responses]
    context = {"said": said, "reviews": reviews, "asked": asked}
    count = len(said) + len(reviews) + len(asked)
    return Panel("お客様の声", "content/office/voices.html", context, order=60, icon="chat", count=count)


def _newest(model: Any, **whose: Any) -> Any:
    return model.objects.filter(**whose).select_related("product").order_by("-created_at", "-pk")[:SHOWN]


def _words_of(row: SurveyResponse) -> list[tuple[str, str]]:
    return [(one.question.title, in_words(one.question, queries.given(one))) for one in row.answers.all()]


def _responses(**whose: Any) -> Any:
    """What was answered, with its answers where there are any."""
    answers = SurveyAnswer.objects.select_related("question").order_by("question__position", "pk")
    return (
        SurveyResponse.objects.filter(state=SurveyResponse.State.DONE, is_test=False, **whose)
        .select_related("survey")
        .prefetch_related(Prefetch("answers", answers))
        .order_by("-answered_at", "-pk")[:SHOWN]
    )
