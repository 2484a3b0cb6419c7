"""変更の申し出: the channel tells a known order again. The same: nothing. Different: a person accepts or dismisses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from akinai.channels import queries as channels
from akinai.core import activity, clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import rules
from akinai.orders.models import Order, OrderChange, OrderLine
from akinai.orders.ports import Address, LineDraft, OrderDraft, TaxDraft
from akinai.orders.services import placing
from akinai.orders.services.advance import advance
from akinai.orders.services.cancel import cancel
from akinai.orders.services.lookups import Known
from akinai.orders.services.stock_lines import references, reserve_order
from akinai.orders.states import WAITING, OrderState, Progress
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff


@dataclass(slots=True)
class Seen:
    """Known orders that were told again: those that differ and those that do not."""

    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)


CANCELLED_ELSEWHERE = rules.Difference("mall_status", "モールの状況", "有効", "キャンセル")


def compare_many(
    pairs: Sequence[tuple[Known, OrderDraft]],
    *,
    by: Staff | None,
    intake_file: IntakeFile | None,
    now: datetime,
) -> Seen:
    """Compare, note what is different once, and take over at once what only moved forward (the money is in)."""
    seen = Seen()
    news: list[tuple[Known, OrderDraft, str]] = []
    settled: list[int] = []
    for known, draft in pairs:
        mark = _mark(known, draft)
        if mark:
            news.append((known, draft, mark))
        else:
            seen.unchanged.append(known.id)
        if draft.payment_settled and not known.payment_settled:
            settled.append(known.id)
    fresh = _without_noted(news)
    seen.unchanged += [known.id for known, _, mark in news if (known.id, mark) not in fresh]
    _write([row for row in news if (row[0].id, row[2]) in fresh], by, intake_file, now)
    seen.changed = [order_id for order_id, _ in fresh]
    _settle(settled, by)
    return seen


def foresee_changes(
    pairs: Sequence[tuple[Known, OrderDraft]],
) -> list[tuple[Known, OrderDraft, list[rules.Difference]]]:
    """取込の確認: which known orders are told differently, and how. Writes nothing."""
    news = [(known, draft, mark) for known, draft in pairs if (mark := _mark(known, draft))]
    fresh = _without_noted(news)
    before = {order.pk: plain_of(order) for order in _with_lines([known.id for known, _, _ in news])}
    return [
        (known, draft, _differences(before[known.id], draft, mark))
        for known, draft, mark in news
        if (known.id, mark) in fresh
    ]


def accept_pending(order_ids: Sequence[int], *, by: Staff | None) -> int:
    """These orders' pending changes are accepted; those that cannot be stay pending. Out: how many were accepted."""
    done = 0
    for pk in OrderChange.objects.filter(order_id__in=order_ids, state=OrderChange.State.PENDING).values_list(
        "pk", flat=True
    ):
        try:
            accept_change(pk, by=by)
            done += 1
        except DomainError:
            continue
    return done


def _mark(known: Known, draft: OrderDraft) -> str:
    """The fingerprint of the difference, '' when there is none."""
    if draft.mall_status in ("cancelled", "returned") and known.state != OrderState.CANCELLED:
        return f"cancelled:{rules.digest(draft)[:50]}"
    digest = rules.digest(draft)
    return digest if digest != known.digest else ""


def _without_noted(news: Sequence[tuple[Known, OrderDraft, str]]) -> set[tuple[int, str]]:
    wanted = {(known.id, mark) for known, _, mark in news}
    noted = set(
        OrderChange.objects.filter(order_id__in=[pk for pk, _ in wanted]).values_list("order_id", "digest")
    )
    return wanted - noted


