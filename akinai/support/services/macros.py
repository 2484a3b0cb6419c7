"""マクロ: a letter, tags, priority, assignee and state in one press, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.staff import queries as staff
from akinai.support.models import Macro, Tag, Ticket
from akinai.support.services import moving, replying
from akinai.support.states import Priority

if TYPE_CHECKING:
    from akinai.staff.models import Staff

STATES = {"solve": "解決にする", "wait": "お客様待ちにする"}


@transaction.atomic
def use_macro(
    ticket: Ticket, macro: Macro, *, key: str, seen: int, order_id: int | None = None, by: Staff
) -> None:
    """マクロを使う. The same `key` again does nothing more. Raises DomainError for a letter that cannot be sent; then no step is done."""
    if not macro.is_active:
        raise DomainError("このマクロは使用をやめています。", way_out="画面を開き直してください。")
    steps: Mapping[str, Any] = macro.steps
    _mark(ticket, steps, by)
    if macro.template is not None:
        then = steps.get("state") if steps.get("state") in STATES else "stay"
        new = replying.Reply(
            text=macro.template.body, key=key, then=str(then), subject=macro.template.subject, seen=seen,
            order_id=order_id, template_id=macro.template_id,
        )  # fmt: skip
        replying.reply(ticket, new, by=by)
    else:
        _move(ticket, str(steps.get("state", "")), by)
    if days := int(steps.get("snooze_days") or 0):
        moving.snooze(Ticket.objects.get(pk=ticket.pk), clock.now() + timedelta(days=days), by=by)
    activity.record(ticket, "use_macro", by=by, summary=macro.name)


def _mark(ticket: Ticket, steps: Mapping[str, Any], by: Staff) -> None:
    if names := steps.get("tags"):
        tags = [*ticket.tags.all(), *Tag.objects.filter(name__in=names, is_active=True)]
        moving.set_tags(ticket, list(dict.fromkeys(tags)), by=by)
    if steps.get("priority") in Priority.values:
        moving.set_priority(ticket, steps["priority"], by=by)
    if who := steps.get("assignee"):
        chosen = by if who == "me" else staff.by_id(int(who))
        if chosen is not None:
            moving.assign(ticket, chosen, by=by)


def _move(ticket: Ticket, state: str, by: Staff) -> None:
    fresh = Ticket.objects.get(pk=ticket.pk)
    if state == "solve":
        moving.solve(fresh, by=by)
    elif state == "wait" and fresh.state != "waiting":
        moving.wait(fresh, by=by)


def told(macro: Macro, names: Mapping[int, str]) -> str:
    """What the macro does, in words. `names`: colleagues by id."""
    steps, said = macro.steps, []
    if macro.template is not None:
        said.append(f"「{macro.template.name}」を送る")
    if steps.get("tags"):
        said.append("タグ " + "・".join(steps["tags"]))
    if steps.get("priority") in Priority.values:
        said.append(f"優先度 {Priority(steps['priority']).label}")
    if who := steps.get("assignee"):
        said.append(f"担当 {'自分' if who == 'me' else names.get(who, '（退職）')}")
    if steps.get("state") in STATES:
        said.append(STATES[steps["state"]])
    if days := steps.get("snooze_days"):
        said.append(f"{days} 日後まで保留")
    return " → ".join(said)
