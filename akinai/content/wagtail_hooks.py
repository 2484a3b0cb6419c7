"""What the page editor shows (編集画面の品揃え): its menu without what is kept in the office."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

KEPT_IN_OFFICE = {"users", "groups", "sites", "redirects"}


@hooks.register("construct_settings_menu")
def without_users(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in KEPT_IN_OFFICE]


@hooks.register("register_admin_menu_item")
def back_to_office() -> MenuItem:
    return MenuItem("管理画面へ", reverse("home:index"), icon_name="arrow-left", order=1)
