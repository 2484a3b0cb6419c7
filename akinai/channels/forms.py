"""Forms of channels (チャネルの入力)."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.catalog import queries as catalog
from akinai.channels.models import Channel


class ChannelForm(forms.ModelForm):
    """販売チャネル. The code stays, because files and orders are kept under it."""

    class Meta:
        model = Channel
        fields = [
            "code", "name", "kind", "is_active", "sends_own_shipping_mail", "issues_own_invoice",
            "feed_priority", "feed_last_units", "feed_buffer", "feed_cap",
        ]  # fmt: skip
        help_texts = {
            "code": "半角の英数字とハイフン。登録後は変えられません。",
            "kind": "受注ファイルの形式（rakuten, yahoo, amazon, shopify, eccube, base, generic）",
        }
        error_messages = {
            "code": {"unique": "このチャネルコードはすでに使われています。別のコードにしてください。"}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True


class ListingForm(forms.Form):
    """出品: the channel's code and our SKU."""

    channel = forms.ModelChoiceField(label="チャネル", queryset=Channel.objects.filter(is_active=True))
    code = forms.CharField(label="チャネル側の商品コード", max_length=120)
    sku = forms.CharField(label="SKUコードまたはJAN", max_length=64)

    def clean_sku(self) -> int:
        """The id of the SKU."""
        found = catalog.find_scanned(self.cleaned_data["sku"])
        if found is None:
            raise forms.ValidationError(
                "このSKUコード・JANは登録されていません。商品一覧で確かめてください。"
            )
        return int(found.pk)


class BufferForm(forms.Form):
    """控えておく点数 of items; empty: as the channel says."""

    buffer = forms.IntegerField(
        label="控えておく点数", required=False, min_value=0, max_value=99_999,
        help_text="空欄にすると、店舗の設定に戻ります。",
    )  # fmt: skip
