"""応対の設定: 時間, 約束, 担当, 定型文, マクロ, 署名, タグ. Each form is the same page; what is kept is kept with its history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, models, transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.support import desk_forms, services
from akinai.support.models import Duty, Macro, ReplyTemplate, ServiceRule, Signature, SupportHours, Tag
from akinai.support.queries.fields import OF_ORDER, OF_TICKET
from akinai.support.services import clocks, usual
from akinai.support.settings_forms import HoursForm
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row: its table, form, list and words."""

    model: type[models.Model]
    form: type[ModelForm[Any]]
    word: str
    list_name: str
    template: str = "support/settings_form.html"


TEMPLATE = Kind(
    ReplyTemplate, desk_forms.TemplateForm, "定型文", "support:templates", "support/template_form.html"
)
MACRO = Kind(Macro, desk_forms.MacroForm, "マクロ", "support:macros")
SIGNATURE = Kind(Signature, desk_forms.SignatureForm, "署名", "support:signatures")
TAG = Kind(Tag, desk_forms.TagForm, "タグ", "support:tags_list")
RULE = Kind(ServiceRule, desk_forms.RuleForm, "応対の約束", "support:rules")
DUTY = Kind(Duty, desk_forms.DutyForm, "応対の担当", "support:duties")


def _form(request: HttpRequest, kind: Kind, row: models.Model) -> HttpResponse:
    form = kind.form(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid() and _kept(form, request):
        messages.success(request, f"{kind.word}「{form.instance}」を保存しました。")
        return redirect(kind.list_name)
    title = str(row) if row.pk else f"{kind.word}を作る"
    context = {
        "form": form, "form_title": title, "kind": kind, "cancel_url": reverse(kind.list_name), "row": row,
        "of_ticket": OF_TICKET, "of_order": OF_ORDER,
    }  # fmt: skip
    return render(request, kind.template, context, status=422 if form.is_bound else 200)


def _kept(form: ModelForm[Any], request: HttpRequest) -> bool:
    row = form.save(commit=False)
    try:
        with transaction.atomic():
            services.keep(row, by=clerk(request))
    except IntegrityError:
        form.add_error(None, "同じものがたった今、保存されました。一覧で確かめてください。")
        return False
    return True


def new(kind: Kind, permission: str) -> Callable[..., HttpResponseBase]:
    """The page that makes one of this kind."""

    @office(permission)
    @once
    def page(request: HttpRequest) -> HttpResponse:
        return _form(request, kind, kind.model())

    return page


def edit(kind: Kind, permission: str) -> Callable[..., HttpResponseBase]:
    """The page that changes one of this kind."""

    @office(permission)
    @once
    def page(request: HttpRequest, pk: int) -> HttpResponse:
        return _form(request, kind, get_object_or_404(kind.model._default_manager.all(), pk=pk))

    return page


new_template = new(TEMPLATE, "support.add_replytemplate")
template = edit(TEMPLATE, "support.change_replytemplate")
new_macro = new(MACRO, "support.add_macro")
macro = edit(MACRO, "support.change_macro")
new_signature = new(SIGNATURE, "support.add_signature")
signature = edit(SIGNATURE, "support.change_signature")
new_tag = new(TAG, "support.add_tag")
tag = edit(TAG, "support.change_tag")
new_rule = new(RULE, "support.add_servicerule")
rule = edit(RULE, "support.change_servicerule")
new_duty = new(DUTY, "support.add_duty")
duty = edit(DUTY, "support.change_duty")


@office_post("support.add_replytemplate")
@once
def take_usual(request: HttpRequest) -> HttpResponse:
    """よく使うものを入れる."""
    count = usual.take_usual(by=clerk(request))
    messages.success(request, f"{count} 件を入れました。" if count else "入れるものはもうありません。")
    return redirect("support:templates")


@office_post("support.delete_signature")
@once
def drop_signature(request: HttpRequest, pk: int) -> HttpResponse:
    """署名を消す."""
    row = get_object_or_404(Signature, pk=pk)
    services.drop_signature(row, by=clerk(request))
    messages.success(request, "署名を消しました。")
    return redirect("support:signatures")


@office("support.change_supporthours")
@once
def hours(request: HttpRequest) -> HttpResponse:
    """応対の時間. Promises already given stay as they were given."""
    form = HoursForm(request.POST or None, instance=SupportHours.objects.get(pk=clocks.settings().pk))
    if request.method == "POST" and form.is_valid():
        services.keep(form.save(commit=False), by=clerk(request))
        messages.success(request, "応対の時間を保存しました。これから届くものの約束に使います。")
        return redirect("support:hours")
    return render(request, "support/hours.html", {"form": form}, status=422 if form.is_bound else 200)