def _write(
    news: Sequence[tuple[Known, OrderDraft, str]],
    by: Staff | None,
    intake_file: IntakeFile | None,
    now: datetime,
) -> None:
    if not news:
        return
    before = {order.pk: plain_of(order) for order in _with_lines([known.id for known, _, _ in news])}
    OrderChange.objects.bulk_create(
        [
            OrderChange(
                order_id=known.id, digest=mark, draft=rules.plain(draft), intake_file=intake_file, at=now,
                differences=[asdict(d) for d in _differences(before[known.id], draft, mark)],
            )
            for known, draft, mark in news
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    advance([known.id for known, _, _ in news], by=by)


def _differences(before: Mapping[str, Any], draft: OrderDraft, mark: str) -> list[rules.Difference]:
    if mark.startswith("cancelled:"):
        return [CANCELLED_ELSEWHERE]
    return rules.differences(before, rules.plain(draft))


def _with_lines(order_ids: Sequence[int]) -> list[Order]:
    return list(Order.objects.filter(pk__in=order_ids).prefetch_related("lines"))


def plain_of(order: Order) -> dict[str, Any]:
    """The order as we have it, in the shape of `rules.plain` as far as its columns go."""
    told = (
        OrderChange.objects.filter(order=order, state=OrderChange.State.ACCEPTED)
        .order_by("-decided_at")
        .first()
    )
    if told:
        return dict(told.draft)
    content: dict[str, Any] = {
        name: getattr(order, name)
        for name in rules.TITLES
        if hasattr(order, name) and name not in ("ordered_at", "taxes")
    }
    content["delivery_on"] = str(order.delivery_on) if order.delivery_on else None
    content["ship_to"] = {
        "name": order.ship_name, "kana": order.ship_kana, "company": order.ship_company, "phone": order.ship_phone,
        "postal_code": order.ship_postal_code, "prefecture": order.ship_prefecture, "city": order.ship_city,
        "line1": order.ship_line1, "line2": order.ship_line2,
    }  # fmt: skip
    content["lines"] = [
        {
            "line_no": ln.line_no, "sku_code": ln.sku_code, "name": ln.name, "quantity": ln.quantity,
            "unit_price_yen": ln.unit_price_yen, "tax_rate": ln.tax_rate, "options": ln.options,
        }
        for ln in order.lines.all()
    ]  # fmt: skip
    return content


def _settle(order_ids: Sequence[int], by: Staff | None) -> None:
    """The channel says the money is in: nothing to decide."""
    if order_ids:
        Order.objects.filter(pk__in=order_ids).update(payment_settled=True, payment_progress=Progress.DONE)
        advance(list(order_ids), by=by)


def _decide(change_id: int, state: str, by: Staff | None) -> OrderChange:
    """Of two people deciding, one does."""
    pending = OrderChange.objects.filter(pk=change_id, state=OrderChange.State.PENDING)
    if not pending.update(state=state, decided_at=clock.now(), decided_by=by):
        raise ChangedMeanwhile("この変更はすでに判断されています。", way_out="受注を開き直してください。")
    return OrderChange.objects.select_related("order__channel").get(pk=change_id)


@transaction.atomic
def dismiss_change(change_id: int, *, by: Staff | None) -> None:
    """変更を反映しない: keep the order as we have it."""
    change = _decide(change_id, OrderChange.State.DISMISSED, by)
    activity.record(change.order, "dismiss_change", by=by, summary="変更を反映しませんでした")
    advance([change.order_id], by=by)


@transaction.atomic
def accept_change(change_id: int, *, by: Staff | None) -> None:
    """変更を反映する: the new telling replaces the old one and the goods are promised anew.

    Refused once the parcel is on its way; then the shipment must be withdrawn first.
    """
    change = _decide(change_id, OrderChange.State.ACCEPTED, by)
    order = Order.objects.select_for_update().get(pk=change.order_id)
    if order.state not in WAITING:
        raise DomainError(
            f"{order.number} は「{order.get_state_display()}」なので、変更を反映できません。",
            way_out="出荷指示を取り消してから反映するか、「反映しない」を選んで返品・返金で対応してください。",
        )
    if change.digest.startswith("cancelled:"):
        cancel(order.pk, reason="モールでキャンセル", by=by)
        return
    _apply(order, draft_from(change.draft), change.digest, by)
    activity.record(
        order, "accept_change", by=by, summary="、".join(d["title"] for d in change.differences)[:500]
    )
    advance([order.pk], by=by)


def _apply(order: Order, draft: OrderDraft, digest: str, by: Staff | None) -> None:
    if draft.total_yen < order.paid_yen:
        raise DomainError(
            f"{order.number} は {order.paid_yen:,} 円入金済みで、新しい請求金額 {draft.total_yen:,} 円を超えています。",
            way_out="先に消込を取り消すか、返金してください。",
        )
    stock_services.release(references(order), by=by)
    codes = [code for line in draft.lines for code in (line.sku_code, line.jan) if code]
    skus = channels.resolve_skus(order.channel_id, codes)
    have = {line.line_no: line for line in order.lines.all()}
    for line in draft.lines:
        values = {**placing.line_fields(line), "sku_id": skus.get(line.sku_code) or skus.get(line.jan)}
        OrderLine.objects.update_or_create(order=order, line_no=line.line_no, defaults=values)
    gone = set(have) - {line.line_no for line in draft.lines}
    OrderLine.objects.filter(order=order, line_no__in=gone).update(quantity=0)
    Order.objects.filter(pk=order.pk).update(**placing.content_fields(draft), content_digest=digest)
    _raise_unknown(order, draft, skus)
    reserve_order(order.pk, by=by)


def _raise_unknown(order: Order, draft: OrderDraft, skus: Mapping[str, int]) -> None:
    now = clock.now()
    for line in draft.lines:
        if not (skus.get(line.sku_code) or skus.get(line.jan)):
            placing.issue_row(order.pk, placing.unknown_issue(draft, line), now).save()


def draft_from(content: Mapping[str, Any]) -> OrderDraft:
    """A plain draft back into the dataclass."""
    values = dict(content)
    values["ordered_at"] = datetime.fromisoformat(values["ordered_at"])
    if values.get("delivery_on"):
        values["delivery_on"] = date.fromisoformat(values["delivery_on"])
    values["buyer"], values["ship_to"] = Address(**values["buyer"]), Address(**values["ship_to"])
    values["lines"] = tuple(LineDraft(**line) for line in values["lines"])
    values["taxes"] = tuple(TaxDraft(**tax) for tax in values.get("taxes", ()))
    return OrderDraft(**values)
