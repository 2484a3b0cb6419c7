"""受注の受付: drafts from any channel become orders, set-based; the same drafts again change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.catalog import services as catalog_services
from akinai.channels import queries as channels
from akinai.core import activity, clock, numbering
from akinai.core.kana import search_key
from akinai.orders import rules
from akinai.orders.models import Hold, Order, OrderIssue, OrderLine
from akinai.orders.ports import IssueDraft, LineDraft, OrderDraft
from akinai.orders.services import changes, lookups
from akinai.orders.states import IssueCode, OrderState, PaymentKind, Progress
from akinai.party import services as party
from akinai.stock import queries as stock
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.channels.models import Channel
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff


@dataclass(slots=True)
class Placed:
    """受付の結果. `exceptions` counts orders of this call with at least one open issue or pending change."""

    created: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    exceptions: int = 0


@dataclass(slots=True)
class _Case:
    """One draft on its way to becoming an order."""

    draft: OrderDraft
    number: str
    skus: dict[int, int]  # line_no → SKU
    customer_id: int | None
    issues: list[IssueDraft]
    holds: list[rules.HoldDraft] = field(default_factory=list)
    state: OrderState = OrderState.READY

    @property
    def is_live(self) -> bool:
        return self.draft.mall_status in ("open", "hold")

    def reference(self, line_no: int) -> str:
        return f"{self.number}/{line_no}"

    def stocked(self) -> list[tuple[LineDraft, int]]:
        return [
            (ln, self.skus[ln.line_no])
            for ln in self.draft.lines
            if ln.line_no in self.skus and ln.quantity > 0
        ]


def place(draft: OrderDraft, *, channel: Channel, by: Staff | None, create_skus: bool = False) -> Placed:
    """受付（1 件）. When the same order comes in twice at once, the second call finds the first one's order."""
    try:
        return place_many([draft], channel=channel, by=by, create_skus=create_skus)
    except IntegrityError as error:
        if "order_once_per_channel" not in str(error):
            raise
        return place_many([draft], channel=channel, by=by, create_skus=create_skus)


@transaction.atomic
def place_many(
    drafts: Sequence[OrderDraft],
    *,
    channel: Channel,
    by: Staff | None,
    intake_file: IntakeFile | None = None,
    create_skus: bool = False,
    now: datetime | None = None,
) -> Placed:
    """受付: new orders are written with their lines, issues, holds and reservations; known ones are compared.

    The number of statements does not grow with the number of drafts. Idempotent by channel and channel order number.
    """
    moment = now or clock.now()
    known = lookups.known_orders(channel.pk, [draft.channel_order_no for draft in drafts])
    placed = Placed()
    fresh = [draft for draft in drafts if draft.channel_order_no not in known]
    pairs = [(known[d.channel_order_no], d) for d in drafts if d.channel_order_no in known]
    seen = changes.compare_many(pairs, by=by, intake_file=intake_file, now=moment)
    placed.changed, placed.unchanged, placed.exceptions = seen.changed, seen.unchanged, len(seen.changed)
    location_id = stock.default_location_id()
    cases = _cases(fresh, channel, by, create_skus, moment, location_id)
    placed.created = _write(cases, channel, by, intake_file, moment, location_id)
    placed.exceptions += sum(1 for case in cases if case.issues)
    return placed


def _cases(
    drafts: Sequence[OrderDraft],
    channel: Channel,
    by: Staff | None,
    create_skus: bool,
    now: datetime,
    location_id: int,
) -> list[_Case]:
    if not drafts:
        return []
    skus = _resolve(drafts, channel.pk, by, create_skus)
    people = [_person(draft) for draft in drafts]
    customers = party.ensure_customers(people)
    numbers = numbering.take("order", len(drafts))
    cases = [
        _case(draft, number, skus, customers.ids.get(person.identity))
        for draft, number, person in zip(drafts, numbers, people, strict=True)
    ]
    _judge(cases, now, customers.new, location_id)
    return cases


def _person(draft: OrderDraft) -> party.Person:
    b = draft.buyer
    address = f"{b.prefecture}{b.city}{b.line1}{b.line2}"
    return party.Person(b.name, b.kana, b.company, b.email, b.phone, b.postal_code, address)


def _resolve(
    drafts: Sequence[OrderDraft], channel_id: int, by: Staff | None, create_skus: bool
) -> dict[str, int]:
    """Code → SKU for every code of every line; unknown first codes become provisional SKUs when asked to."""
    lines = [line for draft in drafts for line in draft.lines]
    codes = {code for line in lines for code in (line.sku_code, *line.alternative_codes, line.jan) if code}
    found = channels.resolve_skus(channel_id, list(codes))
    if create_skus:
        unknown = {
            line.sku_code: catalog_services.StubSku(
                line.sku_code, line.name, line.unit_price_yen, line.tax_rate, line.jan
            )
            for line in lines
            if line.sku_code and _sku_of(line, found) is None
        }
        found |= catalog_services.create_stub_skus(list(unknown.values()), by=by) if unknown else {}
    return found


