"""変更の申し出: the channel tells a known order again. The same: nothing. Different: a person accepts or dismisses it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Case, Value, When

from akinai.core import activity, clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.money import yen
from akinai.orders import content, recipients
from akinai.orders.address_ports import why_one_address
from akinai.orders.content import Difference
from akinai.orders.models import Order, OrderChange
from akinai.orders.ports import OrderDraft
from akinai.orders.services import outside, rewriting
from akinai.orders.services.advance import advance
from akinai.orders.services.cancel import cancel
from akinai.orders.services.locking import lock, lock_all, refuse_begun
from akinai.orders.services.lookups import Known
from akinai.orders.services.progress import complete
from akinai.orders.states import WAITING, OrderState, Progress

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

S = OrderChange.State
# Beginnings of the mark of a change that is not about the content but about what the mall did with the order.
CANCELLED, SHIPPED = "cancelled:", "shipped:"
TOLD = {
    CANCELLED: Difference("mall_status", "モールの状況", "有効", "モールでキャンセル"),
    SHIPPED: Difference("mall_status", "モールの状況", "出荷前", "モールで出荷済"),
}
GONE = ("cancelled", "returned")


@dataclass(slots=True)
class Seen:
    """Known orders that were told again: those that differ and those that do not."""

    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _News:
    """A known order told differently. `mark` is the fingerprint of the difference, so each is noted once."""

    known: Known
    draft: OrderDraft
    mark: str

    @property
    def key(self) -> tuple[int, str]:
        return self.known.id, self.mark

    @property
    def status(self) -> str:
        """CANCELLED or SHIPPED, '' for another content."""
        return next((word for word in TOLD if self.mark.startswith(word)), "")


def compare_many(
    pairs: Sequence[tuple[Known, OrderDraft]],
    *,
    by: Staff | None,
    intake_file: IntakeFile | None,
    now: datetime,
) -> Seen:
    """Compare, note what is different once, and take over at once what only moved forward (the money is in)."""
    if not pairs:
        return Seen()
    told_by = digests_of(intake_file.files) if intake_file else frozenset()
    fresh = _locked(_fresh(pairs, told_by), told_by)
    _note(fresh, by, intake_file, now)
    _settle([known for known, draft in pairs if _is_paid_now(known, draft)], by)
    changed = {news.known.id for news in fresh}
    return Seen(
        changed=[news.known.id for news in fresh],
        unchanged=[known.id for known, _ in pairs if known.id not in changed],
    )


def digests_of(files: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The fingerprints of the files of an intake."""
    return frozenset(str(file["sha256"]) for file in files)


def foresee_changes(
    pairs: Sequence[tuple[Known, OrderDraft]], *, told_by: frozenset[str] = frozenset()
) -> list[tuple[Known, OrderDraft, list[Difference]]]:
    """取込の確認: which known orders are told differently, and how. Writes nothing."""
    fresh = _fresh(pairs, told_by)
    differences = _differences(fresh)
    return [(news.known, news.draft, differences[news.key]) for news in fresh]


def accept_pending(order_ids: Sequence[int], *, by: Staff | None) -> int:
    """These orders' pending changes are accepted; those that cannot be stay pending. Out: how many were accepted."""
    done = 0
    pending = OrderChange.objects.filter(order_id__in=list(order_ids), state=S.PENDING)
    chosen = list(pending.order_by("order_id", "id").values_list("pk", "order_id"))
    lock_all(order_id for _, order_id in chosen)
    for pk, _ in chosen:
        try:
            accept_change(pk, by=by)
            done += 1
        except DomainError:
            continue
    return done


def _mark(known: Known, draft: OrderDraft) -> str:
    """The fingerprint of the difference, '' when there is none."""
    digest = content.digest(draft)
    if draft.mall_status in GONE:
        return f"{CANCELLED}{digest[:50]}" if known.state != OrderState.CANCELLED else ""
    if draft.mall_status == "shipped" and known.state in WAITING:
        return f"{SHIPPED}{digest[:50]}"
    return digest if digest != known.digest else ""


def _fresh(pairs: Sequence[tuple[Known, OrderDraft]], told_by: frozenset[str]) -> list[_News]:
    """What is different and must be asked about."""
    news = [_News(known, draft, mark) for known, draft in _whole(pairs) if (mark := _mark(known, draft))]
    if not news:
        return []
    noted = _noted({one.known.id for one in news}, told_by) | _same_addresses(news)
    return [one for one in news if one.key not in noted]


