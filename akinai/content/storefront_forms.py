"""店舗の設定の入力."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.content import looks
from akinai.content.models import Storefront

MAX_LOGO = 2 * 1024 * 1024
LINES = {"rows": 3}


class StorefrontForm(forms.ModelForm):
    """店舗の設定. Colours are taken only when texts in them can be read."""

    logo_file = forms.ImageField(
        label="ロゴの画像",
        required=False,
        help_text="PNG・WebP・JPEG、2MBまで。ないときは店舗名を文字で出します。",
    )
    without_logo = forms.BooleanField(label="ロゴを外す", required=False)

    class Meta:
        model = Storefront
        fields = (
            "name", "tagline", "description", "announcement", "brand_colour", "accent_colour", "manager", "phone_hours",
            "hides_address", "other_fees", "liability_text", "conditions", "privacy_officer", "privacy_text", "guide_text", "is_open", "closed_text",
        )  # fmt: skip
        widgets = {
            "brand_colour": forms.TextInput(attrs={"type": "color"}),
            "accent_colour": forms.TextInput(attrs={"type": "color"}),
            **{
                name: forms.Textarea(attrs=LINES)
                for name in ("other_fees", "liability_text", "conditions", "privacy_text", "guide_text")
            },
        }

    def clean_brand_colour(self) -> str:
        return self._readable("brand_colour")

    def clean_accent_colour(self) -> str:
        return self._readable("accent_colour")

    def _readable(self, name: str) -> str:
        colour = str(self.cleaned_data[name]).lower()
        if told := looks.unreadable(colour):
            raise forms.ValidationError(told)
        return colour

    def clean_logo_file(self) -> Any:
        file = self.cleaned_data["logo_file"]
        if file and file.size > MAX_LOGO:
            raise forms.ValidationError("ロゴの画像は 2MB までです。小さくしてから選んでください。")
        return file

    def values(self) -> dict[str, Any]:
        """For the service: everything but the logo."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
