from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "akinai.payments"
    label = "payments"
    verbose_name = "入金"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.core import intake
        from akinai.payments import proofs, queries
        from akinai.payments.intake import BankKind
        from akinai.ui import navigation, tones

        proofs.register()
        intake.register(BankKind())
        navigation.register(
            "money", "入金・消込", "payments:list", permission="payments.view_bankline", icon="bank", order=100, key="b",
            badge=lambda request: queries.to_do_count(),
        )  # fmt: skip
        tones.register(
            "payments.banklinestatus.state",
            {"open": "warn", "proposed": "info", "partial": "warn", "matched": "good", "set_aside": "mute"},
        )
