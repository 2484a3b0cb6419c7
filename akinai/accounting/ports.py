"""What the books ask of others (会計の入口): ledgers that become entries, and products that take them.

A source is one SELECT of lines. A new ledger (settlements, card payments) brings one of its own and registers it here;
nothing else changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Source:
    """仕訳の元になる台帳. `sql` gives the lines of every fact of it, posted or not:

    key (of the fact, never the same twice), "on", memo, document, order_id, channel_id, partner, role (of the account), yen
    (numeric or integer, debit > 0 > credit), tax_class, tax_yen (of this line, signed alike), is_tax. Lines of one key add up
    to nothing; facts whose key is in the journal are left out.

    A ledger of many lines may tell its facts apart: `heads` gives key, "on", memo, document, order_id, channel_id and partner
    once per fact, and `sql` only key, role, yen, tax_class, tax_yen and is_tax of those that stand in the table books_heads.
    """

    code: str
    title: str
    sql: str
    order: int = 50
    heads: str = ""


SOURCES: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Bring a ledger into the books (called from an AppConfig.ready)."""
    SOURCES[source.code] = source


def sources() -> list[Source]:
    return sorted(SOURCES.values(), key=lambda one: one.order)


@dataclass(frozen=True, slots=True)
class Half:
    """仕訳の片側 as a product takes it: 税込 amount with the tax in it."""

    account: str
    sub_account: str
    tax: str
    tax_class: str
    yen: int
    tax_yen: int


@dataclass(frozen=True, slots=True)
class Voucher:
    """1 仕訳: its two sides add up to the same."""

    number: str
    on: date
    memo: str
    partner: str
    debits: tuple[Half, ...]
    credits: tuple[Half, ...]


class Product(Protocol):
    """会計ソフト. `taxes` are its usual names of 税区分 by our code; `write` gives the file's bytes, once for all vouchers."""

    code: str
    title: str
    note: str
    encoding: str
    taxes: Mapping[str, str]
    accounts: Mapping[str, str]

    def write(self, vouchers: Sequence[Voucher]) -> bytes: ...

    def read(self, data: bytes) -> list[list[str]]: ...


PRODUCTS: dict[str, Product] = {}


def register_product(product: Product) -> None:
    """Bring a door into use (called from akinai.adapters.apps.ready)."""
    PRODUCTS[product.code] = product
