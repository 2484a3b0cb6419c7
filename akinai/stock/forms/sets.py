"""セットの中身の入力: parts are scanned, typed or pasted from Excel as コード・数量."""

from __future__ import annotations

from django import forms

from akinai.stock import lines


class SetForm(forms.Form):
    """セットの中身. Empty lines turn the set into goods of its own again."""

    scan = forms.CharField(
        label="バーコード・商品コード", required=False, max_length=80, help_text="読み取るたびに、下の中身に 1 点ずつ足します。",
        widget=forms.TextInput(attrs={"data-scan": "", "data-lines": "id_lines", "autocomplete": "off"}),
    )  # fmt: skip
    lines = forms.CharField(
        label="1セットの中身", required=False,
        help_text="1 行に 1 商品、「商品コード・数量」。すべて消すとセットではなくなります。",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "placeholder": "TEA-030\t1\nCUP-001\t2", "class": "mono"}),
    )  # fmt: skip

    def clean_lines(self) -> dict[int, int]:
        typed = lines.read(self.cleaned_data["lines"])
        if typed.errors:
            raise forms.ValidationError(typed.errors)
        return typed.pieces
