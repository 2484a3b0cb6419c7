"""What is kept of a plan (取込の記録の中身): counts, errors, preview, as JSON that the database takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from akinai.core.intake.kind import Change, Part, Plan, Result, Upload
from akinai.core.tables import FileRefused, RowError, decode, shorten
from akinai.core.tables.excel import is_workbook

SHOWN_ROWS, SHOWN_CHANGES, SHOWN_ERRORS, SHOWN_CELL = 50, 300, 1_000, 200


def seen(plan: Plan, used: Mapping[str, Any], files: Sequence[Upload]) -> dict[str, Any]:
    """The columns of IntakeFile that tell what the plan saw."""
    return {
        "format": plan.format[:60],
        "encoding": "、".join(dict.fromkeys(found for file in files if (found := encoding(file))))[:20],
        **counts_of(plan, Result()),
        "error_count": len(plan.errors),
        "errors": [error_json(error) for error in plan.errors[:SHOWN_ERRORS]],
        "preview": {
            "columns": [safe(name) for name in plan.columns],
            "rows": [[safe(cell) for cell in row] for row in plan.preview[:SHOWN_ROWS]],
            "changes": [_change_json(change) for change in plan.changes[:SHOWN_CHANGES]],
            "changes_total": len(plan.changes),
            "notes": [safe(note) for note in plan.notes],
            "mapped": dict(used.get("columns") or {}),
            "needs_mapping": bool(used.get("needs_mapping")),
            "parts": [_part_json(part) for part in plan.parts],
        },
    }


def _part_json(part: Part) -> dict[str, Any]:
    """One format among several: its files and what becomes of them."""
    plan = part.plan
    return {"format": part.format, "files": [safe(name) for name in part.files]} | counts_of(plan, Result())


def encoding(file: Upload) -> str:
    """How a file is written, also where its kind did not read it as a table; "" when it is no text."""
    if not file.encoding and not is_workbook(file.data):
        try:
            file.encoding = decode(file.data, file=file.filename)[1]
        except FileRefused:
            return ""
    return file.encoding


def counts_of(plan: Plan, result: Result) -> dict[str, int]:
    def of(name: str) -> int:
        told = getattr(result, name)
        return int(getattr(plan, name) if told is None else told)

    names = ("created", "changed", "unchanged", "exceptions")
    return {name: of(name) for name in names} | {"rows": plan.rows, "total_yen": plan.total_yen}


def error_json(error: RowError) -> dict[str, Any]:
    """An error as screens, CSV and `--json` show it."""
    return asdict(error) | {
        name: safe(getattr(error, name), 1_000) for name in ("file", "column", "value", "message")
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {name: safe(value) if isinstance(value, str) else value for name, value in asdict(change).items()}


def result_json(result: Result) -> dict[str, Any]:
    return {"message": result.message, "data": dict(result.data)}


def safe(text: object, length: int = SHOWN_CELL) -> str:
    """Text that PostgreSQL's JSON takes: no NUL, no half characters, not endless."""
    return shorten(str(text).replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8"), length)
