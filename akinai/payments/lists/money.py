"""一覧: the payments ledger and the credit kept for customers."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.core.search import matching
from akinai.party import masking
from akinai.payments import queries, services
from akinai.payments.forms import NoteForm
from akinai.payments.models import CreditBalance, Payment
from akinai.payments.states import PaymentSource
from akinai.ui.access import clerk
from akinai.ui.worklist import (
    BulkAction,
    Column,
    DateRange,
    MultiChoice,
    Tab,
    Text,
    Worklist,
    YenRange,
    YesNo,
    each,
)


def _reverse(payment: Payment, *, by: Any, note: str = "") -> None:
    services.reverse_payment(payment.pk, note=note, by=by)


class PaymentList(Worklist):
    """入金一覧: every row of the ledger."""

    page = "payments.payments"
    title = "入金一覧"
    permission = "payments.view_payment"
    is_personal = True
    template_name = "payments/payments.html"
    columns = [
        Column("number", "入金番号", sort="number", link=True),
        Column("received_on", "入金日", format="date", sort="received_on"),
        Column("source", "種類", format="badge"),
        Column("amount_yen", "金額", format="signed_yen", sort="amount_yen", card="amount"),
        Column("order", "受注番号", value=lambda row: row.order.number if row.order else ""),
        Column("who", "注文者・顧客", value=lambda row: _who(row), card="title"),
        Column("how", "銀行明細・方法", value=lambda row: _how(row)),
        Column("state", "取消", value=lambda row: (_mirror(row), "mute"), format="badge", card="badge", export=lambda row: _mirror(row)),
        Column("note", "メモ"),
        Column("batch", "精算番号", visible=False),
        Column("channel_order_no", "モール注文番号", value=lambda r: r.order.channel_order_no if r.order else "", visible=False),
        Column("match", "消込番号", value=lambda row: row.match.number if row.match else "", visible=False),
        Column("by", "担当者", value=lambda row: str(row.by) if row.by else "システム", visible=False),
        Column("at", "記録日時", format="datetime", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("bank", "銀行入金", Q(source=PaymentSource.BANK)),
        Tab("other", "代引・モール・現金", Q(source__in=["carrier", "channel", "cash"])),
        Tab("borne", "手数料・値引", Q(source__in=["fee", "short"])),
        Tab("credit", "預り金", Q(source__in=["credit", "credit_used"])),
        Tab("refund", "返金", Q(source=PaymentSource.REFUND)),
        Tab("reversed", "取消", Q(reverses__isnull=False)),
    ]
    filters = [
        MultiChoice("source", "種類", choices=PaymentSource.choices),
        DateRange("received", "入金日", field="received_on"),
        YenRange("amount", "金額", field="amount_yen"),
        Text("order", "受注番号", field="order__number"),
        Text("customer", "注文者・顧客", field="order__buyer_name"),
        Text("batch", "精算番号"),
        YesNo("reversed", "取消", yes=Q(is_reversed=True) | Q(reverses__isnull=False), labels=("取消・取消された行", "有効な行")),
    ]  # fmt: skip
    search_hint = "入金番号・受注番号・注文者・精算番号"
    search_fields = ("number",)
    default_sort = "-received_on"
    export_name = "入金一覧"
    empty = {
        "icon": "wallet",
        "title": "入金の記録はまだありません",
        "text": "消し込むか、受注の「入金」の欄で記録すると、ここに並びます。",
    }
    bulk_actions = [
        BulkAction(
            "reverse", "取り消す", run=each(_reverse, done="{count} 件を取り消しました。"), form=NoteForm, icon="return",
            tone="danger", permission="payments.add_payment",
        )
    ]  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return queries.payments_seen_by(clerk(request))

    def search(self, queryset: QuerySet[Payment], text: str) -> QuerySet[Payment]:
        key = text.strip()
        upper = key.upper()
        if upper.startswith("PY-"):
            return queryset.filter(number__startswith=upper)
        if upper.startswith("SO-"):
            return queryset.filter(order__number__startswith=upper)
        if upper.startswith("MT-"):
            return queryset.filter(match__number__startswith=upper)
        person = matching(key, grams="order__search_grams", source="order__search_text")
        kept = matching(key, grams="customer__search_grams", source="customer__search_text")
        return queryset.filter(person | Q(order__isnull=True) & kept | Q(batch=key))

    def row_url(self, row: Payment) -> str:
        if row.order:
            return f"{reverse('orders:detail', args=[row.order.number])}#payments"
        return reverse("payments:credit", args=[row.customer_id]) if row.customer_id else ""


def _who(row: Payment) -> str:
    if row.order:
        return row.order.buyer_company or row.order.buyer_name
    return row.customer.name if row.customer else ""


def _how(row: Payment) -> str:
    if row.method:
        return row.get_method_display()
    return row.match.line.who if row.match else ""


def _mirror(row: Payment) -> str:
    if row.reverses_id:
        return "取消の行"
    return "取消済" if row.is_reversed else ""  # type: ignore[attr-defined]


class CreditList(Worklist):
    """預り金: what we keep for customers."""

    page = "payments.credits"
    title = "預り金"
    permission = "payments.view_creditbalance"
    is_personal = True
    template_name = "payments/credits.html"
    columns = [
        Column("customer", "顧客", value="customer.name", link=True, card="title"),
        Column("kana", "フリガナ", value="customer.kana"),
        Column("number", "顧客番号", value="customer.number"),
        Column("balance_yen", "預り金", format="yen", sort="balance_yen", card="amount"),
        Column("moved_at", "最後の動き", format="datetime", sort="moved_at"),
        Column("email", "メール", value="customer.email", visible=False, mask=masking.MAIL),
        Column("phone", "電話", value="customer.phone", visible=False, mask=masking.PHONE),
    ]
    tabs = [
        Tab("kept", "残高あり", Q(balance_yen__gt=0), count=True),
        Tab("zero", "残高なし", Q(balance_yen=0)),
    ]
    filters = [
        YenRange("balance", "預り金", field="balance_yen"),
        DateRange("moved", "最後の動き", field="moved_at"),
    ]
    search_hint = "氏名・カナ・会社名・電話"
    search_fields = ("customer__search_grams", "customer__search_text")
    default_sort = "-balance_yen"
    export_name = "預り金"
    empty = {
        "icon": "wallet", "title": "預り金はありません",
        "text": "多く振り込まれたお金や、次の注文に使うお金を預かると、ここに並びます。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[CreditBalance]:
        return queries.credits_seen_by(clerk(request))

    def search(self, queryset: QuerySet[CreditBalance], text: str) -> QuerySet[CreditBalance]:
        return queryset.filter(matching(text, grams="customer__search_grams", source="customer__search_text"))

    def row_url(self, row: CreditBalance) -> str:
        return reverse("payments:credit", args=[row.pk])
