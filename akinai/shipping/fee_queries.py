"""送料 for any number of parcels: one query, then the pure rules. Fills the port that orders declare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import F, Q, QuerySet

from akinai.catalog.queries import coldest
from akinai.core import postal
from akinai.core.gathering import gather
from akinai.core.remembering import once
from akinai.orders.fee_ports import FeeAsk, ShippingCharge
from akinai.orders.islands import any_island, is_island
from akinai.shipping import fee_rules as rules
from akinai.shipping.models import CodFee, FeeSurcharge, FeeTable, FreeLine, ShippingFee
from akinai.shipping.rules import choose_service, choose_temperature

PARTS = ("fees", "surcharges", "free_lines__channel", "cod_fees")


def with_parts(tables: QuerySet[FeeTable]) -> QuerySet[FeeTable]:
    """送料表 with all that is in it."""
    return tables.prefetch_related(*PARTS)


def live_tables(first: date, last: date) -> list[rules.Table]:
    """送料表 in force on any day from `first` to `last`."""
    return once(("fee tables", first, last), lambda: _live_tables(first, last))


def _live_tables(first: date, last: date) -> list[rules.Table]:
    some = FeeTable.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=first), state="live", valid_from__lte=last
    )
    frees = FreeLine.objects.filter(table__in=some).annotate(code=F("channel__code"))
    parts = [model.objects.filter(table__in=some) for model in (ShippingFee, FeeSurcharge, CodFee)]
    tables, free_lines, fees, extras, cods = gather(some, frees, *parts)
    return [
        _as_rules(table, *([row for row in rows if row.table_id == table.pk] for rows in (fees, extras, free_lines, cods)))
        for table in tables
    ]  # fmt: skip


def as_rules(table: FeeTable) -> rules.Table:
    """送料表 as the rules read it. In: with its parts."""
    frees = list(table.free_lines.all())
    for one in frees:
        one.code = one.channel.code if one.channel else None  # type: ignore[attr-defined]
    return _as_rules(
        table, list(table.fees.all()), list(table.surcharges.all()), frees, list(table.cod_fees.all())
    )


def _as_rules(
    table: FeeTable, own_fees: Sequence[ShippingFee], surcharges: Sequence[FeeSurcharge], free_lines: Sequence[FreeLine],
    cod_fees: Sequence[CodFee],
) -> rules.Table:  # fmt: skip
    fees = [
        rules.Fee(
            one.region, frozenset(one.prefectures), one.postal_prefix, one.service,
            {cold: fee for cold, fee in (("", one.normal_yen), ("chilled", one.chilled_yen), ("frozen", one.frozen_yen)) if fee is not None},
        )
        for one in own_fees
    ]  # fmt: skip
    extras = [
        rules.Surcharge(
            one.name, one.is_island, one.prefecture, one.postal_prefix, one.yen, one.even_when_free
        )
        for one in surcharges
    ]
    frees = [
        rules.Free(one.code or "", one.from_yen, one.covers_islands)  # type: ignore[attr-defined]
        for one in free_lines
    ]
    cod = [(one.up_to_yen, one.yen) for one in cod_fees]
    return rules.Table(
        table.name, table.valid_from, table.valid_until, table.tax_rate, fees, extras, frees, cod
    )


def charges(asks: Sequence[FeeAsk]) -> list[ShippingCharge]:
    """送料 per question, by the table in force on its day. Handler of `orders.fee_ports`."""
    if not asks:
        return []
    days = [ask.on for ask in asks]
    tables = live_tables(min(days), max(days))
    return [rules.charge(_on(tables, ask.on), parcel_of(ask)) for ask in asks]


def _on(tables: Sequence[rules.Table], day: date) -> rules.Table | None:
    return next((one for one in tables if one.holds_on(day)), None)


def parcel_of(ask: FeeAsk) -> rules.Parcel:
    """荷物 of a question: an island by its postal code, service and temperature by the words of the method."""
    towns = postal.lookup(ask.postal_code) if ask.is_island is None or not ask.prefecture else ()
    prefecture = ask.prefecture or (towns[0].prefecture if towns else "")
    island = any_island(towns) or is_island(prefecture, "") if ask.is_island is None else ask.is_island
    return rules.Parcel(
        ask.goods_yen, ask.channel, prefecture, ask.postal_code, island,
        choose_service(delivery_method=ask.method, cod_yen=0), coldest((ask.temperature, choose_temperature(ask.method))),
        ask.is_cod, ask.besides_yen,
    )  # fmt: skip


def charge_for(
    subtotal_yen: int, *, channel: str, prefecture: str, postal_code: str, on: date, method: str = "",
    temperature: str = "", is_cod: bool = False,
) -> ShippingCharge:  # fmt: skip
    """送料 of one parcel: goods of `subtotal_yen` (税込) sold by `channel` (its code). Knows no screen: shops ask here, too."""
    ask = FeeAsk(subtotal_yen, channel, prefecture, on, postal_code, None, method, temperature, is_cod)
    return charges([ask])[0]
