"""商品一覧: one row per SKU; the exported file can be taken in again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.urls import reverse

from akinai.catalog import cells, queries, rules, services
from akinai.catalog.chosen import IN_ADDRESS, MOST, go_to
from akinai.catalog.formats.base import SIGN
from akinai.catalog.models import (
    Attribute,
    Category,
    CodeRule,
    PriceSchedule,
    Product,
    ProductAttribute,
    ProductImage,
    Sku,
    TaxKind,
)
from akinai.catalog.temperatures import Temperature
from akinai.core import clock
from akinai.ui.formats import cost
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

# Pictures that can be seen: ours, or where another site keeps them. The name of a file that has not come is none.
PICTURES = ProductImage.objects.filter(product=OuterRef("product")).filter(
    ~Q(file="") | Q(source_url__istartswith="http")
)
MOST_ATTRIBUTES = 200
ON_SALE = Q(product__status=Product.Status.ACTIVE, is_active=True)


def _categories(_request: HttpRequest) -> list[tuple[int, str]]:
    return list(Category.objects.values_list("pk", "name"))


def _cost_text(sku: Sku) -> str:
    """Without separators, so that the file can be taken in again."""
    return "" if sku.cost is None else f"{sku.cost.normalize():f}"


# Whole sets that are free, place by place.
SETS_FREE = "(SELECT sum(akinai_free_sets(catalog_sku.id, p.id, %(expressions)s))::int FROM stock_location p WHERE p.is_sellable)"


# Pieces nobody is promised that may still be shipped, over all places that sell.
PIECES_FREE = (
    "(SELECT greatest(0, sum(l.on_hand - l.reserved - CASE WHEN catalog_sku.tracks_lots "
    "THEN akinai_past_date(l.sku_id, l.location_id, %(expressions)s) ELSE 0 END))::int "
    "FROM stock_stocklevel l JOIN stock_location p ON p.id = l.location_id "
    "WHERE p.is_sellable AND l.sku_id = catalog_sku.id)"
)


def _free() -> Case:
    """引当可能 over all places that sell, counted for the shown rows only; of a set by its parts. What may not be shipped any
    more is not free."""
    today = Value(clock.today(), output_field=DateField())
    sets, pieces = (
        Func(today, template=told, output_field=IntegerField()) for told in (SETS_FREE, PIECES_FREE)
    )
    return Case(When(is_set=True, then=sets), default=pieces, output_field=IntegerField())


def _status(sku: Sku) -> str:
    return str(Product.Status(sku.product.status).label) if sku.is_active else "販売終了"


def _reviewed(rows: QuerySet[Sku], *, by: Any) -> str:
    return f"{services.mark_reviewed(rows, by=by)} 件を確認済みにしました。"


def _shown(rows: QuerySet[Sku], *, by: Any) -> str:
    return f"{services.show_in_shop(rows, by=by)} 商品を自社サイトに出しました。"


def _hidden(rows: QuerySet[Sku], *, by: Any) -> str:
    return f"{services.hide_from_shop(rows, by=by)} 商品を自社サイトから外しました。"


def _ended(rows: QuerySet[Sku], *, by: Any) -> str:
    return f"{services.end_sale(rows, by=by)} 件を販売終了にしました。"


def _resumed(rows: QuerySet[Sku], *, by: Any) -> str:
    return f"{services.resume_sale(rows, by=by)} 件の販売を再開しました。"


def _numbered(rows: QuerySet[Sku], *, by: Any) -> str:
    count = services.give_in_store_codes(rows, by=by)
    return f"{count} 件にインストアコードを発行しました。" if count else "JANのないSKUはありませんでした。"


def _answer(attribute: int, sku: Any) -> str:
    return next((one["value"] for one in sku.answers if one["attribute"] == attribute), "")


class Lacking(MultiChoice):
    """不足: goods that lack any of the chosen things."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.path: list(self.values)})