def _same_addresses(news: Sequence[_News]) -> set[tuple[int, str]]:
    """(order, mark) told with the addresses that the order has already, of orders whose fingerprint does not know them yet."""
    only = [
        one for one in news
        if one.draft.others and not one.status and content.digest(replace(one.draft, others=())) == one.known.digest
    ]  # fmt: skip
    return {key for key, found in _differences(only).items() if not found}


def _noted(order_ids: Collection[int], told_by: frozenset[str]) -> set[tuple[int, str]]:
    """(order, mark) that need no new question.

    One that waits; one that a person turned down, until another telling is accepted; one that the same file brought
    before. A telling that comes back after another one took its place is news: the mall changed its mind.
    """
    rows = list(
        OrderChange.objects.filter(order_id__in=order_ids).values_list(
            "order_id", "digest", "state", "decided_at", "intake_file__files"
        )
    )
    accepted: dict[int, datetime] = {}
    for order_id, _, state, decided_at, _ in rows:
        if state == S.ACCEPTED and decided_at:
            accepted[order_id] = max(decided_at, accepted.get(order_id, decided_at))
    found = set()
    for order_id, mark, state, decided_at, files in rows:
        last = accepted.get(order_id)
        turned_down = state == S.DISMISSED and (last is None or decided_at is None or decided_at >= last)
        same_file = bool(told_by) and told_by <= digests_of(files or ())
        if state == S.PENDING or turned_down or same_file:
            found.add((order_id, mark))
    return found


def _locked(fresh: Sequence[_News], told_by: frozenset[str]) -> list[_News]:
    """The orders are taken, and what was decided about them meanwhile is looked at."""
    if not fresh:
        return []
    now = {order.pk: order for order in lock_all(news.known.id for news in fresh)}
    pairs = []
    for news in fresh:
        order = now[news.known.id]
        known = replace(
            news.known, state=order.state, digest=order.content_digest, payment_settled=order.payment_settled
        )
        pairs.append((known, news.draft))
    return _fresh(pairs, told_by)


def _whole(pairs: Sequence[tuple[Known, OrderDraft]]) -> list[tuple[Known, OrderDraft]]:
    """A telling without prices (Amazon 未出荷) says nothing about those we know: it gets them before it is compared."""
    lacking = [known.id for known, draft in pairs if known.amounts_known and not draft.amounts_known]
    orders = rewriting.as_columns(lacking)
    return [
        (known, rewriting.with_amounts(draft, *orders[known.id]) if known.id in orders else draft)
        for known, draft in pairs
    ]


def _differences(news: Sequence[_News]) -> dict[tuple[int, str], list[Difference]]:
    """By (order, mark). A few queries for any number of orders."""
    told = [one for one in news if not one.status]
    ids = [one.known.id for one in told]
    orders, others = rewriting.as_columns(ids), recipients.addresses_of(ids) if ids else {}
    found = {one.key: [TOLD[one.status]] for one in news if one.status}
    for one in told:
        columns, lines = orders[one.known.id]
        after = [content.line_columns(line) for line in one.draft.lines]
        found[one.key] = content.differences(columns, lines, content.columns(one.draft), after)
        have = [recipients.as_told(address) for address in others.get(one.known.id, ())]
        found[one.key] += content.other_differences(have, one.draft.others)
    return found


def _note(news: Sequence[_News], by: Staff | None, intake_file: IntakeFile | None, now: datetime) -> None:
    """A pending change per order; an older pending one is overtaken by it. The caller holds the orders."""
    if not news:
        return
    differences = _differences(news)
    ids = [one.known.id for one in news]
    OrderChange.objects.filter(order_id__in=ids, state=S.PENDING).update(state=S.OVERTAKEN, decided_at=now)
    OrderChange.objects.bulk_create(
        [
            OrderChange(
                order_id=one.known.id, digest=one.mark, draft=content.to_json(one.draft), intake_file=intake_file,
                at=now, differences=[asdict(d) for d in differences[one.key]], state=S.PENDING,
            )
            for one in news
        ],
        update_conflicts=True,
        unique_fields=["order", "digest"],
        update_fields=["draft", "intake_file", "at", "differences", "state", "decided_at", "decided_by"],
    )  # fmt: skip
    facts = [
        activity.Fact(_named(one.known), "change_told", summary=_titles(differences[one.key])) for one in news
    ]
    activity.record_many(facts, by=by)
    advance(ids, by=by)


