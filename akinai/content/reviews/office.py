"""レビューの確認と質問への回答. What buyers wrote is shown or hidden, never changed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.content.models import Review
from akinai.content.reviews import queries, services
from akinai.content.reviews.forms import AnswerForm, HideForm, ReplyForm, ReviewSettingsForm
from akinai.core.errors import DomainError
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


def _review(request: HttpRequest, pk: int) -> Review:
    return get_object_or_404(queries.seen_by(request.user).prefetch_related("photos"), pk=pk)


@office("content.view_review")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """レビュー 1 件."""
    found = _review(request, pk)
    context = {
        "object": found, "review": found, "hide": HideForm(), "reply": ReplyForm(initial={"text": found.reply}),
        "waiting": queries.waiting_count(), "next": queries.next_waiting(found), "panels_page": "content.review",
    }  # fmt: skip
    return render(request, "content/reviews/office_review.html", context)


def _onward(found: Review) -> HttpResponse:
    """To the next one that waits; back to the list when none is left."""
    following = queries.next_waiting(found)
    return redirect("review_office:review", following.pk) if following else redirect("review_office:list")


@office_post("content.change_review")
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """公開する."""
    found = _review(request, pk)
    was_waiting = found.state == Review.State.WAITING
    services.publish(found, by=clerk(request))
    messages.success(request, "レビューを公開しました。")
    return _onward(found) if was_waiting else redirect("review_office:review", pk)


@office_post("content.change_review")
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """非公開にする."""
    found = _review(request, pk)
    was_waiting = found.state == Review.State.WAITING
    services.hide(found, reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, "レビューを非公開にしました。理由は記録に残ります。")
    return _onward(found) if was_waiting else redirect("review_office:review", pk)


@office_post("content.change_review")
@once
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """返信する."""
    found = _review(request, pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        raise DomainError("返信は 2,000 文字までです。", way_out="短くしてください。")
    services.reply(found, form.cleaned_data["text"], by=clerk(request))
    messages.success(request, "返信を保存しました。")
    return redirect("review_office:review", pk)


@office("content.view_productquestion")
@once
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """質問 1 件と、その回答."""
    found = get_object_or_404(queries.questions_seen_by(request.user), pk=pk)
    to_whom = "one" if found.state == found.State.PRIVATE else "all"
    form = AnswerForm(request.POST or None, initial={"text": found.answer, "to_whom": to_whom})
    if (
        request.method == "POST"
        and request.user.has_perm("content.change_productquestion")
        and form.is_valid()
    ):
        try:
            is_public = form.cleaned_data["to_whom"] == "all"
            services.answer(found, form.cleaned_data["text"], is_public=is_public, by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
        else:
            mailed = "メールでもお知らせします。" if found.email else ""
            messages.success(request, f"回答しました。{mailed}")
            return redirect("review_office:questions")
    context = {
        "object": found, "question": found, "form": form, "hide": HideForm(), "panels_page": "content.question",
        "cancel_url": reverse("review_office:questions"),
    }  # fmt: skip
    return render(
        request, "content/reviews/office_question.html", context, status=422 if form.is_bound else 200
    )


@office_post("content.change_productquestion")
def hide_question(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.questions_seen_by(request.user), pk=pk)
    services.hide_question(found, reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, "質問を非公開にしました。")
    return redirect("review_office:questions")


@office("content.change_reviewsettings")
@once
def settings(request: HttpRequest) -> HttpResponse:
    """レビューの決まり."""
    form = ReviewSettingsForm(request.POST or None, instance=queries.settings())
    if request.method == "POST" and form.is_valid():
        services.save_settings(form.save(commit=False), by=clerk(request))
        messages.success(request, "レビューの決まりを保存しました。")
        return redirect("review_office:list")
    context = {"form": form, "cancel_url": reverse("review_office:list")}
    return render(
        request, "content/reviews/office_settings.html", context, status=422 if form.is_bound else 200
    )
