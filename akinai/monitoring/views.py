"""システム管理の画面."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from akinai.monitoring import queries
from akinai.ui.access import office


@office("core.view_event")
def index(request: HttpRequest) -> HttpResponse:
    """システムの状態."""
    return render(
        request, "monitoring/index.html", {"state": queries.state(), "mails": queries.failed_mails()}
    )
