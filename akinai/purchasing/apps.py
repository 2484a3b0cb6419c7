from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    name = "akinai.purchasing"
    label = "purchasing"
    verbose_name = "仕入"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.core import intake
        from akinai.purchasing import office, proofs
        from akinai.purchasing.intake.items import SupplierItemsKind
        from akinai.purchasing.intake.receipts import ReceiptsKind

        proofs.register()
        intake.register(ReceiptsKind())
        intake.register(SupplierItemsKind())
        office.register()
