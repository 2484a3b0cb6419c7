"""変更の申し出: the channel tells a known order again. The same: nothing. Different: a person accepts or dismisses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from akinai.core import activity, clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.money import yen
from akinai.orders import content
from akinai.orders.content import Difference
from akinai.orders.models import Order, OrderChange
from akinai.orders.ports import OrderDraft
from akinai.orders.services import rewriting
from akinai.orders.services.advance import advance
from akinai.orders.services.cancel import cancel
from akinai.orders.services.lookups import Known
from akinai.orders.states import WAITING, OrderState, Progress

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

CANCELLED = "cancelled:"  # begins the mark of a change that is a cancellation at the mall
CANCELLED_ELSEWHERE = Difference("mall_status", "モールの状況", "有効", "モールでキャンセル")


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
    fresh = _fresh(pairs)
    changed = {news.known.id for news in fresh}
    _note(fresh, by, intake_file, now)
    _settle([known for known, draft in pairs if draft.payment_settled and not known.payment_settled], by)
    return Seen(
        changed=[news.known.id for news in fresh],
        unchanged=[known.id for known, _ in pairs if known.id not in changed],
    )


def foresee_changes(
    pairs: Sequence[tuple[Known, OrderDraft]],
) -> list[tuple[Known, OrderDraft, list[Difference]]]:
    """取込の確認: which known orders are told differently, and how. Writes nothing."""
    fresh = _fresh(pairs)
    differences = _differences(fresh)
    return [(news.known, news.draft, differences[news.key]) for news in fresh]


def accept_pending(order_ids: Sequence[int], *, by: Staff | None) -> int:
    """These orders' pending changes are accepted; those that cannot be stay pending. Out: how many were accepted."""
    done = 0
    pending = OrderChange.objects.filter(order_id__in=list(order_ids), state=OrderChange.State.PENDING)
    for pk in pending.order_by("order_id", "id").values_list("pk", flat=True):
        try:
            accept_change(pk, by=by)
            done += 1
        except DomainError:
            continue
    return done


def _mark(known: Known, draft: OrderDraft) -> str:
    """The fingerprint of the difference, '' when there is none."""
    digest = content.digest(draft)
    if draft.mall_status in ("cancelled", "returned"):
        return f"{CANCELLED}{digest[:50]}" if known.state != OrderState.CANCELLED else ""
    return digest if digest != known.digest else ""


def _fresh(pairs: Sequence[tuple[Known, OrderDraft]]) -> list[_News]:
    """What is different and was not noted before."""
    news = [_News(known, draft, mark) for known, draft in _whole(pairs) if (mark := _mark(known, draft))]
    if not news:
        return []
    noted = set(
        OrderChange.objects.filter(order_id__in=[n.known.id for n in news]).values_list("order_id", "digest")
    )
    return [one for one in news if one.key not in noted]


def _whole(pairs: Sequence[tuple[Known, OrderDraft]]) -> list[tuple[Known, OrderDraft]]:
    """A telling without prices (Amazon 未出荷) says nothing about those we know: it gets them before it is compared."""
    lacking = [known.id for known, draft in pairs if known.amounts_known and not draft.amounts_known]
    orders = rewriting.as_columns(lacking)
    return [
        (known, rewriting.with_amounts(draft, *orders[known.id]) if known.id in orders else draft)
        for known, draft in pairs
    ]


def _differences(news: Sequence[_News]) -> dict[tuple[int, str], list[Difference]]:
    """By (order, mark). Two queries for any number of orders."""
    told = [one for one in news if not one.mark.startswith(CANCELLED)]
    orders = rewriting.as_columns([one.known.id for one in told])
    found = {one.key: [CANCELLED_ELSEWHERE] for one in news if one not in told}
    for one in told:
        columns, lines = orders[one.known.id]
        after = [content.line_columns(line) for line in one.draft.lines]
        found[one.key] = content.differences(columns, lines, content.columns(one.draft), after)
    return found


