from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "akinai.ui"
    label = "ui"
    verbose_name = "画面"
    default_auto_field = "django.db.models.BigAutoField"
