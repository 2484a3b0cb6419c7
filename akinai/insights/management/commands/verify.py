"""`akinai verify`: 台帳の整合性の検証."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from akinai.core import verification
from akinai.core.management.operator import OperatorCommand


class Command(OperatorCommand):
    name = "verify"
    help = "台帳と集計値、台帳どうしが合っていることを確かめます。合わなければその行を示して 1 で終わります。"

    def answer(self, given: dict[str, Any]) -> Mapping[str, Any]:
        run, findings = verification.verify(by=None)
        checks = {f.name: {"title": f.title, "rows": f.rows, "broken": f.broken} for f in findings}
        return {"ok": run.is_ok, "checks": checks, "errors": []}

    def tell(self, answer: Mapping[str, Any]) -> None:
        for check in answer["checks"].values():
            mark = "×" if check["broken"] else "○"
            self.stdout.write(f"{mark} {check['title']}（{check['rows']:,} 行）")
            for row in check["broken"][:10]:
                self.stdout.write("    " + "、".join(f"{key}={value}" for key, value in row.items()))
