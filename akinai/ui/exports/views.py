"""書き出したファイル: my large exports, how far they are, and their files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.ui import address
from akinai.ui.access import clerk, office
from akinai.ui.exports import making, services, store
from akinai.ui.models import Export
from akinai.ui.worklist import BulkAction, Column, MultiChoice, Worklist, each

KINDS = {"xlsx": Export.Kind.XLSX, "sjis": Export.Kind.SJIS}
SHOWN_AT_WORK = 5


def mine(request: HttpRequest) -> QuerySet[Export]:
    """Nobody sees another's export: it holds what its owner may see."""
    return Export.objects.filter(owner_id=clerk(request).pk)


def begin(
    worklist: Worklist, request: HttpRequest, queryset: QuerySet[Any], kind: str
) -> HttpResponseBase | None:
    """Start the export and lead to its page. None for a list that a worker could not find by its address."""
    where = f"{request.path}?{address.normal(request.GET)}"
    if making.list_of(where, clerk(request)) is None:
        return None
    wish = services.Wish(
        title=worklist.file_title[:100],
        address=where,
        columns=tuple(column.key for column in worklist.exported_columns(request)),
        kind=KINDS.get(kind, Export.Kind.CSV),
        rows=queryset.order_by().count(),
        note=_conditions(worklist)[:300],
    )
    services.ask(wish, by=clerk(request))
    messages.info(
        request,
        f"{wish.rows:,} 件あるので、ファイルを裏で作っています。ほかの画面に移っても続きます。できたらここからダウンロードできます。",
    )
    return redirect("exports:list")


def _conditions(worklist: Worklist) -> str:
    state = worklist.state
    words = [f"「{state.text}」"] if state.text else []
    words += [state.tab.title] if state.tab else []
    return "、".join(words + [f"{chip.title}: {chip.text}" for chip, _ in state.chips()])


class ExportList(Worklist):
    """書き出したファイル."""

    page = "exports.list"
    title = "書き出したファイル"
    permission = None  # rows are narrowed to one's own
    template_name = "ui/exports/list.html"
    columns = (
        Column("title", "一覧", sort="title", link=True, card="title"),
        Column("note", "条件"),
        Column("kind", "形式", sort="kind"),
        Column("state", "状態", format="badge", card="badge"),
        Column("total", "件数", format="number", sort="total", card="amount"),
        Column("created_at", "受付日時", format="datetime", sort="created_at"),
        Column("expires_at", "保管期限", format="datetime", sort="expires_at"),
        Column("reason", "失敗の理由", partial="ui/exports/list.html#reason", card="plain", exported=False),
        Column("file", "ファイル", partial="ui/exports/list.html#file", card="plain", exported=False),
    )
    filters = (
        MultiChoice("state", "状態", choices=Export.State.choices),
        MultiChoice("kind", "形式", choices=Export.Kind.choices),
    )
    search_fields = ("title", "note")
    search_hint = "一覧・条件"
    default_sort = "-created_at"
    bulk_actions = (
        BulkAction("again", "もう一度作る", run=each(services.make_again, done="{count} 件を作り直しています。"), icon="refresh"),
        BulkAction("discard", "削除", run=each(services.discard, done="{count} 件を削除しました。"), icon="trash", tone="danger",
                   confirm="{count} 件のファイルを削除します。元のデータはそのままです。"),
    )  # fmt: skip
    empty = {
        "icon": "download",
        "title": "書き出したファイルはありません",
        "text": f"一覧の右上の「書き出し」で、多い件数を書き出すとここに並びます。ファイルは {services.KEPT_DAYS} 日間残ります。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[Export]:
        return mine(request)

    def row_url(self, row: Export) -> str:
        return reverse("exports:download", args=[row.pk]) if row.state == Export.State.FINISHED else ""

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        at_work = _at_work(request)
        return {"at_work": at_work, "names": _names(at_work), "kept_days": services.KEPT_DAYS}


def _at_work(request: HttpRequest) -> list[Export]:
    return list(mine(request).filter(state__in=Export.OPEN).order_by("pk")[:SHOWN_AT_WORK])


def _names(exports: list[Export]) -> str:
    return "-".join(str(export.pk) for export in exports)


@office(None)
def progress(request: HttpRequest) -> HttpResponse:
    """The part that waits; asks the page to reload when one of them is over."""
    at_work = _at_work(request)
    if _names(at_work) != request.GET.get("open"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "ui/exports/progress.html", {"at_work": at_work, "names": _names(at_work)})


@office(None)
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, for its owner while the owner may see the list. Recorded: it holds what leaves the shop."""
    export = get_object_or_404(mine(request).select_related("owner"), pk=pk)
    path = store.path_of(export.pk)
    is_old = export.expires_at is None or export.expires_at <= clock.now()
    if export.state != Export.State.FINISHED or is_old or not path.is_file():
        raise DomainError(
            "このファイルはもうありません。", way_out="一覧から選び、「もう一度作る」で作り直してください。"
        )
    making.allowed_list(export)
    activity.record(
        export, "download", by=clerk(request), summary=f"{export.filename}（{export.total:,} 件）"
    )
    return FileResponse(path.open("rb"), as_attachment=True, filename=export.filename)
