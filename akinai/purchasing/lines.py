"""明細の読み取り: what a clerk scanned, typed or pasted, one line each: コード, 数量, 単価.

From Excel the cells come with tabs between them; typed by hand, with spaces.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from akinai.catalog import queries as catalog
from akinai.core.money import NotANumber, parse_quantity, parse_unit_cost
from akinai.purchasing.services import LineInput

MOST = 500
UNKNOWN = "この商品コードは登録されていません。コードを直すか、先に商品を登録してください。"


@dataclass(slots=True)
class Typed:
    """What was read: lines counted together, and a sentence for each line that could not be."""

    lines: list[LineInput] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def read(text: str) -> Typed:
    """Every wrong line is named with its number; the same goods at the same cost are counted together."""
    rows = [
        (no, row, _cells(row)) for no, row in enumerate(text.replace("\0", "").splitlines(), 1) if row.strip()
    ]
    if len(rows) > MOST:
        return Typed(errors=[f"明細は {MOST} 行までです（{len(rows):,} 行あります）。伝票を分けてください。"])
    ids = catalog.ids_by_code({cells[0] for _, _, cells in rows})
    sets = catalog.set_words(ids.values())
    found: dict[tuple[int, Decimal | None], int] = {}
    errors: list[str] = []
    for no, row, cells in rows:
        try:
            _count(found, _line(cells, ids, sets))
        except NotANumber as problem:
            errors.append(f"{no} 行目「{row.strip()[:40]}」: {problem}")
    return Typed([LineInput(pk, quantity, cost) for (pk, cost), quantity in found.items()], errors)


def _cells(row: str) -> list[str]:
    """At least a code; quantity and cost where they were given."""
    cells = row.strip().split("\t") if "\t" in row.strip() else row.split()
    return [cell.strip() for cell in cells]


def _line(cells: list[str], ids: dict[str, int], sets: dict[int, str]) -> LineInput:
    pk = ids.get(cells[0])
    if pk is None:
        raise NotANumber(UNKNOWN)
    if pk in sets:
        raise NotANumber(sets[pk])
    rest = [*cells[1:], "", ""]
    if any(cells[3:]):
        raise NotANumber("列が多すぎます。商品コード・数量・単価の順に、3つまで書いてください。")
    quantity = parse_quantity(rest[0]) if rest[0] else 1
    if quantity < 1:
        raise NotANumber("数量は 1 以上にしてください。")
    return LineInput(pk, quantity, parse_unit_cost(rest[1]) if rest[1] else None)


def _count(found: dict[tuple[int, Decimal | None], int], line: LineInput) -> None:
    """Add a line. One without a cost (a scan) joins the line of the same goods, and takes its cost when that comes."""
    same = next((key for key in found if key[0] == line.sku_id and line.unit_cost in (None, key[1])), None)
    key = same or (line.sku_id, line.unit_cost)
    if same is None and (line.sku_id, None) in found:
        found[key] = found.pop((line.sku_id, None))
    found[key] = found.get(key, 0) + line.quantity


def as_text(lines: list[tuple[str, int, Decimal | None]]) -> str:
    """(code, quantity, cost) lines as a clerk would type them."""
    return "\n".join(
        "\t".join([code, str(quantity), *([f"{cost.normalize():f}"] if cost is not None else [])])
        for code, quantity, cost in lines
    )
