"""定期購入の回: the notice before it, and its order, exactly once."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.catalog import queries as catalog
from akinai.channels import services as channels
from akinai.core import activity, clock, events, mail, mail_texts
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.orders import charging, ports, queries
from akinai.orders.fee_ports import ShippingCharge, charges
from akinai.orders.models import Order, Subscription, SubscriptionLine, SubscriptionNotice, SubscriptionTurn
from akinai.orders.queries.card_turns import BY_SUBSCRIPTION
from akinai.orders.services import entering, placing
from akinai.orders.services.subscriptions import advance_turn
from akinai.orders.states import DELIVERY_SLOTS, PaymentKind, SubscriptionState, TurnState
from akinai.orders.subscription_mails import UPCOMING
from akinai.party import queries as party
from akinai.ui.formats import jdate

if TYPE_CHECKING:
    from akinai.staff.models import Staff

log = logging.getLogger("akinai.subscriptions")
CHANNEL = (BY_SUBSCRIPTION, "定期購入", "phone")
UNEXPECTED = "想定していない問題が起きました。システム担当者に伝えてください。"


@dataclass(frozen=True, slots=True)
class Made:
    """What a run came to."""

    orders: int = 0
    failed: int = 0
    notices: int = 0


def run(*, by: Staff | None = None) -> Made:
    """毎日の定期購入: notices for what comes soon, orders for what is due. Safe to run at any time and by several workers."""
    notices = sum(_notify(pk) for pk in _to_notify())
    made = [make_turn(pk, by=by) for pk in _due()]
    return Made(sum(one is True for one in made), sum(one is False for one in made), notices)


def _due() -> list[int]:
    due = Subscription.objects.filter(state=SubscriptionState.ACTIVE, order_on__lte=clock.today())
    return list(due.order_by("order_on", "pk").values_list("pk", flat=True))


def make_turn(subscription_id: int, *, by: Staff | None = None) -> bool | None:
    """受注をつくる for the turn that is due. True when it was made, False when it cannot be; None when it is not due (any more).

    The row is taken first: of two workers the second finds the turn made. What cannot be made stands in the list of 回 with
    its reason and is tried again with the next run.
    """
    try:
        with transaction.atomic():
            return _make(subscription_id, by)
    except DomainError as refusal:
        reason = f"{refusal.message}{refusal.way_out}"
    except Exception:
        log.exception("a turn of subscription %s failed", subscription_id)
        reason = UNEXPECTED
    return _note_failure(subscription_id, reason)


def _is_due(one: Subscription | None) -> bool:
    return one is not None and one.state == SubscriptionState.ACTIVE and one.order_on <= clock.today()


def _make(subscription_id: int, by: Staff | None) -> bool | None:
    one = Subscription.objects.select_for_update().filter(pk=subscription_id).first()
    if one is None or not _is_due(one):
        return None
    lines = list(one.lines.select_related("sku"))
    _refuse(one, lines)
    charge = charge_of(one, lines, on=clock.today())
    if charge.yen is None:
        raise DomainError(
            f"送料が決まりません。{charge.told}。",
            way_out="送料表を用意するか、定期購入に送料を入れてください。",
        )
    draft = entering.draft_of(_entry(one, lines, charge), clock.now())
    _refuse_credit(one, draft.total_yen)
    placed = placing.place(draft, channel=channels.ensure(*CHANNEL), by=by, now=clock.now())
    order = Order.objects.get(pk=(placed.created or placed.unchanged or placed.changed)[0])
    SubscriptionTurn.objects.update_or_create(
        subscription=one, turn=one.next_turn,
        defaults={
            "state": TurnState.MADE, "order": order, "delivery_on": draft.delivery_on or one.next_on, "reason": "", "at": clock.now(), "by": by,
        },
    )  # fmt: skip
    activity.record(one, "make_turn", by=by, summary=f"第{one.next_turn}回: {order.number}")
    advance_turn(one)
    events.emit("subscription.turn_made", order_id=order.pk)
    return True


def _refuse(one: Subscription, lines: list[SubscriptionLine]) -> None:
    """販売を終えた商品."""
    goods = catalog.sku_rows(line.sku_id for line in lines)
    products = catalog.products_of(line.sku_id for line in lines)
    ended = [
        row.code for pk, row in goods.items()
        if not row.is_active or products[pk].status == "ended"
    ]  # fmt: skip
    if ended:
        raise DomainError(
            f"{'・'.join(ended)} は販売を終えています。", way_out="商品を替えるか、この回を休んでください。"
        )
    if not lines:
        raise DomainError("商品がありません。", way_out="商品を入れてください。")


def _refuse_credit(one: Subscription, total_yen: int) -> None:
    """掛けの与信: not a yen more than the limit."""
    if one.payment != PaymentKind.CREDIT_TERMS or one.customer_id is None:
        return
    limit = ports.credit_limits([one.customer_id]).get(one.customer_id)
    used = queries.credit_used([one.customer_id]).get(one.customer_id, 0)
    if limit is not None and used + total_yen > limit:
        raise DomainError(
            f"与信限度額 {yen(limit)} を超えます（未入金 {yen(used)} ＋ この回 {yen(total_yen)}）。",
            way_out="入金を待つか、支払方法を替えてください。",
        )


def charge_of(one: Subscription, lines: list[SubscriptionLine], *, on: date) -> ShippingCharge:
    """送料・代引手数料 of the next turn, its order made on that day: what was agreed, else what the fee table of the day says."""
    goods = goods_yen(entry_lines(one, lines))
    return _charges([(one, lines, one.next_turn, goods, on)])[0]


type _Asked = tuple[
    Subscription, list[SubscriptionLine], int, int, date
]  # its turn, 商品代, the day of its order


def _charges(asked: Sequence[_Asked]) -> list[ShippingCharge]:
    """One answer per turn, six queries for any number; none where all is agreed."""
    by_table = [row for row in asked if not _is_agreed(row[0])]
    cold = catalog.temperatures(line.sku_id for _, lines, *_ in by_table for line in lines)
    answers = iter(
        charges(
            [
                charging.ask(
                    one.ship_address, goods, channel=entering.CHANNEL[0], on=on, is_cod=one.payment == PaymentKind.COD,
                    besides_yen=-(goods * percent_of(one, turn) // 100),
                    temperature=catalog.coldest(cold[line.sku_id] for line in lines),
                )
                for one, lines, turn, goods, on in by_table
            ]
        )
    )  # fmt: skip
    return [_agreed(one, ShippingCharge(None) if _is_agreed(one) else next(answers)) for one, *_ in asked]


def _is_agreed(one: Subscription) -> bool:
    """Is there nothing that the fee table would have to say?"""
    return one.shipping_yen is not None and (one.cod_fee_yen is not None or one.payment != PaymentKind.COD)


def _agreed(one: Subscription, table: ShippingCharge) -> ShippingCharge:
    """What was agreed goes before the table; there is no 代引手数料 but for 代引."""
    cod = one.cod_fee_yen if one.cod_fee_yen is not None else table.cod_yen or 0
    cod = cod if one.payment == PaymentKind.COD else 0
    if one.shipping_yen is None:
        return replace(table, cod_yen=cod)
    return ShippingCharge(one.shipping_yen, (), cod)


def _entry(one: Subscription, lines: list[SubscriptionLine], charge: ShippingCharge) -> entering.Entry:
    """The order of this turn. A day that is gone or too near by a stop of the worker becomes the first that is not gone."""
    wanted = entry_lines(one, lines)
    return entering.Entry(
        buyer=one.buyer_address, ship_to=one.ship_address, lines=wanted, payment=one.payment, shipping_yen=charge.yen,
        cod_fee_yen=charge.cod_yen, discount_yen=discount_of(one, wanted),
        delivery_on=max(one.next_on, clock.today() + timedelta(days=1)), delivery_slot=one.delivery_slot, shop_note=f"定期購入 {one.number} 第{one.next_turn}回",
        number=f"{one.number}-{one.next_turn}",
    )  # fmt: skip


def entry_lines(one: Subscription, lines: list[SubscriptionLine]) -> list[entering.EntryLine]:
    """The lines as an order enters them: with the fixed price, or with none where the price of the day counts."""
    fixed = one.price_is == Subscription.Price.FIXED
    return [
        entering.EntryLine(line.sku_id, line.quantity, line.unit_price_yen if fixed else None)
        for line in lines
    ]


def discount_of(one: Subscription, lines: list[entering.EntryLine]) -> int:
    """割引 of the next turn, cut to whole yen."""
    return goods_yen(lines) * percent_of(one, one.next_turn) // 100


def percent_of(one: Subscription, turn: int) -> int:
    """割引率 of a turn: the first one's where it has one of its own."""
    is_first = turn == 1 and one.first_percent is not None
    return (one.first_percent or 0) if is_first else one.discount_percent


