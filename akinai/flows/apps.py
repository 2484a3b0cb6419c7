from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "akinai.flows"
    label = "flows"
    verbose_name = "部門横断"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.flows import compensate, proofs

        proofs.register()
        compensate.register()
