"""JSON inside a page: 構造化データ (schema.org), and what scripts read."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

# What could end the script element or begin another; JSON reads them back the same.
ESCAPES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def in_script(data: Any) -> SafeString:
    """JSON that may stand in a script element, whatever the texts in it say."""
    return mark_safe(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES))  # noqa: S308
