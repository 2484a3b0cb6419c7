from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "akinai.billing"
    label = "billing"
    verbose_name = "請求"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.billing import jobs, links, office, proofs, queries
        from akinai.billing.consequences import of_order
        from akinai.billing.holding import PapersHeld
        from akinai.billing.intake import BillingTermsKind
        from akinai.billing.mail_texts import CREDIT_NOTE, INVOICE, STATEMENT
        from akinai.billing.merging import TermsFollow
        from akinai.billing.services.issue import on_shipped
        from akinai.billing.services.send import on_mail_sent
        from akinai.core import events, intake, mail_texts
        from akinai.orders.ports import keep_credit_limits
        from akinai.orders.preview_ports import tell_consequences
        from akinai.party.ports import register_follower, register_holder
        from akinai.shipping.ports import keep_receipt_link, keep_shipped

        events.on("mail.sent")(on_mail_sent)
        events.on("shipment.shipped")(on_shipped)
        keep_receipt_link(links.url_of)
        keep_shipped(queries.why_kept)
        keep_credit_limits(queries.credit_limits)
        tell_consequences(of_order)
        mail_texts.register(INVOICE)
        mail_texts.register(CREDIT_NOTE)
        mail_texts.register(STATEMENT)
        jobs.register()
        proofs.register()
        office.register()
        intake.register(BillingTermsKind())
        register_follower(TermsFollow())
        register_holder(PapersHeld())
