"""決済会社とのやりとりの一覧: what we asked for and what was told, the refused and the odd ones first."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.payments import queries
from akinai.payments.models import ProviderCall, WebhookEvent
from akinai.payments.request_forms import NoteForm
from akinai.payments.states import CALL_OPEN, CallState, CallVerb, EventState
from akinai.ui.access import clerk
from akinai.ui.worklist import Column, DateRange, MultiChoice, Tab, Worklist


class CallList(Worklist):
    """決済会社への依頼."""

    page = "payments.calls"
    title = "決済会社への依頼"
    permission = "payments.view_providercall"
    is_personal = True
    template_name = "payments/calls.html"
    columns = [
        Column("asked_at", "依頼日時", format="datetime", sort="asked_at", link=True),
        Column("verb", "依頼", card="title"),
        Column("state", "状態", format="badge", card="badge"),
        Column("amount_yen", "金額", format="yen", value=lambda row: row.amount_yen or None, card="amount"),
        Column("request", "決済番号", value="request.number"),
        Column("order", "受注番号", value="request.order.number"),
        Column("buyer", "注文者", value="request.order.buyer_name"),
        Column("error", "理由・対応", value=lambda row: row.resolution or row.error),
        Column("tries", "回数", format="number", visible=False),
        Column("provider", "決済会社", value="request.provider", visible=False),
        Column("provider_ref", "決済会社の番号", visible=False),
        Column("who", "担当", value=lambda row: str(row.asked_by or "システム"), visible=False),
    ]
    tabs = [
        Tab("open", "断られた・失敗", Q(state__in=CALL_OPEN), count=True, tone="bad"),
        Tab("going", "依頼中", Q(state__in=[CallState.WAITING, CallState.ASKING]), count=True),
    ]
    filters = [
        MultiChoice("verb", "依頼", choices=CallVerb.choices),
        MultiChoice("state", "状態", choices=CallState.choices),
        DateRange("asked", "依頼日", field="asked_at"),
    ]
    search_hint = "決済番号・受注番号・決済会社の番号"
    search_fields = ("request__number", "request__order__number")
    default_sort = "-asked_at"
    export_name = "決済会社への依頼"
    empty = {
        "icon": "send", "title": "依頼はありません",
        "text": "出荷したときの売上確定、キャンセルしたときの与信の取消、返金を、決済会社に頼むとここに並びます。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[ProviderCall]:
        return queries.calls_seen_by(clerk(request))

    def search(self, queryset: QuerySet[ProviderCall], text: str) -> QuerySet[ProviderCall]:
        key = text.strip()
        by_number = Q(request__number=key.upper()) | Q(request__order__number=key.upper())
        return queryset.filter(by_number | Q(provider_ref=key) | Q(request__provider_ref=key))

    def row_url(self, row: ProviderCall) -> str:
        return f"{reverse('payments:request', args=[row.request.number])}#calls"

    def row_tone(self, row: ProviderCall) -> str:
        return "bad" if row.state in CALL_OPEN else ""


class WebhookList(Worklist):
    """決済会社からの知らせ."""

    page = "payments.webhooks"
    title = "決済会社からの知らせ"
    permission = "payments.view_webhookevent"
    template_name = "payments/webhooks.html"
    columns = [
        Column("received_at", "受信日時", format="datetime", sort="received_at"),
        Column("type", "種類", card="title"),
        Column("state", "状態", format="badge", card="badge"),
        Column("error", "内容"),
        Column("request", "決済番号", value=lambda row: row.request.number if row.request else "", link=True),
        Column("created_at", "決済会社の時刻", format="datetime", sort="created_at"),
        Column("provider", "決済会社", visible=False),
        Column("event_id", "知らせの番号", visible=False),
        Column("object_id", "対象の番号", visible=False),
        Column("live", "本番", value=lambda row: "本番" if row.is_live else "テスト", visible=False),
        Column("tries", "回数", format="number", visible=False),
    ]
    tabs = [
        Tab("failed", "要確認", Q(state=EventState.FAILED), count=True, tone="bad"),
        Tab("received", "処理待ち", Q(state=EventState.RECEIVED), count=True, tone="warn"),
        Tab("handled", "処理済", Q(state=EventState.HANDLED)),
    ]
    filters = [
        MultiChoice("state", "状態", choices=EventState.choices),
        DateRange("received", "受信日", field="received_at"),
    ]
    search_hint = "決済番号・知らせの番号・対象の番号・種類"
    search_fields = ("request__number", "event_id", "object_id", "type")
    default_sort = "-received_at"
    export_name = "決済会社からの知らせ"
    empty = {
        "icon": "bell", "title": "知らせはまだ届いていません",
        "text": "決済会社の管理画面で、知らせの届け先（Webhook）にこの店のアドレスを登録すると届きます。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[WebhookEvent]:
        return queries.webhooks_seen_by(clerk(request))

    def search(self, queryset: QuerySet[WebhookEvent], text: str) -> QuerySet[WebhookEvent]:
        key = text.strip()
        exact = Q(request__number=key.upper()) | Q(event_id=key) | Q(object_id=key)
        return queryset.filter(exact | Q(type__startswith=key.lower()))

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        failed = queries.webhooks_seen_by(clerk(request)).filter(state=EventState.FAILED)
        return {"odd": list(failed.order_by("-id")[:10]), "note_form": NoteForm()}

    def row_url(self, row: WebhookEvent) -> str:
        return reverse("payments:request", args=[row.request.number]) if row.request else ""

    def row_tone(self, row: WebhookEvent) -> str:
        return "bad" if row.state == EventState.FAILED else ""
