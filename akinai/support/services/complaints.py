"""クレームを記録する: opened for a ticket, told to the 店長 where it is grave, settled when all that it demands is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from akinai.core import activity, clock, events, mail, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.kana import search_key
from akinai.staff import queries as staff
from akinai.support.complaint_states import LIVE, Severity, Side
from akinai.support.models import Complaint, Ticket
from akinai.support.rules import complaints as rules
from akinai.support.services import messages
from akinai.support.services.replying import Reply, reply
from akinai.support.states import CLOSED_TO_ALL, Direction

if TYPE_CHECKING:
    from datetime import datetime

    from akinai.staff.models import Staff
    from akinai.support.models import Message

FIELDS = (
    "severity", "cause_id", "side", "order_id", "sku_id", "lot_id", "supplier_id", "carrier", "page", "person_id", "facts",
    "wish", "outcome",
)  # fmt: skip
APOLOGIES = {"mail": "メール", "phone": "電話", "letter": "手紙", "visit": "訪問"}


@dataclass(frozen=True, slots=True)
class Told:
    """クレームの内容 as a clerk writes it. `version` is what he saw (0: a new one)."""

    severity: int
    cause_id: int | None = None
    side: str = Side.UNKNOWN
    order_id: int | None = None
    sku_id: int | None = None
    lot_id: int | None = None
    supplier_id: int | None = None
    carrier: str = ""
    page: str = ""
    person_id: int | None = None
    facts: str = ""
    wish: str = ""
    outcome: str = ""
    version: int = 0


@transaction.atomic
def open_complaint(ticket: Ticket, told: Told, *, by: Staff) -> Complaint:
    """クレームにする: one for a ticket. 重大 is told to the 店長 in the same transaction. Raises DomainError for a second one,
    a ticket that is over for another reason, and an order that is not the ticket's."""
    if ticket.state in CLOSED_TO_ALL:
        raise DomainError(
            "この問い合わせはクレームにできません。", way_out="統合先の問い合わせで記録してください。"
        )
    _refuse_strange_order(ticket, told.order_id)
    values = {name: getattr(told, name) for name in FIELDS}
    try:
        with transaction.atomic():
            made = Complaint.objects.create(
                number=numbering.take("complaint")[0], ticket=ticket, opened_by=by, search_text=_search(ticket, told),
                manager_told_at=clock.now() if told.severity == Severity.GRAVE else None, **values,
            )  # fmt: skip
    except IntegrityError:
        raise ChangedMeanwhile(
            f"{ticket.number} はもうクレームとして記録されています。",
            way_out="問い合わせの画面から開いてください。",
        ) from None
    said = f"クレーム {made.number}（{made.get_severity_display()}）として記録しました。"
    act(made, said, by=by)
    activity.record(made, "open", by=by, summary=f"{ticket.number} {made.get_severity_display()}")
    if told.severity == Severity.GRAVE:
        _tell_managers(made, by=by)
    events.emit("support.complaint_opened", complaint_id=made.pk)
    return made


@transaction.atomic
def change(complaint: Complaint, told: Told, *, by: Staff) -> Complaint:
    """内容を書き直す. Made grave, the 店長 is told at once. Raises ChangedMeanwhile when somebody else has written since."""
    held = hold(complaint)
    if held.version != told.version:
        raise ChangedMeanwhile(
            f"{held.number} は、開いている間にほかの人が書き換えました。",
            way_out="画面を開き直し、相手の書いた内容を確かめてから直してください。",
        )
    if held.state not in LIVE:
        raise DomainError(f"{held.number} はもう終わっています。", way_out="再開してから直してください。")
    _refuse_strange_order(held.ticket, told.order_id)
    values: dict[str, Any] = {name: getattr(told, name) for name in FIELDS}
    changed = [name for name in FIELDS if getattr(held, name) != values[name]]
    becomes_grave = told.severity == Severity.GRAVE and held.manager_told_at is None
    if becomes_grave:
        values["manager_told_at"] = clock.now()
    for name, value in values.items():
        setattr(held, name, value)
    held.version += 1
    held.search_text = _search(held.ticket, told)
    held.save()
    activity.record(held, "change", by=by, summary=_changes(changed))
    if becomes_grave:
        act(held, f"{held.number} を重大にしました。店長に知らせます。", by=by)
        _tell_managers(held, by=by)
    return held


