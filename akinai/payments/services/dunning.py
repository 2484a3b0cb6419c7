"""督促: what is to be done today, done once for each due and step, and never for money that has come.

The daily run may be repeated and may stop anywhere: each act is a transaction of its own, and one conditional INSERT decides
whether it is still due.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from akinai.billing import queries as billing
from akinai.core import activity, clock, mail
from akinai.core.business_days import is_bank_closed
from akinai.core.money import yen
from akinai.core.remembering import once
from akinai.orders import services as orders
from akinai.payments import queries
from akinai.payments.models import Due, DunningAct, DunningStep
from akinai.payments.rules.dunning import Step, after
from akinai.payments.services.dunning_letters import address_of, letter
from akinai.payments.states import PAID_BY_BANK, DunningWay

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Planned:
    """What one due gets on a day. `hindrance` says why not, in words a clerk can act upon; empty when nothing does."""

    due: Due
    step: Step
    on: date
    way: str
    to: str
    hindrance: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What speaks against writing to somebody, read once for the whole plan."""

    today: date
    bank_read_on: date | None
    proposed: Collection[int]  # orders that a line on the worklist may be the money of
    proposed_statements: Collection[int]
    credits: Mapping[int, int]


def plan(day: date) -> list[Planned]:
    """督促の予定 of a day, today or later, as if every day until then were done. Nothing on days when banks are closed."""
    today = clock.today()
    if is_bank_closed(day) or day < today:
        return []
    found = []
    for due, chain in once(("payments.chains", today), lambda: _chains(today)):
        for step, on in chain:
            if on == day or (on < day and day == today):
                found.append((due, step, on))
                break
    sure = _facts([due for due, _step, _on in found], today)
    addresses = _addresses([due for due, _step, _on in found])
    return [_planned(due, step, day, addresses.get(due.pk, ""), sure) for due, step, _on in found]


def _chains(today: date) -> list[tuple[Due, list[tuple[Step, date]]]]:
    """Every due whose ladder is on, with the steps that are to come."""
    ladders = {kind: one for kind, one in queries.ladders().items() if one.is_on}
    steps = {kind: queries.plain(rows) for kind, rows in queries.steps().items() if kind in ladders}
    left_out = {
        kind: {channel.pk for channel in one.channels_left_out.all()} for kind, one in ladders.items()
    }
    rows = queries.dues().filter(kind__in=steps).order_by("due_on", "pk")
    return [
        (due, after(steps[due.kind], due_on=due.due_on, last=queries.last_of(due), today=today))
        for due in rows
        if not due.order or due.order.channel_id not in left_out[due.kind]
    ]


def coming(due: Due) -> list[tuple[Step, date]]:
    """これからの段階 of one due (a row of `queries.dues`), whether its ladder is on or not."""
    steps = queries.plain(queries.steps().get(due.kind, []))
    return after(steps, due_on=due.due_on, last=queries.last_of(due), today=clock.today())


def _facts(dues: Collection[Due], today: date) -> Facts:
    customers = {due.customer_id for due in dues if due.customer_id}
    proposed, statements, read_on = once("payments.against_writing", _of_the_bank)
    return Facts(today, read_on, proposed, statements, queries.credits(customers))


def _of_the_bank() -> tuple[Collection[int], Collection[int], date | None]:
    """Orders and statements that a line on the worklist may be the money of, and the day the bank was read."""
    proposed = queries.proposed_orders()
    return proposed, billing.statements_with(proposed) if proposed else set(), queries.bank_read_on()


def _addresses(dues: Collection[Due]) -> dict[int, str]:
    terms = billing.terms_of({due.customer_id for due in dues if due.statement_id})
    return {due.pk: address_of(due, terms) for due in dues}


def _planned(due: Due, step: Step, day: date, to: str, facts: Facts) -> Planned:
    # Who has no address for mail is rung up instead, so that nobody falls off the ladder.
    way = (
        DunningWay.PHONE if step.way == DunningWay.MAIL and not mail.is_address(to) else DunningWay(step.way)
    )
    return Planned(due, step, day, way, to, _hindrance(due, step, day, facts))


def _hindrance(due: Due, step: Step, day: date, facts: Facts) -> str:
    if due.is_paused:  # type: ignore[attr-defined]
        return "督促を停止しています"
    if due.order_id in facts.proposed or due.statement_id in facts.proposed_statements:
        return "入金明細に、この入金かもしれない候補があります。先に消し込んでください"
    credit_yen = facts.credits.get(due.customer_id or 0, 0)
    if credit_yen >= due.owed_yen:
        return f"預り金が {yen(credit_yen)} あります。先に充ててください"
    if step.way == DunningWay.CANCEL and due.paid_yen:
        return f"{yen(due.paid_yen)} の入金があります。残りを待つか、返金してキャンセルするかを決めてください"
    if step.way == DunningWay.CANCEL and due.waits_for_call:  # type: ignore[attr-defined]
        return "電話・書面の結果がまだ記録されていません"
    return _bank_unread(due, step, day, facts)


