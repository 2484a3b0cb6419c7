"""What channels ask of the doors (在庫の出入口): a mall's stock file is read and written by the mall's own columns.

A door (akinai.adapters.channels.*.stock) knows no database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from akinai.core.tables import RowError, Table


@dataclass(frozen=True, slots=True)
class MallRow:
    """One row of a mall's stock. `key` names it for good, `keys` are the cells the mall wants back in a feed.

    `codes`: what the goods may be called here, best first.
    """

    key: str
    keys: Mapping[str, str]
    codes: tuple[str, ...]
    quantity: int
    line: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class MallStock:
    """What was read, and what could not be read by line and column."""

    rows: Sequence[MallRow]
    errors: Sequence[RowError] = ()


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One row to write: the mall's own cells and the quantity."""

    keys: Mapping[str, str]
    quantity: int


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A written feed. `left_out`: index of a row → why the mall would refuse it."""

    data: bytes
    left_out: Mapping[int, str] = field(default_factory=dict)


class StockDoor(Protocol):
    """在庫の出入口 of one mall."""

    code: str  # Channel.kind
    title: str
    filename: str  # as the mall wants it
    media_type: str
    upload_hint: str  # where in the mall's back end the file goes

    def sniff(self, table: Table) -> bool:
        """Is this the mall's stock export?"""
        ...

    def read(self, table: Table) -> MallStock: ...

    def write(self, rows: Sequence[FeedRow]) -> FeedFile: ...


STOCK_DOORS: dict[str, StockDoor] = {}


def register_stock_door(door: StockDoor) -> None:
    """Bring a door into use."""
    STOCK_DOORS[door.code] = door
