"""消去の請求 (個人情報の保護に関する法律 第35条・第22条): asked for by one, approved by another, done room by room by a job.

Each room is one piece: what it erased and the record of it are committed together, and a room that is done is not done again.
`person` (what the rooms look for) is gathered once, before anything goes, so a job that starts anew still finds the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from akinai.core import activity, clock, long_jobs, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.gathering import counts
from akinai.party import findings
from akinai.party.models import Customer, ErasurePart, ErasureRequest
from akinai.party.ports import HOLDERS, Erasee, Hindrance, Share

if TYPE_CHECKING:
    from akinai.staff.models import Staff

CODE = "party.erase"
ASK, APPROVE = "party.ask_erasure", "party.approve_erasure"
GONE = "（消去済み）"
State = ErasureRequest.State
LAST = (findings.ROOM, "party")
# Looked for as parts of longer texts, a word of one letter would find everybody.
SHORTEST_WORD = 2


class NotErasable(DomainError):
    """The person cannot be erased (yet)."""

    code = "not_erasable"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the preview: of a kind of data how many rows go, or stay by which law."""

    title: str
    count: int
    law: str
    until: date | None


def customers_of(customer: Customer) -> list[int]:
    """The customer and all who went into him (名寄せ)."""
    return [customer.pk, *Customer.objects.filter(merged_into=customer.pk).values_list("pk", flat=True)]


def rooms() -> list[str]:
    """The rooms in the order of the work: what everybody writes (mails, histories) and the customer himself last."""
    return [code for code in HOLDERS if code not in LAST] + list(LAST)


def hindrances(customer: Customer) -> list[Hindrance]:
    """What must be finished first, room by room."""
    ids = customers_of(customer)
    return [one for holder in HOLDERS.values() for one in holder.hinder(ids)]


def erasee_of(customer: Customer) -> Erasee:
    """The person with all traces that the rooms know. Mail addresses of other customers are left out."""
    ids = customers_of(customer)
    traces = [holder.trace(ids) for holder in HOLDERS.values()]
    mails = {mail.strip().lower() for one in traces for mail in one.mails if "@" in mail}
    others = set(
        Customer.objects.filter(identity__in=[f"mail:{mail}"[:200] for mail in mails])
        .exclude(pk__in=ids)
        .values_list("identity", flat=True)
    )
    own = sorted(mail for mail in mails if f"mail:{mail}"[:200] not in others)
    words = {word.strip() for one in traces for word in one.words} | set(own)
    rows: dict[str, list[int]] = {}
    for one in traces:
        for label, keys in one.rows.items():
            rows.setdefault(label, []).extend(keys)
    return Erasee(ids, own, sorted(word for word in words if len(word) >= SHORTEST_WORD), rows)


def preview(erasee: Erasee) -> list[Row]:
    """What would be erased and what would stay, without changing anything. All are counted by one query."""
    shares = [share for code in rooms() for share in HOLDERS[code].shares(erasee)]
    counted = zip(shares, counts(*(share.rows for share in shares)), strict=True)
    return [Row(share.title, count, share.law, share.until) for share, count in counted if count]


def ask(
    customer: Customer,
    *,
    kind: str,
    reason: str,
    proof: str,
    received_on: date,
    by: Staff,
    proof_note: str = "",
    answer_to: str = "",
) -> ErasureRequest:
    """消去の請求を登録する. Raises NotErasable for who is erased, went into another, or has an open request."""
    if customer.erased_at:
        raise NotErasable(f"{customer.number} は消去済みです。", way_out="することはありません。")
    if customer.merged_into_id:
        raise NotErasable(
            f"{customer.number} は名寄せされています。", way_out="名寄せ先の顧客の画面から登録してください。"
        )
    try:
        with transaction.atomic():
            made = ErasureRequest.objects.create(
                number=numbering.take("erasure")[0], customer=customer, kind=kind, reason=reason.strip()[:300], proof=proof,
                proof_note=proof_note.strip()[:200], received_on=received_on, answer_to=answer_to.strip()[:300], asked_by=by,
            )  # fmt: skip
            activity.record(customer, "ask_erasure", by=by, summary=made.number)
            activity.record(made, "ask", by=by, to_state=made.state)
    except IntegrityError as error:
        raise NotErasable(
            f"{customer.number} には、終わっていない消去の請求があります。",
            way_out="消去の請求の一覧から、その請求を開いてください。",
        ) from error
    return made


