"""Forms of the catalogue (商品の入力)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.urls import reverse_lazy

from akinai.catalog import axes, checks
from akinai.catalog.attribute_words import Asked, Unreadable
from akinai.catalog.attribute_words import read as read_attribute
from akinai.catalog.codes import code_key, same_jans
from akinai.catalog.models import Category, Product, Sku, TaxKind
from akinai.catalog.services.own_codes import rule_of
from akinai.catalog.slugs import SLUG_HELP
from akinai.catalog.temperatures import Temperature
from akinai.core.money import NotANumber
from akinai.ui.forms import FilesField, QuantityField, YenField


class CostField(forms.CharField):
    """原価: 税抜, up to four decimals; blank is unknown."""

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return checks.cost(text)
        except (checks.Unread, NotANumber) as problem:
            raise forms.ValidationError(str(problem)) from problem


class JanField(forms.CharField):
    """JAN: check digit proved; blank is none."""

    def clean(self, value: Any) -> str | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return checks.read_jan(text)
        except checks.Unread as problem:
            raise forms.ValidationError(str(problem)) from problem


class AttributeField(forms.CharField):
    """属性: read by its kind. That a required one is missing, the form says, for drafts may go without."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        choices = (
            ("はい", "いいえ") if asked.kind == "yes_no" else asked.choices if asked.kind == "choice" else ()
        )
        widget = (
            forms.Select(choices=[("", "–"), *((one, one) for one in choices)])
            if choices
            else forms.TextInput()
        )
        label = f"{asked.name}（必須）" if asked.is_required else asked.name
        super().__init__(label=label, required=False, max_length=1000, widget=widget)

    def clean(self, value: Any) -> str:
        try:
            return read_attribute(self.asked, str(super().clean(value) or ""))
        except Unreadable as problem:
            raise forms.ValidationError(str(problem)) from problem


class ProductForm(forms.Form):
    """商品. `product` is the one being changed, or None."""

    code = forms.CharField(
        label="商品コード", max_length=64, required=False,
        help_text="自社で付けるコード。空欄ならカテゴリの規則で付けます。登録後は変えられません。",
    )  # fmt: skip
    name = forms.CharField(label="商品名", max_length=255)
    kana = forms.CharField(label="フリガナ", max_length=255, required=False)
    tax_kind = forms.ChoiceField(label="税区分", choices=TaxKind.choices)
    temperature = forms.ChoiceField(
        label="温度帯",
        choices=Temperature.choices,
        required=False,
        help_text="送料と送り状の温度になります。",
    )
    status = forms.ChoiceField(label="状態", choices=Product.Status.choices)
    category = forms.CharField(
        label="カテゴリ", max_length=100, required=False, help_text="新しい名前を書くとカテゴリを作ります。",
        widget=forms.TextInput(attrs={
            "list": "categories", "hx-get": reverse_lazy("catalog:attribute_fields"), "hx-trigger": "change",
            "hx-target": "#attributes", "hx-swap": "outerHTML", "hx-include": "closest form", "hx-params": "not csrfmiddlewaretoken",
        }),
    )  # fmt: skip
    brand = forms.CharField(label="ブランド", max_length=100, required=False)
    description = forms.CharField(
        label="商品説明", max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    slug = forms.CharField(
        label="URL", max_length=80, required=False, help_text=f"{SLUG_HELP}。空欄なら商品番号"
    )
    is_public = forms.BooleanField(label="自社サイトに出す", required=False, initial=True)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, product: Product | None = None, asked: Sequence[Asked] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.product = product
        self.asked = {f"attribute-{one.id}": one for one in asked}
        for name, one in self.asked.items():
            self.fields[name] = AttributeField(one)
        if product is not None:
            self.fields["code"].disabled = True

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if code and self.product is None and Product.objects.filter(code=code).exists():
            raise forms.ValidationError(
                "この商品コードは登録済みです。別のコードにするか、登録済みの商品を開いてください。"
            )
        return code

    def clean_slug(self) -> str | None:
        text = str(self.cleaned_data["slug"]).strip()
        if not text:
            return None
        try:
            slug = checks.read_slug(text)
        except checks.Unread as problem:
            raise forms.ValidationError(str(problem)) from problem
        others = Product.objects.filter(slug=slug).exclude(pk=self.product.pk if self.product else 0)
        if other := others.values_list("name", flat=True).first():
            raise forms.ValidationError(f"このURLは商品「{other}」が使っています。別のURLにしてください。")
        return slug

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        needed = not data.get("code") and self.product is None and "code" not in self.errors
        if needed and rule_of((data.get("category") or "").strip() or None) is None:
            self.add_error(
                "code",
                "商品コードを入れてください。カテゴリの設定で自社コードの規則を決めると、空欄のまま自動で付きます。",
            )
        if data.get("status") == Product.Status.ACTIVE:
            for name, one in self.asked.items():
                if one.is_required and not data.get(name) and name not in self.errors:
                    self.add_error(
                        name,
                        f"「{one.name}」はこのカテゴリで必須です。あとで入れるときは、状態を「準備中」にしてください。",
                    )
        return data

    def attribute_fields(self) -> list[tuple[forms.BoundField, str]]:
        """The fields of the attributes, with their units."""
        return [(self[name], one.unit) for name, one in self.asked.items()]

    def attributes(self) -> dict[int, str]:
        """Attribute id → value, "" where it was left blank."""
        return {one.id: self.cleaned_data.get(name, "") for name, one in self.asked.items()}

    def values(self) -> dict[str, Any]:
        """For the service: category by name, None for none."""
        names = (
            "name",
            "kana",
            "tax_kind",
            "temperature",
            "status",
            "brand",
            "description",
            "slug",
            "is_public",
        )
        return {name: self.cleaned_data[name] for name in names} | {
            "category": self.cleaned_data["category"].strip() or None
        }

    @staticmethod
    def categories() -> list[str]:
        return list(Category.objects.values_list("name", flat=True)[:500])


class AxisForm(forms.Form):
    """軸: its name, and its values in one cell."""

    name = forms.CharField(label="軸", max_length=axes.NAME_LENGTH, required=False)
    values = forms.CharField(
        label="値", max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 1})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("values") and not data.get("name"):
            self.add_error("name", "軸の名前（色、サイズなど）を入れてください。")
        elif data.get("name") and not axes.parse_values(data.get("values") or ""):
            self.add_error("values", "値を1つ以上入れてください。")
        return data


