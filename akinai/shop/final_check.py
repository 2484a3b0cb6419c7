"""最終確認の事項: what the law wants on the screen before an order is sent (特定商取引法 第12条の6, 通信販売の申込み段階における表示
についてのガイドライン). A table of requirements, each with what it says of this order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from akinai.core.money import yen
from akinai.orders.payment_methods import METHODS, PaymentKind
from akinai.payments.services import cancel_days
from akinai.shop.mails import amounts_in_words, delivery_in_words
from akinai.shop.models import CheckoutTerms
from akinai.shop.paying import Offer
from akinai.shop.plans import DAYS_BEFORE, Plan
from akinai.shop.quotes import Quote
from akinai.ui.formats import jdate


@dataclass(frozen=True, slots=True)
class Shown:
    """事項 as the screen says it."""

    code: str
    title: str
    law: str
    lines: tuple[str, ...]


type Says = Callable[[Quote, CheckoutTerms, Offer | None], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Requirement:
    """事項 of the law. `is_optional`: only where there is something to say."""

    code: str
    title: str
    law: str
    says: Says
    is_optional: bool = False


def _quantity(quote: Quote, _terms: CheckoutTerms, _way: Offer | None) -> Sequence[str]:
    return [f"{line.title}　{line.quantity} 点" for line in quote.bought]


def _price(quote: Quote, _terms: CheckoutTerms, _way: Offer | None) -> Sequence[str]:
    each = [
        f"{line.title}　{yen(line.unit_yen)} × {line.quantity} = {yen(line.subtotal_yen)}（税込）"
        for line in quote.bought
    ]
    parts = [line.replace("　", " ") for line in amounts_in_words(quote)[1:]]
    return [*each, *parts, f"お支払い合計 {yen(quote.total_yen)}（税込）"]


def _payment(quote: Quote, _terms: CheckoutTerms, way: Offer | None) -> Sequence[str]:
    return [quote.payment_title, *([way.text] if way else []), when_to_pay(quote.payment)]


def when_to_pay(kind: str) -> str:
    """支払の時期, by the way of paying."""
    days = METHODS[PaymentKind(kind)].pay_within_days
    return {
        PaymentKind.CARD: "お支払いの時期: ご注文のすぐ後に、決済会社のページでお手続きいただきます。",
        PaymentKind.CONVENIENCE: f"お支払いの時期: ご注文から {days} 日以内",
        PaymentKind.BANK_TRANSFER: f"お支払いの時期: ご注文から {days} 日以内",
        PaymentKind.COD: "お支払いの時期: 商品のお届けのとき",
        PaymentKind.DEFERRED: "お支払いの時期: 請求書の発行から 14 日以内",
        PaymentKind.POINTS: "お支払いはありません。",
    }.get(PaymentKind(kind), "")


def _delivery(quote: Quote, terms: CheckoutTerms, _way: Offer | None) -> Sequence[str]:
    coming = [f"{line.title}: {line.coming}" for line in quote.bought if line.coming]
    return [delivery_in_words(quote), *coming, terms.delivery_text]


def _application(_quote: Quote, terms: CheckoutTerms, _way: Offer | None) -> Sequence[str]:
    return [terms.application_text] if terms.application_text else []


def _cancel(_quote: Quote, terms: CheckoutTerms, _way: Offer | None) -> Sequence[str]:
    return [terms.cancel_text, terms.returns_text]


def _plan(quote: Quote, _terms: CheckoutTerms, _way: Offer | None) -> Sequence[str]:
    """定期購入契約: every time's pieces and price, the sum, the days, and how it is ended."""
    plan = quote.plan
    if plan is None:
        return []
    goods = "、".join(f"{title} {pieces} 点（1 点 {yen(each)}）" for title, pieces, each in plan.goods)
    fees = f"＋送料 {yen(plan.shipping_yen)}" + (
        f"＋代引手数料 {yen(plan.cod_fee_yen)}" if plan.cod_fee_yen else ""
    )
    return [
        f"このご注文は定期購入（定期便）のお申し込みです。{_how_long(plan)}",
        f"1 回目（今回）: このご注文の合計 {yen(quote.total_yen)}（税込）",
        f"2 回目から毎回: {goods} 商品代 {yen(plan.goods_yen)}{fees} ＝ {yen(plan.each_yen)}（税込）。続いているあいだ、この価格は変わりません。",
        _sum_of_turns(quote, plan),
        f"お届け: 2 回目は {jdate(plan.next_on)} ごろ、その後は{plan.words}にお届けします。",
        *_each_payment(quote),
        f"次回のお休み・休止・解約: マイページの「定期購入」から、いつでもできます。2 回目は {jdate(plan.until)} まで、その後も毎回の締切日まで。"
        + ("解約は" + f" {plan.least_turns} 回のお届けのあとからできます。" if plan.least_turns > 1 else "解約料はかかりません。"),
    ]  # fmt: skip


