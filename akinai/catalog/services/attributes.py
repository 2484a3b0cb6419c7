"""属性: what a category asks for, and the answers of products."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import connection, transaction

from akinai.catalog.attribute_words import Asked
from akinai.catalog.models import Attribute, Category, CategoryAttribute, ProductAttribute
from akinai.catalog.services import completeness
from akinai.core import activity

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def asked_of(category: str | None, product_id: int | None = None) -> list[Asked]:
    """The attributes a category (by name) asks for, and behind them others the product has an answer to."""
    rows = (
        CategoryAttribute.objects.filter(category__name=category).select_related("attribute")
        if category
        else ()
    )
    found = {row.attribute_id: _asked(row.attribute, row.is_required) for row in rows}
    if product_id:
        others = Attribute.objects.filter(
            pk__in=ProductAttribute.objects.filter(product=product_id).values("attribute")
        )
        for attribute in others:
            found.setdefault(attribute.pk, _asked(attribute))
    return list(found.values())


def _asked(attribute: Attribute, is_required: bool = False) -> Asked:
    return Asked(
        attribute.pk, attribute.name, attribute.kind, tuple(attribute.choices), attribute.unit, is_required
    )


def answers_of(product_id: int) -> dict[int, str]:
    """Attribute id → value."""
    return dict(ProductAttribute.objects.filter(product=product_id).values_list("attribute", "value"))


@transaction.atomic
def ask(category: Category, wanted: Sequence[Asked], *, by: Staff | None) -> None:
    """カテゴリの属性を決める: all of them, in this order. Answers of products stay, also to what is asked no more.

    A name that is known is the same attribute everywhere, so its kind and choices change for every category.
    """
    Category.objects.select_for_update().get(pk=category.pk)
    before = asked_of(category.name)
    if [_shape(one) for one in before] == [_shape(one) for one in wanted]:
        return
    rows = Attribute.objects.bulk_create(
        [Attribute(name=one.name, kind=one.kind, choices=list(one.choices), unit=one.unit) for one in wanted],
        update_conflicts=True, unique_fields=["name"], update_fields=["kind", "choices", "unit"],
    )  # fmt: skip
    CategoryAttribute.objects.filter(category=category).exclude(
        attribute__in=[row.pk for row in rows]
    ).delete()
    CategoryAttribute.objects.bulk_create(
        [
            CategoryAttribute(category=category, attribute=row, position=at, is_required=one.is_required)
            for at, (one, row) in enumerate(zip(wanted, rows, strict=True), start=1)
        ],
        update_conflicts=True, unique_fields=["category", "attribute"], update_fields=["position", "is_required"],
    )  # fmt: skip
    names = "、".join(f"{one.name}（必須）" if one.is_required else one.name for one in wanted)
    activity.record(category, "update", by=by, summary=f"属性 {names or 'なし'}")
    completeness.refresh_category(category.pk)


def drop_unused(names: Iterable[str]) -> None:
    """Take away attributes (by name) that no category asks for and no product answers."""
    rows = Attribute.objects.filter(name__in=list(names), categories=None)
    rows.exclude(pk__in=ProductAttribute.objects.values("attribute")).delete()


def _shape(one: Asked) -> tuple[object, ...]:
    return one.name, one.kind, one.choices, one.unit, one.is_required


WRITE = """
INSERT INTO catalog_productattribute (product_id, attribute_id, value)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS v(p, a, value) WHERE value <> ''
ON CONFLICT (product_id, attribute_id) DO UPDATE SET value = excluded.value
"""
DROP = """
DELETE FROM catalog_productattribute t USING unnest(%s::bigint[], %s::bigint[], %s::text[]) AS v(p, a, value)
WHERE t.product_id = v.p AND t.attribute_id = v.a AND v.value = ''
"""


def write_answers(wanted: Iterable[tuple[int, Mapping[int, str]]]) -> None:
    """(product id, attribute id → value) each; "" takes the answer away."""
    rows = [(pk, attribute, value) for pk, values in wanted for attribute, value in values.items()]
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(WRITE, columns)
            cursor.execute(DROP, columns)
