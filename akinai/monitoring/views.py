"""システム管理の画面."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from procrastinate.exceptions import AlreadyEnqueued

from akinai.monitoring import jobs, queries
from akinai.ui.access import clerk, office, office_post


@office("core.view_event")
def index(request: HttpRequest) -> HttpResponse:
    """システムの状態."""
    context = {
        "state": queries.state(),
        "mails": queries.failed_mails(),
        "proven": queries.last_proofs(),
    }
    return render(request, "monitoring/index.html", context)


@office_post("core.add_proofrun")
def prove(request: HttpRequest) -> HttpResponse:
    """今すぐ検証する: in the worker, since it reads all ledgers."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        jobs.prove_now.defer(by=clerk(request).pk)
    messages.info(request, "台帳の検証を始めました。終わると、この画面に結果が出ます。")
    return redirect("monitoring:index")
