"""要確認の規則の一覧, and the orders that a back-test found."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from akinai.channels import queries as channels
from akinai.orders import check_reports, rules
from akinai.orders.models import CheckBacktestHit, CheckRule
from akinai.orders.states import CheckAction, CheckOutcome
from akinai.staff.roles import ROLES
from akinai.ui.worklist import Choice, Column, MultiChoice, Tab, Worklist, YenRange, YesNo, pill


def words_of(rule: CheckRule) -> str:
    """The rule in one sentence: as in force, else as drafted; of a built-in one what it is for."""
    if rule.is_built_in:
        return rules.RULES[rule.code].about if rule.code in rules.RULES else ""
    version = rule.live or rule.draft
    return version.sentence if version else ""


def state_of(rule: Any) -> str:
    """使用中 / 下書き / 使っていない, and whether another wording is being written."""
    if rule.is_used:
        return "使用中（変更の下書きあり）" if rule.draft_id else "使用中"
    return "下書き" if rule.draft_id else "使っていない"


def _state(_rule: CheckRule, value: Any, _request: HttpRequest) -> str:
    return pill(str(value), "good" if str(value).startswith("使用中") else "mute")


def _held(rule: CheckRule, value: Any, _request: HttpRequest) -> str:
    if not value:
        return "–"
    return format_html('<a href="{}?f.rule={}">{}</a>', reverse("orders:list"), rule.code, value)


def _late(rule: CheckRule, value: Any, _request: HttpRequest) -> str:
    if not value:
        return "–"
    url = f"{reverse('orders:list')}?tab=hold_overdue&f.rule={rule.code}"
    return format_html('<a href="{}">{}</a>', url, pill(f"{value} 件", "bad"))


def unchanged_rate(rule: Any) -> int | None:
    return check_reports.rate(rule.unchanged, rule.freed)


def _rate(rule: Any, value: Any, _request: HttpRequest) -> str:
    return (
        "–"
        if value is None
        else format_html('{}% <span class="muted">{}/{}</span>', value, rule.unchanged, rule.freed)
    )


class CheckRuleList(Worklist):
    """要確認の規則."""

    page = "orders.check_rules"
    title = "要確認の規則"
    permission = "orders.view_checkrule"
    template_name = "orders/check_rules.html"
    columns = [
        Column("priority", "順番", format="number", sort="priority", card="hide"),
        Column("name", "規則", sort="name", link=True, card="title"),
        Column("words", "いつ・何をする", value=words_of, width="wide", card="plain"),
        Column("state", "状態", value=state_of, draw=_state, card="badge"),
        Column("held_now", "止めている", value="held_now", format="number", sort="held_now", draw=_held),
        Column(
            "late", "期限切れ", value="late", format="number", sort="late", draw=_late,
            hint="確認の期限より長く止まっている受注。期限は規則ごとに決めます。",
        ),
        Column("stopped", "90日間に止めた", format="number", sort="stopped"),
        Column(
            "rate", "そのまま解除", value=unchanged_rate, draw=_rate, align="end",
            hint="人が解除した受注のうち、何も直さずに解除した割合。高いほど、止めすぎです。",
        ),
        Column("owner_role", "担当", sort="owner_role", card="hide"),
        Column("limit_hours", "期限（時間）", format="number", sort="limit_hours", visible=False),
        Column("warned", "90日間の注意", format="number", sort="warned", visible=False),
        Column("code", "規則番号", sort="code", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("used", "使用中", Q(is_used=True), count=True),
        Tab("draft", "下書き", Q(draft__isnull=False), count=True),
        Tab("off", "使っていない", Q(is_used=False)),
        Tab("built_in", "組み込み", Q(is_built_in=True)),
    ]
    filters = [
        Choice("action", "すること", choices=CheckAction.choices, field="live__action"),
        Choice("owner", "担当", choices=[(role, role) for role in ROLES], field="owner_role"),
        YesNo("built_in", "種類", field="is_built_in", labels=("組み込み", "自社で書いた規則")),
    ]
    search_hint = "名前・文・規則番号"
    default_sort = "priority"
    export_name = "要確認の規則"

    def queryset(self, request: HttpRequest) -> QuerySet[CheckRule]:
        return check_reports.with_results()

    def search(self, queryset: QuerySet[CheckRule], text: str) -> QuerySet[CheckRule]:
        named = Q(name__icontains=text) | Q(code__icontains=text)
        said = Q(live__sentence__icontains=text) | Q(draft__sentence__icontains=text)
        return queryset.none() if "\0" in text else queryset.filter(named | said)

    def row_url(self, row: CheckRule) -> str:
        return reverse("orders:check_rule", args=[row.code])


class HitList(Worklist):
    """試しに掛かった受注 of the latest back-test of a rule."""

    page = "orders.check_hits"
    title = "試しに掛かった受注"
    permission = "orders.view_checkrule"
    is_personal = True
    template_name = "orders/check_hits.html"
    columns = [
        Column("number", "受注番号", value="order.number", sort="order__number", link=True, card="title"),
        Column("ordered_at", "注文日時", value="order.ordered_at", format="datetime", sort="order__ordered_at", card="plain"),
        Column("channel", "チャネル", value="order.channel.name", card="hide"),
        Column("buyer", "注文者", value="order.buyer_name", card="plain"),
        Column("total", "請求金額", value="order.total_yen", format="yen", sort="order__total_yen", card="amount"),
        Column("outcome", "その後", format="badge", sort="outcome", card="badge"),
        Column("reason", "止めたときの説明", width="wide", card="plain"),
        Column("by_new", "この版", format="bool", card="hide"),
        Column("by_old", "使用中の版", format="bool", card="hide"),
    ]  # fmt: skip
    tabs = [
        Tab("new", "この版が止める", Q(by_new=True), count=True),
        Tab("false", "そのまま出荷していた", Q(by_new=True, outcome=CheckOutcome.SHIPPED)),
        Tab("only_new", "新しく止める", Q(by_new=True, by_old=False)),
        Tab("only_old", "止めなくなる", Q(by_new=False, by_old=True)),
    ]
    filters = [
        MultiChoice("outcome", "その後", choices=CheckOutcome.choices),
        Choice("channel", "チャネル", choices=lambda _request: channels.every_choice(), field="order__channel__code"),
        YenRange("total", "請求金額", field="order__total_yen"),
    ]  # fmt: skip
    search_hint = "受注番号・注文者"
    default_sort = "-ordered_at"
    export_name = "試しに掛かった受注"
    empty = {"icon": "check", "title": "掛かった受注はありません"}

    def queryset(self, request: HttpRequest) -> QuerySet[CheckBacktestHit]:
        code = self.kwargs["code"]
        hits = CheckBacktestHit.objects.filter(
            backtest__version__rule__code=code, backtest__finished_at__isnull=False
        )
        return hits.select_related("order__channel")

    def search(self, queryset: QuerySet[CheckBacktestHit], text: str) -> QuerySet[CheckBacktestHit]:
        key = text.strip()
        named = Q(order__number__icontains=key) | Q(order__buyer_name__icontains=key)
        return queryset.none() if "\0" in key else queryset.filter(named)

    def row_url(self, row: CheckBacktestHit) -> str:
        return reverse("orders:detail", args=[row.order.number])
