"""出荷通知: the shipping mail is queued once per shipment; the customer knows when it has really left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity, clock, mail, mail_texts
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.orders import recipients
from akinai.orders import services as orders
from akinai.party import queries as party
from akinai.shipping import ports, queries, rules
from akinai.shipping.mail_texts import SHIPPED
from akinai.shipping.models import Parcel, Shipment
from akinai.shipping.states import Notice, ShipmentState
from akinai.ui.formats import jdate

if TYPE_CHECKING:
    from akinai.party.models import Company
    from akinai.staff.models import Staff

KEY = "shipped:"
SEVERAL = "（ほかのお届け先の分は、お荷物ごとに別のメールでお知らせします）"


@dataclass(frozen=True, slots=True)
class TrackedParcel:
    """個口 as the customer sees it."""

    carrier: str
    number: str
    url: str


@transaction.atomic
def queue_mail(shipment_ids: Sequence[int], *, by: Staff | None) -> int:
    """出荷メールを送信待ちに入れる. Out: how many mails are queued now. Asking again changes nothing.

    Where the mall writes to the customer itself, none is needed; without a usable address the shipment stays in the
    list of 未通知 with that reason.
    """
    found = (
        Shipment.objects.filter(
            pk__in=shipment_ids,
            state__in=queries.GONE,
            notice__in=[Notice.NONE, Notice.NO_ADDRESS, Notice.FAILED],
        )
        .select_related("order__channel", "address")
        .prefetch_related("parcels", "rides_with__parcels", "lines__order_line")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    company = party.company()
    return sum(_queue_one(shipment, company) for shipment in found)


def _queue_one(shipment: Shipment, company: Company) -> bool:
    if shipment.order.channel.sends_own_shipping_mail:
        _mark(shipment, Notice.NOT_NEEDED)
        return False
    if not mail.is_address(shipment.order.buyer_email):
        _mark(shipment, Notice.NO_ADDRESS)
        return False
    subject, body = shipping_mail(shipment, company)
    mail.enqueue(
        to=shipment.order.buyer_email,
        subject=subject,
        body=body,
        key=mail_key(shipment),
        reply_to=company.email,
    )
    _mark(shipment, Notice.QUEUED)
    return True


def mail_key(shipment: Shipment) -> str:
    """Of the outbox: one shipping mail per shipment."""
    return f"{KEY}{shipment.number}"


def _mark(shipment: Shipment, notice: Notice) -> None:
    Shipment.objects.filter(pk=shipment.pk).update(notice=notice)


def shipping_mail(shipment: Shipment, company: Company) -> tuple[str, str]:
    """(件名, 本文) of one shipment's mail, by the shop's own text."""
    order = shipment.order
    name = order.buyer_name or order.ship_name
    day = jdate(shipment.delivery_on)
    values = {
        "お名前": f"{name} 様" if name else "お客様",
        "店舗名": company.shop_name or company.name,
        "注文番号": order.channel_order_no,
        "受注番号": order.number,
        "発送日": jdate(shipment.shipped_at),
        "配送会社": queries.name_of(shipment.carrier),
        "送り状": _numbers(shipment),
        "お届け希望": f"{day} {rules.SLOTS.get(shipment.delivery_slot, '')}".strip(),
        "代引金額": yen(shipment.cod_yen) if shipment.cod_yen else "",
        "商品一覧": _goods(shipment),
        "お届け先": _address(shipment),
        "領収書": "" if order.channel.issues_own_invoice else ports.receipt_link(order.number),
        "署名": party.signature(party.issuer_of(company)),
    }
    return mail_texts.compose(SHIPPED.code, values)


def _numbers(shipment: Shipment) -> str:
    lines = []
    for parcel in tracked(shipment.carried_in):
        lines.append(f"■ 送り状番号　{parcel.number}")
        if parcel.url:
            lines.append(f"　 配送状況　　{parcel.url}")
    return "\n".join(lines)


def _goods(shipment: Shipment) -> str:
    lines = []
    for line in shipment.lines.all():
        options = " ".join(line.order_line.options.split())[:80]
        lines += [
            f"・{line.order_line.name}",
            *([f"　（{options}）"] if options else []),
            f"　 数量 {line.quantity}",
        ]
    return "\n".join(lines)


def _address(shipment: Shipment) -> str:
    """お届け先 of this parcel; of an order with several addresses it says so."""
    to = shipment.to
    postal = rules.postal(to.postal_code)
    place = f"{'〒' if postal else ''}{postal} {to.prefecture}{to.city}{to.line1} {to.line2}"
    told = f"{' '.join(place.split())}\n{to.company} {to.name} 様".replace("\n ", "\n")
    is_one_of_several = shipment.order.in_parts and recipients.with_addresses([shipment.order_id])
    return f"{told}\n{SEVERAL}" if is_one_of_several else told


def tracked(parcels: Iterable[Parcel]) -> list[TrackedParcel]:
    """The parcels with the address where each can be followed."""
    rows = list(parcels)
    return [
        TrackedParcel(queries.name_of(parcel.carrier), parcel.tracking_no, url)
        for parcel, url in zip(rows, queries.urls_of(rows), strict=True)
    ]


def on_shipped(*, shipment_ids: list[int]) -> None:
    """Event shipment.shipped. Safe to run twice: the mail's key and the notice both say it was queued."""
    queue_mail(shipment_ids, by=None)


@transaction.atomic
def on_mail_sent(*, key: str, at: str, **_: object) -> None:
    """Event mail.sent: the shipment's customer has been told."""
    if not key.startswith(KEY):
        return
    shipment = Shipment.objects.filter(number=key.removeprefix(KEY)).first()
    if shipment is None or shipment.notice == Notice.SENT:
        return
    moment = datetime.fromisoformat(at)
    Shipment.objects.filter(pk=shipment.pk).update(notice=Notice.SENT, notified_at=moment)
    activity.record(shipment, "notify", by=None, summary="出荷メールを送信しました")
    _tell_order(shipment, moment)


def on_mail_given_up(*, key: str) -> None:
    """Event mail.given_up: the shipping mail will not leave; the shipment asks for a person."""
    if key.startswith(KEY):
        waiting = Shipment.objects.filter(number=key.removeprefix(KEY), notice=Notice.QUEUED)
        waiting.update(notice=Notice.FAILED)


@transaction.atomic
def notify_by_hand(shipment: Shipment, *, note: str, by: Staff | None) -> None:
    """電話・書面で連絡済: the way out where no mail can be sent. Raises DomainError without a note of how."""
    if not note.strip():
        raise DomainError(
            "どのように連絡したかが入力されていません。", way_out="例：電話で連絡、はがきを郵送"
        )
    now = clock.now()
    done = Shipment.objects.filter(pk=shipment.pk, state__in=queries.GONE).exclude(
        notice__in=[Notice.SENT, Notice.BY_HAND]
    )
    if not done.update(notice=Notice.BY_HAND, notified_at=now):
        raise DomainError(
            f"{shipment.number} は通知の必要がありません。", way_out="画面を開き直してください。"
        )
    activity.record(shipment, "notify_by_hand", by=by, summary=note)
    _tell_order(shipment, now)


def _tell_order(shipment: Shipment, at: datetime) -> None:
    """The customer knows of the order once he knows of each of its parcels."""
    live = Shipment.objects.filter(order_id=shipment.order_id).exclude(state=ShipmentState.WITHDRAWN)
    if not live.filter(notice__in=queries.UNTOLD).exists():
        orders.note_notified(shipment.order_id, at=at)
