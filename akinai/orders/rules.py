"""Decisions about an order (受注の判断): what holds it, what it waits for, where it belongs. No database.

The built-in 要確認 rules are a table: code → title, what it is for, which limits it has, and a function that answers with
a reason or "". Their switches and limits are data (HoldRule); what they look at is an `OrderDraft` and what was looked
up for it. Whatever staff can say in parts is a rule of `check_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from akinai.core.money import yen
from akinai.core.postal import Town
from akinai.orders import content, islands
from akinai.orders.ports import IssueDraft, OrderDraft
from akinai.orders.states import PREPAID, SETTLED_BY_CHANNEL, IssueCode, OrderState, PaymentKind

if TYPE_CHECKING:
    from akinai.catalog.queries import Terms

FAR_AHEAD_DAYS = 90
MANY_PIECES = 1_000
NO_NUMBER = ("番地なし", "番地無", "無番地", "番外地")
_NUMBER = re.compile(r"[0-9０-９〇一二三四五六七八九十百]")


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """HoldRule as data."""

    is_enabled: bool = True
    limit_days: int | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked up for one order before it was judged: the day, the towns of the postal code, a similar order."""

    today: date
    towns: tuple[Town, ...] = ()
    twin: str = ""  # number of an order that looks the same
    credit_limit_yen: int | None = None  # 与信限度額 of a customer who buys 掛け
    credit_used_yen: int = 0  # what his other 掛け orders owe
    misses: str = ""  # why the wished day of delivery cannot be met
    others_miss: str = ""  # which of its other addresses cannot be reached as wished, and why


@dataclass(frozen=True, slots=True)
class HoldDraft:
    """保留 to be placed: which rule, and the reason in the clerk's words. Of a rule of staff's own also its name and version.

    `is_warning`: the rule only draws attention; the order goes on.
    """

    rule: str
    reason: str
    title: str = ""
    version_id: int | None = None
    is_warning: bool = False


