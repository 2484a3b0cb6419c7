"""`akinai books`: 記帳、月締め、会計ソフトへの出力."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from akinai.accounting import services
from akinai.accounting.models import JournalEntry
from akinai.accounting.services import closing, exporting
from akinai.core import clock
from akinai.core.business_days import month_end
from akinai.core.errors import DomainError
from akinai.core.management.operator import OperatorCommand


class Command(OperatorCommand):
    name = "books"
    help = (
        "売上と仕訳を今日まで記帳します。--close で月を締め、--export で会計ソフトのファイルを書き出します。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--close", metavar="YYYY-MM", help="この月を締める")
        parser.add_argument("--note", default="", help="残っているものがあっても締める理由")
        parser.add_argument("--export", metavar="yayoi|freee|mf", help="この会計ソフトのファイルを作る")
        parser.add_argument("--month", metavar="YYYY-MM", help="書き出す月（--export のとき）")
        parser.add_argument(
            "--out", type=Path, metavar="FILE", help="書き出す先。なければ画面の「会計ソフト」に残るだけ"
        )

    def answer(self, given: dict[str, Any]) -> Mapping[str, Any]:
        before = JournalEntry.objects.count()
        services.record_missing()
        services.post_upto(clock.today())
        found: dict[str, Any] = {"ok": True, "closed": "", "export": "", "exported": 0, "errors": []}
        if given["close"]:
            found["closed"] = (
                f"{closing.close(_month(given['close']), by=None, note=given['note']).month:%Y-%m}"
            )
        if given["export"]:
            found |= _export(given["export"], given["month"], given["out"])
        return found | {"entries": JournalEntry.objects.count() - before}

    def tell(self, answer: Mapping[str, Any]) -> None:
        closed = f"{answer['closed']} を締めました。" if answer["closed"] else ""
        written = (
            f"{answer['export']} に {answer['exported']} 件を書き出しました。" if answer["export"] else ""
        )
        self.stdout.write(f"仕訳 {answer['entries']} 件を記帳しました。{closed}{written}")


def _export(product: str, month: str | None, out: Path | None) -> dict[str, Any]:
    if not month:
        raise DomainError("書き出す月がありません。", way_out="--month 2026-10 のように書いてください。")
    first = _month(month)
    made = exporting.make_export(product=product, first=first, last=month_end(first), by=None)
    if out:
        try:
            out.write_bytes(made.data)
        except OSError as problem:
            raise DomainError(
                f"「{out}」に書けません（{problem.strerror}）。",
                way_out=f"出力 {made.number} は画面からも保存できます。",
            ) from problem
    return {"export": made.number, "exported": made.count}


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise DomainError(
            f"「{text}」を月として読めません。", way_out="2026-10 のように書いてください。"
        ) from None