def hold(complaint: Complaint) -> Complaint:
    """The row, held until the end of the transaction."""
    rows = Complaint.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("ticket").get(pk=complaint.pk)


def act(complaint: Complaint, text: str, *, by: Staff | None, data: dict[str, Any] | None = None) -> Message:
    """操作 in the thread of the ticket."""
    told = {"complaint": complaint.number, **(data or {})}
    return messages.add(complaint.ticket, messages.NewMessage(Direction.ACT, text, data=told), by=by)


def _refuse_strange_order(ticket: Ticket, order_id: int | None) -> None:
    if order_id and not ticket.order_links.filter(order_id=order_id).exists():
        raise DomainError(
            "この問い合わせに結び付いていない受注です。",
            way_out="先に問い合わせの画面で受注を結び付けてください。",
        )


def _search(ticket: Ticket, told: Told) -> str:
    parts = (
        ticket.number,
        ticket.subject,
        ticket.contact_name,
        told.facts,
        told.wish,
        told.outcome,
        told.page,
    )
    return " ".join(search_key(part[:4000]) for part in parts if part)


def _changes(names: list[str]) -> str:
    titles = [str(Complaint._meta.get_field(name.removesuffix("_id")).verbose_name) for name in names]  # type: ignore[union-attr]
    return "、".join(titles)[:500] or "変更なし"


def _tell_managers(complaint: Complaint, *, by: Staff) -> None:
    """店長 learn of it now. Whoever opened it as 店長 himself has to press 確認 as well: that is his signature."""
    managers = staff.in_role(staff.MANAGER)
    for one in managers:
        if mail.is_address(one.email):
            mail.enqueue(
                to=one.email, key=f"complaint:{complaint.number}:{one.pk}",
                subject=f"【重大クレーム】{complaint.number} {complaint.ticket.number}",
                body=f"{by} さんが重大なクレームを記録しました。すぐに内容を確認してください。\n\n"
                f"クレーム: {complaint.number}\n問い合わせ: {complaint.ticket.number}\n",
            )  # fmt: skip
    names = "、".join(str(one) for one in managers) or "（店長がいません）"
    activity.record(complaint, "tell_manager", by=by, summary=names[:500])


@transaction.atomic
def acknowledge(complaint: Complaint, *, by: Staff) -> Complaint:
    """店長が確認した. Raises DomainError where it was seen, or needs nobody's eyes."""
    seen = Complaint.objects.filter(pk=complaint.pk, manager_seen_at=None, severity=Severity.GRAVE)
    if not seen.update(manager_seen_at=clock.now(), manager_seen_by=by):
        raise DomainError("確認は要らないか、もう済んでいます。", way_out="画面を開き直してください。")
    act(complaint, f"店長（{by}）が {complaint.number} を確認しました。", by=by)
    activity.record(complaint, "acknowledge", by=by, summary=str(by))
    complaint.refresh_from_db()
    return complaint


def check(complaint: Complaint, *, by: Staff) -> Complaint:
    """事実確認を始める."""
    return transitions.apply(complaint, "check", by=by)


def answer(complaint: Complaint, *, by: Staff) -> Complaint:
    """お客様への対応に移る."""
    return transitions.apply(complaint, "answer", by=by)


