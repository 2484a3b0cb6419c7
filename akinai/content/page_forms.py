"""ページの入力欄: what is asked before a page may be sent to the 店長 or to the public."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminPageForm

OUT = ("action-publish", "action-submit", "action-restart-workflow")


class ShopPageForm(WagtailAdminPageForm):
    """Drafts are kept as they are; on the way out forbidden words, warned words and pictures without words are told."""

    legal_acknowledged = forms.BooleanField(
        label="注意することばを確かめ、このまま公開します", required=False,
        help_text="公開するときに「確認が必要」なことばがあると、ここに印を付けるまで公開できません。だれがいつ確かめたかを残します。",
    )  # fmt: skip

    @property
    def way_out(self) -> str:
        """publish, submit or "" when the page is only kept."""
        if not self.is_bound:
            return ""
        if any(self.data.get(name) for name in OUT):
            return "publish" if self.data.get("action-publish") else "submit"
        approves = self.data.get("workflow-action-name") == "approve"
        return "submit" if self.data.get("action-workflow-action") and approves else ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.way_out:
            self._look(cleaned)
        return cleaned

    def _look(self, cleaned: dict[str, Any]) -> None:
        from akinai.content.services import words

        values = {name: cleaned.get(name) for name in self.instance.said}
        found = words.look_at(self.instance, values)
        for hit in found.forbidden:
            self.add_error(
                hit.field if isinstance(self.fields.get(hit.field), forms.CharField) else None, hit.sentence
            )
        for said in words.silent_pictures(self.instance, {**values, "picture": cleaned.get("picture")}):
            self.add_error(None, said)
        if self.way_out == "publish" and found.warned and not cleaned.get("legal_acknowledged"):
            told = [ValidationError(hit.sentence) for hit in found.warned]
            asked = ValidationError(
                "確認が必要なことばがあります。確かめたら、「検索・共有」のタブの「注意することばの確認」に印を付けてください。"
            )
            self.add_error(None, [asked, *told])
        self.instance._warned_and_seen = found.warned if self.way_out == "publish" else ()
