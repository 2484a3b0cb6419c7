"""Columns of a list (列): where the value comes from, how it looks, how it sorts, what goes into a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from html import escape
from typing import Any

from django.contrib.auth.context_processors import PermWrapper
from django.db import models
from django.db.models import F
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.template import Context, loader
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from akinai.ui import formats, tones

NUMERIC = frozenset({"number", "yen", "signed_yen", "percent"})
FORMATS = NUMERIC | {"text", "date", "datetime", "badge", "bool"}
CARDS = frozenset({"title", "badge", "amount", "line", "plain", "hide"})
LONG = 30
BLANK = SafeString('<span class="blank" aria-label="なし">–</span>')


@dataclass(frozen=True, slots=True)
class Mask:
    """伏せる: who lacks `permission` sees `rule(value)`, on the screen and in files."""

    permission: str
    rule: Callable[[str], str]


type Value = str | Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `value`: dotted path or function of the row, else `key`; `card`: its place on a phone.

    `draw(row, value, request)` draws the cell itself (text is escaped, SafeString is not); `partial` is a piece of template,
    which costs ten times as much: take it for cells that need translation blocks or many tags.
    """

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
    draw: Callable[[Any, Any, HttpRequest], str] | None = None
    mask: Mask | None = None

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

    def seen_by(self, person: Any) -> Column:
        """This column as `person` may see it: what is masked cannot be put in order either, for order tells."""
        if self.mask is None or person.has_perm(self.mask.permission):
            return self
        rule, read, filed = self.mask.rule, self.value or self.key, self.export or self.value or self.key
        return replace(
            self, value=lambda row: rule(str(_read(row, read) or "")), export=lambda row: rule(str(_read(row, filed) or "")),
            draw=None, partial="", sort=None,
        )  # fmt: skip

    def read(self, row: Any) -> Any:
        """The raw value of this column in `row`."""
        return _read(row, self.value or self.key)

    def html(self, row: Any, request: HttpRequest) -> SafeString:
        """The cell's content, escaped."""
        return SafeString(self.drawer(request)(row))

    def drawer(self, request: HttpRequest) -> Callable[[Any], str]:
        """row → the cell's content, escaped. What is the same for all rows is found here, once."""
        if self.partial:
            return _partial(self, request)
        if self.draw is not None:
            return partial(_drawn, self, self.draw, request)
        if self.format == "badge":
            return lambda row: _badge(row, self, self.read(row))
        if self.format == "text":
            return partial(_words, self)
        return lambda row: _figure(self.format, self.read(row))

    def plain(self, row: Any) -> Any:
        """What goes into an exported file: text, int, Decimal, date or local datetime without zone."""
        if self.export is not None:
            return _plain(_read(row, self.export))
        value = self.read(row)
        return (
            self.label(row, value)
            if self.format in {"text", "badge"} and value is not None
            else _plain(value)
        )

    def label(self, row: Any, value: Any) -> Any:
        """The Japanese word of a choice, else the value."""
        display = None if callable(self.value) else _display_of(row, self.value or self.key)
        return display if display is not None else _plain(value)


def _partial(column: Column, request: HttpRequest) -> Callable[[Any], str]:
    """A piece of template for one cell. The page's context processors are left out: they would run for every row."""
    template: Any = loader.get_template(column.partial)
    given = {"request": request, "perms": PermWrapper(request.user)}

    def content(row: Any) -> str:
        value = column.read(row) if column.value else None
        return str(template.template.render(Context({**given, "row": row, "value": value})))

    return content


def _drawn(
    column: Column, draw: Callable[[Any, Any, HttpRequest], str], request: HttpRequest, row: Any
) -> str:
    return conditional_escape(draw(row, column.read(row) if column.value else None, request))


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


def _badge(row: Any, column: Column, value: Any) -> str:
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
    return pill(label, tone)


def pill(label: str, tone: str = "") -> SafeString:
    """A state pill for a cell."""
    return SafeString(f'<span class="badge" data-tone="{escape(tone)}">{escape(label)}</span>')


def _words(column: Column, row: Any) -> str:
    """A text; of a field with choices its word."""
    value = column.read(row)
    if value is None or value == "":
        return BLANK
    return _text(str(column.label(row, value)))


def _figure(kind: str, value: Any) -> str:
    if value is None or value == "":
        return BLANK
    if kind == "bool":
        return '<span class="tick" aria-label="はい"></span>' if value else BLANK
    if kind == "date":
        return escape(formats.jdate(value))
    if kind == "datetime":
        return f'{escape(formats.jdate(value))} <span class="time">{escape(formats.jtime(value))}</span>'
    text = escape(getattr(formats, kind)(value))
    negative = isinstance(value, int | float | Decimal) and value < 0
    return f'<span class="neg">{text}</span>' if negative else text


def _text(text: str) -> str:
    """Long texts show two lines; the whole stands in the tooltip."""
    shown = escape(text)
    return shown if len(text) <= LONG else f'<span class="clip" title="{shown}">{shown}</span>'
