"""応対の集計: how fast, how well and how much, by what. Each report is one statement whatever the number of tickets.

Percentiles are those of PostgreSQL's percentile_cont: the value at p·(n−1), a straight line between two neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from akinai.core import clock

OWN, IMPORTED = "own", "imported"
SETS = {OWN: "当店の問い合わせ", IMPORTED: "取り込んだ履歴"}
GROUPS = {
    "source": "経路", "channel": "店舗", "category": "種類", "priority": "優先度", "assignee": "担当", "team": "チーム",
}  # fmt: skip
ZONE = "Asia/Tokyo"

FACTS = {
    OWN: """
SELECT t.opened_at, t.solved_at, t.source, coalesce(t.channel_id::text, '') AS channel, t.category, t.priority::text AS priority,
    coalesce(t.assignee_id::text, '') AS assignee, '' AS team,
    m.first_reply_minutes::float8 AS first_reply, m.resolution_minutes::float8 AS resolution,
    CASE WHEN t.first_replied_at IS NOT NULL THEN t.first_replied_at <= t.first_reply_due
         WHEN t.first_reply_due < %(now)s AND t.solved_at IS NULL THEN false END AS reply_kept,
    CASE WHEN t.solved_at IS NOT NULL THEN m.resolution_minutes <= t.resolution_minutes
         WHEN t.resolution_due < coalesce(t.paused_at, %(now)s) THEN false END AS resolution_kept,
    c.score::float8 AS score
FROM support_ticket t
LEFT JOIN support_ticketmeasure m ON m.ticket_id = t.id
LEFT JOIN support_csat c ON c.ticket_id = t.id
WHERE t.opened_at >= %(begin)s AND t.opened_at < %(end)s AND t.state NOT IN ('merged', 'spam')
""",
    IMPORTED: """
SELECT opened_at, solved_at, channel AS source, '' AS channel, category, priority, agent AS assignee, team,
    first_reply_minutes AS first_reply, resolution_hours * 60 AS resolution,
    first_reply_kept AS reply_kept, resolution_kept, score
FROM support_importedticket
WHERE opened_at >= %(begin)s AND opened_at < %(end)s
""",
}
FIGURES = """
SELECT {keys}, count(*), count(solved_at),
    count(first_reply), avg(first_reply), percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY first_reply),
    count(resolution), avg(resolution), percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY resolution),
    count(*) FILTER (WHERE reply_kept), count(*) FILTER (WHERE NOT reply_kept),
    count(*) FILTER (WHERE resolution_kept), count(*) FILTER (WHERE NOT resolution_kept),
    count(score), avg(score), count(*) FILTER (WHERE score >= 4)
FROM facts {group}
"""


@dataclass(frozen=True, slots=True)
class Period:
    """期間, both days within."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """The same number of days just before."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def bounds(self) -> dict[str, datetime]:
        return {"begin": start_of(self.first), "end": start_of(self.last + timedelta(days=1))}


