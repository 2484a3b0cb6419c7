"""補充の提案の画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from akinai.purchasing.services import proposing
from akinai.ui.access import office_post


@office_post("purchasing.add_purchaseorder")
def propose_now(request: HttpRequest) -> HttpResponse:
    """いま計算し直す."""
    done = proposing.propose()
    messages.success(request, f"提案を計算しました: {done.proposals:,} 商品、{done.yen:,} 円（税抜）。")
    if done.without_supplier:
        messages.warning(
            request, f"売れているのに仕入先が登録されていない商品が {done.without_supplier:,} あります。仕入先商品に登録すると提案に入ります。"
        )  # fmt: skip
    return redirect("purchasing:proposals")
