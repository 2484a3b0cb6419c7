"""クーポンとポイントの一覧."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from akinai.core import clock
from akinai.marketing.models import Coupon, CouponCode, CouponUse, PointBalance, PointEntry, PointLot
from akinai.party import queries as party
from akinai.ui.worklist import Column, DateRange, MultiChoice, Tab, Text, Worklist, YesNo, pill

DUE_DAYS = 30


def state_of(coupon: Coupon) -> tuple[str, str]:
    """(word, tone): what a coupon is today."""
    today = clock.today()
    if not coupon.is_active:
        return "停止中", "mute"
    if coupon.ends_on and coupon.ends_on < today:
        return "終了", "mute"
    if coupon.total_limit is not None and coupon.used >= coupon.total_limit:
        return "上限に達した", "warn"
    return ("開始前", "info") if coupon.starts_on and coupon.starts_on > today else ("使用中", "good")


def _draw_state(coupon: Any, _value: Any, _request: HttpRequest) -> str:
    return pill(*state_of(coupon))


def _period(coupon: Coupon) -> str:
    if not coupon.starts_on and not coupon.ends_on:
        return "いつでも"
    return " 〜 ".join(f"{day:%Y/%m/%d}" if day else "" for day in (coupon.starts_on, coupon.ends_on))


def _times(coupon: Coupon) -> str:
    return f"{coupon.used:,} / {coupon.total_limit:,}" if coupon.total_limit else f"{coupon.used:,}"


def _live(_request: HttpRequest) -> Q:
    today = clock.today()
    return (
        Q(is_active=True) & (Q(ends_on=None) | Q(ends_on__gte=today)) & (Q(starts_on=None) | Q(starts_on__lte=today))
        & (Q(total_limit=None) | Q(used__lt=F("total_limit")))
    )  # fmt: skip


class CouponList(Worklist):
    """クーポン."""

    page = "marketing.coupons"
    title = "クーポン"
    permission = "marketing.view_coupon"
    template_name = "marketing/coupons.html"
    columns = [
        Column("code", "コード", sort="code", link=True, card="title"),
        Column("name", "クーポン名", sort="name", card="plain"),
        Column("words", "内容", card="plain"),
        Column("period", "期間", value=_period, sort="ends_on"),
        Column("minimum_yen", "最低購入額", format="yen", sort="minimum_yen", card="hide"),
        Column("used", "使われた回数", value=_times, sort="used"),
        Column("saved", "値引の合計", format="yen", sort="saved", card="amount"),
        Column("state", "状態", value=lambda one: state_of(one)[0], draw=_draw_state, card="badge"),
        Column("created_at", "登録日時", format="datetime", sort="created_at", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("live", "使用中", _live, count=True),
        Tab("over", "終了・停止", lambda request: ~_live(request)),
    ]
    filters = [
        MultiChoice("kind", "種類", choices=Coupon.Kind.choices),
        DateRange("ends", "終了日", field="ends_on"),
        YesNo("single", "1 回限りのコード", field="by_code_only", labels=("だけ", "ではない")),
    ]
    search_hint = "コード・クーポン名"
    default_sort = "-created_at"
    export_name = "クーポン"
    empty = {
        "icon": "tag", "title": "クーポンはまだありません", "text": "コードを作ると、店舗のカートで使えるようになります。",
        "url_name": "marketing:new_coupon", "label": "クーポンを作る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        saved = (
            CouponUse.objects.filter(coupon=OuterRef("pk"))
            .values("coupon")
            .annotate(n=Sum("yen"))
            .values("n")
        )
        return Coupon.objects.annotate(saved=Subquery(saved))

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(Q(code__icontains=text.strip()) | Q(name__icontains=text.strip()))

    def row_url(self, row: Coupon) -> str:
        return reverse("marketing:coupon", args=[row.pk])


class OfCoupon(Text):
    """クーポンのコード, exactly."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(coupon__code__iexact=self.value.strip().replace("\0", ""))