def _bank_unread(due: Due, step: Step, day: date, facts: Facts) -> str:
    """Money that lies in the bank since yesterday must have been seen before anybody is reminded of it."""
    if step.days < 0 or due.kind not in PAID_BY_BANK or facts.bank_read_on is None or day > facts.today:
        return ""
    if facts.bank_read_on >= facts.today - timedelta(days=1):
        return ""
    return f"入金明細が {facts.bank_read_on:%Y/%m/%d} から取り込まれていません。取り込むと進みます"


# Doing it -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Outcome:
    """今日の督促: how many mails, calls to make and cancelled orders; what was held back; what money overtook."""

    mailed: int = 0
    to_call: int = 0
    cancelled: int = 0
    held_back: int = 0
    overtaken: int = 0

    def count(self, way: str) -> None:
        if way == DunningWay.MAIL:
            self.mailed += 1
        elif way == DunningWay.CANCEL:
            self.cancelled += 1
        else:
            self.to_call += 1


def run(*, by: Staff | None) -> Outcome:
    """今日の督促を行う. Safe to run at any time and by several at once."""
    outcome = Outcome()
    for planned in plan(clock.today()):
        if planned.hindrance:
            outcome.held_back += 1
        elif act(planned, by=by):
            outcome.count(planned.way)
        else:
            outcome.overtaken += 1
    return outcome


class _Overtaken(Exception):
    """The money came while we were about to cancel."""


def act(planned: Planned, *, by: Staff | None) -> bool:
    """督促を一つ行う. False, and nothing done, when the due was paid, paused or served by somebody else meanwhile."""
    subject, body = letter(planned.due, DunningStep.objects.get(pk=planned.step.id), on=planned.on)
    try:
        with transaction.atomic():
            act_id = _write(planned, by)
            if act_id is None:
                return False
            if planned.way == DunningWay.CANCEL and not _cancel(planned, by):
                raise _Overtaken
            if planned.way in (DunningWay.MAIL, DunningWay.CANCEL) and mail.is_address(planned.to) and body:
                mail.enqueue(to=planned.to, subject=subject, body=body, key=queries.mail_key(act_id))
            _tell(planned, by)
    except _Overtaken:
        return False
    return True


# What is owed, paused and switched on is looked at in the statement that writes.
WRITE = """
INSERT INTO payments_dunningact (order_id, statement_id, step_id, kind, days, way, "on", due_on, owed_yen, sent_to, at, by_id)
SELECT d.order_id, d.statement_id, s.id, d.kind, s.days, %(way)s, %(on)s, d.due_on, d.owed_yen, %(to)s, %(at)s, %(by)s
FROM payments_due d
JOIN payments_dunningstep s ON s.id = %(step)s AND s.is_live AND s.kind = d.kind
JOIN payments_dunningladder l ON l.kind = d.kind AND l.is_on
WHERE d.id = %(due)s AND d.owed_yen = %(owed)s AND d.due_on = %(due_on)s AND NOT EXISTS (
  SELECT FROM payments_dunningpause p WHERE p.ended_at IS NULL AND (p.until IS NULL OR p.until >= %(on)s)
    AND (p.order_id = d.order_id OR p.statement_id = d.statement_id OR p.customer_id = d.customer_id))
ON CONFLICT DO NOTHING RETURNING id
"""


def _write(planned: Planned, by: Staff | None) -> int | None:
    due = planned.due
    values: dict[str, Any] = {
        "way": planned.way, "on": planned.on, "to": planned.to[:254] if planned.way != DunningWay.PHONE else "",
        "at": clock.now(), "by": by.pk if by else None, "step": planned.step.id, "due": due.pk, "owed": due.owed_yen,
        "due_on": due.due_on,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values)
        row = cursor.fetchone()
    return row[0] if row else None


def _cancel(planned: Planned, by: Staff | None) -> bool:
    reason = f"入金期限 {planned.due.due_on:%Y/%m/%d} を過ぎても入金がないため（{planned.step.title}）"
    return orders.cancel_unpaid(planned.due.order_id or 0, reason=reason, by=by)


def _tell(planned: Planned, by: Staff | None) -> None:
    paper = planned.due.order or planned.due.statement
    if paper is not None:
        summary = f"督促「{planned.step.title}」（{DunningWay(planned.way).label}）"
        activity.record(paper, "dun", by=by, summary=summary)


def stop_mails() -> int:
    """入金で止める: reminders that still wait in the outbox for a due that is owed no more are not sent. Out: how many."""
    waiting = mail.waiting_keys("dunning:")
    if not waiting:
        return 0
    acts = DunningAct.objects.filter(pk__in=[int(key.partition(":")[2]) for key in waiting]).exclude(
        way=DunningWay.CANCEL
    )
    owed = set(Due.objects.values_list("order_id", "statement_id"))
    return sum(
        mail.cancel(queries.mail_key(one.pk), reason="入金があったため、送りませんでした。")
        for one in acts
        if (one.order_id, one.statement_id) not in owed
    )
