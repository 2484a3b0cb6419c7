"""What purchasing asks of rooms above it (仕入のポート): how much was wanted (orders), the bank's file (adapters)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from akinai.purchasing.replenish.history import Sale


class Demand(Protocol):
    """需要: what customers asked for."""

    def sales(self, *, first_on: date, last_on: date) -> Iterable[Sale]:
        """Pieces wanted per SKU and day of ordering, both days inclusive, without what was cancelled."""
        ...

    def repeated(self, *, first_on: date, last_on: date) -> Iterable[Sale]:
        """Those of `sales` that were agreed long before (定期購入)."""
        ...

    def planned(self, *, first_on: date, last_on: date) -> Iterable[Sale]:
        """Pieces that are agreed for these days and not ordered yet (定期購入)."""
        ...


class NoDemand:
    """Nobody sells anything yet."""

    def sales(self, *, first_on: date, last_on: date) -> Iterable[Sale]:
        return ()

    def repeated(self, *, first_on: date, last_on: date) -> Iterable[Sale]:
        return ()

    def planned(self, *, first_on: date, last_on: date) -> Iterable[Sale]:
        return ()


_demand: Demand = NoDemand()


def fill_demand(port: Demand) -> None:
    """Bring a source of demand into use (called from AppConfig.ready of the room that knows it)."""
    global _demand
    _demand = port


def demand() -> Demand:
    return _demand


@dataclass(frozen=True, slots=True)
class Account:
    """口座: codes as digits, the holder in half-width kana; `kind` ordinary | current | savings | other."""

    bank_code: str
    branch_code: str
    kind: str
    number: str
    kana: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """振込 1 件. `customer_code` (digits) comes back in nobody's file but helps to find the payment again."""

    to: Account
    amount_yen: int
    customer_code: str = ""


class TransferFile(Protocol):
    """総合振込のファイル."""

    def write(self, transfers: Sequence[Transfer], *, payer: Account, payer_code: str, pay_on: date) -> bytes:
        """The file for the bank. Raises ValueError (Japanese) when something does not fit its columns."""
        ...


class NoTransferFile:
    """No door is in use."""

    def write(self, transfers: Sequence[Transfer], *, payer: Account, payer_code: str, pay_on: date) -> bytes:
        raise ValueError("総合振込のファイルを作る仕組みがありません。")


_transfer_file: TransferFile = NoTransferFile()


def fill_transfer_file(port: TransferFile) -> None:
    """Bring a bank's layout into use."""
    global _transfer_file
    _transfer_file = port


def transfer_file() -> TransferFile:
    return _transfer_file
