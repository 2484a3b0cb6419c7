"""What the first screen shows (ホームの数字). Reads the rooms below, writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from akinai.core.intake.models import IntakeFile
from akinai.insights import queries as insights
from akinai.monitoring import queries as monitoring
from akinai.orders.queries import state_counts
from akinai.orders.states import OrderState

FILES_SHOWN = 6
CHART_DAYS = 14
# From what the shop has, to what comes next.
EXISTS = """
SELECT EXISTS (SELECT FROM catalog_sku), EXISTS (SELECT FROM stock_stockentry), EXISTS (SELECT FROM orders_order)
"""
TODAY = """
SELECT count(*) FILTER (WHERE received_at >= %(start)s), coalesce(sum(total_yen) FILTER (WHERE received_at >= %(start)s), 0),
  count(*) FILTER (WHERE shipped_at >= %(start)s), coalesce(sum(total_yen) FILTER (WHERE shipped_at >= %(start)s), 0)
FROM orders_order WHERE received_at >= %(start)s OR shipped_at >= %(start)s
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
    """One of the first three steps of a new shop."""

    title: str
    text: str
    url: str
    label: str
    icon: str
    is_done: bool


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


def pipeline(today: date) -> list[Stage]:
    """今日の流れ: received today → the queue as it stands → shipped today."""
    received, received_yen, shipped, shipped_yen = _today(today)
    counts = state_counts()
    orders = _url("orders:list")
    queue = [
        Stage(str(state.label), *counts[state], f"{orders}?tab={state.value}", tone) for state, tone in QUEUE
    ]
    first = Stage("受付", received, received_yen, f"{orders}?f.ordered=today", "", "今日")
    last = Stage(str(S.SHIPPED.label), shipped, shipped_yen, f"{orders}?tab=shipped", "good", "今日")
    return [first, *queue, last]


def _today(today: date) -> tuple[int, int, int, int]:
    start = timezone.make_aware(datetime.combine(today, time.min))
    with connection.cursor() as cursor:
        cursor.execute(TODAY, {"start": start})
        received, received_yen, shipped, shipped_yen = cursor.fetchone()
    return received, int(received_yen), shipped, int(shipped_yen)


def checked() -> Checked:
    """漏れチェック with the sum over all channels."""
    found = insights.leaks()
    return Checked(
        found.channels,
        found.lists,
        _total(found.channels),
        found.balanced,
        found.open_count,
        getattr(found, "lost", 0),
    )


def _total(channels: list[dict[str, Any]]) -> dict[str, int]:
    names = ("received", "shipped", "waiting", "held", "cancelled")
    return {
        name: sum(channel[name] for channel in channels) for base in names for name in (base, f"{base}_yen")
    }


def shipments(today: date) -> list[tuple[str, int]]:
    """出荷件数 of the last two weeks; nothing at all when none left, so that no empty chart is drawn."""
    days = insights.daily_shipments(CHART_DAYS, today=today)
    return days if any(count for _, count in days) else []


def recent_files() -> list[IntakeFile]:
    """最近の取込, newest first."""
    return list(
        IntakeFile.objects.select_related("created_by")
        .defer("preview", "result", "errors")
        .order_by("-id")[:FILES_SHOWN]
    )


def alarms() -> list[dict[str, Any]]:
    """システムの警告: only what is worth a look."""
    state = monitoring.state()
    found = [row for row in state["rows"] if row["tone"] != "good"]
    if state["disk_free_percent"] < 10:
        found.append({"title": "ディスクの空き（%）", "count": state["disk_free_percent"], "tone": "bad"})
    return found


def first_steps() -> Start:
    """商品 → 在庫 → 受注: what a new shop does first."""
    with connection.cursor() as cursor:
        cursor.execute(EXISTS)
        products, stock, orders = cursor.fetchone()
    steps = [
        Step("商品を登録する", "商品名・商品コード・価格・税率を CSV か Excel で取り込みます。", _intake("products"), "商品を取り込む", "tag", products),
        Step("在庫を入れる", "今ある数を取り込みます。あとは入荷と出荷で増減します。", _intake("stock"), "在庫を取り込む", "boxes", stock),
        Step("受注を取り込む", "モールから書き出したファイルをそのまま選ぶだけ。形式は自動で見分けます。", _intake("orders"), "受注を取り込む", "inbox", orders),
    ]  # fmt: skip
    return Start(steps, orders)


def _intake(code: str) -> str:
    return _url("intake:upload", code)


def _url(name: str, *args: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
