"""送料 for any number of parcels: five queries, then the pure rules. Fills the port that orders declare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from akinai.core import postal
from akinai.orders.fee_ports import FeeAsk, ShippingCharge
from akinai.orders.islands import any_island, is_island
from akinai.shipping import fee_rules as rules
from akinai.shipping.models import FeeTable
from akinai.shipping.rules import choose_service, choose_temperature

PARTS = ("fees", "surcharges", "free_lines__channel", "cod_fees")


def with_parts(tables: QuerySet[FeeTable]) -> QuerySet[FeeTable]:
    """送料表 with all that is in it."""
    return tables.prefetch_related(*PARTS)


def live_tables(first: date, last: date) -> list[rules.Table]:
    """送料表 in force on any day from `first` to `last`."""
    some = FeeTable.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=first), state="live", valid_from__lte=last
    )
    return [as_rules(one) for one in with_parts(some)]


def as_rules(table: FeeTable) -> rules.Table:
    """送料表 as the rules read it."""
    fees = [
        rules.Fee(
            one.region, frozenset(one.prefectures), one.postal_prefix, one.service,
            {cold: fee for cold, fee in (("", one.normal_yen), ("chilled", one.chilled_yen), ("frozen", one.frozen_yen)) if fee is not None},
        )
        for one in table.fees.all()
    ]  # fmt: skip
    extras = [
        rules.Surcharge(
            one.name, one.is_island, one.prefecture, one.postal_prefix, one.yen, one.even_when_free
        )
        for one in table.surcharges.all()
    ]
    frees = [
        rules.Free(one.channel.code if one.channel else "", one.from_yen, one.covers_islands)
        for one in table.free_lines.all()
    ]
    cod = [(one.up_to_yen, one.yen) for one in table.cod_fees.all()]
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
        choose_service(delivery_method=ask.method, cod_yen=0), ask.temperature or choose_temperature(ask.method),
        ask.is_cod, ask.besides_yen,
    )  # fmt: skip


def charge_for(
    subtotal_yen: int, *, channel: str, prefecture: str, postal_code: str, on: date, method: str = "",
    temperature: str = "", is_cod: bool = False,
) -> ShippingCharge:  # fmt: skip
    """送料 of one parcel: goods of `subtotal_yen` (税込) sold by `channel` (its code). Knows no screen: shops ask here, too."""
    ask = FeeAsk(subtotal_yen, channel, prefecture, on, postal_code, None, method, temperature, is_cod)
    return charges([ask])[0]
