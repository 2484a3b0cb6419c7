from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "akinai.insights"
    label = "insights"
    verbose_name = "分析"
    default_auto_field = "django.db.models.BigAutoField"
