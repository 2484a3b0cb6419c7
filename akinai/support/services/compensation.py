"""補償: one at a time, never above what may be given, and above the limit only with a second person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, Sum

from akinai.billing import queries as billing
from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.money import yen as yen_text
from akinai.orders import queries as orders
from akinai.support import compensation_ports as ports
from akinai.support.complaint_states import (
    COUNTED,
    LIVE,
    OF_ORDER,
    CompensationKind,
)
from akinai.support.models import (
    Compensation,
    CompensationAllowance,
    CompensationEntry,
    Complaint,
    ComplaintSettings,
)
from akinai.support.services import complaints

if TYPE_CHECKING:
    from akinai.staff.models import Staff

PAPER = (CompensationKind.DISCOUNT, CompensationKind.REFUND)


@dataclass(frozen=True, slots=True)
class Ask:
    """補償の依頼. `key` names the sending of the form, so that it is asked for once."""

    kind: str
    yen: int
    reason: str
    key: str
    order_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def settings() -> ComplaintSettings:
    """クレームの決まり. The row stands from the first migration on."""
    return ComplaintSettings.objects.get_or_create(pk=1)[0]


@transaction.atomic
def ask(complaint: Complaint, new: Ask, *, by: Staff) -> Compensation:
    """補償する: up to the limit it is carried out at once, above it waits for a second person.

    Raises DomainError while another one waits, beyond what may be given, for a complaint that is over, and whatever the
    room refuses that carries it out.
    """
    known = Compensation.objects.filter(key=new.key).first()
    if known is not None:
        return known
    held = complaints.hold(complaint)
    _refuse_unfit(held, new)
    allowance = _reserve(held, new)
    # Both rows are held now, so nobody can give in between: what was given before is what counts.
    before = _given_before(held, new.order_id)
    try:
        with transaction.atomic():
            made = Compensation.objects.create(
                number=numbering.take("compensation")[0], complaint=held, order_id=new.order_id, kind=new.kind, yen=new.yen,
                details=dict(new.details), reason=new.reason.strip()[:200], allowance=allowance,
                limit_yen=settings().approval_yen, before_yen=before, asked_by=by, key=new.key,
            )  # fmt: skip
    except IntegrityError:  # `compensation_one_at_a_time`
        raise _other_waits(held) from None
    activity.record(made, "ask", by=by, summary=_words(made))
    if made.is_large:
        complaints.act(
            held, f"補償 {made.number} の承認を頼みました: {_words(made)}", by=by, data=_data(made)
        )
        return made
    return _carry(made, by=by, approved_by=None)


def _refuse_unfit(complaint: Complaint, new: Ask) -> None:
    if complaint.state not in LIVE:
        raise DomainError(f"{complaint.number} は終わっています。", way_out="再開してから補償してください。")
    if new.yen <= 0 or not new.reason.strip():
        raise DomainError("金額か理由がありません。", way_out="1 円以上の金額と理由を入力してください。")
    ports.way_of(new.kind)
    if new.kind in OF_ORDER and not new.order_id:
        raise DomainError("受注が選ばれていません。", way_out="どの受注の補償かを選んでください。")
    if new.order_id and not complaint.ticket.order_links.filter(order_id=new.order_id).exists():
        raise DomainError(
            "この問い合わせに結び付いていない受注です。", way_out="先に受注を問い合わせに結び付けてください。"
        )


def _other_waits(complaint: Complaint) -> ChangedMeanwhile:
    return ChangedMeanwhile(
        f"{complaint.number} には承認待ちの補償があります。",
        way_out="それが承認されるか却下されてから、次の補償を頼んでください。",
    )


def allowance_key(complaint: Complaint, kind: str, order_id: int | None) -> str:
    """Money and goods are bounded by the order, presents by the shop's limit for an order or a complaint."""
    if kind in OF_ORDER:
        return f"order:{order_id}"
    return f"present:order:{order_id}" if order_id else f"present:complaint:{complaint.pk}"


def most_for(kind: str, order_id: int | None) -> int:
    """What may be given in all: of an order its total less what returns have given back already; presents by the settings."""
    if kind not in OF_ORDER or order_id is None:
        return settings().present_most_yen
    found = orders.sums_of([order_id]).get(order_id)
    if found is None or found.is_cancelled:
        return 0
    back = billing.given_back([order_id]).get(order_id, 0)
    return max(found.total_yen - max(back - _by_paper(order_id), 0), 0)


def _by_paper(order_id: int) -> int:
    """Yen of the order's credit notes that are ours."""
    rows = CompensationEntry.objects.filter(compensation__order_id=order_id, compensation__kind__in=PAPER)
    return rows.aggregate(sum=Sum("yen"))["sum"] or 0


def left_for(complaint: Complaint, kind: str, order_id: int | None) -> int:
    """What may still be given, for screens."""
    key = allowance_key(complaint, kind, order_id)
    given = CompensationAllowance.objects.filter(key=key).values_list("given_yen", flat=True).first() or 0
    return max(most_for(kind, order_id) - given, 0)


