"""記事の画面: write, approve, tie to what it speaks of, look at what it brings, and use it in a reply."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.support.forms import KINDS
from akinai.support.ground_ports import grounds
from akinai.support.knowledge_forms import ArticleForm, first_of
from akinai.support.models import Article, Ticket
from akinai.support.queries import knowledge as queries
from akinai.support.services import articles, deflection, tied
from akinai.support.states import HitKind
from akinai.support.views.doing import done_at
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once
from akinai.ui.panels import Panel

PERIODS = ((30, "30 日"), (90, "90 日"), (365, "1 年"))


def _found(number: str) -> Article:
    rows = Article.objects.select_related("live", "live__approved_by", "made_from", "changed_by")
    return get_object_or_404(rows, number=number)


_done = done_at("support:article")


@office("support.view_article")
def article(request: HttpRequest, number: str) -> HttpResponse:
    """記事 1 件. What it is tied to is compared at this moment."""
    one = _found(number)
    tied.compare([one.pk])
    one = _found(number)
    links = [
        {"link": link, "kind": ground.title if (ground := grounds().get(link.kind)) else link.kind}
        for link in one.links.order_by("kind", "label")
    ]
    return render(
        request, "support/article.html",
        {
            "object": one, "article": one, "panels_page": "support.article", "links": links, "kind": dict(KINDS).get(one.category, "") if one.category else "",
            "versions": one.versions.select_related("written_by", "approved_by")[:20], "grounds": [(ground, ground.choices()) for ground in grounds().values()],
            "used": queries.for_list(clock.now() - timedelta(days=90)).get(pk=one.pk),
        },
    )  # fmt: skip


@office("support.add_article")
@once
def new(request: HttpRequest) -> HttpResponse:
    """記事を書く, from nothing or from a solved ticket (`?ticket=`) with its persons taken out and marked."""
    number = request.GET.get("ticket", "")
    ticket = get_object_or_404(Ticket, number=number) if number else None
    draft = None
    try:
        draft = articles.draft_of(ticket) if ticket else None
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("support:ticket", number)
    form = ArticleForm(request.POST or None, initial=_initial(draft))
    if request.method == "POST" and form.is_valid():
        try:
            made = articles.write(form.told(), by=clerk(request), ticket=ticket)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, f"{made.number} を下書きに保存しました。根拠を付けて、承認を頼んでください。"
            )
            return redirect("support:article", made.number)
    told = {"form": form, "draft": draft, "ticket": ticket, "submit_label": "下書きに保存する"}
    return render(request, "support/article_form.html", told, status=422 if form.is_bound else 200)


def _initial(draft: articles.Draft | None) -> dict[str, Any]:
    if draft is None:
        return {}
    return {"question": draft.text.question, "answer": draft.text.answer, "category": draft.text.category}


@office("support.change_article")
@once
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """記事を書き直す."""
    one = _found(number)
    form = ArticleForm(request.POST or None, initial=first_of(one))
    if request.method == "POST" and form.is_valid():
        try:
            articles.change(one, form.told(), seen=form.cleaned_data["seen"] or 0, by=clerk(request))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "書き直しました。公開するまで、お客様には前の版が見えます。" if one.live_id else "書き直しました。")  # fmt: skip
            return redirect("support:article", number)
    told = {"form": form, "article": one, "submit_label": "下書きに保存する"}
    return render(request, "support/article_form.html", told, status=422 if form.is_bound else 200)


@office_post("support.change_article")
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """承認を頼む."""
    return _done(
        request, number, lambda: articles.submit(_found(number), by=clerk(request)), "承認を頼みました。"
    )


@office_post("support.publish_article")
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    """差し戻す."""
    why = request.POST.get("why", "")
    return _done(request, number, lambda: articles.send_back(_found(number), by=clerk(request), why=why), "差し戻しました。")  # fmt: skip


@office_post("support.publish_article")
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """公開する."""
    return _done(
        request, number, lambda: articles.publish(_found(number), by=clerk(request)), "公開しました。"
    )


@office_post("support.publish_article")
def retire(request: HttpRequest, number: str) -> HttpResponse:
    """取り下げる."""
    return _done(
        request, number, lambda: articles.retire(_found(number), by=clerk(request)), "取り下げました。"
    )


@office_post("support.change_article")
def tie(request: HttpRequest, number: str) -> HttpResponse:
    """根拠を付ける. `told` is "kind:ref" of the list, else `code` is a SKU."""
    kind, _, ref = request.POST.get("told", "").partition(":")
    code = request.POST.get("code", "").strip()[:80]
    if code:
        kind, ref = "sku", code
    return _done(request, number, lambda: tied.tie(_found(number), kind, ref, by=clerk(request)), "根拠を付けました。")  # fmt: skip


@office_post("support.change_article")
def untie(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """根拠を外す."""
    return _done(
        request, number, lambda: tied.untie(_found(number), pk, by=clerk(request)), "根拠を外しました。"
    )


@office_post("support.change_article")
def still_right(request: HttpRequest, number: str) -> HttpResponse:
    """内容は今も正しい."""
    return _done(request, number, lambda: tied.still_right(_found(number), by=clerk(request)), "今の内容で確かめました。")  # fmt: skip


@office("support.view_article")
def report(request: HttpRequest) -> HttpResponse:
    """記事の効き目."""
    told = request.GET.get("days", "90")
    days = int(told) if told in {str(value) for value, _label in PERIODS} else 90
    until = clock.now()
    since = timezone.make_aware(datetime.combine(clock.today() - timedelta(days=days - 1), time()))
    found = queries.funnel(since, until)
    steps = [("表示した", found.shown, None), ("答えを開いた", found.opened, found.rates["opened"]), ("「解決した」", found.solved, found.rates["solved"]), ("24 時間以内に問い合わせなし", found.spared, found.rates["spared"])]  # fmt: skip
    told_more = {
        "funnel": found,
        "steps": steps,
        "days": days,
        "periods": PERIODS,
        "bad": queries.not_helping(since),
    }
    return render(request, "support/article_report.html", told_more)


@office("support.view_article")
def suggested(request: HttpRequest, number: str) -> HttpResponse:
    """答えの候補 of a ticket, or of the words that the clerk looks for. A piece of the ticket's page."""
    ticket = get_object_or_404(Ticket, number=number)
    words = request.GET.get("q", "").strip()[:200]
    found = queries.answers(words or queries.asked_in(ticket), staff=True, most=5, least=queries.SEARCHED_NEAR if words else queries.similarity.NEAR)  # fmt: skip
    return render(request, "support/_suggested.html", {"ticket": ticket, "answers": found, "asked": words})


@office_post("support.reply_ticket")
def used(request: HttpRequest, number: str, article_number: str) -> HttpResponse:
    """返信に使った: counted once for each ticket."""
    ticket, one = get_object_or_404(Ticket, number=number), _found(article_number)
    deflection.note([one.pk], HitKind.INSERTED, place="ticket", visit=ticket.number)
    return HttpResponse(status=204)


def ticket_panel(request: HttpRequest, ticket: Ticket) -> Panel | None:
    """よくある質問 beside a ticket that is still alive."""
    if not ticket.is_alive and not request.user.has_perm("support.add_article"):
        return None
    if not request.user.has_perm("support.view_article"):
        return None
    return Panel(
        "答えの候補", "support/_answers_panel.html", {"ticket": ticket}, order=10, icon="book", side=True
    )
