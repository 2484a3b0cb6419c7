"""チャネルと出品の画面."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.catalog.queries import code_key
from akinai.channels import queries, services
from akinai.channels.forms import ChannelForm, ListingForm
from akinai.channels.models import Channel, Listing
from akinai.core import activity
from akinai.ui.access import office
from akinai.ui.forms import once
from akinai.ui.worklist import BulkAction, Choice, Column, Worklist


class ChannelList(Worklist):
    """チャネル一覧."""

    page = "channels.list"
    title = "店舗・モール"
    permission = "channels.view_channel"
    template_name = "channels/list.html"
    columns = [
        Column("name", "チャネル名", sort="name", link=True, card="title"),
        Column("code", "チャネルコード", sort="code"),
        Column("kind", "受注ファイルの形式"),
        Column("listed", "出品", format="number"),
        Column("sends_own_shipping_mail", "出荷メールはモール", format="bool"),
        Column("issues_own_invoice", "請求書はモール", format="bool"),
        Column("is_active", "有効", format="bool", card="badge"),
    ]
    default_sort = "code"
    export_name = "チャネル"

    def queryset(self, request: HttpRequest) -> QuerySet[Channel]:
        return Channel.objects.annotate(listed=Count("listings"))

    def row_url(self, row: Channel) -> str:
        may_change = self.request.user.has_perm("channels.change_channel")
        return reverse("channels:edit", args=[row.code]) if may_change else ""


def _choices(_request: HttpRequest) -> list[tuple[str, str]]:
    return queries.choices()


def _unlist(rows: QuerySet[Listing], *, by: Any) -> str:
    found = list(rows.select_related("channel"))
    for listing in found:
        services.unlist(listing, by=by)
    return f"{len(found)} 件の対応を削除しました。"


class ListingList(Worklist):
    """出品一覧: which code means what on which channel."""

    page = "channels.listings"
    title = "出品（商品コードの対応）"
    permission = "channels.view_listing"
    template_name = "channels/listings.html"
    columns = [
        Column("channel", "チャネル", value="channel.name", card="badge"),
        Column("code", "チャネル側の商品コード", sort="code_key", card="title"),
        Column("sku", "SKUコード", value="sku.code", sort="sku__code"),
        Column("name", "商品名", value=lambda row: f"{row.sku.product.name} {row.sku.variant}".strip()),
    ]
    filters = [Choice("channel", "チャネル", choices=_choices, field="channel__code")]
    search_hint = "商品コード・SKUコード・商品名"
    default_sort = "code"
    export_name = "出品"
    bulk_actions = [
        BulkAction("unlist", "対応を削除する", run=_unlist, permission="channels.delete_listing", icon="trash",
                   confirm="{count} 件の対応を削除します。受注は自社のSKUコードかJANで照合されます。"),
    ]  # fmt: skip
    empty = {
        "icon": "store", "title": "対応はまだありません",
        "text": "モールの商品コードが自社のSKUコードと違うときだけ登録します。", "url_name": "channels:add_listing", "label": "登録する",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Listing]:
        return Listing.objects.select_related("channel", "sku__product")

    def search(self, queryset: QuerySet[Listing], text: str) -> QuerySet[Listing]:
        key = code_key(text)
        return queryset.filter(
            Q(code_key__contains=key)
            | Q(sku__code_key__contains=key)
            | Q(sku__product__name__icontains=text.strip())
        )


def _save(request: HttpRequest, channel: Channel, title: str) -> HttpResponse:
    form = ChannelForm(request.POST or None, instance=channel)
    if form.is_valid():
        verb = "update" if channel.pk else "create"
        saved = form.save()
        fields = "、".join(str(form.fields[name].label) for name in form.changed_data)
        activity.record(saved, verb, by=request.user, summary=fields)  # type: ignore[arg-type]
        messages.success(request, f"チャネル「{saved.name}」を保存しました。")
        return redirect("channels:list")
    context = {
        "form": form,
        "title": title,
        "cancel_url": reverse("channels:list"),
        "object": channel if channel.pk else None,
    }
    return render(request, "channels/form.html", context, status=422 if form.is_bound else 200)


@office("channels.add_channel")
@once
def add(request: HttpRequest) -> HttpResponse:
    """チャネルの登録."""
    return _save(request, Channel(), "チャネルの登録")


@office("channels.change_channel")
@once
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """チャネルの設定."""
    channel = get_object_or_404(Channel, code=code)
    return _save(request, channel, f"{channel.name} の設定")


@office("channels.add_listing")
@once
def add_listing(request: HttpRequest) -> HttpResponse:
    """対応の登録: the same channel and code again takes the new SKU."""
    form = ListingForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        services.list_sku(data["channel"], data["code"], data["sku"], by=request.user)  # type: ignore[arg-type]
        messages.success(request, f"{data['channel'].name} の「{data['code']}」を登録しました。")
        return redirect("channels:listings")
    context = {"form": form, "title": "商品コードの対応の登録", "cancel_url": reverse("channels:listings")}
    return render(request, "channels/form.html", context, status=422 if form.is_bound else 200)
