"""見本の会社の手: the acts that every day repeats, each through the service or file that the screens use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.mail.backends.dummy import EmailBackend
from django.utils import timezone

from akinai.billing import services as billing
from akinai.core import clock, events, intake, mail
from akinai.core.errors import DomainError
from akinai.orders import queries as order_queries
from akinai.orders import services as orders
from akinai.orders.states import OrderState
from akinai.payments import queries as bank
from akinai.payments import services as payments
from akinai.shipping import queries as shipments
from akinai.shipping import services as shipping
from akinai.shipping import telling_lists

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

ANSWERS = {
    "note": "備考を送り状に反映しました", "deferred": "与信OK", "island": "送料を確かめました", "duplicate": "お客様に確認、別のご注文",
    "high_amount": "お電話で確認済み", "gift": "のしを用意しました",
}  # fmt: skip

OWN_SHOPS = ("shopify", "eccube", "phone")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of that day in Japan."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def take_in(kind: str, files: Sequence[intake.Upload], *, by: Staff, **options: Any) -> IntakeFile:
    """取込: looked at, then applied, as on the screen. Raises DomainError when the file is refused."""
    found = next(one for one in intake.kinds() if one.code == kind)
    row, plan = intake.preview(found, files, options=options, by=by)
    if plan.refused:
        first = plan.errors[0]
        raise DomainError(f"{first.file} {first.line} {first.column} {first.value}: {first.message}")
    intake.apply(row, by=by)
    handle()
    return row


def handle() -> None:
    """What was announced is heard now, not only when all days have passed."""
    while events.drain() + payments.handle_webhooks() + payments.run_due():
        pass


def release_holds(by: Staff, *, but: Sequence[str] = ()) -> int:
    """確認待ちを片付ける, except orders that wait for one of the rules `but` or for an answer to an exception."""
    done = 0
    for order in order_queries.orders_seen_by(by).filter(state=OrderState.ON_HOLD).order_by("pk"):
        rules = set(order.holds.filter(released_at=None).values_list("rule", flat=True))
        if not rules or rules & set(but):
            continue
        note = next((ANSWERS[rule] for rule in sorted(rules) if rule in ANSWERS), "確認しました")
        orders.release_all(order, note=note, by=by)
        done += 1
    handle()
    return done


def cancel_one(by: Staff, *, reason: str) -> None:
    """キャンセル of the order that came last; the mall gives the money back."""
    last = order_queries.ready_to_ship().order_by("-ordered_at").first()
    if last is not None:
        orders.cancel(last.pk, reason=reason, refunded_by_channel=True, by=by)
        handle()


def instruct(by: Staff, *, most: int = 200) -> bytes:
    """出荷指示 of what is ready. Out: the carrier's label file, empty when nothing was ready."""
    ready = list(order_queries.ready_to_ship().order_by("ordered_at").values_list("pk", flat=True)[:most])
    if not ready:
        return b""
    batch = shipping.instruct(ready, ship_on=clock.today(), carrier="yamato", by=by)
    shipping.note_picking_printed(batch, by=by)
    return bytes(shipping.export_labels(batch, carrier="yamato", by=by).data)


def tell_malls(by: Staff) -> int:
    """出荷報告 of every mall that waits for one. Out: how many files."""
    cards = telling_lists.mall_cards()
    for card in cards:
        shipping.tell_mall(card.code, by=by)
    return len(cards)


def send_mails() -> None:
    """The made-up customers' letters reach nobody, whatever mail server is set."""
    mail.send_due(by_way_of=EmailBackend())
    handle()


def invoice(by: Staff, *, all_but: int = 0) -> None:
    """請求書の発行と送付 of what has left, the last `all_but` excepted: by mail for the own shops, in the box for malls."""
    left = order_queries.unfinished("shipped_not_invoiced").select_related("channel").order_by("pk")
    chosen = list(left)[: max(0, left.count() - all_but)]
    if not chosen:
        return
    issued = billing.issue_what_can_be([order.pk for order in chosen], by=by)
    own = {order.pk for order in chosen if order.channel.kind in OWN_SHOPS}
    billing.mark_printed([paper for paper in issued.invoices if paper.order_id not in own], by=by)
    billing.send_many([paper for paper in issued.invoices if paper.order_id in own], by=by)
    handle()


def match(by: Staff, *, decide: bool = True) -> None:
    """消込: what is certain by itself, and of the rest the best offer, as 経理 does at the desk when she may `decide`."""
    payments.match_all(by=by)
    for line in bank.lines_seen_by(by).filter(state="proposed").order_by("pk") if decide else ():
        if offers := bank.offers(line):
            payments.accept(line.pk, offers[0].candidate, by=by)
    handle()


def deliver(by: Staff, *, shipped_before: date) -> None:
    """配達完了 of what left before that day."""
    gone = shipments.shipments_seen_by(by).filter(state="shipped", shipped_at__lt=at(shipped_before, 0))
    if ids := list(gone.values_list("pk", flat=True)):
        shipping.deliver(ids, on=clock.today() - timedelta(days=1), by=by)
        handle()


def pay_otherwise(by: Staff, *, payment: str, source: str, shipped_before: date, note: str) -> int:
    """代引・後払いの精算 of what left before that day and is not paid."""
    owing = order_queries.orders_seen_by(by).filter(
        payment=payment, payment_settled=False, shipped_at__lt=at(shipped_before, 0), paid_yen=0
    ).exclude(state=OrderState.CANCELLED)  # fmt: skip
    done = 0
    for order in owing.order_by("pk"):
        payments.receive_otherwise(
            order_id=order.pk, amount_yen=order.total_yen, source=source, received_on=clock.today(),
            key=f"demo:{payment}:{order.number}", note=note, by=by,
        )  # fmt: skip
        done += 1
    return done
