"""Which column is which field (列の対応) for files of no known format."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from akinai.core.errors import DomainError
from akinai.core.intake.kind import Field, Kind
from akinai.core.tables import guess_columns

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeMapping
    from akinai.staff.models import Staff


def headers_key(headers: Sequence[str]) -> str:
    """The same for the same set of columns, whatever their order."""
    return hashlib.sha256("\x1f".join(sorted(headers)).encode()).hexdigest()


def guess(fields: Sequence[Field], headers: Sequence[str]) -> dict[str, str]:
    """field → column, where a column is called by the field's label, code or one of its names. Never guesses more."""
    return guess_columns({field.code: (field.label, field.code, *field.names) for field in fields}, headers)


def missing(fields: Sequence[Field], columns: Mapping[str, str]) -> list[Field]:
    """Required fields that no column fills."""
    return [field for field in fields if field.required and not columns.get(field.code)]


def find(kind: Kind, *, name: str = "", headers: Sequence[str] = ()) -> IntakeMapping | None:
    """A saved mapping by its name, or the newest one made for exactly these columns."""
    from akinai.core.intake.models import IntakeMapping

    saved = IntakeMapping.objects.filter(kind=kind.code)
    if name:
        return saved.filter(name=name).first()
    return saved.filter(headers_key=headers_key(headers)).order_by("-updated_at").first() if headers else None


def save(
    kind: Kind, *, name: str, columns: Mapping[str, str], headers: Sequence[str], by: Staff | None
) -> IntakeMapping:
    """Keep a mapping under a name; the same name again replaces it. Refuses one that leaves required fields empty."""
    from akinai.core.intake.models import IntakeMapping

    check(kind, columns, headers)
    if not name.strip():
        raise DomainError("列の対応の名前が空欄です。", way_out="次に見分けられる名前を付けてください。")
    mapping, _ = IntakeMapping.objects.update_or_create(
        kind=kind.code,
        name=name.strip()[:60],
        defaults={
            "columns": dict(columns),
            "headers": list(headers),
            "headers_key": headers_key(headers),
            "created_by": by,
        },
    )
    return mapping


def check(kind: Kind, columns: Mapping[str, str], headers: Sequence[str]) -> None:
    """Refuse a mapping without required fields, with unknown columns, or with one column for two fields."""
    if lacking := missing(kind.fields(), columns):
        labels = "、".join(f"「{field.label}」" for field in lacking)
        raise DomainError(f"必須の項目 {labels} に列が選ばれていません。", way_out="列を選んでください。")
    used = [column for column in columns.values() if column]
    if unknown := [column for column in used if column not in headers]:
        raise DomainError(
            f"列「{unknown[0]}」がファイルにありません。", way_out="ファイルにある列を選んでください。"
        )
    if twice := [column for column in used if used.count(column) > 1]:
        raise DomainError(
            f"列「{twice[0]}」が2つの項目に選ばれています。", way_out="項目ごとに別の列を選んでください。"
        )
