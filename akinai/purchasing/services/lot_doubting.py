"""念のため（ロット・期限）, with what the shop knows of the goods: which have lots, how long they keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.purchasing import lot_doubts
from akinai.purchasing.doubts import Doubt
from akinai.purchasing.lot_doubts import Dated
from akinai.purchasing.models import GoodsReceiptLine
from akinai.purchasing.services.drafting import LineInput


def of_lines(lines: Sequence[LineInput]) -> list[Doubt]:
    """What looks odd about lots and dates of these lines. Two queries, none without goods with lots."""
    rules = catalog.lot_rules(line.sku_id for line in lines)
    if not rules:
        return []
    codes = catalog.sku_rows(rules)
    dated = [
        Dated(
            at, codes[line.sku_id].code, line.lot, line.expires_on, rules[line.sku_id].shelf_life_days,
            rules[line.sku_id].ship_days_before,
        )
        for at, line in enumerate(lines) if line.sku_id in rules and line.quantity
    ]  # fmt: skip
    return lot_doubts.find(dated, today=clock.today())


def refuse_expired(lines: Iterable[GoodsReceiptLine]) -> None:
    """Expired pieces come in only as damaged ones, which lie apart and go back. Raises DomainError."""
    today = clock.today()
    for line in lines:
        if line.expires_on and line.expires_on < today and line.quantity > line.damaged:
            raise DomainError(
                f"{line.sku.code} の期限 {line.expires_on:%Y/%m/%d} は切れています。",
                way_out="期限の打ち間違いなら直してください。切れた商品が届いたなら、検品で「うち破損」に数えて計上し、不一致から返品してください。",
            )
