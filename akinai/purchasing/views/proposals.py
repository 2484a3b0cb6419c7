"""補充の提案の画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from akinai.core import long_jobs
from akinai.purchasing import jobs
from akinai.ui.access import clerk, office_post
from akinai.ui.jobs.views import in_background


@office_post("purchasing.add_purchaseorder")
def propose_now(request: HttpRequest) -> HttpResponse:
    """いま計算し直す: by a worker. Who asks while it runs is led to what runs."""
    return compute(request, back="purchasing:proposals")


def compute(request: HttpRequest, *, back: str) -> HttpResponse:
    """Start the calculation, or lead to the one that waits for a worker already."""
    if running := long_jobs.waiting(jobs.PROPOSE):
        messages.info(request, "計算はもう順番を待っています。")
        return redirect("jobs:detail", running.pk)
    return in_background(jobs.PROPOSE, jobs.ONCE, by=clerk(request), back=back)
