"""粗利の画面: what is left of sales after goods, fees, points, shipping and packing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from akinai.accounting.forms import PeriodForm
from akinai.accounting.queries import profit
from akinai.accounting.queries.profit import Row
from akinai.accounting.rules import periods
from akinai.accounting.rules.periods import Period
from akinai.accounting.rules.selling import Rate
from akinai.catalog import queries as catalog
from akinai.channels import queries as channels
from akinai.core import clock
from akinai.core.business_days import month_end
from akinai.core.money import yen
from akinai.ui.access import office
from akinai.ui.worklist import Column, export

VIEWS = {"channel": "店舗・モール別", "product": "商品別", "order": "受注別"}
PAGE = 100
SPENT = {
    "channel": "モール手数料",
    "payment": "決済手数料",
    "points": "ポイント",
    "shipping": "送料",
    "packing": "梱包費",
}


def _spent(kind: str) -> Any:
    return lambda row: row.profit.spent[kind]


COLUMNS = [
    Column("label", "項目"), Column("note", "店舗・モール"), Column("on", "計上日"), Column("quantity", "点数", format="number"),
    Column("orders", "受注", value="profit.orders", format="number"), Column("net", "売上（税抜）", value="profit.net_yen", format="yen"),
    Column("cost", "原価", value="profit.cost_whole", format="yen"), Column("margin", "粗利", value="profit.gross_margin_yen", format="yen"),
    *(Column(kind, name, value=_spent(kind), format="yen") for kind, name in SPENT.items()),
    Column("spent", "販売費計", value="profit.spent_yen", format="yen"), Column("profit", "真の粗利", value="profit.profit_yen", format="yen"),
    Column("percent", "率(%)", value="profit.percent"),
]  # fmt: skip


def _asked(request: HttpRequest) -> tuple[PeriodForm, Period, int | None, dict[int, str], str]:
    names = dict(channels.names())
    form = PeriodForm(request.GET, channels=names, categories=[], today=clock.today())
    period, channel, _ = form.asked
    view = request.GET.get("view", "channel")
    return form, period, channel, names, view if view in VIEWS else "channel"


@dataclass(frozen=True, slots=True)
class Orders:
    """受注別 as the pages of a list need it: its length, and the rows of one page."""

    period: Period
    channel: int | None
    told: Sequence[Rate]

    def __len__(self) -> int:
        return profit.count_orders(self.period, channel=self.channel)

    def __getitem__(self, part: slice) -> list[Row]:
        skip, stop = part.start or 0, part.stop
        take = None if stop is None else stop - skip
        return profit.by_order(self.period, channel=self.channel, told=self.told, skip=skip, take=take)


def _rows(view: str, period: Period, channel: int | None, names: dict[int, str]) -> tuple[Any, list[Row]]:
    """(rows of the view, rows by channel)."""
    told = profit.rates()
    by_channel = profit.by_channel(period, names, channel=channel, told=told)
    if view == "order":
        return Orders(period, channel, told), by_channel
    if view == "channel":
        return by_channel, by_channel
    return profit.by_product(period, by_channel, channel=channel, told=told), by_channel


def _named(rows: list[Row]) -> list[Row]:
    skus = catalog.sku_rows(row.key for row in rows)
    return [
        Row(row.key, f"{skus[row.key].code} {skus[row.key].title}" if row.key in skus else "", row.profit, quantity=row.quantity)
        for row in rows
    ]  # fmt: skip


@office("accounting.view_profit")
def profit_page(request: HttpRequest) -> HttpResponse:
    """粗利."""
    form, period, channel, names, view = _asked(request)
    rows, by_channel = _rows(view, period, channel, names)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = _named(list(page)) if view == "product" else list(page)
    whole = profit.total(by_channel)
    context = {
        "form": form, "period": period, "view": view, "views": VIEWS, "rows": shown, "page": page, "count": page.paginator.count, "total": whole,
        "spent": [(name, whole.spent[kind]) for kind, name in SPENT.items()], "has_rates": any(whole.spent.values()),
        "presets": _presets(period), "chart": [(row.label, max(row.profit.profit_yen, 0)) for row in by_channel] if view == "channel" else [],
        "view_title": VIEWS[view].removesuffix("別"), "cost_note": f"原価 {yen(whole.cost_whole)}",
        "percent_note": f"売上の {whole.percent}%" if whole.percent is not None else "",
        "profit_tone": "bad" if whole.profit_yen < 0 else "",
    }  # fmt: skip
    return render(request, "accounting/profit.html", context, status=422 if form.errors else 200)


def _presets(period: Period) -> list[tuple[str, Period, bool]]:
    today = clock.today()
    last_month = periods.months_back(today, 1)
    found = [
        ("今月", periods.usual("day", today)),
        ("先月", Period(last_month, month_end(last_month))),
        ("12か月", periods.usual("month", today)),
    ]
    return [(name, one, one == period) for name, one in found]


@office("accounting.view_profit")
def profit_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The table on the screen as a file, to the last row."""
    _, period, channel, names, view = _asked(request)
    rows, _ = _rows(view, period, channel, names)
    rows = _named(rows[:]) if view == "product" else rows[:]
    name = f"粗利_{VIEWS[view]}_{period.first:%Y%m%d}-{period.last:%Y%m%d}"
    if kind == "xlsx":
        return export.xlsx_response(name, COLUMNS, rows)
    if kind == "csv":
        return export.csv_response(name, COLUMNS, rows, "utf-8-sig")
    raise Http404("この形式はありません。")
