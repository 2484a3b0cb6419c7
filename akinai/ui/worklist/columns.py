"""Columns of a list (列): where the value comes from, how it looks, how it sorts, what goes into a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.context_processors import PermWrapper
from django.db import models
from django.db.models import F
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.template import Context, loader
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from akinai.ui import formats, tones

NUMERIC = frozenset({"number", "yen", "signed_yen", "percent"})
FORMATS = NUMERIC | {"text", "date", "datetime", "badge", "bool"}
CARDS = frozenset({"title", "badge", "amount", "line", "plain", "hide"})
LONG = 30
BLANK = SafeString('<span class="blank" aria-label="なし">–</span>')
type Value = str | Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `value`: dotted path or function of the row, else `key`; `card`: its place on a phone."""

    key: str
    title: str
    value: Value = ""
    format: str = "text"
    partial: str = ""
    sort: str | Combinable | None = None
    align: str = ""
    visible: bool = True
    export: Value | None = None
    link: bool = False
    card: str = "line"
    width: str = ""
    hint: str = ""
    exported: bool = True

    def __post_init__(self) -> None:
        if self.format not in FORMATS or self.card not in CARDS:
            raise ValueError(f"column {self.key}: unknown format {self.format!r} or card {self.card!r}")

    @property
    def classes(self) -> str:
        """Classes of the cell: alignment, place on the card, width."""
        end = self.align == "end" or (not self.align and self.format in NUMERIC)
        parts = [
            "num" if end else "",
            f"align-{self.align}" if self.align and not end else "",
            f"card-{self.card}",
        ]
        # On a phone a bare count says nothing; an amount of yen or a movement does.
        parts.append("counted" if self.card == "amount" and self.format == "number" else "")
        parts.append(f"w-{self.width}" if self.width else "")
        parts.append("nowrap" if self.format in {"date", "datetime", "badge"} else "")
        return " ".join(part for part in parts if part)

    @property
    def sort_expression(self) -> Combinable | None:
        return F(self.sort) if isinstance(self.sort, str) else self.sort

    def read(self, row: Any) -> Any:
        """The raw value of this column in `row`."""
        return _read(row, self.value or self.key)

    def html(self, row: Any, request: HttpRequest) -> SafeString:
        """The cell's content, escaped."""
        value = None if self.partial and not self.value else self.read(row)
        if self.partial:
            return _partial(self.partial, row, value, request)
        if self.format == "badge":
            return _badge(row, self, value)
        return _draw(self.format, value if value is not None else None, self._label(row, value))

    def plain(self, row: Any) -> Any:
        """What goes into an exported file: text, int, Decimal, date or local datetime without zone."""
        if self.export is not None:
            return _plain(_read(row, self.export))
        value = self.read(row)
        return (
            self._label(row, value)
            if self.format in {"text", "badge"} and value is not None
            else _plain(value)
        )

    def _label(self, row: Any, value: Any) -> Any:
        """The Japanese word of a choice, else the value."""
        display = None if callable(self.value) else _display_of(row, self.value or self.key)
        return display if display is not None else _plain(value)


def _partial(name: str, row: Any, value: Any, request: HttpRequest) -> SafeString:
    """A piece of template for one cell. The page's context processors are left out: they would run for every row."""
    template: Any = loader.get_template(name)
    given = {"row": row, "value": value, "request": request, "perms": PermWrapper(request.user)}
    return SafeString(template.template.render(Context(given)))


def _read(row: Any, value: Value) -> Any:
    if callable(value):
        return value(row)
    for name in value.split("."):
        if row is None:
            return None
        row = row.get(name) if isinstance(row, dict) else getattr(row, name)
        if callable(row) and not isinstance(row, models.Manager):
            row = row()
    return row


def _display_of(row: Any, path: str) -> str | None:
    owner, _, name = path.rpartition(".")
    holder = _read(row, owner) if owner else row
    display = getattr(holder, f"get_{name}_display", None)
    return str(display()) if display else None


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    return value if isinstance(value, int | float | Decimal | date) else str(value)


def _badge(row: Any, column: Column, value: Any) -> SafeString:
    if value is None or value == "":
        return BLANK
    owner, _, name = (
        column.value if isinstance(column.value, str) and column.value else column.key
    ).rpartition(".")
    holder = _read(row, owner) if owner else row
    if not callable(column.value) and isinstance(holder, models.Model):
        label, tone = tones.state_of(holder, name)
    elif isinstance(value, tuple):
        label, tone = value
    else:
        label, tone = str(value), tones.COMMON.get(str(value), "")
    return format_html('<span class="badge" data-tone="{}">{}</span>', tone, label)


def _draw(kind: str, value: Any, label: Any) -> SafeString:
    if value is None or value == "":
        return BLANK
    if kind == "bool":
        return SafeString('<span class="tick" aria-label="はい"></span>') if value else BLANK
    if kind in NUMERIC:
        negative = isinstance(value, int | float | Decimal) and value < 0
        text = getattr(formats, kind)(value)
        return (
            format_html('<span class="neg">{}</span>', text)
            if negative
            else SafeString(conditional_escape(text))
        )
    if kind == "date":
        return SafeString(conditional_escape(formats.jdate(value)))
    if kind == "datetime":
        return format_html('{} <span class="time">{}</span>', formats.jdate(value), formats.jtime(value))
    return _text(str(label))


def _text(text: str) -> SafeString:
    """Long texts show two lines; the whole stands in the tooltip."""
    if len(text) <= LONG:
        return SafeString(conditional_escape(text))
    return format_html('<span class="clip" title="{0}">{0}</span>', text)
