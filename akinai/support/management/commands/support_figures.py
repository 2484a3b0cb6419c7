"""akinai support_figures: promises kept, durations and marks of tickets, as the reports compute them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from akinai.core.errors import DomainError
from akinai.core.management.operator import OperatorCommand
from akinai.support.queries import reports
from akinai.support.queries.reports import Period
from akinai.support.services.voice import minutes_in_words

GROUPS = {"source": "経路", "category": "種類", "priority": "優先度"}


class Command(OperatorCommand):
    name = "support_figures"
    help = "応対の数字（約束を守れなかった割合、初回返信と解決の平均・50/90/95%、満足度）を出します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--of", choices=list(reports.SETS), default=reports.IMPORTED, help="imported: 取り込んだ履歴、own: 当店の問い合わせ"
        )  # fmt: skip
        parser.add_argument("--from", dest="first", default="", metavar="日付", help="受付日の初め")
        parser.add_argument("--to", dest="last", default="", metavar="日付", help="受付日の終わり")
        super().add_arguments(parser)

    def answer(self, given: dict[str, Any]) -> Mapping[str, Any]:
        kind = given["of"]
        span = reports.span(kind)
        if span is None:
            raise DomainError(
                "問い合わせがありません。",
                way_out="akinai intake tickets ファイル名 で履歴を取り込んでください。",
            )
        period = Period(_day(given["first"]) or span.first, _day(given["last"]) or span.last)
        parts = {group: [asdict(row) for row in reports.by(kind, period, group)] for group in GROUPS}
        return {
            "ok": True, "of": kind, "from": f"{period.first}", "to": f"{period.last}", "errors": [],
            "total": asdict(reports.figures(kind, period)),
        } | parts  # fmt: skip

    def tell(self, answer: Mapping[str, Any]) -> None:
        self.stdout.write(f"{reports.SETS[answer['of']]} {answer['from']}～{answer['to']}")
        self._table("全体", [answer["total"]])
        for group, title in GROUPS.items():
            self._table(title, answer[group])

    def _table(self, title: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self.stdout.write(f"\n{title}")
        for row in rows:
            self.stdout.write(
                f"  {row['key'] or '（全体）':<22} {row['count']:>6,}件"
                f"  初回返信 守れなかった割合 {_broken(row, 'reply')} {_spread(row['reply'])}"
                f"  解決 守れなかった割合 {_broken(row, 'resolution')} {_spread(row['resolution'])}"
                f"  満足度 {'–' if row['score'] is None else format(row['score'], '.2f')}（{row['scores']:,}件）"
            )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise DomainError(
            f"「{text}」は日付ではありません。", way_out="2026-11-27 のように書いてください。"
        ) from None


def _broken(row: Mapping[str, Any], what: str) -> str:
    kept, broken = row[f"{what}_kept"], row[f"{what}_broken"]
    return f"{100 * broken / (kept + broken):.1f}%" if kept + broken else "–"


def _spread(spread: Mapping[str, Any]) -> str:
    words = [minutes_in_words(spread[name]) for name in ("mean", "half", "ninety", "most")]
    return f"平均 {words[0]}・50% {words[1]}・90% {words[2]}・95% {words[3]}"
