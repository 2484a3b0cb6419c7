"""転送の入力欄: addresses are written as they are copied, with or without the host."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings

from akinai.content import forwards
from akinai.content.models import Forward


def old_path_of(text: str) -> tuple[str, str]:
    """(昔のアドレス, what is wrong with it)."""
    text = text.strip()
    if not text.startswith(("/", "https://", "http://")):
        return "", "「/」か「https://」から書いてください。"
    key = forwards.key_of(text)
    if key == "/":
        return "", "トップページは転送できません。"
    if not forwards.is_ours(key):
        return "", "このアドレスは、店舗のページではありません。"
    if len(key) > 500:
        return "", "長すぎます（500 文字まで）。"
    return key, ""


def target_of(text: str) -> tuple[str, str]:
    """(行き先, what is wrong with it). An address of our own is kept without the host."""
    text = text.strip()
    parts = urlsplit(text)
    own = {urlsplit(one).netloc for one in (settings.PUBLIC_URL, settings.LOCAL_URL) if one}
    if parts.netloc in own and parts.scheme in ("http", "https"):
        text = parts._replace(scheme="", netloc="").geturl() or "/"
    if len(text) > 500:
        return "", "長すぎます（500 文字まで）。"
    if text.startswith("/") and not text.startswith(("//", "/\\")):
        return text, "" if forwards.is_ours(text) else "管理画面へは転送できません。"
    if parts.scheme == "https" and parts.netloc:
        return text, ""
    return "", "「/」から始まる店舗のアドレスか、「https://」から始まるアドレスにしてください。"


def dead(targets: Any) -> list[str]:
    """Of these the ones of ours that lead nowhere today."""
    mine = [one for one in targets if one.startswith("/")]
    known = forwards.answering(mine)
    return [one for one in mine if one not in known]


class ForwardForm(forms.ModelForm):
    """転送."""

    class Meta:
        model = Forward
        fields: ClassVar = ["old_path", "target", "kind", "memo", "is_active"]
        help_texts: ClassVar = {
            "old_path": "お客様が開くアドレス。「https://」からでも「/」からでも書けます。例: /shopdetail/000000000123/、/?pid=1234",
            "target": "いま開ける店舗のアドレスか、「https://」から始まるアドレス。例: /products/sencha/",
        }

    def clean_old_path(self) -> str:
        key, wrong = old_path_of(self.cleaned_data["old_path"])
        if wrong:
            raise forms.ValidationError(wrong)
        return key

    def clean_target(self) -> str:
        target, wrong = target_of(self.cleaned_data["target"])
        if wrong:
            raise forms.ValidationError(wrong)
        if dead([target]):
            raise forms.ValidationError(
                f"{target} は、いま開けません。公開しているページか商品のアドレスにしてください。"
            )
        return target