def goods_yen(lines: list[entering.EntryLine]) -> int:
    """商品代 with the prices of the catalogue where none is fixed."""
    goods = catalog.sku_rows(line.sku_id for line in lines)
    return sum(
        line.quantity * (goods[line.sku_id].price_yen if line.unit_price_yen is None else line.unit_price_yen)
        for line in lines
    )


def next_amounts(found: Iterable[Subscription]) -> dict[int, int | None]:
    """定期購入 → what its next turn costs in all, at the prices of now where none is fixed. In: with `asked_lines`. One query, seven
    where the fee table must be asked."""
    rows = list(found)
    lines = {one.pk: entry_lines(one, one.asked_lines) for one in rows}  # type: ignore[attr-defined]
    prices = {
        pk: row.price_yen
        for pk, row in catalog.sku_rows(line.sku_id for told in lines.values() for line in told).items()
    }
    today, asked = clock.today(), list[_Asked]()
    for one in rows:
        goods = sum(
            line.quantity * (line.unit_price_yen if line.unit_price_yen is not None else prices[line.sku_id])
            for line in lines[one.pk]
        )
        asked.append((one, one.asked_lines, one.next_turn, goods, max(one.order_on, today)))  # type: ignore[attr-defined]
    return {row[0].pk: _to_pay(row, charge) for row, charge in zip(asked, _charges(asked), strict=True)}


