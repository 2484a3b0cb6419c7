"""今日のウェーブ: rules, calendar, usual carrier and waiting orders asked in one query, then the pure rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, F, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import JSONObject
from django.utils import timezone

from akinai.catalog.queries import coldest
from akinai.core import clock
from akinai.orders.ready_queries import ready_rows
from akinai.shipping import rules
from akinai.shipping.delivery_rules import ShopDays
from akinai.shipping.models import CarrierAccount, DeliveryCalendar, WaveRule
from akinai.shipping.ports import CARRIERS
from akinai.shipping.wave_rules import Board, Missed, Waiting, WaveTerms, board


def todays_board(now: datetime | None = None) -> Board:
    """今日のウェーブ with the orders of each. One query, however many rules and orders there are."""
    told = _asked()
    usual = next((row["carrier"] for row in told["usual"]), "") or next(iter(CARRIERS), "")
    shop = next((_shop(row) for row in told["calendar"]), ShopDays())
    terms = sorted(told["rule"], key=lambda row: (row["position"], row["rule_id"]))
    known = {*CARRIERS, *(row["carrier"] for row in told["account"])}
    pickups = {row["carrier"]: time.fromisoformat(row["pickup"]) for row in told["account"] if row["pickup"]}
    waiting = [_waiting(row, known, usual, pickups) for row in told["order"]]
    return board([_terms(row) for row in terms], waiting, shop, timezone.localtime(now or clock.now()))


def missed(now: datetime | None = None) -> tuple[Missed, ...]:
    """締め切りを過ぎた受注 that are still 出荷待ち."""
    return todays_board(now).missed


def _asked() -> Mapping[str, list[dict[str, Any]]]:
    """Everything by kind. Where no rule is in use, no order is read."""
    live = WaveRule.objects.filter(is_active=True).order_by()
    accounts = CarrierAccount.objects.order_by()
    rows = (
        _as("rule", live.annotate(told=_RULE))
        .union(
            _as("calendar", DeliveryCalendar.objects.order_by().annotate(told=_CALENDAR)),
            _as("usual", accounts.filter(is_default=True).annotate(told=JSONObject(carrier="carrier"))),
            _as("account", accounts.annotate(told=_ACCOUNT)),
            _as("order", ready_rows().filter(Exists(live))),
            all=True,
        )
        .order_by()
    )
    found: dict[str, list[dict[str, Any]]] = {
        kind: [] for kind in ("rule", "calendar", "usual", "account", "order")
    }
    for kind, told in rows:
        found[kind].append(told)
    return found


def _as(kind: str, rows: Any) -> Any:
    return rows.values_list(Value(kind, output_field=TextField()), F("told"))


_RULE = JSONObject(
    rule_id="pk", name="name", cutoffs="cutoffs", since="since", weekdays="weekdays", channels="channels",
    carriers="carriers", temperature="temperature", due_days="due_days", location_id="location_id", position="position",
)  # fmt: skip
_ACCOUNT = JSONObject(carrier="carrier", pickup=KT("settings__pickup_at"))
_CALENDAR = JSONObject(
    cutoff="cutoff", weekdays="closed_weekdays", days="closed_days", on_holidays="closed_on_holidays", prepare="prepare_days"
)  # fmt: skip


def _terms(row: Mapping[str, Any]) -> WaveTerms:
    return WaveTerms(
        row["rule_id"], row["name"], tuple(time.fromisoformat(at) for at in row["cutoffs"]), _moment(row["since"]),
        frozenset(row["weekdays"]), frozenset(row["channels"]), frozenset(row["carriers"]), row["temperature"],
        row["due_days"], row["location_id"],
    )  # fmt: skip


def _shop(row: Mapping[str, Any]) -> ShopDays:
    days = frozenset(date.fromisoformat(day) for day in row["days"])
    return ShopDays(
        time.fromisoformat(row["cutoff"]),
        frozenset(row["weekdays"]),
        days,
        row["on_holidays"],
        row["prepare"],
    )


def _waiting(
    row: Mapping[str, Any], known: Iterable[str], usual: str, pickups: Mapping[str, time]
) -> Waiting:
    carrier = rules.choose_carrier(asked=row["carrier"], known=known, default=usual)
    return Waiting(
        row["order_id"], row["channel"], row["channel_id"], carrier, coldest((rules.choose_temperature(row["method"]), row["cold"])), row["location_id"],
        date.fromisoformat(row["ship_by"]) if row["ship_by"] else None, _moment(row["ready_at"]), row["pieces"],
        row["total_yen"], pickups.get(carrier),
    )  # fmt: skip


def _moment(text: str) -> datetime:
    return timezone.localtime(datetime.fromisoformat(text))
