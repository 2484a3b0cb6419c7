"""転送: kept, by one or by a file; never in a circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from akinai.content.forwards import key_of
from akinai.content.models import Forward
from akinai.core import activity, clock
from akinai.core.activity import Fact
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from akinai.staff.models import Staff

TOLD = ("target", "kind", "is_active", "memo")


@transaction.atomic
def save(row: Forward, *, by: Staff | None) -> Forward:
    """転送を保存する. Raises DomainError for an address that has one already, and for a circle."""
    _hold()
    if Forward.objects.filter(old_path=row.old_path).exclude(pk=row.pk).exists():
        raise DomainError(
            f"{row.old_path} の転送は、もうあります。", way_out="一覧でさがして直してください。"
        )
    if around := circle({row.old_path: row.target}):
        raise DomainError(
            f"{' → '.join(around)} とひと回りして、どこにも着きません。",
            way_out="行き先を、いま開けるページにしてください。",
        )
    verb = "update" if row.pk else "create"
    row.updated_at = clock.now()
    row.save()
    activity.record(row, verb, by=by, summary=f"{row.old_path} → {row.target}"[:500])
    return row


def _hold() -> None:
    """Two who save at once could close a circle that neither sees."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('content.forward'))")


def circle(told: Mapping[str, str]) -> list[str]:
    """The first circle that these forwards (old address → target) would close with those that are there; [] when there is none."""
    ways = {
        old: key_of(target)
        for old, target in Forward.objects.values_list("old_path", "target")
        if target.startswith("/")
    }
    ways |= {old: key_of(target) if target.startswith("/") else "" for old, target in told.items()}
    for start in told:
        seen, here = [start], _step(ways, start)
        while here and here not in seen:
            seen.append(here)
            here = _step(ways, here)
        if here == start:
            return [*seen, start]
    return []


def _step(ways: Mapping[str, str], here: str) -> str:
    """The next forward on the way from here, by the whole address or by its path alone; "" where the way ends."""
    onward = ways.get(here, "")
    return next((one for one in (onward, onward.partition("?")[0]) if one in ways), "")


@transaction.atomic
def save_all(
    told: Sequence[Mapping[str, Any]], *, by: Staff | None
) -> list[tuple[str, dict[str, Any] | None]]:
    """転送を取り込む: by old address, those that are there become what is told. Out: of each what stood before, None for a new one."""
    _hold()
    if around := circle({one["old_path"]: one["target"] for one in told}):
        raise DomainError(
            f"{' → '.join(around)} とひと回りして、どこにも着きません。", way_out="行き先を直してください。"
        )
    there = {
        one.old_path: one for one in Forward.objects.filter(old_path__in=[one["old_path"] for one in told])
    }
    before = [(one["old_path"], _values(there.get(one["old_path"]))) for one in told]
    names = [*(name for name in TOLD if told and name in told[0]), "updated_at"]
    rows = Forward.objects.bulk_create(
        [Forward(**one, updated_at=clock.now()) for one in told],
        update_conflicts=True,
        update_fields=names,
        unique_fields=["old_path"],
    )
    activity.record_many(
        [
            Fact(row, "update" if was else "create", f"{row.old_path} → {row.target}"[:500])
            for row, (_old, was) in zip(rows, before, strict=True)
        ],
        by=by,
    )  # fmt: skip
    return before


def _values(row: Forward | None) -> dict[str, Any] | None:
    return {name: getattr(row, name) for name in TOLD} if row else None


@transaction.atomic
def put_back(before: Sequence[tuple[str, dict[str, Any] | None]], *, by: Staff | None) -> None:
    """What stood before an import stands again; what it brought leads nowhere any more."""
    _hold()
    rows = Forward.objects.in_bulk([old for old, _ in before], field_name="old_path")
    told = [(rows[old], was or {"is_active": False}) for old, was in before if old in rows]
    for row, values in told:
        for name, value in {**values, "updated_at": clock.now()}.items():
            setattr(row, name, value)
    back = [row for row, _ in told]
    Forward.objects.bulk_update(back, [*TOLD, "updated_at"], batch_size=500)
    activity.record_many([Fact(row, "undo") for row in back], by=by)


@transaction.atomic
def switch(rows: QuerySet[Forward], *, by: Staff | None, on: bool) -> str:
    """使う・使わない of many at once."""
    found = list(rows.filter(is_active=not on))
    Forward.objects.filter(pk__in=[one.pk for one in found]).update(is_active=on, updated_at=clock.now())
    activity.record_many([Fact(one, "switch_on" if on else "switch_off") for one in found], by=by)
    return f"{len(found):,} 件を「{'使う' if on else '使わない'}」にしました。"


@transaction.atomic
def remove(rows: QuerySet[Forward], *, by: Staff | None) -> str:
    """転送を消す; the history keeps what they were."""
    found = list(rows)
    activity.record_many(
        [Fact(one, "delete", f"{one.old_path} → {one.target}"[:500]) for one in found], by=by
    )
    Forward.objects.filter(pk__in=[one.pk for one in found]).delete()
    return f"{len(found):,} 件の転送を消しました。"
