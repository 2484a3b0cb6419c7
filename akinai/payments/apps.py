from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "akinai.payments"
    label = "payments"
    verbose_name = "入金"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.billing.ports import keep_received
        from akinai.core import events, intake
        from akinai.payments import office, proofs, queries
        from akinai.payments.intake import BankKind
        from akinai.payments.services.offsets import on_statement_issued

        keep_received(queries.received_for)
        events.on("statement.issued")(on_statement_issued)

        proofs.register()
        intake.register(BankKind())
        office.register()
