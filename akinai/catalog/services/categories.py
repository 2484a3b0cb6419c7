"""カテゴリの登録・変更・削除."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError

from akinai.catalog.models import Category
from akinai.core import activity
from akinai.core.errors import ChangedMeanwhile, DomainError, spoken_by_database

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


TOLD = {
    "slug": "URL", "parent_id": "親カテゴリ", "position": "表示順", "is_public": "自社サイトに出す", "lead": "紹介文",
}  # fmt: skip


@transaction.atomic
def place_category(
    category: Category,
    *,
    slug: str | None,
    parent: Category | None,
    position: int,
    is_public: bool,
    lead: str,
    by: Staff | None,
) -> None:
    """店舗での見せ方: address, place in the tree, order, words. The database refuses rings and more than four levels, and the
    old address goes on leading here."""
    values = {
        "slug": slug or None, "parent_id": parent.pk if parent else None, "position": position, "is_public": is_public,
        "lead": lead.strip(),
    }  # fmt: skip
    changed = [name for name, value in values.items() if getattr(category, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(category, name, values[name])
    try:
        with transaction.atomic():
            category.save(update_fields=changed)
    except IntegrityError as error:
        if told := spoken_by_database(error):
            raise told from error
        raise ChangedMeanwhile(
            f"URL「{slug}」は別のカテゴリが使っています。", way_out="別のURLにしてください。"
        ) from error
    except DatabaseError as error:
        raise spoken_by_database(error) or error from error
    words = "、".join(TOLD[name] for name in changed)
    activity.record(category, "update", by=by, summary=f"店舗での見せ方を変えました（{words}）。")


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
