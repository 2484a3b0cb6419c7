"""督促の照会: what is overdue, what was done about it, and what stops it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from akinai.core import clock
from akinai.core.models import OutgoingMail
from akinai.core.remembering import once
from akinai.payments.models import (
    BankLine,
    BankLineStatus,
    CreditBalance,
    Due,
    DunningAct,
    DunningLadder,
    DunningPause,
    DunningStep,
)
from akinai.payments.rules.dunning import Done, Step, next_step
from akinai.payments.states import BY_PERSON, TO_DO, DunningWay

if TYPE_CHECKING:
    from akinai.payments.queries.money import Person

AGES = ((1, 7), (8, 14), (15, 30), (31, 60), (61, None))  # 超過日数
SAME = Q(order_id=OuterRef("order_id")) | Q(statement_id=OuterRef("statement_id"))


def live_pauses(today: date) -> QuerySet[DunningPause]:
    """停止 that hold today."""
    return DunningPause.objects.filter(Q(until=None) | Q(until__gte=today), ended_at=None)


def dues() -> QuerySet[Due]:
    """Every due with `last_…` of what was done last, `next_…` of the step that follows, `is_paused`, `waits_for_call`."""
    today = clock.today()
    acts = DunningAct.objects.filter(SAME)
    last = acts.order_by("-days")
    pauses = live_pauses(today).filter(SAME | Q(customer_id=OuterRef("customer_id")))
    coming = DunningStep.objects.filter(
        kind=OuterRef("kind"), is_live=True, days__gt=OuterRef("floor")
    ).order_by("days")
    done = Coalesce("last_days", Value(-1000))
    floor = Case(When(due_on__lt=today, then=Greatest(done, Value(-1))), default=done)
    return Due.objects.select_related("order__channel", "statement", "customer").defer(
        "order__search_text", "order__search_grams", "order__raw", "statement__issuer", "statement__search_text",
        "statement__search_grams", "customer__search_text", "customer__search_grams",
    ).annotate(
        last_days=Subquery(last.values("days")[:1]), last_on=Subquery(last.values("on")[:1]),
        last_title=Subquery(last.values("step__title")[:1]),
        is_paused=Exists(pauses), waits_for_call=Exists(acts.filter(way__in=BY_PERSON, answer=None)),
    ).annotate(floor=floor).annotate(
        next_days=Subquery(coming.values("days")[:1]), next_title=Subquery(coming.values("title")[:1]),
    )  # fmt: skip


def dues_seen_by(user: Person) -> QuerySet[Due]:
    """督促の一覧."""
    return dues() if user.has_perm("payments.view_due") else Due.objects.none()


def last_of(due: Due) -> Done | None:
    """What was done last, of a row of `dues`."""
    days: int | None = due.last_days  # type: ignore[attr-defined]
    return None if days is None else Done(days, due.last_on)  # type: ignore[attr-defined]


def next_of(due: Due) -> tuple[str, date] | None:
    """(段階, day) that follows, of a row of `dues`; None at the end of the ladder."""
    if due.next_days is None:  # type: ignore[attr-defined]
        return None
    step = Step(0, due.next_days, "", due.next_title)  # type: ignore[attr-defined]
    found = next_step([step], due_on=due.due_on, last=last_of(due), today=clock.today())
    return (step.title, found[1]) if found else None


def ladders() -> dict[str, DunningLadder]:
    """種類 → ladder, of those that somebody has touched."""
    rows = DunningLadder.objects.prefetch_related("channels_left_out")
    return once("payments.ladders", lambda: {ladder.kind: ladder for ladder in rows})


def steps() -> dict[str, list[DunningStep]]:
    """種類 → steps in use, in their order."""
    found: dict[str, list[DunningStep]] = defaultdict(list)
    for step in DunningStep.objects.filter(is_live=True).order_by("kind", "days"):
        found[step.kind].append(step)
    return found


def plain(found: Collection[DunningStep]) -> list[Step]:
    return [Step(one.pk, one.days, one.way, one.title) for one in found]


def acts_seen_by(user: Person) -> QuerySet[DunningAct]:
    """督促の記録, every act with its result."""
    rows = DunningAct.objects.select_related("order", "statement", "step", "by", "answer__by").defer(
        "order__search_text", "order__search_grams", "order__raw", "statement__issuer", "statement__search_text",
        "statement__search_grams", "step__body",
    )  # fmt: skip
    return rows if user.has_perm("payments.view_dunningact") else rows.none()


def acts_of_order(order_id: int) -> list[DunningAct]:
    """What was done for one order, newest first."""
    rows = DunningAct.objects.filter(order_id=order_id).select_related("step", "by", "answer__by")
    return list(rows.order_by("-id"))


def acts_of(due: Due) -> list[DunningAct]:
    """What was done for one due, newest first, each with the state of its mail in `mail_state`."""
    mine = Q(order_id=due.order_id) if due.order_id else Q(statement_id=due.statement_id)
    rows = DunningAct.objects.filter(mine)
    found = list(rows.select_related("step", "by", "answer__by").order_by("-id"))
    mails = {
        mail.key: mail for mail in OutgoingMail.objects.filter(key__in=[mail_key(one.pk) for one in found])
    }
    for one in found:
        mail = mails.get(mail_key(one.pk))
        one.mail = mail  # type: ignore[attr-defined]
    return found


def pauses_of(due: Due) -> list[DunningPause]:
    """停止 that hold this due now."""
    mine = Q(order_id=due.order_id) if due.order_id else Q(statement_id=due.statement_id)
    if due.customer_id:
        mine |= Q(customer_id=due.customer_id)
    return list(live_pauses(clock.today()).filter(mine).select_related("by").order_by("pk"))


def mail_key(act_id: int) -> str:
    return f"dunning:{act_id}"


@dataclass(frozen=True, slots=True)
class Age:
    """超過日数 of the overdue, counted."""

    least: int
    most: int | None
    count: int
    yen: int
    since: date | None
    until: date

    @property
    def title(self) -> str:
        return f"{self.least}〜{self.most}日" if self.most else f"{self.least}日以上"

    @property
    def query(self) -> str:
        """The filter of the list that shows these."""
        return f"?f.due={self.since or ''}~{self.until}"


def ages(today: date) -> list[Age]:
    """How much is overdue for how long. One query."""
    cuts = [
        (least, most, today - timedelta(days=most) if most else None, today - timedelta(days=least))
        for least, most in AGES
    ]
    told: dict[str, Count | Sum] = {}
    for at, (_least, _most, since, until) in enumerate(cuts):
        inside = Q(due_on__lte=until, **({"due_on__gte": since} if since else {}))
        told |= {f"n{at}": Count("pk", filter=inside), f"y{at}": Sum("owed_yen", filter=inside, default=0)}
    found = Due.objects.aggregate(**told)
    return [
        Age(least, most, found[f"n{at}"], found[f"y{at}"], since, until)
        for at, (least, most, since, until) in enumerate(cuts)
    ]


MOST_LETTERS = 200


def letters_waiting(user: Person) -> list[tuple[DunningAct, Due]]:
    """書面 that are to be printed: the act and what is still owed, oldest first. Two queries."""
    acts = list(
        acts_seen_by(user).filter(way=DunningWay.LETTER, answer=None).order_by("on", "pk")[:MOST_LETTERS]
    )
    dues = dues_seen_by(user).in_bulk([due_id_of(act) for act in acts])
    return [(act, dues[due_id_of(act)]) for act in acts if due_id_of(act) in dues]


def letters_count() -> int:
    """How many 書面 wait to be printed."""
    return Due.objects.filter(
        Exists(DunningAct.objects.filter(SAME, way=DunningWay.LETTER, answer=None))
    ).count()


def due_id_of(act: DunningAct) -> int:
    """The row of the view that an act is about; it is there as long as something is owed."""
    return act.order_id * 2 if act.order_id else (act.statement_id or 0) * 2 + 1


def calls_waiting() -> int:
    """電話・書面 that a person has to do today."""
    open_acts = DunningAct.objects.filter(SAME, way__in=BY_PERSON, answer=None)
    return Due.objects.filter(Exists(open_acts)).count()


# What speaks against writing to somebody ---------------------------------------------------------------------------


def bank_read_on() -> date | None:
    """The day on which the bank's lines were last taken in; None where the shop takes none in."""
    at = BankLine.objects.order_by("-added_at").values_list("added_at", flat=True).first()
    return None if at is None else timezone.localdate(at)


def proposed_orders() -> dict[int, int]:
    """受注 → the bank line that may be its money and waits for a person."""
    found: dict[int, int] = {}
    for line, proposal in BankLineStatus.objects.filter(state__in=TO_DO, score__gt=0).values_list(
        "pk", "proposal"
    ):
        for candidate in proposal:
            for order_id in candidate["order_ids"]:
                found.setdefault(order_id, line)
    return found


def credits(customer_ids: Collection[int]) -> Mapping[int, int]:
    """預り金 of these customers."""
    rows = CreditBalance.objects.filter(pk__in=list(customer_ids), balance_yen__gt=0)
    return dict(rows.values_list("pk", "balance_yen"))
