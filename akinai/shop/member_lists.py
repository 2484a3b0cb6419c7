"""会員の一覧, and which goods are waited for (再入荷の希望)."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.core import activity
from akinai.party import masking
from akinai.shop.models import Favourite, Member, RestockNotice
from akinai.shop.models.mypage import WAITING
from akinai.shop.services import consents
from akinai.ui.access import clerk
from akinai.ui.worklist import Column, DateRange, Tab, Text, Worklist, YesNo, pill


def _count(model: type[Favourite] | type[RestockNotice], *conditions: Q) -> Coalesce:
    rows = model._default_manager.filter(*conditions, member=OuterRef("pk")).order_by().values("member")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def _state(one: Any, _value: Any, _request: HttpRequest) -> str:
    if one.withdrawn_at:
        return pill("退会", "mute")
    return pill("統合済", "info") if one.joined_id else pill("会員", "good")


class MemberList(Worklist):
    """会員一覧."""

    page = "shop.members"
    title = "会員"
    permission = "shop.view_member"
    is_personal = True
    template_name = "shop/office/members.html"
    columns = [
        Column(
            "name", "お名前", value=lambda one: one.name or "（退会）", sort="name", link=True, card="title"
        ),
        Column("mail", "メールアドレス", sort="mail", card="plain", mask=masking.MAIL),
        Column("customer", "顧客番号", value="customer.number", sort="customer__number"),
        Column(
            "state",
            "状態",
            value=lambda one: "退会" if one.withdrawn_at else "会員",
            draw=_state,
            card="badge",
        ),
        Column("created_at", "入会日時", format="datetime", sort="created_at"),
        Column("last_login_at", "最後のログイン", format="datetime", sort="last_login_at"),
        Column("takes_news", "お知らせメール", format="bool", sort="takes_news"),
        Column("favourite_count", "お気に入り", format="number", sort="favourite_count"),
        Column("wish_count", "再入荷待ち", format="number", sort="wish_count"),
        Column("phone", "電話番号", visible=False, mask=masking.PHONE),
        Column("withdrawn_at", "退会日時", format="datetime", sort="withdrawn_at", visible=False),
    ]
    tabs = [
        Tab("live", "会員", Q(withdrawn_at=None), count=True),
        Tab("news", "お知らせメール", Q(withdrawn_at=None, takes_news=True), count=True),
        Tab("withdrawn", "退会", Q(withdrawn_at__isnull=False)),
    ]
    filters = [
        DateRange("created", "入会日", field="created_at"),
        DateRange("login", "最後のログイン", field="last_login_at"),
        YesNo("news", "お知らせメール", field="takes_news", labels=("受け取る", "受け取らない")),
        YesNo("wishes", "再入荷待ち", yes=Q(wish_count__gt=0), labels=("あり", "なし")),
    ]
    search_fields = ("search_grams", "search_text")
    search_hint = "お名前・メール・電話"
    default_sort = "-created_at"
    export_name = "会員"
    export_permission = "shop.export_member"
    empty = {
        "icon": "users", "title": "会員はまだいません", "text": "店舗の「会員登録」から登録すると、ここに並びます。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Member]:
        return Member.objects.select_related("customer").annotate(
            favourite_count=_count(Favourite), wish_count=_count(RestockNotice, WAITING)
        )

    def row_url(self, row: Any) -> str:
        return reverse("party:customer", args=[row.customer.number])

    def _export(self, request: HttpRequest) -> HttpResponseBase:
        """Who takes the members' addresses out is written down."""
        response = super()._export(request)
        activity.record(consents.terms(), "export", by=clerk(request), summary="会員の一覧を書き出しました")
        return response


def goods_waited_for() -> QuerySet[Any]:
    """SKUs that somebody asked to be told of, with how many wait, since when, and how many were told."""
    asked = RestockNotice.objects.filter(sku=OuterRef("pk"), confirmed_at__isnull=False, stopped_at=None)
    rows = asked.order_by().values("sku")

    def number(condition: Q) -> Coalesce:
        made = rows.annotate(n=Count("pk", filter=condition)).values("n")
        return Coalesce(Subquery(made, output_field=IntegerField()), 0)

    first = rows.filter(sent_at=None).annotate(first=Min("asked_at")).values("first")
    return (
        catalog.search_skus("")
        .filter(Exists(RestockNotice.objects.filter(sku=OuterRef("pk"), confirmed_at__isnull=False)))
        .annotate(
            waiting=number(Q(sent_at=None)),
            told=number(Q(sent_at__isnull=False)),
            waits_since=Subquery(first),
        )
    )


class WishList(Worklist):
    """再入荷の希望: demand that was not met, SKU by SKU; what to buy in next."""

    page = "shop.wishes"
    title = "再入荷の希望"
    permission = "shop.view_restocknotice"
    template_name = "shop/office/wishes.html"
    columns = [
        Column("code", "商品コード", sort="code", link=True, card="plain"),
        Column("title", "商品名", value=lambda sku: catalog.row_of(sku).title, card="title", width="wide"),
        Column("waiting", "お待ちの人数", format="number", sort="waiting"),
        Column("waits_since", "いちばん長い方", format="datetime", sort="waits_since"),
        Column("told", "知らせた人数", format="number", sort="told"),
        Column("price_yen", "販売価格", format="yen", sort="price_yen"),
    ]
    tabs = [
        Tab("waiting", "お待ち", Q(waiting__gt=0), count=True),
        Tab("told", "お知らせ済み", Q(waiting=0)),
    ]
    filters = [Text("code", "商品コード", field="code")]
    search_fields = ("code", "product__name")
    search_hint = "商品コード・商品名"
    default_sort = "-waiting"
    export_name = "再入荷の希望"
    empty = {
        "icon": "bell", "title": "再入荷の希望はまだありません",
        "text": "売り切れの商品のページから申し込まれると、商品ごとに人数が出ます。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return goods_waited_for()

    def row_url(self, row: Any) -> str:
        return reverse("catalog:detail", args=[row.product.number])
