"""一覧: bank lines to match, the statements themselves, accounts, learned names."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.core.kana import payer_key
from akinai.core.money import NotANumber, parse_yen
from akinai.core.search import matching
from akinai.payments import queries, services
from akinai.payments.forms import SetAsideForm
from akinai.payments.models import BankAccount, BankLine, BankLineStatus, PayerAlias
from akinai.payments.states import AsideReason, BankLineState
from akinai.ui import tones
from akinai.ui.access import clerk
from akinai.ui.worklist import (
    BulkAction,
    Choice,
    Column,
    DateRange,
    FromIntake,
    MultiChoice,
    Tab,
    Worklist,
    YenRange,
    YesNo,
    each,
)

ACCOUNT = Choice("account", "口座", choices=lambda _r: queries.account_choices(), field="line__account__code")


def _set_aside(status: BankLineStatus, *, by: Any, reason: str = "", note: str = "") -> None:
    services.set_aside(status.pk, by=by, reason=reason, note=note)


def _bring_back(status: BankLineStatus, *, by: Any) -> None:
    services.bring_back(status.pk, by=by)


def _offered(row: BankLineStatus) -> str:
    return f"{len(row.proposal)} 件" if row.proposal else ""


class BankLineList(Worklist):
    """入金明細 and how far each is matched."""

    page = "payments.list"
    title = "入金・消込"
    permission = "payments.view_bankline"
    is_personal = True
    template_name = "payments/list.html"
    columns = [
        Column("on", "日付", format="date", sort="on", link=True),
        Column("payer", "振込人・摘要", value="line.who", card="title"),
        Column("amount_yen", "入金額", format="yen", sort="amount_yen", card="amount"),
        Column("left", "未消込", value=lambda row: row.left or None, format="yen"),
        Column("state", "状態", format="badge", card="badge"),
        Column("score", "確度", value=lambda row: f"{row.score}%" if row.score else "", sort="score"),
        Column("offers", "候補", value=_offered),
        Column("note", "対象外の理由", value=lambda row: _why_aside(row), card="line"),
        Column("account", "口座", value=lambda row: str(row.line.account)),
        Column("text", "摘要", value="line.text", visible=False),
        Column("bank_ref", "照会番号", value="line.bank_ref", visible=False),
        Column("edi", "EDI情報", value="line.edi", visible=False),
    ]
    tabs = [
        Tab("todo", "要対応", queries.NEEDS_A_PERSON, count=True, tone="warn"),
        Tab("partial", "一部消込", Q(state=BankLineState.PARTIAL)),
        Tab("matched", "消込済", Q(state=BankLineState.MATCHED)),
        Tab("aside", "対象外", Q(state=BankLineState.SET_ASIDE)),
        Tab("returned", "取消・組戻あり", queries.RETURNED, hidden=True),
    ]
    filters = [
        MultiChoice("state", "状態", choices=BankLineState.choices),
        DateRange("on", "日付"),
        YenRange("amount", "入金額", field="amount_yen"),
        ACCOUNT,
        Choice("aside", "対象外の理由", choices=AsideReason.choices, field="aside_reason"),
        YesNo("offered", "候補", yes=Q(score__gt=0), labels=("あり", "なし")),
        FromIntake("intake", "取込", field="line__intake_file_id"),
    ]
    search_hint = "振込人（カナ・かな・半角）・摘要・金額"
    search_fields = ("search_grams", "search_text")
    default_sort = "-on"
    export_name = "入金明細"
    bulk_actions = [
        BulkAction(
            "aside", "対象外にする", run=each(_set_aside, done="{count} 件を対象外にしました。"), form=SetAsideForm, icon="x",
            permission="payments.add_match",
        ),
        BulkAction(
            "back", "対象に戻す", run=each(_bring_back, done="{count} 件を消込の対象に戻しました。"), icon="return",
            permission="payments.add_match", confirm="{count} 件を消込の対象に戻します。",
        ),
    ]  # fmt: skip
    empty = {
        "icon": "bank", "title": "入金明細はまだありません", "text": "ネットバンキングの明細を取り込むと、自動で消し込みます。",
        "url_name": "intake:new", "label": "明細を取り込む",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[BankLineStatus]:
        return queries.lines_seen_by(clerk(request))

    def search(self, queryset: QuerySet[BankLineStatus], text: str) -> QuerySet[BankLineStatus]:
        """As typed, as banks write it (ｼﾖｳﾃﾝ), or as an amount."""
        found = matching(text) | matching(payer_key(text))
        try:
            found |= Q(amount_yen=parse_yen(text))
        except NotANumber:
            pass
        return queryset.filter(found)

    def row_url(self, row: BankLineStatus) -> str:
        return reverse("payments:detail", args=[row.pk])

    def row_tone(self, row: BankLineStatus) -> str:
        is_returned = row.returned_by_id and row.state != BankLineState.SET_ASIDE
        return "bad" if is_returned else ""


def _why_aside(row: BankLineStatus) -> str:
    if row.returned_by_id and row.state != BankLineState.SET_ASIDE:
        return "消込後に取消・組戻"
    label = row.get_aside_reason_display() if row.aside_reason else ""
    return f"{label}: {row.note}" if label and row.note and row.note != label else label or row.note


class StatementList(Worklist):
    """入出金明細: the statements themselves, money out as well."""

    page = "payments.statement"
    title = "入出金明細"
    permission = "payments.view_bankline"
    template_name = "payments/plain_list.html"
    columns = [
        Column("on", "日付", format="date", sort="on", link=True),
        Column("account", "口座", value=lambda row: str(row.account)),
        Column("text", "摘要", value="who", card="title"),
        Column("paid_in", "入金", value=lambda row: row.amount_yen if row.amount_yen > 0 else None, format="yen", card="amount"),
        Column("paid_out", "出金", value=lambda row: -row.amount_yen if row.amount_yen < 0 else None, format="yen"),
        Column("balance_yen", "残高", format="yen"),
        Column("state", "消込", value=lambda row: _matched(row), format="badge", card="badge", export=lambda row: _matched(row)[0]),
        Column("kind", "種類", visible=False),
        Column("bank_ref", "照会番号", visible=False),
        Column("added_at", "取込日時", format="datetime", visible=False),
    ]  # fmt: skip
    tabs = [Tab("in", "入金", Q(amount_yen__gt=0)), Tab("out", "出金", Q(amount_yen__lt=0))]
    filters = [
        DateRange("on", "日付"),
        YenRange("amount", "金額（出金は▲）", field="amount_yen"),
        Choice("account", "口座", choices=lambda _r: queries.account_choices(), field="account__code"),
        FromIntake("intake", "取込", field="intake_file_id"),
    ]
    search_hint = "振込人・摘要"
    search_fields = ("payer", "text")
    default_sort = "-on"
    export_name = "入出金明細"
    empty = {
        "icon": "bank",
        "title": "明細はまだありません",
        "url_name": "intake:new",
        "label": "明細を取り込む",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[BankLine]:
        return queries.statement_seen_by(clerk(request))

    def search(self, queryset: QuerySet[BankLine], text: str) -> QuerySet[BankLine]:
        return queryset.filter(Q(payer_key__contains=payer_key(text)) | Q(text__icontains=text.strip()))

    def row_url(self, row: BankLine) -> str:
        return reverse("payments:detail", args=[row.pk]) if row.amount_yen > 0 else ""


def _matched(line: BankLine) -> tuple[str, str]:
    """(words, tone) of how far a line is matched; empty for money out."""
    status: BankLineStatus | None = getattr(line, "status", None)
    return tones.state_of(status, "state") if status else ("", "")


class AccountList(Worklist):
    """入金口座."""

    page = "payments.accounts"
    title = "入金口座"
    permission = "payments.view_bankaccount"
    template_name = "payments/accounts.html"
    columns = [
        Column("bank_name", "銀行", sort="bank_name", link=True, card="title"),
        Column("branch_name", "支店"),
        Column("kind", "種目"),
        Column("account_no", "口座番号"),
        Column("holder", "口座名義"),
        Column("code", "口座コード"),
        Column("is_active", "使用中", format="bool", card="badge"),
        Column("note", "メモ"),
        Column("bank_code", "銀行コード", visible=False),
        Column("branch_code", "支店コード", visible=False),
    ]
    tabs = [Tab("active", "使用中", Q(is_active=True)), Tab("closed", "使っていない", Q(is_active=False))]
    search_hint = "銀行・支店・番号・名義"
    search_fields = ("bank_name", "branch_name", "account_no", "holder", "code")
    default_sort = "bank_name"
    export_name = "入金口座"
    empty = {
        "icon": "bank", "title": "口座はまだありません", "text": "明細を取り込むと自動で登録されます。先に登録することもできます。",
        "url_name": "payments:add_account", "label": "口座を登録する",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[BankAccount]:
        return BankAccount.objects.all()

    def row_url(self, row: BankAccount) -> str:
        may_change = self.request.user.has_perm("payments.change_bankaccount")
        return reverse("payments:edit_account", args=[row.pk]) if may_change else ""


def _forget(alias: PayerAlias, *, by: Any) -> None:
    services.forget_name(alias.pk, by=by)


class NameList(Worklist):
    """名義の覚え: payers' names that people once tied to a customer."""

    page = "payments.names"
    title = "名義の覚え"
    permission = "payments.view_payeralias"
    is_personal = True
    template_name = "payments/names.html"
    columns = [
        Column(
            "payer",
            "振込人の名義",
            value=lambda row: row.payer or row.payer_key,
            card="title",
            sort="payer_key",
        ),
        Column("customer", "顧客", value="customer.name"),
        Column("kana", "フリガナ", value="customer.kana"),
        Column("number", "顧客番号", value="customer.number"),
        Column("learned_at", "覚えた日時", format="datetime", sort="learned_at"),
        Column("learned_by", "担当者", value=lambda row: str(row.learned_by or "システム")),
    ]
    filters = [DateRange("learned", "覚えた日", field="learned_at")]
    search_hint = "名義・顧客"
    search_fields = ("payer_key",)
    default_sort = "-learned_at"
    export_name = "名義の覚え"
    empty = {
        "icon": "user",
        "title": "覚えた名義はありません",
        "text": "消込で、ご家族や会社の名義を選ぶと、次から自動で分かるように覚えます。",
    }
    bulk_actions = [
        BulkAction(
            "forget", "覚えを消す", run=each(_forget, done="{count} 件の覚えを消しました。"), icon="trash", tone="danger",
            permission="payments.delete_payeralias",
            confirm="{count} 件の覚えを消します。これまでの消込はそのままで、次から自動では消し込まれません。",
        )
    ]  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[PayerAlias]:
        return PayerAlias.objects.select_related("customer", "learned_by")

    def search(self, queryset: QuerySet[PayerAlias], text: str) -> QuerySet[PayerAlias]:
        person = matching(text, grams="customer__search_grams", source="customer__search_text")
        return queryset.filter(Q(payer_key__contains=payer_key(text)) | person)

    def row_url(self, row: PayerAlias) -> str:
        return reverse("party:customer", args=[row.customer.number])