def _sku_of(line: LineDraft, found: dict[str, int]) -> int | None:
    for code in (line.sku_code, *line.alternative_codes, line.jan):
        if code in found:
            return found[code]
    return None


def _case(draft: OrderDraft, number: str, skus: dict[str, int], customer_id: int | None) -> _Case:
    mine = {line.line_no: pk for line in draft.lines if (pk := _sku_of(line, skus)) is not None}
    issues = [*draft.issues, *rules.own_issues(draft)]
    if draft.mall_status in ("open", "hold"):
        issues += [unknown_issue(draft, line) for line in draft.lines if line.line_no not in mine]
    if draft.mall_status == "hold" and not any(issue.code == IssueCode.MALL_HOLD for issue in issues):
        issues.append(
            IssueDraft(
                IssueCode.MALL_HOLD, "モール側で確認中の注文です。モールの画面で状況を確かめてください"
            )
        )
    return _Case(draft, number, mine, customer_id, issues)


def foresee(
    drafts: Sequence[OrderDraft], channel_id: int, *, create_skus: bool
) -> dict[str, list[IssueDraft]]:
    """取込の確認: the issues each draft would have, by channel order number. Writes nothing."""
    codes = {
        c for d in drafts for line in d.lines for c in (line.sku_code, *line.alternative_codes, line.jan) if c
    }
    skus = channels.resolve_skus(channel_id, list(codes))
    if create_skus:
        skus |= {
            line.sku_code: 0
            for d in drafts
            for line in d.lines
            if line.sku_code and _sku_of(line, skus) is None
        }
    return {draft.channel_order_no: _case(draft, "", skus, None).issues for draft in drafts}


def unknown_issue(draft: OrderDraft, line: LineDraft) -> IssueDraft:
    code = line.sku_code or "（空）"
    text = (
        f"商品コード「{code}」は登録されていません。商品を選ぶか、新しく登録してください（{line.name[:60]}）"
    )
    return IssueDraft(
        IssueCode.UNKNOWN_SKU,
        text,
        line.line_no,
        draft.source_file,
        line.source_line,
        "商品コード",
        line.sku_code,
    )


def _judge(cases: list[_Case], now: datetime, new_customers: frozenset[int], location_id: int) -> None:
    """Holds for the live ones, reservations, and with them the state that each order begins in."""
    live = [case for case in cases if case.is_live]
    settings = lookups.rule_settings()
    twins = lookups.twins(
        [(c.number, c.customer_id, c.draft, list(c.skus.values())) for c in live], new_customers=new_customers
    )
    for case in live:
        looked = lookups.looked_up(case.draft, now, twins.get(case.number, ""))
        case.holds = rules.holds_for(case.draft, settings, looked)
    held = _reserve(live, location_id)
    for case in cases:
        case.state = _first_state(case, held)


def _reserve(live: list[_Case], location: int) -> dict[str, int]:
    wants = [
        stock_services.Want(
            case.reference(line.line_no), sku_id, location, line.quantity, case.draft.ordered_at
        )
        for case in live
        for line, sku_id in case.stocked()
    ]
    return stock_services.reserve_lines(wants, by=None)


def _first_state(case: _Case, held: dict[str, int]) -> OrderState:
    draft = case.draft
    if draft.mall_status == "shipped":
        return OrderState.SHIPPED
    if draft.mall_status in ("cancelled", "returned"):
        return OrderState.CANCELLED
    short = any(held.get(case.reference(line.line_no), 0) < line.quantity for line, _ in case.stocked())
    owes = rules.waits_for_money(draft.payment, is_settled=draft.payment_settled, owed_yen=draft.total_yen)
    return rules.next_state(
        rules.Facts(bool(case.issues), bool(case.holds), owes_before_shipping=owes, is_short=short)
    )


def _write(
    cases: list[_Case],
    channel: Channel,
    by: Staff | None,
    intake_file: IntakeFile | None,
    now: datetime,
    location: int,
) -> list[int]:
    if not cases:
        return []
    orders = Order.objects.bulk_create(
        [_order(case, channel, location, intake_file, now) for case in cases], batch_size=1000
    )
    pairs = list(zip(orders, cases, strict=True))
    OrderLine.objects.bulk_create(
        [_line(o, c, ln) for o, c in pairs for ln in c.draft.lines], batch_size=3000
    )
    if any(case.issues for case in cases):
        OrderIssue.objects.bulk_create(
            [issue_row(o.pk, i, now) for o, c in pairs for i in c.issues], batch_size=3000
        )
    if any(case.holds for case in cases):
        Hold.objects.bulk_create(
            [Hold(order=o, rule=h.rule, reason=h.reason, placed_at=now) for o, c in pairs for h in c.holds],
            batch_size=3000,
        )
    activity.record_many(
        [
            activity.Fact(o, "place", summary=f"{channel.name} {o.channel_order_no}", to_state=o.state)
            for o in orders
        ],
        by=by,
    )
    return [order.pk for order in orders]


