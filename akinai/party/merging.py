"""名寄せ: two customers who are one person become one, and may be taken apart again.

The one that goes stays as a row that names the other; orders that come under its contact data go to the other from now on.
Rows are locked in rising order, so two clerks who merge the same pair from both ends meet here and the second is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet

from akinai.core import activity, clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.party.models import Customer, CustomerMerge
from akinai.party.ports import FOLLOWERS

if TYPE_CHECKING:
    from akinai.staff.models import Staff

SHOWN = 20
CHOOSE = "どちらの請求条件を使うか選んでください。"


class NotMergeable(DomainError):
    """The two cannot become one."""

    code = "not_mergeable"


def candidates(customer: Customer) -> list[Customer]:
    """同じ人かもしれない顧客: the same phone, mail, payer's name, or name and kana."""
    alike = Q()
    for name in ("phone", "email", "payer_key"):
        if value := getattr(customer, name):
            alike |= Q(**{name: value})
    if customer.kana:
        alike |= Q(name=customer.name, kana=customer.kana)
    if not alike:
        return []
    found = Customer.objects.filter(alike, merged_into=None).exclude(pk=customer.pk)
    return list(found.order_by("kana", "pk")[:SHOWN])


def told(customer: Customer) -> list[tuple[str, str]]:
    """What hangs on this customer, room by room."""
    return [one for follower in FOLLOWERS.values() for one in follower.tell(customer.pk)]


def why_not(kept: Customer, gone: Customer, choice: str = "") -> tuple[str, str] | None:
    """(why the two cannot become one, the way out), None when they can."""
    if kept.pk == gone.pk:
        return "同じ顧客です。", "別の顧客番号を入れてください。"
    for one in (kept, gone):
        if one.erased_at:
            return f"{one.number} は個人情報を消去しました。", "消去した方は名寄せできません。"
        if one.merged_into_id:
            return f"{one.number} はすでに名寄せされています。", "名寄せ先の顧客を選んでください。"
    for follower in FOLLOWERS.values():
        if refusal := follower.refuse(kept.pk, gone.pk, choice):
            return refusal
    return None


@transaction.atomic
def merge(
    kept: Customer, gone: Customer, *, reason: str, choice: str = "", by: Staff | None
) -> CustomerMerge:
    """名寄せ: `gone` becomes part of `kept`. Raises NotMergeable with the way out."""
    locked = {
        one.pk: one for one in Customer.objects.select_for_update(no_key=True).filter(pk__in=[kept.pk, gone.pk]).order_by("pk")
    }  # fmt: skip
    kept, gone = locked[kept.pk], locked[gone.pk]
    if refusal := why_not(kept, gone, choice):
        raise NotMergeable(refusal[0], way_out=refusal[1])
    earlier = list(Customer.objects.filter(merged_into=gone).values_list("pk", flat=True))
    moved = {code: follower.follow(kept.pk, gone.pk, choice, by=by) for code, follower in FOLLOWERS.items()}
    Customer.objects.filter(pk__in=[gone.pk, *earlier]).update(merged_into=kept)
    made = CustomerMerge.objects.create(
        kept=kept, gone=gone, reason=reason.strip()[:200], moved={**moved, "customers": earlier}, by=by
    )
    activity.record(kept, "merge", by=by, summary=f"{gone.number} を名寄せしました。{reason.strip()}"[:500])
    activity.record(gone, "merge", by=by, summary=f"{kept.number} に名寄せしました"[:500])
    return made


@transaction.atomic
def take_apart(row: CustomerMerge, *, reason: str, by: Staff | None) -> CustomerMerge:
    """名寄せの取消: what followed goes back. Newest first, because a later merge may have taken it on."""
    if not reason.strip():
        raise NotMergeable("取り消す理由がありません。", way_out="理由を書いてください。")
    both = list(
        Customer.objects.select_for_update(no_key=True)
        .filter(pk__in=[row.kept_id, row.gone_id])
        .order_by("pk")
    )
    if any(one.erased_at for one in both):
        raise NotMergeable("個人情報を消去した方の名寄せは取り消せません。", way_out="することはありません。")
    later = standing(row.kept).filter(pk__gt=row.pk).select_related("gone").first()
    if later is not None:
        raise NotMergeable(
            f"あとから {later.gone.number} を名寄せしています。",
            way_out="新しい名寄せから順に取り消してください。",
        )
    changed = CustomerMerge.objects.filter(pk=row.pk, undone_at=None).update(
        undone_at=clock.now(), undone_by=by, undone_reason=reason.strip()[:200]
    )
    if not changed or row.kept.merged_into_id:
        raise ChangedMeanwhile("この名寄せはもう取り消せません。", way_out="画面を開き直してください。")
    for code, follower in FOLLOWERS.items():
        if code in row.moved:
            follower.go_back(row.kept_id, row.gone_id, row.moved[code], by=by)
    Customer.objects.filter(pk=row.gone_id).update(merged_into=None)
    Customer.objects.filter(pk__in=row.moved["customers"]).update(merged_into=row.gone)
    for one in (row.kept, row.gone):
        activity.record(
            one,
            "take_apart",
            by=by,
            summary=f"{row.gone.number} の名寄せを取り消しました: {reason.strip()}"[:500],
        )
    row.refresh_from_db()
    return row


def standing(kept: Customer) -> QuerySet[CustomerMerge]:
    """名寄せ into this customer that hold, the newest first."""
    return (
        CustomerMerge.objects.filter(kept=kept, undone_at=None).select_related("gone", "by").order_by("-pk")
    )
