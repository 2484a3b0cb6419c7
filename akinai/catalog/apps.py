from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "akinai.catalog"
    label = "catalog"
    verbose_name = "商品"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.catalog.intake import ProductsKind
        from akinai.core import intake

        intake.register(ProductsKind())
