"""受注の書き直し: an order gets the content of another telling: columns, lines, promised goods, issues and holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from akinai.core import bulk, clock
from akinai.orders import check_rules, content, gifts, recipients, rules, sharing
from akinai.orders.delivery_ports import delivery_times
from akinai.orders.gifts import Gift
from akinai.orders.models import CheckWarning, Hold, Order, OrderIssue, OrderLine
from akinai.orders.ports import IssueDraft, LineDraft, OrderDraft, TaxDraft
from akinai.orders.services import cases, check_facts, lookups, promising, rows
from akinai.orders.services.assigned import free_assigned, free_told, take_told
from akinai.orders.services.hold_limits import give_limits
from akinai.orders.services.progress import progress_of_money
from akinai.orders.services.stock_lines import references, reserve_order
from akinai.orders.states import IssueCode
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff

LINE_COLUMNS = ("line_no", "channel_line_no", *content.LINE_TITLES)


def as_columns(order_ids: Sequence[int]) -> dict[int, tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Orders as we have them, in the shape of `content.columns` and `content.line_columns`. Two queries."""
    if not order_ids:
        return {}
    lines = Prefetch("lines", OrderLine.objects.only("order_id", *LINE_COLUMNS).order_by("line_no"))
    orders = Order.objects.filter(pk__in=list(order_ids)).only(*content.TITLES).prefetch_related(lines)
    return {order.pk: (_columns(order), [_line(line) for line in order.lines.all()]) for order in orders}


def _columns(order: Order) -> dict[str, Any]:
    return {name: getattr(order, name) for name in content.TITLES}


def _line(line: OrderLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in LINE_COLUMNS}


def with_amounts(
    draft: OrderDraft, columns: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]
) -> OrderDraft:
    """The draft with the amounts of an order as we have it, and with the prices of the lines that are the same."""
    mine = {(line["line_no"], line["sku_code"]): line for line in lines}
    prices = ("unit_price_yen", "tax_rate", "price_includes_tax")
    priced = tuple(
        replace(line, **{name: mine[line.line_no, line.sku_code][name] for name in prices})
        if (line.line_no, line.sku_code) in mine
        else line
        for line in draft.lines
    )
    taxes = tuple(TaxDraft(**tax) for tax in columns["taxes"])
    amounts = {name: columns[name] for name in content.TITLES if name.endswith("_yen")}
    return replace(draft, lines=priced, taxes=taxes, amounts_known=columns["amounts_known"], **amounts)


SHARE_AGAIN = "モールの内容が変わったため、送付先ごとの数量を割り当て直してください。"


def rewrite(order: Order, draft: OrderDraft, *, by: Staff | None) -> None:
    """Replace what the order says by the draft. The caller holds the row and advances afterwards."""
    old = references(order)
    stock_services.release(old, by=by)
    skus = cases.resolve([draft], order.channel_id, by=by, create=False)
    mine = _chosen(order, draft) | {
        line.line_no: pk for line in draft.lines if (pk := cases.sku_of(line, skus)) is not None
    }
    columns = content.columns(draft)
    lines = [content.line_columns(line) for line in draft.lines]
    was_shared = _free_addresses(order, draft)
    _write_lines(order, lines, mine)
    take_told(order, draft.others)
    digest = content.digest_of(columns, lines, draft.others)
    settled = {"payment_settled": True} if draft.payment_settled else {}
    Order.objects.filter(pk=order.pk).update(**columns, content_digest=digest, **settled)
    renew_search(order.pk)
    _free_gifts(order, draft.wrapping_yen)
    progress_of_money([order.pk])
    _ask_again(order, draft, mine, by)
    if was_shared:
        bulk.insert(
            OrderIssue, [rows.issue_row(order.pk, IssueDraft(IssueCode.MULTI_SHIP, SHARE_AGAIN), clock.now())]
        )
    reserve_order(order.pk, by=by)


def renew_search(order_id: int) -> None:
    """What the search finds the order by: its own words and those of all its addresses."""
    order = Order.objects.get(pk=order_id)
    others = recipients.addresses_of([order_id]).get(order_id, [])
    text = content.search_text(draft_of(order))
    if others:
        text = content.with_others(text, [recipients.recipient(order, one) for one in others])
    Order.objects.filter(pk=order_id).exclude(search_text=text).update(search_text=text)


def _free_gifts(order: Order, wrapping_yen: int) -> None:
    """What the mall charges counts: where its ラッピング料 is less than the chosen のし・ラッピング cost, they cost nothing."""
    lines = list(order.lines.exclude(gift={}))
    if gifts.charged(lines) <= wrapping_yen:
        return
    for line in lines:
        gift = Gift.of(line.gift)
        free = replace(gift, options=tuple(replace(one, yen=0) for one in gift.options))
        OrderLine.objects.filter(pk=line.pk).update(gift=free.to_json())


def _free_addresses(order: Order, draft: OrderDraft) -> bool:
    """Other addresses lose their pieces where the channel tells (or told) who gets what, and when the new quantities do not
    carry them. Out: must a person share out anew?"""
    free_told(order, everything=bool(draft.others))
    if draft.others:
        return False
    told = {line.line_no: line.quantity for line in draft.lines}
    gone = set(order.lines.values_list("line_no", flat=True)) - set(told)
    return free_assigned(order, told, gone=gone)


def _chosen(order: Order, draft: OrderDraft) -> dict[int, int]:
    """Line → the SKU that a clerk chose for this very code, which the catalogue may not know."""
    have = {(line.line_no, line.sku_code): line.sku_id for line in order.lines.all() if line.sku_id}
    return {
        line.line_no: have[key]
        for line in draft.lines
        if (key := (line.line_no, line.sku_code[:120])) in have
    }


