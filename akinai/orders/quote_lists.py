"""見積の一覧."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.core import clock
from akinai.orders import services
from akinai.orders.forms import ReasonForm
from akinai.orders.models import Quote
from akinai.orders.quote_states import QuoteState
from akinai.ui.worklist import BulkAction, Column, DateRange, MultiChoice, Tab, Worklist, YenRange, each


def _withdraw(quote: Quote, *, by: Any, reason: str = "") -> None:
    services.withdraw_quote(quote.pk, reason=reason, by=by)


class QuoteList(Worklist):
    """見積一覧."""

    page = "orders.quotes"
    title = "見積"
    permission = "orders.view_quote"
    is_personal = True
    template_name = "orders/quotes.html"
    columns = [
        Column("number", "見積番号", sort="number", link=True, card="title"),
        Column("created_at", "作成日時", format="datetime", sort="created_at", card="plain"),
        Column("to", "宛先", value="to", export="to", card="plain"),
        Column("subject", "件名", card="plain"),
        Column("state", "状態", format="badge", card="badge"),
        Column("valid_until", "有効期限", format="date", sort="valid_until", card="plain"),
        Column("total_yen", "見積金額", format="yen", sort="total_yen", card="amount"),
        Column("order", "受注", value=lambda row: row.order.number if row.order else "", card="plain"),
        Column("submitted_on", "提出日", format="date", sort="submitted_on", visible=False),
        Column("created_by", "作成者", value=lambda row: str(row.created_by or ""), visible=False),
    ]
    tabs = [
        Tab("draft", "作成中", Q(state=QuoteState.DRAFT), count=True),
        Tab("sent", "返事待ち", Q(state=QuoteState.SENT), count=True),
        Tab(
            "soon",
            "期限が今週",
            lambda _r: Q(state=QuoteState.SENT, valid_until__lte=_in_a_week()),
            tone="warn",
        ),
        Tab("accepted", "成約", Q(state=QuoteState.ACCEPTED)),
    ]
    filters = [
        MultiChoice("state", "状態", choices=QuoteState.choices),
        DateRange("created", "作成日", field="created_at"),
        DateRange("until", "有効期限", field="valid_until"),
        YenRange("total", "見積金額", field="total_yen"),
    ]
    search_fields = ("number", "company", "name", "kana", "subject", "phone", "order__number")
    search_hint = "見積番号・会社名・お名前・件名・電話"
    default_sort = "-created_at"
    bulk_actions = [
        BulkAction(
            "withdraw", "取り消す", run=each(_withdraw, done="{count} 件の見積を取り消しました。"),
            permission="orders.change_quote", icon="x", form=ReasonForm,
        )
    ]  # fmt: skip
    export_name = "見積"
    empty = {
        "icon": "file", "title": "見積はまだありません", "text": "電話やメールで頼まれた見積を作り、PDF で送れます。成約すると、そのまま受注になります。",
        "url_name": "orders:new_quote", "label": "見積を作る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Quote]:
        return Quote.objects.select_related("order", "created_by")

    def row_url(self, row: Quote) -> str:
        return reverse("orders:quote_detail", args=[row.number])


def _in_a_week() -> Any:
    from datetime import timedelta

    return clock.today() + timedelta(days=7)
