"""A list as the template draws it (一覧の見え方): words, addresses and cells; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.safestring import SafeString

from akinai.ui import address
from akinai.ui.access import may_open
from akinai.ui.models import SavedView
from akinai.ui.worklist.actions import BulkAction
from akinai.ui.worklist.columns import Column
from akinai.ui.worklist.drawing import rows_html
from akinai.ui.worklist.filters import Tab
from akinai.ui.worklist.paging import Page
from akinai.ui.worklist.state import shown_columns

if TYPE_CHECKING:
    from akinai.ui.worklist.view import Worklist

CAP = 1000


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: `url` sorts by it, `direction` says how it is sorted now."""

    column: Column
    url: str
    direction: str


@dataclass(frozen=True, slots=True)
class TabLink:
    title: str
    url: str
    is_current: bool
    count: str
    tone: str


def counted_tabs(declared: Worklist) -> list[Tab]:
    """The tabs that show how many."""
    return [tab for tab in declared.tabs if tab.count]


class Screen:
    """Everything ui/worklist.html asks for."""

    def __init__(self, worklist: Worklist, page: Page) -> None:
        self.declared = worklist
        self.request = worklist.request
        self.state = worklist.state
        self.page = page

    @property
    def title(self) -> str:
        return self.declared.title

    @property
    def key(self) -> str:
        return self.declared.page

    @cached_property
    def columns(self) -> list[Column]:
        shown = shown_columns(self.declared, self.state.saved, self.request.user.pk)
        return [column.seen_by(self.request.user) for column in shown]

    @property
    def column_choices(self) -> list[tuple[Column, bool]]:
        shown = {one.key for one in self.columns}
        return [(column, column.key in shown) for column in self.declared.columns]

    def heads(self) -> Iterator[Head]:
        current, down = self.state.sort.removeprefix("-"), self.state.sort.startswith("-")
        for column in self.columns:
            if column.sort is None:
                yield Head(column, "", "")
                continue
            here = column.key == current
            # The first press on numbers and days shows the largest or latest first, as people expect.
            first = "-" if column.format in {"yen", "number", "date", "datetime", "signed_yen"} else ""
            after = f"-{column.key}" if here and not down else column.key if here else f"{first}{column.key}"
            direction = ("descending" if down else "ascending") if here else ""
            yield Head(column, self.state.edited(sort=after), direction)

    @property
    def rows(self) -> Sequence[Any]:
        return self.page.rows

    @property
    def body(self) -> SafeString:
        """The rows, drawn."""
        declared = self.declared
        return rows_html(
            self.page.rows, self.columns, self.request,
            url=declared.row_url, tone=declared.row_tone, select=bool(self.actions),
        )  # fmt: skip

    @cached_property
    def _counts(self) -> tuple[int, dict[str, int]]:
        """Rows under the conditions, and rows of each counted tab; they came with the page."""
        total, *each = self.page.counts
        return total, dict(zip((tab.key for tab in counted_tabs(self.declared)), each, strict=True))

    @property
    def total(self) -> int:
        return self._counts[0]

    @property
    def total_text(self) -> str:
        """128 件 · 1,000 件以上."""
        return f"{CAP:,} 件以上" if self.total > CAP else f"{self.total:,} 件"

    @property
    def range_text(self) -> str:
        return f"{self.page.start:,}–{self.page.end:,}" if self.page.rows else ""

    def tabs(self) -> list[TabLink]:
        if not self.declared.tabs:
            return []
        current = self.state.tab
        links = [TabLink(self.declared.all_title, self._tab_url(None), current is None, "", "")]
        return links + [
            self._tab_link(tab, current) for tab in self.declared.tabs if not tab.hidden or tab == current
        ]

    def _tab_link(self, tab: Tab, current: Tab | None) -> TabLink:
        count = self._tab_count(tab)
        # Colour asks for somebody: where nothing waits, none.
        return TabLink(tab.title, self._tab_url(tab), tab == current, count, "" if count == "0" else tab.tone)

    def _tab_url(self, tab: Tab | None) -> str:
        return self.state.edited(tab=tab.key if tab else None)

    def _tab_count(self, tab: Tab) -> str:
        if not tab.count:
            return ""
        count = self._counts[1][tab.key]
        return f"{CAP - 1:,}+" if count >= CAP else f"{count:,}"

    @property
    def clear_url(self) -> str:
        """The address without conditions; sort and page size stay."""
        kept = {name: self.state.query[name] for name in ("sort", "size") if name in self.state.query}
        return address.edited(type(self.state.query)(mutable=True), kept)

    @property
    def next_url(self) -> str:
        return self.state.edited(after=self.page.next) if self.page.next else ""

    @property
    def previous_url(self) -> str:
        return self.state.edited(before=self.page.previous) if self.page.previous else ""

    @property
    def first_url(self) -> str:
        return self.state.edited() if self.page.previous else ""

    @property
    def sizes(self) -> list[tuple[int, str, bool]]:
        state = self.state
        return [(size, state.edited(size=size), size == state.size) for size in self.declared.page_sizes]

    @property
    def views(self) -> list[tuple[SavedView, bool, bool]]:
        """(saved view, is it the present one, is it mine)."""
        now, me = address.normal(self.state.query), self.request.user.pk
        return [(view, view.query == now, view.owner_id == me) for view in self.state.saved if view.name]

    @property
    def view_name(self) -> str:
        """The name of the saved view whose condition is shown."""
        return next((view.name for view, is_current, _ in self.views if is_current), "")

    @property
    def query_to_save(self) -> str:
        return address.normal(self.state.query)

    @cached_property
    def actions(self) -> Sequence[BulkAction]:
        return self.declared.allowed_actions()

    @property
    def exports(self) -> list[tuple[str, str, str]]:
        """(words, what for, address) of each kind of file."""
        allowed = self.declared.export_permission
        if allowed and not self.request.user.has_perm(allowed):
            return []
        edited = self.state.edited
        return [
            ("Excel", "xlsx", edited(export="xlsx")),
            ("CSV", "UTF-8・Excelで開ける", edited(export="csv")),
            ("CSV", "Shift_JIS・他のソフト用", edited(export="csv", encoding="sjis")),
        ]

    @property
    def can_search(self) -> bool:
        return self.declared.can_search

    @property
    def empty(self) -> dict[str, str]:
        """What to say when nothing is there, with the way on for those who may go it."""
        words = self.declared.empty
        name = words.get("url_name", "")
        if not name or may_open(self.request.user, reverse(name)):
            return words
        return {key: text for key, text in words.items() if key not in ("url_name", "label")}
