"""買掛年齢表."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.core import clock
from akinai.party import queries as party
from akinai.purchasing.models import PayableBalance
from akinai.purchasing.queries import aging
from akinai.ui.worklist import Choice, Column, Tab, Worklist, YenRange


def _suppliers(_request: HttpRequest) -> Any:
    return party.supplier_choices(stopped_too=True)


def _some(key: str) -> Callable[[Any], int | None]:
    """Yen of a bucket, nothing at all for 0: what is there stands out."""
    return lambda row: getattr(row, key) or None


class AgingList(Worklist):
    """買掛年齢表."""

    page = "purchasing.aging"
    title = "買掛年齢表"
    permission = "purchasing.view_payableentry"
    template_name = "purchasing/aging.html"
    whole_page = True
    columns = [
        Column("code", "コード", value="supplier.code", sort="supplier__code", link=True, card="plain"),
        Column("name", "仕入先", value="supplier.name", sort="supplier__name", card="title"),
        Column("owed", "未払の合計", format="yen", sort=F("owed"), card="amount"),
        *(
            Column(bucket.key, bucket.title, value=_some(bucket.key), format="yen", sort=F(bucket.key))
            for bucket in aging.BUCKETS
        ),
        Column("rest", "請求のない残高", format="signed_yen", sort=F("rest"), visible=False),
        Column("balance_yen", "買掛残", format="yen", sort="balance_yen", card="hide"),
    ]
    tabs = [
        Tab("late", "期日超過あり", Q(late__gt=0), tone="bad"),
        Tab("soon", "30日以内に期日", Q(soon__gt=0)),
        Tab("rest", "請求のない残高", ~Q(rest=0)),
    ]
    filters = [
        Choice("supplier", "仕入先", choices=_suppliers, field="supplier"),
        YenRange("owed", "未払の合計", field="owed"),
        YenRange("late", "期日超過", field="late"),
    ]
    search_hint = "仕入先"
    default_sort = "-owed"
    export_name = "買掛年齢表"
    empty = {
        "icon": "check-circle", "title": "未払の買掛はありません",
        "text": "仕入先請求書を計上すると、支払期日ごとの残りが仕入先別に並びます。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[PayableBalance]:
        return aging.by_supplier(today=clock.today())

    def search(self, queryset: QuerySet[PayableBalance], text: str) -> QuerySet[PayableBalance]:
        return queryset.filter(supplier__in=party.supplier_ids_by_words(text))

    def row_url(self, row: PayableBalance) -> str:
        return f"{reverse('purchasing:payables')}?f.supplier={row.supplier_id}"

    def row_tone(self, row: Any) -> str:
        return "bad" if row.late else ""

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        """Sums of the rows the list shows."""
        return {"sums": aging.totals(self.filtered()), "today": clock.today()}
