"""定型文・マクロ・署名・タグ・約束・担当・折り返しの一覧."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from akinai.core import clock
from akinai.core.remembering import once
from akinai.party import masking
from akinai.staff.queries import colleagues
from akinai.support.forms import KINDS
from akinai.support.lists import time_left
from akinai.support.models import CallBack, Duty, Macro, ReplyTemplate, ServiceRule, Signature, Tag, Ticket
from akinai.support.services import macros
from akinai.support.states import ALIVE, Source
from akinai.ui.formats import jdatetime
from akinai.ui.worklist import Column, DateRange, MultiChoice, Tab, Worklist, YesNo

AFTER_ALL_OTHERS = timedelta(days=36_500)
KIND_WORDS = dict(KINDS) | {"": "すべて"}


def kind_of(row: Any) -> str:
    """種類 in words."""
    return KIND_WORDS.get(row.category, row.category)


class DeskList(Worklist):
    """A list of the desk's settings: 新しく作る stands on top, the others are its neighbours."""

    permission = "support.change_supporthours"  # each list names its own
    template_name = "support/settings_list.html"
    add_name = ""
    add_label = ""
    edit_name = ""
    add_permission = ""

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        may_add = request.user.has_perm(self.add_permission)
        return {"here": self.page, "add_name": self.add_name if may_add else "", "add_label": self.add_label}

    def row_url(self, row: Any) -> str:
        return reverse(self.edit_name, args=[row.pk])