def _reserve(complaint: Complaint, new: Ask) -> CompensationAllowance:
    """One UPDATE decides whether so much may still be given; its row stays held."""
    key = allowance_key(complaint, new.kind, new.order_id)
    CompensationAllowance.objects.bulk_create([CompensationAllowance(key=key)], ignore_conflicts=True)
    rows = CompensationAllowance.objects.filter(key=key)
    most = most_for(new.kind, new.order_id)
    if not rows.filter(given_yen__lte=most - new.yen).update(
        given_yen=F("given_yen") + new.yen, most_yen=most
    ):
        left = max(most - rows.values_list("given_yen", flat=True)[0], 0)
        what = "この受注" if new.kind in OF_ORDER else "クーポン・ポイント"
        raise DomainError(
            f"{what}で補償できるのは、あと {left:,} 円までです。{new.yen:,} 円は補償できません。",
            way_out="金額を下げるか、先に別の補償を取り消してください。",
        )
    return rows.get()


def _give_back_room(compensation: Compensation) -> None:
    rows = CompensationAllowance.objects.filter(pk=compensation.allowance_id)
    rows.update(given_yen=F("given_yen") - compensation.yen)


def _given_before(complaint: Complaint, order_id: int | None) -> int:
    """補償 that stands or waits, of this complaint or of the same order."""
    same = Q(complaint=complaint) | Q(order_id=order_id) if order_id else Q(complaint=complaint)
    rows = Compensation.objects.filter(same, state__in=COUNTED)
    return rows.aggregate(sum=Sum("yen"))["sum"] or 0


@transaction.atomic
def approve(compensation: Compensation, *, by: Staff) -> Compensation:
    """承認 by a second person, which carries it out. Raises DomainError for who asked for it: the table's CHECK decides."""
    return _carry(compensation, by=by, approved_by=by)


def _carry(compensation: Compensation, *, by: Staff, approved_by: Staff | None) -> Compensation:
    fields = {"done_at": clock.now(), "approved_by": approved_by}
    try:
        with transaction.atomic():
            done = transitions.apply(compensation, "carry", by=by, set_fields=fields)
    except IntegrityError:
        raise _same_person(compensation) from None
    carried = ports.way_of(done.kind).carry(_wanted(done), by=by)
    CompensationEntry.objects.create(
        compensation=done, yen=done.yen, by=by, document=carried.document[:60], words=carried.words[:300]
    )
    said = f"補償 {done.number}: {_words(done)} {carried.words}".strip()
    complaints.act(done.complaint, said, by=by, data=_data(done, document=carried.document))
    return done


def _same_person(compensation: Compensation) -> DomainError:
    return DomainError(
        f"{compensation.number} は、頼んだ人とは別の人が承認します。",
        way_out="承認の権限があるほかの担当者（店長）に頼んでください。",
        code="same_person",
    )


@transaction.atomic
def refuse(compensation: Compensation, *, reason: str, by: Staff) -> Compensation:
    """却下, or taken back by who asked. What it held of the allowance is free again."""
    _refuse_no_reason(reason)
    done = transitions.apply(compensation, "refuse", by=by, note=reason.strip()[:200])
    _give_back_room(done)
    complaints.act(
        done.complaint, f"補償 {done.number} を却下しました。{reason.strip()[:200]}", by=by, data=_data(done)
    )
    return done


@transaction.atomic
def reverse(compensation: Compensation, *, reason: str, is_unsent: bool = False, by: Staff) -> Compensation:
    """取消: the room takes it back and the ledger gets the opposite row. A large one is taken back by somebody else than who
    asked for it. `is_unsent`: refunded money has not reached the customer yet. Raises DomainError where it has gone its way
    (goods left, a coupon was used)."""
    _refuse_no_reason(reason)
    if compensation.is_large and compensation.asked_by_id == by.pk:
        raise _same_person(compensation)
    done = transitions.apply(compensation, "reverse", by=by, note=reason.strip()[:200])
    first = CompensationEntry.objects.get(compensation=done, reverses=None)
    wanted = replace(_wanted(done), is_unsent=is_unsent)
    words = ports.way_of(done.kind).undo(wanted, first.document, reason=reason.strip(), by=by)
    CompensationEntry.objects.create(
        compensation=done, yen=-first.yen, by=by, document=first.document, words=words[:300], reverses=first
    )
    _give_back_room(done)
    said = f"補償 {done.number} を取り消しました。{words} {reason.strip()[:200]}"
    complaints.act(done.complaint, said, by=by, data=_data(done))
    return done


def _refuse_no_reason(reason: str) -> None:
    if not reason.strip():
        raise DomainError("理由がありません。", way_out="理由を書いてください。")


def _wanted(one: Compensation) -> ports.Wanted:
    complaint = one.complaint
    return ports.Wanted(
        number=one.number, complaint=complaint.number, kind=one.kind, yen=one.yen, reason=one.reason,
        order_id=one.order_id, customer_id=complaint.ticket.customer_id, details=one.details,
    )  # fmt: skip


def _words(one: Compensation) -> str:
    return f"{one.get_kind_display()} {yen_text(one.yen)}（{one.reason}）"


def _data(one: Compensation, **more: Any) -> dict[str, Any]:
    return {"compensation": one.number, "kind": one.kind, "yen": one.yen, **more}


@transaction.atomic
def save_settings(row: ComplaintSettings, *, by: Staff) -> None:
    """クレームの決まりを変える. What was asked for before keeps the limit it was asked under."""
    row.pk = 1
    row.save()
    summary = (
        f"承認 {row.approval_yen:,} 円超、クーポン等 {row.present_most_yen:,} 円まで、{row.measure_days} 日"
    )
    activity.record(row, "change", by=by, summary=summary)
