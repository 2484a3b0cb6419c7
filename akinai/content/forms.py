"""コンテンツの入力欄 (管理画面)."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from akinai.catalog import queries as catalog
from akinai.content import page_queries as queries
from akinai.content import ports
from akinai.content.models import LegalWord, ReleaseItem
from akinai.content.segments import SEGMENTS
from akinai.core.money import NotANumber, parse_quantity

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
MOST_PRICES = 2000


class ReleaseForm(forms.Form):
    """公開の束."""

    name = forms.CharField(label="名前", max_length=80, help_text="新茶の発売 など")
    at = forms.DateTimeField(label="公開日時", widget=MOMENT)
    memo = forms.CharField(label="メモ", required=False, max_length=2000, widget=forms.Textarea({"rows": 3}))


class PageItemForm(forms.Form):
    """ページを公開."""

    page = forms.TypedChoiceField(
        label="ページ", coerce=int, help_text="いま保存されている下書きを公開します。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["page"].choices = [("", "選んでください"), *queries.drafts_to_release()]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        return {"page_id": self.cleaned_data["page"]}


class UnpublishItemForm(PageItemForm):
    """ページを取り下げ."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["page"].choices = [("", "選んでください"), *queries.live_pages()]  # type: ignore[attr-defined]
        self.fields["page"].help_text = "束の時刻に公開をやめます。"


class PricesItemForm(forms.Form):
    """価格を変更, pasted from a spreadsheet."""

    prices = forms.CharField(
        label="商品コードと新しい価格（税込）", widget=forms.Textarea({"rows": 8, "class": "mono"}), max_length=200_000,
        help_text="1 行に「商品コード 価格」。Excel の 2 列をそのまま貼れます。戻す日は束を戻すか、別の束で決めます。",
    )  # fmt: skip

    def clean_prices(self) -> list[tuple[int, str, int]]:
        lines = [
            (nth, line.strip())
            for nth, line in enumerate(self.cleaned_data["prices"].splitlines(), 1)
            if line.strip()
        ]
        if len(lines) > MOST_PRICES:
            raise ValidationError(f"一度に変えられるのは {MOST_PRICES:,} 件までです。")
        read, wrong = _read_prices(lines)
        ids = catalog.ids_by_code([code for _nth, code, _yen in read])
        wrong += [
            f"{nth} 行目: 商品コード「{code}」は登録されていません。"
            for nth, code, _yen in read
            if code not in ids
        ]
        codes = [code for _nth, code, _yen in read]
        wrong += [
            f"商品コード「{code}」が 2 回あります。"
            for code in {one for one in codes if codes.count(one) > 1}
        ]
        if wrong:
            raise ValidationError([*wrong[:10], *([f"ほか {len(wrong) - 10} 件"] if len(wrong) > 10 else [])])
        return [(ids[code], code, yen) for _nth, code, yen in read]

    def told(self) -> dict[str, Any]:
        return {"told": {"prices": [list(one) for one in self.cleaned_data["prices"]]}}


def _read_prices(lines: list[tuple[int, str]]) -> tuple[list[tuple[int, str, int]], list[str]]:
    read: list[tuple[int, str, int]] = []
    wrong: list[str] = []
    for nth, line in lines:
        parts = re.split(r"[\t,，\s]+", line, maxsplit=1)
        try:
            yen = parse_quantity(parts[1].replace("円", "").lstrip("¥￥")) if len(parts) > 1 else 0
        except NotANumber:
            yen = 0
        if yen < 1:
            wrong.append(
                f"{nth} 行目「{line[:40]}」: 「商品コード 価格」の形で、1 円以上の価格を書いてください。"
            )
        else:
            read.append((nth, parts[0], yen))
    return read, wrong


class AnnouncementItemForm(forms.Form):
    """お知らせの帯."""

    text = forms.CharField(
        label="帯のことば", max_length=120, required=False, help_text="空欄なら帯を消します。"
    )

    def told(self) -> dict[str, Any]:
        return {"told": {"text": self.cleaned_data["text"]}}


class MailItemForm(forms.Form):
    """メールを送る."""

    to = forms.ChoiceField(label="宛先")
    subject = forms.CharField(label="件名", max_length=150)
    body = forms.CharField(label="本文", max_length=10_000, widget=forms.Textarea({"rows": 10}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = ports.audiences()  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        return {"told": {name: self.cleaned_data[name] for name in ("to", "subject", "body")}}


ITEM_FORMS: dict[str, Any] = {
    ReleaseItem.Kind.PAGE: PageItemForm,
    ReleaseItem.Kind.UNPUBLISH: UnpublishItemForm,
    ReleaseItem.Kind.PRICES: PricesItemForm,
    ReleaseItem.Kind.ANNOUNCEMENT: AnnouncementItemForm,
    ReleaseItem.Kind.MAIL: MailItemForm,
}


class WordForm(forms.ModelForm):
    """注意することば."""

    class Meta:
        model = LegalWord
        fields: ClassVar = ["word", "law", "level", "why", "instead", "whole_word", "except_in", "is_active"]


class LookForm(forms.Form):
    """いつ・だれの目で見るか."""

    at = forms.DateTimeField(label="日時", widget=MOMENT, required=False)
    segment = forms.ChoiceField(label="お客様", choices=[("", "自分のまま"), *SEGMENTS[1:]], required=False)
    width = forms.ChoiceField(
        label="幅", choices=[("wide", "パソコン 1280"), ("middle", "タブレット 820"), ("narrow", "スマートフォン 390")],
        required=False,
    )  # fmt: skip
