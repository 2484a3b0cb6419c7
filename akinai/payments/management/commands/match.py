"""`akinai match`: 自動消込."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from akinai.core import events
from akinai.core.management.operator import OperatorCommand
from akinai.core.money import yen
from akinai.payments import services


class Command(OperatorCommand):
    name = "match"
    help = "未消込の入金を調べ、確実なものだけを消し込みます。残りは画面で人が決めます。"

    def answer(self, given: dict[str, Any]) -> Mapping[str, Any]:
        outcome = services.match_all(by=None)
        events.drain()
        return {"ok": True, **outcome.as_dict(), "errors": []}

    def tell(self, answer: Mapping[str, Any]) -> None:
        self.stdout.write(
            f"入金 {answer['credits']} 件: 自動消込 {answer['auto']} 件（{yen(answer['auto_yen'])}）、"
            f"候補あり {answer['proposed']} 件、候補なし {answer['open']} 件"
        )
