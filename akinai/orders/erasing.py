"""消去: of orders that the law still wants stay who bought what for how much; everything else of the person goes.

Orders older than that keep their numbers, goods and amounts, and name nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.urls import reverse

from akinai.core.intake.models import IntakeFile
from akinai.orders.models import (
    Hold,
    Order,
    OrderAddress,
    OrderChange,
    OrderIssue,
    OrderLine,
    Quote,
    Subscription,
    SubscriptionNotice,
    SubscriptionTurn,
)
from akinai.orders.quote_states import QuoteState
from akinai.orders.states import NOT_LEFT, Progress, SubscriptionState
from akinai.party import intake_files, keeping
from akinai.party.erasing import GONE
from akinai.party.ports import Erasee, Hindrance, Share, Traces, keys_of, mentions

SHIP = ("ship_name", "ship_kana", "ship_company", "ship_phone", "ship_postal_code", "ship_prefecture", "ship_city", "ship_line1", "ship_line2")  # fmt: skip
BUYER = ("buyer_name", "buyer_kana", "buyer_company", "buyer_email", "buyer_phone", "buyer_postal_code", "buyer_address")  # fmt: skip
# What no law asks for: how to reach the person, and free words.
NOT_NEEDED = (
    "buyer_kana",
    "buyer_email",
    "buyer_phone",
    "ship_kana",
    "ship_phone",
    "customer_note",
    "shop_note",
    "gift_note",
)
KEPT = (
    "buyer_name", "buyer_company", "buyer_postal_code", "buyer_address", "ship_name", "ship_company", "ship_postal_code",
    "ship_prefecture", "ship_city", "ship_line1", "ship_line2",
)  # fmt: skip
PLACE = (
    "name",
    "company",
    "postal_code",
    "prefecture",
    "city",
    "line1",
    "line2",
)
MODELS: tuple[type[Order] | type[Quote] | type[Subscription], ...] = (Order, Quote, Subscription)


class OrdersErased:
    """受注・見積・定期購入."""

    def trace(self, customer_ids: Sequence[int]) -> Traces:
        orders = Order.objects.filter(customer__in=customer_ids)
        words: set[str] = set()
        mails: set[str] = set()
        for row in orders.values(
            "buyer_name", "buyer_kana", "buyer_email", "buyer_phone", "buyer_address", "buyer_company"
        ):
            mails.add(row["buyer_email"])
            words |= {str(word) for word in row.values()}
        plans = Subscription.objects.filter(customer__in=customer_ids).values_list("buyer", flat=True)
        for told in plans:
            mails.add(str(told.get("email", "")))
        for name, email, phone in Quote.objects.filter(customer__in=customer_ids).values_list(
            "name", "email", "phone"
        ):
            mails.add(email)
            words |= {name, phone}
        rows = (model._default_manager.filter(customer__in=customer_ids) for model in MODELS)
        return Traces(frozenset(mails), frozenset(words), keys_of(*rows))

    def hinder(self, customer_ids: Sequence[int]) -> Sequence[Hindrance]:
        return [*_open_orders(customer_ids), *_open_plans(customer_ids), *_open_quotes(customer_ids)]

    def shares(self, erasee: Erasee) -> Sequence[Share]:
        orders = Order.objects.filter(customer__in=erasee.customer_ids)
        wanted = keeping.papers_needed_from()
        kept, past = orders.filter(ordered_at__date__gte=wanted), orders.filter(ordered_at__date__lt=wanted)
        until = keeping.until_of(kept, "ordered_at")
        return [
            *of_orders(orders),
            Share(
                "受注の電話番号・メール・フリガナ・備考・メモ",
                kept,
                {**dict.fromkeys(NOT_NEEDED, ""), "raw": {}, "search_text": ""},
            ),
            *of_past_orders(past),
            Share(
                "受注（氏名・住所・商品・金額）", kept, law=keeping.TAX_DATA, until=until,
                columns=[f"orders_order.{name}" for name in KEPT] + [f"orders_orderaddress.{name}" for name in PLACE],
            ),
            *intake_files.shares("モールから受け取った受注ファイル", _files(kept), law=keeping.TAX_DATA, until=until),
            *_of_quotes(erasee, wanted),
            *_of_plans(erasee),
        ]  # fmt: skip


def of_past_orders(orders: QuerySet[Order]) -> list[Share]:
    """Who bought, of orders whose papers the law wants no longer, and where else it went."""
    nobody = {**dict.fromkeys((*BUYER, *SHIP, *NOT_NEEDED), ""), "buyer_name": GONE, "ship_name": GONE, "raw": {}, "search_text": ""}  # fmt: skip
    return [
        Share("保存期間を過ぎた受注の氏名・住所", orders, nobody),
        Share(
            "保存期間を過ぎた受注の別の送付先",
            OrderAddress.objects.filter(order__in=orders),
            dict.fromkeys(PLACE, ""),
        ),
    ]


def _files(orders: QuerySet[Order]) -> QuerySet[IntakeFile]:
    return IntakeFile.objects.filter(pk__in=orders.exclude(intake_file=None).values("intake_file"))


def of_orders(orders: QuerySet[Order]) -> list[Share]:
    """What hangs on the orders, whatever their age."""
    lines = OrderLine.objects.filter(order__in=orders).exclude(raw={}, gift={})
    return [
        Share("明細の原データ・のしのお名前・カードの文", lines, {"raw": {}, "gift": {}}),
        Share(
            "別の送付先の電話番号・フリガナ・のし",
            OrderAddress.objects.filter(order__in=orders),
            {"phone": "", "kana": "", "gift_note": ""},
        ),
        Share("保留の理由とメモ", Hold.objects.filter(order__in=orders), {"reason": GONE, "note": ""}),
        Share(
            "例外の内容", OrderIssue.objects.filter(order__in=orders), {"message": GONE, "value": "", "resolution": ""}
        ),
        Share(
            "変更の申し出の内容", OrderChange.objects.filter(order__in=orders), {"differences": [], "draft": {}}
        ),
    ]  # fmt: skip


def _of_quotes(erasee: Erasee, wanted: date) -> list[Share]:
    quotes = Quote.objects.filter(customer__in=erasee.customer_ids)
    papers = quotes.exclude(pdf_sha256="").filter(submitted_on__gte=wanted)
    blank = {**dict.fromkeys((*PLACE, "kana", "phone", "email", "note", "shop_note", "subject", "delivery_note"), ""), "name": GONE}  # fmt: skip
    return [
        Share("見積の宛名・連絡先・備考", quotes.exclude(name=GONE), blank),
        Share(
            "提出した見積書（PDF）", papers, law=keeping.TAX_DATA, until=keeping.until_of(papers, "submitted_on"), columns=["files.papers"]
        ),
    ]  # fmt: skip


def _of_plans(erasee: Erasee) -> list[Share]:
    plans = Subscription.objects.filter(customer__in=erasee.customer_ids)
    turns = SubscriptionTurn.objects.filter(subscription__in=plans)
    nobody = {**dict.fromkeys((*PLACE, "kana", "phone", "email"), ""), "name": GONE}
    return [
        Share(
            "定期購入の注文者・送付先・メモ",
            plans,
            {
                "buyer_name": GONE,
                "buyer": nobody,
                "ship_to": nobody,
                "shop_note": "",
                "search_text": "",
                "ended_reason": _masked("ended_reason", erasee),
            },
        ),
        Share(
            "定期購入のお知らせの宛先",
            SubscriptionNotice.objects.filter(subscription__in=plans).exclude(to=""),
            {"to": ""},
        ),
        Share("定期購入の回の理由", mentions(turns, erasee.words, "reason"), {"reason": GONE}),
    ]


def _masked(name: str, erasee: Erasee) -> Case:
    """The field, or nothing where one of the person's words stands in it."""
    found = Q(pk__in=[])
    for word in erasee.words:
        found |= Q(**{f"{name}__icontains": word})
    return Case(When(found, then=Value(GONE)), default=F(name), output_field=CharField())


