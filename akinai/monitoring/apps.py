from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "akinai.monitoring"
    label = "monitoring"
    verbose_name = "システム管理"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.monitoring import jobs  # noqa: F401  (registers the periodic jobs)
        from akinai.ui import navigation

        navigation.register(
            "system",
            "システムの状態",
            "monitoring:index",
            permission="core.view_event",
            icon="settings",
            order=90,
        )
