"""What the address of a list says (一覧の条件), read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, QueryDict

from akinai.ui import address
from akinai.ui.models import SavedView
from akinai.ui.worklist.columns import Column
from akinai.ui.worklist.filters import Chip, Filter, Tab
from akinai.ui.worklist.paging import Cursor, Sorting, read_cursor, sorting_by

if TYPE_CHECKING:
    from akinai.ui.worklist.view import Worklist


@dataclass(frozen=True, slots=True)
class ListState:
    """Tab, text, filters, sort, page: everything that decides which rows are shown."""

    query: QueryDict
    text: str
    tab: Tab | None
    filters: Sequence[Filter]
    sort: str
    size: int
    cursor: Cursor | None
    saved: Sequence[SavedView]

    @property
    def active(self) -> list[Filter]:
        return [chosen for chosen in self.filters if chosen.is_active]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.tab or self.active)

    def chips(self) -> list[tuple[Chip, str]]:
        """(chip, address without it)."""
        return [
            (chip, address.without(self.query, chip.names))
            for chosen in self.active
            for chip in chosen.chips()
        ]

    def edited(self, **changes: Any) -> str:
        return address.edited(self.query, changes)


def read_state(worklist: Worklist, request: HttpRequest) -> ListState:
    """The state of this request. Whatever cannot be read is as if it were not there."""
    query = request.GET
    after, before = query.get("after", ""), query.get("before", "")
    return ListState(
        query=query,
        text=query.get("q", "").replace("\0", "").strip()[:200],
        tab=next((tab for tab in worklist.tabs if tab.key == query.get("tab")), None),
        filters=[declared.bound(query, request) for declared in worklist.filters],
        sort=_known_sort(worklist, query.get("sort", "")),
        size=_known_size(worklist, query.get("size", "")),
        cursor=read_cursor(after or before, before=not after) if after or before else None,
        saved=_saved(worklist, request),
    )


def _known_sort(worklist: Worklist, wanted: str) -> str:
    keys = {one.key for one in worklist.columns if one.seen_by(worklist.request.user).sort is not None}
    return wanted if wanted.removeprefix("-") in keys else worklist.default_sort


def _known_size(worklist: Worklist, wanted: str) -> int:
    sizes = worklist.page_sizes
    return int(wanted) if wanted.isascii() and wanted.isdigit() and int(wanted[:6]) in sizes else sizes[0]


def _saved(worklist: Worklist, request: HttpRequest) -> list[SavedView]:
    """Own views, shared views and the own choice of columns, in one query."""
    mine = Q(owner_id=request.user.pk)
    return list(SavedView.objects.filter(mine | Q(is_shared=True) & ~Q(name=""), page=worklist.page))


def sorting_of(worklist: Worklist, queryset: QuerySet[Any], sort: str) -> Sorting:
    """The Sorting of a sort parameter: a column's key, or for the default also a field path."""
    key = sort.removeprefix("-")
    column = next((c for c in worklist.columns if c.key == key), None)
    expression = (column.sort_expression if column else None) or F(key)
    return sorting_by(queryset.model, expression, descending=sort.startswith("-"))


def shown_columns(worklist: Worklist, saved: Sequence[SavedView], owner_id: int | None) -> list[Column]:
    """The columns this person wants to see, in the declared order; the default where nothing is chosen."""
    own = next((view for view in saved if not view.name and view.owner_id == owner_id), None)
    if own and own.columns:
        chosen = [column for column in worklist.columns if column.key in own.columns]
        if chosen:
            return chosen
    return [column for column in worklist.columns if column.visible]
