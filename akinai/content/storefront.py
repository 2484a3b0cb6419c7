"""店舗の設定を保存する."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from akinai.content.models import Picture, Storefront
from akinai.core import activity

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def current() -> Storefront:
    """The row as it is kept, or one with the defaults."""
    return Storefront.objects.select_related("logo").filter(pk=1).first() or Storefront(pk=1)


@transaction.atomic
def save_storefront(
    values: Mapping[str, Any],
    *,
    logo: UploadedFile | None = None,
    without_logo: bool = False,
    by: Staff | None,
) -> Storefront:
    """店舗の設定. `logo`: another picture for it; `without_logo`: the name in letters again."""
    Storefront.objects.bulk_create([Storefront(pk=1)], ignore_conflicts=True)
    row = Storefront.objects.select_for_update().get(pk=1)
    titles = {field.name: str(field.verbose_name) for field in Storefront._meta.fields}
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if logo is not None:
        row.logo = Picture.objects.create(
            title="店舗のロゴ", description=row.name or "店舗のロゴ", file=logo, uploaded_by_user=by
        )
        changed.append("logo")
    elif without_logo and row.logo_id:
        row.logo = None
        changed.append("logo")
    if changed:
        row.save(update_fields=changed)
        words = "、".join(titles[name] for name in changed)
        activity.record(row, "change", by=by, summary=f"店舗の設定を変えました（{words}）。")
    return row