class SkuList(Worklist):
    """商品一覧. Exported headers are the names the intake of goods knows."""

    page = "catalog.list"
    title = "商品"
    permission = "catalog.view_product"
    template_name = "catalog/list.html"
    columns = [
        Column("code", "SKUコード", sort="code", link=True, card="line"),
        Column("product_code", "商品コード", value="product.code", visible=False),
        Column("name", "商品名", value="product.name", sort="product__name", draw=cells.name,
               export="product.name", card="title"),
        Column("variant", "バリエーション", visible=False),
        Column("jan", "JAN", sort="jan", hint="JANコード"),
        Column("price_yen", "販売価格", format="yen", sort="price_yen", card="amount"),
        Column("list_price_yen", "表示価格", format="yen", sort="list_price_yen", visible=False),
        Column("tax_kind", "税区分", value=lambda sku: TaxKind(sku.product.tax_kind).label, card="hide"),
        Column("temperature", "温度帯", value=lambda sku: Temperature(sku.product.temperature).label, visible=False),
        Column("cost", "原価", value=lambda sku: "" if sku.cost is None else cost(sku.cost), export=_cost_text, sort="cost", align="end", card="hide"),
        Column("free", "引当可能", value=lambda sku: sku.free or 0, format="number", exported=False),
        Column("category", "カテゴリ", value="product.category.name", card="hide"),
        Column("brand", "ブランド", value="product.brand", visible=False),
        Column("itf", "ケースのコード（ITF）", visible=False),
        Column("pieces_per_case", "ケース入数", format="number", visible=False),
        Column("shelf", "棚番", sort="shelf", card="hide"),
        Column("weight_g", "重量(g)", format="number", visible=False),
        Column("completeness", "完成度", value="product.completeness", format="number", sort="product__completeness",
               draw=cells.completeness, exported=False, card="hide"),
        Column("status", "状態", value=_status, draw=cells.status, export=_status, card="badge"),
        Column("slug", "URL", value="product.slug", visible=False),
        Column("is_public", "公開", value="product.is_public", format="bool", export=lambda sku: "はい" if sku.product.is_public else "いいえ", visible=False),
        Column("release_on", "発売日", format="date", sort="release_on", visible=False, exported=False),
        Column("preorder_until", "予約受付の終わり", format="date", visible=False, exported=False),
        Column("may_backorder", "取り寄せ", format="bool", visible=False, exported=False),
        Column("backorder_limit", "取り寄せの上限", format="number", visible=False, exported=False),
        Column("updated_at", "更新日時", value="product.updated_at", format="datetime", visible=False, exported=False),
    ]  # fmt: skip
    tabs = [
        Tab("review", "要確認", Q(needs_review=True, is_active=True), count=True),
        Tab("sale", "販売中", ON_SALE),
        Tab(
            "lacking",
            "登録が不足",
            Q(product__status=Product.Status.ACTIVE, is_active=True, product__completeness__lt=100),
        ),
        Tab("preorder", "予約商品", lambda _request: Q(release_on__gt=clock.today())),
        Tab("backorder", "取り寄せ", Q(may_backorder=True)),
        Tab("sets", "セット", Q(is_set=True)),
        Tab("no_jan", "JANなし", ON_SALE & Q(jan=None)),
        Tab("no_cost", "原価なし", ON_SALE & Q(cost=None)),
    ]
    filters = [
        MultiChoice("status", "状態", choices=Product.Status.choices, field="product__status"),
        MultiChoice("tax", "税区分", choices=TaxKind.choices, field="product__tax_kind"),
        Choice("category", "カテゴリ", choices=_categories, field="product__category"),
        YesNo("public", "自社サイト", field="product__is_public", labels=("出す", "出さない")),
        YenRange("price", "販売価格", field="price_yen"),
        YesNo("image", "画像", yes=Q(Exists(PICTURES)), labels=("あり", "なし")),
        Lacking("lacking", "不足", choices=rules.LACKS.items(), field="product__lacking__overlap"),
        FromIntake("intake", "取込", field="pk", data="skus"),
    ]
    search_fields = ("search_grams", "search_text")
    search_hint = "商品名・コード・JAN"
    default_sort = "code"
    export_name = "商品"
    bulk_actions = [
        BulkAction("review", "確認済みにする", run=_reviewed, permission="catalog.change_product", icon="check",
                   confirm="{count} 件の仮登録を確認済みにします。"),
        BulkAction("grid", "表で編集", run=go_to("catalog:grid"), permission="catalog.change_product", icon="columns", limit=MOST, primary=True),
        BulkAction("pages", "モール用の商品ファイル", run=go_to("catalog:pages"), icon="download", limit=MOST),
        BulkAction("labels", "ラベルを印刷", run=go_to("catalog:labels"), icon="printer", limit=MOST),
        BulkAction("schedule", "価格を予約", run=go_to("catalog:schedule"), permission="catalog.add_priceschedule", icon="calendar", limit=IN_ADDRESS),
        BulkAction("in_store", "インストアコードを付ける", run=_numbered, permission="catalog.change_product", icon="barcode",
                   confirm="{count} 件のうち、JANのないSKUにインストアコードを発行します。番号は取り消せません。"),
        BulkAction("show", "自社サイトに出す", run=_shown, permission="catalog.change_product", icon="eye",
                   confirm="{count} 件の商品を自社サイトに出します。"),
        BulkAction("hide", "自社サイトに出さない", run=_hidden, permission="catalog.change_product", icon="pause",
                   confirm="{count} 件の商品を自社サイトに出さないようにします。ほかの店舗には影響しません。"),
        BulkAction("end", "販売終了にする", run=_ended, permission="catalog.change_product", icon="pause",
                   confirm="{count} 件のSKUを販売終了にします。"),
        BulkAction("resume", "販売を再開する", run=_resumed, permission="catalog.change_product", icon="play"),
    ]  # fmt: skip
    empty = {
        "icon": "tag", "title": "商品はまだありません", "text": "CSVまたはExcelから取り込むか、1つずつ登録してください。",
        "url_name": "intake:new", "label": "取り込む",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Sku]:
        first = PICTURES.exclude(file="").order_by("position", "id").values("pk")[:1]
        rows = Sku.objects.select_related("product__category")
        return rows.annotate(picture=Subquery(first), free=_free())

    def sorted(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        told = ProductAttribute.objects.filter(product=OuterRef("product"))
        answers = told.values(json=JSONObject(attribute="attribute_id", value="value"))
        return super().sorted(queryset).annotate(answers=ArraySubquery(answers))

    def file_columns(self) -> Sequence[Column]:
        """属性:素材 …, under the names by which the intake takes them in again."""
        used = Attribute.objects.filter(pk__in=ProductAttribute.objects.values("attribute"))[:MOST_ATTRIBUTES]
        return [
            Column(f"attribute-{one.pk}", f"{SIGN}{one.name}", value=partial(_answer, one.pk)) for one in used
        ]

    def row_url(self, row: Sku) -> str:
        return reverse("catalog:detail", args=[row.product.number])

    def row_tone(self, row: Sku) -> str:
        return "warn" if row.needs_review else ""


def _rule(category: Any) -> str:
    return (
        f"{category.rule_prefix}{category.rule_next:0{category.rule_digits}d}" if category.rule_digits else ""
    )


class CategoryList(Worklist):
    """カテゴリ一覧."""

    page = "catalog.categories"
    title = "カテゴリ"
    permission = "catalog.view_category"
    template_name = "catalog/categories.html"
    columns = [
        Column("name", "カテゴリ名", sort="name", link=True, card="title"),
        Column("products", "商品", format="number", sort="products", card="amount"),
        Column("parent", "親カテゴリ", value="parent.name", card="line"),
        Column("slug", "URL", sort="slug", card="hide"),
        Column("position", "表示順", format="number", sort="position", card="hide"),
        Column("is_public", "自社サイト", format="bool", card="hide"),
        Column("rule", "次の自社コード", value=_rule, hint="商品コードを空欄で登録すると付くコード"),
    ]
    filters = [
        YesNo("used", "商品", yes=Q(products__gt=0), labels=("あり", "なし")),
        YesNo("public", "自社サイト", field="is_public", labels=("出す", "出さない")),
    ]
    default_sort = "name"
    export_name = "カテゴリ"
    empty = {
        "icon": "layers", "title": "カテゴリはまだありません", "text": "カテゴリごとに、自社コードの規則と必須の項目を決められます。",
        "url_name": "catalog:add_category", "label": "カテゴリを登録",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Category]:
        rule = CodeRule.objects.filter(category=OuterRef("pk"))
        return Category.objects.select_related("parent").annotate(
            products=Count("product"),
            rule_prefix=Subquery(rule.values("prefix")),
            rule_digits=Subquery(rule.values("digits")),
            rule_next=Subquery(rule.values("next")),
        )

    def search(self, queryset: QuerySet[Category], text: str) -> QuerySet[Category]:
        return queryset.filter(name__icontains=text)

    def row_url(self, row: Category) -> str:
        return reverse("catalog:category", args=[row.pk])


class ScheduleList(Worklist):
    """価格の予約の一覧."""

    page = "catalog.schedules"
    title = "価格の予約"
    permission = "catalog.view_priceschedule"
    template_name = "catalog/schedules.html"
    columns = [
        Column("sku", "SKUコード", value="sku.code", sort="sku__code", link=True, card="line"),
        Column(
            "name",
            "商品名",
            value=lambda row: f"{row.sku.product.name} {row.sku.variant}".strip(),
            card="title",
        ),
        Column("now", "今の価格", value="sku.price_yen", format="yen", card="line"),
        Column("price_yen", "予約の価格", format="yen", sort="price_yen", card="amount"),
        Column("list_price_yen", "表示価格", format="yen", card="hide"),
        Column("starts_at", "開始", format="datetime", sort="starts_at"),
        Column("ends_at", "終了", format="datetime", sort="ends_at"),
        Column("reason", "理由", card="plain"),
        Column("state", "状態", format="badge", card="badge"),
        Column("note", "結果", card="plain", visible=False),
        Column("by", "担当者", value="created_by.display_name", visible=False),
    ]
    tabs = [
        Tab("waiting", "予約", Q(state="waiting"), count=True),
        Tab("running", "適用中", Q(state="running"), count=True),
        Tab("past", "過去", Q(state__in=["ended", "missed", "cancelled"])),
    ]
    filters = [
        MultiChoice("state", "状態", choices=PriceSchedule.State.choices),
        DateRange("starts", "開始日", field="starts_at"),
        YesNo("end", "終了", yes=Q(ends_at__isnull=False), labels=("あり", "なし")),
    ]
    search_hint = "商品名・コード・理由"
    default_sort = "starts_at"
    export_name = "価格の予約"
    bulk_actions = [
        BulkAction("cancel", "予約を取り消す", run=each(services.cancel_schedule, done="{count} 件の予約を取り消しました。"),
                   permission="catalog.change_priceschedule", icon="x", confirm="{count} 件の価格の予約を取り消します。"),
        BulkAction("end", "いま終える", run=each(services.end_now, done="{count} 件を終え、元の価格に戻しました。"),
                   permission="catalog.change_priceschedule", icon="undo", confirm="{count} 件をいま終え、元の価格に戻します。"),
    ]  # fmt: skip
    empty = {
        "icon": "calendar", "title": "価格の予約はありません", "text": "商品の一覧で選んで「価格を予約」を押すと、決めた時刻に価格が変わり、終わると戻ります。",
        "url_name": "catalog:list", "label": "商品の一覧へ",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[PriceSchedule]:
        return PriceSchedule.objects.select_related("sku__product", "created_by")

    def search(self, queryset: QuerySet[PriceSchedule], text: str) -> QuerySet[PriceSchedule]:
        skus = queries.search_skus(text).values("pk")
        return queryset.filter(Q(sku__in=skus) | Q(reason__icontains=text))

    def row_url(self, row: PriceSchedule) -> str:
        return reverse("catalog:detail", args=[row.sku.product.number])
