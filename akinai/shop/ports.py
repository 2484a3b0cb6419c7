"""What the buying side asks of others: who is logged in (会員), and what coupons and points take off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from django.http import HttpRequest

from akinai.orders.ports import Address


@dataclass(frozen=True, slots=True)
class Buyer:
    """ログイン中の会員, as the checkout needs him. `address_book` asks for the addresses he keeps, the usual one first."""

    member_id: int
    customer_id: int | None
    name: str
    email: str
    address_book: Callable[[], Sequence[Address]] = tuple


type Buyers = Callable[[HttpRequest], Buyer | None]
_buyers: list[Buyers] = []


def keep_buyers(answer: Buyers) -> None:
    """The members' part says who is logged in (called from AppConfig.ready). No query for guests."""
    _buyers[:] = [answer]


def buyer_of(request: HttpRequest) -> Buyer | None:
    """The member at this browser; None for a guest."""
    return _buyers[0](request) if _buyers else None


@dataclass(frozen=True, slots=True)
class Bought:
    """商品 as coupons and points judge it."""

    sku_id: int
    product_id: int
    quantity: int
    subtotal_yen: int
    tax_rate: int


@dataclass(frozen=True, slots=True)
class Cut:
    """値引. `code`: of the coupon that counts, "" for none; `refusal`: why the typed one does not, in words for the buyer."""

    code: str = ""
    title: str = ""
    yen: int = 0
    free_shipping: bool = False
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is bought by whom, for coupons and points."""

    lines: Sequence[Bought] = field(default_factory=tuple)
    member_id: int | None = None
    customer_id: int | None = None
    email: str = ""
    on: date | None = None


class Perks(Protocol):
    """クーポンとポイント. The room of marketing keeps them."""

    def cut(self, code: str, asked: Asked) -> Cut:
        """What a coupon takes off these goods."""
        ...

    def balance(self, asked: Asked) -> int:
        """ポイント that this person may spend, in yen."""
        ...

    def least_points(self) -> int:
        """ポイント that must at least be used at once."""
        ...

    def use(self, order_id: int, *, cut: Cut, points_yen: int, asked: Asked) -> None:
        """Spend both in the placing transaction. Raises DomainError when somebody was faster."""
        ...

    def code_of(self, order_id: int) -> str:
        """The coupon that an order was placed with, "" for none."""
        ...


class NoPerks:
    """Nobody keeps coupons: a typed one is refused, and there are no points."""

    def cut(self, code: str, asked: Asked) -> Cut:
        return Cut(refusal="このクーポンはご利用いただけません。" if code else "")

    def balance(self, asked: Asked) -> int:
        return 0

    def least_points(self) -> int:
        return 1

    def use(self, order_id: int, *, cut: Cut, points_yen: int, asked: Asked) -> None:
        return None

    def code_of(self, order_id: int) -> str:
        return ""


_perks: list[Perks] = [NoPerks()]


def keep_perks(perks: Perks) -> None:
    """Bring coupons and points into use (called from AppConfig.ready)."""
    _perks[:] = [perks]


def perks() -> Perks:
    return _perks[0]


def has_perks() -> bool:
    """Does any room keep coupons and points? Without one the pages do not ask for them."""
    return not isinstance(_perks[0], NoPerks)
