"""出荷の一覧: orders that wait for an instruction, shipments, batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from akinai.channels import queries as channels
from akinai.core import clock
from akinai.orders import queries as orders
from akinai.shipping import papers, queries, rules, services, wave_queries
from akinai.shipping.errors import Refused
from akinai.shipping.forms import CarrierForm, DeliverForm, InstructForm, UnshipForm
from akinai.shipping.models import Shipment, ShippingBatch
from akinai.shipping.states import Notice, ShipmentState
from akinai.ui import tones
from akinai.ui.worklist import (
    BulkAction,
    Choice,
    Column,
    DateRange,
    FromIntake,
    MultiChoice,
    Tab,
    Text,
    Worklist,
    YenRange,
    YesNo,
)

S = ShipmentState
UNTOLD = Q(state__in=queries.GONE, notice__in=queries.UNTOLD)


def _shipped_today() -> Q:
    """A range of moments, which an index can seek by."""
    begin = timezone.make_aware(datetime.combine(clock.today(), time()))
    return Q(shipped_at__gte=begin, shipped_at__lt=begin + timedelta(days=1))


def _channels(_request: HttpRequest) -> list[tuple[str, str]]:
    return channels.choices()


def _instruct(
    rows: QuerySet[Any], *, by: Any, ship_on: Any, carrier: str = "", drop_missed_days: bool = False
) -> HttpResponseBase:
    ids = list(rows.values_list("pk", flat=True))
    batch = services.instruct(
        ids, ship_on=ship_on, carrier=carrier or None, drop_missed_days=drop_missed_days, by=by
    )
    response = redirect("shipping:batch", number=batch.number)
    response.refused = batch.refused  # type: ignore[attr-defined]
    return response


def _missed() -> Q:
    return Q(pk__in=[one.order.order_id for one in wave_queries.missed()])


class ReadyList(Worklist):
    """出荷指示待ち: READY orders; choose them, instruct them."""

    page = "shipping.ready"
    title = "出荷指示待ち"
    permission = "shipping.add_shippingbatch"
    is_personal = True
    template_name = "shipping/ready.html"
    columns = [
        Column("number", "受注番号", sort="number", link=True, card="title"),
        Column("ordered_at", "注文日時", format="datetime", sort="ordered_at"),
        Column("channel", "チャネル", value="channel.name"),
        Column("ship_name", "お届け先"),
        Column("ship_prefecture", "都道府県", sort="ship_prefecture"),
        Column("delivery_on", "お届け希望日", format="date", sort="delivery_on"),
        Column(
            "delivery_slot", "時間帯", value=lambda row: rules.SLOTS.get(row.delivery_slot, row.delivery_slot)
        ),
        Column(
            "carrier", "運送会社", value=lambda row: queries.name_of(row.carrier) if row.carrier else "既定"
        ),
        Column("payment", "支払方法"),
        Column("total_yen", "請求金額", format="yen", sort="total_yen", card="amount"),
        Column("customer_note", "備考", visible=False),
        Column("gift_note", "のし・ラッピング", visible=False),
    ]
    tabs = [
        Tab("dated", "日時指定あり", Q(delivery_on__isnull=False) | ~Q(delivery_slot=""), count=True),
        Tab("cod", "代引", Q(payment="cod"), count=True),
        Tab("gift", "のし・ラッピング", orders.IS_GIFT, count=True),
        Tab("island", "離島", Q(is_remote_island=True), count=True, tone="warn"),
        Tab("missed", "締め切り過ぎ", lambda _request: _missed(), hidden=True),
    ]
    filters = [
        Choice("channel", "チャネル", choices=_channels, field="channel__code"),
        DateRange("ordered", "注文日", field="ordered_at"),
        DateRange("delivery", "お届け希望日", field="delivery_on"),
        YenRange("total", "金額", field="total_yen"),
        Text("sku", "商品コード", field="lines__sku__code"),
    ]
    search_fields = ("search_grams", "search_text")
    search_hint = "受注番号・氏名・電話番号"
    default_sort = "ordered_at"
    export_name = "出荷指示待ち"
    empty = {
        "icon": "truck",
        "title": "出荷指示を待つ受注はありません",
        "text": "引当と入金がそろった受注がここに並びます。",
    }
    bulk_actions = [
        BulkAction(
            "instruct", "出荷指示を出す", run=_instruct, form=InstructForm, icon="truck", primary=True, limit=2000,
            permission="shipping.add_shippingbatch",
        )
    ]  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return orders.ready_to_ship()

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return orders.sought(queryset, text)

    def row_url(self, row: Any) -> str:
        return reverse("orders:detail", args=[row.number])

    def row_tone(self, row: Any) -> str:
        return "warn" if row.is_remote_island else ""

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        """The waves stand above the list; what htmx asks for is the list alone."""
        if request.headers.get("HX-Target") == "list":
            return {}
        return {"waves": wave_queries.todays_board()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The orders that could not be taken along are told one by one."""
        response = super().post(request, *args, **kwargs)
        tell_refused(request, getattr(response, "refused", ()))
        return response


