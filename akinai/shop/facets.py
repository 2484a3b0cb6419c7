"""さがす: goods of a category or of a search, with what they can be narrowed by (カテゴリ, ブランド, 価格帯, 属性, 在庫).

Two statements whatever the number of goods: one counts every facet (each with the others' choices, without its own), one
gives the ids of a page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import connection
from django.http import QueryDict

from akinai.catalog import public
from akinai.catalog.codes import code_key
from akinai.catalog.public import LOW
from akinai.core import clock
from akinai.core.kana import bigrams, search_key

if TYPE_CHECKING:
    from akinai.catalog.models import Product

PAGE = 24
MOST_VALUES = 20
BANDS = (1_000, 3_000, 5_000, 10_000, 30_000)
SORTS = {"": "おすすめ順", "new": "新着順", "cheap": "価格の安い順", "dear": "価格の高い順", "name": "名前順"}
SOLD = "s.is_active AND NOT s.needs_review AND s.price_yen > 0"
FREE = f"""EXISTS (SELECT FROM catalog_sku s WHERE s.product_id = p.id AND {SOLD} AND (
  s.may_backorder OR (s.release_on > %(today)s AND coalesce(s.preorder_until, s.release_on) >= %(today)s)
  OR CASE WHEN s.is_set THEN EXISTS (
    SELECT FROM stock_location q WHERE q.is_sellable AND akinai_free_sets(s.id, q.id, %(today)s) > 0)
  ELSE EXISTS (
    SELECT FROM stock_stocklevel l
    WHERE l.sku_id = s.id AND l.location_id = ANY(ARRAY(SELECT id FROM stock_location WHERE is_sellable))
      AND l.on_hand - l.reserved - CASE WHEN s.tracks_lots
      THEN akinai_past_date(l.sku_id, l.location_id, %(today)s) ELSE 0 END > 0) END))"""
# Those of `goods` that can be bought, by one pass over their SKUs and what lies of them: they may be very many.
FREED = f"""SELECT goods.id FROM goods JOIN catalog_sku s ON s.product_id = goods.id AND {SOLD}
  LEFT JOIN (stock_stocklevel l JOIN stock_location o ON o.id = l.location_id AND o.is_sellable) ON l.sku_id = s.id
  WHERE s.may_backorder OR (s.release_on > %(today)s AND coalesce(s.preorder_until, s.release_on) >= %(today)s)
    OR CASE WHEN s.is_set THEN EXISTS (
      SELECT FROM stock_location q WHERE q.is_sellable AND akinai_free_sets(s.id, q.id, %(today)s) > 0)
    WHEN s.tracks_lots THEN l.on_hand - l.reserved > akinai_past_date(l.sku_id, l.location_id, %(today)s)
    ELSE l.on_hand > l.reserved END
  GROUP BY 1"""
GOODS = """AS MATERIALIZED (
  SELECT p.id, p.category_id, p.brand, width_bucket(m.price_yen, %(edges)s::bigint[]) AS band{own}
  FROM catalog_product p {low} WHERE {scope})"""
# All, by category, by brand and by band in one pass: `met` of all choices, `n` of those that count for it.
COUNTED = """counted AS MATERIALIZED (
  SELECT kind, key, met, CASE kind WHEN 'brand' THEN of_brand WHEN 'price' THEN of_price ELSE of_all END AS n FROM (
    SELECT (ARRAY['category', NULL, 'brand', 'price', 'all'])[grouping(category_id, brand, band) - 2] AS kind,
      coalesce(category_id::text, brand, band::text, '') AS key, count(*) AS met,
      count(*) FILTER (WHERE {all}) AS of_all, count(*) FILTER (WHERE {brand}) AS of_brand,
      count(*) FILTER (WHERE {price}) AS of_price
    FROM base GROUP BY GROUPING SETS ((), (category_id), (brand), (band))
  ) sets WHERE kind <> 'brand' OR key <> '')"""
# Of so many goods the counts may be a minute old (the goods themselves never are), and how many are in stock is not told.
MANY, MINUTE = 2_000, 60
# (facet, key, label, unit, how many)
type Row = tuple[str, str, str, str, Any]
ORDERS = {
    "": "p.sold_lately DESC, p.id DESC", "new": "p.created_at DESC, p.id DESC", "cheap": "m.price_yen, p.id",
    "dear": "m.price_yen DESC, p.id DESC", "name": "coalesce(nullif(p.kana, ''), p.name), p.id",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """絞り込み as the address says it. `bands`: indexes into BANDS; `attributes`: id → values."""

    words: str = ""
    brands: tuple[str, ...] = ()
    bands: tuple[int, ...] = ()
    attributes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    in_stock: bool = False
    sort: str = ""
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Is anything chosen beside the words?"""
        return bool(self.brands or self.bands or self.attributes or self.in_stock)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value to narrow by, with how many goods it leaves (None: too many to count)."""

    value: str
    label: str
    count: int | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """絞り込みの軸: `name` is the parameter of the address."""

    name: str
    title: str
    values: tuple[FacetValue, ...]

    @property
    def is_chosen(self) -> bool:
        return any(one.is_chosen for one in self.values)


@dataclass(frozen=True, slots=True)
class Found:
    """結果: goods of this page, how many there are in all, and the facets. `by_category`: id → goods directly in it."""

    goods: tuple[Product, ...]
    total: int
    facets: tuple[Facet, ...]
    by_category: dict[int, int]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def wanted_of(query: QueryDict) -> Wanted:
    """Read the address; what makes no sense is passed over."""
    attributes = {
        int(name[2:]): _texts(query.getlist(name))
        for name in list(query)[:60]
        if name.startswith("a.") and name[2:].isascii() and name[2:].isdecimal() and len(name) < 12
    }
    bands = {
        int(text)
        for text in query.getlist("price")[:10]
        if text.isascii() and text.isdecimal() and len(text) == 1
    }
    page = query.get("page", "1")
    return Wanted(
        words=" ".join(query.get("q", "").split())[:100], brands=_texts(query.getlist("brand")),
        bands=tuple(sorted(bands & set(range(len(BANDS) + 1)))),
        attributes={pk: values for pk, values in list(attributes.items())[:8] if values}, in_stock=query.get("stock") == "1",
        sort=query.get("sort", "") if query.get("sort") in SORTS else "",
        page=int(page) if page.isascii() and page.isdecimal() and 0 < len(page) < 6 and int(page) else 1,
    )  # fmt: skip


def _texts(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip()[:200] for text in values[:MOST_VALUES] if text.strip()))


def find(wanted: Wanted, *, categories: Sequence[int] | None) -> Found:
    """Goods in these categories (None: in any) that contain the words and are what was chosen. Two statements, one more
    where the words may be a code."""
    scope, told = _scope(wanted, categories)
    chosen = _chosen(wanted, told)
    counted = _counted(
        _facets_sql(scope, chosen, has_attributes=bool(wanted.words) or categories is not None), told
    )
    goods = _page(
        wanted, [scope, *chosen.values()], told, by_price="price" in chosen or "m." in ORDERS[wanted.sort]
    )
    return Found(
        tuple(goods), next((n for kind, *_, n in counted if kind == "all"), 0), _facets(wanted, counted),
        {int(key): n for kind, key, _, _, n in counted if kind == "category" and key},
    )  # fmt: skip


def _page(wanted: Wanted, tests: list[str], told: dict[str, Any], *, by_price: bool) -> list[Product]:
    """The goods of one page."""
    order, joined = ORDERS[wanted.sort], LOW if by_price else ""
    where = " AND ".join(tests if by_price else [*tests, public.PRICED_AT_ALL])
    ids = f"SELECT p.id FROM catalog_product p {joined} WHERE {where} ORDER BY {order} LIMIT %(page)s OFFSET %(skip)s"
    return public.selected(ids, order, told | {"page": PAGE, "skip": (wanted.page - 1) * PAGE}, joined)


def _counted(sql: str, told: dict[str, Any]) -> list[Row]:
    """The rows of the counting statement; of very many goods as they were within the last minute."""
    asked = repr((connection.settings_dict["NAME"], sql, sorted(told.items())))
    key = f"facets:{hashlib.sha256(asked.encode()).hexdigest()}"
    kept: list[Row] | None = cache.get(key)
    if kept is None:
        with connection.cursor() as cursor:
            cursor.execute(sql, told)
            kept = cursor.fetchall()
        if sum(n for kind, *_, n in kept if kind == "base") > MANY:
            cache.set(key, kept, MINUTE)
    return kept


def _scope(wanted: Wanted, categories: Sequence[int] | None) -> tuple[str, dict[str, Any]]:
    """What the page is about, whatever is chosen on it."""
    told: dict[str, Any] = {"today": clock.today(), "edges": list(BANDS)}
    parts = ["p.status = 'active' AND p.is_public"]
    if categories is not None:
        # One category is asked for by itself: an index that begins with it then gives its goods in their order.
        one = len(categories) == 1
        parts.append("p.category_id = %(categories)s" if one else "p.category_id = ANY(%(categories)s)")
        told["categories"] = categories[0] if one else list(categories)
    if wanted.words:
        parts.append(_of_words(wanted.words, told))
    return " AND ".join(parts), told


def _of_words(words: str, told: dict[str, Any]) -> str:
    """Every word in name, kana, code, brand or number; or the whole is the code or JAN of a SKU."""
    each = []
    for at, word in enumerate(words.split()[:8]):
        key = search_key(word)
        told[f"like{at}"] = f"%{_escaped(key)}%"
        each.append(f"p.search_text LIKE %(like{at})s")
        if len(key) >= 2:
            told[f"grams{at}"] = list(bigrams(key))
            each.append(f"p.search_grams @> %(grams{at})s")
    found = " AND ".join(each)
    told["coded"] = _coded(words)
    return f"({found} OR p.id = ANY(%(coded)s))" if told["coded"] else f"({found})"


def _coded(words: str) -> list[int]:
    """Products of the SKU with this code or JAN. No query where the words cannot be one."""
    key = code_key(words)
    if not key.isascii() or len(key) > 64:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT product_id FROM catalog_sku WHERE code_key = %s OR jan = %s LIMIT 5", [key, key]
        )
        return [pk for (pk,) in cursor.fetchall()]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _chosen(wanted: Wanted, told: dict[str, Any]) -> dict[str, str]:
    """What was chosen, as conditions by facet."""
    made = {}
    if wanted.brands:
        told["brands"] = list(wanted.brands)
        made["brand"] = "p.brand = ANY(%(brands)s)"
    if wanted.bands:
        told["bands"] = list(wanted.bands)
        made["price"] = "width_bucket(m.price_yen, %(edges)s::bigint[]) = ANY(%(bands)s)"
    if wanted.in_stock:
        made["stock"] = FREE
    for pk, values in wanted.attributes.items():
        told |= {f"attribute{pk}": pk, f"values{pk}": list(values)}
        made[f"a{pk}"] = (
            "EXISTS (SELECT FROM catalog_productattribute t WHERE t.product_id = p.id"
            f" AND t.attribute_id = %(attribute{pk})s AND t.value = ANY(%(values{pk})s))"
        )
    return made


def _facets_sql(scope: str, chosen: dict[str, str], *, has_attributes: bool) -> str:
    """One row per value: (facet, key, label, unit, how many). A facet counts with what the others have chosen."""
    own = "".join(f", {test} AS by_{name}" for name, test in chosen.items() if name != "stock")
    free = ", id IN (SELECT id FROM freed) AS by_stock" if "stock" in chosen else ""

    def others(own: str) -> str:
        return " AND ".join(f"by_{name}" for name in chosen if name != own) or "true"

    is_much = "false" if free else f"(SELECT met FROM counted WHERE kind = 'all') > {MANY}"
    parts = [
        "SELECT 'base', '', '', '', met FROM counted WHERE kind = 'all'",
        "SELECT kind, key, '', '', n FROM counted WHERE n > 0 OR kind = 'all'",
        f"""SELECT 'stock', '1', '', '', CASE WHEN {is_much} THEN NULL ELSE
          (SELECT count(*) FILTER (WHERE {"by_stock" if free else FREE}) FROM base p WHERE {others("stock")}) END""",
    ]
    if has_attributes:
        asked = [name for name in chosen if name.startswith("a")]
        ways = {name: f"t.attribute_id = %(attribute{name[1:]})s AND {others(name)}" for name in asked}
        rest = " AND ".join(["true", *(f"t.attribute_id <> %(attribute{name[1:]})s" for name in asked)])
        met = " OR ".join([f"({rest} AND {others('')})", *(f"({way})" for way in ways.values())])
        parts.append(
            "SELECT 'a.' || a.id, t.value, a.name, a.unit, count(*) FROM base JOIN catalog_productattribute t ON t.product_id = base.id"
            f" JOIN catalog_attribute a ON a.id = t.attribute_id WHERE {met} GROUP BY a.id, t.value, a.name, a.unit"
        )
    told = " UNION ALL ".join(parts)
    counted = COUNTED.format(all=others(""), brand=others("brand"), price=others("price"))
    goods = GOODS.format(own=own, low=LOW, scope=scope)
    if not free:
        return f"WITH base {goods}, {counted} {told}"
    return f"""WITH goods {goods}, freed AS MATERIALIZED ({FREED}),
        base AS MATERIALIZED (SELECT goods.*{free} FROM goods), {counted} {told}"""


def _facets(wanted: Wanted, counted: Sequence[Row]) -> tuple[Facet, ...]:
    brands = {key: n for kind, key, _, _, n in counted if kind == "brand"}
    bands = {int(key): n for kind, key, _, _, n in counted if kind == "price" and key}
    free = next(n for kind, *_, n in counted if kind == "stock")
    made = [
        Facet("stock", "在庫", _values({"1": free}, {"1"} if wanted.in_stock else set(), {"1": "在庫のある商品だけ"})),
        Facet("price", "価格（税込）", _values(
            {str(at): bands[at] for at in sorted(bands)}, {str(at) for at in wanted.bands},
            {str(at): band_label(at) for at in range(len(BANDS) + 1)},
        )),
        Facet("brand", "ブランド", _most(brands, set(wanted.brands))),
    ]  # fmt: skip
    named = {
        kind: f"{label}（{unit}）" if unit else label
        for kind, _, label, unit, _ in counted
        if kind[:2] == "a."
    }
    for kind, title in sorted(named.items(), key=lambda pair: pair[1]):
        counts = {key: n for one, key, _, _, n in counted if one == kind}
        chosen = set(wanted.attributes.get(int(kind[2:]), ()))
        if chosen or (len(counts) <= MOST_VALUES and max(counts.values()) > 1):
            made.append(Facet(kind, title, _most(counts, chosen)))
    return tuple(
        one for one in made if one.is_chosen or len(one.values) > 1 or (one.name == "stock" and free != 0)
    )


def _values(
    counts: Mapping[str, int | None], chosen: set[str], labels: dict[str, str]
) -> tuple[FacetValue, ...]:
    shown: dict[str, int | None] = {**counts, **{key: counts.get(key, 0) for key in sorted(chosen)}}
    return tuple(FacetValue(key, labels.get(key, key), n, key in chosen) for key, n in shown.items())


def _most(counts: dict[str, int], chosen: set[str]) -> tuple[FacetValue, ...]:
    """The commonest values, and those that are chosen whatever they leave."""
    ordered = sorted(counts, key=lambda key: (-counts[key], key))[:MOST_VALUES]
    return _values({key: counts[key] for key in ordered}, chosen, {})


def band_label(at: int) -> str:
    """価格帯 in words."""
    low = f"{BANDS[at - 1]:,}" if at else ""
    high = f"{BANDS[at] - 1:,}" if at < len(BANDS) else ""
    return f"{low}〜{high}円" if high else f"{low}円〜"
