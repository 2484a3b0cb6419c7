from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "akinai.billing"
    label = "billing"
    verbose_name = "請求"
    default_auto_field = "django.db.models.BigAutoField"
