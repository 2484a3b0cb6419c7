"""応対の集計の画面."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from akinai.channels import queries as channels
from akinai.core import clock
from akinai.staff import queries as staff
from akinai.support.forms import KINDS
from akinai.support.queries import reasons, reports
from akinai.support.queries.reports import OWN, Figures, Period
from akinai.support.report_forms import ReportForm, group_of, usual_period
from akinai.support.services.voice import minutes_in_words
from akinai.support.states import Priority, Source
from akinai.ui.access import office
from akinai.ui.charts import Compared
from akinai.ui.worklist import Column, export

MOST_BARS = 62


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: the figures of the period, and of as many days before."""

    label: str
    now: Figures
    before: Figures | None = None


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}%"


COLUMNS = [
    Column("label", "項目"), Column("count", "件数", value="now.count", format="number"),
    Column("solved", "解決", value="now.solved", format="number"),
    Column("before", "前の期間の件数", value=lambda row: row.before.count if row.before else ""),
    Column("reply_mean", "初回返信 平均（分）", value=lambda row: _one(row.now.reply.mean)),
    Column("reply_50", "初回返信 50%（分）", value=lambda row: _one(row.now.reply.half)),
    Column("reply_90", "初回返信 90%（分）", value=lambda row: _one(row.now.reply.ninety)),
    Column("reply_95", "初回返信 95%（分）", value=lambda row: _one(row.now.reply.most)),
    Column("reply_kept", "初回返信を守った", value="now.reply_kept"), Column("reply_broken", "初回返信を守れなかった", value="now.reply_broken"),
    Column("reply_rate", "初回返信を守った(%)", value=lambda row: _one(row.now.reply_rate)),
    Column("res_mean", "解決 平均（分）", value=lambda row: _one(row.now.resolution.mean)),
    Column("res_50", "解決 50%（分）", value=lambda row: _one(row.now.resolution.half)),
    Column("res_90", "解決 90%（分）", value=lambda row: _one(row.now.resolution.ninety)),
    Column("res_95", "解決 95%（分）", value=lambda row: _one(row.now.resolution.most)),
    Column("res_kept", "解決を守った", value="now.resolution_kept"), Column("res_broken", "解決を守れなかった", value="now.resolution_broken"),
    Column("res_rate", "解決を守った(%)", value=lambda row: _one(row.now.resolution_rate)),
    Column("scores", "満足度の回答", value="now.scores"), Column("score", "満足度（平均）", value=lambda row: _one(row.now.score, 2)),
]  # fmt: skip
REASON_COLUMNS = [
    Column("title", "項目"), Column("count", "件数"), Column("before", "前の期間の件数"), Column("orders", "受注"),
    Column("reasons", "種類", value=lambda row: reasons.words(row.reasons, dict(KINDS))),
]  # fmt: skip


def _one(value: float | None, digits: int = 1) -> Decimal | str:
    """A number that a spreadsheet counts with, not a text that looks like one."""
    return "" if value is None else Decimal(f"{value:.{digits}f}")


def names_of(kind: str, group: str) -> Mapping[str, str]:
    """Words for the keys of a group; imported tickets speak for themselves."""
    if kind != OWN:
        return {}
    if group == "source":
        return {str(value): str(label) for value, label in Source.choices}
    if group == "priority":
        return {str(value): str(label) for value, label in Priority.choices}
    if group == "category":
        return {code: label for code, label in KINDS if code}
    if group == "channel":
        return {str(pk): name for pk, name in channels.names()}
    return {str(pk): name for pk, name in staff.choices()}


def groups_of(kind: str) -> dict[str, str]:
    """What the tickets of a set are told by."""
    gone = "team" if kind == OWN else "channel"
    return {code: title for code, title in reports.GROUPS.items() if code != gone}


def lines(kind: str, period: Period, group: str) -> list[Line]:
    """The table by a group, with the period before. Two queries, and one for names."""
    names = names_of(kind, group)
    before = {row.key: row for row in reports.by(kind, period.before, group)}
    nothing = {"source": "経路なし", "channel": "店舗なし", "category": "種類なし", "priority": "優先度なし", "assignee": "担当なし"}  # fmt: skip
    return [
        Line(names.get(row.key) or row.key or nothing.get(group, "なし"), row, before.get(row.key))
        for row in reports.by(kind, period, group)
    ]


def _chart(days: list[reports.Day]) -> list[Compared]:
    """By day, or by week where days would be too many."""
    if len(days) <= MOST_BARS:
        return [_sum([day], f"{day.on:%-m/%-d}") for day in days]
    weeks = [days[at : at + 7] for at in range(0, len(days), 7)]
    if len(weeks) <= MOST_BARS:
        return [_sum(week, f"{week[0].on:%-m/%-d}～") for week in weeks]
    months: dict[str, list[reports.Day]] = {}
    for day in days:
        months.setdefault(f"{day.on:%Y/%-m}", []).append(day)
    return [_sum(month, name) for name, month in months.items()]


