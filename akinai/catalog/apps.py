from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "akinai.catalog"
    label = "catalog"
    verbose_name = "商品"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.catalog import jobs, proofs
        from akinai.catalog.intake import ProductsKind
        from akinai.catalog.set_intake import SetsKind
        from akinai.core import intake

        proofs.register()
        jobs.register()
        intake.register(ProductsKind())
        intake.register(SetsKind())
        _menu()


def _menu() -> None:
    from django.http import HttpRequest
    from django.urls import reverse

    from akinai.catalog import queries
    from akinai.ui import navigation, search, tones, words

    def find(request: HttpRequest, text: str) -> list[search.Hit]:
        return [
            search.Hit(sku.product.name, reverse("catalog:detail", args=[sku.product.number]), sku.code)
            for sku in queries.search_skus(text).order_by("code")[:6]
        ]

    navigation.register(
        "goods", "商品", "catalog:list", permission="catalog.view_product", icon="tag", order=10, key="p",
        badge=lambda request: queries.review_count(), words="SKU 価格 JAN 画像",
    )  # fmt: skip
    search.register("商品", find, permission="catalog.view_product", icon="tag", order=30)
    words.register(
        "catalog",
        {
            "add_image": "画像の追加", "remove_image": "画像の削除", "move_image": "画像の並べ替え", "update": "変更",
            "create_stub": "仮登録", "note_cost": "原価の更新", "schedule_price": "価格の予約", "publish_manual": "登録マニュアルの公開", "price_start": "価格の予約の適用", "price_end": "価格の予約の終了", "undo_import": "取込の取消",
        }
    )  # fmt: skip
    tones.register(
        "catalog.priceschedule.state",
        {"waiting": "info", "running": "good", "ended": "mute", "missed": "warn", "cancelled": "mute"},
    )
    tones.register("catalog.product.status", {"active": "good", "draft": "info", "ended": "mute"})
