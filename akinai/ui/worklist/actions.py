"""Acts on many rows (一括操作). Each act is a service the room names; refusals are told row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.urls import NoReverseMatch, reverse

from akinai.core.errors import DomainError

type Outcome = str | HttpResponseBase | Refused | None
type Run = Callable[..., Outcome]
TOLD = 3


@dataclass(frozen=True, slots=True)
class Refused:
    """What `each` could not do: shown as a warning."""

    message: str


@dataclass(frozen=True, slots=True)
class BulkAction:
    """One button of the bar that appears with a selection.

    `run(rows, by=staff, **form_data)` gets the chosen rows as a queryset; its text becomes a toast, a response is
    passed on (a PDF, a picking list). `url_name` posts the ids to another view instead.
    """

    key: str
    title: str
    run: Run | None = None
    permission: str | None = None
    confirm: str = ""
    icon: str = ""
    tone: str = ""
    url_name: str = ""
    form: type[Form] | None = None
    limit: int = 1000
    primary: bool = False

    def __post_init__(self) -> None:
        if (self.run is None) == (not self.url_name):
            raise ValueError(f"bulk action {self.key}: give either run or url_name")

    def allowed(self, request: HttpRequest) -> bool:
        return self.permission is None or request.user.has_perm(self.permission)

    @property
    def verb(self) -> str:
        """What the confirming button says: 「キャンセル」 alone could mean either button, so it becomes 「キャンセルする」."""
        return self.title if self.title[-1] in "うくぐすつぬぶむる" else f"{self.title}する"

    @property
    def url(self) -> str:
        """Where `url_name` leads, "" for acts of this list."""
        return reverse(self.url_name) if self.url_name else ""

    @property
    def is_there(self) -> bool:
        """False while the room that owns `url_name` is not installed."""
        try:
            return self.url is not None
        except NoReverseMatch:
            return False


def each(service: Callable[..., Any], *, done: str = "{count} 件を処理しました。") -> Run:
    """`service(row, by=by, **data)` one by one, each in its own transaction; what is refused stays as it was."""

    def run(rows: QuerySet[Any], *, by: Any, **data: Any) -> Outcome:
        count, refusals = 0, []
        for row in rows:
            try:
                service(row, by=by, **data)
                count += 1
            except DomainError as refusal:
                refusals.append(_told(row, refusal.message))
        text = done.format(count=count)
        return Refused(_with_refusals(text if count else "", refusals)) if refusals else text

    return run


def _told(row: Any, message: str) -> str:
    """The refusal with its row before it, unless it names the row itself."""
    words = message.removesuffix("。")
    return words if str(row) in words else f"{row}: {words}"


def _with_refusals(text: str, refusals: Sequence[str]) -> str:
    shown = " ／ ".join(refusals[:TOLD])
    rest = f" ほか {len(refusals) - TOLD} 件" if len(refusals) > TOLD else ""
    return f"{text}{len(refusals)} 件はできませんでした（{shown}{rest}）。"
