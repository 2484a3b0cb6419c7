"""明細の読み取り: what a clerk scanned, typed or pasted, one line each: コード, 数量, 単価, and ロット, 期限 of goods that have them.

From Excel the cells come with tabs between them; typed by hand, with spaces, and "-" for a cell that is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from akinai.catalog import queries as catalog
from akinai.core.money import NotANumber, parse_quantity, parse_unit_cost
from akinai.purchasing.services import LineInput
from akinai.stock.lines import NO_LOTS, UNKNOWN, read_lot, written

MOST = 500
# What lines are counted together by: SKU, cost, lot, expiry.
type Same = tuple[int, Decimal | None, str, date | None]


@dataclass(slots=True)
class Typed:
    """What was read: lines counted together, and a sentence for each line that could not be."""

    lines: list[LineInput] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def read(text: str, *, lots: bool = False) -> Typed:
    """Every wrong line is named with its number; the same goods at the same cost (of the same lot) are counted together."""
    rows = [(no, row, cells_of(row)) for no, row in written(text)]
    if len(rows) > MOST:
        return Typed(errors=[f"明細は {MOST} 行までです（{len(rows):,} 行あります）。伝票を分けてください。"])
    ids = catalog.ids_by_code({cells[0] for _, _, cells in rows})
    tracked = catalog.lot_tracked(ids.values()) if lots else set()
    sets = catalog.set_words(ids.values())
    found: dict[Same, int] = {}
    errors: list[str] = []
    for no, row, cells in rows:
        try:
            if (pk := ids.get(cells[0])) in sets:
                raise NotANumber(sets[pk])
            _count(found, _line(cells, ids, tracked, lots))
        except NotANumber as problem:
            errors.append(f"{no} 行目「{row.strip()[:40]}」: {problem}")
    made = [
        LineInput(pk, pieces, cost, lot=lot, expires_on=day) for (pk, cost, lot, day), pieces in found.items()
    ]
    return Typed(made, errors)


def cells_of(row: str) -> list[str]:
    """At least a code; quantity, cost, lot and expiry where they were given."""
    cells = row.strip(" \r\n　").split("\t") if "\t" in row.strip() else row.split()
    return ["" if cell.strip() == "-" else cell.strip() for cell in cells]


def _line(cells: list[str], ids: dict[str, int], tracked: set[int], lots: bool) -> LineInput:
    pk = ids.get(cells[0])
    if pk is None:
        raise NotANumber(UNKNOWN)
    rest = [*cells[1:], "", "", "", ""]
    if any(cells[5 if lots else 3 :]):
        more = "・ロット・期限の順に、5つ" if lots else "の順に、3つ"
        raise NotANumber(f"列が多すぎます。商品コード・数量・単価{more}まで書いてください。")
    quantity = parse_quantity(rest[0]) if rest[0] else 1
    if quantity < 1:
        raise NotANumber("数量は 1 以上にしてください。")
    lot, day = read_lot(rest[2], rest[3]) if lots else ("", None)
    if lot and pk not in tracked:
        raise NotANumber(NO_LOTS)
    return LineInput(pk, quantity, parse_unit_cost(rest[1]) if rest[1] else None, lot=lot, expires_on=day)


def _count(found: dict[Same, int], line: LineInput) -> None:
    """Add a line. One without a cost (a scan) joins the line of the same goods, and takes its cost when that comes."""
    mine = (line.lot, line.expires_on)
    same = next(
        (
            key
            for key in found
            if key[0] == line.sku_id and key[2:] == mine and line.unit_cost in (None, key[1])
        ),
        None,
    )
    key: Same = same or (line.sku_id, line.unit_cost, *mine)
    if same is None and (line.sku_id, None, *mine) in found:
        found[key] = found.pop((line.sku_id, None, *mine))
    found[key] = found.get(key, 0) + line.quantity


def as_text(lines: list[tuple[str, int, Decimal | None]]) -> str:
    """(code, quantity, cost) lines as a clerk would type them."""
    return "\n".join(_typed(code, quantity, cost) for code, quantity, cost in lines)


def with_lots_as_text(lines: list[tuple[str, int, Decimal | None, str, date | None]]) -> str:
    """The same with lot and expiry."""
    return "\n".join(
        "\t".join([_typed(code, quantity, cost), *([] if cost is not None else [""]), lot, f"{day:%Y/%m/%d}" if day else ""])
        if lot else _typed(code, quantity, cost)
        for code, quantity, cost, lot, day in lines
    )  # fmt: skip


def _typed(code: str, quantity: int, cost: Decimal | None) -> str:
    return "\t".join([code, str(quantity), *([f"{cost.normalize():f}"] if cost is not None else [])])
