"""モール出荷報告の一覧: parcels that a mall does not know of, with their age, and the files that were written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from akinai.channels import queries as channels
from akinai.core import clock
from akinai.shipping import queries, services
from akinai.shipping.models import Shipment, TrackingExport
from akinai.shipping.states import MALL_UNTOLD, MallNotice
from akinai.shipping.telling_ports import TELLING
from akinai.ui.worklist import BulkAction, Choice, Column, DateRange, MultiChoice, Tab, Text, Worklist

LATE_HOURS = 24
UNTOLD = Q(mall_notice__in=MALL_UNTOLD, state__in=queries.GONE)


@dataclass(frozen=True, slots=True)
class MallCard:
    """未報告 of one channel, with the file that tells it."""

    code: str
    name: str
    title: str
    hint: str
    count: int
    oldest: datetime | None
    is_late: bool


def mall_cards() -> list[MallCard]:
    """Every channel with something untold, the longest waiting first. One query."""
    rows = (
        Shipment.objects.filter(UNTOLD)
        .values("order__channel__code", "order__channel__name", "order__channel__kind")
        .annotate(count=Count("pk"), oldest=Min("shipped_at")).order_by("oldest")
    )  # fmt: skip
    return [_card(row) for row in rows]


def _card(row: Any) -> MallCard:
    door = TELLING.get(row["order__channel__kind"])
    return MallCard(
        row["order__channel__code"], row["order__channel__name"], door.title if door else "", door.upload_hint if door else "",
        row["count"], row["oldest"], bool(row["oldest"]) and row["oldest"] < _late(),
    )  # fmt: skip


def _late() -> datetime:
    return clock.now() - timedelta(hours=LATE_HOURS)


def waiting_count() -> int:
    """未報告 over all malls."""
    return Shipment.objects.filter(UNTOLD).count()


def _hours(row: Shipment) -> int | None:
    if row.mall_notice not in MALL_UNTOLD or not row.shipped_at:
        return None
    return int((clock.now() - row.shipped_at).total_seconds() // 3600)


def _ids(rows: QuerySet[Any]) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _by_hand(rows: QuerySet[Any], *, by: Any) -> str:
    return f"{services.note_told_by_hand(_ids(rows), by=by):,} 件を登録済みにしました。"


def _again(rows: QuerySet[Any], *, by: Any) -> HttpResponseBase | str:
    codes = set(rows.order_by().values_list("order__channel__code", flat=True))
    if len(codes) != 1:
        return "チャネルを 1 つに絞ってから選んでください。"
    export = services.tell_mall(codes.pop(), shipment_ids=_ids(rows), again=True, by=by)
    return redirect("shipping:tracking_export", pk=export.pk)


class TellingList(Worklist):
    """モールへの出荷報告."""

    page = "shipping.telling"
    title = "モール出荷報告"
    permission = "shipping.view_trackingexport"
    template_name = "shipping/telling.html"
    columns = [
        Column("number", "出荷番号", sort="number", link=True, card="title"),
        Column("mall_notice", "報告", format="badge", card="badge"),
        Column("channel", "チャネル", value="order.channel.name"),
        Column("order_no", "注文番号", value="order.channel_order_no"),
        Column("tracking", "送り状番号", value=lambda row: "、".join(row.numbers)),
        Column("carrier", "運送会社", value="carrier_name"),
        Column("shipped_at", "出荷日時", format="datetime", sort="shipped_at"),
        Column("hours", "経過時間（時間）", value=_hours, format="number"),
        Column("mall_told_at", "報告日時", format="datetime", sort="mall_told_at"),
        Column("order", "受注番号", value="order.number", visible=False),
    ]
    tabs = [
        Tab("untold", "未報告", UNTOLD, count=True, tone="warn"),
        Tab(
            "late",
            f"{LATE_HOURS}時間超",
            lambda _r: UNTOLD & Q(shipped_at__lt=_late()),
            count=True,
            tone="bad",
        ),
        Tab("refused", "モールが受け付けず", Q(mall_notice=MallNotice.REFUSED), count=True, tone="bad"),
        Tab("told", "報告済", Q(mall_notice__in=[MallNotice.TOLD, MallNotice.BY_HAND])),
    ]
    filters = [
        Choice("channel", "チャネル", choices=lambda _r: channels.choices(), field="order__channel__code"),
        MultiChoice("notice", "報告", choices=MallNotice.choices, field="mall_notice"),
        DateRange("shipped", "出荷日", field="shipped_at"),
        DateRange("told", "報告日", field="mall_told_at"),
        Text("tracking", "送り状番号", field="parcels__tracking_no", lookup="startswith"),
    ]
    search_hint = "出荷番号・注文番号・氏名・送り状番号"
    default_sort = "shipped_at"
    export_name = "モール出荷報告"
    empty = {
        "icon": "check-circle",
        "title": "モールに報告する出荷はありません",
        "text": "出荷確定すると、ここに並びます。",
    }
    bulk_actions = [
        BulkAction("by_hand", "モールの画面で登録済みにする", run=_by_hand, permission="shipping.add_trackingexport", icon="check",
                   confirm="{count} 件を、モールの画面で登録済みにします。"),
        BulkAction("again", "もう一度出力", run=_again, permission="shipping.add_trackingexport", icon="refresh", limit=1000,
                   confirm="{count} 件を、報告済みのものも含めて出力します。"),
    ]  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return queries.for_list(request.user).exclude(mall_notice=MallNotice.NONE)

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queries.find(queryset, text)

    def row_url(self, row: Any) -> str:
        return reverse("shipping:detail", args=[row.number])

    def row_tone(self, row: Any) -> str:
        return "bad" if row.mall_notice in MALL_UNTOLD and row.shipped_at and row.shipped_at < _late() else ""

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"malls": mall_cards()}


class TrackingExportList(Worklist):
    """出荷報告ファイル: what was written, when and by whom."""

    page = "shipping.tracking_exports"
    title = "出荷報告ファイル"
    permission = "shipping.view_trackingexport"
    columns = [
        Column("filename", "ファイル名", link=True, card="title"),
        Column("channel", "チャネル", value="channel.name"),
        Column("count", "件数", format="number", sort="count", card="amount"),
        Column("left_out", "載らなかった件数", value=lambda row: len(row.problems), format="number"),
        Column("is_again", "再出力", format="bool"),
        Column("created_at", "作成日時", format="datetime", sort="created_at"),
        Column("created_by", "作成者", value=lambda row: str(row.created_by or "システム")),
    ]
    filters = [
        Choice("channel", "チャネル", choices=lambda _r: channels.choices(), field="channel__code"),
        DateRange("created", "作成日", field="created_at"),
        Text("order", "注文番号", field="items__shipment__order__channel_order_no"),
    ]
    search_fields = ("filename",)
    search_hint = "ファイル名"
    default_sort = "-created_at"
    export_name = "出荷報告ファイル"

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return TrackingExport.objects.defer("data").select_related("channel", "created_by")

    def row_url(self, row: Any) -> str:
        return reverse("shipping:tracking_export", args=[row.pk])
