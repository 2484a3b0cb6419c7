"""消去の請求の一覧."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from akinai.core import clock
from akinai.party import erasing, erasure_answers
from akinai.party.erasure_answers import SOON, UNANSWERED
from akinai.party.models import ErasureRequest
from akinai.ui.formats import jdate
from akinai.ui.worklist import Column, DateRange, MultiChoice, Tab, Worklist

State = ErasureRequest.State


def _answered(row: ErasureRequest) -> str:
    if row.answered_at:
        return "回答済み"
    return "回答待ち" if row.waits_for_answer else ""


def _due(row: ErasureRequest, value: Any, request: HttpRequest) -> SafeString | str:
    """回答の期限 and what is left of it; nothing once the person was told."""
    if not row.still_waits:
        return ""
    due = erasure_answers.due_on(row)
    left = (due - clock.today()).days
    words = f"{-left}日 超過" if left < 0 else "今日まで" if not left else f"あと {left}日"
    tone = "bad" if left < 0 else "warn" if left <= SOON else ""
    return format_html('<span class="nowrap"><span class="badge" data-tone="{}">{}</span> <span class="muted">{}</span></span>', tone, words, jdate(due))  # fmt: skip


class ErasureList(Worklist):
    """個人情報の消去の請求."""

    page = "party.erasures"
    title = "消去の請求"
    permission = erasing.ASK
    is_personal = True
    columns = [
        Column("number", "請求番号", sort="number", link=True, card="title"),
        Column("state", "状態", format="badge", card="badge"),
        Column("customer", "顧客", value="customer.number", sort="customer__number", card="plain"),
        Column("kind", "種類", card="plain"),
        Column("received_on", "受けた日", format="date", sort="received_on"),
        Column(
            "due",
            "回答の期限",
            draw=_due,
            export=lambda row: erasure_answers.due_on(row) if row.still_waits else "",
            card="plain",
        ),
        Column("answer", "回答", value=_answered, card="plain"),
        Column("asked_by", "登録した人", value=lambda row: str(row.asked_by)),
        Column("asked_at", "登録日時", format="datetime", sort="asked_at", visible=False),
        Column(
            "approved_by", "承認した人", value=lambda row: str(row.approved_by) if row.approved_by else ""
        ),
        Column("done_at", "消去日時", format="datetime", sort="done_at"),
        Column("proof", "本人確認", visible=False),
    ]
    tabs = [
        Tab("asked", "承認待ち", Q(state=State.ASKED), count=True),
        Tab("running", "消去中", Q(state=State.RUNNING), count=True),
        Tab("unanswered", "回答待ち", UNANSWERED, count=True),
        Tab("late", "期限超過", lambda _request: erasure_answers.late(), count=True, tone="bad"),
        Tab("done", "消去済み", Q(state=State.DONE)),
    ]
    filters = [
        MultiChoice("kind", "種類", choices=ErasureRequest.Kind.choices),
        MultiChoice("state", "状態", choices=State.choices),
        DateRange("received", "受けた日", field="received_on"),
        DateRange("done", "消去日", field="done_at"),
    ]
    search_hint = "請求番号・顧客番号"
    default_sort = "-asked_at"
    export_name = "消去の請求"
    empty = {
        "icon": "shield", "title": "消去の請求はまだありません",
        "text": "ご本人から個人情報の消去を求められたら、顧客の画面の「消去の請求」から登録します。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[ErasureRequest]:
        return ErasureRequest.objects.select_related("customer", "asked_by", "approved_by")

    def search(self, queryset: QuerySet[ErasureRequest], text: str) -> QuerySet[ErasureRequest]:
        word = text.strip().upper()
        if "\0" in word:
            return queryset.none()
        return queryset.filter(Q(number__startswith=word) | Q(customer__number__startswith=word))

    def row_url(self, row: Any) -> str:
        return reverse("party:erasure", args=[row.number])
