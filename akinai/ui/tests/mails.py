"""A list for the tests of lists: outgoing mails, which live in core and have states, times, empty values and text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.ui.access import office_post
from akinai.ui.worklist import (
    BulkAction,
    Column,
    DateRange,
    MultiChoice,
    Tab,
    Text,
    Worklist,
    YenRange,
    YesNo,
    each,
)
from config.urls import urlpatterns as real

NOON = timezone.make_aware(timezone.datetime(2026, 11, 24, 12, 0))


def mail(number: int, **changes: Any) -> OutgoingMail:
    told = {"key": f"mail-{number:04}", "to": "a@example.com", "subject": f"件名 {number:04}", "body": "本文",
            "created_at": NOON + timezone.timedelta(minutes=number)} | changes  # fmt: skip
    return OutgoingMail.objects.create(**told)


def send_again(row: OutgoingMail, *, by: Any, note: str = "") -> None:
    if row.state == "sent":
        raise DomainError(f"{row.subject} は送信済みです。")
    OutgoingMail.objects.filter(pk=row.pk).update(last_error=f"{by}:{note}")


class NoteForm(forms.Form):
    note = forms.CharField(label="メモ")


class MailList(Worklist):
    page = "tests.mails"
    title = "送信メール"
    permission = "core.view_outgoingmail"
    columns = [
        Column("subject", "件名", sort="subject", link=True, card="title"),
        Column("state", "状態", format="badge", card="badge"),
        Column("created_at", "作成日時", format="datetime", sort="created_at"),
        Column("sent_at", "送信日時", format="datetime", sort="sent_at"),
        Column("tries", "失敗回数", format="number", sort="tries", card="amount"),
        Column("body", "本文", visible=False),
    ]
    tabs = [
        Tab("failed", "送信失敗", Q(state="failed"), count=True, tone="bad"),
        Tab("secret", "隠れた早見", Q(tries=9), hidden=True),
    ]
    filters = [
        MultiChoice("state", "状態", choices=OutgoingMail.State.choices),
        DateRange("created", "作成日", field="created_at"),
        YenRange("tries", "失敗回数", unit="回"),
        YesNo("sent", "送信済み", yes=Q(sent_at__isnull=False)),
        Text("to", "宛先"),
    ]
    search_fields = ("subject", "body")
    default_sort = "-created_at"
    export_permission = "core.view_outgoingmail"
    bulk_actions = [
        BulkAction("again", "もう一度送る", run=each(send_again, done="{count} 件を送ります。"), permission="core.change_outgoingmail",
                   limit=200, confirm="{count} 件をもう一度送ります。"),
        BulkAction("purge", "消す", run=each(send_again), permission="core.delete_outgoingmail"),
        BulkAction("note", "メモをつける", run=each(send_again), form=NoteForm),
    ]  # fmt: skip
    page_sizes = (10, 50, 100)

    def queryset(self, request: HttpRequest) -> QuerySet[OutgoingMail]:
        return OutgoingMail.objects.exclude(subject="他人の件名")

    def row_url(self, row: OutgoingMail) -> str:
        return f"/office/mails/{row.pk}/"


class Unguarded(Worklist):
    page = "tests.unguarded"
    columns = [Column("subject", "件名")]


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planned")


@office_post("core.view_outgoingmail")
def press(request: HttpRequest) -> HttpResponse:
    return HttpResponse("pressed")


urlpatterns = [
    path("office/mails/", MailList.as_view(), name="mails"),
    path("office/mails/press/", press, name="press"),
    path("office/secret/", office_post("core.delete_event")(press), name="secret"),
    path("office/broken/", broken),
    *real,  # last: the pages of the shop answer for every address
]
