from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "akinai.channels"
    label = "channels"
    verbose_name = "店舗・モール"
    default_auto_field = "django.db.models.BigAutoField"
