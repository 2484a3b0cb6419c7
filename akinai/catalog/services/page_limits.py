"""モールの文字数の決まり: what the format says, and what the shop says instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from akinai.catalog.models import PageLimit
from akinai.catalog.ports import Limit, PageFormat
from akinai.core import activity

if TYPE_CHECKING:
    from akinai.staff.models import Staff

FIELDS = ("chars", "bytes", "is_plain", "tags")


def limits_of(form: PageFormat) -> Mapping[str, Limit]:
    """The limits that hold for this shop."""
    own = {row.column: row for row in PageLimit.objects.filter(format=form.code)}
    return {
        column: with_own(limit, own[name]) if (name := group_of(column)) in own else limit
        for column, limit in form.limits.items()
    }


def group_of(column: str) -> str:
    """商品画像パス1 … 商品画像パス20 are one to people: 商品画像パス*."""
    return re.sub(r"\d+$", "*", column)


def with_own(limit: Limit, row: PageLimit) -> Limit:
    """The format's limit with the shop's words in it."""
    told: dict[str, Any] = {
        name: getattr(row, name) for name in ("chars", "bytes", "is_plain") if getattr(row, name) is not None
    }
    if row.tags is not None:
        told["tags"] = None if row.tags == "*" else tuple(row.tags.lower().split())
    return replace(limit, **told)


@transaction.atomic
def set_limit(form: PageFormat, column: str, *, by: Staff | None, **values: Any) -> None:
    """Keep the shop's own limit of one column (or of a group, 商品画像パス*); with nothing told the format's stands again."""
    row = PageLimit.objects.filter(format=form.code, column=column).first()
    if all(values.get(name) is None for name in FIELDS):
        if row is not None:
            activity.record(row, "update", by=by, summary=f"{form.title} {column} を元の決まりに戻しました。")
            row.delete()
        return
    row, _ = PageLimit.objects.update_or_create(
        format=form.code, column=column, defaults={name: values.get(name) for name in FIELDS}
    )
    activity.record(row, "update", by=by, summary=f"{form.title} {column} の決まりを変えました。")