@transaction.atomic
def approve(request: ErasureRequest, *, also: Sequence[str] = (), by: Staff) -> ErasureRequest:
    """承認する: another person than who asked. One conditional UPDATE decides; then the job begins.

    `also`: keys of the findings (what colleagues wrote for themselves) that are to go as well.

    Raises NotErasable where something must be finished first, ChangedMeanwhile when somebody was faster.
    """
    if request.asked_by_id == by.pk:
        raise NotErasable(
            "登録した人は、自分の請求を承認できません。", way_out="店長など、別の人に承認を頼んでください。"
        )
    refuse_hindered(request.customer)
    moved = (
        ErasureRequest.objects.filter(pk=request.pk, state=State.ASKED)
        .exclude(asked_by=by)
        .update(
            state=State.RUNNING,
            approved_by=by,
            approved_at=clock.now(),
            decided_reason="",
            done_rooms=[],
            also=list(also)[: findings.MOST],
        )
    )
    if not moved:
        raise ChangedMeanwhile(
            f"{request.number} は、ほかの人が先に決めました。", way_out="画面を開き直してください。"
        )
    request.refresh_from_db()
    activity.record(request, "approve", by=by, from_state=State.ASKED, to_state=State.RUNNING)
    _begin(request, by=by)
    return request


def refuse_hindered(customer: Customer) -> None:
    """Raises NotErasable with the first of the hindrances."""
    if found := hindrances(customer):
        raise NotErasable(found[0].what, way_out=found[0].way_out)


def _begin(request: ErasureRequest, *, by: Staff) -> None:
    codes = rooms()
    back = f"/office/erasures/{request.number}/"
    job = long_jobs.start(
        CODE, list(range(len(codes) + 1)), by=by, options={"request": request.pk, "rooms": codes}, back=back
    )
    ErasureRequest.objects.filter(pk=request.pk).update(job_id=job.pk)


def again(request: ErasureRequest, *, by: Staff) -> None:
    """続きをする, where a room could not be done. What is done stays done."""
    from akinai.core.models import LongJob

    over = LongJob.objects.filter(
        pk=request.job_id or 0, state__in=[LongJob.State.FINISHED, LongJob.State.STOPPED]
    )
    if request.state != State.RUNNING or not over.exists():
        raise ChangedMeanwhile("この請求は、今は続けられません。", way_out="画面を開き直してください。")
    activity.record(request, "again", by=by)
    _begin(request, by=by)


def refuse(request: ErasureRequest, *, reason: str, by: Staff) -> ErasureRequest:
    """お断りする, with the reason that the person is told."""
    if not reason.strip():
        raise NotErasable("お断りの理由がありません。", way_out="ご本人に伝える理由を書いてください。")
    return transitions.apply(request, "refuse", by=by, set_fields={"decided_reason": reason.strip()[:300]})


def withdraw(request: ErasureRequest, *, by: Staff) -> ErasureRequest:
    """取り下げる."""
    return transitions.apply(request, "withdraw", by=by, set_fields={"answer_to": ""})


