from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "akinai.stock"
    label = "stock"
    verbose_name = "在庫"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.stock import proofs

        proofs.register()
