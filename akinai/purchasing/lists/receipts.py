"""入荷一覧."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.party import queries as party
from akinai.purchasing import queries
from akinai.purchasing.models import GoodsReceipt
from akinai.purchasing.states import ReceiptState
from akinai.stock import queries as stock
from akinai.ui.worklist import Choice, Column, DateRange, FromIntake, MultiChoice, Tab, Text, Worklist


class ReceiptList(Worklist):
    """入荷一覧."""

    page = "purchasing.list"
    title = "入荷（仕入伝票）"
    permission = "purchasing.view_goodsreceipt"
    template_name = "purchasing/list.html"
    columns = [
        Column("number", "入荷番号", sort="number", link=True, card="title"),
        Column("received_on", "入荷日", format="date", sort="received_on", card="plain"),
        Column("supplier", "仕入先", value=lambda row: str(row.supplier or ""), card="plain"),
        Column("supplier_slip_no", "仕入先の伝票番号", card="hide"),
        Column("state", "状態", format="badge", card="badge"),
        Column("line_count", "明細", format="number", card="hide"),
        Column("pieces", "点数", format="number"),
        Column("amount", "金額（税抜）", value=queries.total_yen, format="yen", card="amount"),
        Column("location", "場所", value="location.name", visible=False),
        Column("posted_at", "計上日時", format="datetime", visible=False),
        Column("created_by", "作成者", value=lambda row: str(row.created_by or "システム"), visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("draft", "下書き", Q(state=ReceiptState.DRAFT), count=True, tone="warn"),
        Tab("posted", "計上済", Q(state=ReceiptState.POSTED)),
    ]
    filters = [
        MultiChoice("state", "状態", choices=ReceiptState.choices),
        DateRange("received", "入荷日", field="received_on"),
        Choice("supplier", "仕入先", choices=lambda _request: party.supplier_choices(stopped_too=True), field="supplier"),
        Choice("location", "入荷場所", choices=lambda _request: stock.location_choices(), field="location__code"),
        Text("sku", "商品コード", field="lines__sku__code"),
        FromIntake("intake", "取込", field="number", data="receipts"),
    ]  # fmt: skip
    search_hint = "番号・仕入先"
    default_sort = "-received_on"
    export_name = "入荷"
    empty = {
        "icon": "receive", "title": "入荷はまだありません", "text": "届いた商品を仕入伝票で登録すると、在庫に計上されます。",
        "url_name": "purchasing:create", "label": "入荷を登録する",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[GoodsReceipt]:
        return queries.for_list()

    def search(self, queryset: QuerySet[GoodsReceipt], text: str) -> QuerySet[GoodsReceipt]:
        return queries.by_words(queryset, text)

    def row_url(self, row: GoodsReceipt) -> str:
        return reverse("purchasing:detail", args=[row.number])
