from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "akinai.support"
    label = "support"
    verbose_name = "サポート"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.core import events, intake
        from akinai.party import ports as party
        from akinai.support import (
            complaint_office,
            complaint_proofs,
            knowledge_office,
            office,
            retaining,
            voice_office,
        )
        from akinai.support.disclosing import TicketsTold
        from akinai.support.intake import TicketsKind
        from akinai.support.merging import TicketsFollow
        from akinai.support.services.undelivered import on_mail_given_up

        party.register_follower(TicketsFollow())
        party.register_holder(TicketsTold())
        retaining.register()
        intake.register(TicketsKind())
        office.register()
        complaint_office.register()
        knowledge_office.register()
        voice_office.register()
        complaint_proofs.register()
        events.on("mail.given_up")(on_mail_given_up)
