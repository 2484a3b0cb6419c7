"""A list drawn again without a browser (一覧の再現): from its address, for its owner, into a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve

from akinai.core.errors import DomainError
from akinai.ui.exports import store
from akinai.ui.models import Export
from akinai.ui.worklist import Worklist
from akinai.ui.worklist.export import ENCODINGS, write_csv, write_xlsx

if TYPE_CHECKING:
    from akinai.staff.models import Staff

NOTED_EACH = 1000
XLSX_ROWS = 1_048_575  # and one for the head
type Note = Callable[[int], None]


class Discarded(Exception):
    """The owner threw the export away while it was being made."""


def list_of(address: str, owner: Staff) -> Worklist | None:
    """The list behind an address, as `owner` sees it; None where no list answers."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    view_class = getattr(match.func, "view_class", None)
    if view_class is None or not issubclass(view_class, Worklist):
        return None
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", parts.path, parts.path
    request.GET, request.user = QueryDict(parts.query), owner
    request.resolver_match = match
    worklist: Worklist = view_class(**match.func.view_initkwargs)  # type: ignore[attr-defined]
    worklist.setup(request, *match.args, **match.kwargs)
    return worklist


def allowed_list(export: Export) -> Worklist:
    """The list of an export, asked anew: people change rooms. Raises DomainError when it is no longer theirs."""
    worklist = list_of(export.address, export.owner)
    if worklist is None:
        raise DomainError("この一覧はなくなりました。", way_out="今の一覧から、もう一度書き出してください。")
    needed = [one for one in (worklist.permission, worklist.export_permission) if one]
    if not export.owner.is_active or not export.owner.has_perms(needed):
        raise DomainError("この一覧を書き出す権限がありません。", way_out="店長に確かめてください。")
    return worklist


def write(export: Export, *, note: Note) -> int:
    """Write the file and return its size. `note` is told how many rows are done; what it raises ends the work."""
    worklist = allowed_list(export)
    columns = [
        one.seen_by(export.owner)
        for one in (*worklist.columns, *worklist.file_columns())
        if one.key in export.columns
    ]
    queryset = worklist.sorted(worklist.filtered())
    if export.kind == Export.Kind.XLSX and queryset.order_by().count() > XLSX_ROWS:
        raise DomainError(
            f"Excel のファイルには {XLSX_ROWS:,} 行までしか入りません。",
            way_out="条件で絞るか、CSV で書き出してください。",
        )
    rows = _counted(queryset.iterator(chunk_size=NOTED_EACH), note)
    with store.writing(export.pk) as target:
        if export.kind == Export.Kind.XLSX:
            write_xlsx(target, columns, rows)
        else:
            write_csv(target, columns, rows, ENCODINGS[export.kind])
        return target.tell()


def _counted(rows: Iterable[Any], note: Note) -> Iterator[Any]:
    done = 0
    for done, row in enumerate(rows, start=1):
        yield row
        if done % NOTED_EACH == 0:
            note(done)
    note(done)
