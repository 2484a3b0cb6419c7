from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "akinai.orders"
    label = "orders"
    verbose_name = "受注"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.core import events, intake, mail_texts
        from akinai.orders import office, proofs, quote_proofs, retaining, subscription_proofs
        from akinai.orders.demand import OrderedPieces
        from akinai.orders.disclosing import OrdersTold
        from akinai.orders.intake import OrdersKind
        from akinai.orders.mail_texts import QUOTE
        from akinai.orders.merging import OrdersFollow
        from akinai.orders.services import backtesting
        from akinai.orders.services.advance import advance_goods, advance_references
        from akinai.orders.subscription_mails import UPCOMING
        from akinai.party.ports import register_follower, register_holder
        from akinai.purchasing.ports import fill_demand

        fill_demand(OrderedPieces())
        proofs.register()
        quote_proofs.register()
        subscription_proofs.register()
        intake.register(OrdersKind())
        mail_texts.register(QUOTE)
        backtesting.register()
        mail_texts.register(UPCOMING)
        events.on("stock.allocated")(advance_references)
        events.on("stock.shortened")(advance_references)
        events.on("catalog.release_changed")(advance_goods)
        office.register()
        register_follower(OrdersFollow())
        register_holder(OrdersTold())
        retaining.register()
