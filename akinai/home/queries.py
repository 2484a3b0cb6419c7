"""What the first screen shows (ホームの数字). Reads the rooms below, writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import connection
from django.urls import NoReverseMatch, reverse

from akinai.core import intake
from akinai.core.intake.models import IntakeFile
from akinai.insights import queries as insights
from akinai.monitoring import queries as monitoring
from akinai.orders.states import OrderState

FILES_SHOWN = 6
CHART_DAYS = 14
# From what the shop has, to what comes next.
EXISTS = """
SELECT EXISTS (SELECT FROM party_company WHERE name <> ''), EXISTS (SELECT FROM catalog_sku),
    EXISTS (SELECT FROM stock_stockentry), EXISTS (SELECT FROM orders_order)
"""
S = OrderState
QUEUE = (
    (S.ON_HOLD, "warn"), (S.AWAITING_PAYMENT, "info"), (S.AWAITING_STOCK, "info"), (S.READY, "accent"),
    (S.PICKING, "accent"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the queue: how many orders stand there and what they are worth."""

    title: str
    count: int
    yen: int
    url: str
    tone: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps of a new shop."""

    title: str
    text: str
    url: str
    label: str
    icon: str
    is_done: bool
    permission: str


@dataclass(frozen=True, slots=True)
class Start:
    """How far a new shop has come."""

    steps: list[Step]
    has_orders: bool

    @property
    def is_done(self) -> bool:
        """With the first order in, the shop is at work and the first screen shows the day."""
        return self.has_orders


@dataclass(frozen=True, slots=True)
class Checked:
    """漏れチェックの画面: channels with their sum, lists, and the verdict."""

    channels: list[dict[str, Any]]
    lists: list[dict[str, Any]]
    total: Mapping[str, Any]
    balanced: bool
    open_count: int
    lost: int = 0
    parts: tuple[tuple[str, str], ...] = field(
        default=(
            ("shipped", "出荷済"),
            ("waiting", "出荷待ち"),
            ("held", "確認待ち"),
            ("cancelled", "キャンセル"),
        )
    )


@dataclass(frozen=True, slots=True)
class Day:
    """今日: the stages of the queue, what was forgotten, and the shipments of the last days."""

    pipeline: list[Stage]
    leaks: Checked
    shipments: Sequence[tuple[str, int]]


def day(today: date) -> Day:
    """Everything about orders on the first screen. Four queries."""
    leaks, flow = insights.leaks(), insights.flow(CHART_DAYS, today=today)
    # Nothing at all when none left, so that no empty chart is drawn.
    shipments = flow.days if any(count for _, count in flow.days) else []
    return Day(_pipeline(leaks.states, flow), _with_late(_checked(leaks), leaks), shipments)


def _with_late(checked: Checked, leaks: insights.Leaks) -> Checked:
    """The lists with what others wait for beside the orders, and how much of each is past its limit."""
    found = [*checked.lists, *leaks.others]
    lists = [item | {"late": min(leaks.late.get(item["name"], 0), item["count"])} for item in found]
    return replace(checked, lists=lists, open_count=sum(item["count"] for item in lists))


def _pipeline(states: Mapping[str, tuple[int, int]], flow: insights.Flow) -> list[Stage]:
    """今日の流れ: received today → the queue as it stands → shipped today."""
    orders = _url("orders:list")
    queue = [
        Stage(str(state.label), *states.get(state, (0, 0)), f"{orders}?tab={state.value}", tone)
        for state, tone in QUEUE
    ]
    first = Stage("受付", *flow.received, f"{orders}?f.ordered=today", "", "今日")
    last = Stage(str(S.SHIPPED.label), *flow.shipped, f"{orders}?tab=shipped", "good", "今日")
    return [first, *queue, last]


def _checked(found: insights.Leaks) -> Checked:
    """漏れチェック with the sum over all channels."""
    return Checked(
        found.channels, found.lists, _total(found.channels), found.balanced, found.open_count, found.lost
    )


def _total(channels: list[dict[str, Any]]) -> dict[str, int]:
    names = ("received", "shipped", "waiting", "held", "cancelled")
    return {
        name: sum(channel[name] for channel in channels) for base in names for name in (base, f"{base}_yen")
    }


def recent_files(kinds: list[str]) -> list[IntakeFile]:
    """最近の取込 of these kinds, newest first."""
    return list(
        IntakeFile.objects.filter(kind__in=kinds)
        .select_related("created_by")
        .defer("preview", "result", "errors")
        .order_by("-id")[:FILES_SHOWN]
    )


def alarms() -> list[dict[str, Any]]:
    """システムの警告: only what is worth a look."""
    state = monitoring.state()
    found = [row for row in state["rows"] if row["tone"] != "good"]
    if state["disk_free_percent"] < 10:
        found.append({"title": "ディスクの空き（%）", "count": state["disk_free_percent"], "tone": "bad"})
    if alarm := monitoring.proof_alarm():
        found.insert(0, alarm)
    return found


def first_steps() -> Start:
    """自社情報 → 商品 → 在庫 → 受注: what a new shop does first."""
    with connection.cursor() as cursor:
        cursor.execute(EXISTS)
        company, products, stock, orders = cursor.fetchone()
    steps = [
        Step("自社情報を登録する", "事業者名・住所・登録番号は、請求書・納品書・送り状に印字されます。", _url("party:company"), "自社情報を登録する", "store", company, "party.change_company"),
        Step("商品を登録する", "商品名・商品コード・価格・税率を CSV か Excel で取り込みます。", _intake("products"), "商品を取り込む", "tag", products, _permission("products")),
        Step("在庫を入れる", "今ある数を取り込みます。あとは入荷と出荷で増減します。", _intake("stock"), "在庫を取り込む", "boxes", stock, _permission("stock")),
        Step("受注を取り込む", "モールから書き出したファイルをそのまま選ぶだけ。形式は自動で見分けます。", _intake("orders"), "受注を取り込む", "inbox", orders, _permission("orders")),
    ]  # fmt: skip
    return Start(steps, orders)


def _intake(code: str) -> str:
    return _url("intake:upload", code)


def _permission(code: str) -> str:
    kind = intake.kind_of(code)
    return kind.permission if kind else ""


def _url(name: str, *args: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
