"""在庫連携の一覧: items of the malls, feed files, audits."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.catalog.queries import code_key
from akinai.channels import queries, services
from akinai.channels.drift import Cause
from akinai.channels.forms import BufferForm
from akinai.channels.models import DriftAudit, FeedItem, StockFeed
from akinai.ui.worklist import BulkAction, Choice, Column, DateRange, MultiChoice, Tab, Worklist, YesNo

DIFFERS = Q(mall_quantity__isnull=False, last_sent__isnull=False) & ~Q(mall_quantity=F("last_sent"))


def _channels(_request: HttpRequest) -> list[tuple[str, str]]:
    return queries.choices()


def _switch_on(rows: QuerySet[FeedItem], *, by: Any) -> str:
    count = services.switch(list(rows.values_list("pk", flat=True)), on=True, by=by)
    return f"{count:,} 品目の在庫連携を入れました。"


def _switch_off(rows: QuerySet[FeedItem], *, by: Any) -> str:
    count = services.switch(list(rows.values_list("pk", flat=True)), on=False, by=by)
    return f"{count:,} 品目の在庫連携を切りました。モールの数はそのまま残ります。"


def _buffer(rows: QuerySet[FeedItem], *, by: Any, buffer: int | None = None) -> str:
    count = services.keep_back(list(rows.values_list("pk", flat=True)), buffer=buffer, by=by)
    return f"{count:,} 品目の控えておく点数を変えました。"


def _sku(row: FeedItem) -> str:
    return row.sku.code if row.sku else ""


class FeedItemList(Worklist):
    """在庫連携の品目."""

    page = "channels.feed_items"
    title = "在庫連携の品目"
    permission = "channels.view_feeditem"
    template_name = "channels/feed_items.html"
    columns = [
        Column("channel", "チャネル", value="channel.name"),
        Column("key", "モール側の番号", sort="key", card="title"),
        Column("title", "モール側の名前", card="plain"),
        Column("sku", "SKUコード", value=_sku, sort="sku__code"),
        Column("last_sent", "最後に送った数", format="number", sort="last_sent"),
        Column("mall_quantity", "モールの数", format="number", sort="mall_quantity", card="amount"),
        Column("buffer", "控え", format="number"),
        Column("last_sent_at", "送った日時", format="datetime"),
        Column("mall_seen_at", "照合した日時", format="datetime", visible=False),
        Column("is_on", "連携", format="bool", card="badge"),
    ]
    tabs = [
        Tab("unknown", "商品が不明", Q(sku__isnull=True), count=True, tone="warn"),
        Tab("never", "未送信", Q(last_sent__isnull=True, sku__isnull=False, is_on=True), count=True),
        Tab("differs", "送った数と違う", DIFFERS, count=True),
        Tab("off", "連携していない", Q(is_on=False)),
    ]
    filters = [
        Choice("channel", "チャネル", choices=_channels, field="channel__code"),
        DateRange("sent", "送った日", field="last_sent_at"),
        YesNo("buffer", "控えの指定", yes=Q(buffer__isnull=False), labels=("あり", "なし")),
    ]
    search_hint = "モール側の番号・名前・SKUコード"
    default_sort = "key"
    export_name = "在庫連携の品目"
    bulk_actions = [
        BulkAction("buffer", "控えておく点数", run=_buffer, form=BufferForm, permission="channels.change_feeditem", icon="box"),
        BulkAction("on", "連携を入れる", run=_switch_on, permission="channels.change_feeditem", icon="check"),
        BulkAction("off", "連携を切る", run=_switch_off, permission="channels.change_feeditem", icon="x",
                   confirm="{count} 品目を送らなくします。モールの数はそのまま残ります。"),
    ]  # fmt: skip
    empty = {
        "icon": "store", "title": "品目はまだありません",
        "text": "モールからダウンロードした在庫CSVを取り込むと、ここに並びます。", "url_name": "channels:feeds", "label": "在庫連携へ",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[FeedItem]:
        return FeedItem.objects.select_related("channel", "sku")

    def search(self, queryset: QuerySet[FeedItem], text: str) -> QuerySet[FeedItem]:
        words = text.strip()
        return queryset.filter(
            Q(key__icontains=words) | Q(title__icontains=words) | Q(sku__code_key__contains=code_key(words))
        )

    def row_tone(self, row: FeedItem) -> str:
        return "" if row.sku_id else "warn"


class FeedList(Worklist):
    """在庫連携ファイル一覧."""

    page = "channels.feed_files"
    title = "在庫連携ファイル"
    permission = "channels.view_stockfeed"
    template_name = "channels/feed_files.html"
    columns = [
        Column("number", "連携番号", sort="number", link=True, card="title"),
        Column("channel", "チャネル", value="channel.name"),
        Column("kind", "種類"),
        Column("count", "件数", format="number", card="amount"),
        Column("left_out", "載せられなかった", value=lambda row: len(row.problems) or None, format="number"),
        Column("state", "状態", format="badge", card="badge"),
        Column("made_at", "作成日時", format="datetime", sort="made_at"),
        Column("made_by", "担当者", value=lambda row: str(row.made_by or "")),
        Column("decided_at", "送信・破棄の日時", format="datetime"),
    ]
    filters = [
        Choice("channel", "チャネル", choices=_channels, field="channel__code"),
        MultiChoice("kind", "種類", choices=StockFeed.Kind.choices),
        MultiChoice("state", "状態", choices=StockFeed.State.choices),
        DateRange("made", "作成日", field="made_at"),
    ]
    search_fields = ("number",)
    search_hint = "連携番号"
    default_sort = "-number"
    export_name = "在庫連携ファイル"
    empty = {
        "icon": "file",
        "title": "在庫連携ファイルはまだありません",
        "text": "在庫連携の画面で作ると、ここに残ります。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[StockFeed]:
        return StockFeed.objects.select_related("channel", "made_by").defer("data")

    def row_url(self, row: StockFeed) -> str:
        return reverse("channels:feed", args=[row.number])


class AuditList(Worklist):
    """在庫の照合一覧."""

    page = "channels.audits"
    title = "在庫の照合"
    permission = "channels.view_driftaudit"
    template_name = "channels/feed_files.html"
    columns = [
        Column("at", "照合日時", format="datetime", sort="at", link=True, card="title"),
        Column("channel", "チャネル", value="channel.name"),
        Column("compared", "照合した品目", format="number"),
        Column("differing", "違う品目", format="number", sort="differing", card="amount"),
        Column("by", "担当者", value=lambda row: str(row.by or "")),
    ]
    tabs = [Tab("differing", "違いあり", Q(differing__gt=0))]
    filters = [
        Choice("channel", "チャネル", choices=_channels, field="channel__code"),
        DateRange("at", "照合日", field="at"),
        MultiChoice("cause", "原因", choices=Cause.choices, field="rows__cause"),
    ]
    default_sort = "-at"
    export_name = "在庫の照合"
    empty = {
        "icon": "scale",
        "title": "照合はまだありません",
        "text": "モールの在庫CSVを取り込むと、ここに残ります。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[DriftAudit]:
        return DriftAudit.objects.select_related("channel", "by").distinct()

    def row_url(self, row: DriftAudit) -> str:
        return reverse("channels:audit", args=[row.pk])
