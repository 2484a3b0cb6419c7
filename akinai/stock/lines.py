"""明細の読み取り: what a clerk scanned, typed or pasted, one line each: コード and 数量, of counts ロット and 期限 besides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from akinai.catalog import queries as catalog
from akinai.core.business_days import written_expiry
from akinai.core.money import NotANumber, parse_quantity
from akinai.stock.services import Counted, LotTag

MOST = 1000
LONGEST_LOT = 40
NO_LOTS = "この商品はロットを管理していません。ロットと期限を消すか、在庫カードで「ロット管理を始める」を押してください。"
UNKNOWN = "この商品コードは登録されていません。コードを直すか、先に商品を登録してください。"


@dataclass(slots=True)
class Typed:
    """What was read: pieces by SKU id in the order typed, and a sentence for each line that could not be."""

    pieces: dict[int, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def read(text: str, *, least: int = 1) -> Typed:
    """Every wrong line is named with its number; the same goods are counted together."""
    rows = [(no, row.strip()) for no, row in written(text)]
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


def read_counts(text: str) -> tuple[list[Counted], list[str]]:
    """数えた数 as コード, 数, ロット, 期限: every line told once, the same goods (of the same lot) added up; and a sentence for
    each line that could not be read."""
    rows = written(text)
    if len(rows) > MOST:
        return [], [
            f"{MOST:,} 行までです（{len(rows):,} 行あります）。分けて入れるか、ファイルで取り込んでください。"
        ]
    ids = catalog.ids_by_code({_cells(row.strip(" \r\n　"))[0] for _, row in rows})
    sets, tracked = catalog.set_words(ids.values()), catalog.lot_tracked(ids.values())
    found: dict[tuple[int, str], Counted] = {}
    errors: list[str] = []
    for no, row in rows:
        told = f"{no} 行目「{row.strip()[:40]}」"
        try:
            one = _count(_cells(row.strip(" \r\n　")), ids, sets, tracked, told)
            key = (one.sku_id, one.lot.code if one.lot else "")
            found[key] = replace(one, pieces=one.pieces + (found[key].pieces if key in found else 0))
        except NotANumber as problem:
            errors.append(f"{told}: {problem}")
    return list(found.values()), errors


def _count(
    cells: list[str], ids: dict[str, int], sets: dict[int, str], tracked: set[int], told: str
) -> Counted:
    pk = ids.get(cells[0])
    if pk is None or pk in sets:
        raise NotANumber(sets.get(pk or 0, UNKNOWN))
    if len(cells) < 2 or not cells[1]:
        raise NotANumber("数えた数がありません。商品コードのあとに書いてください。")
    if any(cells[4:]):
        raise NotANumber("列が多すぎます。商品コード・数・ロット・期限の順に書いてください。")
    lot, day = read_lot(*("" if cell == "-" else cell for cell in [*cells[2:], "", ""][:2]))
    if lot and pk not in tracked:
        raise NotANumber(NO_LOTS)
    return Counted(pk, parse_quantity(cells[1]), LotTag(lot, day) if lot else None, told)


def read_lot(lot: str, expiry: str) -> tuple[str, date | None]:
    """(ロット番号, 期限) as written; goods without a number are told apart by their expiry. Raises NotANumber."""
    if len(lot) > LONGEST_LOT:
        raise NotANumber(f"ロット番号が長すぎます（{LONGEST_LOT}文字まで）。")
    if not expiry:
        return lot, None
    try:
        day = written_expiry(expiry)
    except ValueError:
        raise NotANumber(
            f"期限「{expiry[:20]}」を読めません。2027/05/31、270531、2027/05 のように書いてください。"
        ) from None
    return lot or f"{day:%Y%m%d}", day


def written(text: str) -> list[tuple[int, str]]:
    """(number, row) of every row that is not blank, without what a paste may leave behind."""
    return [(no, row) for no, row in enumerate(text.replace("\0", "").splitlines(), 1) if row.strip()]


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
