from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "akinai.ui"
    label = "ui"
    verbose_name = "画面"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.forms import Field

        from akinai.ui import navigation, tones, words

        navigation.register(
            "info",
            "ファイル取込",
            "intake:list",
            icon="upload",
            order=10,
            key="f",
            words="CSV Excel 取り込み",
        )
        tones.register(
            "core.intakefile.state",
            {
                "previewed": "info",
                "applying": "accent",
                "applied": "good",
                "refused": "bad",
                "undone": "mute",
            },
        )
        words.register(
            {
                "apply": "取込", "queue": "取込の開始", "refuse": "受付不可", "read_again": "読み直し",
                "give_back": "取込の中止", "undo": "取込の取消", "download": "ダウンロード",
            }
        )  # fmt: skip
        # 「このフィールドは必須です。」 speaks of fields; a clerk fills things in.
        Field.default_error_messages["required"] = "入力してください。"
