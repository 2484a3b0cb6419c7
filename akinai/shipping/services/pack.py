"""梱包・検品: every piece is scanned against the shipment's lines before the box is closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import transitions
from akinai.core.errors import DomainError
from akinai.shipping import boxes, rules
from akinai.shipping.models import Shipment
from akinai.shipping.rules import BoxLine, Checked
from akinai.shipping.services.instruct import move_all
from akinai.shipping.services.merging import with_riders

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def box_lines(shipment: Shipment) -> list[BoxLine]:
    """What belongs into the box, with all codes the goods may carry. Of a set every part is scanned."""
    rows = list(boxes.lines_with_goods(with_riders([shipment.pk])))
    pieces = boxes.pieces_of(rows)
    made: list[BoxLine] = []
    for row in rows:
        for piece in pieces[row.pk]:
            own = (row.order_line.name, (piece.code, piece.jan, row.order_line.sku_code))
            name, codes = (
                (f"{piece.name}（{piece.set_code}）", (piece.code, piece.jan)) if piece.set_code else own
            )
            made.append(BoxLine(len(made), name, codes, piece.quantity))
    return made


def check(shipment: Shipment, *, scans: Sequence[str]) -> Checked:
    """検品: how far the scans got. Raises WrongItem for a wrong or surplus piece; writes nothing."""
    return rules.check_scans(box_lines(shipment), scans)


@transaction.atomic
def pack(shipment: Shipment, *, scans: Sequence[str], by: Staff | None) -> Shipment:
    """梱包済にする after a complete check. Raises WrongItem, or DomainError while pieces are missing."""
    checked = check(shipment, scans=scans)
    if not checked.is_complete:
        raise DomainError(
            f"{shipment.number} はあと {checked.missing} 点が検品されていません。",
            way_out="残りの商品をスキャンしてください。",
            code="not_complete",
        )
    _move(shipment, "pack", by=by, note=f"検品 {len(scans)} 点")
    return shipment


def _move(shipment: Shipment, verb: str, *, by: Staff | None, note: str) -> None:
    """The whole parcel: what rides in it goes with it."""
    riders = [pk for pk in with_riders([shipment.pk]) if pk != shipment.pk]
    transitions.apply(shipment, verb, by=by, note=note)
    move_all(list(Shipment.objects.filter(pk__in=riders)), verb, by=by, note=note)


@transaction.atomic
def pack_unchecked(shipment_ids: Sequence[int], *, by: Staff | None) -> int:
    """検品せずに梱包済にする: all or nothing; the history says that nobody scanned."""
    shipments = list(Shipment.objects.filter(pk__in=with_riders(shipment_ids)).order_by("pk"))
    move_all(shipments, "pack", by=by, note="検品なし")
    return len(shipments)


@transaction.atomic
def unpack(shipment: Shipment, *, by: Staff | None, note: str = "") -> Shipment:
    """梱包をやり直す."""
    _move(shipment, "unpack", by=by, note=note)
    return shipment
