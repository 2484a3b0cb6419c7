"""ページの問題を探す: what costs money on the shop's pages today, each with the next act.

Pages are read once in a job: what they link and which goods they show. The screens read what the job found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.db.models import Sum
from django.urls import reverse
from wagtail.models import Page, Site

from akinai.catalog import public
from akinai.content import effect_rules as rules
from akinai.content.effect_services import join_addresses
from akinai.content.models import Forward, PageAssist, PageDay, PageFault, PageRedirect, SeenPage
from akinai.content.surroundings import public as public_pages
from akinai.core import clock
from akinai.stock import queries as stock

THIN_LETTERS = 200
SLOW_MS = 3000
SLOW_LOADS = 5  # fewer say nothing
DAYS = 7
STARTS = {"/products/": "product", "/categories/": "category"}
TITLES = {
    "/cart/": "カート",
    "/search/": "さがす",
    "/guide/": "ご利用案内",
    "/terms/": "会員規約",
    "/videos/": "動画",
    "/law/": "特定商取引法に基づく表記",
    "/privacy/": "プライバシーポリシー",
    "/contact/": "お問い合わせ",
}
CODES, IDS = {"codes", "code"}, {"product", "instead"}
LINK = re.compile(r"""href="(/[^"#?]*)""")
PAGE_LINK = re.compile(r"""<a\b(?=[^>]*\blinktype="page")[^>]*\bid="(\d+)\"""")
FIXES = {
    "sold_out": "代わりの商品に替えるか、入荷を手配する",
    "hidden": "ページから外すか、商品を公開する",
    "broken": "リンク先を直すか、外す",
    "slow": "画像を小さくするか、減らす",
    "orphan": "メニューかほかのページからリンクする",
    "thin": "書き足すか、ほかのページにまとめる",
}


@dataclass(slots=True)
class Found:
    """What one page of the tree says: its goods, by code or id, the addresses and pages it links, how much there is to read.

    `is_listed`: it stands in the menu, or is meant for those alone who come from outside (検索エンジンに載せない).
    `is_list`: it shows what lies below it, and needs no words of its own. `is_brief`: a few words are all it should have.
    `pairs`: goods with what takes their place.
    """

    path: str
    title: str
    page_id: int
    codes: set[str] = field(default_factory=set)
    ids: set[int] = field(default_factory=set)
    pairs: set[tuple[int, int | None]] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    pages: set[int] = field(default_factory=set)
    letters: int = 0
    is_listed: bool = False
    is_list: bool = False
    is_brief: bool = False

    @property
    def edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page_id])


@dataclass(frozen=True, slots=True)
class Fault:
    """問題 before it is written."""

    path: str
    kind: str
    what: str
    fix_url: str


def look() -> int:
    """ページを調べる, anew. Safe to run at any time. Out: how many faults stand now."""
    join_addresses(_seen_paths())
    written = list(_written())
    goods = _Goods(written)
    faults = [*_about_goods(written, goods), *_about_links(written), *_about_reading(written), *_slow()]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('content.seenpage'))")
        rows = _keep_pages(written, goods)
        PageFault.objects.all().delete()
        views, yen = _views(), _assisted()
        PageFault.objects.bulk_create(
            [
                PageFault(
                    page_id=rows[one.path].pk, kind=one.kind, what=one.what[:300], fix=FIXES[one.kind], fix_url=one.fix_url,
                    views=views.get(one.path, 0), lost_yen=yen.get(one.path) if one.kind in ("sold_out", "hidden") else None,
                    found_at=clock.now(),
                )
                for one in faults
                if one.path in rows
            ]
        )  # fmt: skip
    return len(faults)


def _written() -> Iterator[Found]:
    """Every live page that the public may read."""
    site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
    if site is None:
        return
    root = site.root_page
    pages = public_pages(Page.objects.live().descendant_of(root, inclusive=True))
    for page in pages.specific().iterator(chunk_size=200):
        found = Found("/" + page.url_path[len(root.url_path) :], page.title, page.pk)
        in_menu = page.depth == root.depth + 1 and page.show_in_menus
        found.is_listed = page.pk == root.pk or in_menu or getattr(page, "no_index", False)
        found.is_list = bool(getattr(page, "subpage_types", ()))
        found.is_brief = getattr(page, "is_brief", False)
        for value in _texts(page):
            _read(value, found)
        found.pages |= {pk for pk in (getattr(page, name) for name in _page_columns(page)) if pk}
        yield found


def _page_columns(page: Any) -> list[str]:
    """Columns that name another page (ボタンの行き先)."""
    return [
        column.attname
        for column in page._meta.concrete_fields
        if column.related_model is Page and not column.primary_key and column.name != "alias_of"
    ]


