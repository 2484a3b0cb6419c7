"""軸と組み合わせを書く: the rows of the axes, and of each SKU's values, after its `variant` in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from akinai.catalog import axes as words
from akinai.catalog.axes import Axis
from akinai.catalog.models import OptionValue, Product, ProductOption, Sku
from akinai.core.errors import DomainError

type Axes = dict[int, list[ProductOption]]


def axes_of(product_ids: Iterable[int]) -> dict[int, list[Axis]]:
    """Product id → its axes with their values, two queries."""
    rows = ProductOption.objects.filter(product_id__in=list(product_ids)).prefetch_related("option_values")
    found: dict[int, list[Axis]] = {}
    for row in rows:
        values = tuple(words.Value(value.name, value.code) for value in row.option_values.all())
        found.setdefault(row.product_id, []).append(Axis(row.name, values))
    return found


def write_axes(wanted: Mapping[int, Sequence[Axis]]) -> None:
    """Make the axes of these products (by id) what is wanted: names, values, codes and their order. Set-based.

    An axis is known by its name, else by its place (a rename). Values that are wanted no more go.
    """
    if not wanted:
        return
    there: Axes = {}
    for row in ProductOption.objects.filter(product_id__in=list(wanted)):
        there.setdefault(row.product_id, []).append(row)
    kept: list[tuple[ProductOption, Axis]] = []
    for product_id, axes in wanted.items():
        kept += _matched(product_id, axes, there.get(product_id, []))
    staying = {row.pk for row, _ in kept}
    gone = [row.pk for rows in there.values() for row in rows if row.pk not in staying]
    ProductOption.objects.filter(pk__in=gone).delete()
    known = [row for row, _ in kept if row.pk]
    ProductOption.objects.bulk_create([row for row, _ in kept if not row.pk], batch_size=2000)
    ProductOption.objects.bulk_update(known, ["name", "position"], batch_size=2000)
    _write_option_values(kept)


def _matched(
    product_id: int, axes: Sequence[Axis], rows: Sequence[ProductOption]
) -> list[tuple[ProductOption, Axis]]:
    """The row of each axis, new or known, with its name and place set."""
    named = {row.name: row for row in rows}
    wanted = {axis.name for axis in axes}
    spare = [row for row in rows if row.name not in wanted]
    found = []
    for position, axis in enumerate(axes, start=1):
        row = named.get(axis.name) or (spare.pop(0) if spare else ProductOption(product_id=product_id))
        row.name, row.position = axis.name, position
        found.append((row, axis))
    return found


def _write_option_values(kept: Sequence[tuple[ProductOption, Axis]]) -> None:
    wanted = {
        (row.pk, value.name): OptionValue(option=row, position=at, name=value.name, code=value.code)
        for row, axis in kept
        for at, value in enumerate(axis.values, start=1)
    }
    there = OptionValue.objects.filter(option__in=[row.pk for row, _ in kept])
    gone = [
        pk for pk, option, name in there.values_list("pk", "option", "name") if (option, name) not in wanted
    ]
    OptionValue.objects.filter(pk__in=gone).delete()
    OptionValue.objects.bulk_create(
        wanted.values(), batch_size=2000, update_conflicts=True, unique_fields=["option", "name"],
        update_fields=["position", "code"],
    )  # fmt: skip


def sync(product_ids: Iterable[int]) -> None:
    """Write the values of every SKU of these products after its `variant`; values not yet known are added behind.

    Raises DomainError where a SKU on sale is no combination of its product's axes, or two are the same one.
    """
    options: Axes = {}
    for row in ProductOption.objects.filter(product_id__in=list(product_ids)):
        options.setdefault(row.product_id, []).append(row)
    if not options:
        _forget_values(product_ids)
        return
    skus = list(
        Sku.objects.filter(product_id__in=options).only("id", "product_id", "code", "variant", "is_active")
    )
    parts = {sku.pk: _parts(sku, options[sku.product_id]) for sku in skus}
    _refuse_twins(skus, parts)
    known = _values(skus, parts, options)
    rows = [
        (sku.pk, sku.product_id, option.pk, known[option.pk, part])
        for sku in skus
        for option, part in zip(options[sku.product_id], parts[sku.pk], strict=False)
    ]
    _write_values([sku.pk for sku in skus], rows)
    _forget_values(set(product_ids) - set(options))


def _parts(sku: Sku, options: Sequence[ProductOption]) -> list[str]:
    problem = words.variant_problem([option.name for option in options], sku.variant)
    if problem and (sku.is_active or sku.variant):
        raise DomainError(f"SKU {sku.code}: {problem}", way_out="商品の編集画面で直してください。")
    return words.split(sku.variant)


def _refuse_twins(skus: Sequence[Sku], parts: Mapping[int, list[str]]) -> None:
    seen: dict[tuple[int, tuple[str, ...]], Sku] = {}
    for sku in skus:
        earlier = seen.setdefault((sku.product_id, tuple(parts[sku.pk])), sku)
        if earlier is not sku and parts[sku.pk]:
            raise DomainError(
                f"SKU {earlier.code} と {sku.code} のバリエーションがどちらも「{sku.variant}」です。",
                way_out="1つの組み合わせに1つのSKUにしてください。",
            )


def _values(skus: Sequence[Sku], parts: Mapping[int, list[str]], options: Axes) -> dict[tuple[int, str], int]:
    """(axis id, value) → value id; those missing are made."""
    ids = [option.pk for rows in options.values() for option in rows]
    there = OptionValue.objects.filter(option_id__in=ids)
    known = {(value.option_id, value.name): value.pk for value in there}
    places: dict[int, int] = {}
    for value in there:
        places[value.option_id] = max(places.get(value.option_id, 0), value.position)
    new: dict[tuple[int, str], OptionValue] = {}
    for sku in skus:
        for option, name in zip(options[sku.product_id], parts[sku.pk], strict=False):
            if (option.pk, name) not in known and (option.pk, name) not in new:
                places[option.pk] = places.get(option.pk, 0) + 1
                new[option.pk, name] = OptionValue(option=option, name=name, position=places[option.pk])
    OptionValue.objects.bulk_create(new.values())
    return known | {key: value.pk for key, value in new.items()}


# The key is let go first: two SKUs may change places, and the unique index looks at each row as it is written.
LET_GO = """
UPDATE catalog_sku s SET option_key = '' FROM (
  SELECT sku_id, string_agg(value_id::text, ',' ORDER BY option_id) AS key FROM catalog_skuvalue
  WHERE sku_id = ANY(%(skus)s) GROUP BY sku_id
) k WHERE s.id = k.sku_id AND s.option_key <> k.key
"""
CLEAR = "UPDATE catalog_sku SET option_key = '' WHERE id = ANY(%(skus)s) AND option_key <> '' AND id <> ALL(%(filled)s)"
KEYS = """
UPDATE catalog_sku s SET option_key = k.key FROM (
  SELECT sku_id, string_agg(value_id::text, ',' ORDER BY option_id) AS key FROM catalog_skuvalue
  WHERE sku_id = ANY(%(skus)s) GROUP BY sku_id
) k WHERE s.id = k.sku_id AND s.option_key <> k.key
"""
WRITE = """
INSERT INTO catalog_skuvalue (sku_id, product_id, option_id, value_id)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
ON CONFLICT (sku_id, option_id) DO UPDATE SET value_id = excluded.value_id
WHERE catalog_skuvalue.value_id <> excluded.value_id
"""
FORGET = """
DELETE FROM catalog_skuvalue v WHERE v.sku_id = ANY(%(skus)s) AND NOT EXISTS (
  SELECT FROM unnest(%(filled)s::bigint[], %(options)s::bigint[]) AS k(sku_id, option_id)
  WHERE (k.sku_id, k.option_id) = (v.sku_id, v.option_id))
"""


def _write_values(sku_ids: Sequence[int], rows: Sequence[tuple[int, int, int, int]]) -> None:
    skus, filled = list(sku_ids), [row[0] for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"skus": skus, "filled": filled, "options": [row[2] for row in rows]})
        cursor.execute(
            WRITE, [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], [], []]
        )
        cursor.execute(CLEAR, {"skus": skus, "filled": filled})
        cursor.execute(LET_GO, {"skus": skus})
        cursor.execute(KEYS, {"skus": skus})


def _forget_values(product_ids: Iterable[int]) -> None:
    """Products without axes: nothing of a former axis stays on their SKUs (its rows went with the axis)."""
    Sku.objects.filter(product_id__in=list(product_ids)).exclude(option_key="").update(option_key="")


def axis_names(products: Iterable[Product]) -> dict[int, list[str]]:
    """Product id → names of its axes in order, one query."""
    rows = ProductOption.objects.filter(product_id__in=[product.pk for product in products])
    found: dict[int, list[str]] = {}
    for product_id, name in rows.values_list("product_id", "name"):
        found.setdefault(product_id, []).append(name)
    return found
