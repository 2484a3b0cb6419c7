"""States are tables (状態遷移): one writer of state, and a history row for every move.

MOVES = moves(("confirm", {S.RECEIVED}, S.CONFIRMED), …)
class Order(Model):
    MOVES = MOVES          # found by `apply`
transitions.apply(order, "confirm", by=staff)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from akinai.core import activity
from akinai.core.errors import ImpossibleMove

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: `verb` leads from any of `sources` to `target`."""

    verb: str
    sources: frozenset[str]
    target: str


def moves(*rows: tuple[str, Iterable[str], str]) -> Mapping[str, Move]:
    """The table of moves, by verb."""
    return {
        verb: Move(verb, frozenset(str(s) for s in sources), str(target)) for verb, sources, target in rows
    }


def can(obj: models.Model, verb: str) -> bool:
    """Does the table allow `verb` from the present state? For buttons; `apply` asks again under a lock."""
    move = obj.MOVES.get(verb)  # type: ignore[attr-defined]
    return move is not None and obj.state in move.sources  # type: ignore[attr-defined]


def _refuse(obj: models.Model, verb: str, state: str) -> ImpossibleMove:
    label = dict(type(obj)._meta.get_field("state").choices or []).get(state, state)  # type: ignore[union-attr]
    return ImpossibleMove(
        f"{obj} は「{label}」なので、この操作（{verb}）はできません。",
        way_out="画面を開き直して、今の状態を確かめてください。",
    )


def apply[M: models.Model](
    obj: M, verb: str, *, by: Staff | None, note: str = "", set_fields: Mapping[str, Any] | None = None
) -> M:
    """Move one object by the table, write column and history in one transaction.

    The UPDATE names the allowed source states, so of two clerks only one moves it. `set_fields` are written with
    the state. Raises ImpossibleMove and leaves everything as it was when the table has no such way.
    """
    move = obj.MOVES[verb]  # type: ignore[attr-defined]
    with transaction.atomic():
        model = type(obj)._default_manager
        before = model.select_for_update(no_key=True).values_list("state", flat=True).get(pk=obj.pk)
        if before not in move.sources:
            raise _refuse(obj, verb, before)
        changes = {"state": move.target, **(set_fields or {})}
        model.filter(pk=obj.pk, state=before).update(**changes)
        for name, value in changes.items():
            setattr(obj, name, value)
        if before != move.target or note:
            activity.record(obj, verb, by=by, summary=note, from_state=before, to_state=move.target)
    return obj


def apply_many(
    objects: Sequence[models.Model],
    verb: str,
    *,
    by: Staff | None,
    note: str = "",
    set_fields: Mapping[str, Any] | None = None,
) -> list[int]:
    """Set-based `apply`: moves those that the table allows and returns their primary keys.

    One UPDATE … RETURNING decides; the others are left as they are. The caller compares the answer.
    """
    if not objects:
        return []
    model = type(objects[0])
    move = model.MOVES[verb]  # type: ignore[attr-defined]
    by_pk = {obj.pk: obj for obj in objects}
    with transaction.atomic():
        locked = dict(
            model._default_manager.select_for_update(no_key=True)
            .filter(pk__in=by_pk, state__in=move.sources)
            .order_by("pk")
            .values_list("pk", "state")
        )
        model._default_manager.filter(pk__in=locked).update(state=move.target, **(set_fields or {}))
        for pk in locked:
            by_pk[pk].state = move.target  # type: ignore[attr-defined]
        activity.record_many(
            [
                activity.Fact(by_pk[pk], verb, summary=note, from_state=state, to_state=move.target)
                for pk, state in locked.items()
                if state != move.target
            ],
            by=by,
        )
    return list(locked)
