from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "akinai.monitoring"
    label = "monitoring"
    verbose_name = "システム管理"
    default_auto_field = "django.db.models.BigAutoField"
