"""What payments ask of a payment provider (決済会社の入口): a hosted page, the acts on what was authorised, and its notices.

A door never sees a card number and never hands one in: the buyer types it on the provider's own page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from akinai.core.errors import DomainError


class Heard(StrEnum):
    """知らせの意味, the same words for every provider."""

    AUTHORISED = "authorised"  # the money is held; `until` where it is told
    PAID = "paid"  # it was taken (売上確定, コンビニで支払)
    WAITING = "waiting"  # the buyer has his number and pays at the コンビニ
    ATTEMPT_FAILED = "attempt_failed"  # one try was declined; the buyer may try again on the same page
    FAILED = "failed"  # it will never be paid
    PAGE_OVER = "page_over"  # the hosted page is closed; nothing was paid on it
    RELEASED = "released"  # what was held is free again
    REFUNDED = "refunded"  # `yen`: given back in all
    REFUND_MOVED = "refund_moved"  # one refund: `status`
    DISPUTED = "disputed"
    DISPUTE_MOVED = "dispute_moved"
    DISPUTE_CLOSED = "dispute_closed"
    PAYOUT = "payout"
    CARD_GIVEN = "card_given"  # a card was registered on a page that asked for nothing else
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Notice:
    """知らせ: one event of a provider in our words. `request` is our 決済番号, "" where the event does not name it."""

    heard: Heard
    event_id: str
    type: str
    created: datetime
    is_live: bool
    object_id: str = ""  # what the event is about: a session, a payment, a refund, a dispute
    payment_ref: str = ""  # the provider's number of the payment
    request: str = ""
    call: str = ""  # our key of the act that it answers
    yen: int = 0
    currency: str = "jpy"
    until: date | None = None
    answer_by: date | None = None
    is_won: bool | None = None
    is_final: bool = False  # nothing older may undo it
    status: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckoutAsk:
    """決済ページの申込. `key` makes asking twice harmless; `pay_by` is told to a コンビニ.

    `consent`: what the buyer agrees to on the page where his card is kept for later turns; "" keeps none. With such a page and
    0 yen a card is registered and nothing is paid.
    """

    number: str
    order_no: str
    kind: str
    amount_yen: int
    shop: str
    email: str
    done_url: str
    back_url: str
    pay_by: date
    key: str
    consent: str = ""


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    """決済ページ: where the buyer types his card, until when."""

    ref: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What the provider answered to an act: its number (of a refund) and whether that is already final."""

    ref: str = ""
    status: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CardTold:
    """預かったカード: the provider's own names for it, and what may be shown of it."""

    customer_ref: str
    method_ref: str
    brand: str = ""
    last4: str = ""
    expires_year: int | None = None
    expires_month: int | None = None


@dataclass(frozen=True, slots=True)
class ChargeAsk:
    """登録カードへの請求, nobody sitting at a page. `key` makes asking twice harmless."""

    customer_ref: str
    method_ref: str
    amount_yen: int
    number: str
    order_no: str
    key: str


class ProviderRefused(DomainError):
    """決済会社が断った: asking again the same way is of no use. `code` is the provider's own."""


class CardDeclined(ProviderRefused):
    """カードが通らない: the bank said no, or wants its customer to prove himself. Nothing is held."""


class ProviderUnreachable(DomainError):
    """決済会社に届かない: ask again later, with the same key."""

    code = "provider_unreachable"


class BadSignature(Exception):
    """署名が違う: nobody knows who sent it. `args` say why, for counting; nothing of the body is kept."""


class BadNotice(Exception):
    """Signed, but not readable as one of the provider's events."""


class Provider(Protocol):
    """決済会社. Every act takes a key; the same key again is the same act."""

    code: str
    title: str
    kinds: tuple[str, ...]  # of orders.PaymentKind
    pays_at: tuple[str, ...]  # hosts of its pages, which a form may lead to

    @property
    def is_ready(self) -> bool: ...

    @property
    def is_live(self) -> bool: ...

    def open_page(self, ask: CheckoutAsk) -> CheckoutPage: ...

    def find_page(self, ref: str) -> CheckoutPage | None: ...

    def close_page(self, ref: str, *, key: str) -> Told: ...

    def capture(self, ref: str, *, amount_yen: int, key: str) -> Told: ...

    def release(self, ref: str, *, key: str) -> Told: ...

    def refund(self, ref: str, *, amount_yen: int, request: str, key: str) -> Told: ...

    def find_card(self, ref: str) -> CardTold | None:
        """The card behind a payment or a registration of this number; None while there is none."""
        ...

    def charge(self, ask: ChargeAsk) -> Told:
        """Hold the money on a kept card, captured later as any other. Raises CardDeclined."""
        ...

    def forget_card(self, customer_ref: str, method_ref: str, *, key: str) -> Told: ...

    def verify(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> dict[str, Any]: ...

    def safe(self, event: Mapping[str, Any]) -> dict[str, Any]: ...

    def notice(self, event: Mapping[str, Any]) -> Notice: ...


PROVIDERS: dict[str, Provider] = {}


def register_provider(provider: Provider) -> None:
    """Bring a door into use (called from akinai.adapters.apps.ready)."""
    PROVIDERS[provider.code] = provider


# Rooms above that want to know of a payout (its number, yen, day) register here; settlements tie it to the bank's line.
type PayoutListener = Callable[[str, Notice], None]
PAYOUT_LISTENERS: list[PayoutListener] = []


@dataclass(frozen=True, slots=True)
class ResultLayout:
    """結果ファイルの形式: which column of a provider's file is what. `columns`: order, result, and perhaps ref, amount, until."""

    code: str
    title: str
    kind: str  # of orders.PaymentKind, for orders whose 決済 nobody has written down yet
    columns: Mapping[str, str]
    is_proved: bool = False  # a real file of it was read

    @property
    def shown(self) -> str:
        return self.title if self.is_proved else f"{self.title}（列は未確認）"


LAYOUTS: dict[str, ResultLayout] = {}


def register_layout(layout: ResultLayout) -> None:
    """Bring a layout into use (called from akinai.adapters.apps.ready)."""
    LAYOUTS[layout.code] = layout
