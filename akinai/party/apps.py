from django.apps import AppConfig


class PartyConfig(AppConfig):
    name = "akinai.party"
    label = "party"
    verbose_name = "取引先"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.core import events, intake, mail
        from akinai.party import disclosure, erasing, erasure_answers, office, retaining
        from akinai.party.findings import SavedViews
        from akinai.party.holding import CustomersHeld
        from akinai.party.intake import SuppliersKind
        from akinai.party.outbox_holding import OutboxHeld
        from akinai.party.ports import register_finder, register_holder

        intake.register(SuppliersKind())
        register_holder(CustomersHeld())
        register_holder(OutboxHeld())
        register_finder(SavedViews())
        disclosure.register()
        erasing.register()
        retaining.register()
        office.register()
        mail.register_sort(erasure_answers.WORD, "消去の請求への回答", erasure_answers.url_of)
        events.on("mail.sent")(erasure_answers.on_mail_sent)
        events.on("mail.given_up")(erasure_answers.on_mail_given_up)
