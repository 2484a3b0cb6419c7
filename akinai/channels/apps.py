from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ChannelsConfig(AppConfig):
    name = "akinai.channels"
    label = "channels"
    verbose_name = "店舗・モール"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.channels import usual

        post_migrate.connect(usual.add_missing, sender=self)
