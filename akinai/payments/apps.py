from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "akinai.payments"
    label = "payments"
    verbose_name = "入金"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from akinai.billing.ports import keep_received
        from akinai.core import events, intake, mail, mail_texts
        from akinai.orders.preview_ports import tell_consequences
        from akinai.party.ports import register_follower, register_holder, register_need
        from akinai.payments import office, proofs, queries, retaining
        from akinai.payments.card_texts import TEXTS
        from akinai.payments.consequences import of_order
        from akinai.payments.holding import MoneyHeld, has_credit
        from akinai.payments.intake import BankKind
        from akinai.payments.merging import MoneyFollows
        from akinai.payments.provider_texts import PAYMENT_LINK
        from akinai.payments.result_intake import ResultKind
        from akinai.payments.services import charging, following
        from akinai.payments.services.offsets import on_statement_issued
        from akinai.payments.services.settlements.terms import add_usual
        from akinai.payments.settlement_intake import SettlementKind

        keep_received(queries.received_for)
        tell_consequences(of_order)
        events.on("statement.issued")(on_statement_issued)
        events.on("shipment.shipped")(following.on_shipped)
        events.on("order.shipped_outside")(following.on_shipped_outside)
        events.on("order.cancelled")(following.on_cancelled)
        events.on("subscription.turn_made")(charging.on_turn_made)
        for text in (PAYMENT_LINK, *TEXTS):
            mail_texts.register(text)
        mail.register_sort("payment_link", "決済リンク", office.request_url)
        mail.register_sort("subscription_card", "定期便のカード", office.charge_url)

        proofs.register()
        intake.register(BankKind())
        intake.register(ResultKind())
        intake.register(SettlementKind())
        post_migrate.connect(add_usual, sender=self)
        office.register()
        register_follower(MoneyFollows())
        register_holder(MoneyHeld())
        register_need(has_credit)
        retaining.register()
