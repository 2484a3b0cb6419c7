from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "akinai.shipping"
    label = "shipping"
    verbose_name = "出荷"
    default_auto_field = "django.db.models.BigAutoField"
