"""What a room implements to take files in (取込の種類). Pure: no database, no Django.

A kind plans (reads, compares, counts; writes nothing) and applies (writes everything or raises). The pipeline around
it stores the originals, holds the lock and the transaction, and keeps the record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from akinai.core.tables import FileRefused, RowError, Table, read_tables

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeFile
    from akinai.staff.models import Staff

Options = Mapping[str, Any]
GENERIC = "generic"  # format code: columns come from a saved mapping or from the column names


class Upload:
    """One file as it came. Reading it as a table is remembered, so that several formats may look at it cheaply."""

    def __init__(self, filename: str, data: bytes) -> None:
        self.filename = filename
        self.data = data
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.encoding = ""
        self._read: dict[tuple[Any, ...], Table | FileRefused] = {}
        self._made: dict[Hashable, Any] = {}

    def table(self, **how: Any) -> Table:
        """`read_tables` with these keywords. Raises FileRefused, the same one each time."""
        key = tuple(sorted((name, value if callable(value) else repr(value)) for name, value in how.items()))
        if key not in self._read:
            try:
                self._read[key] = read_tables(self.data, filename=self.filename, **how)
            except FileRefused as refusal:
                self._read[key] = refusal
        found = self._read[key]
        if isinstance(found, FileRefused):
            raise found
        self.encoding = self.encoding or found.encoding
        return found

    def remember[T](self, what: Hashable, make: Callable[[], T]) -> T:
        """What was made of these bytes under the name `what`, made the first time. For what never changes: plans are
        made twice, before and inside the transaction, and reading a big file costs more than anything else.
        """
        if what not in self._made:
            self._made[what] = make()
        made: T = self._made[what]
        return made

    def __repr__(self) -> str:
        return f"<Upload {self.filename} {len(self.data)} bytes>"


@dataclass(frozen=True, slots=True)
class Format:
    """形式: one layout a kind can read."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Field:
    """項目 of the generic format. `names` are column names (normalised) that mean it without asking."""

    code: str
    label: str
    required: bool = False
    names: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """指定 on the upload page and the command line. `choices` () → a tick; else (value, label) pairs, called late."""

    code: str
    label: str
    help: str = ""
    choices: Callable[[], Sequence[tuple[str, str]]] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """変更点: what one record has now and what it would have after applying."""

    record: str  # SO-2026-000123, a SKU code …
    field: str  # 数量
    before: str
    after: str
    file: str = ""
    line: int = 0


def _ignore(done: int, total: int) -> None:
    """Progress nobody asked for."""


@dataclass(slots=True)
class Plan:
    """取込の計画: what applying would do. `payload` is private to the kind.

    `errors` are the problems by file, line, column and value. With `refused` nothing can be applied; without it the
    problems become exceptions that stay visible on the records.
    """

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    exceptions: int = 0
    total_yen: int = 0
    errors: list[RowError] = field(default_factory=list)
    refused: bool = False
    format: str = ""
    columns: Sequence[str] = ()
    preview: Sequence[Sequence[str]] = ()
    changes: Sequence[Change] = ()
    notes: Sequence[str] = ()  # sentences for the preview page
    parts: Sequence[
        Part
    ] = ()  # when the files are of several formats: one plan each; `payload` is then theirs
    files: Sequence[Upload] = ()  # what it was made from
    payload: Any = None
    record: IntakeFile | None = None  # the record of this intake, while it is being applied
    progress: Callable[[int, int], None] = _ignore  # call (done, total) while applying many rows

    @classmethod
    def refusal(cls, errors: Sequence[RowError], *, rows: int = 0) -> Plan:
        """A plan that can only be looked at."""
        return cls(rows=rows, errors=list(errors), refused=True)


@dataclass(frozen=True, slots=True)
class Part:
    """一部: the files of one format among files of several, by name, and the plan for them."""

    format: str
    files: tuple[str, ...]
    plan: Plan


@dataclass(frozen=True, slots=True)
class Result:
    """取込の結果. Counts left None are those of the plan. `data` (JSON) is kept for the screen and for `undo`."""

    message: str = ""
    created: int | None = None
    changed: int | None = None
    unchanged: int | None = None
    exceptions: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """取込が登録したもの: what an intake brought, in words, and the list that shows just that."""

    title: str  # この取込の受注
    count: int
    url_name: str  # orders:list
    query: str = ""  # f.intake=12


class Kind:
    """One kind of files (受注, 商品, …). Subclass it, then `intake.register(OrdersKind())` in ready()."""

    code: ClassVar[str] = ""
    title: ClassVar[str] = ""
    permission: ClassVar[str] = ""  # who may upload and apply
    about: ClassVar[str] = ""  # one sentence for the upload page
    order: ClassVar[int] = 100
    can_undo: ClassVar[bool] = False
    mixes: ClassVar[bool] = False  # files of different formats may come together, each planned by itself
    done_url: ClassVar[str] = ""  # URL name of the list to go on with
    generic: ClassVar[str] = ""  # title of the generic format, for kinds that know no other
    beside: ClassVar[tuple[str, ...]] = ()  # endings of files that may come beside the tables (".zip")
    beside_hint: ClassVar[str] = ""  # one sentence for the upload page about them

    def formats(self) -> Sequence[Format]:
        """What a clerk may choose instead of detection."""
        return (Format(GENERIC, self.generic),) if self.generic else ()

    def fields(self) -> Sequence[Field]:
        """Fields of the generic format; () when this kind takes known formats only."""
        return ()

    def options(self) -> Sequence[Option]:
        return ()

    def is_beside(self, file: Upload) -> bool:
        """添え物: comes beside the tables and is none itself (a ZIP of pictures). It reaches `plan` after the tables."""
        return False

    def accepts(self, files: Sequence[Upload], options: Options) -> str:
        """The code of the format that fits all files, or "". Asked again for each file alone when none fits all. Look at
        headers only; may raise FileRefused."""
        if self.generic:
            return ""
        raise NotImplementedError

    def plan(self, files: Sequence[Upload], options: Options) -> Plan:
        """Read and compare; write nothing. `options["format"]` is decided; `options["columns"]` (field → column) is
        there for the generic format. May raise FileRefused."""
        raise NotImplementedError

    def apply(self, plan: Plan, by: Staff | None) -> Result | None:
        """Write the whole plan inside the caller's transaction, or raise. Called with a fresh plan."""
        raise NotImplementedError

    def made(self, intake_file: IntakeFile) -> Sequence[Made]:
        """What an applied intake brought, each a list one click away."""
        return ()

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        """Reverse by new rows where the business allows; returns a sentence. Raises DomainError else."""
        raise NotImplementedError


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Bring a kind into use."""
    _kinds[kind.code] = kind


def kinds() -> list[Kind]:
    """All kinds, in the order of the day's work."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.code))


def kind_of(code: str) -> Kind | None:
    return _kinds.get(code)