def standing_of(complaint: Complaint) -> rules.Standing:
    """What is there, for the list of what is missing. Two queries."""
    from akinai.support.complaint_states import CompensationState, PreventionState

    return rules.Standing(
        severity=complaint.severity, has_cause=complaint.cause_id is not None, has_facts=bool(complaint.facts.strip()),
        has_side=complaint.side != Side.UNKNOWN, has_wish=bool(complaint.wish.strip()),
        has_apology=complaint.apologised_at is not None, manager_saw=complaint.manager_seen_at is not None,
        has_prevention=complaint.preventions.exclude(state=PreventionState.DROPPED).exists(),
        has_outcome=bool(complaint.outcome.strip()),
        waits_for_approval=complaint.compensations.filter(state=CompensationState.WAITING).exists(),
    )  # fmt: skip


@transaction.atomic
def settle(complaint: Complaint, *, by: Staff) -> Complaint:
    """決着. Raises DomainError that names all that is still missing for its severity."""
    held = hold(complaint)
    left = rules.missing(standing_of(held))
    if left:
        raise DomainError(
            f"{held.number} はまだ決着にできません。残っていること: {'、'.join(left)}。",
            way_out="このページの「決着までに要ること」を上から済ませてください。",
        )
    moved = transitions.apply(held, "settle", by=by, set_fields={"settled_at": clock.now()})
    act(held, f"クレーム {held.number} を決着にしました。{held.outcome.strip()[:200]}", by=by)
    return moved


@transaction.atomic
def withdraw(complaint: Complaint, *, reason: str, by: Staff) -> Complaint:
    """取り下げ: it was none. Raises DomainError without a reason and while something given for it stands."""
    if not reason.strip():
        raise DomainError("取り下げの理由がありません。", way_out="理由を書いてください。")
    held = hold(complaint)
    if held.compensations.filter(state__in=["waiting", "done"]).exists():
        raise DomainError(
            f"{held.number} には補償があります。",
            way_out="補償を却下するか取り消してから取り下げてください。",
        )
    moved = transitions.apply(held, "withdraw", by=by, note=reason.strip()[:200])
    act(held, f"クレーム {held.number} を取り下げました。{reason.strip()[:200]}", by=by)
    return moved


@transaction.atomic
def reopen(complaint: Complaint, *, reason: str, by: Staff) -> Complaint:
    """再開: it is not over."""
    if not reason.strip():
        raise DomainError("再開の理由がありません。", way_out="理由を書いてください。")
    moved = transitions.apply(
        complaint, "reopen", by=by, note=reason.strip()[:200], set_fields={"settled_at": None}
    )
    act(moved, f"クレーム {moved.number} を再開しました。{reason.strip()[:200]}", by=by)
    return moved


@transaction.atomic
def apologise(complaint: Complaint, letter: Reply, *, by: Staff) -> Message:
    """お詫びのメール, as an answer of the ticket. Refused with a placeholder that nobody filled; all guards of answers hold."""
    if "{" in letter.text or "｛" in letter.text:
        raise DomainError(
            "埋まっていない差し込みがあります。", way_out="{ } の部分を書き直してから送信してください。"
        )
    sent = reply(complaint.ticket, letter, by=by)
    _note_apology(complaint, "mail", sent.at, by=by)
    return sent


@transaction.atomic
def note_apology(complaint: Complaint, how: str, *, by: Staff) -> None:
    """メールではなくお詫びした (電話・手紙・訪問)."""
    if how not in APOLOGIES or how == "mail":
        raise DomainError("お詫びの方法を選んでください。", way_out="電話・手紙・訪問から選んでください。")
    _note_apology(complaint, how, clock.now(), by=by)
    act(complaint, f"{APOLOGIES[how]}でお詫びしました。", by=by)


def _note_apology(complaint: Complaint, how: str, at: datetime, *, by: Staff) -> None:
    """Of a letter its own moment, by which it is known when it is taken back."""
    first = Complaint.objects.filter(pk=complaint.pk, apologised_at=None)
    first.update(apologised_at=at, apology_how=how)
    activity.record(complaint, "apologise", by=by, summary=APOLOGIES[how])
