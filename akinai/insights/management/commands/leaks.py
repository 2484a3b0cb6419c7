"""`akinai leaks`: 漏れチェック."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from akinai.core.management.operator import OperatorCommand
from akinai.core.money import yen
from akinai.insights.queries import leaks


class Command(OperatorCommand):
    name = "leaks"
    help = "漏れチェック: 受付 = 出荷 + 待ち + 保留 + キャンセル と、やり残しの一覧を示します。"

    def answer(self, given: dict[str, Any]) -> Mapping[str, Any]:
        found = leaks()
        return {
            "ok": True,
            "channels": found.channels,
            "lists": {item["name"]: item["count"] for item in found.lists},
            "balanced": found.balanced,
            "errors": [],
            "items": [
                {name: item[name] for name in ("name", "title", "count", "yen")} for item in found.lists
            ],
        }

    def tell(self, answer: Mapping[str, Any]) -> None:
        for row in answer["channels"]:
            mark = "○" if row["balanced"] else "×"
            self.stdout.write(
                f"{mark} {row['title']}: 受付 {row['received']} = 出荷 {row['shipped']} + 待ち {row['waiting']} "
                f"+ 保留 {row['held']} + キャンセル {row['cancelled']}（{yen(row['received_yen'])}）"
            )
        for item in answer["items"]:
            self.stdout.write(f"  {item['title']}: {item['count']} 件 {yen(item['yen'])}")