def tell_refused(request: HttpRequest, refused: Sequence[Refused]) -> None:
    """出荷指示できなかった受注, one by one, at most 20."""
    for one in refused[:20]:
        messages.warning(request, f"{one.number} は出荷指示できませんでした（{one.reason}）。")


def _ids(rows: QuerySet[Shipment]) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _ship(rows: QuerySet[Shipment], *, by: Any) -> str:
    return f"{len(services.ship(_ids(rows), by=by)):,} 件を出荷確定しました。"


def _withdraw(rows: QuerySet[Shipment], *, by: Any) -> str:
    return f"{len(services.withdraw(_ids(rows), by=by)):,} 件の出荷指示を取り消しました。"


def _unship(rows: QuerySet[Shipment], *, by: Any, reason: str) -> str:
    count = len(services.unship(_ids(rows), reason=reason, by=by))
    return f"{count:,} 件の出荷を取り消しました。受注は出荷待ちに戻りました。"


def _pack(rows: QuerySet[Shipment], *, by: Any) -> str:
    return f"{services.pack_unchecked(_ids(rows), by=by):,} 件を梱包済にしました。"


def _deliver(rows: QuerySet[Shipment], *, by: Any, on: Any) -> str:
    return f"{len(services.deliver(_ids(rows), on=on, by=by)):,} 件を配達完了にしました。"


def _carrier(rows: QuerySet[Shipment], *, by: Any, carrier: str) -> str:
    return f"{services.change_carrier(_ids(rows), carrier=carrier, by=by):,} 件の運送会社を変更しました。"


def _mail(rows: QuerySet[Shipment], *, by: Any) -> str:
    return f"{services.queue_mail(_ids(rows), by=by):,} 件の出荷メールを送信待ちに入れました。"


def _picking(rows: QuerySet[Shipment], *, by: Any) -> HttpResponse:
    shipments = queries.with_papers(Shipment.objects.filter(pk__in=_ids(rows)))
    now = timezone.localtime(clock.now())
    pdf = papers.picking_of(shipments, name=f"{now:%Y/%m/%d %H:%M} に選んだ {len(shipments)} 件")
    return pdf_response(pdf, f"ピッキングリスト_{now:%Y%m%d_%H%M}.pdf")


def _slips(rows: QuerySet[Shipment], *, by: Any) -> HttpResponse:
    shipments = queries.with_papers(Shipment.objects.filter(pk__in=_ids(rows)))
    pdf = papers.slips_pdf(shipments)
    services.note_slips_printed(shipments, by=by)
    return pdf_response(pdf, f"納品書_{timezone.localdate():%Y%m%d}.pdf")


def pdf_response(pdf: bytes, filename: str) -> HttpResponse:
    """A PDF that the browser shows; `filename` is what it is saved as."""
    from django.utils.http import content_disposition_header

    header = content_disposition_header(False, filename) or "inline"
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": header})


def _notice(row: Shipment) -> tuple[str, str] | None:
    """出荷通知 of what has left; nothing to say before."""
    return tones.state_of(row, "notice") if row.state in queries.GONE else None


