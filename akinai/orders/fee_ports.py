"""送料 as orders ask for it: what a parcel costs the buyer, and why. The room of shipping answers; it keeps the fee table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class FeeAsk:
    """送料の問い: goods of `goods_yen` (税込) that one parcel carries to one address, sold by `channel` (code) on a day.

    `method`: 配送方法 in words, as an order keeps it; `temperature` of the goods, the parcel being as cold as that or as the
    method says. `is_island` None: by the
    postal code. `is_cod`: the 代引手数料, too, on goods, charge and `besides_yen` (wrapping, cuts negative).
    """

    goods_yen: int
    channel: str
    prefecture: str
    on: date
    postal_code: str = ""  # 7 digits
    is_island: bool | None = None
    method: str = ""
    temperature: str = ""
    is_cod: bool = False
    besides_yen: int = 0


@dataclass(frozen=True, slots=True)
class ShippingCharge:
    """送料 (税込) with the reasons in sentences; `yen` None: no table says it, the last reason tells why.

    `cod_yen`: 代引手数料, None where none was asked for or no table says it. `table`: which version said it. `until_free_yen`:
    how much more goods would make it free, None where nothing would.
    """

    yen: int | None
    reasons: tuple[str, ...] = ()
    cod_yen: int | None = None
    tax_rate: int = 10
    table: str = ""
    until_free_yen: int | None = None

    @property
    def told(self) -> str:
        """The reasons in one line."""
        return "。".join(self.reasons)


Charges = Callable[[Sequence[FeeAsk]], list[ShippingCharge]]
_charges: list[Charges] = []
UNKNOWN = ShippingCharge(None, ("送料表はまだありません",))


def keep_charges(answer: Charges) -> None:
    """The room of shipping says what parcels cost (called from its AppConfig.ready). A constant number of queries."""
    _charges[:] = [answer]


def charges(asks: Sequence[FeeAsk]) -> list[ShippingCharge]:
    """One answer per question, unknown where no room answers."""
    if not asks:
        return []
    return list(_charges[0](asks)) if _charges else [UNKNOWN] * len(asks)
