"""Screens of the intake (取込の画面)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse

from akinai.core import activity, intake
from akinai.core.intake import mappings, store
from akinai.core.intake.models import IntakeFile
from akinai.core.tables import FileRefused, Table
from akinai.ui.access import office, office_post
from akinai.ui.forms import once
from akinai.ui.intake.forms import MappingForm, OptionsForm, UploadForm
from akinai.ui.worklist import Column, MultiChoice, Worklist
from akinai.ui.worklist.export import disposition, safe_text

SHOWN_ERRORS = 200
SAMPLES = 3


def kinds_for(request: HttpRequest) -> list[intake.Kind]:
    """The kinds this person may take in."""
    return [kind for kind in intake.kinds() if request.user.has_perm(kind.permission)]


class IntakeList(Worklist):
    """取込の履歴."""

    page = "intake.list"
    title = "取込"
    permission = None  # rows are narrowed to the kinds this person may take in
    template_name = "ui/intake/list.html"
    columns = (
        Column("created_at", "受付日時", format="datetime", sort="created_at", link=True),
        Column("kind", "種類", value=lambda row: _title(row.kind), card="line"),
        Column("filename", "ファイル", sort="filename", card="title"),
        Column("state", "状態", format="badge", card="badge"),
        Column("rows", "行数", format="number", card="hide"),
        Column("created", "新規", format="number", card="hide"),
        Column("changed", "変更", format="number", card="hide"),
        Column("unchanged", "変更なし", format="number", card="hide"),
        Column("exceptions", "要確認", format="number"),
        Column("error_count", "誤り", format="number", card="hide"),
        Column("total_yen", "合計金額", format="yen", card="amount"),
        Column("created_by", "担当者", card="hide"),
    )
    filters = (
        MultiChoice(
            "kind", "種類", choices=lambda request: [(kind.code, kind.title) for kind in kinds_for(request)]
        ),
        MultiChoice("state", "状態", choices=tuple(IntakeFile.State.choices)),
    )
    search_fields = ("filename",)
    search_hint = "ファイル名"
    default_sort = "-created_at"
    export_name = "取込"
    empty = {
        "icon": "upload",
        "title": "取り込んだファイルはまだありません",
        "text": "受注・商品・入金明細などのファイルを選ぶと、内容を確かめてから取り込めます。",
        "url_name": "intake:new",
        "label": "ファイルを取り込む",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        codes = [kind.code for kind in kinds_for(request)]
        return (
            IntakeFile.objects.filter(kind__in=codes)
            .select_related("created_by")
            .defer("errors", "preview", "result")
        )

    def row_url(self, row: IntakeFile) -> str:
        return reverse("intake:detail", args=[row.pk])


@office(None)
def new(request: HttpRequest) -> HttpResponse:
    """Which kind of file?"""
    return render(request, "ui/intake/new.html", {"kinds": kinds_for(request)})


@office(None)
@once
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """The files of one kind: look at them, then show what would happen."""
    kind = _kind(request, code)
    form = UploadForm(kind, request.POST, request.FILES) if request.method == "POST" else UploadForm(kind)
    if request.method == "POST" and form.is_valid():
        uploads = [intake.Upload(file.name, file.read()) for file in form.cleaned_data["files"]]
        row, _ = intake.preview(kind, uploads, options=form.chosen(), by=_by(request))
        return redirect("intake:detail", row.pk)
    recent = IntakeFile.objects.filter(kind=code).order_by("-id").defer("errors", "preview", "result")[:8]
    context = {"kind": kind, "form": form, "recent": recent, "cancel_url": reverse("intake:new")}
    return render(request, "ui/intake/upload.html", context, status=422 if form.errors else 200)


@office(None)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was seen in the files, what is wrong, and the button."""
    row, kind = _find(request, pk)
    return render(request, "ui/intake/detail.html", _context(request, row, kind))


