from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "akinai.staff"
    label = "staff"
    verbose_name = "担当者"
    default_auto_field = "django.db.models.BigAutoField"
