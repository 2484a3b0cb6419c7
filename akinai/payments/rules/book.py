"""未入金の帳面: all open dues, indexed once, so that a credit is looked up and never compared with all of them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from akinai.payments.rules.names import bare_of, order_digits

PREFIX = 8  # characters of a name that a bank never cuts
LONG = 12  # names shorter than this are never cut


@dataclass(frozen=True, slots=True)
class Due:
    """未入金の受注 as matching sees it. The names are keys (see `names`)."""

    order_id: int
    number: str
    channel_order_no: str
    customer_id: int | None
    owed_yen: int
    ordered_on: date
    names: frozenset[str]  # the buyer's kana, name and company
    other_names: frozenset[str] = frozenset()  # whom the parcel goes to
    aliases: frozenset[str] = frozenset()  # names a person once tied to this customer
    family: str = ""

    @property
    def owner(self) -> object:
        """Whose order it is: the customer, else the names themselves."""
        return self.customer_id or self.names


@dataclass(frozen=True, slots=True)
class Credit:
    """入金明細 as matching sees it: what is left of one line."""

    line_id: int
    on: date
    left_yen: int
    payer: str
    edi: str = ""
    is_transfer: bool = True
    is_rest: bool = False  # a person has used part of the line already


@dataclass(frozen=True, slots=True)
class Ghost:
    """済んだ受注: paid or cancelled. A credit that could have been meant for it is not certain to be another's."""

    number: str
    customer_id: int | None
    total_yen: int
    names: frozenset[str]
    is_cancelled: bool


@dataclass(slots=True)
class Book:
    """The indexes. A due stands under each of its names, amounts and numbers."""

    by_amount: dict[int, list[Due]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Due]] = field(default_factory=lambda: defaultdict(list))
    by_digits: dict[str, list[tuple[Due, bool]]] = field(default_factory=lambda: defaultdict(list))
    by_hint: dict[tuple[str, int, str], list[Due]] = field(default_factory=lambda: defaultdict(list))
    ghosts: dict[tuple[int, str], list[Ghost]] = field(default_factory=lambda: defaultdict(list))
    shared_aliases: frozenset[str] = frozenset()  # names tied to more than one customer

    @classmethod
    def of(
        cls, dues: Iterable[Due], *, ghosts: Iterable[Ghost] = (), shared_aliases: Iterable[str] = ()
    ) -> Book:
        book = cls(shared_aliases=frozenset(shared_aliases))
        for due in dues:
            book._add(due)
        for ghost in ghosts:
            for name in ghost.names:
                book.ghosts[ghost.total_yen, name].append(ghost)
        return book

    def _add(self, due: Due) -> None:
        self.by_amount[due.owed_yen].append(due)
        for name in due.names | due.aliases:
            self.by_name[name].append(due)
        for digits, strong in order_digits(due.number, due.channel_order_no).items():
            self.by_digits[digits].append((due, strong))
        for name in due.names:
            bare = bare_of(name)
            if bare != name:
                self.by_hint["bare", due.owed_yen, bare].append(due)
            if len(bare) >= LONG:
                self.by_hint["start", due.owed_yen, bare[:PREFIX]].append(due)
        for name in due.other_names - due.names:
            self.by_hint["other", due.owed_yen, name].append(due)
        if due.family:
            self.by_hint["family", due.owed_yen, due.family].append(due)

    def hinted(self, kind: str, amount_yen: int, name: str) -> Sequence[Due]:
        """Dues of this amount that have something in common with the name: bare, start, other or family."""
        found = self.by_hint.get((kind, amount_yen, name), ())
        if kind != "bare":
            return found
        return [*found, *(due for due in self.by_name.get(name, ()) if due.owed_yen == amount_yen)]
