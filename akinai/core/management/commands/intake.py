"""`akinai intake orders|products|stock|bank|tracking FILE…` (取込): the same pipeline as the screens."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from akinai.core import intake
from akinai.core.errors import DomainError
from akinai.core.intake.record import error_json
from akinai.core.intake.store import clean_name
from akinai.core.tables import MAX_BYTES, RowError

COUNTS = ("rows", "created", "changed", "unchanged", "exceptions", "total_yen")
FLAGS = ("create_skus", "accept_changes", "treat_shipped_as_open")
LABELS = dict(zip(COUNTS, ("行数", "新規", "変更", "変更なし", "要確認", "合計金額"), strict=True))


class Command(BaseCommand):
    help = "ファイルを取り込みます（受注・商品・在庫・入金明細・送り状番号）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", help="orders, products, stock, bank, tracking …")
        parser.add_argument("files", nargs="*", metavar="FILE")
        parser.add_argument("--format", default="", help="形式（省略すると自動で判定）")
        parser.add_argument("--channel", default="", help="店舗・モールのコード")
        parser.add_argument("--account", default="", help="口座")
        parser.add_argument("--mapping", default="", help="保存した列の対応の名前")
        parser.add_argument("--create-skus", action="store_true", help="未登録の商品コードを作成する")
        parser.add_argument("--accept-changes", action="store_true", help="変更された内容を受け入れる")
        parser.add_argument(
            "--treat-shipped-as-open",
            action="store_true",
            help="出荷済みの注文も出荷待ちとして受け入れる（練習・引っ越し用）",
        )
        parser.add_argument(
            "--option", action="append", default=[], metavar="NAME=VALUE", help="そのほかの指定"
        )
        parser.add_argument("--dry-run", action="store_true", help="確認だけして、取り込まない")
        parser.add_argument("--json", action="store_true", help="結果を JSON 1 行で出力する")

    def handle(self, *args: Any, **given: Any) -> None:
        answer = self._run(given)
        if given["json"]:
            self.stdout.write(_one_line(answer))
        else:
            self._tell(answer)
        self.stdout.flush()
        if not answer["ok"]:
            sys.exit(1)

    def _run(self, given: dict[str, Any]) -> dict[str, Any]:
        """Preview and, unless it is a dry run, apply. Whatever is wrong becomes an entry of `errors`."""
        kind = intake.kind_of(given["kind"])
        if kind is None:
            known = "、".join(f"{kind.code}（{kind.title}）" for kind in intake.kinds())
            return _refused(
                [_error("", f"取込の種類「{given['kind']}」はありません。次から選んでください: {known}")],
                given,
            )
        uploads, errors = _read(given["files"])
        if errors:
            return _refused(errors, given)
        row, plan = intake.preview(kind, uploads, options=_options(given), by=None)
        if not plan.refused and not given["dry_run"]:
            try:
                plan = intake.apply(row, by=None)
            except DomainError as refusal:
                return _refused([_error(row.filename, f"{refusal.message}{refusal.way_out}")], given)
        return _answer(row, plan, given)

    def _tell(self, answer: dict[str, Any]) -> None:
        for error in answer["errors"][:50]:
            where = " ".join(
                part
                for part in (error["file"], f"{error['line']}行目" if error["line"] else "", error["column"])
                if part
            )
            value = f"「{error['value']}」" if error["value"] else ""
            self.stdout.write(f"  {where}{value}: {error['message']}".rstrip())
        if len(answer["errors"]) > 50:
            self.stdout.write(f"  ほか {len(answer['errors']) - 50:,} 件")
        if answer["format"]:
            self.stdout.write(f"形式        {answer['format']}（{answer['encoding']}）")
        for name in COUNTS:
            self.stdout.write(f"{LABELS[name]}{'　' * (6 - len(LABELS[name]))}{answer[name]:>12,}")
        self.stdout.write(_verdict(answer))


def _verdict(answer: dict[str, Any]) -> str:
    if not answer["ok"]:
        return "取り込めませんでした。何も登録されていません。"
    if answer["dry_run"]:
        return "確認だけをしました。何も登録されていません。"
    return answer["message"] or "取り込みました。"


def _read(names: list[str]) -> tuple[list[intake.Upload], list[RowError]]:
    if not names:
        return [], [_error("", "ファイルが指定されていません。ファイル名を指定してください。")]
    uploads: list[intake.Upload] = []
    errors: list[RowError] = []
    for name in names:
        found = _read_one(Path(name))
        if isinstance(found, RowError):
            errors.append(found)
        else:
            uploads.append(found)
    return uploads, errors


def _read_one(path: Path) -> intake.Upload | RowError:
    """The file, or why it cannot be read."""
    name = clean_name(str(path))
    try:
        if path.is_dir():
            return _error(name, "フォルダーです。中のファイルを指定してください。")
        if not path.exists():
            return _error(name, "ファイルがありません。場所と名前を確かめてください。")
        if not path.is_file():
            return _error(name, "ふつうのファイルではありません。CSVかExcelのファイルを指定してください。")
        if path.stat().st_size > MAX_BYTES:
            return _error(
                name, f"ファイルが大きすぎます（{MAX_BYTES // 1024 // 1024}MBまで）。期間を分けてください。"
            )
        return intake.Upload(name, path.read_bytes())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        return _error(name, f"ファイルを読めません（{reason}）。アクセス権と場所を確かめてください。")


def _options(given: dict[str, Any]) -> dict[str, Any]:
    options = {name: given[name] for name in ("format", "channel", "account", "mapping") if given[name]}
    options |= {name: True for name in FLAGS if given[name]}
    for pair in given["option"]:
        name, _, value = pair.partition("=")
        options[name] = value
    return options


def _answer(row: Any, plan: intake.Plan, given: dict[str, Any]) -> dict[str, Any]:
    counts = {name: int(getattr(row, name)) for name in COUNTS}
    return {
        **counts,
        "errors": [error_json(error) for error in plan.errors],
        "format": row.format,
        "encoding": row.encoding,
        "dry_run": bool(given["dry_run"]),
        "ok": not plan.refused,
        "intake": row.pk,
        "message": row.result.get("message", ""),
    }


def _refused(errors: list[RowError], given: dict[str, Any]) -> dict[str, Any]:
    return {
        **dict.fromkeys(COUNTS, 0),
        "errors": [error_json(error) for error in errors],
        "format": "",
        "encoding": "",
        "dry_run": bool(given["dry_run"]),
        "ok": False,
        "message": "",
    }


def _error(file: str, message: str) -> RowError:
    return RowError(file, 0, "", "", message)


def _one_line(answer: dict[str, Any]) -> str:
    """One line whatever the texts hold, readable where the terminal speaks UTF-8."""
    utf8 = "utf" in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    return json.dumps(answer, ensure_ascii=not utf8).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