Judge = Callable[[OrderDraft, RuleSetting, Looked], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One 要確認 rule. `about` is what the settings screen says; `default` holds while nobody has set it."""

    title: str
    about: str
    judge: Judge
    default: RuleSetting = RuleSetting()

    @property
    def has_limit_days(self) -> bool:
        return self.default.limit_days is not None


def goes_to_island(draft: OrderDraft, looked: Looked) -> bool:
    """離島・沖縄: as the channel says, else by the address or its postal code."""
    to = draft.ship_to
    named = islands.is_island(to.prefecture, f"{to.city}{to.line1}")
    return draft.is_remote_island or named or islands.any_island(looked.towns)


def _address(draft: OrderDraft, _s: RuleSetting, looked: Looked) -> str:
    to = draft.ship_to
    problems = [
        "お名前がありません" if not to.name.strip() else "",
        _postal_problem(draft, looked),
        "都道府県がありません" if not to.prefecture.strip() else "",
        "市区町村がありません" if not f"{to.city}{to.line1}".strip() else "",
        "番地がありません" if not _has_number(f"{to.line1}{to.line2}" or to.city) else "",
        "電話番号がありません" if not re.sub(r"\D", "", to.phone) else "",
    ]
    found = [problem for problem in problems if problem]
    return "住所不備: " + "、".join(found) if found else ""


def _has_number(street: str) -> bool:
    return bool(_NUMBER.search(street)) or any(word in street for word in NO_NUMBER)


def _postal_problem(draft: OrderDraft, looked: Looked) -> str:
    to = draft.ship_to
    if not to.postal_code:
        return "郵便番号がありません"
    if not re.fullmatch(r"[0-9]{7}", to.postal_code):
        return f"郵便番号「{to.postal_code}」が7桁ではありません"
    if not looked.towns:
        return f"郵便番号{to.postal_code}は存在しません"
    prefectures = list(dict.fromkeys(town.prefecture for town in looked.towns))
    if to.prefecture and to.prefecture not in prefectures:
        return f"郵便番号は{'・'.join(prefectures)}、住所は{to.prefecture}です"
    return ""


def _duplicate(draft: OrderDraft, _s: RuleSetting, looked: Looked) -> str:
    return f"同じお客様・同じ商品の注文 {looked.twin} があります（重複の疑い）" if looked.twin else ""


def _credit_limit(draft: OrderDraft, _s: RuleSetting, looked: Looked) -> str:
    limit, used = looked.credit_limit_yen, looked.credit_used_yen
    if draft.payment != PaymentKind.CREDIT_TERMS or limit is None or used + draft.total_yen <= limit:
        return ""
    return f"与信限度額 {yen(limit)} を超えます（未入金 {yen(used)} ＋ この注文 {yen(draft.total_yen)}）"


def _unknown_payment(draft: OrderDraft, _s: RuleSetting, _l: Looked) -> str:
    label = draft.payment_label or "（空欄）"
    if draft.payment == PaymentKind.UNKNOWN and draft.total_yen:
        return f"支払方法「{label}」が分かりません。入金の確認方法を決めてください"
    if draft.payment == PaymentKind.POINTS and draft.total_yen and not draft.payment_settled:
        return f"支払方法は「{label}」ですが、請求金額 {yen(draft.total_yen)} が残っています。支払方法を決めてください"
    return ""


def _delivery(draft: OrderDraft, setting: RuleSetting, looked: Looked) -> str:
    if draft.delivery_on is None:
        return ""
    ahead = (draft.delivery_on - looked.today).days
    day = f"お届け希望日 {draft.delivery_on:%Y/%m/%d} "
    if ahead < 0:
        return f"{day}を過ぎています"
    if ahead <= (setting.limit_days or 0):
        return f"{day}まで {ahead} 日です。間に合うか確かめてください"
    return f"{day}が {FAR_AHEAD_DAYS} 日より先です" if ahead > FAR_AHEAD_DAYS else ""


def _delivery_missed(draft: OrderDraft, _s: RuleSetting, looked: Looked) -> str:
    """A day that is gone is said by `_delivery`; wishes of other addresses are judged here alone."""
    own = looked.misses if draft.delivery_on and draft.delivery_on >= looked.today else ""
    return "。".join(filter(None, (own, looked.others_miss)))


def _promised(_d: OrderDraft, _s: RuleSetting, _l: Looked) -> str:
    """Judged by `shortage` once the goods are promised."""
    return ""


RULES: Mapping[str, Rule] = {
    "address": Rule("住所不備", "郵便番号・都道府県・番地・氏名・電話に不備があるとき。", _address),
    "duplicate": Rule(
        "重複の疑い", "同じお客様が日数以内に同じ商品を注文したとき。", _duplicate, RuleSetting(limit_days=3)
    ),
    "credit_limit": Rule("与信超過", "掛けの未入金とこの注文の合計が、請求条件の与信限度額を超えるとき。", _credit_limit),
    "unknown_payment": Rule("支払方法不明", "支払方法の言葉を読み取れないとき。", _unknown_payment),
    "delivery": Rule(
        "お届け希望日", f"過ぎている、日数以内に迫っている、{FAR_AHEAD_DAYS}日より先のとき。", _delivery,
        RuleSetting(limit_days=1),
    ),
    "delivery_missed": Rule(
        "希望日に間に合わない", "締め時刻・定休日・お届け日数から、お届け希望日に間に合わないとき。", _delivery_missed
    ),
    "backorder_limit": Rule("取り寄せ・予約の上限", "在庫にない分の合計が、SKUに決めた上限を超えるとき。", _promised),
    "preorder_closed": Rule("予約受付の終わり", "予約商品の注文が、予約受付の終わりより後にされたとき。", _promised),
    "no_backorder": Rule(
        "取り寄せ不可の欠品", "在庫が足りず、取り寄せも予約も受けない商品のとき。使わないと、入荷を待つ列に並びます。", _promised,
        RuleSetting(is_enabled=False),
    ),
}  # fmt: skip
MANUAL = "manual"
AUDIT = "audit"
UNWRITTEN = {MANUAL: "手動の保留", AUDIT: "後払いの審査待ち"}  # holds that no rule of the list places


def rule_title(code: str) -> str:
    return UNWRITTEN.get(code) or (RULES[code].title if code in RULES else code)


def setting_of(code: str, settings: Mapping[str, RuleSetting]) -> RuleSetting:
    """What holds for a rule: as set, else the default."""
    return settings.get(code, RULES[code].default)


def holds_for(draft: OrderDraft, settings: Mapping[str, RuleSetting], looked: Looked) -> list[HoldDraft]:
    """Every rule that stops this order, with its reason."""
    found = []
    for code, rule in RULES.items():
        setting = settings.get(code, rule.default)
        if setting.is_enabled and (reason := rule.judge(draft, setting, looked)):
            found.append(HoldDraft(code, reason[:300]))
    return found


# ---- 取り寄せ・予約


def may_wait(terms: Terms, today: date) -> bool:
    """May an order wait for pieces of this SKU that are not there? 取り寄せ, or sold before it comes out."""
    return terms.may_backorder or terms.is_preorder(today)


def shortage(
    terms: Terms, *, short: bool, is_beyond: bool, ordered_on: date, today: date
) -> list[tuple[str, str]]:
    """(rule, reason) of what a line asks of its SKU that the SKU does not allow."""
    found = []
    if terms.is_preorder(today) and terms.preorder_until and ordered_on > terms.preorder_until:
        found.append(
            ("preorder_closed", f"{terms.code} の予約受付は {terms.preorder_until:%Y/%m/%d} で終わりました")
        )
    if is_beyond:
        found.append(
            ("backorder_limit", f"{terms.code} は取り寄せ・予約の上限 {terms.backorder_limit:,} 点を超えます")
        )
    if short and not may_wait(terms, today):
        found.append(("no_backorder", f"{terms.code} は在庫が足りず、取り寄せを受けない商品です"))
    return found


# ---- 例外 that the numbers themselves tell


def parts_total(draft: OrderDraft) -> int:
    """内訳の合計: what the parts of the draft add up to."""
    return (
        draft.goods_yen + draft.shipping_yen + draft.cod_fee_yen + draft.payment_fee_yen + draft.wrapping_yen
        + draft.outer_tax_yen + draft.adjustment_yen - draft.discount_yen - draft.points_yen
    )  # fmt: skip


def own_issues(draft: OrderDraft) -> list[IssueDraft]:
    """What the door did not say but the numbers do: parts against total, lines against goods, impossible values."""
    said = {(issue.code, issue.line_no) for issue in draft.issues}
    found = [issue for issue in _line_issues(draft) if (issue.code, issue.line_no) not in said]
    codes = {code for code, _ in said}
    if draft.amounts_known and not codes & {IssueCode.CURRENCY, IssueCode.TOTAL_MISMATCH}:
        found += _amount_issues(draft)
    if not draft.lines and not any(code == IssueCode.OTHER for code in codes):
        found.append(_issue(draft, IssueCode.OTHER, "商品の明細がありません。注文の内容を確かめてください"))
    return found + content.overlong(draft)


def _issue(
    draft: OrderDraft, code: IssueCode, message: str, column: str = "", value: object = ""
) -> IssueDraft:
    return IssueDraft(code, message, 0, draft.source_file, draft.source_line, column, str(value))


def _amount_issues(draft: OrderDraft) -> list[IssueDraft]:
    found = []
    if draft.total_yen < 0:
        text = f"請求金額がマイナスです（{yen(draft.total_yen)}）。0円として取り込みました"
        found.append(_issue(draft, IssueCode.BAD_PRICE, text, "請求金額", draft.total_yen))
    if parts_total(draft) != draft.total_yen:
        text = f"内訳の合計 {yen(parts_total(draft))} と請求金額 {yen(draft.total_yen)} が合いません"
        found.append(_issue(draft, IssueCode.TOTAL_MISMATCH, text, "請求金額", draft.total_yen))
    of_lines = sum(line.subtotal_yen for line in draft.lines)
    if draft.lines and of_lines != draft.goods_yen and not found:
        text = f"明細の合計 {yen(of_lines)} と商品代 {yen(draft.goods_yen)} が合いません"
        found.append(_issue(draft, IssueCode.TOTAL_MISMATCH, text, "商品代", draft.goods_yen))
    return found


def _line_issues(draft: OrderDraft) -> list[IssueDraft]:
    found = []
    for line in draft.lines:
        where = (line.line_no, draft.source_file, line.source_line)
        if line.quantity <= 0:
            text = f"数量が {line.quantity} です。正しい数量に直すか、0個のまま受け入れてください（{line.name[:60]}）"
            found.append(IssueDraft(IssueCode.BAD_QUANTITY, text, *where, "数量", str(line.quantity)))
        elif line.quantity > MANY_PIECES:
            text = f"数量が {line.quantity:,} です。まちがいでないか確かめてください（{line.name[:60]}）"
            found.append(IssueDraft(IssueCode.BAD_QUANTITY, text, *where, "数量", str(line.quantity)))
        if line.unit_price_yen < 0:
            text = f"単価がマイナスです（{yen(line.unit_price_yen)}）。値引きでないか確かめてください（{line.name[:60]}）"
            found.append(IssueDraft(IssueCode.BAD_PRICE, text, *where, "単価", str(line.unit_price_yen)))
    return found


# ---- 状態


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides the state of an order that has not begun to be shipped."""

    has_issue: bool = False
    has_hold: bool = False
    has_change: bool = False
    owes_before_shipping: bool = False
    is_short: bool = False
    is_unreleased: bool = False  # 発売日 is still to come
    is_empty: bool = False  # every line was taken out: nothing to ship


def next_state(facts: Facts) -> OrderState:
    """状態: people's questions first, then money, then goods."""
    if facts.has_issue or facts.has_hold or facts.has_change or facts.is_empty:
        return OrderState.ON_HOLD
    if facts.owes_before_shipping:
        return OrderState.AWAITING_PAYMENT
    if facts.is_short or facts.is_unreleased:
        return OrderState.AWAITING_STOCK
    return OrderState.READY


VERBS = {
    OrderState.ON_HOLD: "hold",
    OrderState.AWAITING_PAYMENT: "await_payment",
    OrderState.AWAITING_STOCK: "await_stock",
    OrderState.READY: "make_ready",
}


def waits_for_money(payment: str, *, is_settled: bool, owed_yen: int) -> bool:
    """Must the money be seen before the goods leave? 前払い, and cards that the channel has not authorised yet."""
    return payment in PREPAID | SETTLED_BY_CHANNEL and not is_settled and owed_yen > 0
