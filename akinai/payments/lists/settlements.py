"""入金精算の一覧: payouts, their lines, what nobody has seen at the bank, and who pays."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.core import clock
from akinai.orders import queries as orders
from akinai.orders.states import PaymentKind
from akinai.payments.models import (
    BankLineStatus,
    PayoutTerms,
    Settlement,
    SettlementLineStatus,
)
from akinai.payments.models.settlements import FINDS
from akinai.payments.queries import settlements as known
from akinai.payments.services import settlements
from akinai.payments.settlement_intake import provider_choices
from akinai.payments.settlement_states import ROLES, LineKind, LineState, SettlementState, Why
from akinai.ui.access import clerk
from akinai.ui.worklist import (
    BulkAction,
    Choice,
    Column,
    DateRange,
    FromIntake,
    MultiChoice,
    Tab,
    Text,
    Worklist,
    YenRange,
    each,
)

LIVE = Q(status__state=SettlementState.LIVE)
WAITING = LIVE & Q(status__bank_line=None, net_yen__gt=0)


def _state(row: Any) -> tuple[str, str]:
    if row.status.state == SettlementState.REVERSED:
        return "取消", "mute"
    if row.open_count:
        return f"未説明 {row.open_count} 行", "bad"
    if row.status.bank_line_id is None and row.net_yen > 0:
        return ("入金予定", "info") if row.paid_on > clock.today() else ("入金待ち", "warn")
    return "説明済", "good"


def _providers(request: HttpRequest) -> list[tuple[str, str]]:
    return provider_choices()


def _explain(row: Settlement, *, by: Any) -> None:
    settlements.explain_again(row, by=by)


class SettlementList(Worklist):
    """入金精算."""

    page = "payments.settlements"
    title = "入金精算"
    permission = "payments.view_settlement"
    template_name = "payments/settlements.html"
    columns = [
        Column("number", "精算番号", sort="number", link=True),
        Column("provider", "支払元", value="provider.title", card="title"),
        Column("payout_no", "支払元の番号"),
        Column("paid_on", "入金日", format="date", sort="paid_on"),
        Column("state", "状態", value=_state, format="badge", card="badge", export=lambda row: _state(row)[0]),
        Column("gross_yen", "売上・ポイント", format="yen"),
        Column("refund_yen", "返金", format="signed_yen"),
        Column("fee_yen", "手数料", format="signed_yen"),
        Column("others", "調整・留保", value=lambda row: row.adjustment_yen + row.reserve_yen, format="signed_yen", visible=False),
        Column("net_yen", "差引入金額", format="yen", sort="net_yen", card="amount"),
        Column("open_yen", "未説明", format="yen", value=lambda row: row.open_yen or None),
        Column("bank", "入金明細", value=lambda row: row.status.bank_line.on if row.status.bank_line else None, format="date", visible=False),
        Column("line_count", "明細", format="number", visible=False),
        Column("channel", "店舗", value=lambda row: row.channel.name if row.channel else "", visible=False),
        Column("at", "取込日時", format="datetime", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("open", "説明のつかない明細あり", Q(open_count__gt=0), count=True, tone="bad"),
        Tab("waiting", "銀行で見えない", WAITING, count=True, tone="warn"),
        Tab("reversed", "取消", Q(status__state=SettlementState.REVERSED)),
    ]
    filters = [
        MultiChoice("provider", "支払元", choices=_providers, field="provider__code"),
        DateRange("paid", "入金日", field="paid_on"),
        YenRange("net", "差引入金額", field="net_yen"),
        Text("payout", "支払元の番号", field="payout_no"),
        FromIntake("intake", "取込", field="intake_file_id"),
    ]
    search_hint = "精算番号・支払元の番号・受注番号"
    search_fields = ("number",)
    default_sort = "-paid_on"
    export_name = "入金精算"
    bulk_actions = [
        BulkAction(
            "explain", "もう一度調べる", run=each(_explain, done="{count} 件を調べ直しました。"), icon="refresh",
            permission="payments.change_settlement",
        )
    ]  # fmt: skip
    empty = {
        "icon": "scale", "title": "入金精算はまだありません",
        "text": "モール・決済会社・運送会社の入金明細を取り込むと、受注ごとの入金と手数料に分かれ、銀行の入金と結び付きます。",
        "url_name": "payments:take_settlements", "label": "精算を取り込む",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Settlement]:
        return known.settlements_seen_by(clerk(request))

    def search(self, queryset: QuerySet[Settlement], text: str) -> QuerySet[Settlement]:
        key = text.strip()
        lines = SettlementLineStatus.objects.filter(Q(order__number=key.upper()) | Q(line__order_no=key))
        mine = Q(pk__in=lines.values("settlement_id"))
        return queryset.filter(Q(number=key.upper()) | Q(payout_no__icontains=key) | mine)

    def row_url(self, row: Settlement) -> str:
        return reverse("payments:settlement", args=[row.number])

    def row_tone(self, row: Any) -> str:
        return _state(row)[1] if row.open_count else ""


class SettlementLineList(Worklist):
    """精算明細, those without an explanation first."""

    page = "payments.settlement_lines"
    title = "精算明細"
    permission = "payments.view_settlement"
    template_name = "payments/settlements.html"
    columns = [
        Column("reference", "注文番号・支払元の番号", value=lambda r: r.line.order_no or r.line.tracking_no or r.line.reference or r.line.text, link=True, card="title"),
        Column("kind", "種類", value=lambda r: r.line.get_kind_display()),
        Column("yen", "金額", format="signed_yen", sort="yen", card="amount"),
        Column("state", "説明", value=lambda r: ("説明済", "good") if r.state == LineState.EXPLAINED else ("未説明", "bad"), format="badge", card="badge", export=lambda r: r.get_state_display()),
        Column("why", "理由・説明", value=lambda r: r.get_why_display() if r.why else " ".join(p for p in (r.get_how_display(), ROLES.get(r.role, "")) if p)),
        Column("order", "受注番号", value=lambda r: r.order.number if r.order else ""),
        Column("provider", "支払元", value="settlement.provider.title"),
        Column("settlement", "精算番号", value="settlement.number"),
        Column("paid_on", "入金日", value="settlement.paid_on", format="date", sort="settlement__paid_on"),
        Column("text", "内容", value="line.text"),
        Column("note", "メモ", visible=False),
        Column("on", "取引日", value="line.on", format="date", visible=False),
        Column("tax_yen", "うち消費税", value="line.tax_yen", format="signed_yen", visible=False),
        Column("source_line", "ファイルの行", value="line.source_line", format="number", visible=False),
        Column("by", "担当者", value=lambda r: str(r.by) if r.by else "システム", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("open", "説明のつかない明細", Q(state=LineState.OPEN), count=True, tone="bad"),
        Tab("by_hand", "担当者が説明", Q(state=LineState.EXPLAINED, by__isnull=False)),
    ]
    filters = [
        MultiChoice("why", "説明のつかない理由", choices=Why.choices),
        MultiChoice("kind", "種類", choices=LineKind.choices, field="line__kind"),
        MultiChoice("provider", "支払元", choices=_providers, field="settlement__provider__code"),
        DateRange("paid", "入金日", field="settlement__paid_on"),
        YenRange("yen", "金額"),
        Text("settlement", "精算番号", field="settlement__number"),
    ]
    search_hint = "注文番号・受注番号・支払元の番号"
    search_fields = ("pk",)
    default_sort = "-settlement__paid_on"
    export_name = "精算明細"
    empty = {
        "icon": "check-circle",
        "title": "明細はありません",
        "text": "説明のつかない明細があると、ここに並びます。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[SettlementLineStatus]:
        rows = known.lines_of_settlements(clerk(request))
        return rows.filter(settlement__status__state=SettlementState.LIVE)

    def search(self, queryset: QuerySet[SettlementLineStatus], text: str) -> QuerySet[SettlementLineStatus]:
        key = text.strip()
        mine = Q(line__order_no=key) | Q(line__reference=key) | Q(line__tracking_no=key)
        return queryset.filter(mine | Q(order__number=key.upper()) | Q(line__text__icontains=key))

    def row_url(self, row: SettlementLineStatus) -> str:
        return reverse("payments:settlement_line", args=[row.pk])

    def row_tone(self, row: SettlementLineStatus) -> str:
        return "bad" if row.state == LineState.OPEN else ""


class PayoutDepositList(Worklist):
    """精算のない入金: what providers paid and no settlement tells of."""

    page = "payments.payout_deposits"
    title = "精算のない入金"
    permission = "payments.view_settlement"
    template_name = "payments/settlements.html"
    columns = [
        Column("on", "日付", format="date", sort="on", link=True),
        Column("payer", "振込人", value="line.who", card="title"),
        Column("amount_yen", "入金額", format="yen", sort="amount_yen"),
        Column("left", "説明のない額", format="yen", card="amount"),
        Column("account", "口座", value=lambda row: str(row.line.account)),
        Column("note", "メモ"),
    ]
    filters = [DateRange("on", "日付"), YenRange("amount", "入金額", field="amount_yen")]
    search_hint = "振込人"
    search_fields = ("line__payer", "line__text")
    default_sort = "-on"
    export_name = "精算のない入金"
    empty = {
        "icon": "check-circle",
        "title": "精算のない入金はありません",
        "text": "モールや決済会社からの入金は、すべて精算と結び付いています。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[BankLineStatus]:
        return known.payout_deposits(clerk(request))

    def row_url(self, row: BankLineStatus) -> str:
        return reverse("payments:payout_deposit", args=[row.pk])


class OverduePayoutList(Worklist):
    """入金予定を過ぎた受注: shipped long ago, and in no settlement."""

    page = "payments.payout_overdue"
    title = "入金予定を過ぎた受注"
    permission = "payments.view_settlement"
    is_personal = True
    template_name = "payments/settlements.html"
    columns = [
        Column("number", "受注番号", sort="number", link=True),
        Column("channel_order_no", "モールの注文番号"),
        Column("channel", "店舗", value="channel.name"),
        Column("buyer_name", "注文者", card="title"),
        Column("payment", "支払方法", value=lambda row: row.get_payment_display()),
        Column("shipped_at", "出荷日", format="date", sort="shipped_at"),
        Column(
            "owed",
            "入っていない額",
            value=lambda row: row.total_yen - row.paid_yen,
            format="yen",
            card="amount",
        ),
    ]
    filters = [
        MultiChoice("payment", "支払方法", choices=PaymentKind.choices),
        DateRange("shipped", "出荷日", field="shipped_at"),
        Text("channel_order_no", "モールの注文番号"),
    ]
    search_hint = "受注番号・注文者"
    default_sort = "shipped_at"
    export_name = "入金予定を過ぎた受注"
    empty = {
        "icon": "check-circle",
        "title": "遅れている入金はありません",
        "text": "出荷した受注の代金は、支払元ごとの日数のうちに精算に現れています。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        ids = known.overdue_orders(clock.today())
        return orders.orders_seen_by(clerk(request)).filter(pk__in=list(ids)).select_related("channel")

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return orders.sought(queryset, text)

    def row_url(self, row: Any) -> str:
        return f"{reverse('orders:detail', args=[row.number])}#payments"


class PayoutTermsList(Worklist):
    """精算の支払元: malls, providers and carriers who send us what many buyers paid."""

    page = "payments.payout_terms"
    title = "精算の支払元"
    permission = "payments.view_payoutterms"
    template_name = "payments/settlements.html"
    columns = [
        Column("title", "支払元", sort="title", link=True, card="title"),
        Column("code", "コード", sort="code"),
        Column("finds", "受注の見つけ方", value=lambda row: row.get_finds_display()),
        Column("payers", "振込の名義", value=lambda row: "、".join(row.payers)),
        Column("fee_rate", "手数料の消費税", value=lambda row: row.get_fee_rate_display()),
        Column("due_days", "出荷から入金までの日数", format="number", sort="due_days"),
        Column("note", "メモ"),
    ]
    filters = [Choice("finds", "受注の見つけ方", choices=FINDS)]
    search_hint = "支払元・コード"
    search_fields = ("title", "code")
    default_sort = "title"
    export_name = "支払元"

    def queryset(self, request: HttpRequest) -> QuerySet[PayoutTerms]:
        return PayoutTerms.objects.all()

    def search(self, queryset: QuerySet[PayoutTerms], text: str) -> QuerySet[PayoutTerms]:
        return queryset.filter(Q(title__icontains=text.strip()) | Q(code__icontains=text.strip()))

    def row_url(self, row: PayoutTerms) -> str:
        may_change = self.request.user.has_perm("payments.change_payoutterms")
        return reverse("payments:edit_payout_terms", args=[row.code]) if may_change else ""


__all__ = [
    "OverduePayoutList",
    "PayoutDepositList",
    "PayoutTermsList",
    "SettlementLineList",
    "SettlementList",
]
