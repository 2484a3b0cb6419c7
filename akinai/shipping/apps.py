from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "akinai.shipping"
    label = "shipping"
    verbose_name = "出荷"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.core import events, intake, mail_texts
        from akinai.orders.address_ports import keep_one_address
        from akinai.orders.delivery_ports import keep_delivery_times
        from akinai.orders.fee_ports import keep_charges
        from akinai.orders.ports import keep_returns
        from akinai.orders.preview_ports import tell_consequences
        from akinai.party.ports import register_holder
        from akinai.shipping import office, proofs, retaining
        from akinai.shipping.consequences import of_order
        from akinai.shipping.days_intake import CarrierDaysKind
        from akinai.shipping.delivery_queries import delivery_times
        from akinai.shipping.fee_intake import FeeTableKind
        from akinai.shipping.fee_queries import charges
        from akinai.shipping.holding import ParcelsHeld
        from akinai.shipping.intake import TrackingKind
        from akinai.shipping.mail_texts import SHIPPED
        from akinai.shipping.merging import why_one_address
        from akinai.shipping.ports import keep_shipped
        from akinai.shipping.queries import came_back
        from akinai.shipping.services import notify
        from akinai.shipping.services.returning import why_kept
        from akinai.shipping.telling_intake import TellingResultKind

        events.on("shipment.shipped")(notify.on_shipped)
        events.on("mail.sent")(notify.on_mail_sent)
        events.on("mail.given_up")(notify.on_mail_given_up)
        mail_texts.register(SHIPPED)
        intake.register(TrackingKind())
        intake.register(CarrierDaysKind())
        intake.register(FeeTableKind())
        intake.register(TellingResultKind())
        register_holder(ParcelsHeld())
        retaining.register()
        keep_shipped(why_kept)
        keep_one_address(why_one_address)
        keep_delivery_times(delivery_times)
        keep_charges(charges)
        keep_returns(came_back)
        tell_consequences(of_order)
        proofs.register()
        office.register()