def _note(news: Sequence[_News], by: Staff | None, intake_file: IntakeFile | None, now: datetime) -> None:
    """A pending change per order; an older pending one is overtaken by it."""
    if not news:
        return
    differences = _differences(news)
    ids = [one.known.id for one in news]
    OrderChange.objects.filter(order_id__in=ids, state=OrderChange.State.PENDING).update(
        state=OrderChange.State.DISMISSED, decided_at=now
    )
    OrderChange.objects.bulk_create(
        [
            OrderChange(
                order_id=one.known.id, digest=one.mark, draft=content.to_json(one.draft), intake_file=intake_file,
                at=now, differences=[asdict(d) for d in differences[one.key]],
            )
            for one in news
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    facts = [
        activity.Fact(_named(one.known), "change_told", summary=_titles(differences[one.key])) for one in news
    ]
    activity.record_many(facts, by=by)
    advance(ids, by=by)


def _named(known: Known) -> Order:
    return Order(pk=known.id, number=known.number)


def _titles(differences: Sequence[Difference]) -> str:
    return "変更の申し出: " + "、".join(dict.fromkeys(d.title for d in differences))[:400]


def _settle(known: Sequence[Known], by: Staff | None) -> None:
    """The channel says the money is in: nothing to decide."""
    if not known:
        return
    ids = [one.id for one in known]
    Order.objects.filter(pk__in=ids).update(payment_settled=True, payment_progress=Progress.DONE)
    activity.record_many(
        [activity.Fact(_named(one), "settle", summary="チャネルで決済済になりました") for one in known], by=by
    )
    advance(ids, by=by)


def _decide(change_id: int, state: str, by: Staff | None) -> OrderChange:
    """Of two people deciding, one does."""
    pending = OrderChange.objects.filter(pk=change_id, state=OrderChange.State.PENDING)
    if not pending.update(state=state, decided_at=clock.now(), decided_by=by):
        raise ChangedMeanwhile("この変更はすでに判断されています。", way_out="受注を開き直してください。")
    return OrderChange.objects.select_related("order__channel").get(pk=change_id)


@transaction.atomic
def dismiss_change(change_id: int, *, by: Staff | None) -> None:
    """変更を反映しない: keep the order as we have it. The same telling is not asked about again."""
    change = _decide(change_id, OrderChange.State.DISMISSED, by)
    activity.record(change.order, "dismiss_change", by=by, summary="変更を反映しませんでした")
    advance([change.order_id], by=by)


@transaction.atomic
def accept_change(change_id: int, *, by: Staff | None) -> None:
    """変更を反映する: the new telling replaces the old one, the goods are promised anew, the rules look again.

    Refused once the parcel is on its way; then the shipment must be withdrawn first.
    """
    change = _decide(change_id, OrderChange.State.ACCEPTED, by)
    order = Order.objects.select_for_update().get(pk=change.order_id)
    if order.state not in WAITING:
        raise DomainError(
            f"{order.number} は「{order.get_state_display()}」なので、変更を反映できません。",
            way_out="出荷指示を取り消してから反映するか、「反映しない」を選んで返品・返金で対応してください。",
        )
    if change.digest.startswith(CANCELLED):
        cancel(order.pk, reason="モールでキャンセル", by=by, refunded_by_channel=True)
        return
    draft = content.from_json(change.draft)
    _refuse_below_paid(order, draft)
    rewriting.rewrite(order, draft, by=by)
    activity.record(order, "accept_change", by=by, summary=_accepted(change.differences))
    advance([order.pk], by=by)


def _accepted(differences: Sequence[Mapping[str, Any]]) -> str:
    return "変更を反映: " + "、".join(dict.fromkeys(str(d["title"]) for d in differences))[:400]


def _refuse_below_paid(order: Order, draft: OrderDraft) -> None:
    if draft.total_yen < order.paid_yen:
        raise DomainError(
            f"{order.number} は {yen(order.paid_yen)} 入金済みで、新しい請求金額 {yen(draft.total_yen)} を超えています。",
            way_out="先に消込を取り消すか、返金してください。",
        )
