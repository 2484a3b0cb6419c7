from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "akinai.shop"
    label = "shop"
    verbose_name = "店舗"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.content.ports import keep_visitors
        from akinai.core import mail_texts
        from akinai.flows.demo import beyond
        from akinai.shop import buying_office, demo, visitors
        from akinai.shop.mail_texts import TEXTS

        for text in TEXTS:
            mail_texts.register(text)
        keep_visitors(visitors.visitor)
        buying_office.register()
        beyond.register(demo.live)