def _to_pay(asked: _Asked, charge: ShippingCharge) -> int | None:
    """お支払い of a turn; None where nobody can say the charge."""
    one, _, turn, goods, _ = asked
    if charge.yen is None:
        return None
    return goods - goods * percent_of(one, turn) // 100 + charge.yen + (charge.cod_yen or 0)


@transaction.atomic
def _note_failure(subscription_id: int, reason: str) -> bool | None:
    one = Subscription.objects.select_for_update().filter(pk=subscription_id).first()
    if one is None or not _is_due(one):
        return None
    turn, is_new = SubscriptionTurn.objects.get_or_create(
        subscription=one, turn=one.next_turn,
        defaults={"state": TurnState.FAILED, "delivery_on": one.next_on, "reason": reason[:300]},
    )  # fmt: skip
    if not is_new:
        SubscriptionTurn.objects.filter(pk=turn.pk, state=TurnState.FAILED).update(
            reason=reason[:300], at=clock.now()
        )
    if is_new or turn.reason != reason[:300]:
        activity.record(one, "fail_turn", by=None, summary=f"第{one.next_turn}回: {reason}"[:500])
    return False


# ---- お知らせ


def _to_notify() -> list[int]:
    """Active ones whose order is made within their days of notice and that were not told of this day."""
    today = clock.today()
    soon = Subscription.objects.filter(
        state=SubscriptionState.ACTIVE, order_on__lte=today + timedelta(days=60), next_on__gte=today
    )
    rows = list(soon.values_list("pk", "order_on", "notice_days", "next_turn", "next_on"))
    told = set(
        SubscriptionNotice.objects.filter(subscription__in=[row[0] for row in rows]).values_list("subscription_id", "turn", "delivery_on")
    )  # fmt: skip
    return [
        pk for pk, order_on, days, turn, on in rows
        if days and order_on - timedelta(days=days) <= today and (pk, turn, on) not in told
    ]  # fmt: skip


@transaction.atomic
def _notify(subscription_id: int) -> bool:
    """お届け前のお知らせ, once for a turn and day. One without a usable address is noted, too, with the reason."""
    one = Subscription.objects.select_for_update().get(pk=subscription_id)
    if one.state != SubscriptionState.ACTIVE:
        return False
    to = one.buyer.get("email", "")
    is_told = mail.is_address(to)
    _, is_new = SubscriptionNotice.objects.get_or_create(
        subscription=one, turn=one.next_turn, delivery_on=one.next_on,
        defaults={"to": to if is_told else "", "reason": "" if is_told else "メールアドレスがありません"},
    )  # fmt: skip
    if not is_new or not is_told:
        return False
    subject, body = notice_mail(one)
    company = party.company()
    mail.enqueue(to=to, subject=subject, body=body, key=f"subscription:{one.number}:{one.next_turn}:{one.next_on}", reply_to=company.email)  # fmt: skip
    activity.record(
        one, "notify_turn", by=None, summary=f"第{one.next_turn}回（{one.next_on:%Y/%m/%d}）のお知らせ"
    )
    return True


