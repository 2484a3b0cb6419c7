from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    name = "akinai.purchasing"
    label = "purchasing"
    verbose_name = "仕入"
    default_auto_field = "django.db.models.BigAutoField"