def _texts(page: Any) -> Iterator[Any]:
    for column in page._meta.get_fields():
        kind = getattr(column, "get_internal_type", lambda: "")()
        if kind in ("StreamField", "JSONField", "TextField", "CharField") and column.name not in (
            "title",
            "slug",
            "url_path",
            "path",
        ):
            value: Any = getattr(page, column.name, None)
            yield value.get_prep_value() if hasattr(value, "stream_block") else value


def _read(value: Any, found: Found, key: str = "") -> None:
    """Codes, ids, links and letters of a body, whatever its blocks."""
    if isinstance(value, Mapping):
        if value.get("type") == "coupon":  # its code is no code of goods
            return
        if value.get("product") and "instead" in value:
            found.pairs.add((value["product"], value["instead"]))
        for name, inner in value.items():
            if name not in ("id", "type"):
                _read(inner, found, key if name == "value" else str(name))
    elif isinstance(value, list | tuple):
        for inner in value:
            _read(inner, found, key)
    elif isinstance(value, str):
        if key in CODES:
            found.codes.add(value)
        found.links |= {f"{path.rstrip('/')}/" for path in LINK.findall(value)}
        found.pages |= {int(pk) for pk in PAGE_LINK.findall(value)}
        if key in ("url", "link", "href", "address") and value.startswith("/"):
            found.links.add(f"{urlsplit(value).path.rstrip('/')}/")
        found.letters += len(re.sub(r"<[^>]*>|\s", "", value))
    elif isinstance(value, int) and not isinstance(value, bool) and key in IDS:
        found.ids.add(value)
    elif isinstance(value, int) and not isinstance(value, bool) and key == "page":
        found.pages.add(value)


class _Goods:
    """商品 of all pages: who of them is public, and who can be bought."""

    def __init__(self, written: Iterable[Found]) -> None:
        from akinai.catalog import queries as catalog

        pages = list(written)
        self.by_code = catalog.product_ids_by_code({code for one in pages for code in one.codes})
        ids = set(self.by_code.values()) | {pk for one in pages for pk in one.ids}
        seen = {path.strip("/").rpartition("/")[2] for path in _seen_paths() if path.startswith("/products/")}
        self.shown = {one.product_id: one for one in public.shown(public.products().filter(pk__in=ids))}
        self.by_key = {one.key: one for one in public.shown(public.with_keys(seen))}
        self.names = catalog.product_names(ids)
        levels = stock.levels(
            [pk for one in (*self.shown.values(), *self.by_key.values()) for pk in one.sku_ids]
        )
        self.free = {pk: level.free for pk, level in levels.items()}

    def of(self, page: Found) -> set[int]:
        return page.ids | {self.by_code[code] for code in page.codes if code in self.by_code}

    def can_be_bought(self, pk: int | None) -> bool:
        """Does the substitute stand in? Readers see it in the place of what is sold out."""
        one = self.shown.get(pk or 0)
        return one is not None and not self.is_sold_out(one)

    def is_sold_out(self, one: public.Shown) -> bool:
        return not one.may_backorder and not any(self.free.get(pk, 0) for pk in one.sku_ids)


def _about_goods(written: Iterable[Found], goods: _Goods) -> Iterator[Fault]:
    for page in written:
        for pk in sorted(goods.of(page)):
            number, name = goods.names.get(pk, ("", "なくなった商品"))
            one = goods.shown.get(pk)
            if one is None:
                yield Fault(page.path, "hidden", f"{name} は公開されていません", page.edit_url)
            elif goods.is_sold_out(one) and _is_seen_sold_out(pk, page, goods):
                yield Fault(page.path, "sold_out", f"{name}（{number}）が売り切れています", page.edit_url)
        for code in sorted(page.codes - goods.by_code.keys()):
            yield Fault(page.path, "hidden", f"商品コード {code} は登録されていません", page.edit_url)
    for key, one in sorted(goods.by_key.items()):
        if goods.is_sold_out(one):
            url = reverse("catalog:detail", args=[goods_number(one)])
            yield Fault(f"/products/{key}/", "sold_out", "見られている商品が売り切れています", url)


def _is_seen_sold_out(pk: int, page: Found, goods: _Goods) -> bool:
    """Who only stands in for others is not seen while they are there, and who has a substitute to buy gives it its place."""
    named = [other for one, other in page.pairs if one == pk]
    stands_in = any(other == pk for _one, other in page.pairs)
    return any(not goods.can_be_bought(other) for other in named) if named else not stands_in


def goods_number(one: public.Shown) -> str:
    from akinai.catalog import queries as catalog

    return catalog.product_names([one.product_id])[one.product_id][0]


