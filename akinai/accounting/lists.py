"""一覧 of the books: the ledger of sales, the journal, closed months and files that were written."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.accounting.models import Account, JournalEntry, JournalExport, RevenueEntry
from akinai.accounting.ports import PRODUCTS, SOURCES
from akinai.accounting.rules import tax_classes
from akinai.channels import queries as channels
from akinai.ui.worklist import Choice, Column, DateRange, MultiChoice, Tab, Text, Worklist, YenRange, YesNo


def _channels(_request: HttpRequest) -> list[tuple[Any, str]]:
    return list(channels.names())


class RevenueList(Worklist):
    """売上明細: every row of the ledger, down to the order it came from."""

    page = "accounting.revenue"
    title = "売上明細"
    permission = "accounting.view_dailysales"
    columns = [
        Column("on", "計上日", format="date", sort="on"),
        Column("order", "受注番号", value="order.number", link=True, card="title"),
        Column("event", "出来事", format="badge", card="badge"),
        Column("kind", "種類", value=lambda row: row.get_kind_display()),
        Column("what", "商品", value=lambda row: row.order_line.name if row.order_line else "", card="line"),
        Column("sku", "商品コード", value=lambda row: row.sku.code if row.sku else "", visible=False),
        Column("channel", "店舗・モール", value="channel.name"),
        Column("category", "カテゴリ", visible=False),
        Column("quantity", "数量", format="number"),
        Column("rate", "税率", value=lambda row: f"{row.rate}%", align="end"),
        Column("net_yen", "税抜", format="yen", sort="net_yen", card="amount"),
        Column("tax_yen", "消費税", format="yen"),
        Column("gross_yen", "税込", format="yen"),
        Column("slip", "伝票", visible=False),
    ]
    tabs = [
        Tab("ship", "出荷", Q(event="ship")),
        Tab("credit", "返品・値引", Q(event__in=["credit", "return"])),
        Tab("unship", "取消", Q(event="unship")),
    ]
    filters = [
        DateRange("on", "計上日"),
        Choice("channel", "店舗・モール", choices=_channels, field="channel_id"),
        MultiChoice("kind", "種類", choices=RevenueEntry.Kind.choices),
        Text("sku", "SKU（番号）", field="sku_id"),
        Text("order", "受注番号", field="order__number"),
        YenRange("net", "税抜", field="net_yen"),
    ]  # fmt: skip
    search_hint = "受注番号・商品コード"
    default_sort = "-on"
    export_name = "売上明細"
    empty = {
        "icon": "chart",
        "title": "売上はまだありません",
        "text": "出荷すると、ここに売上の行ができます。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[RevenueEntry]:
        return RevenueEntry.objects.select_related("order", "order_line", "sku", "channel")

    def search(self, queryset: QuerySet[RevenueEntry], text: str) -> QuerySet[RevenueEntry]:
        return queryset.filter(Q(order__number__iexact=text.strip()) | Q(sku__code__iexact=text.strip()))

    def row_url(self, row: RevenueEntry) -> str:
        return reverse("orders:detail", args=[row.order.number])


class JournalList(Worklist):
    """仕訳帳."""

    page = "accounting.journal"
    title = "仕訳帳"
    permission = "accounting.view_journalentry"
    template_name = "accounting/journal.html"
    columns = [
        Column("on", "日付", format="date", sort="on"),
        Column("number", "仕訳番号", sort="number", link=True, card="title"),
        Column("source", "元", value=lambda row: source_name(row.source), card="badge"),
        Column("memo", "摘要", card="line"),
        Column(
            "lines", "借方 / 貸方", partial="accounting/journal.html#lines", export=lambda row: in_words(row)
        ),
        Column("debit_yen", "金額", value=lambda row: debit_of(row), format="yen", card="amount"),
        Column("partner", "取引先", visible=False),
        Column("document", "証憑", visible=False),
        Column("at", "記帳日時", format="datetime", visible=False),
    ]
    tabs = [
        Tab("sales", "売上", Q(source="sales")), Tab("payment", "入金", Q(source__in=["payment", "bank", "advance"])),
        Tab("payable", "仕入・支払", Q(source="payable")), Tab("value", "原価・在庫", Q(source="value")),
        Tab("manual", "振替伝票", Q(source__in=["manual", "opening"])),
    ]  # fmt: skip
    filters = [
        DateRange("on", "日付"),
        MultiChoice("source", "元", choices=lambda _r: [(code, one.title) for code, one in SOURCES.items()]),
        Choice("channel", "店舗・モール", choices=_channels, field="channel_id"),
        Text("document", "証憑番号", field="document"),
        Text("account", "勘定科目", field="lines__account__name"),
    ]
    search_hint = "仕訳番号・証憑番号（受注番号・入金番号など）"
    default_sort = "-on"
    export_name = "仕訳帳"
    empty = {
        "icon": "book",
        "title": "仕訳はまだありません",
        "text": "出荷・入金・仕入があると、10 分ごとに仕訳になります。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[JournalEntry]:
        return JournalEntry.objects.prefetch_related("lines__account")

    def search(self, queryset: QuerySet[JournalEntry], text: str) -> QuerySet[JournalEntry]:
        word = text.strip()
        return queryset.filter(Q(number__iexact=word) | Q(document__iexact=word))

    def row_url(self, row: JournalEntry) -> str:
        return reverse("accounting:entry", args=[row.number])


def source_name(code: str) -> str:
    """What the ledger is called that an entry came from."""
    named = {"advance": "前受金の振替", "value": "原価台帳", "manual": "振替伝票", "opening": "期首残高"}
    return SOURCES[code].title if code in SOURCES else named.get(code, code)


def debit_of(row: JournalEntry) -> int:
    """金額: its debits, which are its credits."""
    return sum(line.yen for line in row.lines.all() if line.side == "debit")


def in_words(row: JournalEntry) -> str:
    """借方 / 貸方 in one line, for files."""
    return " ".join(
        f"{'借' if line.side == 'debit' else '貸'}{line.account.name} {line.yen:,}"
        for line in row.lines.all()
    )


USES = {
    "cash": "現金の入金・返金", "bank": "銀行の入金・支払", "receivable": "出荷と入金", "goods": "在庫の金額", "collectors": "モール・代引・決済会社の入金",
    "tax_paid": "仕入の消費税", "transfer": "口座間の移動", "payable": "仕入先への支払", "uninvoiced": "請求前の入荷", "advance": "出荷前の入金",
    "kept": "受注のない入金", "tax_received": "売上の消費税", "suspense": "その他の入金", "opening": "期首残高の差額", "sales": "商品の売上",
    "charges": "送料・手数料の売上", "cuts": "値引と返品", "interest": "受取利息", "cogs": "売れた商品の原価", "shrinkage": "棚卸差異",
    "writedown": "商品の評価損", "fees": "振込手数料", "lost_tax": "控除できない消費税", "short": "入金不足",
    "gain": "精算の差額（多い）", "promotion": "モールの販促費・ポイント原資", "ads": "モールの広告費", "freight": "精算から引かれた送料",
}  # fmt: skip


class AccountList(Worklist):
    """勘定科目."""

    page = "accounting.accounts"
    title = "勘定科目"
    permission = "accounting.view_account"
    template_name = "accounting/accounts.html"
    columns = [
        Column("code", "コード", sort="code"),
        Column("name", "勘定科目", sort="name", link=True, card="title"),
        Column("kind", "区分", value=lambda row: row.get_kind_display()),
        Column("tax_class", "いつもの税区分", value=lambda row: tax_classes.name_of(row.tax_class) or "対象外"),
        Column("role", "自動の仕訳での用途", value=lambda row: USES.get(row.role or "", row.role or "")),
        Column("products", "会計ソフトでの名前", value=lambda row: "、".join(one.name for one in row.names.all()), visible=False),
        Column("is_live", "状態", value=lambda row: ("使う", "good") if row.is_live else ("使わない", "mute"), format="badge", card="badge"),
    ]  # fmt: skip
    tabs = [Tab(kind, label, Q(kind=kind)) for kind, label in Account.Kind.choices]
    filters = [YesNo("live", "使う", field="is_live"), YesNo("own", "自分で足した科目", field="role__isnull")]
    search_hint = "コード・科目名"
    default_sort = "code"
    export_name = "勘定科目"

    def queryset(self, request: HttpRequest) -> QuerySet[Account]:
        return Account.objects.prefetch_related("names")

    def search(self, queryset: QuerySet[Account], text: str) -> QuerySet[Account]:
        return queryset.filter(Q(code__startswith=text.strip()) | Q(name__contains=text.strip()))

    def row_url(self, row: Account) -> str:
        return reverse("accounting:account", args=[row.pk])


class ExportList(Worklist):
    """会計ソフトへの出力."""

    page = "accounting.exports"
    title = "会計ソフトへの出力"
    permission = "accounting.view_journalexport"
    template_name = "accounting/exports.html"
    columns = [
        Column("made_at", "出力日時", format="datetime", sort="made_at"),
        Column("number", "番号", sort="number", link=True, card="title"),
        Column("product", "会計ソフト", value=lambda row: PRODUCTS[row.product].title if row.product in PRODUCTS else row.product),
        Column("period", "期間"),
        Column("count", "仕訳", format="number"),
        Column("debit_yen", "借方合計", format="yen", card="amount"),
        Column("filename", "ファイル", visible=False),
        Column("state", "状態", value=lambda row: ("取消", "mute") if row.withdrawn_at else ("出力済", "good"), format="badge", card="badge"),
        Column("by", "出力者", value=lambda row: str(row.made_by or "")),
    ]  # fmt: skip
    filters = [
        Choice(
            "product", "会計ソフト", choices=lambda _r: [(one.code, one.title) for one in PRODUCTS.values()]
        ),
        DateRange("made", "出力日", field="made_at"),
    ]
    default_sort = "-made_at"
    export_name = "会計ソフトへの出力"
    empty = {
        "icon": "file",
        "title": "まだ出力していません",
        "text": "期間を選んで、会計ソフトに取り込むファイルを作ります。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[JournalExport]:
        return JournalExport.objects.select_related("made_by").defer("data")

    def row_url(self, row: JournalExport) -> str:
        return reverse("accounting:export", args=[row.number])