def start_of(day: date) -> datetime:
    """Midnight of a day in Japan."""
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and percentiles of durations in minutes; None where nothing was measured."""

    count: int
    mean: float | None
    half: float | None
    ninety: float | None
    most: float | None  # 95 %


@dataclass(frozen=True, slots=True)
class Figures:
    """集計 of some tickets. `few`: too few for percentiles to mean much."""

    key: str
    count: int
    solved: int
    reply: Spread
    resolution: Spread
    reply_kept: int
    reply_broken: int
    resolution_kept: int
    resolution_broken: int
    scores: int
    score: float | None
    happy: int  # 4 or 5

    @property
    def few(self) -> bool:
        return self.count < 20

    @property
    def reply_rate(self) -> float | None:
        """初回返信の約束を守った割合（%）."""
        return _percent(self.reply_kept, self.reply_broken)

    @property
    def resolution_rate(self) -> float | None:
        """解決の約束を守った割合（%）."""
        return _percent(self.resolution_kept, self.resolution_broken)

    @property
    def happy_rate(self) -> float | None:
        """4・5 と答えた割合（%）."""
        return _percent(self.happy, self.scores - self.happy)


def _percent(yes: int, no: int) -> float | None:
    return round(100 * yes / (yes + no), 1) if yes + no else None


def figures(kind: str, period: Period) -> Figures:
    """All tickets that came in the period, as one line. One query."""
    return _figures(kind, period)[0]


def by(kind: str, period: Period, group: str) -> list[Figures]:
    """The same by 経路, 店舗, 種類, 優先度, 担当 or チーム, most tickets first. One query."""
    if group not in GROUPS:
        raise ValueError(f"unknown: {group}")
    return sorted(_figures(kind, period, group), key=lambda row: (-row.count, row.key))


def _figures(kind: str, period: Period, group: str = "") -> list[Figures]:
    keys = group or "''"
    sql = f"WITH facts AS ({FACTS[kind]}) " + FIGURES.format(
        keys=keys, group=f"GROUP BY {keys}" if group else ""
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, period.bounds() | {"now": clock.now()})
        return [_line(row) for row in cursor.fetchall()]


def _line(row: Sequence[Any]) -> Figures:
    key, count, solved, replied, mean, spread, resolved, mean_resolved, spread_resolved, *rest = row
    return Figures(
        key or "", count, solved, Spread(replied, mean, *(spread or (None, None, None))),
        Spread(resolved, mean_resolved, *(spread_resolved or (None, None, None))), *rest,
    )  # fmt: skip


def span(kind: str) -> Period | None:
    """From the first to the last ticket there is; None without any."""
    table = {OWN: "support_ticket", IMPORTED: "support_importedticket"}[kind]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT min(opened_at AT TIME ZONE %s)::date, max(opened_at AT TIME ZONE %s)::date FROM {table}",
            [ZONE, ZONE],
        )
        first, last = cursor.fetchone()
    return Period(first, last) if first else None


@dataclass(frozen=True, slots=True)
class Day:
    """一日の出入り."""

    on: date
    came: int
    solved: int


FLOW = """
WITH came AS (SELECT (opened_at AT TIME ZONE %(zone)s)::date AS day, count(*) AS n FROM {table}
        WHERE opened_at >= %(begin)s AND opened_at < %(end)s {only} GROUP BY 1),
    solved AS (SELECT (solved_at AT TIME ZONE %(zone)s)::date AS day, count(*) AS n FROM {table}
        WHERE solved_at >= %(begin)s AND solved_at < %(end)s {only} GROUP BY 1)
SELECT day, coalesce(came.n, 0), coalesce(solved.n, 0) FROM came FULL JOIN solved USING (day)
"""


def flow(kind: str, period: Period) -> list[Day]:
    """受付と解決 of every day, days without any too. One query."""
    table = {OWN: "support_ticket", IMPORTED: "support_importedticket"}[kind]
    only = "AND state NOT IN ('merged', 'spam')" if kind == OWN else ""
    with connection.cursor() as cursor:
        cursor.execute(FLOW.format(table=table, only=only), period.bounds() | {"zone": ZONE})
        found: Mapping[date, tuple[int, int]] = {
            day: (came, solved) for day, came, solved in cursor.fetchall()
        }
    days = (period.first + timedelta(days=at) for at in range(period.days))
    return [Day(day, *found.get(day, (0, 0))) for day in days]


@dataclass(frozen=True, slots=True)
class Age:
    """未解決 of one age."""

    title: str
    ours: int  # our turn
    waiting: int  # the customer's turn, or put aside
    late: int


AGES = (("1日未満", 1), ("1～3日", 3), ("3～7日", 7), ("7～14日", 14), ("14～30日", 30), ("30日以上", 10**5))
BACKLOG = """
SELECT width_bucket(extract(epoch FROM %(now)s - opened_at) / 86400, ARRAY[1, 3, 7, 14, 30]::float8[]),
    count(*) FILTER (WHERE state IN ('new', 'open')), count(*) FILTER (WHERE state IN ('waiting', 'snoozed')),
    count(*) FILTER (WHERE state IN ('new', 'open') AND (first_replied_at IS NULL AND first_reply_due < %(now)s OR
        first_replied_at IS NOT NULL AND resolution_due < %(now)s))
FROM support_ticket WHERE state IN ('new', 'open', 'waiting', 'snoozed') GROUP BY 1
"""


def backlog() -> list[Age]:
    """未解決の古さ, as it stands now. One query."""
    with connection.cursor() as cursor:
        cursor.execute(BACKLOG, {"now": clock.now()})
        found = {at: rest for at, *rest in cursor.fetchall()}
    return [Age(title, *found.get(at, (0, 0, 0))) for at, (title, _) in enumerate(AGES)]