def _sum(days: list[reports.Day], label: str) -> Compared:
    return Compared(label, sum(day.came for day in days), sum(day.solved for day in days), before_word="解決")


def _presets(kind: str, period: Period) -> list[tuple[str, Period, bool]]:
    usual = usual_period(clock.today())
    whole = reports.span(kind)
    found = [
        ("7日", replace(usual, first=usual.last.fromordinal(usual.last.toordinal() - 6))), ("30日", usual),
        ("90日", replace(usual, first=usual.last.fromordinal(usual.last.toordinal() - 89))),
    ]  # fmt: skip
    if whole:
        found.append(("すべて", whole))
    return [(name, one, one == period) for name, one in found]


def _asked(request: HttpRequest) -> tuple[ReportForm, str, Period, str]:
    form = ReportForm(request.GET, usual=usual_period(clock.today()))
    kind, period = form.asked
    return form, kind, period, group_of(request.GET.get("by", ""))


@office("support.view_ticketmeasure")
def report(request: HttpRequest) -> HttpResponse:
    """応対の集計."""
    form, kind, period, group = _asked(request)
    groups = groups_of(kind)
    about = request.GET.get("about", "")
    about = about if kind == OWN and about in reasons.KINDS else ""
    group = group if group in groups else "source"
    total, before = reports.figures(kind, period), reports.figures(kind, period.before)
    days = reports.flow(kind, period)
    context: dict[str, Any] = {
        "form": form, "kind": kind, "period": period, "total": total, "before": before, "tiles": _tiles(total, before, kind),
        "chart": _chart(days), "by": group, "groups": groups, "about": about,
        "abouts": reasons.KINDS if kind == OWN else {}, "presets": _presets(kind, period),
        "backlog": reports.backlog() if kind == OWN else [], "is_own": kind == OWN,
    }  # fmt: skip
    if about:
        linked, count = reasons.linked_share(period)
        context |= {"linked": linked, "all": count, "reasons": [
            (row, reasons.words(row.reasons, dict(KINDS))) for row in reasons.by(about, period)
        ]}  # fmt: skip
    else:
        context["lines"] = [(line, _cells(line.now)) for line in lines(kind, period, group)]
    context["group_title"] = reasons.KINDS[about] if about else groups[group]
    return render(request, "support/reports.html", context, status=422 if form.errors else 200)


def _cells(row: Figures) -> dict[str, str]:
    """The texts of a line."""
    return {
        "reply": minutes_in_words(row.reply.half), "reply_90": minutes_in_words(row.reply.ninety), "reply_95": minutes_in_words(row.reply.most),
        "reply_rate": _rate(row.reply_rate), "resolution": minutes_in_words(row.resolution.half),
        "resolution_90": minutes_in_words(row.resolution.ninety), "resolution_95": minutes_in_words(row.resolution.most),
        "resolution_rate": _rate(row.resolution_rate), "score": "–" if row.score is None else f"{row.score:.2f}",
    }  # fmt: skip


def _tiles(total: Figures, before: Figures, kind: str) -> dict[str, str]:
    """The texts of the tiles."""
    unit = "営業時間で" if kind == OWN else "記録のまま"
    return {
        "count_note": f"前の同じ日数 {before.count:,} 件・解決 {total.solved:,} 件",
        "reply": minutes_in_words(total.reply.half),
        "reply_note": f"90% {minutes_in_words(total.reply.ninety)}・95% {minutes_in_words(total.reply.most)}（{unit}）",
        "resolution": minutes_in_words(total.resolution.half),
        "resolution_note": f"90% {minutes_in_words(total.resolution.ninety)}・95% {minutes_in_words(total.resolution.most)}",
        "kept": _rate(total.reply_rate), "kept_note": f"解決の約束 {_rate(total.resolution_rate)}・前の期間 {_rate(before.reply_rate)}",
        "score": "–" if total.score is None else f"{total.score:.2f}",
        "score_note": f"{total.scores:,} 件の回答・4 と 5 が {_rate(total.happy_rate)}" if total.scores else "まだ回答がありません",
    }  # fmt: skip


@office("support.view_ticketmeasure")
def report_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The table on the screen as CSV or Excel."""
    _form, which, period, group = _asked(request)
    about = request.GET.get("about", "")
    columns: list[Column] = COLUMNS
    rows: list[Any] = []
    if which == OWN and about in reasons.KINDS:
        columns, rows, title = REASON_COLUMNS, list(reasons.by(about, period)), reasons.KINDS[about]
    else:
        group = group if group in groups_of(which) else "source"
        rows = [
            Line("全体", reports.figures(which, period), reports.figures(which, period.before)),
            *lines(which, period, group),
        ]
        title = reports.GROUPS[group]
    name = f"応対の集計_{title}_{period.first:%Y%m%d}-{period.last:%Y%m%d}"
    if kind == "xlsx":
        return export.xlsx_response(name, columns, rows)
    if kind == "csv":
        return export.csv_response(name, columns, rows, "utf-8-sig")
    raise Http404("この形式はありません。")
