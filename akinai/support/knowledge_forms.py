"""記事の入力."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.support.forms import KINDS
from akinai.support.models import Article
from akinai.support.services.articles import ArticleText
from akinai.support.states import Audience


class ArticleForm(forms.Form):
    """記事."""

    question = forms.CharField(
        label="質問", max_length=160,
        help_text="お客様のことばで、1 つの文に。例: 注文のあとでお届け先を変えられますか？",
    )  # fmt: skip
    answer = forms.CharField(
        label="答え", max_length=8000, widget=forms.Textarea(attrs={"rows": 12}),
        help_text="結論を最初に。空の行で段落が分かれ、https:// のアドレスは押せるようになります。",
    )  # fmt: skip
    words = forms.CharField(
        label="言いかえ", max_length=300, required=False,
        help_text="お客様が使いそうな別の言い方を、空白で区切って。画面には出ず、検索と提案に使います。",
    )  # fmt: skip
    category = forms.ChoiceField(label="種類", choices=KINDS, required=False)
    audience = forms.ChoiceField(label="読む人", choices=Audience.choices, initial=Audience.PUBLIC)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("question", "answer", "words"):
            if "\0" in data.get(name, ""):
                self.add_error(name, ValidationError("使えない文字が入っています。"))
        return data

    def told(self) -> ArticleText:
        """Only after `is_valid`."""
        data = self.cleaned_data
        return ArticleText(
            data["question"], data["answer"], data["words"], data["category"], data["audience"]
        )


def first_of(article: Article) -> dict[str, Any]:
    """What the form of an article begins with."""
    names = ("question", "answer", "words", "category", "audience")
    return {name: getattr(article, name) for name in names} | {"seen": article.version}
