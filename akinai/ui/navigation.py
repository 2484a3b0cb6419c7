"""The left navigation (メニュー), filled by the rooms: sections are the four kinds of operations and two more.

Rooms say where their lines stand by `order`: steps of ten in the order of the day's work (ui/README.md has the table).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

SECTIONS = {
    "today": "今日",
    "goods": "商品",
    "money": "金銭",
    "info": "情報",
    "support": "サポート",
    "system": "設定・システム",
}
FOLDED_AT_FIRST = "system"
FITS = 24  # lines of a menu that a screen of 800 px shows without scrolling
type Badge = Callable[[HttpRequest], int | str | None]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu. `key` is the letter after `g`; `under` the URL name of the line it belongs to."""

    section: str
    title: str
    url_name: str
    permission: str | None = None
    icon: str = "dot"
    order: int = 100
    badge: Badge | None = None
    key: str = ""
    words: str = ""
    under: str = ""


@dataclass(slots=True)
class Link:
    """A line as one person sees it on one page."""

    item: Item
    url: str
    is_current: bool = False


@dataclass(slots=True)
class Section:
    """A group of lines. `is_folded`: only its title is shown; never so while the present page is in it."""

    key: str
    title: str
    links: list[Link] = field(default_factory=list)
    is_folded: bool = False


_items: dict[tuple[str, str], Item] = {}


def register(
    section: str,
    title: str,
    url_name: str,
    permission: str | None = None,
    icon: str = "dot",
    order: int = 100,
    badge: Badge | None = None,
    key: str = "",
    words: str = "",
    under: str = "",
) -> None:
    """Put a line into the menu. Call from AppConfig.ready(); a second call with the same title replaces the first.

    `words`: other names people type into the palette. `under`: the URL name of a line of the same section; where the menu
    of a person is long, this line is shown only while that one, or another below it, is open. Raises ValueError for a
    section that is not in SECTIONS.
    """
    if section not in SECTIONS:
        raise ValueError(f"unknown section {section!r}; one of {', '.join(SECTIONS)}")
    _items[section, title] = Item(
        section, title, url_name, permission, icon, order, badge, key, words, under
    )  # fmt: skip


def items() -> list[Item]:
    """All lines in the order of the menu: each followed by those that belong to it."""
    ranks = list(SECTIONS)
    orders = {item.url_name: item.order for item in _items.values()}

    def place(item: Item) -> tuple[int, int, bool, int, str]:
        return (
            ranks.index(item.section), orders.get(item.under, item.order), item.under in orders, item.order, item.title,
        )  # fmt: skip

    return sorted(_items.values(), key=place)


def links(request: HttpRequest) -> list[Link]:
    """The lines this person may open, the present one marked."""
    found = []
    for item in items():
        url = _url(item.url_name)
        if url and (item.permission is None or request.user.has_perm(item.permission)):
            found.append(Link(item, url))
    _mark_current(request, found)
    return found


def sections(request: HttpRequest) -> list[Section]:
    """The menu of this person, without empty sections and, where it is long, without what belongs to lines not open."""
    by_key = {key: Section(key, title) for key, title in SECTIONS.items()}
    for link in _shown(links(request)):
        by_key[link.item.section].links.append(link)
    folded = request.COOKIES.get("folded", FOLDED_AT_FIRST).split(".")
    for section in by_key.values():
        section.is_folded = section.key in folded and not any(link.is_current for link in section.links)
    return [section for section in by_key.values() if section.links]


def _shown(found: list[Link]) -> list[Link]:
    if len(found) <= FITS:
        return found
    open_group = next((link.item.under or link.item.url_name for link in found if link.is_current), "")
    leaders = {link.item.url_name for link in found}
    return [link for link in found if link.item.under not in leaders or link.item.under == open_group]


def badges(request: HttpRequest) -> dict[str, int | str]:
    """Numbers beside the lines, by URL name; nothing for zero. Asked for after the page, never within it."""
    found = {}
    for link in links(request):
        value = link.item.badge(request) if link.item.badge else None
        if value:
            found[link.item.url_name] = value
    return found


def _url(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _mark_current(request: HttpRequest, found: list[Link]) -> None:
    """The exact view, else the longest address that begins this one (a detail page below its list)."""
    match = getattr(request, "resolver_match", None)
    exact = [link for link in found if match and link.item.url_name == match.view_name]
    below = [link for link in found if link.item.section != "today" and request.path.startswith(link.url)]
    nearest = exact or sorted(below, key=lambda link: len(link.url), reverse=True)
    if nearest:
        nearest[0].is_current = True