def _order_link(row: Any, _value: Any, _request: HttpRequest) -> str:
    if row.order is None:
        return "–"
    return format_html(
        '<a href="{}">{}</a>', reverse("orders:detail", args=[row.order.number]), row.order.number
    )


def _customer_link(row: Any, _value: Any, _request: HttpRequest) -> str:
    if row.customer is None:
        return "–"
    return format_html(
        '<a href="{}">{}</a>', reverse("party:customer", args=[row.customer.number]), row.customer.name
    )


class UseList(Worklist):
    """クーポンの使用."""

    page = "marketing.uses"
    title = "クーポンの使用"
    permission = "marketing.view_couponuse"
    is_personal = True
    columns = [
        Column("at", "日時", format="datetime", sort="at", card="plain"),
        Column("coupon", "クーポン", value="coupon.code", card="title"),
        Column("code", "1 回限りのコード", value="code.code", card="hide"),
        Column("order", "受注", draw=_order_link, value="order.number", export=lambda row: row.order.number, card="plain"),
        Column("customer", "お客様", draw=_customer_link, value="customer.name", export=lambda row: row.customer.name if row.customer else ""),
        Column("yen", "値引額", format="signed_yen", sort="yen", card="amount"),
        Column("is_first_order", "初めてのご注文", format="bool"),
        Column("reason", "理由"),
    ]  # fmt: skip
    tabs = [Tab("used", "使用", Q(reverses=None)), Tab("back", "取消", Q(reverses__isnull=False))]
    filters = [
        OfCoupon("coupon", "クーポン"),
        DateRange("at", "日付", field="at"),
        YesNo("first", "初めてのご注文", field="is_first_order"),
    ]
    search_hint = "受注番号・コード"
    default_sort = "-at"
    export_name = "クーポンの使用"
    empty = {
        "icon": "tag",
        "title": "まだ使われていません",
        "text": "使われると、ここに受注と一緒に並びます。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return CouponUse.objects.select_related("coupon", "code", "order", "customer")

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        word = text.strip().upper()
        return queryset.filter(Q(order__number__iendswith=word) | Q(coupon__code=word) | Q(code__code=word))


def batch_name(row: CouponCode) -> str:
    """束 without the job that made it."""
    return row.batch.partition("#")[0]


def _used(row: Any, _value: Any, _request: HttpRequest) -> str:
    return pill("使用済", "mute") if row.is_used else pill("未使用", "good")


class CodeList(Worklist):
    """1 回限りのコード."""

    page = "marketing.codes"
    title = "クーポンの 1 回限りのコード"
    permission = "marketing.view_couponcode"
    is_personal = True
    columns = [
        Column("code", "コード", card="title"),
        Column("coupon", "クーポン", value="coupon.code", card="plain"),
        Column("batch", "束", value=batch_name, card="plain"),
        Column("customer", "渡したお客様", draw=_customer_link, value="customer.name", export=lambda row: row.customer.name if row.customer else ""),
        Column("expires_on", "期限", format="date", sort="expires_on"),
        Column("is_used", "状態", value=lambda row: "使用済" if row.is_used else "未使用", draw=_used, card="badge"),
        Column("created_at", "作成日時", format="datetime", sort="created_at", visible=False),
    ]  # fmt: skip
    tabs = [Tab("open", "未使用", Q(is_used=False)), Tab("used", "使用済", Q(is_used=True))]
    filters = [OfCoupon("coupon", "クーポン"), DateRange("expires", "期限", field="expires_on")]
    search_hint = "コード・束"
    default_sort = "-created_at"
    export_name = "クーポンのコード"
    empty = {
        "icon": "tag",
        "title": "コードはまだありません",
        "text": "クーポンの画面の「コードの束」で作ります。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return CouponCode.objects.select_related("coupon", "customer")

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(Q(code=text.strip().upper()) | Q(batch__istartswith=text.strip()))


class PointList(Worklist):
    """ポイント by customer."""

    page = "marketing.points"
    title = "ポイント"
    permission = "marketing.view_pointentry"
    is_personal = True
    template_name = "marketing/points.html"
    columns = [
        Column("number", "顧客番号", value="customer.number", link=True, card="plain"),
        Column("customer", "お客様", value="customer.name", sort="customer__kana", card="title"),
        Column("points", "残高", format="number", sort="points", card="amount"),
        Column("next_on", "次の期限", format="date", sort="next_on"),
        Column("due", f"{DUE_DAYS} 日以内に期限", format="number"),
        Column("moved_at", "最後の動き", format="datetime", sort="moved_at"),
    ]  # fmt: skip
    tabs = [
        Tab("some", "残高あり", Q(points__gt=0), count=True),
        Tab("due", "まもなく期限", lambda _request: Q(next_on__lte=clock.today() + timedelta(days=DUE_DAYS))),
    ]
    filters = [
        DateRange("next", "次の期限", field="next_on"),
        DateRange("moved", "最後の動き", field="moved_at"),
    ]
    search_fields = ("customer__search_grams", "customer__search_text")
    search_hint = "氏名・カナ・顧客番号・電話・メール"
    default_sort = "-points"
    export_name = "ポイント残高"
    empty = {"icon": "star", "title": "ポイントはまだありません", "text": "設定でポイントを付けると、出荷のたびに付きます。", "url_name": "marketing:point_settings", "label": "ポイントの決まり"}  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        lots = PointLot.objects.filter(customer=OuterRef("pk"), left_points__gt=0).values("customer")
        soon = lots.filter(expires_on__lte=clock.today() + timedelta(days=DUE_DAYS))
        return PointBalance.objects.select_related("customer").annotate(
            next_on=Subquery(lots.annotate(on=Min("expires_on")).values("on")),
            due=Subquery(soon.annotate(n=Sum("left_points")).values("n")),
        )

    def row_url(self, row: PointBalance) -> str:
        return f"{reverse('marketing:point_entries')}?f.customer={row.customer.number}"


class OfCustomer(Text):
    """顧客番号."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(customer=party.id_of_customer(self.value.replace("\0", "")))


def _left(row: PointEntry) -> int | None:
    return row.lot.left_points if row.points > 0 else None


class EntryList(Worklist):
    """ポイントの履歴."""

    page = "marketing.point_entries"
    title = "ポイントの履歴"
    permission = "marketing.view_pointentry"
    is_personal = True
    template_name = "marketing/point_entries.html"
    columns = [
        Column("at", "日時", format="datetime", sort="at", card="plain"),
        Column("customer", "お客様", value="customer.name", draw=_customer_link, export=lambda row: row.customer.name, card="title"),
        Column("kind", "種類", format="badge", card="badge"),
        Column("points", "ポイント", value=lambda row: f"{row.points:+,}", sort="points", card="amount"),
        Column("order", "受注", draw=_order_link, value="order.number", export=lambda row: row.order.number if row.order else ""),
        Column("expires_on", "期限", format="date", sort="expires_on"),
        Column("left", "残り", value=_left, format="number"),
        Column("note", "理由", card="plain"),
        Column("by", "担当者", value="by.display_name", visible=False),
    ]  # fmt: skip
    tabs = [Tab("in", "付与", Q(points__gt=0)), Tab("out", "使用・期限切れ", Q(points__lt=0))]
    filters = [
        OfCustomer("customer", "顧客番号"), MultiChoice("kind", "種類", choices=PointEntry.Kind.choices), DateRange("at", "日付", field="at"),
        DateRange("expires", "期限", field="expires_on"),
    ]  # fmt: skip
    search_hint = "受注番号・理由"
    default_sort = "-at"
    export_name = "ポイントの履歴"
    empty = {
        "icon": "star",
        "title": "履歴はまだありません",
        "text": "お買い物・ご利用・期限切れのたびに 1 行ずつ増えます。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return PointEntry.objects.select_related("customer", "order", "lot", "by")

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(Q(order__number__iendswith=text.strip()) | Q(note__icontains=text.strip()))
