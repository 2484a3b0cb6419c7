"""What a layout is (形式の部品)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from akinai.catalog.goods import Cell, RawGood, Told
from akinai.core.tables import Row, Table

CODE_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Layout:
    """形式: `fits` looks at the header set only; `read` gives the rows in file order; `notes` tell its limits."""

    code: str
    title: str
    fits: Callable[[frozenset[str]], bool]
    read: Callable[[Table, Mapping[str, Any]], list[RawGood]]
    notes: tuple[str, ...] = ()


def cells_of(table: Table, row: Row, columns: Mapping[str, Sequence[str]]) -> dict[str, Cell]:
    """field → the first of its columns that is in the file and filled (else the first that is there)."""
    found: dict[str, Cell] = {}
    for name, choices in columns.items():
        there = [column for column in choices if row.has(column)]
        if there:
            column = next((column for column in there if row.get(column)), there[0])
            found[name] = Cell(row.get(column), table.original(column))
    return found


_ATTRIBUTE = re.compile(r"属性\s*[:：]\s*(.+)")
SIGN = "属性:"  # our own exports write 属性:素材


def attribute_columns(table: Table) -> dict[str, str]:
    """column → attribute name, of columns called 属性:素材. Any layout may have them."""
    return {
        column: found[1].strip()[:60]
        for column in table.header
        if (found := _ATTRIBUTE.fullmatch(table.original(column).strip()))
    }


def told_in(table: Table, row: Row, columns: Mapping[str, str]) -> tuple[Told, ...]:
    """What a row says in these attribute columns (column → name)."""
    return tuple(
        Told(name, Cell(row.get(column), table.original(column)))
        for column, name in columns.items()
        if row.get(column)
    )


def made_code(*parts: str) -> str:
    """A code from names, the same for the same names: "ocean-blue-shirt-Small". Too long ones end in a digest."""
    joined = "-".join(re.sub(r"\s+", "-", part.strip()) for part in parts if part.strip())
    if len(joined) <= CODE_LENGTH:
        return joined
    digest = hashlib.sha256(joined.encode()).hexdigest()[:8]
    return f"{joined[: CODE_LENGTH - 9]}-{digest}"
