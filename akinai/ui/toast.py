"""Toasts (通知) for htmx answers: an HX-Trigger header that the page's script shows."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponseBase

LEVELS = ("success", "info", "warning", "error")


def toast[R: HttpResponseBase](response: R, message: str, *, level: str = "success", way_out: str = "") -> R:
    """Let the page show `message` when it gets this answer. Several calls add up; other triggers are kept."""
    triggers = _triggers(response.headers.get("HX-Trigger", ""))
    shown = triggers.setdefault("toast", {"messages": []})
    shown.setdefault("messages", []).append({"level": level, "message": message, "way_out": way_out})
    # ASCII only: header values are Latin-1, and Japanese goes through JSON escapes.
    response.headers["HX-Trigger"] = json.dumps(triggers)
    return response


def _triggers(header: str) -> dict[str, Any]:
    """The triggers already set: JSON, or names divided by commas."""
    if header.startswith("{"):
        found = json.loads(header)
        toast_value = found.get("toast")
        if isinstance(toast_value, dict) and "messages" not in toast_value:
            found["toast"] = {"messages": [toast_value]}
        return dict(found)
    return {name.strip(): True for name in header.split(",") if name.strip()}
