"""アンケートのページ: page by page without any script; with one, questions come and go while one answers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from akinai.content import gift_field
from akinai.content.models import Survey, SurveyQuestion, SurveyResponse
from akinai.content.surveys import branching, pages, people, queries, services
from akinai.content.surveys.errors import AlreadyAnswered, NotComplete, SurveyClosed
from akinai.content.surveys.given import NOTHING, Given, Unfit, read
from akinai.content.surveys.people import Who
from akinai.core import tries

MOST_POSTS = 200  # of one address in ten minutes: a family, an office, but no machine
TOO_MANY = SurveyClosed("短い時間に何度も送信されました。", way_out="しばらくしてから開いてください。")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    """アンケートに答える."""
    found = queries.by_slug(slug)
    who = _who(request, found) if found else Who()
    if found is None or (found.state == Survey.State.DRAFT and not who.is_trial):
        raise Http404("このアンケートはありません。")
    response = queries.response_of(found, who)
    if response is not None and response.state == SurveyResponse.State.DONE:
        return _thanks(request, found, response, who)
    try:
        services.refuse_closed(found, who)
        if request.method == "POST":
            return _take(request, found, who, response)
    except AlreadyAnswered:
        return _to(request, found)
    except SurveyClosed as closed:
        return render(request, "content/surveys/closed.html", {"survey": found, "closed": closed}, status=403)
    return _show(request, found, who, response)


@never_cache
@require_safe
def invited(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """メールのリンク: the link becomes a cookie of this survey alone, and goes out of the address."""
    found = queries.by_slug(slug)
    if found is None or people.by_token(token, f"survey:{found.pk}") is None:
        raise Http404("このリンクは使えません。メールのリンクが途中で切れていないか、お確かめください。")
    response = _to(request, found)
    response.set_cookie(
        _cookie(found), token, max_age=int(people.VALID.total_seconds()), path=reverse("surveys:survey", args=[slug]),
        httponly=True, samesite="Lax", secure=request.is_secure(),
    )  # fmt: skip
    return response


@require_http_methods(["POST"])
def begin_again(request: HttpRequest, slug: str) -> HttpResponse:
    """試しをもう一度."""
    found = queries.by_slug(slug)
    who = _who(request, found) if found else Who()
    if found is None or not who.is_trial:
        raise Http404
    services.forget_trial(found, who)
    return _to(request, found)


def _cookie(found: Survey) -> str:
    return f"s_survey_{found.pk}"


def _who(request: HttpRequest, found: Survey) -> Who:
    """Staff who try it, the buyer of a mail's link, a member, a visitor: the first that fits."""
    if request.GET.get("trial") and request.user.has_perm("content.change_survey"):
        return Who(f"t{request.user.pk}", is_trial=True)
    linked = people.by_token(request.COOKIES.get(_cookie(found), ""), f"survey:{found.pk}")
    return linked or people.member(request) or people.visitor(request)


def _to(request: HttpRequest, found: Survey, page: int | None = None, mark: str = "") -> HttpResponse:
    told = [f"page={page}" if page else "", "trial=1" if request.GET.get("trial") else ""]
    query = "&".join(filter(None, told))
    return redirect(f"{reverse('surveys:survey', args=[found.slug])}{'?' if query else ''}{query}{mark}")


def _asked_page(request: HttpRequest, numbers: list[int]) -> int:
    wished = request.GET.get("page", "")
    page = int(wished) if wished.isdecimal() and len(wished) < 4 else 0
    return page if page in numbers else (numbers or [1])[0]


def _show(request: HttpRequest, found: Survey, who: Who, response: SurveyResponse | None) -> HttpResponse:
    questions = queries.questions(found)
    given = queries.given_of(response, questions)
    page = _asked_page(request, pages.page_numbers(questions, given))
    errors = services.unfit([one for one in branching.asked(questions, given) if one.page == page], given)
    shown = errors if request.GET.get("check") else {}
    return _page(request, found, who, pages.context_of(questions, page, given, shown))


def _page(request: HttpRequest, found: Survey, who: Who, context: dict, status: int = 200) -> HttpResponse:
    context |= {"survey": found, "is_trial": who.is_trial}
    return render(request, "content/surveys/page.html", context, status=status)


def _take(request: HttpRequest, found: Survey, who: Who, response: SurveyResponse | None) -> HttpResponse:
    """One page was sent: keep what can be kept, then say what is wrong, show what is asked besides, or go on."""
    if request.POST.get("website") or tries.count(f"survey:{tries.address_of(request)}") > MOST_POSTS:
        raise TOO_MANY
    questions = queries.questions(found)
    kept = queries.given_of(response, questions)
    page = _asked_page(request, sorted({one.page for one in questions}))
    given, errors = _read(request, [one for one in questions if one.page == page])
    merged = {**kept, **given}
    asked = [one for one in branching.asked(questions, merged) if one.page == page]
    who = who if who.key else people.new_visitor()
    services.keep(found, who, {code: one for code, one in given.items() if code not in errors})
    if "back" in request.POST:
        answer = _to(request, found, pages.page_before(pages.page_numbers(questions, merged), page))
    else:
        errors = {
            **services.unfit(asked, merged),
            **{c: w for c, w in errors.items() if c in {a.code for a in asked}},
        }
        answer = _onward(request, found, who, questions, page, merged, errors, asked)
    people.remember(answer, who)
    return answer


def _read(request: HttpRequest, questions: list[SurveyQuestion]) -> tuple[dict[str, Given], dict[str, str]]:
    given, errors = {}, {}
    for question in questions:
        try:
            given[question.code] = read(question, request.POST)
        except Unfit as wrong:
            errors[question.code] = str(wrong)
            given[question.code] = _as_typed(question, request)
    return given, errors


def _as_typed(question: SurveyQuestion, request: HttpRequest) -> Given:
    """What was typed, so that the page shows it again beside its error."""
    typed = request.POST.get(f"q-{question.code}", "")[:4000]
    return NOTHING if question.options else Given(text=typed)


def _onward(
    request: HttpRequest, found: Survey, who: Who, questions: list[SurveyQuestion], page: int,
    merged: dict[str, Given], errors: dict[str, str], asked: list[SurveyQuestion],
) -> HttpResponse:  # fmt: skip
    shown = set(request.POST.getlist("shown"))
    fresh = [one for one in asked if one.code not in shown]
    wrong = {code: text for code, text in errors.items() if code in shown}
    if wrong:
        return _page(request, found, who, pages.context_of(questions, page, merged, wrong), status=422)
    if fresh:
        return _to(request, found, page, f"#q-{fresh[0].code}")
    following = pages.next_page(pages.page_numbers(questions, merged), page)
    if following is not None:
        return _to(request, found, following)
    try:
        services.finish(found, who)
    except NotComplete as missing:
        answer = _to(request, found, missing.page)
        answer["Location"] += "&check=1"
        return answer
    return _to(request, found)


def _thanks(request: HttpRequest, found: Survey, response: SurveyResponse, who: Who) -> HttpResponse:
    context = {
        "survey": found,
        "response": response,
        "gift": gift_field.words(found.coupon_campaign) if response.coupon_code else "",
        "is_trial": who.is_trial,
        "is_again": request.method == "POST",
    }
    return render(
        request, "content/surveys/thanks.html", context, status=409 if request.method == "POST" else 200
    )
