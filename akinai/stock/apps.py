from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StockConfig(AppConfig):
    name = "akinai.stock"
    label = "stock"
    verbose_name = "在庫"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.catalog import ports as catalog
        from akinai.core import intake
        from akinai.party.ports import register_follower, register_holder
        from akinai.stock import keeping, office, proofs, usual
        from akinai.stock.count_intake import CountsKind
        from akinai.stock.holding import KeepsHeld
        from akinai.stock.intake import StockKind
        from akinai.stock.merging import KeepsFollow

        proofs.register()
        catalog.register_keeper(keeping.why_kept)
        post_migrate.connect(usual.add_missing, sender=self)
        intake.register(StockKind())
        intake.register(CountsKind())
        office.register()
        register_follower(KeepsFollow())
        register_holder(KeepsHeld())
