"""過去の受注で試す: what a wording would have stopped, and what became of those orders; and the same rule over open ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from akinai.core import activity, bulk, clock, long_jobs, postal
from akinai.core.errors import DomainError
from akinai.core.long_jobs import Kind, Outcome
from akinai.core.models import Activity
from akinai.orders import check_rules, ports
from akinai.orders.check_rules import Check, Need
from akinai.orders.models import (
    CheckBacktest,
    CheckBacktestHit,
    CheckRule,
    CheckRuleVersion,
    CheckWarning,
    Hold,
    Order,
    OrderChange,
)
from akinai.orders.rules import HoldDraft, Looked
from akinai.orders.services import check_facts, rewriting, rows
from akinai.orders.services.advance import advance
from akinai.orders.services.hold_limits import give_limits
from akinai.orders.states import PAID_LATER, PREPAID, WAITING, CheckOutcome, OrderState

if TYPE_CHECKING:
    from akinai.core.models import LongJob
    from akinai.staff.models import Staff

TEST, APPLY = "orders.check_backtest", "orders.check_apply"
PIECE = 500
MOST_ORDERS = 200_000
WAITS_FOR_MONEY = timedelta(days=60)
CORRECTIONS = (
    "edit_delivery", "correct_line", "restore_line", "drop_repeats", "set_payment", "correct_amounts", "accept_change",
    "assign_sku",
)  # fmt: skip


# ---- 試す


@transaction.atomic
def start_backtest(
    rule: CheckRule, version: CheckRuleVersion, *, first_on: date, last_on: date, back: str, by: Staff | None
) -> CheckBacktest:
    """過去の受注で試す, in pieces by a worker. Refused for a period that is turned round or holds too many orders."""
    if first_on > last_on:
        raise DomainError("期間のはじめが、おわりより後です。", way_out="期間を直してください。")
    ids = list(orders_between(first_on, last_on).order_by("ordered_at", "pk").values_list("pk", flat=True)[: MOST_ORDERS + 1])  # fmt: skip
    if not ids:
        raise DomainError(
            f"{first_on:%Y/%m/%d}〜{last_on:%Y/%m/%d} の受注はありません。", way_out="期間を広げてください。"
        )
    if len(ids) > MOST_ORDERS:
        raise DomainError(
            f"一度に試せるのは {MOST_ORDERS:,} 件までです。", way_out="期間を短くしてください。"
        )
    against = rule.live if rule.live_id != version.pk else None
    made = CheckBacktest.objects.create(
        version=version, against=against, first_on=first_on, last_on=last_on, orders=len(ids), by=by
    )
    made.job = long_jobs.start(TEST, ids, by=by, options={"backtest": made.pk}, back=back)
    made.save(update_fields=["job"])
    return made


def orders_between(first_on: date, last_on: date) -> QuerySet[Order]:
    """Orders that were ordered on these days, those shipped elsewhere left out."""
    first, after = (
        timezone.make_aware(datetime.combine(day, time.min))
        for day in (first_on, last_on + timedelta(days=1))
    )
    return Order.objects.filter(ordered_at__gte=first, ordered_at__lt=after, shipped_outside=False)


def test_piece(ids: Sequence[int], options: Mapping[str, Any], _by: Staff | None) -> Outcome:
    """One piece of a back-test. Safe to repeat: an order is noted once."""
    test = CheckBacktest.objects.select_related("version__rule", "against").get(pk=options["backtest"])
    rule = test.version.rule
    new = check_facts.check_of(rule, test.version)
    old = check_facts.check_of(rule, test.against) if test.against else None
    facts = facts_of(ids, [new, *([old] if old else [])])
    found = []
    for pk, told in facts.items():
        said = new.hold(told)
        was = bool(old and old.judge(told))
        if said or was:
            found.append((pk, bool(said), was, said.reason if said else ""))
    _note_hits(test, found)
    return Outcome({"止めていた": sum(1 for _, by_new, _, _ in found if by_new), "調べた": len(ids)})


def _note_hits(test: CheckBacktest, found: Sequence[tuple[int, bool, bool, str]]) -> None:
    if not found:
        return
    became = outcomes([pk for pk, *_ in found])
    CheckBacktestHit.objects.bulk_create(
        [
            CheckBacktestHit(
                backtest=test, order_id=pk, by_new=by_new, by_old=by_old, outcome=became[pk], reason=reason[:300]
            )
            for pk, by_new, by_old, reason in found
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def finish_test(job: LongJob) -> str:
    """The back-test is over: its figures may be shown, those of earlier ones go. There is no file.

    Where an order could not be judged the figures would be wrong, so it stays unfinished.
    """
    test = CheckBacktest.objects.select_related("version").get(pk=job.options["backtest"])
    if not job.refused:
        CheckBacktest.objects.filter(version__rule=test.version.rule_id, pk__lt=test.pk).delete()
        CheckBacktest.objects.filter(pk=test.pk, finished_at=None).update(finished_at=clock.now())
    return ""


def facts_of(ids: Sequence[int], checks: Sequence[Check]) -> dict[int, check_rules.OrderFacts]:
    """Orders as they stand here, seen from the day they came in. 掛けの与信 of the past is not known and never met."""
    orders = list(
        Order.objects.filter(pk__in=list(ids))
        .select_related("channel")
        .prefetch_related("lines")
        .defer("raw", "search_text", "search_grams")
        .order_by("ordered_at", "pk")
    )
    told = [_to_check(order) for order in orders]
    gathered = check_facts.gather(told, checks)
    return {order.pk: facts for order, facts in zip(orders, gathered, strict=True)}


def _to_check(order: Order) -> check_facts.ToCheck:
    looked = Looked(timezone.localdate(order.received_at), postal.lookup(order.ship_postal_code))
    skus = {line.line_no: line.sku_id for line in order.lines.all() if line.sku_id is not None}
    return check_facts.ToCheck(
        rewriting.draft_of(order), looked, order.channel.code, order.customer_id, skus, order.pk
    )


# ---- その後


def outcomes(order_ids: Sequence[int]) -> dict[int, str]:
    """What became of these orders. Five queries at most."""
    ids = list(order_ids)
    orders = list(
        Order.objects.filter(pk__in=ids).only(
            "state", "payment", "payment_settled", "paid_yen", "total_yen", "payment_due_on", "shipped_at"
        )
    )
    returned, corrected = ports.returned(ids), corrected_orders(ids)
    return {order.pk: _outcome(order, order.pk in returned, order.pk in corrected) for order in orders}


def _outcome(order: Order, came_back: bool, was_corrected: bool) -> str:
    if order.state == OrderState.CANCELLED:
        return CheckOutcome.CANCELLED
    if came_back:
        return CheckOutcome.RETURNED
    if _is_unpaid(order):
        return CheckOutcome.UNPAID
    if order.state not in (OrderState.SHIPPED, OrderState.COMPLETED):
        return CheckOutcome.OPEN
    return CheckOutcome.CHANGED if was_corrected else CheckOutcome.SHIPPED


def _is_unpaid(order: Order) -> bool:
    if order.payment_settled or order.paid_yen >= order.total_yen:
        return False
    if order.payment in PREPAID:
        return order.payment_due_on is not None and order.payment_due_on < clock.today()
    gone = order.shipped_at is not None and order.shipped_at < clock.now() - WAITS_FOR_MONEY
    return order.payment in PAID_LATER and gone


def corrected_orders(order_ids: Collection[int]) -> set[int]:
    """Those that a person put right, or whose change was accepted, before they left."""
    edited = Activity.objects.filter(
        subject_type="orders.order", subject_id__in=list(order_ids), verb__in=CORRECTIONS
    ).values_list("subject_id", flat=True)
    changed = OrderChange.objects.filter(
        order__in=list(order_ids), state=OrderChange.State.ACCEPTED
    ).values_list("order_id", flat=True)
    return {*edited, *changed}


# ---- いまの受注にも使う


@dataclass(frozen=True, slots=True)
class Foreseen:
    """An open order that the rule would stop."""

    order: Order
    reason: str


def foresee_open(rule: CheckRule) -> list[Foreseen]:
    """まだ出荷していない受注のうち、この規則が新しく止めるもの. Writes nothing."""
    said = _said_of_open(rule, list(_open_orders().values_list("pk", flat=True)))
    orders = Order.objects.filter(pk__in=said).select_related("channel").order_by("-ordered_at")
    return [Foreseen(order, said[order.pk].reason) for order in orders]


def _open_orders() -> QuerySet[Order]:
    return Order.objects.filter(state__in=WAITING)


def _said_of_open(rule: CheckRule, ids: Sequence[int]) -> dict[int, HoldDraft]:
    """Order → what the rule in force says, without what is held or was answered already."""
    check = _live_check(rule)
    table: Any = CheckWarning if check.is_warning else Hold
    done = "seen_at" if check.is_warning else "released_at"
    found = {}
    for start in range(0, len(ids), PIECE):
        piece = ids[start : start + PIECE]
        told = table.objects.filter(order__in=piece, rule=rule.code)
        is_open = set(told.filter(**{done: None}).values_list("order_id", flat=True))
        answered = set(told.exclude(**{done: None}).values_list("order_id", "reason"))
        for pk, facts in facts_of(piece, [check]).items():
            said = check.hold(facts)
            if said and pk not in is_open and (pk, said.reason) not in answered:
                found[pk] = said
    return found


def _live_check(rule: CheckRule) -> Check:
    if rule.live is None:
        raise DomainError(f"「{rule.name}」は使われていません。", way_out="先に使いはじめてください。")
    check = check_facts.check_of(rule, rule.live)
    if Need.CREDIT in check_rules.needs([check]):
        raise DomainError(
            "掛けの与信を使う規則は、いまの受注には使えません。", way_out="新しい受注から効きます。"
        )
    return check


@transaction.atomic
def apply_to_open(
    rule: CheckRule, order_ids: Sequence[int], *, version_id: int, back: str, by: Staff | None
) -> LongJob:
    """いまの受注にも使う: the orders of the preview, in pieces by a worker. Refused when another version is in force."""
    _live_check(rule)
    if rule.live_id != version_id:
        raise DomainError(
            "この規則は、画面を開いたあとに変わりました。", way_out="もう一度確かめてください。"
        )
    if not order_ids:
        raise DomainError("止める受注がありません。", way_out="画面を開き直してください。")
    activity.record(rule, "check_apply", by=by, summary=f"いまの受注 {len(order_ids)} 件に使用")
    options = {"rule": rule.pk, "version": version_id}
    return long_jobs.start(APPLY, list(order_ids), by=by, options=options, back=back)


def apply_piece(ids: Sequence[int], options: Mapping[str, Any], by: Staff | None) -> Outcome:
    """One piece: the orders are taken first, so that what was shipped or held meanwhile is left alone."""
    rule = CheckRule.objects.select_related("live").get(pk=options["rule"])
    if rule.live_id != options["version"]:
        raise DomainError("規則が変わったため、やめました。", way_out="もう一度確かめてください。")
    taken = _open_orders().select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk")
    said = _said_of_open(rule, list(taken.values_list("pk", flat=True)))
    now = clock.now()
    if any(one.is_warning for one in said.values()):
        bulk.insert(CheckWarning, [rows.warning_row(pk, one, now) for pk, one in said.items()])
        return Outcome({"注意を出した": len(said)})
    if said:
        bulk.insert(Hold, [rows.hold_row(pk, one, now) for pk, one in said.items()])
        give_limits(list(said))
        advance(list(said), by=by)
    return Outcome({"止めた": len(said)})


def register() -> None:
    """Bring both jobs into use (called from the room's AppConfig.ready)."""
    title = "要確認の規則を過去の受注で試す"
    long_jobs.register(Kind(TEST, title, test_piece, "orders.view_checkrule", PIECE, finish_test))
    long_jobs.register(
        Kind(APPLY, "要確認の規則をいまの受注に使う", apply_piece, "orders.change_holdrule", 100)
    )
