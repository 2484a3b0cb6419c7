"""Forms of the order desk (受注の入力)."""

from __future__ import annotations

from django import forms

from akinai.orders.models import HoldRule


class ReasonForm(forms.Form):
    """理由."""

    reason = forms.CharField(label="理由", max_length=200)


class ReleaseForm(forms.Form):
    """解除のメモ."""

    note = forms.CharField(label="メモ", max_length=200, required=False)


class AssignSkuForm(forms.Form):
    """商品を選ぶ."""

    sku = forms.CharField(label="SKUコードまたはJAN", max_length=64)
    remember = forms.BooleanField(label="今後もこのコードはこの商品", required=False, initial=True)


class CorrectLineForm(forms.Form):
    """明細を直す."""

    quantity = forms.IntegerField(label="数量", min_value=0, max_value=9_999)
    unit_price_yen = forms.IntegerField(label="単価", min_value=0, max_value=99_999_999)


class HoldRuleForm(forms.ModelForm):
    """要確認の規則."""

    words = forms.CharField(
        label="語句（読点または改行で区切る）", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    class Meta:
        model = HoldRule
        fields = ["is_enabled", "limit_yen"]

    def clean_words(self) -> list[str]:
        text = self.cleaned_data["words"].replace("、", "\n").replace(",", "\n")
        return [word.strip() for word in text.splitlines() if word.strip()]

    def save(self, commit: bool = True) -> HoldRule:
        self.instance.words = self.cleaned_data["words"]
        return super().save(commit)
