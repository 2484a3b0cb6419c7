"""What shipping asks of the doors (運送会社との受け渡し): label files out, tracking numbers in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from akinai.core.tables import RowError


@dataclass(frozen=True, slots=True)
class Party:
    """お届け先・ご依頼主. Address is in pieces; the door lays it out within the carrier's limits."""

    name: str
    postal_code: str  # 7 digits
    prefecture: str
    city: str
    line1: str
    line2: str = ""
    company: str = ""
    phone: str = ""
    kana: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """送り状 1 枚分."""

    reference: str  # お客様管理番号 = shipment number, e.g. SH-2026-000123
    to: Party
    sender: Party
    ship_on: date
    goods: tuple[str, ...]  # 品名, first ones are printed
    delivery_on: date | None = None
    delivery_slot: str = ""  # "", "am", "1214", "1416", "1618", "1820", "1921", "2021"
    cod_yen: int = 0  # 代金引換額 (税込), 0 = none
    cod_tax_yen: int = 0  # 0 = not certain, left blank
    parcels: int = 1
    temperature: str = ""  # "", "chilled", "frozen"
    service: str = "parcel"  # parcel (発払い), cod, mail (ネコポス・ゆうパケット), compact
    note: str = ""  # 記事
    fragile: bool = False


@dataclass(frozen=True, slots=True)
class LabelProblem:
    """A field that does not fit: the whole label is refused rather than cut. Japanese message with the way out."""

    reference: str
    field: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class LabelFile:
    """The file to load into the carrier's software. `references` are the labels in it; those with problems are not."""

    filename: str
    data: bytes
    references: tuple[str, ...]
    problems: tuple[LabelProblem, ...]

    @property
    def count(self) -> int:
        return len(self.references)


@dataclass(frozen=True, slots=True)
class Tracking:
    """送り状番号 brought back: which shipment, which number(s)."""

    reference: str
    number: str  # digits only
    shipped_on: date | None = None
    source_line: int = 0


@dataclass(frozen=True, slots=True)
class TrackingFile:
    trackings: tuple[Tracking, ...]
    errors: tuple[RowError, ...]  # rows that cannot be used (check digit, Excel damage, empty number)


@dataclass(frozen=True, slots=True)
class Setting:
    """運送会社の設定の 1 項目: what a door wants to know of the shop, as the form asks for it.

    `choices` () is a free text; `pattern` is what it must look like and `form` says that in words. `check` gives the
    Japanese reason why a text is wrong, or "". `is_long` texts have several lines.
    """

    name: str
    label: str
    help: str = ""
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    pattern: str = ""
    form: str = ""
    check: Callable[[str], str] | None = None
    is_required: bool = False
    is_long: bool = False

    def read(self, text: str) -> str:
        """What is kept of an entry: codes in half-width without hyphens. Raises ValueError with the reason."""
        value = text.strip()
        if self.pattern:
            value = re.sub(r"[\s\-‐－ー−]", "", unicodedata.normalize("NFKC", value))
        if not value:
            if self.is_required:
                raise ValueError(f"{self.label}を入力してください。")
            return ""
        if self.choices and value not in dict(self.choices):
            raise ValueError(f"{self.label}を選んでください。")
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise ValueError(f"{self.label}は{self.form}で入力してください。")
        if self.check is not None and (reason := self.check(value)):
            raise ValueError(reason)
        return value


# 集荷: known of every carrier. What is ready later leaves with the pick-up of the next day.
PICKUP = Setting(
    "pickup_at", "集荷時刻", help="運送会社が荷物を取りに来る時刻です（例: 16:00）。過ぎた受注は翌営業日の出荷として、お届け予定とウェーブを計算します。空欄なら見ません。",
    pattern=r"([01]\d|2[0-3]):[0-5]\d", form="15:30 のように 4 桁の時刻",
)  # fmt: skip


def settings_of(carrier: str) -> tuple[Setting, ...]:
    """運送会社の設定 of one carrier: what its door asks for, and the 集荷時刻."""
    return (*(CARRIERS[carrier].settings if carrier in CARRIERS else ()), PICKUP)


def with_defaults(settings: Sequence[Setting], kept: Mapping[str, object]) -> dict[str, str]:
    """Every setting of a door by name: what the shop has kept, else the default."""
    return {one.name: str(kept.get(one.name) or one.default) for one in settings}


class Carrier(Protocol):
    """運送会社."""

    code: str  # "yamato"
    title: str  # "ヤマト運輸 B2クラウド"
    tracking_url: str  # with {no}
    settings: tuple[Setting, ...]
    slots: tuple[str, ...]  # お届け時間帯 that it offers, as in `Label.delivery_slot`

    def write_labels(self, labels: Sequence[Label], *, account: Mapping[str, str], today: date) -> LabelFile:
        """`account`: the values of `settings` by name, defaults filled in."""
        ...

    def sniff_result(self, data: bytes, filename: str) -> bool:
        """Is this surely a result file of this carrier, whatever is wrong in its rows?"""
        ...

    def read_result(self, data: bytes, filename: str) -> TrackingFile:
        """Every row, in order. Raises FileRefused when this is no result file of theirs or Excel has destroyed it."""
        ...

    def check_number(self, number: str) -> str:
        """'' when the number is right; otherwise the Japanese reason. A warning-only rule returns ''."""
        ...


CARRIERS: dict[str, Carrier] = {}


def register_carrier(carrier: Carrier) -> None:
    """Bring a door into use (called from akinai.adapters.apps.ready)."""
    CARRIERS[carrier.code] = carrier


type WhyKept = Callable[[Sequence[int]], Mapping[int, str]]
_keepers: list[WhyKept] = []


def keep_shipped(why: WhyKept) -> None:
    """A room above says which of these orders must stay shipped, and why (billing: an invoice is out)."""
    _keepers.append(why)


def why_kept(order_ids: Sequence[int]) -> dict[int, str]:
    """order → the Japanese reason, with the way out, why its shipment cannot be taken back."""
    return {pk: reason for why in _keepers for pk, reason in why(order_ids).items()}


type ReceiptLink = Callable[[str], str]
_receipt_links: list[ReceiptLink] = []


def keep_receipt_link(link: ReceiptLink) -> None:
    """The room of billing says under which address the customer takes the receipt of an order (by its number)."""
    _receipt_links[:] = [link]


def receipt_link(order_number: str) -> str:
    """領収書のリンク, "" where there is none."""
    return _receipt_links[0](order_number) if _receipt_links else ""
