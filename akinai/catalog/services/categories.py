"""カテゴリの登録・変更・削除."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from akinai.catalog.models import Category
from akinai.core import activity
from akinai.core.errors import ChangedMeanwhile, DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def add_category(name: str, *, by: Staff | None) -> Category:
    """カテゴリの登録. Raises ChangedMeanwhile when somebody has just made the same one."""
    try:
        with transaction.atomic():
            category = Category.objects.create(name=name)
            activity.record(category, "create", by=by, summary="登録しました。")
    except IntegrityError as error:
        raise ChangedMeanwhile(
            f"カテゴリ「{name}」はすでにあります。", way_out="一覧から開いてください。"
        ) from error
    return category


@transaction.atomic
def rename_category(category: Category, name: str, *, by: Staff | None) -> None:
    """カテゴリ名の変更; its products follow, since they point at it."""
    before, category.name = category.name, name
    if before != name:
        category.save(update_fields=["name"])
        activity.record(category, "update", by=by, summary=f"カテゴリ名 {before} → {name}")


@transaction.atomic
def delete_category(category: Category, *, by: Staff | None) -> None:
    """カテゴリの削除. Raises DomainError while products have it."""
    try:
        with transaction.atomic():
            activity.record(category, "delete", by=by, summary=f"カテゴリ「{category.name}」を削除しました。")
            Category.objects.filter(pk=category.pk).delete()
    except ProtectedError as error:
        raise DomainError(
            f"カテゴリ「{category.name}」には商品か登録マニュアルがあります。",
            way_out="商品のカテゴリを変えてから削除してください。マニュアルの記録があるカテゴリは残ります。",
        ) from error
