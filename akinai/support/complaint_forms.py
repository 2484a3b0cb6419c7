"""クレームの入力."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.party import queries as party
from akinai.shipping import queries as shipping
from akinai.shipping.states import RefundWay
from akinai.staff import queries as staff
from akinai.support import compensation_ports as ports
from akinai.support.complaint_states import OF_ORDER, CompensationKind, Severity, Side
from akinai.support.models import ComplaintCause, ComplaintSettings
from akinai.support.queries.complaints import Blamable
from akinai.support.rules.complaints import DEMANDS
from akinai.support.services.compensation import Ask
from akinai.support.services.complaints import Told
from akinai.support.services.prevention import Plan
from akinai.ui.forms import DateField, YenField, new_token

NONE = ("", "選ばない")


def _area(rows: int, hint: str = "") -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "placeholder": hint})


class ComplaintForm(forms.Form):
    """クレームの内容. What may be blamed comes from the ticket's orders and their shipments; the rest can be typed."""

    severity = forms.TypedChoiceField(
        label="重さ", choices=Severity.choices, coerce=int, initial=Severity.LIGHT, widget=forms.RadioSelect
    )
    cause = forms.ModelChoiceField(
        label="原因", queryset=ComplaintCause.objects.none(), required=False, empty_label="まだ分からない"
    )
    side = forms.ChoiceField(label="責任の所在", choices=Side.choices, initial=Side.UNKNOWN)
    order = forms.ChoiceField(label="受注", required=False)
    sku = forms.ChoiceField(label="SKU", required=False)
    sku_code = forms.CharField(
        label="ほかの SKU",
        required=False,
        max_length=60,
        help_text="受注にない商品は、商品コードか JAN を入れます。",
    )
    lot = forms.ChoiceField(label="ロット", required=False)
    supplier = forms.ChoiceField(label="仕入先", required=False)
    carrier = forms.ChoiceField(label="運送会社", required=False)
    page = forms.CharField(
        label="ページ", required=False, max_length=300, help_text="表示が違っていたページの名前か URL"
    )
    person = forms.ChoiceField(label="関わった担当者", required=False)
    facts = forms.CharField(
        label="事実",
        required=False,
        max_length=10_000,
        widget=_area(4, "いつ・何が・どうなっていたか。推測と分けて書きます。"),
    )
    wish = forms.CharField(
        label="お客様のご要望", required=False, max_length=5_000, widget=_area(2, "交換・返金・説明など")
    )
    outcome = forms.CharField(
        label="結論", required=False, max_length=5_000, widget=_area(2, "何をして、お客様がどう受け止めたか")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, candidates: Blamable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._candidates = candidates
        fields: Any = self.fields
        fields["cause"].queryset = ComplaintCause.objects.filter(is_active=True)
        fields["severity"].help_text = "　".join(
            f"{Severity(key).label}: {text}" for key, text in DEMANDS.items()
        )
        fields["order"].choices = [NONE, *_texts(candidates.orders)]
        fields["sku"].choices = [NONE, *_texts(candidates.skus), *self._kept("sku", candidates.skus)]
        fields["lot"].choices = [NONE, *_texts(candidates.lots), *self._kept("lot", candidates.lots)]
        fields["supplier"].choices = _grouped(candidates.suppliers, party.supplier_choices())
        fields["carrier"].choices = _grouped(candidates.carriers, shipping.carrier_choices())
        fields["person"].choices = [NONE, *_texts(staff.choices())]
        fields["page"].widget.attrs["list"] = "complaint-pages"

    def _kept(self, name: str, known: Any) -> list[tuple[str, str]]:
        """What the complaint names already, though no order of the ticket does."""
        told = self.initial.get(name)
        return (
            []
            if not told or told in dict(known)
            else [(str(told), str(self.initial.get(f"{name}_name", told)))]
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("sku_code"):
            found = catalog.find_scanned(data["sku_code"].strip())
            if found is None:
                raise ValidationError(
                    {"sku_code": "この商品コードの SKU はありません。コードか JAN を確かめてください。"}
                )
            data["sku"] = str(found.pk)
        lot, sku = data.get("lot"), data.get("sku")
        of_lot = self._candidates.lot_skus.get(int(lot)) if lot else None
        if of_lot and not sku:
            data["sku"] = str(of_lot)
        elif of_lot and int(sku or 0) != of_lot:
            raise ValidationError({"lot": "このロットは、選んだ SKU のものではありません。"})
        elif lot and not sku:
            raise ValidationError({"sku": "ロットを選ぶときは SKU も選んでください。"})
        return data

    def told(self) -> Told:
        """Only after `is_valid`."""
        data = self.cleaned_data
        return Told(
            severity=data["severity"], cause_id=data["cause"].pk if data["cause"] else None, side=data["side"],
            order_id=_id(data["order"]), sku_id=_id(data["sku"]), lot_id=_id(data["lot"]), supplier_id=_id(data["supplier"]),
            carrier=data["carrier"], page=data["page"].strip(), person_id=_id(data["person"]), facts=data["facts"].strip(),
            wish=data["wish"].strip(), outcome=data["outcome"].strip(), version=data["version"] or 0,
        )  # fmt: skip


def _id(told: str) -> int | None:
    return int(told) if told else None


def _texts(pairs: Any) -> list[tuple[str, str]]:
    return [(str(key), label) for key, label in pairs]


def _grouped(first: Any, rest: Any) -> list[Any]:
    """The candidates of the order, then everybody else."""
    known = {str(key) for key, _ in first}
    others = [pair for pair in _texts(rest) if pair[0] not in known]
    return [
        NONE,
        *([("この受注から", _texts(first))] if first else []),
        ("そのほか" if first else "一覧", others),
    ]


def pieces_of(lines: Any) -> dict[str, forms.Field]:
    """A field for each line: how many of it are sent again."""
    return {
        f"line_{line.pk}": forms.IntegerField(
            label=f"{line.name[:60]}（{line.quantity} 点）", required=False, min_value=0, max_value=line.quantity
        )
        for line in lines
    }  # fmt: skip


def goods_again(lines: Any, data: dict[str, Any]) -> dict[str, Any]:
    """{order, yen, lines} of what is to be sent again. Raises ValidationError for nothing, and for two orders at once."""
    wanted = {line: data.get(f"line_{line.pk}") or 0 for line in lines}
    chosen = {line: pieces for line, pieces in wanted.items() if pieces}
    if not chosen:
        raise ValidationError("再送する商品の数を入力してください。")
    if len({line.order_id for line in chosen}) > 1:
        raise ValidationError("再送は 1 つの受注ごとに頼んでください。")
    return {
        "order": str(next(iter(chosen)).order_id),
        "yen": max(sum(line.unit_price_yen * pieces for line, pieces in chosen.items()), 1),
        "lines": {str(line.pk): pieces for line, pieces in chosen.items()},
    }


class GoodsForm(forms.Form):
    """A form that asks how many pieces of each line are sent again."""

    _lines: list[Any]

    @property
    def line_fields(self) -> list[Any]:
        return [self[f"line_{line.pk}"] for line in self._lines]


class CompensationForm(GoodsForm):
    """補償. `lines` are those of the ticket's orders that may be sent again."""

    kind = forms.ChoiceField(label="種類")
    order = forms.ChoiceField(label="受注", required=False)
    yen = YenField(
        label="金額（税込）", required=False, help_text="再送とクーポンでは、商品とクーポンの額が入ります。"
    )
    way = forms.ChoiceField(label="返金の方法", required=False, choices=[NONE, *RefundWay.choices])
    coupon = forms.ChoiceField(label="クーポン", required=False)
    reason = forms.CharField(label="理由", max_length=200)
    key = forms.CharField(widget=forms.HiddenInput, initial=new_token, max_length=64)

    def __init__(self, *args: Any, lines: Any, orders: Any, has_customer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self._lines, self._offers = list(lines), list(ports.offers())
        able = [kind for kind in CompensationKind.choices if kind[0] in ports.kinds()]
        fields["kind"].choices = [
            (kind, label) for kind, label in able if (orders if kind in OF_ORDER else has_customer)
        ]
        fields["order"].choices = [NONE, *_texts(orders)]
        if len(orders) == 1:
            self.initial.setdefault("order", str(orders[0][0]))
        fields["coupon"].choices = [
            NONE,
            *[(one.code, f"{one.title}（{one.yen:,}円）") for one in self._offers],
        ]
        fields.update(pieces_of(self._lines))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        kind = data.get("kind")
        if kind == CompensationKind.RESHIP:
            data |= goods_again(self._lines, data)
        elif kind == CompensationKind.COUPON:
            worth = {one.code: one.yen for one in self._offers}.get(data.get("coupon") or "")
            if worth is None:
                raise ValidationError({"coupon": "渡すクーポンを選んでください。"})
            data["yen"] = worth
        if kind == CompensationKind.REFUND and not data.get("way"):
            raise ValidationError({"way": "返金の方法を選んでください。"})
        if kind in OF_ORDER and not data.get("order"):
            raise ValidationError({"order": "どの受注の補償かを選んでください。"})
        if kind and not data.get("yen") and "yen" not in self.errors:
            raise ValidationError({"yen": "1 円以上の金額を入力してください。"})
        return data

    def told(self) -> Ask:
        """Only after `is_valid`."""
        data = self.cleaned_data
        kept = {
            CompensationKind.REFUND: {"way": data["way"]}, CompensationKind.COUPON: {"coupon": data["coupon"]},
            CompensationKind.RESHIP: {"lines": data.get("lines", {})},
        }  # fmt: skip
        return Ask(
            kind=data["kind"], yen=data["yen"], reason=data["reason"], key=data["key"], order_id=_id(data["order"]),
            details=kept.get(data["kind"], {}),
        )  # fmt: skip


class ReshipForm(GoodsForm):
    """再送 from the ticket, without goods coming back."""

    cause = forms.ModelChoiceField(label="原因", queryset=ComplaintCause.objects.none(), empty_label="選ぶ…")
    reason = forms.CharField(
        label="理由", max_length=200, help_text="例: 追跡が 5 日動かず、運送会社が紛失と認めた"
    )
    key = forms.CharField(widget=forms.HiddenInput, initial=new_token, max_length=64)

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lines, fields = list(lines), self.fields
        fields["cause"].queryset = ComplaintCause.objects.filter(is_active=True)  # type: ignore[attr-defined]
        fields.update(pieces_of(self._lines))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        return data if self.errors else data | goods_again(self._lines, data)

    def told(self) -> tuple[ComplaintCause, Ask]:
        """(原因, what is asked). Only after `is_valid`."""
        data = self.cleaned_data
        asked = Ask(
            CompensationKind.RESHIP, data["yen"], data["reason"], data["key"], int(data["order"]), {"lines": data["lines"]}
        )  # fmt: skip
        return data["cause"], asked


class ApologyForm(forms.Form):
    """お詫びのメール."""

    to = forms.EmailField(label="宛先", max_length=254)
    subject = forms.CharField(label="件名", max_length=200)
    text = forms.CharField(label="本文", max_length=20_000, widget=forms.Textarea(attrs={"rows": 18}))
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, initial=new_token, max_length=64)


class PreventionForm(forms.Form):
    """再発防止."""

    what = forms.CharField(
        label="対策", max_length=5_000, widget=_area(3, "何を、どう変えるか（例: 送り状の照合を 2 人で行う）")
    )
    owner = forms.TypedChoiceField(label="責任者", coerce=int)
    due_on = DateField(label="期限")
    days = forms.IntegerField(
        label="比べる日数",
        min_value=7,
        max_value=365,
        help_text="対策の前と後の、この日数の発生率を比べます。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["owner"].choices = staff.choices()
        self.initial.setdefault("due_on", clock.today() + timedelta(days=14))

    def told(self) -> Plan:
        """Only after `is_valid`."""
        data = self.cleaned_data
        return Plan(data["what"], data["owner"], data["due_on"], data["days"])


class SettingsForm(forms.ModelForm):
    """クレームの決まり."""

    class Meta:
        model = ComplaintSettings
        fields = ("approval_yen", "present_most_yen", "measure_days")


class CauseForm(forms.ModelForm):
    """原因コード."""

    class Meta:
        model = ComplaintCause
        fields = ("code", "name", "side", "place", "is_active")


class PeriodForm(forms.Form):
    """集計の期間."""

    first = DateField(label="から", required=False)
    last = DateField(label="まで", required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and first > last:
            raise ValidationError("期間の始まりが終わりより後です。")
        if first and last and (last - first).days > 1100:
            raise ValidationError("期間は 3 年までにしてください。")
        return data
