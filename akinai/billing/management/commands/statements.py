"""`akinai statements`: 月締めの合計請求書."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from akinai.billing import jobs, services
from akinai.billing.models import Statement
from akinai.core import clock, events
from akinai.core.business_days import day_in_month
from akinai.core.errors import DomainError
from akinai.core.management.operator import OperatorCommand
from akinai.core.money import yen


class Command(OperatorCommand):
    name = "statements"
    help = "締め日の来た顧客を締めて、合計請求書を発行します。もう一度動かしても、まだの顧客だけが対象です。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--day", type=int, required=True, metavar="1-28|31", help="締め日（31 は月末）")
        parser.add_argument("--month", required=True, metavar="YYYY-MM", help="締める月")
        parser.add_argument("--dry-run", action="store_true", help="締めずに、下見だけをする")

    def answer(self, given: dict[str, Any]) -> Mapping[str, Any]:
        closed_on = _closed_on(given["day"], given["month"])
        due = [
            row for row in services.foresee(given["day"], closed_on)
            if not row.existing and (row.draft.says_something or row.waiting)
        ]  # fmt: skip
        if given["dry_run"]:
            return {
                "ok": True,
                "statements": len(due),
                "asked_yen": sum(row.draft.asked_yen for row in due),
                "errors": [],
            }
        run = services.start_closing(given["day"], closed_on, by=None)
        outcome = jobs.close([row.terms.customer_id for row in due], {"run": run.pk}, None)
        events.drain()
        made = Statement.objects.filter(run=run, customer__in=[row.terms.customer_id for row in due])
        return {
            "ok": True, "statements": outcome.counts["締めた"], "asked_yen": sum(made.values_list("asked_yen", flat=True)),
            "errors": [{"file": "", "line": 0, "column": "", "value": who, "message": why} for who, why in outcome.refused],
        }  # fmt: skip

    def tell(self, answer: Mapping[str, Any]) -> None:
        self.stdout.write(
            f"合計請求書 {answer['statements']} 件（請求額 {yen(answer['asked_yen'])}）。できなかった顧客 {len(answer['errors'])} 件"
        )
        for one in answer["errors"]:
            self.stdout.write(f"  {one['value']}: {one['message']}")


def _closed_on(day: int, month: str) -> date:
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise DomainError(
            f"「{month}」を月として読めません。", way_out="2026-10 のように書いてください。"
        ) from None
    if not (1 <= day <= 28 or day == 31):
        raise DomainError(f"締め日 {day} はありません。", way_out="1〜28 か 31（月末）にしてください。")
    found = day_in_month(first.year, first.month, day)
    if found >= clock.today():
        raise DomainError(f"{found:%Y/%m/%d} はまだ終わっていません。", way_out="翌日から締められます。")
    return found
