"""`akinai mail-in`: take mails (.eml) in, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from akinai.core import events
from akinai.core.errors import DomainError
from akinai.core.management.operator import OperatorCommand
from akinai.support import services
from akinai.support.states import ReceiptOutcome


class Command(OperatorCommand):
    name = "mail_in"
    help = "メールのファイル（.eml）を受け取ります。フォルダーを渡すと、中の .eml をすべて受け取ります。同じメールは 1 回だけです。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        super().add_arguments(parser)

    def answer(self, given: dict[str, Any]) -> Mapping[str, Any]:
        taken = [_take(path) for path in _files(given["files"])]
        events.drain()
        counted = Counter(one["outcome"] for one in taken)
        return {
            "ok": True,
            "mails": len(taken),
            "outcomes": dict(sorted(counted.items())),
            "files": taken,
            "errors": [],
        }

    def tell(self, answer: Mapping[str, Any]) -> None:
        for one in answer["files"]:
            self.stdout.write(
                f"{one['file']}: {ReceiptOutcome(one['outcome']).label} {one['ticket'] or one['why']}"
            )
        told = "、".join(
            f"{ReceiptOutcome(kind).label} {count} 通" for kind, count in answer["outcomes"].items()
        )
        self.stdout.write(self.style.SUCCESS(told))


def _files(told: list[Path]) -> list[Path]:
    """What was told, folders opened. Raises DomainError when something is missing: then nothing was taken."""
    missing = [str(path) for path in told if not path.exists()]
    if missing:
        raise DomainError(
            f"ファイルがありません: {'、'.join(missing)}。", way_out="場所と名前を確かめてください。"
        )
    found = [file for path in told for file in (sorted(path.glob("*.eml")) if path.is_dir() else [path])]
    if not found:
        raise DomainError(
            "フォルダーに .eml がありません。", way_out="メールソフトから .eml で保存してください。"
        )
    return found


def _take(path: Path) -> dict[str, str]:
    receipt = services.take_in(path.read_bytes(), path.name)
    number = receipt.ticket.number if receipt.ticket else ""
    return {"file": path.name, "outcome": receipt.outcome, "ticket": number, "why": receipt.why}
