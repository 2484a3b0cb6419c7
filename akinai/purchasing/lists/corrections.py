"""買掛の訂正の一覧."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.party import queries as party
from akinai.purchasing.models import PayableCorrection
from akinai.purchasing.states import CorrectionState
from akinai.ui.worklist import Choice, Column, DateRange, MultiChoice, Tab, Worklist, YenRange


def _suppliers(_request: HttpRequest) -> Any:
    return party.supplier_choices(stopped_too=True)


class CorrectionList(Worklist):
    """買掛の訂正."""

    page = "purchasing.corrections"
    title = "買掛の訂正"
    permission = "purchasing.view_payablecorrection"
    template_name = "purchasing/corrections.html"
    columns = [
        Column("number", "訂正番号", sort="number", link=True, card="plain"),
        Column(
            "supplier", "仕入先", value=lambda row: str(row.supplier), sort="supplier__code", card="title"
        ),
        Column("on", "日付", format="date", sort="on"),
        Column("amount_yen", "増減", format="signed_yen", sort="amount_yen", card="amount"),
        Column("settles", "どの請求の", value=lambda row: row.settles.document if row.settles else ""),
        Column("due_on", "支払期日", format="date", card="hide"),
        Column("reason", "理由"),
        Column("state", "状態", format="badge", card="badge"),
        Column("created_by", "作成者", value=lambda row: str(row.created_by or "システム"), card="hide"),
        Column("approved_by", "承認者", value=lambda row: str(row.approved_by or ""), card="hide"),
    ]
    tabs = [
        Tab("waiting", "承認待ち", Q(state=CorrectionState.WAITING), count=True, tone="warn"),
        Tab("posted", "計上済", Q(state=CorrectionState.POSTED)),
    ]
    filters = [
        MultiChoice("state", "状態", choices=CorrectionState.choices),
        Choice("supplier", "仕入先", choices=_suppliers, field="supplier"),
        DateRange("on", "日付", field="on"),
        YenRange("yen", "増減", field="amount_yen"),
    ]
    search_hint = "番号・仕入先・理由"
    default_sort = "-on"
    export_name = "買掛の訂正"
    empty = {
        "icon": "edit", "title": "買掛の訂正はまだありません",
        "text": "あとから決まった値引や請求もれを、理由を付けて買掛台帳に計上します。",
        "url_name": "purchasing:correction_add", "label": "訂正を登録する",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[PayableCorrection]:
        return PayableCorrection.objects.select_related("supplier", "settles", "created_by", "approved_by")

    def search(self, queryset: QuerySet[PayableCorrection], text: str) -> QuerySet[PayableCorrection]:
        word = text.strip()
        return queryset.filter(
            Q(number__icontains=word) | Q(reason__icontains=word) | Q(settles__document__icontains=word)
            | Q(supplier__in=party.supplier_ids_by_words(text))
        )  # fmt: skip

    def row_url(self, row: PayableCorrection) -> str:
        return reverse("purchasing:correction", args=[row.number])
