"""The rows of a list as HTML (一覧の行を描く).

Fifty rows of a dozen cells are drawn here and not by the template: a template looks every name up anew for every cell,
which cost more than the database. What is the same for all rows (classes, labels, permissions) is worked out once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from akinai.ui.worklist.columns import Column

SHORT, LONG = 8, 18


@dataclass(frozen=True, slots=True)
class Painter:
    """One column, ready to draw its cell of any row."""

    column: Column
    content: Callable[[Any], str]
    plain: str
    short: str
    long: str
    label: str

    @classmethod
    def of(cls, column: Column, request: HttpRequest) -> Painter:
        classes = escape(column.classes)
        start = f'<td class="{classes}'
        return cls(
            column, column.drawer(request), f'{start}"', f'{start} nowrap"', f'{start} long"',
            f' data-label="{escape(column.title)}">',
        )  # fmt: skip

    def cell(self, row: Any, url: str) -> str:
        """Short words and numbers stay on one line; sentences get room, so that they take two lines and not five."""
        html = self.content(row)
        start = self.short if _stays_whole(html) else self.long if len(html) > LONG else self.plain
        if self.column.link and url:
            html = f'<a class="row-link" href="{url}">{html}</a>'
        return f"{start}{self.label}{html}</td>"


def _stays_whole(html: str) -> bool:
    """A short word, or a number that people read out and copy (SE-2026-000001, 送り状番号)."""
    return len(html) <= SHORT or (
        len(html) <= LONG and html.isascii() and not any(mark in html for mark in " <&")
    )


def rows_html(
    rows: Iterable[Any],
    columns: Sequence[Column],
    request: HttpRequest,
    *,
    url: Callable[[Any], str],
    tone: Callable[[Any], str],
    select: bool,
) -> SafeString:
    """The `<tr>`s of a page; `select` puts a tick box before each. Everything from outside is escaped."""
    painters = [Painter.of(column, request) for column in columns]
    parts: list[str] = []
    for row in rows:
        address = escape(url(row))
        parts.append(_opening(address, tone(row)))
        if select:
            parts.append(_tick(row))
        parts.extend(painter.cell(row, address) for painter in painters)
        parts.append("</tr>\n")
    return SafeString("".join(parts))


def _opening(address: str, tone: str) -> str:
    edge = f' data-tone="{escape(tone)}"' if tone else ""
    target = f' data-url="{address}"' if address else ""
    return f"<tr{edge}{target} data-row>"


def _tick(row: Any) -> str:
    return (
        f'<td class="select"><input type="checkbox" form="bulk" name="pk" value="{row.pk:d}"'
        f' aria-label="{escape(str(row))}を選択"></td>'
    )