def _write_lines(order: Order, lines: Sequence[dict[str, Any]], skus: dict[int, int]) -> None:
    """Lines keep their numbers, because papers name them; a line that is gone stays with 0 pieces."""
    have = {line.line_no: line.pk for line in order.lines.all()}
    for columns in lines:
        values = columns | {"sku_id": skus.get(columns["line_no"])}
        if pk := have.pop(columns["line_no"], None):
            OrderLine.objects.filter(pk=pk).update(**values)
        else:
            OrderLine.objects.create(order=order, **values)
    OrderLine.objects.filter(pk__in=have.values()).update(quantity=0)


def _ask_again(order: Order, draft: OrderDraft, skus: dict[int, int], by: Staff | None) -> None:
    """What was odd about the old content is answered by the new one; what is odd about the new one is said."""
    now = clock.now()
    OrderIssue.objects.filter(order=order, resolved_at=None).update(
        resolved_at=now, resolved_by=by, resolution="変更の反映で置き換え"
    )
    bulk.insert(OrderIssue, [rows.issue_row(order.pk, i, now) for i in cases.issues_of(draft, skus)])
    judge_again(order, draft, by=by, note="変更の反映で解消")


def judge_again(order: Order, draft: OrderDraft, *, by: Staff | None, note: str) -> None:
    """The 要確認 rules look at the corrected order.

    Holds whose reason is gone are released with the note. A hold that a person has released stays released unless
    its reason is another one now. 重複の疑い and 与信 are not asked again: they were questions about the order as such.
    """
    now = clock.now()
    live = check_facts.live_checks()
    on_credit = [one.code for one in live if check_rules.Need.CREDIT in check_rules.needs([one])]
    checks = [one for one in live if one.code not in on_credit]
    looked = lookups.looked_up(
        draft, now, misses=_misses(draft, now), others_miss=sharing.others_miss(order, now)
    )
    told = check_facts.ToCheck(
        draft, looked, order.channel.code, order.customer_id, _skus_of(order), order.pk
    )
    spoken = check_rules.holds(checks, check_facts.gather([told], checks)[0])
    warn_again(order.pk, [one for one in spoken if one.is_warning], by=by)
    holds = [one for one in spoken if not one.is_warning] + rules.holds_for(
        draft, lookups.rule_settings(), looked
    )
    wanted = {hold.rule: hold for hold in holds}
    held = Hold.objects.filter(order=order, released_at=None).exclude(
        rule__in=[rules.MANUAL, "duplicate", "credit_limit", *on_credit]
    )
    gone = held.exclude(rule__in=wanted)
    gone.update(released_at=now, released_by=by, note=note)
    answered = set(Hold.objects.filter(order=order).exclude(released_at=None).values_list("rule", "reason"))
    for hold in wanted.values():
        told_now = {"reason": hold.reason, "title": hold.title, "check_version_id": hold.version_id}
        if held.filter(rule=hold.rule).update(**told_now) or (hold.rule, hold.reason) in answered:
            continue
        bulk.insert(Hold, [rows.hold_row(order.pk, hold, now)])
    give_limits([order.pk] if wanted else [])
    promising.renew_ship_by([order.pk])


def _misses(draft: OrderDraft, now: datetime) -> str:
    """Why the wished day cannot be met, ""."""
    if draft.delivery_on is None:
        return ""
    is_island = draft.is_remote_island or content.is_island(draft.ship_to)
    answer = delivery_times([promising.ask_of(draft, is_island=is_island, now=now)])[0]
    return answer.misses if answer else ""


def _skus_of(order: Order) -> dict[int, int]:
    return dict(order.lines.exclude(sku=None).values_list("line_no", "sku_id"))


def warn_again(order_id: int, wanted: Sequence[rules.HoldDraft], *, by: Staff | None) -> None:
    """注意 as they are now: what does not hold any more is put away, what somebody has seen is not said again."""
    now = clock.now()
    said = CheckWarning.objects.filter(order=order_id)
    said.filter(seen_at=None).exclude(rule__in=[one.rule for one in wanted]).update(seen_at=now, seen_by=by)
    known = set(said.values_list("rule", "reason")) if wanted else set()
    for one in wanted:
        if (
            not said.filter(seen_at=None, rule=one.rule).update(
                reason=one.reason, title=one.title, version_id=one.version_id
            )
            and (one.rule, one.reason) not in known
        ):
            bulk.insert(CheckWarning, [rows.warning_row(order_id, one, now)])


def draft_of(order: Order) -> OrderDraft:
    """The order as a draft, for the rules to look at: the columns as they are now."""
    taxes = tuple(TaxDraft(**tax) for tax in order.taxes)
    amounts = {name: getattr(order, name) for name in content.TITLES if name.endswith("_yen")}
    return OrderDraft(
        channel_order_no=order.channel_order_no, ordered_at=order.ordered_at, buyer=recipients.buyer_of(order), ship_to=recipients.recipient(order, None), lines=_told_lines(order),
        payment=order.payment, payment_label=order.payment_label, payment_settled=order.payment_settled,
        delivery_on=order.delivery_on, delivery_slot=order.delivery_slot, delivery_method=order.delivery_method,
        carrier=order.carrier, customer_note=order.customer_note, shop_note=order.shop_note, gift_note=order.gift_note,
        is_remote_island=order.is_remote_island, taxes=taxes, **amounts,
    )  # fmt: skip


def _told_lines(order: Order) -> tuple[LineDraft, ...]:
    """Lines with pieces; those of a prefetched order cost no query."""
    return tuple(
        LineDraft(
            line.line_no, line.sku_code, line.name, line.quantity, line.unit_price_yen, line.tax_rate,
            price_includes_tax=line.price_includes_tax, options=line.options,
        )
        for line in order.lines.all() if line.quantity > 0
    )  # fmt: skip
