"""本文 in blocks. What blocks there are is code, not schema, so a new block needs no migration."""

from __future__ import annotations

from typing import Any

from wagtail.fields import StreamField


class Body(StreamField):
    """StreamField whose migrations do not repeat its blocks."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, _args, kwargs = super().deconstruct()
        return name, "wagtail.fields.StreamField", [[]], {**kwargs, "block_lookup": {}}
