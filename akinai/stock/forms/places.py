"""在庫場所の入力."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.stock.models import Location

KINDS = [(kind.value, kind.label) for kind in (Location.Kind.WAREHOUSE, Location.Kind.SHOP)]


class PlaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """在庫場所. The places that every shop has (保留, 移動中) keep their kind and are never sold from."""

    class Meta:
        model = Location
        fields = ["code", "name", "kind", "is_sellable", "is_default", "sort_order"]
        help_texts = {
            "code": "英数字。取込ファイルの「場所」の列に書く名前です。",
            "is_sellable": "受注の引当をここから行えます。店頭や検品前の置き場は外します。",
            "is_default": "モールの受注は、ここから引き当てて出荷します。ほかの場所と入れ替わります。",
            "sort_order": "小さい順に並びます。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.kind not in dict(KINDS):
            for name in ("kind", "is_sellable", "is_default"):
                del self.fields[name]
        else:
            self.fields["kind"].choices = KINDS  # type: ignore[attr-defined]
        if self.instance.is_default:
            self.fields["is_default"].disabled = True

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip().upper()
        if Location.objects.filter(code__iexact=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("この場所コードは使われています。")
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("is_default") and not data.get("is_sellable"):
            self.add_error("is_sellable", "既定の出荷元からは販売します。チェックを入れてください。")
        return data

    def validate_constraints(self) -> None:
        """Left to the service: the usual place changes hands there, and the row looks double until then."""
