"""注意することば: expressions that 景品表示法・薬機法・健康増進法 speak of, who took note of them, and the approval that asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.html import format_html, format_html_join
from wagtail.models import AbstractGroupApprovalTask, TaskState

from akinai.core import clock


class LegalWord(models.Model):
    """注意することば. `key` is the folded word (kana, width, case), `except_in` phrases in which it is harmless."""

    class Law(models.TextChoices):
        PREMIUMS = "premiums", "景品表示法"
        MEDICINES = "medicines", "薬機法"
        HEALTH = "health", "健康増進法"

    class Level(models.TextChoices):
        STOP = "stop", "公開できない"
        WARN = "warn", "確認が必要"

    word = models.CharField("ことば", max_length=60)
    key = models.CharField("検索キー", max_length=80, unique=True, editable=False)
    law = models.CharField("法律", max_length=10, choices=Law)
    level = models.CharField("扱い", max_length=4, choices=Level)
    why = models.CharField("なぜ", max_length=200)
    instead = models.CharField("言いかえ", max_length=200, blank=True)
    whole_word = models.BooleanField(
        "単語としてだけ", default=False, db_default=False,
        help_text="同じ種類の文字が前後に続くとき（シミ と シミュレーション）は数えません。",
    )  # fmt: skip
    except_in = models.CharField(
        "数えない言い方", max_length=300, blank=True, help_text="「、」で区切ります。例: 日本一周、日本一短い"
    )
    is_active = models.BooleanField("使う", default=True, db_default=True)
    updated_at = models.DateTimeField("更新日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "注意することば"
        indexes = [models.Index(fields=["law", "id"], name="legalword_law")]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="legalword_says_something")]

    def __str__(self) -> str:
        return self.word


class LegalNote(models.Model):
    """注意することばの確認: who let which word pass, where and when. Never changed afterwards."""

    page = models.ForeignKey(
        "wagtailcore.Page",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="legal_notes",
        verbose_name="ページ",
    )
    release = models.ForeignKey(
        "content.Release",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="legal_notes",
        verbose_name="公開の束",
    )
    revision_id = models.BigIntegerField("版", null=True, blank=True)
    word = models.CharField("ことば", max_length=60)
    law = models.CharField("法律", max_length=10, choices=LegalWord.Law)
    place = models.CharField("場所", max_length=120)
    excerpt = models.CharField("前後の文", max_length=200)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="確認した人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "注意することばの確認"
        indexes = [models.Index(fields=["page", "-at"], name="legalnote_page")]

    def __str__(self) -> str:
        return f"{self.word}（{self.place}）"


class CommentForm(forms.Form):
    """What the 店長 says with the answer, and that the warned words were looked at."""

    acknowledged = forms.BooleanField(label="上のことばを確かめ、このまま公開します", required=False)
    comment = forms.CharField(label="コメント", required=False, widget=forms.Textarea({"rows": 3}))


class ReviewTask(AbstractGroupApprovalTask):
    """店長の承認. Warned words are shown and must be acknowledged, forbidden ones are no way through."""

    class Meta:
        verbose_name = verbose_name_plural = "承認"

    @classmethod
    def get_description(cls) -> str:
        return (
            "選んだ役割の人が、公開してよいかを決めます。注意することばがあれば、確かめたことを記録します。"
        )

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        if not (user.is_superuser or self._user_in_groups(user)):
            return []
        from akinai.content.services import words

        self._warned = words.look(obj.get_latest_revision_as_object()).warned
        approve = [("approve", "承認する", False), ("approve", "コメントを付けて承認する", True)]
        seen = [("approve", "ことばを確かめて承認する", True)]
        return [("reject", "差し戻す", True), *(seen if self._warned else approve)]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        task = self

        class Bound(CommentForm):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                warned = getattr(task, "_warned", ())
                if action != "approve" or not warned:
                    del self.fields["acknowledged"]
                    return
                lines = format_html_join("", "<li>{}</li>", ((hit.sentence,) for hit in warned))
                self.fields["acknowledged"].required = True
                self.fields["acknowledged"].help_text = format_html("<ul>{}</ul>", lines)

        return Bound

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        acknowledged = kwargs.pop("acknowledged", False)
        if action_name == "approve":
            from akinai.content.services import words

            page = task_state.revision.as_object()
            words.let_pass(page, revision_id=task_state.revision_id, acknowledged=acknowledged, by=user)
        return super().on_action(task_state, user, action_name, **kwargs)
