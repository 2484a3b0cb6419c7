"""担当者の画面, for the 店長."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.staff import services
from akinai.staff.forms import StaffForm
from akinai.staff.models import Staff
from akinai.ui.access import clerk, office, office_post
from akinai.ui.worklist import Column, Worklist, YesNo


class StaffList(Worklist):
    """担当者一覧."""

    page = "staff.list"
    title = "担当者"
    permission = "staff.view_staff"
    template_name = "staff/list.html"
    columns = [
        Column("username", "ログイン名", sort="username", link=True),
        Column("display_name", "表示名", sort="display_name", card="title"),
        Column("roles", "役割", value=lambda row: "・".join(group.name for group in row.groups.all())),
        Column("is_active", "有効", format="bool", card="badge"),
        Column("has_second_factor", "二段階認証", format="bool"),
        Column("last_login", "最後のログイン", format="datetime", sort="last_login"),
    ]
    filters = [YesNo("active", "有効", field="is_active")]
    default_sort = "username"

    def queryset(self, request: HttpRequest) -> QuerySet[Staff]:
        second = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        return Staff.objects.annotate(has_second_factor=Exists(second)).prefetch_related("groups")

    def search(self, queryset: QuerySet[Staff], text: str) -> QuerySet[Staff]:
        return queryset.filter(username__icontains=text) | queryset.filter(display_name__icontains=text)

    def row_url(self, row: Staff) -> str:
        return reverse("staff:edit", args=[row.pk])


@office("staff.add_staff")
def add(request: HttpRequest) -> HttpResponse:
    """担当者を登録する."""
    form = StaffForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        services.add_staff(
            username=data["username"], display_name=data["display_name"], password=data["password"],
            roles=data["roles"], by=clerk(request),
        )  # fmt: skip
        messages.success(request, f"{data['display_name']} さんを登録しました。")
        return redirect("staff:list")
    return render(request, "staff/form.html", {"form": form, "cancel_url": reverse("staff:list")})


@office("staff.change_staff")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """担当者を変更する."""
    staff = get_object_or_404(Staff, pk=pk)
    initial = {
        "username": staff.username, "display_name": staff.display_name, "is_active": staff.is_active,
        "roles": list(staff.groups.values_list("name", flat=True)),
    }  # fmt: skip
    form = StaffForm(request.POST or None, staff=staff, initial=initial)
    if form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "username"}
        services.change_staff(staff, by=clerk(request), **data)
        messages.success(request, f"{staff} さんの登録を変えました。")
        return redirect("staff:list")
    context = {
        "form": form, "staff": staff, "cancel_url": reverse("staff:list"),
        "has_second_factor": Authenticator.objects.filter(user=staff).exists(),
    }  # fmt: skip
    return render(request, "staff/form.html", context)


@office_post("staff.change_staff")
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """二段階認証の解除."""
    staff = get_object_or_404(Staff, pk=pk)
    services.reset_second_factor(staff, by=clerk(request))
    messages.success(
        request, f"{staff} さんの二段階認証を外しました。次のログインで登録し直してもらってください。"
    )
    return redirect("staff:edit", pk)
