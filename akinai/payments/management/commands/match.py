"""`akinai match`: 自動消込."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from akinai.core import events
from akinai.core.money import yen
from akinai.payments import services


class Command(BaseCommand):
    help = "未消込の入金を調べ、確実なものだけを消し込みます"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="結果を JSON で最後の行に書く")

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = services.match_all(by=None)
        events.drain()
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_dict()))
            return
        self.stdout.write(
            f"入金 {outcome.credits} 件: 自動消込 {outcome.auto} 件（{yen(outcome.auto_yen)}）、"
            f"候補あり {outcome.proposed} 件、候補なし {outcome.open} 件"
        )
