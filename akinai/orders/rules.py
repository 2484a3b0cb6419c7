"""Decisions about an order (受注の判断): what holds it, what it waits for, what it is like. No database.

The 要確認 rules are a table: code → title and a function that answers with a reason or "". Their switches and limits
are data (HoldRule); what they look at is an `OrderDraft` and what was looked up for it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from akinai.orders.ports import Address, IssueDraft, OrderDraft
from akinai.orders.states import PREPAID, IssueCode, OrderState, PaymentKind

# Places that carriers serve as remote islands, by the first digits of the postal code (日本郵便・ヤマトの離島地域から):
# 沖縄 90, 奄美・種子島・屋久島 891-3..9, 伊豆・小笠原 100-01..21, 佐渡 952, 隠岐 684/685, 対馬 817, 壱岐 811-5, 五島 853/857-4.
ISLAND_POSTAL_PREFIXES = (
    "90", "8913", "8914", "8915", "8916", "8917", "8918", "8919", "10001", "10002", "10003", "10004", "10005",
    "10006", "10011", "10012", "10013", "10014", "10015", "10016", "10017", "10021", "10022", "952", "6840", "685",
    "817", "8115", "853", "8574", "8580", "8792", "0971", "04314",
)  # fmt: skip
ISLAND_PREFECTURES = ("沖縄県",)
GIFT_WORDS = ("のし", "熨斗", "ギフト", "ラッピング", "贈り物", "プレゼント")


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """HoldRule as data."""

    is_enabled: bool = True
    limit_yen: int | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked up for one order before it was judged."""

    today: date
    prefecture_of_postal: str = ""  # "" = unknown postal code
    is_postal_known: bool = True
    twin: str = ""  # number of an order that looks the same


@dataclass(frozen=True, slots=True)
class HoldDraft:
    """保留 to be placed: which rule, and the reason in the clerk's words."""

    rule: str
    reason: str


Judge = Callable[[OrderDraft, RuleSetting, Looked], str]


def _note(draft: OrderDraft, _s: RuleSetting, _l: Looked) -> str:
    text = " ".join(draft.customer_note.split())
    return f"備考あり: 「{text[:120]}」" if text else ""


def _high_amount(draft: OrderDraft, setting: RuleSetting, _l: Looked) -> str:
    limit = setting.limit_yen or 0
    return (
        f"高額の注文です（{draft.total_yen:,} 円、上限 {limit:,} 円）"
        if limit and draft.total_yen >= limit
        else ""
    )


def is_island(address: Address) -> bool:
    """離島・沖縄 by prefecture or postal code."""
    return address.prefecture in ISLAND_PREFECTURES or address.postal_code.startswith(ISLAND_POSTAL_PREFIXES)


def _island(draft: OrderDraft, _s: RuleSetting, _l: Looked) -> str:
    if draft.is_remote_island or is_island(draft.ship_to):
        return "送付先が離島・沖縄です。送料とお届け日数を確かめてください"
    return ""


def _address(draft: OrderDraft, _s: RuleSetting, looked: Looked) -> str:
    to = draft.ship_to
    problems = []
    if not to.name.strip():
        problems.append("お名前がありません")
    if not re.fullmatch(r"\d{7}", to.postal_code):
        problems.append(f"郵便番号「{to.postal_code}」が 7 桁ではありません")
    elif not looked.is_postal_known:
        problems.append(f"郵便番号 {to.postal_code} は存在しません")
    elif looked.prefecture_of_postal and to.prefecture and looked.prefecture_of_postal != to.prefecture:
        problems.append(f"郵便番号は{looked.prefecture_of_postal}、住所は{to.prefecture}です")
    if not to.prefecture and not to.city:
        problems.append("都道府県・市区町村がありません")
    street = f"{to.city}{to.line1}{to.line2}"
    if (
        not re.search(r"[0-9０-９一二三四五六七八九十]", street)
        and "番地なし" not in street
        and "無番地" not in street
    ):
        problems.append("番地がありません")
    if not re.sub(r"\D", "", to.phone):
        problems.append("電話番号がありません")
    return "住所不備: " + "、".join(problems) if problems else ""


def _duplicate(draft: OrderDraft, _s: RuleSetting, looked: Looked) -> str:
    return f"同じお客様・同じ商品の注文 {looked.twin} があります（重複の疑い）" if looked.twin else ""


def _deferred(draft: OrderDraft, _s: RuleSetting, _l: Looked) -> str:
    if draft.payment == PaymentKind.DEFERRED and not draft.payment_settled:
        return "後払いです。与信の結果を確かめてください"
    return ""


