from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "akinai.billing"
    label = "billing"
    verbose_name = "請求"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.billing import office, proofs
        from akinai.billing.services.send import on_mail_sent
        from akinai.core import events

        events.on("mail.sent")(on_mail_sent)
        proofs.register()
        office.register()