def _open_orders(customer_ids: Sequence[int]) -> list[Hindrance]:
    rows = Order.objects.filter(customer__in=customer_ids).filter(
        Q(state__in=NOT_LEFT) | Q(payment_progress=Progress.EXCEPTION)
    )
    return [
        Hindrance(
            f"受注 {one.number} が終わっていません（{one.get_state_display()}）。",
            "出荷・入金を終えるか、キャンセルして返金を済ませてください。",
            reverse("orders:detail", args=[one.number]),
        )
        for one in rows.only("number", "state").order_by("pk")[:20]
    ]


def _open_plans(customer_ids: Sequence[int]) -> list[Hindrance]:
    rows = Subscription.objects.filter(customer__in=customer_ids).exclude(state=SubscriptionState.ENDED)
    return [
        Hindrance(
            f"定期購入 {one.number} が続いています。",
            "定期購入を終了してください。",
            reverse("orders:subscription", args=[one.number]),
        )
        for one in rows.order_by("pk")[:20]
    ]


def _open_quotes(customer_ids: Sequence[int]) -> list[Hindrance]:
    rows = Quote.objects.filter(customer__in=customer_ids, state__in=[QuoteState.DRAFT, QuoteState.SENT])
    return [
        Hindrance(
            f"見積 {one.number} の返事を待っています。",
            "見積を取り消すか、失注にしてください。",
            reverse("orders:quote_detail", args=[one.number]),
        )
        for one in rows.order_by("pk")[:20]
    ]
