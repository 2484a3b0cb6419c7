"""保存期間: once a night, what is no longer needed goes (個人情報の保護に関する法律 第22条), kind by kind, in batches, written down.

A kind without a row in `RetentionRule` has its usual days. What the law keeps or what is still open is in no kind's rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Sum

from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.core.gathering import counts
from akinai.party import keeping
from akinai.party.models import RetentionRule, RetentionRun, RetentionSettings
from akinai.party.ports import TIMERS, Timer

if TYPE_CHECKING:
    from akinai.staff.models import Staff

BATCH = 1000
# A first night with years behind it goes on the night after: other jobs want the machine too.
MOST_BATCHES = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind as the screen shows it: its timer, the shop's own choice, what went so far, and how many rows would go tonight
    (also of a kind that is off)."""

    timer: Timer
    is_on: bool
    days: int
    last_at: datetime | None
    last_rows: int
    due: int


def rule_of(timer: Timer, rules: Mapping[str, RetentionRule] | None = None) -> RetentionRule:
    """The shop's choice, the usual one where none was made. `rules` are all choices, where they were read already."""
    chosen = (_rules() if rules is None else rules).get(timer.code)
    return chosen or RetentionRule(kind=timer.code, days=timer.days)


def _rules() -> dict[str, RetentionRule]:
    return {rule.kind: rule for rule in RetentionRule.objects.all()}


def kinds() -> list[Kind]:
    """Every kind, in the order of the work. Three queries."""
    rules, last = _rules(), _last_runs()
    timers = in_order()
    chosen = [rule_of(timer, rules) for timer in timers]
    due = counts(*(one.rows(_before(one, rule.days)) for one, rule in zip(timers, chosen, strict=True)))
    found = []
    for timer, rule, n in zip(timers, chosen, due, strict=True):
        at, rows = last.get(timer.code, (None, 0))
        found.append(Kind(timer, rule.is_on, rule.days, at, rows, n))
    return found


def _last_runs() -> dict[str, tuple[datetime, int]]:
    rows = RetentionRun.objects.values("kind").annotate(last=Max("at"), all=Sum("rows"))
    return {row["kind"]: (row["last"], row["all"]) for row in rows}


def _before(timer: Timer, days: int) -> datetime:
    return clock.now() - timedelta(days=max(days, timer.least))


def run_all() -> int:
    """The night's work. Out: how many rows went. Safe to run twice."""
    rules = _rules()
    return sum(run_one(timer, rule_of(timer, rules)) for timer in in_order())


def in_order() -> list[Timer]:
    """The customers last: what goes of orders and tickets decides who is needed no longer."""
    return sorted(TIMERS.values(), key=lambda timer: timer.code == "customers")


def run_one(timer: Timer, rule: RetentionRule) -> int:
    """One kind, a batch a transaction with its record; nothing of a kind that is off."""
    if not rule.is_on:
        return 0
    before = _before(timer, rule.days)
    total = 0
    for _ in range(MOST_BATCHES):
        gone = _batch(timer, rule, before)
        total += gone
        if gone < BATCH:
            break
    return total


@transaction.atomic
def _batch(timer: Timer, rule: RetentionRule, before: datetime) -> int:
    """Up to BATCH rows. Those that another process holds wait for the next night."""
    due = timer.rows(before)
    model = due.model
    keys = list(due.order_by("pk").values_list("pk", flat=True)[:BATCH])
    held = model._default_manager.filter(pk__in=keys).select_for_update(skip_locked=True, of=("self",))
    keys = list(held.order_by("pk").values_list("pk", flat=True))
    # Asked once more under the lock: what was opened again meanwhile stays.
    keys = list(due.filter(pk__in=keys).values_list("pk", flat=True))
    if keys:
        timer.take(model._default_manager.filter(pk__in=keys))
        RetentionRun.objects.create(
            kind=timer.code, title=timer.title[:100], days=rule.days, before=before, rows=len(keys), at=clock.now()
        )  # fmt: skip
    return len(keys)


@transaction.atomic
def save(choices: Mapping[str, tuple[bool, int]], settings: RetentionSettings, *, by: Staff) -> list[str]:
    """保存期間を変える: code → (on, days), and what the law counts from. Out: what was changed, in words.

    Raises DomainError for days that the law does not allow.
    """
    changed, rules = [], _rules()
    for code, (is_on, days) in choices.items():
        timer = TIMERS[code]
        if days < timer.least:
            raise DomainError(
                f"「{timer.title}」は {timer.least:,} 日より短くできません（{timer.law}）。",
                way_out=f"{timer.least:,} 日以上にしてください。",
            )
        before = rule_of(timer, rules)
        if (before.is_on, before.days) == (is_on, days):
            continue
        RetentionRule.objects.update_or_create(
            kind=code, defaults={"is_on": is_on, "days": days, "changed_at": clock.now()}
        )
        changed.append(f"{timer.title}: {_word(before.is_on, before.days)} → {_word(is_on, days)}")
    settings.pk = 1
    kept = keeping.settings()
    if (kept.closing_month, kept.paper_years) != (settings.closing_month, settings.paper_years):
        changed.append(f"帳簿書類: 決算 {settings.closing_month} 月・{settings.paper_years} 年")
    if kept.answer_days != settings.answer_days:
        changed.append(f"ご本人への回答: {kept.answer_days} 日 → {settings.answer_days} 日")
    settings.save()
    if changed:
        activity.record(settings, "change", by=by, summary="\n".join(changed))
    return changed


def _word(is_on: bool, days: int) -> str:
    return f"{days:,} 日" if is_on else "消さない"
