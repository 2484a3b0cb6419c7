"""お届け予定のもとを決める: the calendar of shipping, the carriers' days. 出荷期限 of what waits follows at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import activity
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.postal import PREFECTURES
from akinai.orders import services as orders
from akinai.party import queries as party
from akinai.shipping import delivery_rules as rules
from akinai.shipping.models import CarrierDays, DeliveryCalendar

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def save_calendar(calendar: DeliveryCalendar, *, by: Staff | None) -> None:
    """出荷の暦を決める. Refused when no day of the week is left on which something leaves."""
    if set(calendar.closed_weekdays) >= set(range(7)):
        raise DomainError("すべての曜日が定休日です。", way_out="出荷する曜日を 1 つ以上残してください。")
    calendar.pk = 1
    calendar.save()
    activity.record(calendar, "save", by=by, summary=f"出荷の暦: 当日出荷 {calendar.cutoff:%H:%M} まで")
    orders.renew_ship_by()


@transaction.atomic
def save_days(row: CarrierDays, *, by: Staff | None) -> None:
    """お届け日数を登録・訂正する; what a person has saved is no guess any more. Refused for the same place twice."""
    row.is_estimate = False
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "carrierdays_once" not in str(error):
            raise
        raise ChangedMeanwhile(
            f"{row.place} のお届け日数は、この運送会社にすでに登録されています。",
            way_out="一覧で開いて直してください。",
        ) from error
    activity.record(row, "save", by=by, summary=f"お届け日数 {row}")
    orders.renew_ship_by()


@transaction.atomic
def remove_days(row_ids: Collection[int], *, by: Staff | None) -> int:
    """お届け日数を消す: the place falls back to the wider row, else to the guess. Out: how many were there."""
    rows = list(CarrierDays.objects.select_for_update().filter(pk__in=list(row_ids)))
    for row in rows:
        activity.record(row, "remove", by=by, summary=f"お届け日数を削除 {row}")
    CarrierDays.objects.filter(pk__in=[row.pk for row in rows]).delete()
    orders.renew_ship_by()
    return len(rows)


@transaction.atomic
def seed_days(carrier: str, *, by: Staff | None) -> int:
    """目安を並べる: a row for every prefecture that the carrier has none of, guessed by distance, to be corrected."""
    origin = party.company().prefecture
    rows = [
        CarrierDays(carrier=carrier, prefecture=name, days=rules.usual_days(origin, name), is_estimate=True)
        for name in PREFECTURES
    ]
    have = CarrierDays.objects.filter(carrier=carrier, postal_prefix="", is_island=False)
    known = set(have.values_list("prefecture", flat=True))
    CarrierDays.objects.bulk_create(
        [row for row in rows if row.prefecture not in known], ignore_conflicts=True
    )
    made = len(PREFECTURES) - len(known & set(PREFECTURES))
    orders.renew_ship_by()
    return made


@dataclass(frozen=True, slots=True)
class DaysTold:
    """お届け日数 as a file tells it."""

    carrier: str
    prefecture: str
    postal_prefix: str
    is_island: bool
    days: int
    has_slots: bool
    note: str


KEY = ("carrier", "prefecture", "postal_prefix", "is_island")


@transaction.atomic
def take_days(told: Sequence[DaysTold], *, by: Staff | None) -> None:
    """お届け日数をまとめて登録・訂正する, in one statement."""
    rows = [
        CarrierDays(
            carrier=one.carrier, prefecture=one.prefecture, postal_prefix=one.postal_prefix, is_island=one.is_island,
            days=one.days, has_slots=one.has_slots, note=one.note,
        )
        for one in told
    ]  # fmt: skip
    CarrierDays.objects.bulk_create(
        rows, batch_size=2_000, update_conflicts=True, unique_fields=KEY,
        update_fields=["days", "has_slots", "note", "is_estimate"],
    )  # fmt: skip
    orders.renew_ship_by()