def work(ids: Sequence[int], options: Mapping[str, Any], by: Staff | None) -> long_jobs.Outcome:
    """One piece. The first gathers the person, each other is one room; the last room ends the request."""
    request = (
        ErasureRequest.objects.select_for_update(of=("self",))
        .select_related("customer")
        .get(pk=options["request"])
    )
    if request.state != State.RUNNING:
        return long_jobs.Outcome()
    if ids[0] == 0:
        return _prepare(request, by)
    code = options["rooms"][ids[0] - 1]
    erased = _erase_room(request, code) if code not in request.done_rooms else 0
    if set(options["rooms"]) <= set(request.done_rooms):
        _finish(request, by)
    return long_jobs.Outcome({"消去": erased})


def _prepare(request: ErasureRequest, by: Staff | None) -> long_jobs.Outcome:
    """Gather what the rooms will look for; give the request back where something is open by now."""
    Customer.objects.select_for_update(no_key=True).get(pk=request.customer_id)
    if request.person:
        return long_jobs.Outcome()
    if found := hindrances(request.customer):
        fields = {"decided_reason": found[0].what[:300], "approved_by": None, "approved_at": None}
        transitions.apply(request, "give_back", by=by, note=found[0].what, set_fields=fields)
        return long_jobs.Outcome(refused=[(request.number, f"{found[0].what}{found[0].way_out}")])
    erasee = erasee_of(request.customer)
    request.person = {
        "ids": list(erasee.customer_ids), "mails": list(erasee.mails), "words": list(erasee.words),
        "rows": {label: list(keys) for label, keys in erasee.rows.items()},
    }  # fmt: skip
    request.save(update_fields=["person"])
    return long_jobs.Outcome()


def _erase_room(request: ErasureRequest, code: str) -> int:
    """Everything of one room, with its record. Raises NotErasable where something was opened meanwhile."""
    told = request.person
    if not told:
        raise NotErasable(
            "消去の準備が終わっていません。", way_out="請求の画面で「続きをする」を押してください。"
        )
    holder = HOLDERS[code]
    if found := holder.hinder(told["ids"]):
        raise NotErasable(found[0].what, way_out=found[0].way_out)
    erasee = Erasee(told["ids"], told["mails"], told["words"], told["rows"])
    parts = [_take(share, request, code) for share in holder.shares(erasee)]
    if code == findings.ROOM:
        parts += [
            ErasurePart(request=request, room=code, title=title, erased=n)
            for title, n in findings.take(request.also)
        ]
    ErasurePart.objects.bulk_create([one for one in parts if one.erased or one.kept], ignore_conflicts=True)
    request.done_rooms = [*request.done_rooms, code]
    request.save(update_fields=["done_rooms"])
    return sum(one.erased for one in parts)


def _take(share: Share, request: ErasureRequest, code: str) -> ErasurePart:
    """One share: counted where it is kept, otherwise erased."""
    part = ErasurePart(request=request, room=code, title=share.title[:100])
    if share.law:
        part.kept, part.law, part.until = share.rows.count(), share.law[:200], share.until
    else:
        part.erased = take(share)
    return part


def take(share: Share) -> int:
    """Erase one share. Out: how many rows."""
    keys = list(share.rows.order_by().values_list("pk", flat=True))
    rows = share.rows.model._default_manager.filter(pk__in=keys)
    if share.act is not None:
        share.act(rows)
    if share.blank is not None:
        rows.update(**share.blank)
    elif share.act is None:
        rows.delete()
    return len(keys)


def _finish(request: ErasureRequest, by: Staff | None) -> None:
    """消去済み: what the rooms looked for is forgotten, in the free words of the request too."""
    words = request.person["words"]
    transitions.apply(
        request, "finish", by=by,
        set_fields={
            "done_at": clock.now(), "person": {}, "reason": without(words, request.reason),
            "proof_note": without(words, request.proof_note),
        },
    )  # fmt: skip
    activity.record(request.customer, "erase", by=by, summary=request.number)


def without(words: Sequence[str], text: str) -> str:
    """`text` with these words taken out, the longest first."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "＊＊")
    return text


def register() -> None:
    long_jobs.register(long_jobs.Kind(CODE, "個人情報の消去", work, ASK, piece=1))
