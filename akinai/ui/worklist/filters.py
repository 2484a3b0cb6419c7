"""Filters of a list (絞り込み): each reads its own parameters, narrows the queryset and says itself as a chip.

Nothing a person can type into the address raises: what cannot be read does not narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from akinai.core.business_days import day_in_month, month_end
from akinai.core.intake.models import IntakeFile
from akinai.core.money import NotANumber, parse_yen
from akinai.ui import formats

type Options = Iterable[tuple[Any, Any]]
type Condition = Q | Callable[[HttpRequest], Q]


@dataclass(frozen=True, slots=True)
class Tab:
    """早見: a named condition above the list. `count=True` shows how many, counted up to a limit.

    `hidden`: shown only while it is chosen, for conditions that other screens link to.
    """

    key: str
    title: str
    condition: Condition = field(default_factory=Q)
    count: bool = False
    tone: str = ""
    hidden: bool = False

    def narrow(self, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        return queryset.filter(self.condition(request) if callable(self.condition) else self.condition)


@dataclass(frozen=True, slots=True)
class Chip:
    """One active condition in words. `names` are the parameters (and their values) that make it."""

    title: str
    text: str
    names: tuple[tuple[str, str | None], ...]


def narrow(queryset: QuerySet[Any], condition: Q, path: str) -> QuerySet[Any]:
    """`queryset.filter(condition)`, by a subquery where `path` leads to many rows (no row appears twice)."""
    if not _leads_to_many(queryset, path):
        return queryset.filter(condition)
    inner = queryset.model._default_manager.filter(condition, pk=OuterRef("pk"))
    return queryset.filter(Exists(inner))


def _leads_to_many(queryset: QuerySet[Any], path: str) -> bool:
    model = queryset.model
    for name in path.split("__"):
        if name == "pk" or name in queryset.query.annotations:
            return False
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:  # a lookup such as __date ends the path
            return False
        if found.one_to_many or found.many_to_many:
            return True
        if not found.is_relation:
            return False
        model = found.related_model  # type: ignore[assignment]
    return False


@dataclass(frozen=True)
class Filter:
    """Base of all filters. `field` is the path in the database, `key` the name in the address (`f.key`)."""

    key: str
    title: str
    field: str = ""
    values: tuple[str, ...] = ()
    widget: ClassVar[str] = "text"

    @property
    def name(self) -> str:
        return f"f.{self.key}"

    @property
    def path(self) -> str:
        return self.field or self.key

    @property
    def is_active(self) -> bool:
        return any(self.values)

    def bound(self, data: QueryDict, request: HttpRequest) -> Filter:
        """This filter with what the address says."""
        return replace(self, values=tuple(value for value in data.getlist(self.name) if value.strip()))

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        raise NotImplementedError

    def chips(self) -> list[Chip]:
        raise NotImplementedError

    def parameters(self) -> list[tuple[str, str]]:
        """What the address says when this filter is active."""
        return [(self.name, value) for value in self.values]


@dataclass(frozen=True)
class Text(Filter):
    """部分一致."""

    placeholder: str = ""
    lookup: str = "icontains"
    widget: ClassVar[str] = "text"

    @property
    def value(self) -> str:
        return self.values[0].strip() if self.values else ""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        # A NUL cannot be in a PostgreSQL text, so nothing contains it.
        if "\0" in self.value:
            return queryset.none()
        return narrow(queryset, Q(**{f"{self.path}__{self.lookup}": self.value}), self.path)

    def chips(self) -> list[Chip]:
        return [Chip(self.title, self.value, ((self.name, None),))] if self.value else []


@dataclass(frozen=True)
class MultiChoice(Filter):
    """いくつでも. `choices`: pairs, or a function of the request that returns pairs."""

    choices: Options | Callable[[HttpRequest], Options] = ()
    options: tuple[tuple[str, str], ...] = ()
    widget: ClassVar[str] = "multi"
    many: ClassVar[bool] = True

    def bound(self, data: QueryDict, request: HttpRequest) -> Filter:
        made = self.choices(request) if callable(self.choices) else self.choices
        options = tuple((str(value), str(label)) for value, label in made)
        wanted = data.getlist(self.name)
        known = tuple(value for value, _ in options if value in wanted)
        return replace(self, options=options, values=known if self.many else known[:1])

    @property
    def marked(self) -> list[tuple[str, str, bool]]:
        """(value, label, chosen) for the screen."""
        return [(value, label, value in self.values) for value, label in self.options]

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return narrow(queryset, Q(**{f"{self.path}__in": self.values}), self.path)

    def chips(self) -> list[Chip]:
        labels = dict(self.options)
        return [Chip(self.title, labels[value], ((self.name, value),)) for value in self.values]


@dataclass(frozen=True)
class Choice(MultiChoice):
    """一つだけ."""

    widget: ClassVar[str] = "choice"
    many: ClassVar[bool] = False


@dataclass(frozen=True)
class YesNo(Filter):
    """はい・いいえ. Give `field` (boolean) or the two conditions."""

    yes: Q | None = None
    no: Q | None = None
    labels: tuple[str, str] = ("はい", "いいえ")
    widget: ClassVar[str] = "choice"

    @property
    def marked(self) -> list[tuple[str, str, bool]]:
        return [(value, label, value in self.values) for value, label in zip("10", self.labels, strict=True)]

    def bound(self, data: QueryDict, request: HttpRequest) -> Filter:
        value = data.get(self.name, "")
        return replace(self, values=(value,) if value in {"1", "0"} else ())

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.values[0] == "1"
        own = self.yes if wanted else self.no
        if own is None:
            own = ~self.yes if self.yes is not None else Q(**{self.path: wanted})
        return queryset.filter(own)

    def chips(self) -> list[Chip]:
        text = self.labels[0] if self.values == ("1",) else self.labels[1]
        return [Chip(self.title, text, ((self.name, None),))] if self.values else []


@dataclass(frozen=True)
class _Range(Filter):
    """From … to, either end open. The address says `f.key=a~b`, a form sends `f.key.from` and `f.key.to`."""

    low: Any = None
    high: Any = None

    @property
    def is_active(self) -> bool:
        return self.low is not None or self.high is not None

    def bound(self, data: QueryDict, request: HttpRequest) -> Filter:
        low, _, high = data.get(self.name, "").replace("〜", "~").partition("~")
        if not _ and low:
            return self._named(low.strip())
        low = data.get(f"{self.name}.from", low)
        high = data.get(f"{self.name}.to", high)
        return replace(self, low=self._read(low), high=self._read(high))

    def _named(self, word: str) -> Filter:
        value = self._read(word)
        return replace(self, low=value, high=value)

    def _read(self, text: str) -> Any:
        raise NotImplementedError

    def _text(self, value: Any) -> str:
        raise NotImplementedError

    def chips(self) -> list[Chip]:
        if not self.is_active:
            return []
        low = self._text(self.low) if self.low is not None else ""
        high = self._text(self.high) if self.high is not None else ""
        text = low if self.low == self.high else f"{low} 〜 {high}".strip()
        return [Chip(self.title, text, tuple((name, None) for name in self._names))]

    @property
    def _names(self) -> Sequence[str]:
        return (self.name, f"{self.name}.from", f"{self.name}.to")


def periods(today: date) -> dict[str, tuple[str, date, date]]:
    """Periods by name, so that a saved condition moves with the calendar: key → (words, first day, last day)."""
    month = today.replace(day=1)
    day = timedelta(days=1)
    monday = today - today.weekday() * day
    return {
        "today": ("今日", today, today),
        "yesterday": ("昨日", today - day, today - day),
        "this_week": ("今週", monday, monday + 6 * day),
        "last_7": ("過去7日", today - 6 * day, today),
        "this_month": ("今月", month, month_end(today)),
        "last_month": ("先月", day_in_month(month.year, month.month - 1, 1), month - day),
        "last_90": ("過去90日", today - 89 * day, today),
    }


@dataclass(frozen=True)
class DateRange(_Range):
    """期間, both days included. Works on dates and on moments (days in Japan)."""

    period: str = ""
    widget: ClassVar[str] = "date"

    def _named(self, word: str) -> Filter:
        found = periods(timezone.localdate()).get(word)
        if not found:
            return super()._named(word)
        return replace(self, low=found[1], high=found[2], period=word)

    @property
    def presets(self) -> list[tuple[str, str, bool]]:
        """(value, label, chosen) of the periods by name."""
        return [(k, label, k == self.period) for k, (label, _, _) in periods(timezone.localdate()).items()]

    def _read(self, text: str) -> date | None:
        try:
            return date.fromisoformat(text.strip().replace("/", "-"))
        except ValueError:
            return None

    def _text(self, value: date) -> str:
        return formats.jdate(value)

    def chips(self) -> list[Chip]:
        if not self.period:
            return super().chips()
        return [Chip(self.title, periods(timezone.localdate())[self.period][0], ((self.name, None),))]

    def parameters(self) -> list[tuple[str, str]]:
        low, high = (day.isoformat() if day else "" for day in (self.low, self.high))
        return [(self.name, self.period or f"{low}~{high}")]

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        moments = _is_moment(queryset, self.path)
        found = Q()
        if self.low is not None:
            found &= Q(**{f"{self.path}__gte": _midnight(self.low) if moments else self.low})
        if self.high is not None and self.high < date.max:
            after = self.high + timedelta(days=1)
            found &= Q(**{f"{self.path}__lt": _midnight(after) if moments else after})
        return narrow(queryset, found, self.path)


def _is_moment(queryset: QuerySet[Any], path: str) -> bool:
    """Is `path` a DateTimeField (annotations count as moments when they say so)?"""
    annotation = queryset.query.annotations.get(path)
    if annotation is not None:
        return annotation.output_field.get_internal_type() == "DateTimeField"
    model = queryset.model
    *ways, last = path.split("__")
    for name in ways:
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model._meta.get_field(last).get_internal_type() == "DateTimeField"  # type: ignore[union-attr]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class YenRange(_Range):
    """金額の範囲, both ends included. Reads full-width, commas and ¥."""

    unit: str = "円"
    widget: ClassVar[str] = "yen"

    def _read(self, text: str) -> int | None:
        try:
            return parse_yen(text)
        except NotANumber:
            return None

    def _text(self, value: int) -> str:
        return formats.yen(value) if self.unit == "円" else f"{formats.number(value)}{self.unit}"

    def parameters(self) -> list[tuple[str, str]]:
        low, high = ("" if end is None else str(end) for end in (self.low, self.high))
        return [(self.name, f"{low}~{high}")]

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = Q()
        if self.low is not None:
            found &= Q(**{f"{self.path}__gte": self.low})
        if self.high is not None:
            found &= Q(**{f"{self.path}__lte": self.high})
        return narrow(queryset, found, self.path)


@dataclass(frozen=True)
class FromIntake(Filter):
    """取込: rows that one file brought (`f.intake=12`). The page of the intake links here; nothing to choose by hand.

    `field` is the key of the intake in the rows. Where the rows do not know their intake, `data` names the list in the
    result of the intake (`Result.data`) that holds the values of `field`, or the one value.
    """

    data: str = ""
    widget: ClassVar[str] = "hidden"

    def bound(self, data: QueryDict, request: HttpRequest) -> Filter:
        value = data.get(self.name, "")
        return replace(
            self, values=(value,) if value.isascii() and value.isdigit() and len(value) < 19 else ()
        )

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        pk = int(self.values[0])
        if not self.data:
            return narrow(queryset, Q(**{self.path: pk}), self.path)
        listed = IntakeFile.objects.filter(pk=pk).values_list(f"result__data__{self.data}", flat=True).first()
        return queryset.filter(**{f"{self.path}__in": [listed] if isinstance(listed, str) else listed or []})

    def chips(self) -> list[Chip]:
        return [Chip(self.title, f"取込{value}", ((self.name, None),)) for value in self.values]
