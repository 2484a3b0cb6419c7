from django.apps import AppConfig
from django.http import HttpRequest


def failed_mails(request: HttpRequest) -> int:
    """How many mails ask for a person."""
    from akinai.core.models import OutgoingMail

    return OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED).count()


class UiConfig(AppConfig):
    name = "akinai.ui"
    label = "ui"
    verbose_name = "画面"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models import fields
        from django.forms import Field

        from akinai.ui import navigation, tones, words

        fields.BLANK_CHOICE_LABEL = "選んでください"  # Django has no Japanese for its own words yet
        navigation.register(
            "info",
            "ファイル取込",
            "intake:list",
            icon="upload",
            order=10,
            key="f",
            words="CSV Excel 取り込み",
        )
        navigation.register(
            "info", "送信メール", "mail:list", permission="core.view_outgoingmail", icon="mail", order=30, badge=failed_mails,
            words="メール outbox 再送",
        )  # fmt: skip
        navigation.register(
            "system", "メールの文面", "mail:texts", permission="core.change_mailtext", icon="edit", order=55,
            words="テンプレート template",
        )  # fmt: skip
        tones.register(
            "core.outgoingmail.state",
            {"queued": "info", "sending": "accent", "sent": "good", "failed": "bad", "cancelled": "mute"},
        )
        tones.register(
            "core.longjob.state",
            {"waiting": "info", "running": "accent", "finished": "good", "stopped": "warn"},
        )
        tones.register(
            "ui.export.state",
            {"waiting": "info", "running": "accent", "finished": "good", "failed": "bad"},
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
            "core",
            {
                "apply": "取込", "queue": "取込の開始", "refuse": "受付不可", "read_again": "読み直し",
                "give_back": "取込の中止", "undo": "取込の取消", "download": "ダウンロード", "again": "再送", "bounce": "不達",
                "reset": "はじめの文面に戻す", "stop": "中止",
            }
        )  # fmt: skip
        # 「このフィールドは必須です。」 speaks of fields; a clerk fills things in.
        Field.default_error_messages["required"] = "入力してください。"