def _named(known: Known) -> activity.Subject:
    return activity.Subject(Order, known.id, known.number)


def _titles(differences: Sequence[Difference]) -> str:
    return "変更の申し出: " + "、".join(dict.fromkeys(d.title for d in differences))[:400]


def _is_paid_now(known: Known, draft: OrderDraft) -> bool:
    return draft.payment_settled and not known.payment_settled and draft.mall_status not in GONE


def _settle(known: Sequence[Known], by: Staff | None) -> None:
    """The channel says the money is in: nothing to decide. For an order cancelled here it must go back."""
    if not known:
        return
    lock_all(one.id for one in known)
    late = Order.objects.filter(pk__in=[one.id for one in known], payment_settled=False)
    now_paid = set(late.values_list("pk", flat=True))
    late.update(
        payment_settled=True,
        payment_progress=Case(
            When(state=OrderState.CANCELLED, then=Value(Progress.EXCEPTION)), default=Value(Progress.DONE)
        ),
    )
    facts = [
        activity.Fact(_named(one), "settle", summary="チャネルで決済済になりました")
        for one in known
        if one.id in now_paid
    ]
    activity.record_many(facts, by=by)
    advance(list(now_paid), by=by)
    complete(list(now_paid), by=by)


def _decide(change_id: int, state: str, by: Staff | None) -> tuple[OrderChange, Order]:
    """The change and its order, which is locked first. Of two people deciding, one does."""
    change = OrderChange.objects.get(pk=change_id)
    order = lock(change.order_id)
    pending = OrderChange.objects.filter(pk=change_id, state=S.PENDING)
    if not pending.update(state=state, decided_at=clock.now(), decided_by=by):
        raise ChangedMeanwhile("この変更はすでに判断されています。", way_out="受注を開き直してください。")
    change.refresh_from_db()
    return change, order


@transaction.atomic
def dismiss_change(change_id: int, *, by: Staff | None) -> None:
    """変更を反映しない: keep the order as we have it. The same telling is not asked about again."""
    _, order = _decide(change_id, S.DISMISSED, by)
    activity.record(order, "dismiss_change", by=by, summary="変更を反映しませんでした")
    advance([order.pk], by=by)


@transaction.atomic
def accept_change(change_id: int, *, by: Staff | None) -> None:
    """変更を反映する: the new telling replaces the old one, the goods are promised anew, the rules look again.

    Refused once the parcel is on its way; then the shipment must be withdrawn first.
    """
    change, order = _decide(change_id, S.ACCEPTED, by)
    if order.state not in WAITING:
        raise DomainError(
            f"{order.number} は「{order.get_state_display()}」なので、変更を反映できません。",
            way_out="出荷指示を取り消してから反映するか、「反映しない」を選んで返品・返金で対応してください。",
        )
    refuse_begun(order)
    draft = content.from_json(change.draft)
    if change.digest.startswith(CANCELLED):
        cancel(order.pk, reason="モールでキャンセル", by=by, refunded_by_channel=True)
    elif change.digest.startswith(SHIPPED):
        outside.take_as_shipped(order, draft, by=by)
    else:
        _refuse_below_paid(order, draft)
        _refuse_others(order, draft)
        rewriting.rewrite(order, draft, by=by)
        activity.record(order, "accept_change", by=by, summary=_accepted(change.differences))
        advance([order.pk], by=by)


def _accepted(differences: Sequence[Mapping[str, Any]]) -> str:
    return "変更を反映: " + "、".join(dict.fromkeys(str(d["title"]) for d in differences))[:400]


def _refuse_others(order: Order, draft: OrderDraft) -> None:
    if draft.others and (reason := why_one_address(order.pk)):
        raise DomainError(
            f"{order.number} は送付先を分けられません。{reason}。",
            way_out="同梱を取り消してから、変更を反映してください。",
        )


def _refuse_below_paid(order: Order, draft: OrderDraft) -> None:
    if draft.total_yen < order.paid_yen:
        raise DomainError(
            f"{order.number} は {yen(order.paid_yen)} 入金済みで、新しい請求金額 {yen(draft.total_yen)} を超えています。",
            way_out="先に消込を取り消すか、返金してください。",
        )
