"""買掛の訂正の操作: asked for with a reason, posted at once or by a second person above the limit, undone by reversal."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.party import queries as party
from akinai.purchasing.models import PayableCorrection, PayableEntry
from akinai.purchasing.queries import payables as queries
from akinai.purchasing.services import ledger

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def correct(
    *, supplier_id: int, amount_yen: int, on: date, reason: str, settles_id: int | None = None, due_on: date | None = None,
    by: Staff | None,
) -> PayableCorrection:  # fmt: skip
    """買掛の訂正. Above the company's limit it waits for somebody else; else it is in the ledger at once.

    Less than nothing is taken off the bill `settles_id`; more is owed by itself on `due_on`. Raises DomainError without a
    reason, when the bill is another supplier's, is in a run of payment, or has less left than is taken off.
    """
    _refuse_no_reason(reason)
    limit = party.company().po_approval_yen
    made = PayableCorrection.objects.create(
        number=numbering.take("payable_correction")[0], supplier_id=supplier_id, amount_yen=amount_yen, on=on,
        due_on=due_on if amount_yen > 0 else None, settles_id=settles_id if amount_yen < 0 else None,
        reason=reason.strip(), limit_yen=limit, created_by=by,
    )  # fmt: skip
    activity.record(made, "create", by=by, summary=f"{amount_yen:+,} 円: {made.reason}")
    if made.is_large:
        _refuse_unfit(made)
        return made
    return _post(made, by=by)


@transaction.atomic
def approve(correction: PayableCorrection, *, by: Staff) -> PayableCorrection:
    """承認 by a second person, which posts it. Raises DomainError for who asked for it; the table's CHECK stands behind."""
    if correction.created_by_id == by.pk:
        raise _same_person(correction)
    return _post(correction, by=by, approved_by=by)


def _post(
    correction: PayableCorrection, *, by: Staff | None, approved_by: Staff | None = None
) -> PayableCorrection:
    fields = {"posted_at": clock.now(), "approved_by": approved_by}
    try:
        with transaction.atomic():
            done = transitions.apply(correction, "post", by=by, set_fields=fields)
    except IntegrityError:
        raise _same_person(correction) from None
    _refuse_unfit(done)
    ledger.write(
        done.supplier_id, PayableEntry.Kind.CORRECTION, done.amount_yen, document=done.number, key=done.number, on=done.on,
        due_on=done.due_on, settles=done.settles, note=done.reason, by=by,
    )  # fmt: skip
    return done


def _same_person(correction: PayableCorrection) -> DomainError:
    return DomainError(
        f"{correction.number} は、作った人とは別の人が承認します。",
        way_out="承認の権限があるほかの担当者に頼んでください。",
        code="same_person",
    )


def _refuse_unfit(correction: PayableCorrection) -> None:
    """The bill is held until the end, so that no run of payment takes it with the old amount."""
    if correction.settles_id is None:
        return
    bill = PayableEntry.objects.select_for_update().get(pk=correction.settles_id)
    if bill.supplier_id != correction.supplier_id:
        raise DomainError(f"{bill.document} は別の仕入先の請求です。", way_out="仕入先を確かめてください。")
    _refuse_in_payment(bill)
    left = queries.owed().filter(pk=bill.pk).values_list("left_yen", flat=True).first() or 0
    if left < -correction.amount_yen:
        raise DomainError(
            f"{bill.document} の残りは {left:,} 円なので、{-correction.amount_yen:,} 円は減らせません。",
            way_out="払い過ぎなら、仕入先に返金してもらうか次の請求書に値引の行を入れてください。",
        )


def _refuse_in_payment(entry: PayableEntry) -> None:
    live = entry.payments.filter(is_live=True).select_related("run").first()
    if live:
        raise DomainError(
            f"{entry.document} は支払 {live.run.number} に入っています。",
            way_out="支払を取り消してから訂正し、支払を作り直してください。支払済なら次の請求書で調整してください。",
        )


@transaction.atomic
def refuse(correction: PayableCorrection, *, reason: str, by: Staff | None) -> PayableCorrection:
    """却下: it was asked for, and never came into the ledger. Also how whoever asked takes it back."""
    _refuse_no_reason(reason)
    return transitions.apply(correction, "refuse", by=by, note=reason.strip()[:200])


@transaction.atomic
def take_back(correction: PayableCorrection, *, reason: str, by: Staff | None) -> PayableCorrection:
    """取消: the opposite row in the ledger. A large one is taken back by somebody else than who asked for it.

    Refused while what it added is in a run of payment or paid, or while the bill it lowers is.
    """
    _refuse_no_reason(reason)
    if correction.is_large and by is not None and by.pk == correction.created_by_id:
        raise DomainError(
            f"{correction.number} は承認が要る金額なので、作った人とは別の人が取り消します。",
            way_out="承認の権限があるほかの担当者に頼んでください。",
            code="same_person",
        )
    done = transitions.apply(correction, "reverse", by=by, note=f"取消: {reason.strip()}"[:200])
    entry = PayableEntry.objects.select_for_update().get(key=done.number)
    _refuse_in_payment(entry)
    if done.settles_id:
        _refuse_in_payment(PayableEntry.objects.select_for_update().get(pk=done.settles_id))
    elif entry.settled_by.filter(kind=PayableEntry.Kind.CORRECTION, reversed_by=None).exists():
        raise ChangedMeanwhile(
            f"{done.number} はほかの訂正で減らされています。", way_out="先にその訂正を取り消してください。"
        )
    ledger.reverse(entry, note=reason.strip(), by=by)
    return done


def _refuse_no_reason(reason: str) -> None:
    if not reason.strip():
        raise DomainError("理由がありません。", way_out="理由を書いてください。")
