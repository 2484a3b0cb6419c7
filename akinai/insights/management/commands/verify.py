"""`akinai verify`: 台帳の整合性の検証."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from akinai.core import proofs, seals
from akinai.insights.files import stored_files


class Command(BaseCommand):
    help = "台帳と集計値、台帳どうしが合っていることを確かめます。合わなければその行を示して 1 で終わります"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="結果を JSON で最後の行に書く")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = [*proofs.run_all(), stored_files()]
        is_ok = not any(finding.broken for finding in findings)
        if is_ok:
            seals.seal_all()  # what is proven now stays proven
        if options["json"]:
            checks = {f.name: {"rows": f.rows, "broken": f.broken} for f in findings}
            answer = {"ok": is_ok, "checks": checks}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, default=str))
        else:
            for finding in findings:
                mark = "×" if finding.broken else "○"
                self.stdout.write(f"{mark} {finding.title}（{finding.rows:,} 行）")
                for row in finding.broken[:10]:
                    self.stdout.write("    " + "、".join(f"{key}={value}" for key, value in row.items()))
        self.stdout.flush()
        if not is_ok:
            sys.exit(1)
