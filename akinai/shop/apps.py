from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "akinai.shop"
    label = "shop"
    verbose_name = "店舗"
    default_auto_field = "django.db.models.BigAutoField"
