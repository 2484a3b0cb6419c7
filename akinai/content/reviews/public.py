"""レビューと質問の公開ページ."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from akinai.catalog import public
from akinai.content.addresses import absolute
from akinai.content.models import Review
from akinai.content.reviews import queries, services
from akinai.content.reviews.asking import REVIEWS
from akinai.content.reviews.forms import QuestionAskForm, ReviewForm
from akinai.content.surveys import people
from akinai.content.surveys.people import Who
from akinai.core import tries
from akinai.core.errors import DomainError

COOKIE = "s_reviews"
PER_PAGE = 20
MOST_VOTES, MOST_QUESTIONS, MOST_REVIEWS = 60, 5, 20  # of one address in ten minutes


def buyer(request: HttpRequest) -> Who:
    """Who may write: the member who is logged in, or the buyer of the order whose mail brought him here."""
    return people.member(request) or people.by_token(request.COOKIES.get(COOKIE, ""), REVIEWS) or Who()


@never_cache
@require_safe
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """メールのリンク: it becomes a cookie of these pages and goes out of the address."""
    if people.by_token(token, REVIEWS) is None:
        raise Http404("このリンクは使えません。メールのリンクが途中で切れていないか、お確かめください。")
    response = redirect("reviews:mine")
    response.set_cookie(
        COOKIE, token, max_age=int(people.VALID.total_seconds()), path="/reviews/", httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return response


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """レビューを書ける商品."""
    who = buyer(request)
    context = {"buys": queries.bought(who), "is_known": bool(who.key)}
    return render(request, "content/reviews/mine.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, number: str) -> HttpResponse:
    """レビューを書く."""
    who = buyer(request)
    buy = next((one for one in queries.bought(who) if one.product.number == number), None)
    if buy is None or buy.review is not None:
        return redirect("reviews:mine")
    form = ReviewForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            _refuse_flood(request, "review", MOST_REVIEWS)
            _review, coupon = services.post(buy.product.pk, _written(form.cleaned_data), who=who)
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
        else:
            return render(request, "content/reviews/thanks.html", {"buy": buy, "coupon": coupon})
    context = {"form": form, "buy": buy, "is_rewarded": bool(queries.settings().coupon_campaign)}
    return render(request, "content/reviews/write.html", context, status=422 if form.is_bound else 200)


def _written(data: dict[str, Any]) -> services.Written:
    photos = [(one.name, one.read()) for one in data["photos"]]
    return services.Written(data["stars"], data["title"], data["text"], data["nickname"], photos)


def _refuse_flood(request: HttpRequest, what: str, most: int) -> None:
    if tries.count(f"{what}:{tries.address_of(request)}") > most:
        raise DomainError(
            "短い時間に何度も送信されました。", way_out="しばらくしてから、もう一度お試しください。"
        )


@require_safe
def of_product(request: HttpRequest, key: str) -> HttpResponse:
    """ある商品のレビューすべて: sorted, by stars, page by page."""
    product = public.find(key)
    if product is None:
        raise Http404("この商品は、いまは販売していません。")
    stars = request.GET.get("stars", "")
    chosen = int(stars) if stars in ("1", "2", "3", "4", "5") else 0
    sort = request.GET.get("sort", "new")
    rows = queries.with_votes(queries.published(product.pk, sort=sort, stars=chosen), voter(request))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "product": product, "product_key": public.key_of(product), "tally": queries.tally(product.pk), "page": page,
        "reviews": page.object_list, "sorts": [(code, title) for code, (title, _) in queries.SORTS.items()],
        "sort": sort if sort in queries.SORTS else "new", "stars": chosen, "here": request.get_full_path(),
        "title": f"{product.name}のレビュー", "description": f"{product.name}をお買い上げの方のレビューです。", "noindex": bool(chosen) or sort != "new",
        "canonical": absolute(request.path + (f"?page={page.number}" if page.number > 1 else "")),
    }  # fmt: skip
    return render(request, "content/reviews/list.html", context)


def voter(request: HttpRequest) -> Who:
    return people.member(request) or people.visitor(request)


@require_POST
def helpful(request: HttpRequest, pk: int) -> HttpResponse:
    """参考になった."""
    review = Review.objects.select_related("product").filter(pk=pk, state=Review.State.PUBLISHED).first()
    if review is None:
        raise Http404
    who = voter(request)
    who = who if who.key else people.new_visitor()
    if tries.count(f"vote:{tries.address_of(request)}") <= MOST_VOTES:
        services.vote(pk, who=who)
    response = redirect(f"{_back(request, review)}#review-{pk}")
    people.remember(response, who)
    return response


def _back(request: HttpRequest, review: Review) -> str:
    wished = request.POST.get("back", "")
    if wished.startswith("/") and url_has_allowed_host_and_scheme(wished, {request.get_host()}):
        return wished.partition("#")[0]
    return reverse("reviews:of_product", args=[public.key_of(review.product)])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """商品について質問する."""
    product = public.find(key)
    if product is None:
        raise Http404("この商品は、いまは販売していません。")
    form = QuestionAskForm(request.POST or None)
    is_sent = False
    if request.method == "POST" and request.POST.get("website"):
        is_sent = True  # a machine filled the field that nobody sees; it learns nothing
    elif request.method == "POST" and form.is_valid():
        try:
            _refuse_flood(request, "ask", MOST_QUESTIONS)
            services.ask(product, who=voter(request), **form.cleaned_data)
            is_sent = True
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
    context = {
        "product": product, "product_key": public.key_of(product), "form": form, "is_sent": is_sent,
        "questions": queries.answered(product.pk)[:50],
    }  # fmt: skip
    return render(
        request, "content/reviews/ask.html", context, status=422 if form.errors and not is_sent else 200
    )
