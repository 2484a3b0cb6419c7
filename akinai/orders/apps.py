from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "akinai.orders"
    label = "orders"
    verbose_name = "受注"
    default_auto_field = "django.db.models.BigAutoField"
