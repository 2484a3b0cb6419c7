"""Screens of parties (取引先の画面): suppliers, customers, our own company."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core.errors import DomainError
from akinai.party import disclosure, masking, merging, openings, queries, services
from akinai.party.errors import SomebodyElse
from akinai.party.forms import CompanyForm, CustomerForm, CustomerNoteForm, MergeForm, SupplierForm
from akinai.party.models import Customer, CustomerMerge, Supplier
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once
from akinai.ui.worklist import Column, DateRange, Tab, Worklist, YesNo


class SupplierList(Worklist):
    """仕入先一覧."""

    page = "party.suppliers"
    title = "仕入先"
    permission = "party.view_supplier"
    template_name = "party/suppliers.html"
    columns = [
        Column("code", "仕入先コード", sort="code", link=True, card="plain"),
        Column("name", "仕入先名", sort="name", card="title"),
        Column("registration_number", "登録番号"),
        Column("phone", "電話番号", card="plain"),
        Column("email", "メールアドレス", card="plain"),
        Column("is_active", "取引中", format="bool", card="badge"),
        Column("note", "メモ", visible=False),
    ]
    tabs = [Tab("active", "取引中", Q(is_active=True)), Tab("stopped", "取引停止", Q(is_active=False))]
    search_hint = "コード・名前・カナ・電話"
    default_sort = "code"
    export_name = "仕入先"
    empty = {
        "icon": "users", "title": "仕入先はまだありません", "text": "仕入先を登録すると、仕入伝票で選べます。",
        "url_name": "party:supplier_add", "label": "仕入先を登録する",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Supplier]:
        return Supplier.objects.all()

    def search(self, queryset: QuerySet[Supplier], text: str) -> QuerySet[Supplier]:
        word = text.strip()
        fields = ("code", "name", "kana", "phone", "registration_number")
        return queryset.filter(Q.create([(f"{field}__icontains", word) for field in fields], connector=Q.OR))

    def row_url(self, row: Supplier) -> str:
        return reverse("party:supplier", args=[row.pk])


class CustomerList(Worklist):
    """顧客一覧."""

    page = "party.customers"
    title = "顧客"
    permission = "party.view_customer"
    is_personal = True
    columns = [
        Column("number", "顧客番号", sort="number", link=True, card="plain"),
        Column("name", "氏名", card="title"),
        Column("kana", "フリガナ", sort="kana", card="plain"),
        Column("company", "会社名", card="plain"),
        Column("phone", "電話番号", card="plain", mask=masking.PHONE),
        Column("email", "メールアドレス", card="plain", mask=masking.MAIL),
        Column("address", "住所", visible=False, mask=masking.ADDRESS),
        Column("created_at", "登録日時", format="datetime", visible=False),
    ]
    tabs = [Tab("merged", "名寄せ済み", Q(merged_into__isnull=False), hidden=True)]
    filters = [
        DateRange("created", "登録日", field="created_at"),
        YesNo("company", "会社名", yes=~Q(company=""), labels=("あり", "なし")),
        YesNo("email", "メール", yes=~Q(email=""), labels=("あり", "なし")),
    ]
    search_fields = ("search_grams", "search_text")
    search_hint = "氏名・会社名・電話・メール"
    default_sort = "-number"
    export_name = "顧客"
    empty = {
        "icon": "users", "title": "顧客はまだいません", "text": "受注を取り込むと、注文者がここに集まります。",
        "url_name": "intake:new", "label": "受注を取り込む",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        rows = Customer.objects.all()
        return rows if request.GET.get("tab") == "merged" else rows.filter(merged_into=None)

    def row_url(self, row: Customer) -> str:
        return reverse("party:customer", args=[row.number])


def _saved_supplier(request: HttpRequest, supplier: Supplier, title: str) -> HttpResponse:
    form = SupplierForm(request.POST or None, instance=supplier)
    if request.method == "POST" and form.is_valid():
        made = services.save_supplier(form.save(commit=False), by=request.user)  # type: ignore[arg-type]
        messages.success(request, f"仕入先「{made.name}」を保存しました。")
        if form.warning:
            messages.warning(request, form.warning)
        return redirect("party:supplier", made.pk)
    back = reverse("party:supplier", args=[supplier.pk]) if supplier.pk else reverse("party:suppliers")
    context = {"form": form, "page_title": title, "cancel_url": back}
    return render(request, "party/supplier_form.html", context, status=422 if form.errors else 200)


@office("party.view_supplier")
def supplier(request: HttpRequest, pk: int) -> HttpResponse:
    """仕入先の詳細. What came from this supplier stands in panels of the other rooms."""
    found = get_object_or_404(Supplier, pk=pk)
    context = {"object": found, "supplier": found, "panels_page": "party.supplier"}
    return render(request, "party/supplier.html", context)


@office("party.add_supplier")
@once
def supplier_add(request: HttpRequest) -> HttpResponse:
    """仕入先の登録."""
    return _saved_supplier(request, Supplier(), "仕入先の登録")


@office("party.change_supplier")
@once
def supplier_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """仕入先の変更."""
    found = get_object_or_404(Supplier, pk=pk)
    return _saved_supplier(request, found, f"{found.name} の編集")


@office("party.change_company")
@once
def company(request: HttpRequest) -> HttpResponse:
    """自社情報."""
    form = CompanyForm(request.POST or None, instance=queries.company())
    if request.method == "POST" and form.is_valid():
        services.save_company(form.save(commit=False), by=request.user)  # type: ignore[arg-type]
        messages.success(request, "自社情報を保存しました。次に発行する書類から使われます。")
        if form.warning:
            messages.warning(request, form.warning)
        return redirect("party:company")
    return render(request, "party/company.html", {"form": form}, status=422 if form.errors else 200)


@office("party.view_customer")
def customer(request: HttpRequest, number: str) -> HttpResponse:
    """顧客の詳細. What this customer ordered stands in panels of the other rooms."""
    found = get_object_or_404(Customer, number=number)
    openings.opened(request, openings.Page.CUSTOMER, found.number, found.pk)
    form = CustomerNoteForm(initial={"note": found.note})
    context = {
        "object": found, "customer": found, "note_form": form, "panels_page": "party.customer",
        "merges": list(merging.standing(found)), "erasures": list(found.erasures.exclude(state="withdrawn").order_by("-pk")[:3]),
    }  # fmt: skip
    return render(request, "party/customer.html", context)


@office("party.merge_customer")
@once
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """名寄せ: find the other one, see what would follow, and do it."""
    kept = get_object_or_404(Customer, number=number)
    other = queries.customer_by_number(request.POST.get("gone") or request.GET.get("gone") or "")
    form = MergeForm(request.POST or None, initial={"gone": other.number if other else ""})
    if request.method == "POST" and "merge" in request.POST and form.is_valid() and other:
        try:
            merging.merge(
                kept,
                other,
                reason=form.cleaned_data["reason"],
                choice=form.cleaned_data["choice"],
                by=clerk(request),
            )
            messages.success(request, f"{other.number} {other.name} を {kept.number} に名寄せしました。")
            return redirect("party:customer", kept.number)
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
    why_not = merging.why_not(kept, other, form.data.get("choice", "")) if other else None
    context = {
        "form": form, "kept": kept, "other": other, "candidates": merging.candidates(kept), "refusal": why_not,
        "needs_choice": bool(why_not and why_not[1] == merging.CHOOSE), "told": [merging.told(one) for one in (kept, other) if one],
        "is_unknown": bool(form.data.get("gone") or request.GET.get("gone")) and other is None,
        "cancel_url": reverse("party:customer", args=[kept.number]),
    }  # fmt: skip
    return render(request, "party/merge.html", context, status=422 if form.is_bound and form.errors else 200)


@office_post("party.merge_customer")
@once
def take_apart(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """名寄せの取消."""
    row = get_object_or_404(CustomerMerge.objects.select_related("kept", "gone"), pk=pk, kept__number=number)
    merging.take_apart(row, reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, f"{row.gone.number} の名寄せを取り消しました。")
    return redirect("party:customer", number)


@office("party.change_customer")
@once
def customer_edit(request: HttpRequest, number: str) -> HttpResponse:
    """顧客の連絡先を直す."""
    found = get_object_or_404(Customer, number=number)
    openings.opened(request, openings.Page.CUSTOMER, found.number, found.pk)
    form = CustomerForm(request.POST or None, instance=Customer.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.correct_customer(found, by=clerk(request), seen=form.seen, **form.told)
        except SomebodyElse as refusal:
            form.add_error("email", f"{refusal.message}{refusal.way_out}")
        else:
            told = (
                "連絡先を保存しました。次の受注と書類から使われます。"
                if changed
                else "変わったところはありません。"
            )
            messages.success(request, told)
            return redirect("party:customer", number)
    context = {"form": form, "customer": found, "cancel_url": reverse("party:customer", args=[number])}
    return render(request, "party/customer_form.html", context, status=422 if form.errors else 200)


@office_post("party.disclose_personal")
@once
def disclose(request: HttpRequest, number: str) -> HttpResponse:
    """保有個人データの開示のファイルを作る."""
    job = disclosure.begin(get_object_or_404(Customer, number=number), by=clerk(request))
    return redirect("jobs:detail", job.pk)


@office_post("party.change_customer")
def customer_note(request: HttpRequest, number: str) -> HttpResponse:
    """顧客のメモを書く."""
    found = get_object_or_404(Customer, number=number)
    services.note_customer(found, note=request.POST.get("note", "")[:2000], by=request.user)  # type: ignore[arg-type]
    messages.success(request, "メモを保存しました。")
    return redirect("party:customer", number)
