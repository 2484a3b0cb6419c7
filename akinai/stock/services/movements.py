"""入出庫 as the other rooms tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class LotTag:
    """ロット as it stands on the goods that come."""

    code: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """入出庫 to post. `key` makes posting the same fact twice impossible; `quantity` is signed.

    Of goods with lots, what comes tells its `lot`; what leaves goes by the one that expires first, or by `lot_id`. A transfer
    leaves pieces past their date where they are, unless it `takes_expired`.
    """

    sku_id: int
    location_id: int
    kind: str
    quantity: int
    reference: str
    key: str
    unit_cost: Decimal | None = None
    note: str = ""
    at: datetime | None = None
    lot: LotTag | None = None
    lot_id: int | None = None
    takes_expired: bool = False
