from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountingConfig(AppConfig):
    name = "akinai.accounting"
    label = "accounting"
    verbose_name = "会計"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.accounting import listening, office, proofs, sources, usual
        from akinai.accounting.intake import AccountOpeningKind
        from akinai.accounting.queries.closing import closed_until
        from akinai.core import closing, intake

        post_migrate.connect(usual.add_missing, sender=self)
        closing.fill(closed_until)
        sources.register()
        listening.register()
        proofs.register()
        office.register()
        intake.register(AccountOpeningKind())
