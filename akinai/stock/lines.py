"""明細の読み取り: what a clerk scanned, typed or pasted, one line each: コード and 数量."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from akinai.catalog import queries as catalog
from akinai.core.money import NotANumber, parse_quantity

MOST = 1000
UNKNOWN = "この商品コードは登録されていません。コードを直すか、先に商品を登録してください。"


@dataclass(slots=True)
class Typed:
    """What was read: pieces by SKU id in the order typed, and a sentence for each line that could not be."""

    pieces: dict[int, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def read(text: str, *, least: int = 1) -> Typed:
    """Every wrong line is named with its number; the same goods are counted together."""
    rows = [(no, row.strip()) for no, row in enumerate(text.replace("\0", "").splitlines(), 1) if row.strip()]
    if len(rows) > MOST:
        return Typed(
            errors=[f"明細は {MOST:,} 行までです（{len(rows):,} 行あります）。伝票を分けてください。"]
        )
    ids = catalog.ids_by_code({_cells(row)[0] for _, row in rows})
    sets = catalog.set_words(ids.values())
    typed = Typed()
    for no, row in rows:
        try:
            pk, quantity = _line(_cells(row), ids, sets, least)
            typed.pieces[pk] = typed.pieces.get(pk, 0) + quantity
        except NotANumber as problem:
            typed.errors.append(f"{no} 行目「{row[:40]}」: {problem}")
    return typed


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in (row.split("\t") if "\t" in row else row.split())]


def _line(cells: list[str], ids: dict[str, int], sets: dict[int, str], least: int) -> tuple[int, int]:
    pk = ids.get(cells[0])
    if pk is None:
        raise NotANumber(UNKNOWN)
    if pk in sets:
        raise NotANumber(sets[pk])
    if any(cells[2:]):
        raise NotANumber("列が多すぎます。商品コードと数量の2つだけを書いてください。")
    quantity = parse_quantity(cells[1]) if len(cells) > 1 and cells[1] else 1
    if quantity < least:
        raise NotANumber(f"数量は {least} 以上にしてください。")
    return pk, quantity


def as_text(lines: Iterable[tuple[str, int]]) -> str:
    """(code, quantity) lines as a clerk would type them."""
    return "\n".join(f"{code}\t{quantity}" for code, quantity in lines)
