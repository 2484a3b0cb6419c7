"""在庫移動一覧."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.stock import queries
from akinai.stock.models import StockTransfer
from akinai.stock.queries.transfers import transfers, transfers_with
from akinai.stock.states import TransferState
from akinai.ui.worklist import Choice, Column, DateRange, Tab, Worklist


def _missing(row: StockTransfer) -> int | None:
    return row.missing if row.state == TransferState.SENT else None  # type: ignore[attr-defined]


class TransferList(Worklist):
    """在庫移動一覧."""

    page = "stock.transfers"
    title = "在庫移動"
    permission = "stock.view_stocktransfer"
    template_name = "stock/transfers.html"
    columns = [
        Column("number", "移動番号", sort="number", link=True, card="title"),
        Column("state", "状態", format="badge", card="badge"),
        Column("source", "移動元", value="source.name", card="plain"),
        Column("destination", "移動先", value="destination.name", card="plain"),
        Column("pieces", "点数", format="number", card="amount"),
        Column("missing", "未着", value=_missing, format="number", hint="出庫して、まだ届いていない点数"),
        Column("arrives_on", "到着予定日", format="date"),
        Column("created_at", "作成日時", format="datetime", sort="created_at", card="hide"),
        Column("sent_at", "出庫日時", format="datetime", visible=False),
        Column("received_at", "受領日時", format="datetime", visible=False),
        Column("created_by", "作成者", value=lambda row: str(row.created_by or "システム"), visible=False),
        Column("note", "メモ", visible=False),
    ]
    tabs = [
        Tab("draft", "下書き", Q(state=TransferState.DRAFT), count=True),
        Tab("sent", "移動中", Q(state=TransferState.SENT), count=True, tone="warn"),
        Tab("received", "受領済", Q(state=TransferState.RECEIVED)),
    ]
    filters = [
        Choice("source", "移動元", choices=lambda _request: queries.location_choices(own=True), field="source__code"),
        Choice("destination", "移動先", choices=lambda _request: queries.location_choices(own=True), field="destination__code"),
        DateRange("created", "作成日", field="created_at"),
        DateRange("arrives", "到着予定日", field="arrives_on"),
    ]  # fmt: skip
    search_hint = "移動番号・商品"
    default_sort = "-created_at"
    export_name = "在庫移動"
    empty = {
        "icon": "swap", "title": "在庫移動はまだありません", "text": "倉庫から店頭へなど、場所のあいだで商品を動かすときに使います。",
        "url_name": "stock:transfer_add", "label": "在庫移動を登録する",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[StockTransfer]:
        return transfers()

    def search(self, queryset: QuerySet[StockTransfer], text: str) -> QuerySet[StockTransfer]:
        return queryset.filter(transfers_with(text))

    def row_url(self, row: StockTransfer) -> str:
        return reverse("stock:transfer", args=[row.number])