def _each_payment(quote: Quote) -> Sequence[str]:
    """When every turn is paid; and of a card, who keeps it and what becomes of a turn that it does not pay."""
    if quote.payment != PaymentKind.CARD:
        when = when_to_pay(quote.payment).removeprefix("お支払いの時期: ")
        return [f"お支払いの時期: 毎回のお届けごと（{quote.payment_title}）。{when}"]
    return [
        "お支払いの時期: 1 回目は、ご注文のすぐ後に決済会社のページでお支払いいただきます。2 回目からは、お届けの"
        f" {DAYS_BEFORE} 営業日前に、登録したカードに請求します。",
        "カードの登録: 1 回目のお支払いのページで、カードを決済会社が保管することに同意していただきます。"
        "カード番号は当店に伝わりません。変更・削除は、マイページの「定期購入」からいつでもできます。",
        f"請求できなかったとき: メールでお知らせします。{cancel_days()} 日以内にお支払いがなければ、その回のお届けを見送ります（代金はかかりません）。",
    ]


def _how_long(plan: Plan) -> str:
    if plan.least_turns > 1:
        return f"{plan.words}に、{plan.least_turns} 回以上お続けいただくお約束です。その後は、解約されるまで続きます。"
    return f"{plan.words}に、解約されるまで続きます（期間の定めはありません）。"


def _sum_of_turns(quote: Quote, plan: Plan) -> str:
    """総額: of what was promised, else of a year, as there is no end."""
    if plan.least_turns > 1:
        total = quote.total_yen + plan.each_yen * (plan.least_turns - 1)
        return f"お約束の {plan.least_turns} 回の総額: {yen(total)}（税込。今回のご注文の合計を含みます）"
    turns = plan.turns_in_a_year
    total = quote.total_yen + plan.each_yen * (turns - 1)
    return f"1 年間（今回を含めて {turns} 回）お続けになった場合の総額: {yen(total)}（税込）"


REQUIREMENTS = (
    Requirement("quantity", "ご注文の商品と分量", "第12条の6第1項第1号", _quantity),
    Requirement("price", "販売価格・送料・手数料", "第12条の6第1項第2号（第11条第1号）", _price),
    Requirement(
        "plan",
        "定期便（定期購入）の内容",
        "第12条の6第1項第1号・第2号（分量、各回と総額、時期、解約の条件）",
        _plan,
        is_optional=True,
    ),
    Requirement("payment", "お支払いの時期と方法", "第12条の6第1項第2号（第11条第2号）", _payment),
    Requirement("delivery", "お届けの時期", "第12条の6第1項第2号（第11条第3号）", _delivery),
    Requirement(
        "application", "お申込みの期間", "第12条の6第1項第2号（第11条第4号）", _application, is_optional=True
    ),
    Requirement("cancel", "キャンセル・返品", "第12条の6第1項第2号（第11条第5号）", _cancel),
)


def shown(quote: Quote, terms: CheckoutTerms, way: Offer | None) -> list[Shown]:
    """The requirements with what they say of this order; optional ones only where there is something."""
    found = []
    for one in REQUIREMENTS:
        lines = tuple(line for line in one.says(quote, terms, way) if line)
        if lines or not one.is_optional:
            found.append(Shown(one.code, one.title, one.law, lines))
    return found
