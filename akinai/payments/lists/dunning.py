"""督促の一覧: what is overdue, and everything that was done about it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.core import clock
from akinai.core.search import matching
from akinai.party import masking
from akinai.payments import queries, services
from akinai.payments.dunning_forms import PauseForm
from akinai.payments.models import Due, DunningAct
from akinai.payments.states import CallResult, DueKind, DunningWay
from akinai.ui.access import clerk
from akinai.ui.formats import jdate
from akinai.ui.worklist import (
    BulkAction,
    Column,
    DateRange,
    MultiChoice,
    Tab,
    Worklist,
    YenRange,
    YesNo,
    each,
)


def late_days(due: Due) -> int:
    """超過日数; below 0 before the due day."""
    return (clock.today() - due.due_on).days


def _late(due: Due) -> str:
    days = late_days(due)
    return f"{days}日超過" if days > 0 else "本日まで" if days == 0 else f"あと{-days}日"


def _who(due: Due) -> str:
    if due.statement:
        return due.statement.recipient_name
    return (due.order.buyer_company or due.order.buyer_name) if due.order else ""


def _state(due: Due) -> tuple[str, str]:
    if due.is_paused:  # type: ignore[attr-defined]
        return "停止中", "mute"
    if due.waits_for_call:  # type: ignore[attr-defined]
        return "電話・書面", "warn"
    return ("期限切れ", "bad") if late_days(due) > 0 else ("期限内", "info")


def _pause(due: Due, *, by: Any, reason: str = "", until: Any = None) -> None:
    services.pause(due, reason=reason, until=until, by=by)


class DueList(Worklist):
    """督促: every due that is owed, oldest first."""

    page = "payments.dunning"
    title = "督促"
    permission = "payments.view_due"
    is_personal = True
    template_name = "payments/dunning.html"
    columns = [
        Column("number", "番号", link=True),
        Column("who", "お客様", value=_who, card="title"),
        Column("kind", "種類", value="get_kind_display"),
        Column("due_on", "支払期限", format="date", sort="due_on"),
        Column("late", "超過", value=_late),
        Column("owed_yen", "未入金", format="yen", sort="owed_yen", card="amount"),
        Column(
            "state", "状態", value=_state, format="badge", card="badge", export=lambda row: _state(row)[0]
        ),
        Column("last", "最後の督促", value=lambda row: _last(row)),
        Column("next", "次の段階", value=lambda row: _next(row)),
        Column("paid_yen", "入金済", format="yen", visible=False),
        Column(
            "channel", "店舗", value=lambda row: row.order.channel.name if row.order else "", visible=False
        ),
        Column("phone", "電話", value=lambda row: _phone(row), visible=False, mask=masking.PHONE),
        Column("email", "メール", value=lambda row: _mail(row), visible=False, mask=masking.MAIL),
    ]
    tabs = [
        Tab("late", "期限切れ", lambda _r: Q(due_on__lt=clock.today()), count=True, tone="bad"),
        Tab("call", "電話・書面", Q(waits_for_call=True, is_paused=False), count=True, tone="warn"),
        Tab("soon", "期限の前", lambda _r: Q(due_on__gte=clock.today())),
        Tab("paused", "停止中", Q(is_paused=True)),
    ]
    filters = [
        MultiChoice("kind", "種類", choices=DueKind.choices),
        DateRange("due", "支払期限", field="due_on"),
        YenRange("owed", "未入金", field="owed_yen"),
        YesNo("begun", "督促", yes=Q(last_days__isnull=False), labels=("した", "まだ")),
        YesNo("partly", "一部入金", yes=Q(paid_yen__gt=0), labels=("あり", "なし")),
    ]
    search_hint = "受注番号・注文者・合計請求書の番号"
    search_fields = ("order__number",)
    default_sort = "due_on"
    export_name = "未入金と督促"
    bulk_actions = [
        BulkAction(
            "pause", "督促を止める", run=each(_pause, done="{count} 件の督促を止めました。"), form=PauseForm, icon="pause",
            permission="payments.add_dunningpause",
        )
    ]  # fmt: skip
    empty = {
        "icon": "check",
        "title": "未入金はありません",
        "text": "支払期限のある受注と合計請求書が、期限の順に並びます。",
    }

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"ages": queries.ages(clock.today())}

    def queryset(self, request: HttpRequest) -> QuerySet[Due]:
        return queries.dues_seen_by(clerk(request))

    def search(self, queryset: QuerySet[Due], text: str) -> QuerySet[Due]:
        key = text.strip().upper()
        if key.startswith("SO-"):
            return queryset.filter(order__number__startswith=key)
        if key.startswith("BL-"):
            return queryset.filter(statement__number__startswith=key)
        order = matching(text, grams="order__search_grams", source="order__search_text")
        paper = matching(text, grams="statement__search_grams", source="statement__search_text")
        return queryset.filter(order | paper)

    def row_url(self, row: Due) -> str:
        return reverse("payments:due", args=[row.pk])

    def row_tone(self, row: Due) -> str:
        return "bad" if late_days(row) > 14 and not row.is_paused else ""  # type: ignore[attr-defined]


def _last(due: Due) -> str:
    on = due.last_on  # type: ignore[attr-defined]
    return f"{on:%m/%d} {due.last_title}" if on else ""  # type: ignore[attr-defined]


def _next(due: Due) -> str:
    found = None if due.is_paused else queries.next_of(due)  # type: ignore[attr-defined]
    return f"{max(found[1], clock.today()):%m/%d} {found[0]}" if found else ""


def _phone(due: Due) -> str:
    return due.order.buyer_phone if due.order else due.customer.phone if due.customer else ""


def _mail(due: Due) -> str:
    return due.order.buyer_email if due.order else due.customer.email if due.customer else ""


class DunningActList(Worklist):
    """督促の記録."""

    page = "payments.dunning_acts"
    title = "督促の記録"
    permission = "payments.view_dunningact"
    is_personal = True
    template_name = "payments/dunning_acts.html"
    columns = [
        Column("on", "日付", format="date", sort="on"),
        Column("number", "番号", value=lambda row: _number(row), link=True, card="title"),
        Column("step", "段階", value="step.title"),
        Column("way", "方法", format="badge", card="badge"),
        Column("owed_yen", "未入金", format="yen", sort="owed_yen", card="amount"),
        Column("due_on", "支払期限", format="date"),
        Column("sent_to", "宛先", mask=masking.MAIL),
        Column("result", "結果", value=lambda row: _result(row)),
        Column("by", "担当者", value=lambda row: str(row.by) if row.by else "システム"),
        Column("kind", "種類", value="get_kind_display", visible=False),
        Column("at", "記録日時", format="datetime", visible=False),
    ]
    tabs = [
        Tab("mail", "メール", Q(way=DunningWay.MAIL)),
        Tab("call", "電話・書面", Q(way__in=["phone", "letter"])),
        Tab("cancel", "自動キャンセル", Q(way=DunningWay.CANCEL)),
    ]
    filters = [
        DateRange("on", "日付"),
        MultiChoice("kind", "種類", choices=DueKind.choices),
        MultiChoice("result", "結果", choices=CallResult.choices, field="answer__result"),
        YenRange("owed", "未入金", field="owed_yen"),
    ]
    search_hint = "受注番号・注文者・合計請求書の番号"
    search_fields = ("order__number",)
    default_sort = "-on"
    export_name = "督促の記録"
    empty = {
        "icon": "mail",
        "title": "督促の記録はまだありません",
        "text": "段取りを決めて始めると、毎日の督促がここに残ります。",
    }

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"letters": queries.letters_count()}

    def queryset(self, request: HttpRequest) -> QuerySet[DunningAct]:
        return queries.acts_seen_by(clerk(request))

    def search(self, queryset: QuerySet[DunningAct], text: str) -> QuerySet[DunningAct]:
        key = text.strip().upper()
        order = matching(text, grams="order__search_grams", source="order__search_text")
        number = Q(order__number=key) | Q(statement__number=key)
        paper = matching(text, grams="statement__search_grams", source="statement__search_text")
        return queryset.filter(order | paper | number)

    def row_url(self, row: DunningAct) -> str:
        if row.order:
            return reverse("orders:detail", args=[row.order.number])
        return reverse("billing:statement", args=[row.statement.number]) if row.statement else ""


def _number(act: DunningAct) -> str:
    paper = act.order or act.statement
    return paper.number if paper else ""


def _result(act: DunningAct) -> str:
    try:
        made = act.answer
    except DunningAct.answer.RelatedObjectDoesNotExist:
        return "未記録" if act.way in ("phone", "letter") else ""
    told = f"{made.get_result_display()} {made.note}".strip()
    return f"{told}（{jdate(made.promised_on)}）" if made.promised_on else told
