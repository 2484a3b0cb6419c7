"""受付の判断: a draft with its SKUs, customer, issues, holds and promised goods, before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from akinai.catalog import queries as catalog
from akinai.catalog import services as catalog_services
from akinai.channels import queries as channels
from akinai.core import clock, numbering
from akinai.orders import check_rules, content, repeats, rules
from akinai.orders.delivery_ports import delivery_times
from akinai.orders.ports import IssueDraft, LineDraft, OrderDraft
from akinai.orders.services import check_facts, lookups, promising, shortage
from akinai.orders.states import SETTLED_BY_CHANNEL, TELLS_SETTLEMENT, IssueCode, OrderState, PaymentKind
from akinai.party import services as party
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.channels.models import Channel
    from akinai.staff.models import Staff


@dataclass(slots=True)
class Case:
    """One draft on its way to becoming an order."""

    draft: OrderDraft
    number: str
    skus: dict[int, int]  # line_no → SKU
    customer_id: int | None
    is_settled: bool
    issues: list[IssueDraft]
    columns: dict[str, Any] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    holds: list[rules.HoldDraft] = field(default_factory=list)
    warnings: list[rules.HoldDraft] = field(default_factory=list)
    state: OrderState = OrderState.READY
    ship_by: date | None = None

    @property
    def is_live(self) -> bool:
        """Will we ship it? Not what the mall has cancelled or sent itself."""
        return self.draft.mall_status in ("open", "hold")

    @property
    def waits_for_money(self) -> bool:
        draft = self.draft
        return rules.waits_for_money(draft.payment, is_settled=self.is_settled, owed_yen=draft.total_yen)

    def reference(self, line_no: int) -> str:
        return f"{self.number}/{line_no}"

    def stocked(self) -> list[tuple[LineDraft, int]]:
        """Lines that need goods, with their SKU."""
        return [
            (line, self.skus[line.line_no])
            for line in self.draft.lines
            if line.line_no in self.skus and line.quantity > 0
        ]


def build(
    drafts: Sequence[OrderDraft],
    *,
    channel: Channel,
    by: Staff | None,
    create_skus: bool,
    location_id: int,
    now: datetime,
) -> list[Case]:
    """Cases in the order of the drafts: customers added, goods promised, first state decided. Orders are not written."""
    if not drafts:
        return []
    skus = resolve(drafts, channel.pk, by=by, create=create_skus)
    people = [_person(draft) for draft in drafts]
    customers = party.ensure_customers(people)
    numbers = numbering.take("order", len(drafts))
    cases = [
        _case(draft, skus, channel, number, customers.ids.get(person.identity))
        for draft, number, person in zip(drafts, numbers, people, strict=True)
    ]
    for case in cases:
        case.columns = content.columns(case.draft)
        case.lines = [content.line_columns(line) for line in case.draft.lines]
    _hold([case for case in cases if case.is_live], channel, now, customers.new)
    _promise(cases, location_id)
    return cases


def foresee(
    drafts: Sequence[OrderDraft], *, channel: Channel, create_skus: bool, now: datetime
) -> list[tuple[list[IssueDraft], list[rules.HoldDraft]]]:
    """取込の確認: issues and holds of each draft, in their order. Writes nothing."""
    skus = resolve(drafts, channel.pk, by=None, create=False)
    if create_skus:
        skus |= {line.sku_code: 0 for draft in drafts for line in draft.lines if _creatable(line, skus)}
    cases = [_case(draft, skus, channel, f"#{nth}", None) for nth, draft in enumerate(drafts)]
    _hold([case for case in cases if case.is_live], channel, now, frozenset())
    return [(case.issues, case.holds) for case in cases]


def _person(draft: OrderDraft) -> party.Person:
    b = draft.buyer
    address = f"{b.prefecture}{b.city}{b.line1} {b.line2}".strip()
    return party.Person(b.name, b.kana, b.company, b.email, b.phone, b.postal_code, address)


def codes_of(line: LineDraft) -> tuple[str, ...]:
    """Every code the goods go by, best first."""
    return tuple(code for code in (line.sku_code, *line.alternative_codes, line.jan) if code)


def sku_of(line: LineDraft, found: Mapping[str, int]) -> int | None:
    """The SKU of the first code that is known."""
    return next((found[code] for code in codes_of(line) if code in found), None)


def _creatable(line: LineDraft, found: Mapping[str, int]) -> bool:
    return bool(line.sku_code.strip()) and sku_of(line, found) is None


def resolve(
    drafts: Sequence[OrderDraft], channel_id: int, *, by: Staff | None, create: bool
) -> dict[str, int]:
    """Code → SKU for every code of every line; unknown first codes become provisional SKUs when asked to."""
    lines = [line for draft in drafts for line in draft.lines]
    found = channels.resolve_skus(channel_id, list({code for line in lines for code in codes_of(line)}))
    if create:
        unknown = {
            line.sku_code: catalog_services.StubSku(
                line.sku_code, line.name, max(line.unit_price_yen, 0), line.tax_rate, line.jan
            )
            for line in lines
            if _creatable(line, found)
        }
        found |= catalog_services.create_stub_skus(list(unknown.values()), by=by) if unknown else {}
    return found


def is_settled(draft: OrderDraft, channel: Channel) -> bool:
    """決済済: as told; a card order of a format that cannot tell counts as settled."""
    assumed = draft.payment in SETTLED_BY_CHANNEL and channel.kind not in TELLS_SETTLEMENT
    return draft.payment_settled or assumed


def _case(
    draft: OrderDraft, skus: Mapping[str, int], channel: Channel, number: str, customer_id: int | None
) -> Case:
    mine = {line.line_no: pk for line in draft.lines if (pk := sku_of(line, skus)) is not None}
    return Case(draft, number, mine, customer_id, is_settled(draft, channel), issues_of(draft, mine))


def issues_of(draft: OrderDraft, skus: Mapping[int, int]) -> list[IssueDraft]:
    """例外: what the door said, what the numbers tell, and what we do not know. `skus`: line number → SKU."""
    issues = [*draft.issues, *rules.own_issues(draft)]
    if draft.mall_status in ("open", "hold"):
        issues += [
            unknown_sku(draft, line) for line in draft.lines if line.line_no not in skus and line.quantity
        ]
    if draft.mall_status == "hold" and not any(issue.code == IssueCode.MALL_HOLD for issue in issues):
        text = "モール側で確認中の注文です。モールの画面で状況を確かめてください"
        issues.append(IssueDraft(IssueCode.MALL_HOLD, text, 0, draft.source_file, draft.source_line))
    return _with_repeats(draft, issues)


def _with_repeats(draft: OrderDraft, issues: list[IssueDraft]) -> list[IssueDraft]:
    """合計金額の不一致 that repeated lines explain says so, with the way out."""
    found = repeats.find(draft.lines, draft.goods_yen)
    if not found:
        return issues
    return [
        replace(issue, message=f"{issue.message.rstrip('。')}。{found.text}")
        if issue.code == IssueCode.TOTAL_MISMATCH and not issue.line_no
        else issue
        for issue in issues
    ]


def unknown_sku(draft: OrderDraft, line: LineDraft) -> IssueDraft:
    code = line.sku_code or "（空）"
    text = (
        f"商品コード「{code}」は登録されていません。商品を選ぶか、新しく登録してください（{line.name[:60]}）"
    )
    where = (line.line_no, draft.source_file, line.source_line)
    return IssueDraft(IssueCode.UNKNOWN_SKU, text, *where, "商品コード", line.sku_code)


def _hold(live: list[Case], channel: Channel, now: datetime, new_customers: frozenset[int]) -> None:
    """要確認 rules over all live cases: those of staff's own first, then the built-in ones."""
    settings = lookups.rule_settings()
    checks = check_facts.live_checks()
    asked = [
        lookups.Asked(case.number, case.customer_id, case.draft.ordered_at, frozenset(sku for _, sku in case.stocked()))
        for case in live
    ]  # fmt: skip
    twins = lookups.twins(asked, settings, new_customers=new_customers)
    misses = _days(live, now)
    credit = lookups.Credits.of([case.customer_id for case in live if _is_on_terms(case)])
    told = []
    for case in live:
        looked = lookups.looked_up(case.draft, now, twins.get(case.number, ""), misses.get(case.number, ""))
        if _is_on_terms(case):
            looked = credit.told(looked, case.customer_id, case.draft.total_yen)
        told.append(check_facts.ToCheck(case.draft, looked, channel.code, case.customer_id, case.skus))
    for case, facts in zip(live, check_facts.gather(told, checks, new_customers=new_customers), strict=True):
        spoken = check_rules.holds(checks, facts)
        case.warnings = [one for one in spoken if one.is_warning]
        case.holds = [one for one in spoken if not one.is_warning]
        case.holds += rules.holds_for(case.draft, settings, facts.looked)


