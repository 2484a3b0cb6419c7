from django.apps import AppConfig


class PartyConfig(AppConfig):
    name = "akinai.party"
    label = "party"
    verbose_name = "取引先"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.core import intake
        from akinai.party import disclosure, erasing, office, retaining
        from akinai.party.holding import CustomersHeld
        from akinai.party.intake import SuppliersKind
        from akinai.party.outbox_holding import OutboxHeld
        from akinai.party.ports import register_holder

        intake.register(SuppliersKind())
        register_holder(CustomersHeld())
        register_holder(OutboxHeld())
        disclosure.register()
        erasing.register()
        retaining.register()
        office.register()
