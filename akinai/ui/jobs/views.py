"""The progress of one long job (まとめて処理の進み)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import activity, job_files, long_jobs
from akinai.core.models import LongJob
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

OPEN = (LongJob.State.WAITING, LongJob.State.RUNNING)


def in_background(
    code: str, ids: Sequence[int], *, by: Any, back: str, options: Mapping[str, Any] | None = None
) -> HttpResponse:
    """For bulk acts: start the job and lead to its page. `back` is the URL name of the list to return to."""
    job = long_jobs.start(code, ids, by=by, options=options, back=reverse(back))
    return redirect("jobs:detail", job.pk)


def _job(request: HttpRequest, pk: int) -> LongJob:
    job = get_object_or_404(LongJob, pk=pk)
    kind = long_jobs.kind_of(job.kind)
    if kind is None or not request.user.has_perm(kind.permission):
        raise PermissionDenied("この処理を見る権限がありません。")
    return job


@office(None)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, and what came of it."""
    job = _job(request, pk)
    context = {
        "object": job,
        "job": job,
        "is_open": job.state in OPEN,
        "panels_page": "jobs.detail",
        "file": job_files.result_of(job),
        "kept_days": job_files.KEPT_DAYS,
    }
    return render(request, "ui/jobs/detail.html", context)


@office(None)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part that waits; asks the page to reload when it is over."""
    job = _job(request, pk)
    if job.state not in OPEN:
        return HttpResponse(status=200, headers={"HX-Refresh": "true"})
    return render(request, "ui/jobs/progress.html", {"job": job})


@office(None)
def download(request: HttpRequest, pk: int) -> FileResponse:
    """The file that the job made."""
    job = _job(request, pk)
    path = job_files.result_of(job)
    if path is None:
        raise Http404("ファイルはありません。")
    kind = long_jobs.kind_of(job.kind)
    if kind and kind.notes_download:
        activity.record(job, "download", by=clerk(request), summary=job.options["file"])
    return FileResponse(path.open("rb"), as_attachment=True, filename=job.options["file"])


@office_post(None)
@once
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """中止."""
    job = _job(request, pk)
    long_jobs.stop(job, by=clerk(request))
    messages.success(request, "処理を中止しました。済んだ分はそのまま残ります。")
    return redirect("jobs:detail", pk)
