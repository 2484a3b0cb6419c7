"""`akinai leaks`: 漏れチェック."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from akinai.core.money import yen
from akinai.insights.queries import leaks


class Command(BaseCommand):
    help = "漏れチェック: 受付 = 出荷 + 待ち + 保留 + キャンセル と、やり残しの一覧"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="結果を JSON で最後の行に書く")

    def handle(self, *args: Any, **options: Any) -> None:
        found = leaks()
        if options["json"]:
            lists = {item["name"]: item["count"] for item in found.lists}
            answer = {"channels": found.channels, "lists": lists, "balanced": found.balanced}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for row in found.channels:
            mark = "○" if row["balanced"] else "×"
            self.stdout.write(
                f"{mark} {row['title']}: 受付 {row['received']} = 出荷 {row['shipped']} + 待ち {row['waiting']} "
                f"+ 保留 {row['held']} + キャンセル {row['cancelled']}（{yen(row['received_yen'])}）"
            )
        for item in found.lists:
            self.stdout.write(f"  {item['title']}: {item['count']} 件 {yen(item['yen'])}")