def notice_mail(one: Subscription) -> tuple[str, str]:
    """(件名, 本文) of the notice of the next turn."""
    lines = list(one.lines.select_related("sku"))
    goods = catalog.sku_rows(line.sku_id for line in lines)
    wanted = entry_lines(one, lines)
    charge = charge_of(one, lines, on=max(one.order_on, clock.today()))
    due = goods_yen(wanted) - discount_of(one, wanted) + (charge.yen or 0) + (charge.cod_yen or 0)
    issuer = party.issuer_of(party.company())
    slot = DELIVERY_SLOTS.get(one.delivery_slot, "")
    values = {
        "お名前": f"{one.buyer_name} 様", "店舗名": issuer["shop_name"] or issuer["name"], "定期購入番号": one.number,
        "回": str(one.next_turn), "お届け日": f"{jdate(one.next_on)} {slot}".strip(), "変更の締切": jdate(one.order_on - timedelta(days=1)),
        "お届けの間隔": one.interval.words, "商品一覧": "\n".join(f"・{goods[line.sku_id].title}\n　 数量 {line.quantity}" for line in lines),
        "お支払い金額": yen(due) if charge.yen is not None else f"{yen(due)} と送料", "支払方法": one.get_payment_display(),
        "署名": party.signature(issuer),
    }  # fmt: skip
    return mail_texts.compose(UPCOMING.code, values)


# ---- これからの予定


@dataclass(frozen=True, slots=True)
class Planned:
    """これからの 1 回."""

    subscription: Subscription
    turn: int
    on: date
    order_on: date


def planned(first_on: date, last_on: date) -> list[Planned]:
    """Every turn of the active ones in these days, by day. One query."""
    from akinai.orders.intervals import order_day

    found = []
    for one in Subscription.objects.filter(state=SubscriptionState.ACTIVE, next_on__lte=last_on):
        following = one.interval.first_after(one.scheduled_on, beyond=one.next_on)
        days = [one.next_on, *one.interval.days(following, last_on)]
        for nth, day in enumerate(days):
            if first_on <= day <= last_on:
                found.append(Planned(one, one.next_turn + nth, day, order_day(day, one.days_before)))
    return sorted(found, key=lambda row: (row.on, row.subscription.number))


def planned_yen(rows: Sequence[Planned]) -> list[int | None]:
    """請求の見込み of each of these turns: prices of now, charges of the fee table of the day its order is made. None: no table
    says the charge. Nine queries for any number."""
    today = clock.today()
    lines: dict[int, list[SubscriptionLine]] = defaultdict(list)
    for line in SubscriptionLine.objects.filter(subscription__in={row.subscription.pk for row in rows}):
        lines[line.subscription_id].append(line)
    prices = catalog.sku_rows({line.sku_id for of in lines.values() for line in of})
    asked: list[_Asked] = []
    for row in rows:
        one, own = row.subscription, lines[row.subscription.pk]
        goods = sum(
            line.quantity * (price if (price := line.unit_price_yen) is not None else prices[line.sku_id].price_yen) for line in own
        )  # fmt: skip
        asked.append((one, own, row.turn, goods, max(row.order_on, today)))
    return [_to_pay(row, charge) for row, charge in zip(asked, _charges(asked), strict=True)]


def planned_pieces(first_on: date, last_on: date) -> Mapping[tuple[int, date], int]:
    """(SKU, 受注の日) → pieces that these turns will order, sets by their parts. Three queries."""
    turns = planned(first_on, last_on)
    lines: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = SubscriptionLine.objects.filter(subscription__in={row.subscription.pk for row in turns})
    for pk, sku, quantity in rows.values_list("subscription_id", "sku_id", "quantity"):
        lines[pk].append((sku, quantity))
    parts = catalog.parts_of({sku for of in lines.values() for sku, _ in of})
    found: dict[tuple[int, date], int] = defaultdict(int)
    for row in turns:
        for sku, quantity in lines[row.subscription.pk]:
            for part, each in [(p.sku_id, p.quantity) for p in parts.get(sku, ())] or [(sku, 1)]:
                found[part, row.on] += quantity * each
    return found
