"""転送の一覧."""

from __future__ import annotations

from functools import partial

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.content.models import Forward
from akinai.content.services import forwards
from akinai.ui.worklist import BulkAction, Column, DateRange, MultiChoice, Tab, Worklist, YesNo


class ForwardList(Worklist):
    """転送: where addresses lead that the shop does not have any more, and how often somebody still came by them."""

    page = "content.forwards"
    title = "転送"
    permission = "content.view_forward"
    template_name = "content/office/forwards.html"
    columns = [
        Column("old_path", "昔のアドレス", sort="old_path", link=True, card="title"),
        Column("target", "行き先", sort="target", card="plain"),
        Column("kind", "種類", sort="kind"),
        Column("is_active", "使う", format="bool"),
        Column("hits", "転送した回数", format="number", sort="hits"),
        Column("last_hit_at", "最後の転送", format="datetime", sort="last_hit_at"),
        Column("memo", "メモ", visible=False),
        Column("updated_at", "更新", format="datetime", sort="updated_at", visible=False),
    ]
    tabs = [
        Tab("used", "使われている", Q(hits__gt=0)),
        Tab("unused", "まだ使われていない", Q(hits=0)),
        Tab("off", "使わない", Q(is_active=False)),
    ]
    filters = [
        MultiChoice("kind", "種類", choices=Forward.Kind.choices),
        YesNo("active", "使う", field="is_active"),
        DateRange("hit", "最後の転送", field="last_hit_at"),
    ]
    search_hint = "アドレス・メモ"
    default_sort = "-updated_at"
    export_name = "転送"
    bulk_actions = [
        BulkAction("on", "使う", run=partial(forwards.switch, on=True), permission="content.change_forward", icon="check"),
        BulkAction("off", "使わない", run=partial(forwards.switch, on=False), permission="content.change_forward", icon="x"),
        BulkAction(
            "remove", "消す", run=forwards.remove, permission="content.delete_forward", icon="trash", tone="bad",
            confirm="{count} 件の転送を消します。昔のアドレスを開いた方には「ページが見つかりません」と出ます。",
        ),
    ]  # fmt: skip
    empty = {
        "icon": "external", "title": "転送はまだありません",
        "text": "ほかのカートから引っ越したときや、ページを終えたときに、昔のアドレスの行き先を決められます。",
        "url_name": "content:new_forward", "label": "転送を足す",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Forward]:
        return Forward.objects.all()

    def search(self, queryset: QuerySet[Forward], text: str) -> QuerySet[Forward]:
        for word in text.split():
            queryset = queryset.filter(
                Q(old_path__icontains=word) | Q(target__icontains=word) | Q(memo__icontains=word)
            )
        return queryset

    def row_url(self, row: Forward) -> str:
        return reverse("content:forward", args=[row.pk])

    def row_tone(self, row: Forward) -> str:
        return "" if row.is_active else "mute"