@office(None)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that waits for the job; asks the page to reload when it is over."""
    row, kind = _find(request, pk)
    if row.state != IntakeFile.State.APPLYING:
        return HttpResponse(status=200, headers={"HX-Refresh": "true"})
    return render(request, "ui/intake/progress.html", {"intake": row, "kind": kind})


@office_post(None)
@once
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it in: at once, or by a job when there are many rows."""
    row, _kind = _find(request, pk)
    if row.rows > intake.BACKGROUND_ROWS:
        intake.queue(row, by=_by(request))
        messages.info(request, f"{row.rows:,}行を取り込んでいます。ほかの画面に移っても続きます。")
        return redirect("intake:detail", pk)
    plan = intake.apply(row, by=_by(request))
    if plan.refused:
        messages.error(
            request,
            "確認のあとで内容が変わり、取り込めなくなりました。何も登録されていません。誤りを確かめてください。",
        )
    else:
        messages.success(request, row.result.get("message") or "取り込みました。")
    return redirect("intake:detail", pk)


@office_post(None)
@once
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Look again with other options."""
    row, kind = _find(request, pk)
    form = OptionsForm(kind, request.POST)
    if not form.is_valid():
        messages.error(request, "指定を選び直してください。")
        return redirect("intake:detail", pk)
    kept = {name: row.options[name] for name in ("columns", "mapping") if name in row.options}
    chosen = form.chosen()
    intake.read_again(
        row, options={**(kept if chosen.get("format") == intake.GENERIC else {}), **chosen}, by=_by(request)
    )
    return redirect("intake:detail", pk)


@office_post(None)
@once
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a waiting intake out of the queue, for instance when no worker is running."""
    row, _kind = _find(request, pk)
    intake.give_back(row, reason="取込を止めて、確認に戻しました。もう一度取り込めます。", by=_by(request))
    return redirect("intake:detail", pk)


@office_post(None)
@once
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    row, _kind = _find(request, pk)
    messages.success(request, intake.undo(row, by=_by(request)))
    return redirect("intake:detail", pk)


@office(None)
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """列の対応: say which column is which field, with samples of what stands there."""
    row, kind = _find(request, pk)
    table = _table(row)
    if not kind.fields() or table is None:
        messages.error(request, "このファイルでは列の対応を選べません。")
        return redirect("intake:detail", pk)
    mapped = row.preview.get("mapped") or mappings.guess(kind.fields(), table.header)
    given = request.POST if request.method == "POST" else None
    form = MappingForm(kind.fields(), table.header, given, mapped=mapped)
    if request.method == "POST" and form.is_valid():
        return _use_mapping(request, row, kind, form)
    context = {
        "intake": row,
        "kind": kind,
        "form": form,
        "columns": _columns(form, table),
        "fields": kind.fields(),
        "has_help": any(one.help for one in kind.fields()),
        "cancel_url": reverse("intake:detail", args=[pk]),
        "submit_label": "この対応で読み直す",
    }
    return render(request, "ui/intake/mapping.html", context, status=422 if form.errors else 200)


def _use_mapping(request: HttpRequest, row: IntakeFile, kind: intake.Kind, form: MappingForm) -> HttpResponse:
    columns, name = form.columns(), form.cleaned_data["name"]
    mappings.check(kind, columns, form.headers)
    options = {**row.options, "format": intake.GENERIC, "columns": columns}
    if name:
        mappings.save(kind, name=name, columns=columns, headers=form.headers, by=_by(request))
        messages.success(request, f"列の対応「{name}」を保存しました。")
    intake.read_again(row, options=options, by=_by(request))
    return redirect("intake:detail", row.pk)


@office(None)
def errors(request: HttpRequest, pk: int) -> HttpResponse:
    """誤りの一覧 as CSV for Excel."""
    row, _kind = _find(request, pk)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(["ファイル", "行", "列", "値", "内容"])
    for error in row.errors:
        cells = (error["file"], error["line"] or "", error["column"], error["value"], error["message"])
        writer.writerow([safe_text(str(cell)) for cell in cells])
    response = HttpResponse(stream.getvalue().encode("utf-8-sig"), content_type="text/csv")
    response["Content-Disposition"] = disposition(f"取込{pk}の誤り.csv")
    return response


