"""`akinai invoice`: 出荷済・未請求の請求書."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from akinai.billing import queries, services
from akinai.core import events
from akinai.core.management.operator import OperatorCommand
from akinai.core.money import yen


class Command(OperatorCommand):
    name = "invoice"
    help = "出荷して請求書のまだない受注に、請求書を発行します。--send を付けると、メールで送ります。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--send", action="store_true", help="発行した請求書をメールで送る")

    def answer(self, given: dict[str, Any]) -> Mapping[str, Any]:
        done = services.issue_what_can_be(list(queries.to_invoice().values_list("pk", flat=True)), by=None)
        events.drain()
        queued, unsent = services.send_many(done.invoices, by=None) if given["send"] else (0, [])
        refused = [(one.number, f"{one.reason}{one.way_out}") for one in done.refused] + unsent
        return {
            "ok": True, "issued": len(done.invoices), "total_yen": sum(one.total_yen for one in done.invoices),
            "not_needed": len(done.not_needed), "queued": queued,
            "errors": [{"file": "", "line": 0, "column": "", "value": number, "message": why} for number, why in refused],
        }  # fmt: skip

    def tell(self, answer: Mapping[str, Any]) -> None:
        self.stdout.write(
            f"請求書 {answer['issued']} 件（{yen(answer['total_yen'])}）を発行しました。モールが発行するもの {answer['not_needed']} 件、"
            f"送信待ち {answer['queued']} 件、できなかったもの {len(answer['errors'])} 件"
        )
        for one in answer["errors"]:
            self.stdout.write(f"  {one['value']}: {one['message']}")
