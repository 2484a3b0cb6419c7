from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "akinai.core"
    label = "core"
    verbose_name = "共通基盤"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.core import migrating, proofs, seals

        migrating.make_quick()
        proofs.register_check("ledgers_are_as_sealed", seals.check)
