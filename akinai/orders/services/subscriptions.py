"""定期購入を結ぶ・直す・休む・終える. Usable from the office and, later, from the customer's own page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from akinai.catalog import queries as catalog
from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import charging, content
from akinai.orders.intervals import Interval, order_day
from akinai.orders.models import Order, Subscription, SubscriptionLine, SubscriptionTurn
from akinai.orders.ports import Address
from akinai.orders.services.entering import CHANNEL, EntryLine, goods_of
from akinai.orders.services.rewriting import draft_of
from akinai.orders.states import SubscriptionState, TurnState
from akinai.party import services as party

if TYPE_CHECKING:
    from akinai.staff.models import Staff

FAR = timedelta(days=366)
FIXED = Subscription.Price.FIXED


@dataclass(frozen=True, slots=True)
class Terms:
    """定期購入の内容. `first_on`: the day of the next delivery; it stands as said, later ones follow the interval."""

    buyer: Address
    ship_to: Address
    lines: Sequence[EntryLine]
    payment: str
    interval: Interval
    first_on: date
    delivery_slot: str = ""
    shipping_yen: int | None = 0  # None: what the fee table says on the day of each turn
    cod_fee_yen: int | None = 0
    days_before: int = 3
    notice_days: int = 5
    price_is: str = Subscription.Price.CURRENT
    discount_percent: int = 0
    first_percent: int | None = None
    least_turns: int = 0
    shop_note: str = ""


@transaction.atomic
def subscribe(terms: Terms, *, began_from: Order | None = None, by: Staff | None) -> Subscription:
    """定期購入を始める. Refused for goods that are not sold, an impossible interval and a day that is gone."""
    _refuse(terms)
    made = Subscription(number=numbering.take("subscription")[0], began_from=began_from, created_by=by)
    _tell(made, terms)
    _plan(made, terms.first_on, terms.first_on)
    made.save()
    _write_lines(made, terms.lines)
    summary = f"{terms.interval.words}、初回のお届け {terms.first_on:%Y/%m/%d}"
    activity.record(made, "subscribe", by=by, summary=summary)
    return made


@transaction.atomic
def subscribe_from(order: Order, terms: Terms, *, delivered_on: date, by: Staff | None) -> Subscription:
    """定期購入を、この受注を 1 回目として始める. `terms.first_on` is the day of the second turn, `delivered_on` that of the order."""
    made = subscribe(terms, began_from=order, by=by)
    SubscriptionTurn.objects.create(
        subscription=made, turn=1, state=TurnState.MADE, order=order, delivery_on=delivered_on, by=by
    )
    made.next_turn = 2
    made.save(update_fields=["next_turn"])
    activity.record(made, "make_turn", by=by, summary=f"第1回: {order.number}")
    return made


@transaction.atomic
def end_begun_by(order_id: int, *, reason: str) -> int:
    """1 回目の受注が取り消された: what it began and has had no other turn ends with it. Safe to repeat. Out: how many."""
    begun = Subscription.objects.exclude(state=SubscriptionState.ENDED).filter(
        began_from=order_id, turns__order=order_id, next_turn=2
    )
    ids = list(begun.values_list("pk", flat=True))
    for pk in ids:
        end(pk, reason=reason, despite_least=True, by=None)
    return len(ids)


@transaction.atomic
def change(subscription_id: int, terms: Terms, *, seen: int | None = None, by: Staff | None) -> Subscription:
    """内容を直す: from the next turn on. `seen`: the version the writer saw; refused when it is another by now."""
    found = taken(subscription_id, seen=seen)
    _refuse(terms)
    before = _words(found)
    _tell(found, terms)
    if terms.first_on != found.next_on:
        _plan(found, terms.first_on, terms.first_on)
    else:
        _plan(found, found.next_on, found.scheduled_on)
    found.version += 1
    found.save()
    found.lines.all().delete()
    _write_lines(found, terms.lines)
    after = _words(found)
    told = "、".join(
        f"{name}: {before[name]} → {text}" for name, text in after.items() if before[name] != text
    )
    activity.record(found, "change_subscription", by=by, summary=(told or "変更なし")[:500])
    return found


def _words(one: Subscription) -> Mapping[str, str]:
    lines = one.lines.select_related("sku").order_by("line_no")
    return {
        "間隔": one.interval.words, "次のお届け日": f"{one.next_on:%Y/%m/%d}", "支払方法": one.get_payment_display(),
        "商品": "・".join(f"{line.sku.code}×{line.quantity}" for line in lines), "送料": "送料表" if one.shipping_yen is None else f"{one.shipping_yen:,}円",
        "お届け先": "変更前" if one.pk is None else f"{one.ship_to['postal_code']} {one.ship_to['name']}",
        "割引": f"{one.discount_percent}%",
    }  # fmt: skip


def _refuse(terms: Terms) -> None:
    if not terms.lines:
        raise DomainError("商品がありません。", way_out="明細を 1 行以上入力してください。")
    if problem := terms.interval.problem():
        raise DomainError(problem, way_out="お届けの間隔を直してください。")
    if not clock.today() <= terms.first_on <= clock.today() + FAR:
        raise DomainError(
            "次のお届け日は、今日から 1 年以内の日にしてください。", way_out="日付を直してください。"
        )
    if terms.shipping_yen is None:
        _refuse_unknown_charge(terms)
    if not (0 <= terms.discount_percent <= 100 and 0 <= (terms.first_percent or 0) <= 100):
        raise DomainError("割引は 0 から 100% までです。", way_out="割引を直してください。")
    if terms.price_is == Subscription.Price.FIXED and any(
        line.unit_price_yen is None for line in terms.lines
    ):
        raise DomainError(
            "決めた価格のときは、すべての明細に単価が必要です。", way_out="単価を入れてください。"
        )
    goods = catalog.sku_rows(line.sku_id for line in terms.lines)
    ended = [row.code for row in goods.values() if not row.is_active]
    if ended:
        raise DomainError(f"{ended[0]} は販売を終えています。", way_out="ほかの商品にしてください。")


def _refuse_unknown_charge(terms: Terms) -> None:
    """A charge by the fee table needs one that says it, or no turn could ever be made."""
    charge = charging.of_goods(
        terms.ship_to, goods_of(terms.lines), channel=CHANNEL[0], on=clock.today(),
        sku_ids=[line.sku_id for line in terms.lines],
    )  # fmt: skip
    if charge.yen is None:
        raise DomainError(
            f"送料が決まりません。{charge.told}。",
            way_out="毎回の送料を入力してください（かからないときは 0）。",
        )


def _tell(one: Subscription, terms: Terms) -> None:
    person = party.Person(
        terms.buyer.name, terms.buyer.kana, terms.buyer.company, terms.buyer.email, terms.buyer.phone,
        terms.buyer.postal_code, f"{terms.buyer.prefecture}{terms.buyer.city}{terms.buyer.line1} {terms.buyer.line2}".strip(),
    )  # fmt: skip
    one.customer_id = party.ensure_customers([person]).ids.get(person.identity)
    one.buyer_name, one.buyer, one.ship_to = terms.buyer.name, asdict(terms.buyer), asdict(terms.ship_to)
    for name in ("payment", "delivery_slot", "shipping_yen", "cod_fee_yen", "days_before", "notice_days", "price_is",
                 "discount_percent", "first_percent", "least_turns", "shop_note"):  # fmt: skip
        setattr(one, name, getattr(terms, name))
    interval = terms.interval
    one.interval_kind, one.every, one.month_day = interval.kind, interval.every, interval.day
    one.week, one.weekday = interval.week, interval.weekday
    names = [terms.buyer.name, terms.buyer.kana, terms.buyer.company, terms.ship_to.name, terms.ship_to.kana]
    one.search_text = content.search_words(
        one.number, terms.buyer.email, names, [terms.buyer.phone, terms.ship_to.phone]
    )


def _plan(one: Subscription, next_on: date, scheduled_on: date) -> None:
    one.next_on, one.scheduled_on = next_on, scheduled_on
    one.order_on = order_day(next_on, one.days_before)


def _write_lines(one: Subscription, lines: Sequence[EntryLine]) -> None:
    fixed = one.price_is == Subscription.Price.FIXED
    SubscriptionLine.objects.bulk_create(
        SubscriptionLine(
            subscription=one, line_no=no, sku_id=line.sku_id, quantity=line.quantity,
            unit_price_yen=line.unit_price_yen if fixed else None,
        )
        for no, line in enumerate(lines, 1)
    )  # fmt: skip


def taken(subscription_id: int, *, seen: int | None = None) -> Subscription:
    """The row, locked, of one that has not ended. Raises ChangedMeanwhile when it is another version than was seen."""
    found = Subscription.objects.select_for_update().get(pk=subscription_id)
    if seen is not None and seen != found.version:
        raise ChangedMeanwhile(
            f"{found.number} は、画面を開いたあとに変わりました。", way_out="開き直してください。"
        )
    if found.state == SubscriptionState.ENDED:
        raise DomainError(f"{found.number} は終了しています。", way_out="新しく始めてください。")
    return found


# ---- 休む・動かす・止める・終える


@transaction.atomic
def skip_next(subscription_id: int, *, turn: int, reason: str = "", by: Staff | None) -> Subscription:
    """次の回を休む. `turn`: the one that was shown; of two people skipping, one does. A turn that could not be made may be skipped, too."""
    found = taken(subscription_id)
    _refuse_other_turn(found, turn)
    SubscriptionTurn.objects.update_or_create(
        subscription=found, turn=turn,
        defaults={
            "state": TurnState.SKIPPED, "delivery_on": found.next_on, "reason": reason[:300], "at": clock.now(), "by": by,
        },
    )  # fmt: skip
    advance_turn(found)
    summary = f"第{turn}回を休み。次は {found.next_on:%Y/%m/%d} {reason}".strip()
    activity.record(found, "skip_turn", by=by, summary=summary[:500])
    return found


def _refuse_other_turn(found: Subscription, turn: int) -> None:
    if found.next_turn != turn:
        raise ChangedMeanwhile(
            f"{found.number} の第{turn}回は、もう済んでいるか休みになっています。",
            way_out="開き直してください。",
        )


def advance_turn(one: Subscription) -> None:
    """次の回へ: the next day of the interval that is still to come. The caller holds the row."""
    following = one.interval.first_after(one.scheduled_on, beyond=max(one.next_on, clock.today()))
    _plan(one, following, following)
    one.next_turn += 1
    one.version += 1
    one.save(update_fields=["next_on", "scheduled_on", "order_on", "next_turn", "version"])


@transaction.atomic
def move_next(subscription_id: int, *, to: date, turn: int, by: Staff | None) -> Subscription:
    """次のお届け日を動かす: this turn only where the interval names days of the month; else the later ones move along."""
    found = taken(subscription_id)
    _refuse_other_turn(found, turn)
    if not clock.today() <= to <= clock.today() + FAR:
        raise DomainError(
            "お届け日は、今日から 1 年以内の日にしてください。", way_out="日付を直してください。"
        )
    before = found.next_on
    stays = found.interval_kind.startswith("month")
    _plan(found, to, found.scheduled_on if stays else to)
    found.version += 1
    found.save(update_fields=["next_on", "scheduled_on", "order_on", "version"])
    activity.record(
        found, "move_turn", by=by, summary=f"第{turn}回のお届け: {before:%Y/%m/%d} → {to:%Y/%m/%d}"
    )
    return found


@transaction.atomic
def pause(subscription_id: int, *, reason: str = "", by: Staff | None) -> None:
    """休止する: no order is made until it goes on."""
    found = taken(subscription_id)
    transitions.apply(found, "pause", by=by, note=reason[:500])


@transaction.atomic
def resume(subscription_id: int, *, next_on: date, by: Staff | None) -> Subscription:
    """再開する, with a delivery on that day."""
    found = taken(subscription_id)
    if not clock.today() <= next_on <= clock.today() + FAR:
        raise DomainError(
            "次のお届け日は、今日から 1 年以内の日にしてください。", way_out="日付を直してください。"
        )
    transitions.apply(found, "resume", by=by, note=f"次のお届け {next_on:%Y/%m/%d}")
    found.refresh_from_db()
    _plan(found, next_on, next_on)
    found.version += 1
    found.save(update_fields=["next_on", "scheduled_on", "order_on", "version"])
    return found


@transaction.atomic
def end(subscription_id: int, *, reason: str, despite_least: bool = False, by: Staff | None) -> None:
    """終了する, with the reason. Below the least number of turns only by a decision (`despite_least`)."""
    found = taken(subscription_id)
    if not reason.strip():
        raise DomainError("終了の理由がありません。", way_out="理由を書いてください。")
    made = found.turns.filter(state=TurnState.MADE).count()
    if made < found.least_turns and not despite_least:
        raise DomainError(
            f"最低 {found.least_turns} 回のお約束で、まだ {made} 回です。",
            way_out="それでも終了するときは「最低の回数に足りなくても終了する」を選んでください。",
        )
    told = {"ended_reason": reason.strip()[:200], "ended_at": clock.now()}
    transitions.apply(found, "end", by=by, note=reason.strip()[:500], set_fields=told)
    found.turns.filter(state=TurnState.FAILED).update(state=TurnState.SKIPPED, reason=F("reason"))


# ---- 受注から


def terms_from(order: Order, interval: Interval, first_on: date) -> Terms:
    """既存の受注から: the same buyer, address, goods and payment; prices of the catalogue and charges of the fee table, where
    there is one."""
    told = draft_of(order)
    lines = [
        EntryLine(line.sku_id, line.quantity, line.unit_price_yen)
        for line in order.lines.order_by("line_no") if line.sku_id and line.quantity
    ]  # fmt: skip
    buyer: Any = replace(told.buyer)
    by_table = charging.of_order(order).yen is not None
    return Terms(
        buyer, told.ship_to, lines, order.payment, interval, first_on, order.delivery_slot,
        None if by_table else order.shipping_yen, None if by_table else order.cod_fee_yen,
    )  # fmt: skip