class TemplateList(DeskList):
    """定型文."""

    page = "support.templates"
    title = "定型文"
    permission = "support.view_replytemplate"
    add_permission = "support.add_replytemplate"
    add_name, add_label, edit_name = "support:new_template", "定型文を作る", "support:template"
    columns = [
        Column("name", "名前", sort="name", link=True, card="title"),
        Column("category", "種類", value=kind_of, card="plain"),
        Column("body", "本文", value=lambda row: row.body[:60], card="plain"),
        Column("used", "使用回数", format="number", sort="used"),
        Column("changed_at", "変更", format="datetime", sort="changed_at"),
        Column("is_active", "使用中", format="bool"),
    ]
    filters = [
        MultiChoice("category", "種類", choices=[one for one in KINDS if one[0]]),
        YesNo("active", "使用中", field="is_active"),
    ]
    search_fields = ("name", "subject", "body")
    search_hint = "名前・件名・本文"
    default_sort = "-used"
    export_name = "定型文"
    empty = {
        "icon": "chat", "title": "定型文はまだありません", "text": "{お名前} や {送り状番号} は、返信のときに受注の今の内容が入ります。",
        "url_name": "support:new_template", "label": "定型文を作る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[ReplyTemplate]:
        return ReplyTemplate.objects.all()


def _names() -> dict[int, str]:
    return once("support.colleagues", lambda: {one.pk: str(one) for one in colleagues()})


class MacroList(DeskList):
    """マクロ."""

    page = "support.macros"
    title = "マクロ"
    permission = "support.view_macro"
    add_permission = "support.add_macro"
    add_name, add_label, edit_name = "support:new_macro", "マクロを作る", "support:macro"
    columns = [
        Column("name", "名前", sort="name", link=True, card="title"),
        Column("steps", "すること", value=lambda row: macros.told(row, _names()), card="plain"),
        Column("place", "順番", format="number", sort="place"),
        Column("is_active", "使用中", format="bool"),
    ]
    filters = [YesNo("active", "使用中", field="is_active")]
    search_fields = ("name",)
    search_hint = "名前"
    default_sort = "place"
    export_name = "マクロ"
    empty = {
        "icon": "play", "title": "マクロはまだありません", "text": "返信・タグ・担当・解決などを、ひと押しでまとめて行います。",
        "url_name": "support:new_macro", "label": "マクロを作る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Macro]:
        return Macro.objects.select_related("template")


class SignatureList(DeskList):
    """署名."""

    page = "support.signatures"
    title = "署名"
    permission = "support.view_signature"
    add_permission = "support.add_signature"
    add_name, add_label, edit_name = "support:new_signature", "署名を作る", "support:signature"
    columns = [
        Column("channel", "店舗", value=str, link=True, card="title"),
        Column("text", "署名", value=lambda row: row.text[:80], card="plain"),
    ]
    search_fields = ("text", "channel__name")
    search_hint = "店舗・署名"
    export_name = "署名"
    empty = {
        "icon": "edit", "title": "署名はまだありません", "text": "なければ、自社情報から作った署名が付きます。",
        "url_name": "support:new_signature", "label": "署名を作る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Signature]:
        return Signature.objects.select_related("channel")


class TagList(DeskList):
    """タグ."""

    page = "support.tags"
    title = "タグ"
    permission = "support.view_tag"
    add_permission = "support.add_tag"
    add_name, add_label, edit_name = "support:new_tag", "タグを作る", "support:tag"
    columns = [
        Column("name", "名前", sort="name", link=True, card="title"),
        Column("words", "付ける言葉", card="plain"),
        Column("count", "対応中の件数", value="count", format="number", sort="count"),
        Column("is_active", "使用中", format="bool"),
    ]
    filters = [YesNo("active", "使用中", field="is_active")]
    search_fields = ("name", "words")
    search_hint = "名前・言葉"
    default_sort = "name"
    export_name = "タグ"
    empty = {
        "icon": "tag", "title": "タグはまだありません", "text": "付ける言葉を決めておくと、届いたときに自動で付きます。",
        "url_name": "support:new_tag", "label": "タグを作る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return Tag.objects.annotate(count=Count("tickets", filter=Q(tickets__state__in=ALIVE)))


class RuleList(DeskList):
    """応対の約束."""

    page = "support.rules"
    title = "応対の約束"
    permission = "support.view_servicerule"
    add_permission = "support.add_servicerule"
    add_name, add_label, edit_name = "support:new_rule", "約束を作る", "support:rule"
    columns = [
        Column("place", "順番", format="number", sort="place"),
        Column("name", "名前", sort="name", link=True, card="title"),
        Column("source", "経路", value=lambda row: row.get_source_display() or "すべて", card="plain"),
        Column("priority", "優先度", value=lambda row: row.get_priority_display() or "すべて", card="plain"),
        Column("category", "種類", value=kind_of, card="plain"),
        Column("first_reply_minutes", "初回返信まで（営業分）", format="number", sort="first_reply_minutes"),
        Column("resolution_minutes", "解決まで（営業分）", format="number", sort="resolution_minutes"),
        Column("is_active", "使用中", format="bool"),
    ]
    filters = [
        MultiChoice("source", "経路", choices=Source.choices),
        YesNo("active", "使用中", field="is_active"),
    ]
    search_fields = ("name",)
    search_hint = "名前"
    default_sort = "place"
    export_name = "応対の約束"
    empty = {
        "icon": "clock", "title": "応対の約束はまだありません", "text": "なければ、初回返信 240 営業分・解決 1,440 営業分を約束します。",
        "url_name": "support:new_rule", "label": "約束を作る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[ServiceRule]:
        return ServiceRule.objects.all()


class DutyList(DeskList):
    """応対の担当."""

    page = "support.duties"
    title = "応対の担当"
    permission = "support.view_duty"
    add_permission = "support.add_duty"
    add_name, add_label, edit_name = "support:new_duty", "担当を加える", "support:duty"
    columns = [
        Column("staff", "担当者", value=lambda row: str(row.staff), sort="staff__username", link=True, card="title"),
        Column("categories", "受け持つ種類", value=lambda row: "・".join(KIND_WORDS.get(one, one) for one in row.categories) or "すべて", card="plain"),
        Column("load", "対応中", value="load", format="number", sort="load"),
        Column("most_tickets", "上限", format="number"),
        Column("is_here", "いま受け持つ", format="bool"),
    ]  # fmt: skip
    filters = [YesNo("here", "いま受け持つ", field="is_here")]
    search_fields = ("staff__display_name", "staff__username")
    search_hint = "担当者"
    default_sort = "load"
    export_name = "応対の担当"
    empty = {
        "icon": "user", "title": "担当はまだ決まっていません", "text": "受け持つ種類と件数の上限を決めると、件数の少ない人に割り当てられます。",
        "url_name": "support:new_duty", "label": "担当を加える",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Duty]:
        alive = Ticket.objects.filter(assignee=OuterRef("staff"), state__in=ALIVE).order_by()
        load = alive.values("assignee").annotate(n=Count("pk")).values("n")
        return Duty.objects.select_related("staff").annotate(
            load=Coalesce(Subquery(load, output_field=IntegerField()), 0)
        )


def _due(row: Any, value: Any, request: HttpRequest) -> SafeString | str:
    if row.done_at is not None:
        return format_html('<span class="muted">{} に済み</span>', jdatetime(row.done_at))
    words, tone = time_left(row.due_at, clock.now())
    return format_html(
        '<span class="badge" data-tone="{}" data-until="{}">{}</span>', tone, row.due_at.isoformat(), words
    )


def _phone(row: Any, value: Any, request: HttpRequest) -> str:
    return format_html('<a href="tel:{}">{}</a>', row.phone, row.phone)


class CallBackList(Worklist):
    """折り返しの約束, the next one first, each with its timer."""

    page = "support.callbacks"
    title = "折り返し"
    permission = "support.view_callback"
    is_personal = True
    template_name = "support/callbacks.html"
    columns = [
        Column("due_at", "約束の時刻", format="datetime", sort="turn", link=True, card="title"),
        Column("left", "残り", draw=_due, export=lambda row: row.due_at, card="badge"),
        Column("phone", "電話番号", draw=_phone, mask=masking.PHONE),
        Column("who", "お客様", value=lambda row: str(row.ticket.customer or row.ticket.contact_name or "–"), card="plain"),
        Column("subject", "用件", value=lambda row: row.note or row.ticket.subject, card="plain"),
        Column("by", "約束した人", value=lambda row: str(row.by or "–")),
        Column("outcome", "結果", card="plain", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("open", "これから", Q(done_at=None), count=True, tone="warn"),
        Tab(
            "late", "過ぎた", lambda _request: Q(done_at=None, due_at__lt=clock.now()), count=True, tone="bad"
        ),
        Tab("mine", "自分の約束", lambda request: Q(done_at=None, by=request.user.pk), count=True),
        Tab("done", "済み", Q(done_at__isnull=False)),
    ]
    filters = [DateRange("due", "約束の日", field="due_at")]
    search_fields = ("phone", "note", "ticket__subject", "ticket__number", "ticket__contact_name")
    search_hint = "電話番号・用件・番号・お名前"
    default_sort = "due_at"
    export_name = "折り返し"
    empty = {
        "icon": "phone", "title": "折り返しの約束はありません", "text": "電話メモで「折り返しの約束」を入れると、時刻の順に並びます。",
        "url_name": "support:call", "label": "電話メモ",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[CallBack]:
        # What is still to be done stands before what is done, each by its hour.
        later = ExpressionWrapper(F("due_at") + AFTER_ALL_OTHERS, output_field=DateTimeField())
        turn = Case(When(done_at=None, then=F("due_at")), default=later)
        return CallBack.objects.select_related("ticket__customer", "by").annotate(turn=turn)

    def row_url(self, row: CallBack) -> str:
        return reverse("support:ticket", args=[row.ticket.number])