class _AxisSet(BaseFormSet):
    """軸の表."""

    def clean(self) -> None:
        if any(self.errors):
            return
        if told := axes.problems(self.axes()):
            raise forms.ValidationError(told[:5])

    def axes(self) -> list[axes.Axis]:
        """The axes that were filled in."""
        return [
            axes.Axis(form.cleaned_data["name"], axes.parse_values(form.cleaned_data["values"]))
            for form in self.forms
            if form.is_valid() and form.cleaned_data.get("name")
        ]


def axis_set(data: QueryDict | None = None, *, initial: Any = None) -> Any:
    """The table of axes above the SKUs; unbound when the form that was sent has none."""
    made = formset_factory(AxisForm, formset=_AxisSet, extra=2, max_num=20, absolute_max=20)
    sent = data if data and "axis-TOTAL_FORMS" in data else None
    return made(sent, initial=initial, prefix="axis")


def axes_initial(rows: Sequence[axes.Axis]) -> list[dict[str, str]]:
    return [{"name": row.name, "values": axes.values_text(row.values)} for row in rows]


def check_variants(skus: Any, wanted: Sequence[axes.Axis]) -> bool:
    """Every SKU on sale is one combination of the axes and no two are the same; else the cell says so."""
    names, seen = [axis.name for axis in wanted], dict[tuple[str, ...], str]()
    good = True
    for form in skus.forms if names else ():
        row = form.cleaned_data
        if not row or not (form.has_changed() or form.initial.get("id")):
            continue
        variant = row.get("variant") or ""
        if not variant and not row.get("is_active"):
            continue
        problem = axes.variant_problem(names, variant)
        other = "" if problem else seen.setdefault(tuple(axes.split(variant)), row["code"])
        if not problem and other != row["code"]:
            problem = f"SKU {other} と同じ組み合わせです。"
        if problem:
            form.add_error("variant", problem)
            good = False
    return good


