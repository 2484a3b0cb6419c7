"""明細の欄: what every form of purchasing has for goods, scanned, typed or pasted from Excel."""

from __future__ import annotations

from django import forms

from akinai.purchasing import lines
from akinai.purchasing.services import LineInput


def scan_field() -> forms.CharField:
    """読み取りの欄: each code read adds a piece to the lines below."""
    return forms.CharField(
        label="バーコード・商品コード", required=False, max_length=80,
        help_text="読み取るたびに、下の明細に 1 点ずつ足します。",
        widget=forms.TextInput(attrs={"data-scan": "", "data-lines": "id_lines", "autocomplete": "off"}),
    )  # fmt: skip


def lines_field(help_text: str, placeholder: str, *, rows: int = 10) -> forms.CharField:
    """明細の欄: a line for each of the goods."""
    area = {"rows": rows, "spellcheck": "false", "placeholder": placeholder, "class": "mono"}
    return forms.CharField(label="明細", help_text=help_text, widget=forms.Textarea(attrs=area))


def read(text: str, *, lots: bool = False) -> list[LineInput]:
    """The lines; ValidationError names each that could not be read."""
    typed = lines.read(text, lots=lots)
    if typed.errors:
        raise forms.ValidationError(typed.errors)
    return typed.lines
