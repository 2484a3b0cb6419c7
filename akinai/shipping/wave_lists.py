"""ウェーブの一覧: the rules in the order in which they are looked at."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.shipping import queries
from akinai.shipping.delivery_rules import WEEKDAYS
from akinai.shipping.models import WaveRule
from akinai.ui.worklist import Column, Tab, Worklist


def gathers(rule: Any) -> str:
    """何を集めるか, in words. In: a row of `queries.waves`."""
    parts = [
        "・".join(rule.channel_names),
        "・".join(queries.name_of(code) for code in rule.carriers),
        rule.get_temperature_display() if rule.temperature else "",
        ""
        if rule.due_days is None
        else f"出荷期限 {rule.due_days} 日以内"
        if rule.due_days
        else "出荷期限が今日まで",
        rule.location.name if rule.location else "",
    ]
    return " / ".join(filter(None, parts)) or "すべての受注"


class WaveList(Worklist):
    """ウェーブ: who goes with which cut-off."""

    page = "shipping.waves"
    title = "ウェーブ"
    permission = "shipping.view_waverule"
    template_name = "shipping/waves.html"
    columns = [
        Column("name", "名前", sort="name", link=True, card="title"),
        Column("state", "状態", value=lambda row: ("使用中", "good") if row.is_active else ("やめた", "mute"), format="badge",
               card="badge"),
        Column("cutoffs", "締め切り", value=lambda row: "、".join(f"{at:%H:%M}" for at in row.cutoffs)),
        Column("weekdays", "曜日", value=lambda row: "".join(WEEKDAYS[day] for day in row.weekdays)),
        Column("gathers", "集める受注", value=gathers),
        Column("position", "順番", format="number", sort="position"),
    ]  # fmt: skip
    tabs = [
        Tab("live", "使用中", Q(is_active=True), count=True),
        Tab("retired", "やめたもの", Q(is_active=False)),
    ]
    search_fields = ("name",)
    search_hint = "名前"
    default_sort = "position"
    export_name = "ウェーブ"
    empty = {
        "icon": "clock", "title": "ウェーブはまだありません",
        "text": "締め切りの時刻を決めると、出荷指示待ちの受注がその時刻ごとにまとまります。",
        "url_name": "shipping:add_wave", "label": "ウェーブを登録",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[WaveRule]:
        return queries.waves()

    def row_url(self, row: Any) -> str:
        return reverse("shipping:wave", args=[row.pk])
