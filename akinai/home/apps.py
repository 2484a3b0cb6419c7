from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "akinai.home"
    label = "home"
    verbose_name = "ホーム"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.ui import navigation

        navigation.register(
            "today", "ホーム", "home:index", icon="home", order=0, key="h", words="今日 漏れチェック"
        )