def issue_row(order_id: int, issue: IssueDraft, now: datetime) -> OrderIssue:
    return OrderIssue(
        order_id=order_id, code=issue.code, line_no=issue.line_no, message=issue.message, column=issue.column[:100],
        value=issue.value[:2000], source_file=issue.source_file[:255], source_line=issue.source_line, raised_at=now,
    )  # fmt: skip


def first_payment_progress(draft: OrderDraft) -> Progress:
    """入金の進み: settled at the channel, nothing to pay, or not yet."""
    if draft.payment == PaymentKind.POINTS or (draft.total_yen == 0 and draft.amounts_known):
        return Progress.NOT_NEEDED
    return Progress.DONE if draft.payment_settled else Progress.NONE


def _order(
    case: _Case, channel: Channel, location_id: int, intake_file: IntakeFile | None, now: datetime
) -> Order:
    draft = case.draft
    is_outside = draft.mall_status == "shipped"
    fixed = not draft.amounts_known or channel.issues_own_invoice or is_outside
    return Order(
        number=case.number, channel=channel, channel_order_no=draft.channel_order_no[:80], state=case.state,
        received_at=now, customer_id=case.customer_id, location_id=location_id,
        content_digest=rules.digest(draft), intake_file=intake_file, source_line=draft.source_line, raw=draft.raw,
        shipped_outside=is_outside, payment_progress=first_payment_progress(draft),
        shipment_progress=Progress.NOT_NEEDED if is_outside else Progress.NONE,
        invoice_progress=Progress.NOT_NEEDED if fixed else Progress.NONE,
        payment_settled=draft.payment_settled, **content_fields(draft),
    )  # fmt: skip


def content_fields(draft: OrderDraft) -> dict[str, object]:
    """The columns of an order that the channel's telling decides."""
    b, s = draft.buyer, draft.ship_to
    return {
        "ordered_at": draft.ordered_at,
        "buyer_name": b.name[:100], "buyer_kana": b.kana[:100], "buyer_company": b.company[:100],
        "buyer_email": b.email[:254], "buyer_phone": b.phone[:30], "buyer_postal_code": b.postal_code[:20],
        "buyer_address": f"{b.prefecture}{b.city}{b.line1} {b.line2}".strip()[:400],
        "ship_name": s.name[:100], "ship_kana": s.kana[:100], "ship_company": s.company[:100],
        "ship_phone": s.phone[:30], "ship_postal_code": s.postal_code[:20], "ship_prefecture": s.prefecture[:40],
        "ship_city": s.city[:100], "ship_line1": s.line1[:200], "ship_line2": s.line2[:200],
        "payment": draft.payment, "payment_label": draft.payment_label[:80], "amounts_known": draft.amounts_known,
        "goods_yen": draft.goods_yen, "shipping_yen": draft.shipping_yen, "cod_fee_yen": draft.cod_fee_yen,
        "payment_fee_yen": draft.payment_fee_yen, "wrapping_yen": draft.wrapping_yen,
        "outer_tax_yen": draft.outer_tax_yen, "adjustment_yen": draft.adjustment_yen,
        "discount_yen": draft.discount_yen, "points_yen": draft.points_yen, "total_yen": max(draft.total_yen, 0),
        "taxes": [{"rate": t.rate, "charged_yen": t.charged_yen, "tax_yen": t.tax_yen} for t in draft.taxes],
        "delivery_on": draft.delivery_on, "delivery_slot": draft.delivery_slot[:10],
        "delivery_method": draft.delivery_method[:60], "carrier": draft.carrier[:20],
        "customer_note": draft.customer_note, "shop_note": draft.shop_note, "gift_note": draft.gift_note,
        "is_remote_island": draft.is_remote_island or rules.is_island(s),
        "search_text": search_text(draft),
    }  # fmt: skip


def search_text(draft: OrderDraft) -> str:
    """What the search box finds an order by: numbers, names, kana, phone digits."""
    b, s = draft.buyer, draft.ship_to
    names = {b.name, b.kana, b.company, s.name, s.kana, s.company}
    phones = {"".join(filter(str.isdigit, p)) for p in (b.phone, s.phone)}
    words = [draft.channel_order_no, *sorted(names), *sorted(phones), b.email]
    return " ".join(search_key(word) for word in words if word)


def _line(order: Order, case: _Case, line: LineDraft) -> OrderLine:
    return OrderLine(order=order, sku_id=case.skus.get(line.line_no), **line_fields(line))


def line_fields(line: LineDraft) -> dict[str, object]:
    return {
        "line_no": line.line_no, "sku_code": line.sku_code[:120], "name": line.name[:400], "options": line.options,
        "quantity": max(line.quantity, 0), "unit_price_yen": line.unit_price_yen, "tax_rate": line.tax_rate,
        "price_includes_tax": line.price_includes_tax, "channel_line_no": line.channel_line_no[:80], "raw": line.raw,
    }  # fmt: skip
