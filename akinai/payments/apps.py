from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "akinai.payments"
    label = "payments"
    verbose_name = "入金"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.core import intake
        from akinai.payments import office, proofs
        from akinai.payments.intake import BankKind

        proofs.register()
        intake.register(BankKind())
        office.register()