class SkuForm(forms.Form):
    """One SKU of the product."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(label="SKUコード", max_length=64)
    variant = forms.CharField(label="バリエーション", max_length=120, required=False)
    jan = JanField(label="JAN", max_length=20, required=False)
    price_yen = YenField(label="販売価格（税込）", maximum=checks.MAX_PRICE)
    cost = CostField(label="原価（税抜）", max_length=20, required=False)
    shelf = forms.CharField(label="棚番", max_length=30, required=False)
    weight_g = QuantityField(label="重量(g)", minimum=0, maximum=checks.MAX_WEIGHT, required=False)
    is_active = forms.BooleanField(label="販売", required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("aria-label", str(field.label or name))
        if self.initial.get("id"):
            self.fields["code"].widget.attrs["readonly"] = True

    def has_changed(self) -> bool:
        """An empty row is one without code and price, whatever its tick says."""
        if not self.is_bound or self.initial.get("id"):
            return super().has_changed()
        return any(
            str(self.data.get(self.add_prefix(name), "")).strip()
            for name in ("code", "price_yen", "jan", "variant")
        )


class _SkuSet(BaseFormSet):
    """Codes and JANs are one of a kind, here and in the books."""

    def clean(self) -> None:
        rows = [
            form for form in self.forms if (form.is_valid() and form.has_changed()) or form.initial.get("id")
        ]
        if not rows:
            raise forms.ValidationError("SKUを1行以上入力してください。")
        codes: dict[str, forms.Form] = {}
        jans: dict[str, forms.Form] = {}
        for form in rows:
            if not form.is_valid() or not form.cleaned_data:
                continue
            self._once(form, "code", code_key(form.cleaned_data["code"]), codes)
            if jan := form.cleaned_data.get("jan"):
                self._once(form, "jan", jan.zfill(14), jans)
        self._against_books(rows)

    def _once(self, form: forms.Form, name: str, key: str, seen: dict[str, forms.Form]) -> None:
        if seen.setdefault(key, form) is not form:
            form.add_error(name, "ほかの行と同じです。")

    def _against_books(self, rows: list[Any]) -> None:
        good = [form for form in rows if form.is_valid() and form.cleaned_data]
        keys = {code_key(form.cleaned_data["code"]): form for form in good if not form.cleaned_data.get("id")}
        for key, code in Sku.objects.filter(code_key__in=keys).values_list("code_key", "code"):
            keys[key].add_error("code", f"SKUコード {code} は登録済みです。")
        jans = {
            same: form
            for form in good
            if form.cleaned_data.get("jan")
            for same in same_jans(form.cleaned_data["jan"])
        }
        for pk, jan, code in Sku.objects.filter(jan__in=jans).values_list("pk", "jan", "code"):
            if jans[jan].cleaned_data.get("id") != pk:  # type: ignore[index]
                jans[jan].add_error("jan", f"このJANは SKU {code} に登録済みです。")  # type: ignore[index]

    def values(self) -> list[dict[str, Any]]:
        """Rows for the service."""
        return [dict(form.cleaned_data) for form in self.forms if form.cleaned_data and form.has_changed()]


ROWS = axes.MAX_COMBINATIONS


def sku_set(*args: Any, extra: int = 1, **kwargs: Any) -> Any:
    """The table of SKUs below the product."""
    return formset_factory(SkuForm, formset=_SkuSet, extra=extra, max_num=ROWS, absolute_max=ROWS)(  # type: ignore[misc]
        *args, prefix="sku", **kwargs
    )


def typed_axes(data: QueryDict) -> list[dict[str, str]]:
    """The axes of a sent form as they were typed, unchecked."""
    typed = [{name: data.get(f"axis-{at}-{name}", "") for name in ("name", "values")} for at in range(20)]
    return [row for row in typed if any(row.values())]


def typed_rows(data: QueryDict) -> list[dict[str, str]]:
    """The SKU rows of a sent form as they were typed, unchecked."""
    count = data.get("sku-TOTAL_FORMS", "0")
    rows = min(int(count), ROWS) if count.isascii() and count.isdigit() and len(count) < 5 else 0
    return [{name: data.get(f"sku-{at}-{name}", "") for name in SkuForm.base_fields} for at in range(rows)]


class ImagesForm(forms.Form):
    """画像の追加."""

    files = FilesField(label="画像", accept=("image/jpeg", "image/png", "image/webp", "image/gif"), limit=20)  # type: ignore[assignment]
