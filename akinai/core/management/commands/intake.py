"""`akinai intake orders|products|stock|bank|tracking FILE…` (取込): the same pipeline as the screens."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from akinai.core import answers, intake
from akinai.core.intake.record import error_json
from akinai.core.intake.store import clean_name
from akinai.core.management.operator import OperatorCommand
from akinai.core.tables import MAX_BYTES, RowError, normal_header

FLAGS = ("create_skus", "accept_changes", "treat_shipped_as_open")
LABELS = dict(
    zip(answers.INTAKE_COUNTS, ("行数", "新規", "変更", "変更なし", "要確認", "合計金額"), strict=True)
)
NOTHING = "何も登録されていません。"
RULE = """ファイルはいくつでも指定できます。形式と文字コードは、ファイルごとに自動で見分けます。
受注・入金明細・送り状番号は、違うモールや銀行のファイルを一度に指定できます。

1回の実行は全部か無かです。取り込めないファイルが1つでもあれば、どのファイルも取り込まず、
理由をファイル・行・列・値で示して 1 で終わります。
受注の中の読めない値（未登録の商品コード、合わない合計など）は取り込みを止めず、その受注の「例外」になります。
同じファイルをもう一度取り込んでも、二重にはなりません。"""


class Command(OperatorCommand):
    name = "intake"
    help = f"ファイルを取り込みます。\n\n{RULE}"

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = "、".join(f"{kind.code}（{kind.title}）" for kind in intake.kinds())
        parser.add_argument("kind", metavar="種類", help=kinds)
        parser.add_argument("files", nargs="*", metavar="FILE", help="取り込むファイル（CSV・TSV・Excel）")
        parser.add_argument("--format", default="", metavar="形式", help="形式。省略すると自動で判定する")
        parser.add_argument("--channel", default="", metavar="コード", help="店舗・モールのコード")
        parser.add_argument("--account", default="", metavar="コード", help="口座のコード")
        parser.add_argument("--mapping", default="", metavar="名前", help="保存した列の対応の名前")
        parser.add_argument(
            "--column", action="append", default=[], metavar="項目=列",
            help="汎用の形式で、どの列がどの項目か（例: --column date=入金日）",
        )  # fmt: skip
        parser.add_argument("--create-skus", action="store_true", help="未登録の商品コードを作成する")
        parser.add_argument("--accept-changes", action="store_true", help="変更された内容を受け入れる")
        parser.add_argument(
            "--treat-shipped-as-open",
            action="store_true",
            help="出荷済みの注文も出荷待ちとして受け入れる（練習・引っ越し用）",
        )
        parser.add_argument("--option", action="append", default=[], metavar="名前=値", help="そのほかの指定")
        parser.add_argument(
            "--dry-run", action="store_true", help="確認だけして、何も登録しない（記録も残さない）"
        )
        super().add_arguments(parser)

    def answer(self, given: dict[str, Any]) -> Mapping[str, Any]:
        """Look and, unless it is a dry run, apply. Whatever is wrong becomes an entry of `errors`."""
        kind = intake.kind_of(given["kind"])
        if kind is None:
            known = "、".join(f"{kind.code}（{kind.title}）" for kind in intake.kinds())
            text = f"取込の種類「{given['kind']}」はありません。次から選んでください: {known}"
            return _refused([_error("", text)], given)
        uploads, errors = _read(given["files"])
        if errors:
            return _refused(errors, given)
        if given["dry_run"]:
            return _answer(*intake.look(kind, uploads, options=_options(given)), given)
        row, plan = intake.preview(kind, uploads, options=_options(given), by=None)
        if not plan.refused:
            plan = intake.apply(row, by=None, files=plan.files)
        return _answer(row, plan, given)

    def tell(self, answer: Mapping[str, Any]) -> None:
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
        for name in answers.INTAKE_COUNTS:
            self.stdout.write(f"{LABELS[name]}{'　' * (6 - len(LABELS[name]))}{answer[name]:>12,}")
        for note in answer["notes"]:
            self.stdout.write(f"  {note}")
        self.stdout.write(answer["message"])


def _verdict(plan: intake.Plan, row: Any, *, dry_run: bool) -> str:
    if plan.refused:
        return f"取り込めませんでした。{NOTHING}"
    if dry_run:
        return f"確認だけをしました。{NOTHING}"
    return row.result.get("message") or "取り込みました。"


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
        size = path.stat().st_size
        if size > MAX_BYTES:
            message = f"ファイルが大きすぎます（{MAX_BYTES // 1024 // 1024}MBまで）。期間を分けてダウンロードしてください。"
            return RowError(name, 0, "", f"{size:,}バイト", message)
        return intake.Upload(name, path.read_bytes())
    except (OSError, ValueError) as error:
        return _error(name, f"ファイルを読めません（{_reason(error)}）。アクセス権と場所を確かめてください。")


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, PermissionError):
        return "読み取りが許されていません"
    return str(getattr(error, "strerror", None) or type(error).__name__)


def _options(given: dict[str, Any]) -> dict[str, Any]:
    options = {name: given[name] for name in ("format", "channel", "account", "mapping") if given[name]}
    options |= {name: True for name in FLAGS if given[name]}
    for pair in given["option"]:
        name, _, value = pair.partition("=")
        options[name] = value
    if given["column"]:
        pairs = (pair.partition("=") for pair in given["column"])
        options["columns"] = {field.strip(): normal_header(column) for field, _, column in pairs}
        options.setdefault("format", intake.GENERIC)
    return options


def _answer(row: Any, plan: intake.Plan, given: dict[str, Any]) -> dict[str, Any]:
    counts = {name: int(getattr(row, name)) for name in answers.INTAKE_COUNTS}
    return {
        **answers.EMPTY["intake"],
        **counts,
        "errors": [error_json(error) for error in plan.errors],
        "format": row.format,
        "encoding": row.encoding,
        "dry_run": bool(given["dry_run"]),
        "ok": not plan.refused,
        "intake": row.pk,
        "message": _verdict(plan, row, dry_run=bool(given["dry_run"])),
        "notes": list(row.preview.get("notes", [])),
        "files": [{"file": file.filename, "encoding": file.encoding} for file in plan.files],
        "parts": row.preview.get("parts", []),
    }


def _refused(errors: list[RowError], given: dict[str, Any]) -> dict[str, Any]:
    return {
        **answers.EMPTY["intake"],
        "errors": [error_json(error) for error in errors],
        "dry_run": bool(given["dry_run"]),
        "message": f"取り込めませんでした。{NOTHING}",
    }


def _error(file: str, message: str) -> RowError:
    return RowError(file, 0, "", "", message)
