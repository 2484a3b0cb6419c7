"""akinai mail_in FILES…: take mails (.eml) in, each once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from akinai.support import ports, services
from akinai.support.states import ReceiptOutcome


class Command(BaseCommand):
    help = "メールのファイル（.eml）を受け取ります。同じメールは 1 回だけです。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        missing = [str(path) for path in options["files"] if not path.is_file()]
        if missing:
            raise CommandError(f"ファイルがありません: {'、'.join(missing)}")
        counted: Counter[str] = Counter()
        for path in options["files"]:
            receipt = services.receive(ports.read(path.read_bytes(), path.name))
            counted[receipt.outcome] += 1
            where = receipt.ticket.number if receipt.ticket else receipt.why
            self.stdout.write(f"{path.name}: {receipt.get_outcome_display()} {where}")
        told = "、".join(
            f"{ReceiptOutcome(kind).label} {count} 通" for kind, count in sorted(counted.items())
        )
        self.stdout.write(self.style.SUCCESS(told))
