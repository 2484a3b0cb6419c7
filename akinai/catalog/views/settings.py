"""カテゴリとコードの規則の画面."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.catalog import services
from akinai.catalog.models import Attribute, Category, CodeAllocator, CodeRule, InStoreCode
from akinai.catalog.models.codes import MAX_SERIAL
from akinai.catalog.services.attributes import asked_of
from akinai.catalog.setting_forms import CategoryForm, PrefixForm, RuleForm, asked_set
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("catalog.add_category")
@once
@transaction.atomic
def add_category(request: HttpRequest) -> HttpResponse:
    """カテゴリの登録."""
    form = CategoryForm(request.POST or None)
    asked = asked_set(request.POST)
    if request.method == "POST" and all([form.is_valid(), asked.is_valid() or not asked.is_bound]):
        category = services.add_category(form.cleaned_data["name"], by=clerk(request))
        return _saved(request, category, form, asked)
    return _form(request, form, asked, None)


@office("catalog.change_category")
@once
@transaction.atomic
def category(request: HttpRequest, pk: int) -> HttpResponse:
    """カテゴリ: name, code rule, and the attributes it asks for."""
    row = get_object_or_404(Category, pk=pk)
    shown = ("name", "slug", "parent", "position", "is_public", "lead")
    initial = {name: getattr(row, name) for name in shown} | _rule_initial(
        CodeRule.objects.filter(category=row).first()
    )
    form = CategoryForm(request.POST or None, category=row, initial=initial)
    asked = asked_set(request.POST, asked_of(row.name))
    if request.method == "POST" and all([form.is_valid(), asked.is_valid() or not asked.is_bound]):
        services.rename_category(row, form.cleaned_data["name"], by=clerk(request))
        return _saved(request, row, form, asked)
    return _form(request, form, asked, row)


def _saved(request: HttpRequest, row: Category, form: CategoryForm, asked: Any) -> HttpResponse:
    services.place_category(row, **form.placed(), by=clerk(request))
    services.write_rule(row, form.rule(), by=clerk(request))
    if asked.is_bound:
        services.ask(row, asked.asked(), by=clerk(request))
    messages.success(request, f"カテゴリ「{row.name}」を保存しました。")
    return redirect("catalog:category", row.pk)


def _form(request: HttpRequest, form: CategoryForm, asked: Any, row: Category | None) -> HttpResponse:
    context = {
        "form": form, "asked": asked, "category": row, "object": row, "cancel_url": reverse("catalog:categories"),
        "products": row.product_set.count() if row else 0, "submit_label": "保存する" if row else "登録する",
        "attributes": Attribute.objects.values_list("name", flat=True)[:500],
    }  # fmt: skip
    return render(
        request,
        "catalog/category.html",
        context,
        status=422 if form.errors or asked.total_error_count() else 200,
    )


def _rule_initial(rule: CodeRule | None) -> dict[str, object]:
    return {"head": rule.prefix, "digits": rule.digits, "next_number": rule.next} if rule else {}


@office_post("catalog.delete_category")
def delete_category(request: HttpRequest, pk: int) -> HttpResponse:
    """カテゴリの削除: only one that no product has."""
    row = get_object_or_404(Category, pk=pk)
    services.delete_category(row, by=clerk(request))
    messages.success(request, f"カテゴリ「{row.name}」を削除しました。")
    return redirect("catalog:categories")


@office("catalog.view_coderule")
def codes(request: HttpRequest) -> HttpResponse:
    """コードの規則: the rule for all goods, and the in-store numbers."""
    return _codes(request)


def _codes(request: HttpRequest, rule_form: RuleForm | None = None) -> HttpResponse:
    allocators = list(CodeAllocator.objects.order_by("prefix"))
    active = next((one for one in allocators if one.is_active), None)
    rule = CodeRule.objects.filter(category=None).first()
    context = {
        "rule": rule,
        "rule_form": rule_form or RuleForm(initial=_rule_initial(rule)),
        "prefix_form": PrefixForm(initial={"head": active.prefix if active else "20"}),
        "allocators": [(one, one.next - 1, MAX_SERIAL - one.next) for one in allocators],
        "issued": InStoreCode.objects.select_related("sku__product", "by").order_by("-id")[:30],
        "issued_count": InStoreCode.objects.count(),
    }
    is_wrong = rule_form is not None
    return render(request, "catalog/codes.html", context, status=422 if is_wrong else 200)


@office_post("catalog.change_coderule")
def set_default_rule(request: HttpRequest) -> HttpResponse:
    """全商品の自社コードの規則."""
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _codes(request, form)
    services.write_rule(None, form.rule(), by=clerk(request))
    messages.success(request, "自社コードの規則を保存しました。")
    return redirect("catalog:codes")


@office_post("catalog.change_codeallocator")
def set_prefix(request: HttpRequest) -> HttpResponse:
    """インストアコードの頭の2桁."""
    form = PrefixForm(request.POST)
    if form.is_valid():
        services.use_prefix(form.cleaned_data["head"], by=clerk(request))
        messages.success(
            request, f"これから発行するインストアコードは {form.cleaned_data['head']} で始まります。"
        )
    else:
        messages.error(request, "頭の2桁は 20〜29 から選んでください。")
    return redirect("catalog:codes")