def _unknown_payment(draft: OrderDraft, _s: RuleSetting, _l: Looked) -> str:
    if draft.payment == PaymentKind.UNKNOWN and draft.total_yen:
        return f"支払方法「{draft.payment_label}」が分かりません。入金の確認方法を決めてください"
    return ""


def _delivery(draft: OrderDraft, _s: RuleSetting, looked: Looked) -> str:
    if draft.delivery_on is None:
        return ""
    if draft.delivery_on < looked.today:
        return f"お届け希望日 {draft.delivery_on:%Y/%m/%d} を過ぎています"
    if draft.delivery_on <= looked.today + timedelta(days=1):
        return f"お届け希望日 {draft.delivery_on:%Y/%m/%d} が近すぎます"
    if draft.delivery_on > looked.today + timedelta(days=90):
        return f"お届け希望日 {draft.delivery_on:%Y/%m/%d} が 90 日より先です"
    return ""


def _gift(draft: OrderDraft, _s: RuleSetting, _l: Looked) -> str:
    text = f"{draft.gift_note}"
    return f"のし・ラッピングの指定があります: 「{text[:80]}」" if text.strip() else ""


def _words(draft: OrderDraft, setting: RuleSetting, _l: Looked) -> str:
    text = " ".join(
        [draft.buyer.name, draft.ship_to.name, draft.customer_note, draft.ship_to.line1, draft.buyer.email]
    )
    found = [word for word in setting.words if word and word in text]
    return f"注意する語句「{found[0]}」が含まれています" if found else ""


RULES: Mapping[str, tuple[str, Judge]] = {
    "note": ("備考あり", _note),
    "high_amount": ("高額", _high_amount),
    "island": ("離島・沖縄", _island),
    "address": ("住所不備", _address),
    "duplicate": ("重複の疑い", _duplicate),
    "deferred": ("後払い", _deferred),
    "unknown_payment": ("支払方法不明", _unknown_payment),
    "delivery": ("お届け希望日", _delivery),
    "gift": ("のし・ラッピング", _gift),
    "words": ("注意する語句", _words),
}
MANUAL = "manual"
DEFAULTS: Mapping[str, RuleSetting] = {
    **{code: RuleSetting() for code in RULES},
    "high_amount": RuleSetting(limit_yen=50_000),
}


def rule_title(code: str) -> str:
    return "手動の保留" if code == MANUAL else RULES[code][0] if code in RULES else code


def holds_for(draft: OrderDraft, settings: Mapping[str, RuleSetting], looked: Looked) -> list[HoldDraft]:
    """Every rule that stops this order, with its reason."""
    found = []
    for code, (_title, judge) in RULES.items():
        setting = settings.get(code, DEFAULTS[code])
        if setting.is_enabled and (reason := judge(draft, setting, looked)):
            found.append(HoldDraft(code, reason[:300]))
    return found


def parts_total(draft: OrderDraft) -> int:
    """内訳の合計: what the parts of the draft add up to."""
    return (
        draft.goods_yen + draft.shipping_yen + draft.cod_fee_yen + draft.payment_fee_yen + draft.wrapping_yen
        + draft.outer_tax_yen + draft.adjustment_yen - draft.discount_yen - draft.points_yen
    )  # fmt: skip


def own_issues(draft: OrderDraft) -> list[IssueDraft]:
    """What the door did not say but the numbers do: parts against total, lines against goods."""
    said = {issue.code for issue in draft.issues}
    found: list[IssueDraft] = []
    if not draft.amounts_known or IssueCode.CURRENCY in said or IssueCode.TOTAL_MISMATCH in said:
        return found
    if parts_total(draft) != draft.total_yen:
        text = f"内訳の合計 {parts_total(draft):,} 円と請求金額 {draft.total_yen:,} 円が合いません"
        where = (0, draft.source_file, draft.source_line)
        found.append(IssueDraft(IssueCode.TOTAL_MISMATCH, text, *where, "請求金額", str(draft.total_yen)))
    return found


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides the state of an order that has not begun to be shipped."""

    has_issue: bool = False
    has_hold: bool = False
    has_change: bool = False
    owes_before_shipping: bool = False
    is_short: bool = False


def next_state(facts: Facts) -> OrderState:
    """状態: people's questions first, then money, then goods."""
    if facts.has_issue or facts.has_hold or facts.has_change:
        return OrderState.ON_HOLD
    if facts.owes_before_shipping:
        return OrderState.AWAITING_PAYMENT
    if facts.is_short:
        return OrderState.AWAITING_STOCK
    return OrderState.READY


