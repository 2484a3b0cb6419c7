from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StockConfig(AppConfig):
    name = "akinai.stock"
    label = "stock"
    verbose_name = "在庫"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.core import intake
        from akinai.stock import proofs, usual
        from akinai.stock.intake import StockKind
        from akinai.ui import navigation

        proofs.register()
        post_migrate.connect(usual.add_missing, sender=self)
        intake.register(StockKind())
        navigation.register(
            "goods", "在庫", "stock:list", permission="stock.view_stocklevel", icon="box", order=30, key="z"
        )
        navigation.register(
            "goods", "入出庫台帳", "stock:ledger", permission="stock.view_stockentry", icon="list", order=32
        )
