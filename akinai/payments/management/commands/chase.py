"""`akinai chase`: 今日の督促."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from akinai.core import clock, events
from akinai.core.management.operator import OperatorCommand
from akinai.payments import services


class Command(OperatorCommand):
    name = "chase"
    help = "督促の段取りのうち、今日のぶんを行います。同じ日に何度動かしても、1 つの段階は 1 回だけです。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="何も送らず、今日の予定だけを数える")

    def answer(self, given: dict[str, Any]) -> Mapping[str, Any]:
        if given["dry_run"]:
            rows = services.plan(clock.today())
            held = sum(bool(row.hindrance) for row in rows)
            return {
                "ok": True,
                "planned": len(rows),
                **dict.fromkeys(DONE, 0),
                "held_back": held,
                "errors": [],
            }
        found = services.run_dunning(by=None)
        events.drain()
        told = {name: getattr(found, name) for name in DONE}
        return {"ok": True, "planned": sum(told.values()), **told, "errors": []}

    def tell(self, answer: Mapping[str, Any]) -> None:
        self.stdout.write(
            f"督促 {answer['planned']} 件: メール {answer['mailed']}、電話・書面 {answer['to_call']}、"
            f"自動キャンセル {answer['cancelled']}、見合わせ {answer['held_back']}、入金が先 {answer['overtaken']}"
        )


DONE = ("mailed", "to_call", "cancelled", "held_back", "overtaken")