def _about_links(written: list[Found]) -> Iterator[Fault]:
    """リンク切れ and pages that no other leads to. What another room serves is asked by its address."""
    here = {one.path for one in written}
    old = set(PageRedirect.objects.filter(page__live=True).values_list("old_path", flat=True))
    old |= {
        f"{one.rstrip('/')}/"
        for one in Forward.objects.filter(is_active=True).values_list("old_path", flat=True)
    }
    paths = {one.page_id: one.path for one in written}
    linked: dict[str, set[str]] = defaultdict(set)
    for page in written:
        for link in sorted({*page.links, *(paths[pk] for pk in page.pages if pk in paths)}):
            linked[link].add(page.path)
            if link not in here and link not in old and not _answers(link):
                yield Fault(page.path, "broken", f"{link} は開けません", page.edit_url)
        for _pk in page.pages - paths.keys():
            yield Fault(page.path, "broken", "リンク先のページが公開されていません", page.edit_url)
    for page in written:
        if page.is_listed or _is_listed_by_parent(page, here):
            continue
        if not linked[page.path] - {page.path}:
            yield Fault(page.path, "orphan", "ほかのページからのリンクがありません", page.edit_url)


def _is_listed_by_parent(page: Found, here: set[str]) -> bool:
    """An index page shows its children by itself."""
    parent = page.path.rstrip("/").rpartition("/")[0] + "/"
    return parent in here and parent != "/"


def _answers(path: str) -> bool:
    """Is there a page of another room? Goods and categories are asked themselves, the rest by whether an address is known."""
    from django.urls import Resolver404, resolve

    if path.startswith("/products/"):
        return public.find(path.strip("/").partition("/")[2]) is not None
    if path.startswith("/categories/"):
        return public.find_category(path.strip("/").partition("/")[2]) is not None
    try:
        return resolve(path).url_name != "wagtail_serve"
    except Resolver404:
        return False


def _about_reading(written: Iterable[Found]) -> Iterator[Fault]:
    for page in written:
        if (
            page.path != "/"
            and not page.is_list
            and not page.is_brief
            and page.letters < THIN_LETTERS
            and not page.codes | page.ids
        ):
            yield Fault(page.path, "thin", f"本文が {page.letters:,} 字です", page.edit_url)


def _slow() -> Iterator[Fault]:
    since = clock.today() - timedelta(days=DAYS)
    rows = PageDay.objects.filter(day__gte=since).values("path").annotate(ms=Sum("load_ms"), n=Sum("loads"))
    for row in rows.filter(n__gte=SLOW_LOADS).order_by("path"):
        if row["ms"] / row["n"] > SLOW_MS:
            yield Fault(row["path"], "slow", f"表示まで平均 {row['ms'] / row['n'] / 1000:.1f} 秒", "")


def _seen_paths() -> list[str]:
    since = clock.today() - timedelta(days=40)
    return list(PageDay.objects.filter(day__gte=since).values_list("path", flat=True).distinct()[:20_000])


def _views() -> dict[str, int]:
    rows = PageDay.objects.filter(day__gt=clock.today() - timedelta(days=DAYS))
    return dict(rows.values("path").annotate(n=Sum("views")).values_list("path", "n"))


def _assisted() -> dict[str, int]:
    """失っている見込み: what a page brought in a week, of the four weeks before."""
    rows = PageAssist.objects.filter(day__gt=clock.today() - timedelta(days=28), yen__gt=0)
    return {
        path: yen // 4 for path, yen in rows.values("path").annotate(n=Sum("yen")).values_list("path", "n")
    }


def _keep_pages(written: Iterable[Found], goods: _Goods) -> dict[str, SeenPage]:
    """One row per address that is written, or was seen lately."""
    now = clock.now()
    rows = {
        path: SeenPage(path=path, title=TITLES.get(path, path), kind=rules.kind_of(path, STARTS), told_at=now)
        for path in _seen_paths()
    }
    for key, one in goods.by_key.items():
        rows[f"/products/{key}/"].title = one.name[:255]
    for category in public.categories():
        for mark in (category.slug, category.pk):
            if (path := f"/categories/{mark}/") in rows:
                rows[path].title = category.name
    for page in written:
        kind = "home" if page.path == "/" else "written"
        rows[page.path] = SeenPage(
            path=page.path,
            title=page.title[:255],
            kind=kind,
            edit_url=page.edit_url,
            letters=page.letters,
            told_at=now,
        )
    SeenPage.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["path"],
        update_fields=["title", "kind", "edit_url", "letters", "told_at"],
    )  # fmt: skip
    return {one.path: one for one in SeenPage.objects.filter(path__in=rows)}