VERBS = {
    OrderState.ON_HOLD: "hold",
    OrderState.AWAITING_PAYMENT: "await_payment",
    OrderState.AWAITING_STOCK: "await_stock",
    OrderState.READY: "make_ready",
}


def waits_for_money(payment: str, *, is_settled: bool, owed_yen: int) -> bool:
    """前払い that has not arrived."""
    return payment in PREPAID and not is_settled and owed_yen > 0


# What may differ between two tellings of one order without being a change of the order itself.
_NOISE = frozenset(
    [
        "mall_status",
        "payment_settled",
        "paid_at",
        "shipped_on",
        "tracking_no",
        "shop_note",
        "issues",
        "raw",
        "source_file",
        "source_line",
    ]
)
_LINE_NOISE = frozenset({"raw", "source_line", "alternative_codes"})


def plain(draft: OrderDraft) -> dict[str, Any]:
    """The draft as JSON values, without noise and raw columns."""
    content = {name: value for name, value in asdict(draft).items() if name not in _NOISE}
    content["lines"] = [{k: v for k, v in line.items() if k not in _LINE_NOISE} for line in content["lines"]]
    return json.loads(json.dumps(content, default=str, ensure_ascii=False))  # type: ignore[no-any-return]


def digest(draft: OrderDraft) -> str:
    """内容の指紋: the same for two tellings that mean the same order."""
    return digest_of(plain(draft))


def digest_of(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


TITLES = {
    "ordered_at": "注文日時", "payment": "支払方法", "payment_label": "支払方法（表記）", "total_yen": "請求金額",
    "goods_yen": "商品代", "shipping_yen": "送料", "cod_fee_yen": "代引手数料", "payment_fee_yen": "決済手数料",
    "wrapping_yen": "ラッピング料", "discount_yen": "値引・クーポン", "points_yen": "ポイント", "outer_tax_yen": "外税",
    "adjustment_yen": "調整額", "delivery_on": "お届け希望日", "delivery_slot": "時間帯", "delivery_method": "配送方法",
    "carrier": "運送会社", "customer_note": "備考", "gift_note": "のし・ラッピング", "buyer": "注文者",
    "ship_to": "送付先", "taxes": "税率別内訳", "is_remote_island": "離島", "amounts_known": "金額",
    "ship_to_id": "送付先ID", "channel_order_no": "注文番号",
}  # fmt: skip
_ADDRESS_TITLES = {
    "name": "氏名", "kana": "カナ", "company": "会社", "postal_code": "郵便番号", "prefecture": "都道府県", "city": "市区町村",
    "line1": "番地", "line2": "建物", "phone": "電話", "email": "メール", "country": "国",
}  # fmt: skip
_LINE_TITLES = {"sku_code": "商品コード", "name": "商品名", "quantity": "数量", "unit_price_yen": "単価", "tax_rate": "税率",
                "options": "選択肢"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """変更点 of an order, as a clerk reads it."""

    field: str
    title: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Field by field, two plain drafts."""
    found = []
    for name in after:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if name in ("buyer", "ship_to"):
            found += _nested(name, TITLES[name], old or {}, new or {}, _ADDRESS_TITLES)
        elif name == "lines":
            found += _line_differences(old or [], new or [])
        else:
            found.append(Difference(name, TITLES.get(name, name), _show(old), _show(new)))
    return found


def _nested(
    name: str, title: str, old: Mapping[str, Any], new: Mapping[str, Any], titles: Mapping[str, str]
) -> list[Difference]:
    return [
        Difference(f"{name}.{key}", f"{title} {titles[key]}", _show(old.get(key)), _show(new.get(key)))
        for key in titles
        if old.get(key) != new.get(key)
    ]


def _line_differences(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[Difference]:
    before = {line["line_no"]: line for line in old}
    after = {line["line_no"]: line for line in new}
    found = []
    for no in sorted(before.keys() | after.keys()):
        if no not in after:
            found.append(
                Difference(f"lines.{no}", f"明細 {no}", _line_text(before[no]), "（なくなりました）")
            )
        elif no not in before:
            found.append(Difference(f"lines.{no}", f"明細 {no}", "（ありません）", _line_text(after[no])))
        else:
            found += _nested(f"lines.{no}", f"明細 {no}", before[no], after[no], _LINE_TITLES)
    return found


def _line_text(line: Mapping[str, Any]) -> str:
    return f"{line['sku_code']} {line['name']} × {line['quantity']}"


def _show(value: Any) -> str:
    return "" if value in (None, [], {}) else str(value)


@dataclass(slots=True)
class Waiting:
    """なぜ待っているか and the single act that frees the order."""

    reasons: list[str] = field(default_factory=list)
    act: str = ""
    url_name: str = ""
    permission: str = ""
