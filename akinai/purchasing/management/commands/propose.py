"""`akinai propose`: 補充の提案と適正在庫の計算."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from akinai.core.management.operator import OperatorCommand
from akinai.core.money import yen
from akinai.purchasing.models import StockOutlook
from akinai.purchasing.services import propose


class Command(OperatorCommand):
    name = "propose"
    help = "補充の提案と適正在庫を計算し直します。--on で、その日の朝に知られていたことから計算します。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--on", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD", help="計算する日"
        )

    def answer(self, given: dict[str, Any]) -> Mapping[str, Any]:
        begin = time.perf_counter()
        done = propose(today=given["on"])
        return {
            "ok": True, "proposals": done.proposals, "yen": done.yen, "without_supplier": done.without_supplier,
            "outlooks": StockOutlook.objects.count(), "seconds": round(time.perf_counter() - begin, 2), "errors": [],
        }  # fmt: skip

    def tell(self, answer: Mapping[str, Any]) -> None:
        self.stdout.write(
            f"{answer['outlooks']:,} 商品を計算し、{answer['proposals']:,} 商品（{yen(answer['yen'])} 税抜）の発注を提案します。"
            f"仕入先のない商品 {answer['without_supplier']:,}。{answer['seconds']} 秒"
        )
