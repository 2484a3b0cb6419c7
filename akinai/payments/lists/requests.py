"""決済の一覧: by 与信期限, what to capture, what to give back, what is disputed."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.core import clock
from akinai.core.search import matching
from akinai.payments import queries, services
from akinai.payments.models import PaymentRequest
from akinai.payments.models.requests import KINDS
from akinai.payments.queries.requests import AUTHORISED, DISPUTED, LOST, SOON, TO_CAPTURE, TO_GIVE_BACK
from akinai.payments.states import RequestState
from akinai.ui.access import clerk
from akinai.ui.worklist import BulkAction, Column, DateRange, MultiChoice, Tab, Worklist, YenRange, each


def _capture(request: PaymentRequest, *, by: Any) -> None:
    """By hand where it was done on the provider's screen; asked for where a door of ours stands behind it."""
    if request.door:
        services.ask_capture(request, by=by)
    else:
        services.capture(request, by=by)


def _left(row: PaymentRequest) -> str:
    last = row.answer_by or row.expires_on
    if last is None:
        return ""
    days = (last - clock.today()).days
    return f"あと{days}日" if days > 0 else "本日まで" if days == 0 else f"{-days}日超過"


class RequestList(Worklist):
    """決済."""

    page = "payments.requests"
    title = "決済"
    permission = "payments.view_paymentrequest"
    is_personal = True
    template_name = "payments/requests.html"
    columns = [
        Column("number", "決済番号", sort="number", link=True),
        Column("order", "受注番号", value="order.number"),
        Column("buyer", "注文者", value="order.buyer_name", card="title"),
        Column("kind", "支払方法"),
        Column("state", "状態", format="badge", card="badge"),
        Column("amount_yen", "金額", format="yen", sort="amount_yen", card="amount"),
        Column("expires_on", "与信・支払の期限", format="date", sort="expires_on"),
        Column("left", "残り", value=_left),
        Column("order_state", "受注", value=lambda row: row.order.get_state_display()),
        Column("provider", "決済会社"),
        Column("provider_ref", "決済会社の番号", visible=False),
        Column("refunded_yen", "返金額", format="yen", visible=False),
        Column("answer_by", "回答期限", format="date", sort="answer_by", visible=False),
        Column("requested_at", "申込日時", format="datetime", sort="requested_at", visible=False),
    ]
    tabs = [
        Tab("authorised", "与信済", AUTHORISED),
        Tab(
            "soon",
            "期限まで3日",
            lambda _r: AUTHORISED & Q(expires_on__lte=clock.today() + SOON),
            count=True,
            tone="bad",
        ),
        Tab("capture", "出荷済・売上未確定", TO_CAPTURE, count=True, tone="warn"),
        Tab("lost", "出荷済・与信切れ", LOST, count=True, tone="bad"),
        Tab("back", "キャンセル・要返金", TO_GIVE_BACK, count=True, tone="warn"),
        Tab("disputed", "異議申立", DISPUTED, count=True, tone="bad"),
    ]
    filters = [
        MultiChoice("state", "状態", choices=RequestState.choices),
        MultiChoice("kind", "支払方法", choices=KINDS),
        DateRange("expires", "期限", field="expires_on"),
        YenRange("amount", "金額", field="amount_yen"),
        DateRange("requested", "申込日", field="requested_at"),
    ]
    search_hint = "決済番号・受注番号・注文者・決済会社の番号"
    search_fields = ("number",)
    default_sort = "-requested_at"
    export_name = "決済"
    bulk_actions = [
        BulkAction(
            "capture", "売上確定", run=each(_capture, done="{count} 件を売上確定にしました（決済会社とつながっているものは依頼しました）。"), icon="check",
            permission="payments.change_paymentrequest",
            confirm="{count} 件を売上確定にします。決済会社とつながっていないものは、決済会社の画面で確定してから押してください。",
        )
    ]  # fmt: skip
    empty = {
        "icon": "wallet", "title": "決済の記録はまだありません",
        "text": "カード・コンビニ・後払い・ウォレットの決済を、受注の「決済」の欄で記録すると、与信期限の順に並びます。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[PaymentRequest]:
        return queries.requests_seen_by(clerk(request))

    def search(self, queryset: QuerySet[PaymentRequest], text: str) -> QuerySet[PaymentRequest]:
        key = text.strip()
        person = matching(key, grams="order__search_grams", source="order__search_text")
        numbers = Q(number=key.upper()) | Q(order__number=key.upper()) | Q(provider_ref=key)
        return queryset.filter(person | numbers)

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"expiries": queries.expiry_days(clock.today())}

    def row_url(self, row: PaymentRequest) -> str:
        return reverse("payments:request", args=[row.number])

    def row_tone(self, row: PaymentRequest) -> str:
        is_late = row.expires_on is not None and row.expires_on <= clock.today() + SOON
        return "bad" if is_late and row.state == RequestState.AUTHORISED else ""
