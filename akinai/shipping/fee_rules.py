"""送料の決まり: from a fee table and a parcel to what it costs the buyer, with the reasons. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from akinai.core.money import yen
from akinai.orders.fee_ports import ShippingCharge

TEMPERATURES: Mapping[str, str] = {"": "常温", "chilled": "冷蔵", "frozen": "冷凍"}


@dataclass(frozen=True, slots=True)
class Fee:
    """送料 of one region, by temperature; one that is not there is not sent."""

    region: str
    prefectures: frozenset[str]
    postal_prefix: str
    service: str
    yen: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Surcharge:
    """送料の加算."""

    name: str
    is_island: bool
    prefecture: str
    postal_prefix: str
    yen: int
    even_when_free: bool


@dataclass(frozen=True, slots=True)
class Free:
    """送料無料ライン; `channel` "" is every channel without one of its own."""

    channel: str
    from_yen: int
    covers_islands: bool


@dataclass(frozen=True, slots=True)
class Table:
    """送料表 in force from a day until a day. `cod`: (up to, yen), the open end (None) last."""

    name: str
    valid_from: date
    valid_until: date | None
    tax_rate: int
    fees: Sequence[Fee]
    surcharges: Sequence[Surcharge] = ()
    frees: Sequence[Free] = ()
    cod: Sequence[tuple[int | None, int]] = ()

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Parcel:
    """荷物: what the charge depends on."""

    goods_yen: int
    channel: str
    prefecture: str
    postal_code: str
    is_island: bool
    service: str
    temperature: str
    is_cod: bool = False
    besides_yen: int = 0


def charge(table: Table | None, parcel: Parcel) -> ShippingCharge:
    """送料 of one parcel: the region's charge or 0 above the free line, and what comes on top."""
    if table is None:
        return ShippingCharge(None, ("この日の送料表がありません",))
    fee = fee_for(table.fees, parcel)
    cold = TEMPERATURES.get(parcel.temperature, parcel.temperature)
    base = fee.yen.get(parcel.temperature) if fee else None
    if fee is None or base is None:
        place = parcel.prefecture or "お届け先"
        why_not = f"送料表「{table.name}」に{place}への{cold}の送料がありません"
        return ShippingCharge(None, (why_not,), None, table.tax_rate, table.name)
    extras = [one for one in table.surcharges if _meets(one, parcel)]
    free, why = _is_free(table.frees, parcel)
    reasons = [why] if free else [f"{fee.region}（{cold}）{yen(base)}", *filter(None, (why,))]
    total = 0 if free else base
    for one in extras:
        if not free or one.even_when_free:
            total += one.yen
            reasons.append(f"{one.name}の加算 {yen(one.yen)}")
    cod = cod_fee(table.cod, parcel.goods_yen + total + parcel.besides_yen) if parcel.is_cod else None
    if parcel.is_cod and table.cod and cod is None:
        reasons.append("代引で受け取れる額を超えています。支払方法を確かめてください")
    return ShippingCharge(
        total, tuple(reasons), cod, table.tax_rate, table.name, _until_free(table.frees, parcel)
    )


def fee_for(fees: Iterable[Fee], parcel: Parcel) -> Fee | None:
    """The row that fits best: the longest postal code, then the own way of sending before all ways."""
    fitting = [
        one for one in fees
        if one.service in ("", parcel.service)
        and (not one.prefectures or parcel.prefecture in one.prefectures)
        and parcel.postal_code.startswith(one.postal_prefix)
    ]  # fmt: skip
    return max(fitting, key=lambda one: (len(one.postal_prefix), bool(one.service)), default=None)


def _meets(one: Surcharge, parcel: Parcel) -> bool:
    return (
        one.prefecture in ("", parcel.prefecture)
        and parcel.postal_code.startswith(one.postal_prefix)
        and (parcel.is_island or not one.is_island)
    )


def _free_line(frees: Sequence[Free], parcel: Parcel) -> Free | None:
    own = next((one for one in frees if one.channel == parcel.channel), None)
    return own or next((one for one in frees if not one.channel), None)


def _until_free(frees: Sequence[Free], parcel: Parcel) -> int | None:
    """送料無料まで: 0 when it is reached, None where this parcel never goes free."""
    line = _free_line(frees, parcel)
    if line is None or (parcel.is_island and not line.covers_islands):
        return None
    return max(line.from_yen - parcel.goods_yen, 0)


def _is_free(frees: Sequence[Free], parcel: Parcel) -> tuple[bool, str]:
    """(free?, the sentence). The line of the channel goes before the one of all."""
    line = _free_line(frees, parcel)
    if line is None:
        return False, ""
    if parcel.goods_yen < line.from_yen:
        return False, f"送料無料まであと {yen(line.from_yen - parcel.goods_yen)}"
    if parcel.is_island and not line.covers_islands:
        return False, f"離島・沖縄は {yen(line.from_yen)} 以上でも送料がかかります"
    return True, f"商品代が {yen(line.from_yen)} 以上のため送料無料"


def cod_fee(steps: Iterable[tuple[int | None, int]], amount_yen: int) -> int | None:
    """代引手数料 of an amount; None above the last step (the carrier does not collect so much)."""
    return next((fee for up_to, fee in steps if up_to is None or amount_yen <= up_to), None)


def uncovered(fees: Iterable[Fee], prefectures: Sequence[str]) -> list[str]:
    """Prefectures that no row without a postal code and without a way of sending covers at 常温."""
    usual = [one for one in fees if not one.postal_prefix and not one.service and "" in one.yen]
    have = {name for one in usual for name in one.prefectures}
    return [name for name in prefectures if name not in have]


def twice(fees: Iterable[Fee]) -> str:
    """ "" or the prefecture that two rows of the same way of sending name."""
    seen: set[tuple[str, str]] = set()
    for one in fees:
        if one.postal_prefix:
            continue
        for name in one.prefectures:
            if (one.service, name) in seen:
                return name
            seen.add((one.service, name))
    return ""