@office("core.download_intakefile")
def original(request: HttpRequest, pk: int, at: int) -> FileResponse:
    """The file as it came. Who took it is written down, because it may hold customers' data."""
    row, _kind = _find(request, pk)
    if at >= len(row.files):
        raise Http404("そのファイルはありません。")
    path = store.path_of(row.files[at])
    if not path.is_file():
        raise Http404("保管したファイルが見つかりません。")
    name = row.files[at]["filename"]
    activity.record(
        row, "download", by=_by(request), summary=f"元のファイル「{name}」をダウンロードしました。"
    )
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _by(request: HttpRequest) -> Any:
    """The member of staff at the keyboard; `office` has let nobody else in."""
    return request.user


def _title(code: str) -> str:
    kind = intake.kind_of(code)
    return kind.title if kind else code


def _kind(request: HttpRequest, code: str) -> intake.Kind:
    kind = intake.kind_of(code)
    if kind is None:
        raise Http404("その種類の取込はありません。")
    if not request.user.has_perm(kind.permission):
        raise PermissionDenied(f"{kind.title}を取り込む権限がありません。")
    return kind


def _find(request: HttpRequest, pk: int) -> tuple[IntakeFile, intake.Kind]:
    row = get_object_or_404(IntakeFile.objects.select_related("created_by", "applied_by"), pk=pk)
    return row, _kind(request, row.kind)


def _context(request: HttpRequest, row: IntakeFile, kind: intake.Kind) -> dict[str, Any]:
    titles = {one.code: one.title for one in kind.formats()} | {intake.GENERIC: "そのほかの表（列の対応）"}
    preview = row.preview
    may_look_again = row.state in {IntakeFile.State.PREVIEWED, IntakeFile.State.REFUSED}
    return {
        "intake": row,
        "object": row,
        "kind": kind,
        "format_title": titles.get(row.format, row.format),
        "errors": row.errors[:SHOWN_ERRORS],
        "errors_left": max(0, row.error_count - SHOWN_ERRORS),
        "changes_left": max(0, preview.get("changes_total", 0) - len(preview.get("changes", []))),
        "rows_left": max(0, row.rows - len(preview.get("rows", []))),
        "options": OptionsForm.showing(kind, row.options) if may_look_again and row.files else None,
        "may_map": may_look_again and bool(kind.fields()),
        "earlier": _earlier(row),
        "done_url": _address(kind.done_url),
        "in_job": row.rows > intake.BACKGROUND_ROWS,
        "made": _made(kind, row),
        "may_download": request.user.has_perm("core.download_intakefile"),
    }


def _made(kind: intake.Kind, row: IntakeFile) -> list[tuple[intake.Made, str]]:
    """(what the intake brought, its list), for what there is."""
    if row.state != IntakeFile.State.APPLIED:
        return []
    found = [(one, _address(one.url_name)) for one in kind.made(row) if one.count]
    return [(one, f"{url}?{one.query}" if one.query else url) for one, url in found if url]


def _earlier(row: IntakeFile) -> IntakeFile | None:
    """The last time the very same bytes were taken in."""
    same = IntakeFile.objects.filter(kind=row.kind, sha256=row.sha256, state=IntakeFile.State.APPLIED)
    return (
        same.exclude(pk=row.pk).order_by("-id").defer("errors", "preview", "result").first()
        if row.files
        else None
    )


def _address(name: str) -> str:
    try:
        return reverse(name) if name else ""
    except NoReverseMatch:
        return ""


def _table(row: IntakeFile) -> Table | None:
    try:
        return store.load(row.files[0]).table() if row.files else None
    except FileRefused:
        return None


def _columns(form: MappingForm, table: Table) -> list[tuple[str, Sequence[str], Any]]:
    """(column name as written, sample values, the choice) for each column."""
    shown: list[tuple[str, Sequence[str], Any]] = []
    for at, name in enumerate(table.header):
        values = (row.cells[at].strip() for row in table.rows[:200])
        samples = list(dict.fromkeys(value for value in values if value))[:SAMPLES]
        shown.append((table.original(name) or name, samples, form[f"column_{at}"]))
    return shown
