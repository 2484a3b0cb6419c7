"""レビューと質問の forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.content import gift_field
from akinai.content.gift_field import GiftField
from akinai.content.models import ReviewSettings
from akinai.content.reviews.services import PHOTOS
from akinai.ui.forms import FilesField, QuantityField

STARS = [(5, "とても良い"), (4, "良い"), (3, "ふつう"), (2, "良くない"), (1, "とても良くない")]


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


class ReviewForm(forms.Form):
    """レビューを書く."""

    stars = forms.TypedChoiceField(
        label="評価", choices=STARS, coerce=int, widget=forms.RadioSelect, error_messages={"required": "評価を選んでください。"}
    )  # fmt: skip
    title = forms.CharField(label="題名", max_length=60, required=False)
    text = forms.CharField(
        label="ご感想", min_length=5, max_length=2000, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "ご感想を入力してください。", "min_length": "ご感想を 5 文字以上で入力してください。"},
    )  # fmt: skip
    nickname = forms.CharField(
        label="ニックネーム", max_length=20, help_text="レビューに表示します。本名は避けてください。",
        error_messages={"required": "ニックネームを入力してください。"},
    )  # fmt: skip
    photos = FilesField(
        label="写真", required=False, accept=["image/jpeg", "image/png", "image/webp"], limit=PHOTOS
    )

    def clean_title(self) -> str:
        return _one_line(self.cleaned_data["title"])

    def clean_nickname(self) -> str:
        name = _one_line(self.cleaned_data["nickname"])
        if "@" in name or sum(letter.isdecimal() for letter in name) > 7:
            raise ValidationError("連絡先は書かないでください。")
        return name


class QuestionAskForm(forms.Form):
    """商品について質問する."""

    text = forms.CharField(
        label="質問", min_length=5, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "質問を入力してください。", "min_length": "質問を 5 文字以上で入力してください。"},
    )  # fmt: skip
    nickname = forms.CharField(label="ニックネーム", max_length=20, required=False)
    email = forms.EmailField(
        label="メールアドレス", required=False, help_text="書いていただくと、回答をメールでお送りします。公開はしません。",
        error_messages={"invalid": "メールアドレスの形を確かめてください。"},
    )  # fmt: skip

    def clean_nickname(self) -> str:
        return _one_line(self.cleaned_data["nickname"])


class HideForm(forms.Form):
    reason = forms.CharField(label="非公開にする理由", max_length=200)


class ReplyForm(forms.Form):
    text = forms.CharField(
        label="お店からの返信", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class AnswerForm(forms.Form):
    text = forms.CharField(label="回答", max_length=3000, widget=forms.Textarea(attrs={"rows": 6}))
    to_whom = forms.ChoiceField(
        label="見せる相手", choices=[("all", "質問と回答を公開する"), ("one", "本人にだけメールで答える")], initial="all",
        widget=forms.RadioSelect,
    )  # fmt: skip


class ReviewSettingsForm(forms.ModelForm):
    """レビューの決まり."""

    ask_after_days = QuantityField(label="出荷の何日後に送るか", minimum=1, maximum=90)
    coupon_campaign = GiftField(help_text="レビューを書いた方に、1 回限りのコードを渡します。")

    class Meta:
        model = ReviewSettings
        fields = ["asks", "ask_after_days", "coupon_campaign", "ng_words"]
        widgets = {"ng_words": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coupon_campaign"].choices = gift_field.choices(self.instance.coupon_campaign)  # type: ignore[attr-defined]

    def clean_ng_words(self) -> str:
        lines = (line.strip() for line in self.cleaned_data["ng_words"].splitlines())
        return "\n".join(dict.fromkeys(line for line in lines if line))
