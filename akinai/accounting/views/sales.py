"""売上の画面: by day or month, channel, category and product, beside last year and the targets."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from akinai.accounting.forms import PeriodForm
from akinai.accounting.queries import sales
from akinai.accounting.queries.sales import SHOWN_PRODUCTS, Row
from akinai.accounting.rules import periods
from akinai.accounting.rules.periods import UNITS, Period
from akinai.catalog import queries as catalog
from akinai.channels import queries as channels
from akinai.core import clock
from akinai.core.business_days import month_end
from akinai.core.money import yen
from akinai.ui.access import office
from akinai.ui.charts import Compared
from akinai.ui.worklist import Column, export

VIEWS = {"series": "推移", "channel": "店舗・モール別", "category": "カテゴリ別", "product": "商品別"}
COLUMNS = [
    Column("label", "項目"), Column("orders", "受注", value="now.orders", format="number"),
    Column("quantity", "点数", value="now.quantity", format="number"), Column("goods", "商品", value="now.goods_yen", format="yen"),
    Column("charges", "送料・手数料", value="now.charges_yen", format="yen"), Column("cuts", "値引・ポイント", value="now.cuts_yen", format="yen"),
    Column("returns", "返品・値引", value="now.returns_yen", format="yen"), Column("net", "売上（税抜）", value="now.net_yen", format="yen"),
    Column("tax", "消費税", value="now.tax_yen", format="yen"), Column("gross", "売上（税込）", value="now.gross_yen", format="yen"),
    Column("before", "前年（税抜）", value="before.net_yen", format="yen"), Column("ratio", "前年比(%)", value="ratio"),
    Column("aim", "目標（税抜）", value="aim_yen", format="yen"), Column("reached", "達成率(%)", value="reached"),
]  # fmt: skip
PROFIT = [
    Column("cost", "原価", value=lambda row: round(row.now.cost_yen), format="yen"),
    Column("margin", "粗利", value="now.margin_yen", format="yen"), Column("margin_percent", "粗利率(%)", value="now.margin_percent"),
]  # fmt: skip


def _asked(request: HttpRequest) -> tuple[PeriodForm, Period, int | None, str | None, dict[int, str]]:
    names = dict(channels.names())
    form = PeriodForm(request.GET, channels=names, categories=catalog.category_names(), today=clock.today())
    period, channel, category = form.asked
    return form, period, channel, category, names


def _rows(
    view: str, period: Period, channel: int | None, category: str | None, names: dict[int, str]
) -> list[Row]:
    if view == "product":
        return sales.products(period, channel=channel, category=category)
    by_channel, by_category = sales.parts(period, names, channel=channel, category=category)
    return by_channel if view == "channel" else by_category


def named(rows: list[Row]) -> list[Row]:
    """商品別 with the names of those that are shown."""
    skus = catalog.sku_rows(row.key for row in rows)
    return [
        Row(row.key, f"{skus[row.key].code} {skus[row.key].title}" if row.key in skus else "", row.now, row.before, None, row.share)
        for row in rows
    ]  # fmt: skip


@office("accounting.view_dailysales")
def sales_page(request: HttpRequest) -> HttpResponse:
    """売上."""
    form, period, channel, category, names = _asked(request)
    view = request.GET.get("view", "series")
    view = view if view in VIEWS else "series"
    line = sales.series(period, channel=channel, category=category)
    parts = [] if view == "series" else _rows(view, period, channel, category, names)
    today = clock.today()
    has_before = any(row.before.net_yen for row in line)
    context: dict[str, Any] = {
        "form": form, "period": period, "view": view, "views": VIEWS, "line": line, "parts": named(parts[:SHOWN_PRODUCTS]) if view == "product" else parts[:SHOWN_PRODUCTS],
        "is_cut": len(parts) > SHOWN_PRODUCTS, "count": len(parts), "total": sales.total(line), "so_far": _so_far(line, period),
        "chart": [Compared(row.label, row.now.net_yen, row.before.net_yen if has_before else None, row.aim_yen) for row in line],
        "has_before": has_before, "has_aim": any(row.aim_yen for row in line), "shows_profit": request.user.has_perm("accounting.view_profit"),
        "presets": _presets(period), "channel": channel, "category": category, "today": today,
    }  # fmt: skip
    context |= _words(context["total"], context["so_far"], period, view)
    return render(request, "accounting/sales.html", context, status=422 if form.errors else 200)


def _words(total: Row, so_far: Row, period: Period, view: str) -> dict[str, str]:
    """The texts of the tiles."""
    now, ratio, reached = total.now, so_far.ratio, total.reached
    return {
        "total_gross": yen(now.gross_yen), "so_far_before": yen(so_far.before.net_yen),
        "ratio_note": f"前年比 {ratio}%（今日までの同じ日数）" if ratio is not None else "前年の売上はありません",
        "average_note": f"1 件あたり {yen(now.net_yen // now.orders)}" if now.orders > 0 else "",
        "margin_note": f"粗利率 {now.margin_percent}%" if now.margin_percent is not None else "",
        "reached_text": f"{reached or 0}%", "aim_note": f"目標 {yen(total.aim_yen or 0)}",
        "aim_tone": "good" if (reached or 0) >= 100 else "",
        "chart_title": f"売上（{UNITS[period.unit]}・税抜）", "unit_title": "日" if period.unit == "day" else "月",
        "part_title": VIEWS[view].removesuffix("別"),
    }  # fmt: skip


def _so_far(line: list[Row], period: Period) -> Row:
    """The total of the days that are over, so that a running month is compared with as many days of last year."""
    today = clock.today()
    return sales.total([row for row in line if row.key <= today])


def _presets(period: Period) -> list[tuple[str, Period, bool]]:
    today = clock.today()
    last_month = periods.months_back(today, 1)
    found = [
        ("今月", periods.usual("day", today)), ("先月", Period(last_month, month_end(last_month))),
        ("12か月", periods.usual("month", today)),
        ("今年", Period(today.replace(month=1, day=1), today.replace(month=12, day=31), "month")),
    ]  # fmt: skip
    return [(name, one, one == period) for name, one in found]


@office("accounting.view_dailysales")
def sales_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The table on the screen as Excel or CSV, to the last row."""
    _, period, channel, category, names = _asked(request)
    view = request.GET.get("view", "series")
    rows = (
        _rows(view, period, channel, category, names)
        if view in VIEWS and view != "series"
        else sales.series(period, channel=channel, category=category)
    )
    rows = named(rows) if view == "product" else rows
    columns = COLUMNS + (PROFIT if request.user.has_perm("accounting.view_profit") else [])
    name = f"売上_{VIEWS.get(view, '推移')}_{period.first:%Y%m%d}-{period.last:%Y%m%d}"
    if kind == "xlsx":
        return export.xlsx_response(name, columns, rows)
    if kind == "csv":
        return export.csv_response(name, columns, rows, "utf-8-sig")
    raise Http404("この形式はありません。")
