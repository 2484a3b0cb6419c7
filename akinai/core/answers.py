"""What the commands answer with --json (コマンドの答え): one JSON object on one line. Pure: knows no Django.

`EMPTY` is the answer of each command that could do nothing, so that a program finds the same keys whatever happens.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

INTAKE_COUNTS = ("rows", "created", "changed", "unchanged", "exceptions", "total_yen")
EMPTY: Mapping[str, Mapping[str, Any]] = {
    "intake": {
        **dict.fromkeys(INTAKE_COUNTS, 0),
        "errors": [],
        "format": "",
        "encoding": "",
        "dry_run": False,
        "ok": False,
        "message": "",
        "files": [],
        "parts": [],
        "notes": [],
    },
    "match": {"ok": False, "credits": 0, "auto": 0, "proposed": 0, "open": 0, "auto_yen": 0, "errors": []},
    "propose": {
        "ok": False,
        "proposals": 0,
        "yen": 0,
        "without_supplier": 0,
        "outlooks": 0,
        "seconds": 0.0,
        "errors": [],
    },
    "chase": {
        "ok": False,
        "planned": 0,
        "mailed": 0,
        "to_call": 0,
        "cancelled": 0,
        "held_back": 0,
        "overtaken": 0,
        "errors": [],
    },
    "invoice": {"ok": False, "issued": 0, "total_yen": 0, "not_needed": 0, "queued": 0, "errors": []},
    "statements": {"ok": False, "statements": 0, "asked_yen": 0, "errors": []},
    "books": {"ok": False, "entries": 0, "closed": "", "export": "", "exported": 0, "errors": []},
    "leaks": {"ok": False, "channels": [], "lists": {}, "balanced": False, "errors": []},
    "verify": {"ok": False, "checks": {}, "errors": []},
    "support_figures": {"ok": False, "total": {}, "source": [], "category": [], "priority": [], "errors": []},
    "mail_in": {"ok": False, "mails": 0, "outcomes": {}, "files": [], "errors": []},
    "demo": {"ok": False, "opened": False, "errors": []},
}


def refused(command: str, message: str) -> dict[str, Any]:
    """The answer of a command that was refused for one reason that belongs to no file."""
    error = {"file": "", "line": 0, "column": "", "value": "", "message": message}
    return {**EMPTY.get(command.replace("-", "_"), {"ok": False}), "errors": [error]}


def line(answer: Mapping[str, Any]) -> str:
    """One line whatever the texts hold, readable where the terminal speaks UTF-8."""
    utf8 = "utf" in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    text = json.dumps(answer, ensure_ascii=not utf8, default=str)
    return text.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
