"""限られた方・期間だけに見せる: what stands around a block that comes, goes, or is meant for some."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

from akinai.content.segments import SEGMENTS


class LimitedBlock(blocks.StructBlock):
    """Seen from one moment to another, by everybody or by some."""

    starts_at = blocks.DateTimeBlock(label="出し始め", required=False)
    ends_at = blocks.DateTimeBlock(label="出し終わり", required=False)
    for_whom = blocks.ChoiceBlock(label="だれに見せるか", choices=SEGMENTS, default="all")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        starts, ends = cleaned["starts_at"], cleaned["ends_at"]
        if starts and ends and ends <= starts:
            said = ValidationError("出し始めより後の日時にしてください。")
            raise blocks.StructBlockValidationError({"ends_at": said})
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        from akinai.content import segments
        from akinai.core import clock

        now, whom = clock.now(), value["for_whom"] or "all"
        begun = not value["starts_at"] or value["starts_at"] <= now
        over = value["ends_at"] and value["ends_at"] <= now
        seen = begun and not over and segments.is_for(whom, (parent_context or {}).get("request"))
        return super().get_context(value, parent_context=parent_context) | {"is_seen": seen}


class ForSomeBlock(LimitedBlock):
    """限定の内容: texts, pictures and goods that only some see, or only for a while."""

    def __init__(
        self, pieces: Callable[[], list[tuple[str, blocks.Block]]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__([("body", blocks.StreamBlock(pieces(), label="内容"))] if pieces else None, **kwargs)

    class Meta:
        label = "限定の内容（期間・お客様）"
        icon = "group"
        template = "content/blocks/for_some.html"
