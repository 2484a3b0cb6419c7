"""What surveys bring to the other pages of the house (登録): menu, mails, jobs, my page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from akinai.content import mail_texts as texts
from akinai.content import public_parts
from akinai.content.surveys import exporting
from akinai.core import mail, mail_texts
from akinai.ui import navigation, tones, words

VERBS = {
    "open": "受付を開始", "close": "受付を終了", "publish": "公開", "hide": "非公開", "reply": "返信", "answer": "回答（公開）",
    "answer_alone": "回答（本人だけ）", "remove": "削除",
}  # fmt: skip


def register() -> None:
    navigation.register(
        "info", "アンケート", "survey_office:list", permission="content.view_survey", icon="chat", order=50,
        words="アンケート あんけーと 集計 NPS survey",
    )  # fmt: skip
    tones.register("content.survey.state", {"draft": "mute", "open": "good", "closed": "mute"})
    words.register("content", VERBS)
    mail_texts.register(texts.SURVEY)
    mail.register_sort("survey", "アンケートのお願い", _survey_of)
    exporting.register()
    public_parts.register("mypage", for_member, order=50)
    public_parts.register("order_done", after_order, order=50)


def _survey_of(rest: str) -> str:
    return reverse("survey_office:survey", args=[rest.partition(":")[0]])


def for_member(request: HttpRequest, member: object) -> SafeString:
    """お願いしているアンケート on my page."""
    from akinai.content.surveys import people, queries

    who = people.member(request)
    waiting = queries.waiting_for(who) if who else []
    return (
        render_to_string("content/surveys/mypage.html", {"surveys": waiting}) if waiting else SafeString("")
    )


def after_order(request: HttpRequest, order: Any) -> SafeString:
    """アンケートのお願い below the thanks for an order, with the buyer's own link to each."""
    from akinai.content.surveys import people, queries

    who = people.of_order(order.pk)
    rows = [(one, people.token_for(order.pk, f"survey:{one.pk}")) for one in queries.after_order(who)]
    return render_to_string("content/surveys/order_done.html", {"rows": rows}) if rows else SafeString("")
