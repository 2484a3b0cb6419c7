"""お問い合わせの一覧."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.party import masking
from akinai.shop.models import Inquiry
from akinai.shop.services import inquiries
from akinai.ui.worklist import BulkAction, Column, DateRange, MultiChoice, Tab, Worklist, each


class InquiryList(Worklist):
    """お問い合わせ一覧."""

    page = "shop.inquiries"
    title = "お問い合わせ"
    permission = "shop.view_inquiry"
    is_personal = True
    columns = [
        Column("number", "受付番号", sort="number", link=True, card="title"),
        Column("received_at", "受付日時", format="datetime", sort="received_at", card="plain"),
        Column("kind", "種類", value="get_kind_display", export="get_kind_display", card="plain"),
        Column("name", "お名前", card="plain"),
        Column("text", "内容", value=lambda row: row.text[:60], export="text", card="plain"),
        Column("state", "状態", format="badge", card="badge"),
        Column("order_number", "ご注文番号", card="plain"),
        Column("email", "メール", visible=False, mask=masking.MAIL),
        Column("done_at", "対応日時", format="datetime", sort="done_at", visible=False),
        Column("done_by", "対応した人", value=lambda row: str(row.done_by or ""), visible=False),
    ]
    tabs = [
        Tab("open", "未対応", Q(state=Inquiry.State.OPEN), count=True, tone="warn"),
        Tab("done", "対応済", Q(state=Inquiry.State.DONE)),
    ]
    filters = [
        MultiChoice("state", "状態", choices=Inquiry.State.choices),
        MultiChoice("kind", "種類", choices=Inquiry.Kind.choices),
        DateRange("received", "受付日", field="received_at"),
    ]
    search_fields = ("search_grams", "search_text")
    search_hint = "お名前・メール・ご注文番号・内容"
    default_sort = "-received_at"
    bulk_actions = [
        BulkAction(
            "finish", "対応済みにする", run=each(inquiries.finish, done="{count} 件を対応済みにしました。"),
            permission="shop.change_inquiry", icon="check",
        )
    ]  # fmt: skip
    export_name = "お問い合わせ"
    empty = {
        "icon": "mail", "title": "お問い合わせはありません",
        "text": "店舗の「お問い合わせ」のページから送られたものと、ご注文のページからのキャンセルのお申し出が並びます。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Inquiry]:
        return Inquiry.objects.select_related("done_by")

    def row_url(self, row: Inquiry) -> str:
        return reverse("shop_office:inquiry", args=[row.number])