class ShipmentList(Worklist):
    """出荷一覧."""

    page = "shipping.list"
    title = "出荷"
    permission = "shipping.view_shipment"
    is_personal = True
    columns = [
        Column("number", "出荷番号", sort="number", link=True, card="title"),
        Column("state", "状態", format="badge", card="badge"),
        Column("order", "受注番号", value="order.number"),
        Column("channel", "チャネル", value="order.channel.name", visible=False),
        Column("ship_name", "お届け先", value="to.name"),
        Column("carrier", "運送会社", value="carrier_name"),
        Column("tracking", "送り状番号", value=lambda row: "、".join(row.numbers)),
        Column("ship_on", "出荷予定日", format="date", sort="ship_on"),
        Column(
            "notice",
            "出荷通知",
            value=_notice,
            format="badge",
            export=lambda row: (_notice(row) or ("", ""))[0],
        ),
        Column("cod_yen", "代引金額", format="yen", sort="cod_yen", card="amount", visible=False),
        Column("batch", "出荷指示", value="batch.number", visible=False),
        Column("shipped_at", "出荷日時", format="datetime", sort="shipped_at", visible=False),
        Column("delivered_on", "配達日", format="date", visible=False),
        Column("parcel_count", "個口数", format="number", visible=False),
    ]
    tabs = [
        Tab("open", "これから出荷", Q(state__in=queries.OPEN), count=True),
        Tab("unprinted", "納品書未印刷", Q(state__in=queries.OPEN, printed_at=None), count=True),
        Tab("packed", "梱包済", Q(state=S.PACKED), count=True),
        Tab("today", "今日出荷", lambda _r: _shipped_today()),
        Tab("untold", "未通知", UNTOLD, count=True, tone="warn"),
        Tab(
            "unnumbered",
            "送り状番号なし",
            Q(is_numbered=False, state__in=queries.GONE),
            count=True,
            tone="warn",
        ),
        Tab("on_the_way", "配達中", Q(state=S.SHIPPED)),
    ]
    filters = [
        MultiChoice("state", "状態", choices=S.choices),
        Choice("carrier", "運送会社", choices=lambda _r: queries.door_choices()),
        Choice("channel", "チャネル", choices=_channels, field="order__channel__code"),
        DateRange("ship", "出荷予定日", field="ship_on"),
        DateRange("shipped", "出荷日", field="shipped_at"),
        MultiChoice("notice", "出荷通知", choices=Notice.choices),
        Text("tracking", "送り状番号", field="parcels__tracking_no", lookup="startswith"),
        Text("batch", "出荷指示", field="batch__number"),
        YesNo("cod", "代引", yes=Q(cod_yen__gt=0)),
        FromIntake("intake", "取込", field="parcels__intake_file_id"),
    ]
    search_hint = "出荷番号・受注番号・氏名・送り状番号"
    default_sort = "-number"
    export_name = "出荷"
    empty = {
        "icon": "truck", "title": "出荷はまだありません", "text": "出荷待ちの受注に出荷指示を出すと、ここに並びます。",
        "url_name": "shipping:ready", "label": "出荷指示を出す",
    }  # fmt: skip
    bulk_actions = [
        BulkAction("picking", "ピッキングリスト", run=_picking, permission="shipping.view_shipment", icon="list", limit=500),
        BulkAction("slips", "納品書を印刷", run=_slips, permission="shipping.view_shipment", icon="printer", limit=500),
        BulkAction(
            "ship", "出荷確定", run=_ship, permission="shipping.change_shipment", icon="truck", primary=True,
            confirm="{count} 件を出荷確定します。在庫から出庫し、出荷メールを送信待ちに入れます。",
        ),
        BulkAction("pack", "検品せずに梱包済", run=_pack, permission="shipping.change_shipment", icon="box",
                   confirm="{count} 件を検品せずに梱包済にします。"),
        BulkAction("carrier", "運送会社を変更", run=_carrier, form=CarrierForm, permission="shipping.change_shipment", icon="swap"),
        BulkAction("deliver", "配達完了", run=_deliver, form=DeliverForm, permission="shipping.change_shipment", icon="check-circle"),
        BulkAction("mail", "出荷メールを送る", run=_mail, permission="shipping.change_shipment", icon="mail"),
        BulkAction("unship", "出荷を取り消す", run=_unship, form=UnshipForm, permission="shipping.change_shipment", icon="undo",
                   tone="danger"),
        BulkAction("withdraw", "指示を取り消す", run=_withdraw, permission="shipping.change_shipment", icon="undo", tone="danger",
                   confirm="{count} 件の出荷指示を取り消します。受注は出荷待ちに戻ります。"),
    ]  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return queries.for_list(request.user)

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queries.find(queryset, text)

    def row_url(self, row: Any) -> str:
        return reverse("shipping:detail", args=[row.number])

    def row_tone(self, row: Any) -> str:
        return "bad" if row.state in queries.GONE and row.notice == Notice.NO_ADDRESS else ""


class BatchList(Worklist):
    """出荷指示一覧."""

    page = "shipping.batches"
    title = "出荷指示"
    permission = "shipping.view_shippingbatch"
    columns = [
        Column("number", "出荷指示番号", sort="number", link=True, card="title"),
        Column("wave", "ウェーブ", value="wave_title"),
        Column("ship_on", "出荷予定日", format="date", sort="ship_on"),
        Column("total", "件数", format="number", card="amount"),
        Column("open_count", "これから", format="number"),
        Column("left", "出荷済", format="number"),
        Column("progress", "進み", value=lambda row: ("完了", "good") if not row.open_count else (f"残り {row.open_count} 件", "info"),
               format="badge", card="badge", exported=False),
        Column("created_by", "作成者", value=lambda row: str(row.created_by or "システム")),
        Column("created_at", "作成日時", format="datetime", sort="created_at"),
    ]  # fmt: skip
    tabs = [Tab("open", "作業中", Q(shipments__state__in=queries.OPEN))]
    filters = [
        DateRange("ship", "出荷予定日", field="ship_on"),
        Text("number", "番号"),
        Text("wave", "ウェーブ"),
    ]
    search_fields = ("number", "wave")
    search_hint = "出荷指示番号・ウェーブ"
    default_sort = "-number"
    empty = {
        "icon": "layers", "title": "出荷指示はまだありません", "text": "出荷待ちの受注を選んで、出荷指示を出します。",
        "url_name": "shipping:ready", "label": "出荷指示を出す",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[ShippingBatch]:
        return queries.batches()

    def row_url(self, row: Any) -> str:
        return reverse("shipping:batch", args=[row.number])
