from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    name = "akinai.purchasing"
    label = "purchasing"
    verbose_name = "仕入"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.core import events, intake, mail_texts
        from akinai.purchasing import jobs, office, proofs
        from akinai.purchasing.coming import coming
        from akinai.purchasing.intake.items import SupplierItemsKind
        from akinai.purchasing.intake.orders import PurchaseOrdersKind
        from akinai.purchasing.intake.past_sales import PastSalesKind
        from akinai.purchasing.intake.payable_opening import PayableOpeningKind
        from akinai.purchasing.intake.receipts import ReceiptsKind
        from akinai.purchasing.mail_texts import CHASE, ORDER
        from akinai.purchasing.services.sending import on_mail_given_up
        from akinai.stock.ports import register_incoming

        register_incoming(coming)
        events.on("mail.given_up")(on_mail_given_up)
        mail_texts.register(ORDER)
        mail_texts.register(CHASE)
        jobs.register()
        proofs.register()
        intake.register(ReceiptsKind())
        intake.register(SupplierItemsKind())
        intake.register(PurchaseOrdersKind())
        intake.register(PastSalesKind())
        intake.register(PayableOpeningKind())
        office.register()
