"""影響の確認: a form whose effects are shown before it is saved, sent twice as a clerk does."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def send(client: Client, url: str, data: dict[str, Any], **how: Any) -> Any:
    """POST; where the answer is a preview, save what it shows."""
    answer = client.post(url, data, **how)
    shown = (
        dict(_HIDDEN.findall(answer.content.decode())).get("shown")
        if answer.status_code in (200, 409)
        else None
    )
    return client.post(url, {**data, "shown": shown}, **how) if shown else answer
