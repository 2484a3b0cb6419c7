"""アンケートを作る forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.content import gift_field
from akinai.content.gift_field import GiftField
from akinai.content.models import Survey, SurveyQuestion
from akinai.content.surveys import editing
from akinai.content.surveys.condition_form import Conditions
from akinai.content.surveys.kinds import CHOICES, Kind
from akinai.ui.forms import DateField, QuantityField

MOST_OPTIONS, LABEL = 40, 80


class SurveyForm(forms.ModelForm):
    """アンケートの設定."""

    opens_at = forms.DateTimeField(
        label="受付の開始", required=False, help_text="空欄なら、受付を始めたときから。",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"],
    )  # fmt: skip
    closes_at = forms.DateTimeField(
        label="受付の締切", required=False, help_text="空欄なら、受付を終えるまで。",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"],
    )  # fmt: skip
    invite_after_days = QuantityField(
        label="依頼メール", required=False, minimum=0, maximum=90,
        help_text="出荷からこの日数がたった方へ、お一人 1 通だけ送ります。空欄なら送りません。",
    )  # fmt: skip
    coupon_campaign = GiftField(help_text="答えた方に、1 回限りのコードを渡します。")
    invite_from = DateField(label="対象の出荷日（から）", required=False)
    invite_to = DateField(label="対象の出荷日（まで）", required=False)

    class Meta:
        model = Survey
        fields = [
            "title", "slug", "intro", "thanks", "opens_at", "closes_at", "audience", "coupon_campaign",
            "asks_after_order", "invite_after_days", "invite_from", "invite_to",
        ]  # fmt: skip
        widgets = {"intro": forms.Textarea(attrs={"rows": 4}), "thanks": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "slug": "公開ページのアドレスになります。例: autumn-2026",
            "asks_after_order": "ご注文が済んだ方に、完了ページでお願いします。ご購入の方として答えられます。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coupon_campaign"].choices = gift_field.choices(self.instance.coupon_campaign)  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"].strip().lower()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("opens_at") and data.get("closes_at") and data["opens_at"] >= data["closes_at"]:
            self.add_error("closes_at", "締切は、開始より後にしてください。")
        if data.get("asks_after_order") and data.get("audience") == Survey.Audience.MEMBERS:
            self.add_error("asks_after_order", "会員だけのアンケートは、完了ページでは案内できません。")
        if data.get("invite_after_days") is not None and not data.get("invite_from"):
            self.add_error("invite_from", "依頼メールを送るときは、いつ出荷した分からかを入力してください。")
        if data.get("invite_from") and data.get("invite_to") and data["invite_from"] > data["invite_to"]:
            self.add_error("invite_to", "「まで」は「から」以降の日にしてください。")
        return data

    def validate_unique(self) -> None:
        """The service says it, with the way out."""


class QuestionForm(forms.ModelForm):
    """設問. What a kind does not use is thrown away."""

    begins_page = forms.BooleanField(label="この設問から新しいページにする", required=False)
    choices = forms.CharField(
        label="選択肢", required=False, widget=forms.Textarea(attrs={"rows": 6}), help_text="1 行に 1 つ。表では列になります。"
    )  # fmt: skip
    with_other = forms.BooleanField(label="「その他」（自由記入）を付ける", required=False)
    lines = forms.CharField(
        label="表の行", required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text="1 行に 1 つ。例: 味、香り、包装"
    )  # fmt: skip
    least = QuantityField(
        label="最小",
        required=False,
        minimum=None,
        maximum=10**8,
        help_text="数・段階の下限、いくつか選ぶときの最少の数。",
    )
    most = QuantityField(
        label="最大",
        required=False,
        minimum=None,
        maximum=10**8,
        help_text="数・段階の上限、いくつか選ぶときの最多の数。",
    )
    low = forms.CharField(
        label="低いほうの言葉", required=False, max_length=20, help_text="段階の左端。例: 不満"
    )
    high = forms.CharField(
        label="高いほうの言葉", required=False, max_length=20, help_text="段階の右端。例: 満足"
    )

    class Meta:
        model = SurveyQuestion
        fields = ["kind", "title", "hint", "required"]

    def __init__(
        self, *args: Any, earlier: Sequence[SurveyQuestion], begins: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance
        self.initial.update({
            "begins_page": begins, "with_other": any(one.get("other") for one in kept.options),
            "choices": "\n".join(one["label"] for one in kept.options if not one.get("other")),
            "lines": "\n".join(one["label"] for one in kept.settings.get("rows", [])),
            "least": kept.settings.get("min"), "most": kept.settings.get("max"),
            "low": kept.settings.get("low", ""), "high": kept.settings.get("high", ""),
        })  # fmt: skip
        self.conditions = Conditions(self.instance.condition, earlier)
        self.fields.update(self.conditions.fields())
        self.initial.update(self.conditions.initial())

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_choices(self) -> list[str]:
        return _lines(self.cleaned_data["choices"])

    def clean_lines(self) -> list[str]:
        return _lines(self.cleaned_data["lines"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        if (
            kind in CHOICES | {Kind.MATRIX}
            and len(data.get("choices") or []) + bool(data.get("with_other")) < 2
        ):
            self.add_error("choices", "選択肢を 2 つ以上入力してください。")
        if kind == Kind.MATRIX and not data.get("lines"):
            self.add_error("lines", "表の行を 1 つ以上入力してください。")
        self._clean_bounds(kind, data)
        tree, wrong = self.conditions.read(data)
        for name, said in wrong.items():
            self.add_error(name, said)
        self.instance.condition = tree
        return data

    def _clean_bounds(self, kind: str | None, data: dict[str, Any]) -> None:
        least, most = data.get("least"), data.get("most")
        if least is not None and most is not None and least > most:
            self.add_error("most", "最大は、最小以上にしてください。")
        if kind == Kind.SCALE and not (
            0 <= (least if least is not None else 1) < (most if most is not None else 5) <= 10
        ):
            self.add_error("most", "段階は 0 から 10 の間にしてください。")
        if kind == Kind.MULTI and any(one is not None and one < 1 for one in (least, most)):
            self.add_error("least", "選ぶ数は 1 以上にしてください。")
        if (
            kind == Kind.MULTI
            and least
            and least > len(data.get("choices") or []) + bool(data.get("with_other"))
        ):
            self.add_error("least", "選択肢の数より多くは選べません。")

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        data, kept = self.cleaned_data, self.instance
        kind = data.get("kind")
        if self.errors:
            return
        with_other = bool(data["with_other"]) and kind in CHOICES
        options = editing.options_from(data["choices"], kept.options, with_other=with_other)
        kept.options = options if kind in CHOICES | {Kind.MATRIX} else []
        kept.settings = self._settings(kind, data, kept.settings.get("rows", []))

    def _settings(self, kind: str | None, data: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
        told: dict[str, Any] = {}
        if kind in (Kind.SCALE, Kind.NUMBER, Kind.MULTI):
            told = {
                name: data[field]
                for name, field in (("min", "least"), ("max", "most"))
                if data[field] is not None
            }
        if kind in (Kind.SCALE, Kind.NPS):
            told |= {name: data[name].strip() for name in ("low", "high") if data[name].strip()}
        if kind == Kind.MATRIX:
            told["rows"] = editing.options_from(data["lines"], rows, with_other=False)
        return told


def _lines(text: str) -> list[str]:
    """The lines, each once, without blanks. Raises ValidationError for too many and too long ones."""
    found = list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
    if len(found) > MOST_OPTIONS:
        raise ValidationError(f"{MOST_OPTIONS} 個までです（いま {len(found)} 個）。")
    if wrong := next((one for one in found if len(one) > LABEL), None):
        raise ValidationError(f"「{wrong[:20]}…」が長すぎます。{LABEL} 文字までにしてください。")
    return found


class NarrowForm(forms.Form):
    """集計の絞り込み."""

    since = DateField(label="回答日（から）", required=False)
    until = DateField(label="回答日（まで）", required=False)
    buyer = forms.ChoiceField(
        label="お客様",
        required=False,
        choices=[("", "すべて"), ("first", "はじめて購入"), ("repeat", "2 回目以降")],
    )
    product = forms.CharField(label="買った商品（商品コード）", required=False, max_length=40)
