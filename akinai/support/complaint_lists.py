"""クレーム・補償・再発防止の一覧."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator

from akinai.core import clock
from akinai.core.search import matching
from akinai.shipping import queries as shipping
from akinai.staff import queries as staff
from akinai.support.complaint_states import (
    LIVE,
    CompensationKind,
    CompensationState,
    ComplaintState,
    PreventionState,
    Severity,
    Side,
)
from akinai.support.models import Compensation, Complaint, ComplaintCause, PreventionTask
from akinai.support.queries import complaints as queries
from akinai.support.rules.complaints import rate
from akinai.support.services import compensation
from akinai.ui.worklist import (
    BulkAction,
    Choice,
    Column,
    DateRange,
    MultiChoice,
    Tab,
    Text,
    Worklist,
    YenRange,
    each,
)


def causes(*_: Any) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in ComplaintCause.objects.values_list("pk", "name")]


def people(*_: Any) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in staff.choices()]


class ComplaintList(Worklist):
    """クレーム一覧."""

    page = "support.complaints"
    title = "クレーム"
    permission = "support.view_complaint"
    is_personal = True
    template_name = "support/complaint_list.html"
    columns = [
        Column("number", "番号", sort="number", link=True),
        Column("subject", "件名", value="ticket.subject", link=True, card="title"),
        Column("severity", "重さ", format="badge", sort="severity", card="badge"),
        Column("state", "状態", format="badge"),
        Column("cause", "原因", value=lambda row: str(row.cause or "未記入"), sort="cause__place"),
        Column("side", "責任", value="get_side_display"),
        Column("customer", "お客様", value=lambda row: str(row.ticket.customer or row.ticket.contact_name or "–")),
        Column("sku", "SKU", value=lambda row: row.sku.code if row.sku else ""),
        Column("given_yen", "補償額", format="yen", sort=F("given_yen"), card="amount"),
        Column("opened_at", "受付", format="datetime", sort="opened_at"),
        Column("assignee", "担当", value=lambda row: str(row.ticket.assignee or "–")),
        Column("lot", "ロット", value=lambda row: row.lot.code if row.lot else "", visible=False),
        Column("supplier", "仕入先", value=lambda row: str(row.supplier or ""), visible=False),
        Column("carrier", "運送会社", value=lambda row: shipping.name_of(row.carrier) if row.carrier else "", visible=False),
        Column("page_text", "ページ", value="page", visible=False),
        Column("order", "受注", value=lambda row: str(row.order or ""), visible=False),
        Column("ticket", "問い合わせ", value="ticket.number", visible=False),
        Column("settled_at", "決着", format="datetime", sort="settled_at", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("live", "対応中", Q(state__in=LIVE), count=True, tone="warn"),
        Tab("grave", "重大・店長未確認", lambda _request: queries.not_seen(), count=True, tone="bad"),
        Tab(
            "mine",
            "自分の担当",
            lambda request: Q(ticket__assignee=request.user.pk, state__in=LIVE),
            count=True,
        ),
        Tab("nocause", "原因未記入", Q(cause=None, state__in=LIVE), count=True),
        Tab("settled", "決着", Q(state=ComplaintState.SETTLED)),
    ]
    filters = [
        MultiChoice("state", "状態", choices=ComplaintState.choices),
        MultiChoice("severity", "重さ", choices=[(str(key), label) for key, label in Severity.choices]),
        MultiChoice("cause", "原因", choices=causes, field="cause_id"),
        Choice("side", "責任", choices=Side.choices),
        DateRange("opened", "受付日", field="opened_at"),
        YenRange("given", "補償額", field="given_yen"),
        Text("sku", "SKU", field="sku__code"),
        Text("supplier", "仕入先", field="supplier__name"),
    ]
    search_fields = ("search_grams", "search_text")
    search_hint = "問い合わせ番号・件名・お名前・事実・ご要望"
    default_sort = "-opened_at"
    export_name = "クレーム"
    empty = {
        "icon": "alert", "title": "クレームはありません", "text": "問い合わせの画面の「クレームにする」から記録します。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Complaint]:
        return queries.for_list()

    def search(self, queryset: QuerySet[Complaint], text: str) -> QuerySet[Complaint]:
        key = text.strip().upper()
        if key.startswith(("CL-", "TK-")):
            return queryset.filter(Q(number__startswith=key) | Q(ticket__number__startswith=key))
        return queryset.filter(matching(text))

    def row_url(self, row: Complaint) -> str:
        return reverse("support:complaint", args=[row.number])

    def row_tone(self, row: Complaint) -> str:
        return "bad" if row.waits_for_manager else ""


class CompensationList(Worklist):
    """補償一覧."""

    page = "support.compensations"
    title = "補償"
    permission = "support.view_compensation"
    template_name = "support/complaint_list.html"
    columns = [
        Column("number", "番号", sort="number", link=True, card="title"),
        Column("kind", "種類", value="get_kind_display"),
        Column("yen", "金額", format="yen", sort="yen", card="amount"),
        Column("state", "状態", format="badge", card="badge"),
        Column("complaint", "クレーム", value="complaint.number"),
        Column("cause", "原因", value=lambda row: str(row.complaint.cause or "–")),
        Column("order", "受注", value=lambda row: str(row.order or "–")),
        Column("reason", "理由"),
        Column("asked_by", "依頼", value=lambda row: str(row.asked_by)),
        Column("asked_at", "依頼日時", format="datetime", sort="asked_at"),
        Column("approved_by", "承認", value=lambda row: str(row.approved_by or "")),
        Column("done_at", "実行日時", format="datetime", sort="done_at", visible=False),
    ]
    tabs = [
        Tab("waiting", "承認待ち", Q(state=CompensationState.WAITING), count=True, tone="warn"),
        Tab("done", "実行済", Q(state=CompensationState.DONE)),
        Tab("reversed", "取消・却下", Q(state__in=[CompensationState.REVERSED, CompensationState.REFUSED])),
    ]
    filters = [
        MultiChoice("state", "状態", choices=CompensationState.choices),
        MultiChoice("kind", "種類", choices=CompensationKind.choices),
        MultiChoice("cause", "原因", choices=causes, field="complaint__cause_id"),
        Choice("asked_by", "依頼した人", choices=people, field="asked_by_id"),
        DateRange("asked", "依頼日", field="asked_at"),
        YenRange("yen", "金額", field="yen"),
    ]
    search_hint = "補償・クレーム・受注の番号、理由"
    default_sort = "-asked_at"
    bulk_actions = [
        BulkAction(
            "approve", "承認して実行する", run=each(compensation.approve, done="{count} 件を承認して実行しました。"),
            permission="support.approve_compensation", icon="shield", confirm="{count} 件の補償を承認し、実行します。",
        )
    ]  # fmt: skip
    export_name = "補償"
    empty = {"icon": "yen", "title": "補償はありません", "text": "クレームの画面から頼みます。"}

    def queryset(self, request: HttpRequest) -> QuerySet[Compensation]:
        return queries.compensations_for_list()

    def search(self, queryset: QuerySet[Compensation], text: str) -> QuerySet[Compensation]:
        key = text.strip()
        numbers = (
            Q(number__istartswith=key)
            | Q(complaint__number__istartswith=key)
            | Q(order__number__istartswith=key)
        )
        return queryset.filter(numbers | Q(reason__icontains=key))

    def row_url(self, row: Compensation) -> str:
        return f"{reverse('support:complaint', args=[row.complaint.number])}#{row.number}"


class PreventionList(Worklist):
    """再発防止一覧."""

    page = "support.preventions"
    title = "再発防止"
    permission = "support.view_preventiontask"
    template_name = "support/complaint_list.html"
    columns = [
        Column("number", "番号", sort="number", link=True),
        Column(
            "what",
            "対策",
            value=lambda row: Truncator(row.what).chars(36),
            export=lambda row: row.what,
            link=True,
            card="title",
        ),
        Column("state", "状態", format="badge", card="badge"),
        Column("cause", "原因", value="cause.name", sort="cause__place"),
        Column("owner", "責任者", value=lambda row: str(row.owner)),
        Column("due_on", "期限", format="date", sort="due_on"),
        Column("in_place_on", "開始", format="date", sort="in_place_on"),
        Column("before", "前/千件", value=lambda row: _rate(row.before_complaints, row.before_shipments)),
        Column("after", "後/千件", value=lambda row: _rate(row.after_complaints, row.after_shipments)),
        Column("complaint", "クレーム", value="complaint.number", visible=False),
        Column("close_reason", "完了の理由", visible=False),
    ]
    tabs = [
        Tab("open", "進行中", Q(state__in=[PreventionState.PLANNED, PreventionState.WATCHING]), count=True),
        Tab(
            "late",
            "期限超過",
            lambda _request: queries.late_preventions(clock.today()),
            count=True,
            tone="bad",
        ),
        Tab("mine", "自分が責任者", lambda request: Q(owner=request.user.pk, closed_at=None), count=True),
        Tab("closed", "完了", Q(state=PreventionState.CLOSED)),
    ]
    filters = [
        MultiChoice("state", "状態", choices=PreventionState.choices),
        MultiChoice("cause", "原因", choices=causes, field="cause_id"),
        Choice("owner", "責任者", choices=people, field="owner_id"),
        DateRange("due", "期限", field="due_on"),
    ]
    search_hint = "番号・対策"
    default_sort = "due_on"
    export_name = "再発防止"
    empty = {"icon": "shield", "title": "再発防止はありません", "text": "クレームの画面から対策を立てます。"}

    def queryset(self, request: HttpRequest) -> QuerySet[PreventionTask]:
        return queries.preventions_for_list()

    def search(self, queryset: QuerySet[PreventionTask], text: str) -> QuerySet[PreventionTask]:
        key = text.strip()
        return queryset.filter(
            Q(number__istartswith=key) | Q(complaint__number__istartswith=key) | Q(what__icontains=key)
        )

    def row_url(self, row: PreventionTask) -> str:
        return reverse("support:prevention", args=[row.number])

    def row_tone(self, row: PreventionTask) -> str:
        return "bad" if row.state == PreventionState.PLANNED and row.due_on < clock.today() else ""


def _rate(complaints: int | None, shipments: int | None) -> str:
    told = rate(complaints, shipments)
    return "–" if told is None else f"{told}"
