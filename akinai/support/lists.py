"""問い合わせの一覧, by the promise that breaks next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from akinai.core import clock
from akinai.party import erasing, erasure_answers, masking
from akinai.staff.queries import colleagues
from akinai.support import queries, services
from akinai.support.models import Ticket
from akinai.support.states import ALIVE, RUNNING, Priority, Source, TicketState
from akinai.ui.access import clerk
from akinai.ui.formats import jdatetime
from akinai.ui.tones import tone_of
from akinai.ui.worklist import BulkAction, Choice, Column, DateRange, MultiChoice, Tab, Worklist, each, pill


def time_left(at: datetime | None, now: datetime) -> tuple[str, str]:
    """(残り時間 in words, tone) of a promise."""
    if at is None:
        return "–", "mute"
    minutes = int((at - now).total_seconds() // 60)
    late, span = minutes < 0, abs(minutes)
    days, rest = divmod(span, 1440)
    words = f"{days}日" if days else f"{rest // 60}時間" if rest >= 60 else f"{rest}分"
    if late:
        return f"{words} 超過", "bad"
    return f"あと {words}", "warn" if minutes < 60 else "info" if minutes < 240 else ""


def _due_cell(row: Any, value: Any, request: HttpRequest) -> SafeString | str:
    if row.next_due is None:
        return "–"
    words, tone = time_left(row.next_due, clock.now())
    what = "返信" if row.first_replied_at is None else "解決"
    return format_html(
        '<span class="nowrap"><span class="badge" data-tone="{}" title="{}">{}</span> <span class="muted">{}</span></span>',
        tone, jdatetime(row.next_due), words, what,
    )  # fmt: skip


def _priority_cell(row: Any, value: Any, request: HttpRequest) -> SafeString | str:
    """Only what is not usual stands out."""
    if row.priority == Priority.NORMAL:
        return ""
    return pill(row.get_priority_display(), tone_of("support.ticket.priority", str(row.priority)))


class AssignForm(forms.Form):
    """だれの担当にするか."""

    assignee = forms.ChoiceField(label="担当")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        people = [("", "担当なしにする"), *((str(one.pk), str(one)) for one in colleagues())]
        field: Any = self.fields["assignee"]
        field.choices, field.required = people, False

    def clean_assignee(self) -> Any:
        told = self.cleaned_data["assignee"]
        return next((one for one in colleagues() if str(one.pk) == told), None)


def _assign(row: Ticket, *, by: Any, assignee: Any) -> None:
    services.assign(row, assignee, by=by)


class TicketList(Worklist):
    """問い合わせ一覧."""

    page = "support.tickets"
    title = "問い合わせ"
    permission = "support.view_ticket"
    is_personal = True
    finds_many = True
    columns = [
        Column("number", "番号", sort="number", link=True, card="line"),
        Column("subject", "件名", link=True, card="title", value=lambda row: Truncator(row.subject).chars(24), export=lambda row: row.subject),
        Column("state", "状態", format="badge", card="badge"),
        Column("next_due", "期限", sort=F("next_due"), draw=_due_cell, export=lambda row: row.next_due or ""),
        Column("priority", "優先度", draw=_priority_cell, export=lambda row: row.get_priority_display(), sort="priority", card="plain"),
        Column(
            "who", "お客様", value=lambda row: str(row.customer or row.contact_name or row.contact_mail or "–"), card="plain", mask=masking.WORDS
        ),
        Column("source", "経路", value="get_source_display"),
        Column("assignee", "担当", value=lambda row: str(row.assignee or "–")),
        Column("opened_at", "受付", format="datetime", sort="opened_at"),
        Column("channel", "店舗", value=lambda row: str(row.channel or ""), visible=False),
        Column("solved_at", "解決", format="datetime", sort="solved_at", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("ours", "当店の番", Q(state__in=RUNNING), count=True, tone="warn"),
        Tab("mine", "自分の担当", lambda request: Q(assignee=request.user.pk, state__in=ALIVE), count=True),
        Tab(
            "called",
            "呼ばれた",
            lambda request: queries.mentioned(request.user.get_username()),
            count=True,
            tone="warn",
        ),
        Tab("late", "期限超過", lambda _request: queries.overdue(clock.now()), count=True, tone="bad"),
        Tab("free", "担当なし", Q(assignee=None, state__in=RUNNING), count=True),
        Tab("waiting", "お客様待ち", Q(state__in=[TicketState.WAITING, TicketState.SNOOZED])),
        Tab("done", "解決・完了", Q(state__in=[TicketState.SOLVED, TicketState.CLOSED])),
    ]
    filters = [
        MultiChoice("state", "状態", choices=TicketState.choices),
        MultiChoice("source", "経路", choices=Source.choices),
        Choice("priority", "優先度", choices=[(str(value), label) for value, label in Priority.choices]),
        DateRange("opened", "受付日", field="opened_at"),
    ]
    search_hint = "番号・注文番号・件名・お名前・メール・電話・本文"
    default_sort = "next_due"
    bulk_actions = [
        BulkAction(
            "begin", "自分が対応する", run=each(services.begin, done="{count} 件を自分の担当にしました。"),
            permission="support.change_ticket", icon="user",
        ),
        BulkAction(
            "assign", "担当を決める", run=each(_assign, done="{count} 件の担当を変えました。"), form=AssignForm,
            permission="support.assign_ticket", icon="user",
        ),
        BulkAction(
            "share", "自動で割り当てる", run=each(services.share, done="{count} 件を割り当てました。"),
            permission="support.assign_ticket", icon="swap", confirm="{count} 件を、受け持つ種類と件数で割り当てます。",
        ),
        BulkAction(
            "solve", "解決にする", run=each(services.solve, done="{count} 件を解決にしました。"),
            permission="support.change_ticket", icon="check", confirm="{count} 件を解決にします。お客様には何も送りません。",
        ),
        BulkAction(
            "dismiss", "対象外にする", run=each(services.dismiss, done="{count} 件を対象外にしました。"),
            permission="support.change_ticket", icon="x-circle", confirm="{count} 件を対象外（広告など）にします。",
        ),
    ]  # fmt: skip
    export_name = "問い合わせ"
    empty = {
        "icon": "chat", "title": "問い合わせはありません",
        "text": "メール・フォーム・電話で届いたものが、約束の時刻が近い順に並びます。",
        "url_name": "support:call", "label": "電話メモ",
    }  # fmt: skip
    template_name = "support/list.html"

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        """消去の請求 with a deadline, for who answers them: nobody writes a letter to tell the desk of it."""
        may = request.user.has_perm(erasing.ASK)
        waiting = erasure_answers.waiting_for(clerk(request)) if may else None
        due = waiting.first_due if waiting else None
        left = (due - clock.today()).days if due else 0
        return {"erasure_due": due, "erasure_left": left, "erasure_soon": left <= erasure_answers.SOON}

    def queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        return queries.for_list()

    def search(self, queryset: QuerySet[Ticket], text: str) -> QuerySet[Ticket]:
        return queries.found(queryset, text)

    def row_url(self, row: Ticket) -> str:
        return reverse("support:ticket", args=[row.number])
