"""モールの文字数の決まりの画面: every limit with its source, and the shop's own words instead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.catalog import ports
from akinai.catalog.models import PageLimit
from akinai.catalog.services.page_limits import FIELDS, group_of, set_limit, with_own
from akinai.ui.access import clerk, office

PLAIN = {"": None, "1": True, "0": False}


class LimitForm(forms.Form):
    """One column. Blank: as the format says."""

    chars = forms.IntegerField(
        label="文字数", required=False, min_value=0, max_value=1_000_000, help_text="0 は上限なし"
    )
    bytes = forms.IntegerField(
        label="バイト数", required=False, min_value=0, max_value=1_000_000, help_text="全角は2。0 は上限なし"
    )
    is_plain = forms.ChoiceField(
        label="半角カナ・機種依存文字",
        required=False,
        choices=[("", "形式のまま"), ("1", "断る"), ("0", "通す")],
    )
    tags = forms.RegexField(
        r"^(\*|-|[a-zA-Z0-9 ]*)$", label="使えるHTMLタグ", required=False, max_length=200,
        help_text="空白で区切る（例 br b a）。- は使えない、* はすべて使える",
        error_messages={"invalid": "タグの名前を空白で区切るか、- か * を書いてください。"},
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        tags = {"": None, "-": ""}.get(data["tags"], data["tags"])
        return {
            "chars": data["chars"],
            "bytes": data["bytes"],
            "is_plain": PLAIN[data["is_plain"]],
            "tags": tags,
        }


@office("catalog.view_product")
def limits(request: HttpRequest) -> HttpResponse:
    """All formats and their columns."""
    own = {(row.format, row.column): row for row in PageLimit.objects.all()}
    shown = [
        (one, [_row(name, limit, own.get((one.code, name))) for name, limit in _groups(one).items()])
        for one in ports.page_formats()
    ]
    return render(request, "catalog/page_limits.html", {"formats": shown})


def _groups(one: ports.PageFormat) -> dict[str, ports.Limit]:
    """Columns that differ only by their number stand together."""
    return {group_of(column): limit for column, limit in one.limits.items()}


def _row(column: str, limit: ports.Limit, own: PageLimit | None) -> dict[str, Any]:
    now = with_own(limit, own) if own else limit
    tags = "すべて" if now.tags is None else " ".join(now.tags) or "なし"
    return {
        "column": column,
        "limit": now,
        "tags": tags,
        "is_own": own is not None,
        "source": limit.source,
        "is_sure": limit.is_sure,
    }


@office("catalog.change_coderule")
def edit_limit(request: HttpRequest) -> HttpResponse:
    """One column of one format (`?format=…&column=…`)."""
    one = ports.page_format(request.GET.get("format", ""))
    column = request.GET.get("column", "")
    if one is None or column not in (groups := _groups(one)):
        raise Http404("その列はありません。")
    own = PageLimit.objects.filter(format=one.code, column=column).first()
    form = LimitForm(request.POST if request.method == "POST" else None, initial=_initial(own))
    if request.method == "POST" and form.is_valid():
        set_limit(one, column, by=clerk(request), **form.values())
        messages.success(request, f"「{column}」の決まりを保存しました。")
        return redirect("catalog:page_limits")
    context = {
        "form": form, "one": one, "column": column, "limit": groups[column], "cancel_url": reverse("catalog:page_limits"),
        "submit_label": "保存する",
    }  # fmt: skip
    return render(request, "catalog/page_limit.html", context, status=422 if form.is_bound else 200)


def _initial(own: PageLimit | None) -> dict[str, Any]:
    if own is None:
        return {}
    found = {name: getattr(own, name) for name in FIELDS}
    plain = {True: "1", False: "0"}.get(own.is_plain, "") if own.is_plain is not None else ""
    return found | {"is_plain": plain, "tags": "-" if own.tags == "" else own.tags or ""}
