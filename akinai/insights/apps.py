from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "akinai.insights"
    label = "insights"
    verbose_name = "分析"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.ui import navigation, words

        navigation.register(
            "today", "漏れチェック", "insights:leaks", permission="insights.view_leaksnapshot", icon="scale", order=10,
            words="もれ leak 期限 未処理",
        )  # fmt: skip
        words.register("insights", {"set_limit": "担当と期限"})
