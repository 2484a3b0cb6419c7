"""会計の設定の画面: when the books begin, names in each product, rates of selling costs, targets."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.accounting.models import Account, BookSettings, CostRate, SalesTarget
from akinai.accounting.ports import PRODUCTS
from akinai.accounting.rules import periods, tax_classes
from akinai.accounting.services import exporting
from akinai.accounting.services import settings as services
from akinai.accounting.setting_forms import BooksForm, CostForm, ProductForm, TargetForm
from akinai.channels import queries as channels
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.orders.states import PaymentKind
from akinai.shipping.ports import CARRIERS
from akinai.ui.access import clerk, office, office_post


@office("accounting.change_booksettings")
def books(request: HttpRequest) -> HttpResponse:
    """会計の設定."""
    row = BookSettings.objects.get(pk=1)
    form = BooksForm(
        request.POST or None, initial={"starts_on": row.starts_on, "fiscal_month": row.fiscal_month}
    )
    if request.method == "POST" and form.is_valid():
        services.tell_books(**form.cleaned_data, by=clerk(request))
        messages.success(request, "会計の設定を保存しました。")
        return redirect("accounting:settings")
    context = {
        "form": form, "products": PRODUCTS.values(), "accounts": Account.objects.all(), "submit_label": "保存する",
        "cancel_url": reverse("accounting:journal"),
    }  # fmt: skip
    return render(request, "accounting/settings.html", context, status=422 if form.errors else 200)


@office("accounting.change_productaccount")
def product(request: HttpRequest, product: str) -> HttpResponse:
    """会計ソフトでの科目名と税区分."""
    door = PRODUCTS.get(product)
    if door is None:
        raise Http404("その会計ソフトはありません。")
    names, taxes = exporting.accounts_of(door), exporting.taxes_of(door)
    accounts = [(account, *names[account.pk]) for account in Account.objects.all()]
    codes = [("", "対象外"), *((code, tax_classes.name_of(code)) for code in tax_classes.CODES)]
    form = ProductForm(
        request.POST or None,
        accounts=accounts,
        taxes=[(code, label, taxes.get(code, "対象外")) for code, label in codes],
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.tell_product(
            product, by=clerk(request), accounts={a.pk: (data[f"name_{a.pk}"], data[f"sub_{a.pk}"]) for a, _, _ in accounts},
            taxes={code: data[f"tax_{code or 'none'}"] for code, _ in codes},
        )  # fmt: skip
        messages.success(request, f"{door.title} の科目名を保存しました。次に作るファイルから使います。")
        return redirect("accounting:product", product)
    context = {
        "form": form,
        "product": door,
        "products": PRODUCTS.values(),
        "cancel_url": reverse("accounting:settings"),
    }
    return render(request, "accounting/product.html", context, status=422 if form.errors else 200)


def _subjects() -> dict[str, list[tuple[str, str]]]:
    return {
        "店舗・モール": list(channels.every_choice()),
        "支払方法": [(code, label) for code, label in PaymentKind.choices],
        "運送会社": [(code, one.title) for code, one in CARRIERS.items()],
    }


@office("accounting.add_costrate")
def costs(request: HttpRequest) -> HttpResponse:
    """販売費の率."""
    subjects = _subjects()
    form = CostForm(request.POST or None, subjects=subjects, initial={"since": clock.today().replace(day=1)})
    if request.method == "POST" and form.is_valid():
        data = {
            **form.cleaned_data,
            "percent": form.cleaned_data["percent"] or 0,
            "yen": form.cleaned_data["yen"] or 0,
        }
        try:
            services.add_rate(**data, by=clerk(request))
            messages.success(request, "販売費の率を登録しました。粗利はすぐに計算し直されます。")
            return redirect("accounting:costs")
        except DomainError as refusal:
            form.add_error("since", f"{refusal.message}{refusal.way_out}")
    names = {code: label for rows in subjects.values() for code, label in rows}
    rows = [(row, names.get(row.subject, row.subject) or "すべて") for row in CostRate.objects.all()]
    context = {
        "form": form,
        "rows": rows,
        "cancel_url": reverse("accounting:profit"),
        "submit_label": "登録する",
    }
    return render(request, "accounting/costs.html", context, status=422 if form.errors else 200)


@office_post("accounting.delete_costrate")
def delete_cost(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """率を消す."""
    services.drop_rate(get_object_or_404(CostRate, pk=pk), by=clerk(request))
    messages.success(request, "販売費の率を消しました。")
    return redirect("accounting:costs")


@office("accounting.change_salestarget")
def targets(request: HttpRequest) -> HttpResponse:
    """売上目標 of a month, beside what was sold a year before."""
    month = _month(request.GET.get("month", ""))
    told: dict[int | None, int] = dict(
        SalesTarget.objects.filter(month=month).values_list("channel_id", "net_yen")
    )
    rows: list[tuple[str, str, int | None]] = [("all", "会社全体", told.get(None))]
    rows += [(str(pk), name, told.get(pk)) for pk, name in channels.names()]
    form = TargetForm(request.POST or None, rows=rows)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.set_targets(
            month,
            {None if key == "all" else int(key): data[f"t_{key}"] for key, _, _ in rows},
            by=clerk(request),
        )
        messages.success(request, f"{month:%Y年%-m月}の目標を保存しました。")
        return redirect(f"{reverse('accounting:targets')}?month={month:%Y-%m}")
    this = clock.today().replace(day=1)
    months = [periods.months_back(this, n) for n in range(-6, 6)]
    context = {
        "form": form, "month": month, "months": months, "known": SalesTarget.objects.select_related("channel").order_by("-month", "channel_id")[:60],
        "cancel_url": reverse("accounting:sales"), "submit_label": "保存する",
    }  # fmt: skip
    return render(request, "accounting/targets.html", context, status=422 if form.errors else 200)


def _month(text: str) -> date:
    try:
        return date(int(text[:4]), int(text[5:7]), 1)
    except ValueError:
        return clock.today().replace(day=1)
