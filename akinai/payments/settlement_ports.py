"""What settlements ask of the doors (入金精算の入口): a payout's file becomes `Payout`s, whoever sends the money.

A door is one file layout of one provider. It knows no database: whose order a line tells of is found by the room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, runtime_checkable

from akinai.core.tables import RowError
from akinai.payments.ports import MappedField


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """精算明細 1 行. `yen` as it changes the payout: a sale positive, fees and refunds negative.

    `order_no` is the mall's or our own order number, `refs` are the provider's numbers of a 決済, `tracking_no` is a
    carrier's. `role` names the account where the file itself says what the yen are for (fees, promotion, freight, ads).
    """

    kind: str
    yen: int
    reference: str = ""
    order_no: str = ""
    refs: tuple[str, ...] = ()
    tracking_no: str = ""
    on: date | None = None
    text: str = ""
    role: str = ""
    tax_yen: int | None = None  # tax within `yen`, where the file tells it; signed alike
    source_line: int = 0
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Payout:
    """精算 1 回: its lines add up to `net_yen`, the money that reaches the bank.

    `is_history`: the file tells the account's history up to this payout, so that files overlap and what is left on the
    account stays there. `number` may be empty where the provider gives none.
    """

    paid_on: date
    net_yen: int
    lines: tuple[PayoutLine, ...]
    number: str = ""
    since: date | None = None
    until: date | None = None
    is_history: bool = False
    file: str = ""
    warnings: tuple[RowError, ...] = ()


@dataclass(frozen=True, slots=True)
class Provider:
    """支払元: who sends the money, and what is usual with him.

    `finds`: how his lines name an order: channel (the mall's order number), request (the number of a 決済), tracking.
    `covers`: the kind of channel or the carrier whose orders he pays for. `payers`: how his transfers are signed, in kana.
    """

    code: str
    title: str
    finds: str
    covers: str = ""
    payers: tuple[str, ...] = ()
    fee_rate: int = 10  # tax in his fees, in percent; 0: 非課税
    due_days: int = 45  # after the shipment his money should have come


class SettlementFormat(Protocol):
    """A provider's file layout. `sniff` is cheap; `read` raises FileRefused with every reason."""

    code: str
    title: str
    provider: str

    def sniff(self, data: bytes, filename: str) -> bool: ...

    def read(self, data: bytes, filename: str) -> Sequence[Payout]: ...


@runtime_checkable
class MappedSettlement(Protocol):
    """A layout whose columns a person names, for a provider that a person chooses."""

    fields: Sequence[MappedField]

    def with_columns(self, columns: Mapping[str, str]) -> SettlementFormat: ...


PROVIDERS: dict[str, Provider] = {}
FORMATS: dict[str, SettlementFormat] = {}


def register_provider(provider: Provider) -> None:
    """Make a provider known (called from akinai.adapters.apps.ready)."""
    PROVIDERS[provider.code] = provider


def register_format(fmt: SettlementFormat) -> None:
    """Bring a door into use."""
    FORMATS[fmt.code] = fmt


def format_for(data: bytes, filename: str) -> SettlementFormat | None:
    """The layout of this file, or None."""
    return next((fmt for fmt in FORMATS.values() if fmt.sniff(data, filename)), None)
