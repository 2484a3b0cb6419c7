"""What the page editor shows (編集画面の品揃え): its menu without what is kept in the office, our chooser and our mails."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button

from akinai.content import approval, choosers, page_queries
from akinai.ui.access import clerk

KEPT_IN_OFFICE = {"users", "groups", "sites", "redirects"}
# What an editor of a shop's pages never asks.
NOT_USEFUL = {"locked-pages", "workflow-tasks", "page-types-usage"}

approval.listen()


@hooks.register("construct_settings_menu")
def without_users(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in KEPT_IN_OFFICE]


@hooks.register("construct_reports_menu")
def without_reports(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in NOT_USEFUL]


@hooks.register("construct_main_menu")
def without_help(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name != "help"]


@hooks.register("register_admin_menu_item")
def back_to_office() -> MenuItem:
    return MenuItem("管理画面へ", reverse("home:index"), icon_name="arrow-left", order=1)


@hooks.register("insert_global_admin_css")
def colours_of_the_office() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("content/css/editor.css"))


class WritePanel(Component):
    """書きはじめる: the first thing on the editor's first screen."""

    name, order = "write", 10
    template_name = "content/office/write_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"to_write": page_queries.to_write()}


@hooks.register("construct_homepage_panels")
def begin_to_write(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(WritePanel())


@hooks.register("register_admin_viewset")
def choose_products() -> Any:
    return choosers.products


@hooks.register("before_publish_page")
def note_seen_words(request: HttpRequest, page: Any) -> None:
    """Who publishes without an approval has seen the warned words in the form; it is kept like an approver's word."""
    seen = getattr(page, "_warned_and_seen", ())
    if seen:
        from akinai.content.services import words

        words.note(seen, page_id=page.pk, revision_id=page.latest_revision_id, by=clerk(request))


@hooks.register("register_page_header_buttons")
def look_at_another_moment(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Any:
    """From the editor to the page as it will be at another moment."""
    if page.pk and page.depth > 1:
        yield Button(
            "日時・お客様を変えて見る", reverse("content:look", args=[page.pk]), icon_name="view", priority=15
        )
    if page.pk and page.depth > 2 and user.has_perm("content.add_forward"):
        there = (
            f"{reverse('content:new_forward')}?{urlencode({'from': page.get_url() or '', 'kind': 'for_now'})}"
        )
        yield Button("公開が終わったあとの転送先", there, icon_name="redirect", priority=16)
