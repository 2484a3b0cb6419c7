"""在庫の帳票: slips and sheets as PDF. Reads and draws; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, OuterRef, Subquery, When
from django.utils import timezone

from akinai.core import typeset
from akinai.stock.models import LotLevel, StockLevel
from akinai.stock.queries.stocktakes import Summary
from akinai.stock.queries.values import Valued
from akinai.stock.valuation import METHODS
from akinai.ui.formats import cost, jdate, yen
from akinai.ui.formats import signed_yen as signed

if TYPE_CHECKING:
    from akinai.stock.models import Stocktake, StocktakeLine, StockTransfer

TEMPLATES = Path(__file__).resolve().parent / "typst"
MANY_ROWS = 1000


def draw(name: str, data: dict[str, Any], *, rows: int) -> bytes:
    """A short paper here; a long one in a process of its own."""
    if rows > MANY_ROWS:
        return typeset.render_apart(TEMPLATES / name, data)
    return typeset.render(TEMPLATES / name, data, tagged=False)


def transfer_pdf(transfer: StockTransfer) -> bytes:
    """移動伝票: goes with the goods; the receiver writes what came."""
    rows = list(transfer.lines.select_related("sku__product").order_by("sku__shelf", "sku__code"))
    data = {
        "number": transfer.number,
        "facts": [
            ["移動番号", transfer.number], ["移動元", transfer.source.name], ["移動先", transfer.destination.name],
            ["到着予定日", jdate(transfer.arrives_on) if transfer.arrives_on else ""],
        ],
        "lead": f"{len(rows):,} 品目・{sum(row.quantity for row in rows):,} 点",
        "note": transfer.note,
        "lines": [
            {"shelf": row.sku.shelf, "code": row.sku.code, "jan": row.sku.jan or "", "name": row.sku.product.name,
             "variant": row.sku.variant, "quantity": f"{row.quantity:,}"}
            for row in rows
        ],
    }  # fmt: skip
    return draw("transfer.typ", data, rows=len(rows))


def count_sheet(stocktake: Stocktake) -> bytes:
    """棚卸表: what to count, shelf by shelf, with room for the numbers. The book stands beside it unless counted blind. Of goods with lots each lot has its line."""
    there = StockLevel.objects.filter(location=stocktake.location_id)
    in_lots = LotLevel.objects.filter(location=stocktake.location_id)
    rows = list(
        stocktake.lines.select_related("sku__product", "lot").annotate(now=Case(
            When(lot=None, then=Subquery(there.filter(sku=OuterRef("sku")).values("on_hand"))),
            default=Subquery(in_lots.filter(lot=OuterRef("lot")).values("on_hand")),
        )).order_by("sku__shelf", "sku__code", F("lot__expires_on").asc(nulls_last=True), "lot__code")
    )  # fmt: skip
    data = {
        "number": stocktake.number, "lead": f"{len(rows):,} 品目", "blind": stocktake.is_blind,
        "facts": [["棚卸番号", stocktake.number], ["種類", stocktake.get_kind_display()], ["場所", stocktake.location.name]],
        "lines": [
            {"shelf": row.sku.shelf, "code": row.sku.code, "jan": row.sku.jan or "", "name": row.sku.product.name,
             "variant": row.sku.variant, "book": f"{row.now or 0:,}", "lot": lot_words(row)}
            for row in rows
        ],
    }  # fmt: skip
    return draw("count_sheet.typ", data, rows=len(rows))


def lot_words(row: StocktakeLine) -> str:
    """ロットと期限 as papers print them; "" of goods without."""
    if row.lot is None:
        return ""
    # Without the day of the week, so that it stays on one line beside a long number.
    return f"ロット {row.lot.code}" + (f"　期限 {row.lot.expires_on:%Y/%m/%d}" if row.lot.expires_on else "")


def stocktake_report(stocktake: Stocktake, summary: Summary) -> bytes:
    """棚卸差異報告書: by cause, and every line that differs."""
    rows = list(
        stocktake.lines.exclude(counted=None).exclude(counted=F("book"))
        .select_related("sku__product", "lot", "counted_by").order_by("sku__code", "lot__code")
    )  # fmt: skip
    data = {
        "number": stocktake.number,
        "facts": [
            ["棚卸番号", stocktake.number], ["場所", stocktake.location.name], ["状態", stocktake.get_state_display()],
            ["計上", jdate(timezone.localdate(stocktake.posted_at)) if stocktake.posted_at else ""],
        ],
        "lead": f"{summary.counted:,} 品目を数え、{summary.different:,} 品目に差",
        "causes": [[one.title, f"{one.items:,}", f"{one.pieces:+,}", signed(one.yen)] for one in summary.causes],
        "total": ["合計", f"{summary.different:,}", f"{summary.pieces:+,}", signed(summary.yen)],
        "lines": [
            {"code": row.sku.code, "name": row.sku.product.name, "variant": row.sku.variant, "lot": lot_words(row), "book": f"{row.book:,}",
             "counted": f"{row.counted:,}", "difference": f"{row.difference:+,}",
             "yen": signed(row.difference_whole_yen),
             "cause": row.get_cause_display(), "by": str(row.counted_by or "")}
            for row in rows
        ],
    }  # fmt: skip
    return draw("stocktake_report.typ", data, rows=len(rows))


def inventory_pdf(rows: Sequence[Valued], *, on: date, method: str, company: str) -> bytes:
    """在庫表（棚卸資産）: the paper that is kept with the books, line by line, adding up to its total."""
    return inventory_volume(
        inventory_lines(rows), on=on, method=method, company=company, volume=(1, 1), rows=len(rows),
        pieces=sum(row.pieces for row in rows), total=sum(row.yen for row in rows),
    )  # fmt: skip


def inventory_lines(rows: Sequence[Valued]) -> list[dict[str, Any]]:
    """The rows as they are printed, and their yen."""
    return [
        {"code": row.sku.code, "name": row.sku.name, "variant": row.sku.variant, "pieces": f"{row.pieces:,}",
         "unit": cost(row.unit_cost), "yen": yen(row.yen), "whole": row.yen, "estimated": row.is_estimated,
         "lowered": row.is_written_down}
        for row in rows
    ]  # fmt: skip


def inventory_volume(
    lines: Sequence[dict[str, Any]], *, on: date, method: str, company: str, volume: tuple[int, int], rows: int, pieces: int,
    total: int,
) -> bytes:  # fmt: skip
    """One volume of a 在庫表: its own subtotal, and the total of all volumes."""
    no, of = volume
    part = sum(line["whole"] for line in lines)
    data = {
        "facts": [
            ["事業者", company], ["基準日", jdate(on)], ["評価方法", METHODS[method]], *([["冊", f"{no} / {of}"]] if of > 1 else []),
        ],
        "on": jdate(on), "lead": f"{rows:,} 品目・{pieces:,} 点", "total": yen(total),
        "has_estimates": any(line["estimated"] for line in lines), "has_lowered": any(line["lowered"] for line in lines),
        "foot": yen(part), "foot_word": "合計" if of == 1 else f"この冊の小計（全 {of} 冊の合計は {yen(total)}）",
        "lines": list(lines),
    }  # fmt: skip
    return draw("inventory.typ", data, rows=len(lines))