def _days(live: Sequence[Case], now: datetime) -> dict[str, str]:
    """出荷期限 of each case. Out: number → why its wished day cannot be met."""
    asks = [
        promising.ask_of(
            case.draft, is_island=case.columns.get("is_remote_island", case.draft.is_remote_island), now=now
        )
        for case in live
    ]
    misses = {}
    for case, promise in zip(live, delivery_times(asks), strict=True):
        if promise:
            case.ship_by = None if case.waits_for_money and not case.draft.delivery_on else promise.ship_by
            misses[case.number] = promise.misses
    return misses


def _is_on_terms(case: Case) -> bool:
    return case.draft.payment == PaymentKind.CREDIT_TERMS and case.customer_id is not None


def _promise(cases: list[Case], location_id: int) -> None:
    """Reserve what the live ones need; the rest waits in the queue. Then each knows where it begins."""
    wants = [
        stock_services.Want(
            case.reference(line.line_no), sku, location_id, line.quantity, case.draft.ordered_at
        )
        for case in cases
        if case.is_live
        for line, sku in case.stocked()
    ]
    held = stock_services.reserve_lines(wants, by=None)
    terms = catalog.terms_of(want.sku_id for want in wants)
    promised = [
        shortage.Promised(
            case.number, (ref := case.reference(line.line_no)), sku, line.quantity, held.get(ref, 0), case.draft.ordered_at
        )
        for case in cases if case.is_live for line, sku in case.stocked()
    ]  # fmt: skip
    doubts = shortage.doubts(promised, terms)
    later = shortage.unreleased(terms, clock.today())
    for case in cases:
        case.ship_by = promising.not_before(case.ship_by, case.draft.delivery_on, [terms[sku].release_on for _, sku in case.stocked() if sku in later])  # fmt: skip
        case.holds += doubts.get(case.number, ())
        case.state = _first_state(case, held, later)


def _first_state(case: Case, held: Mapping[str, int], later: Collection[int]) -> OrderState:
    draft = case.draft
    if draft.mall_status == "shipped":
        return OrderState.SHIPPED
    if not case.is_live:
        return OrderState.CANCELLED
    short = any(held.get(case.reference(line.line_no), 0) < line.quantity for line, _ in case.stocked())
    is_empty = not any(line.quantity > 0 for line in draft.lines)
    return rules.next_state(
        rules.Facts(
            bool(case.issues),
            bool(case.holds),
            owes_before_shipping=case.waits_for_money,
            is_short=short,
            is_unreleased=any(sku in later for _, sku in case.stocked()),
            is_empty=is_empty,
        )
    )
