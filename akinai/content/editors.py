"""Who may write and who may publish (編集の権限): Wagtail keeps it per group and page; the roles of the office decide it."""

from __future__ import annotations

from typing import Any

# 役割 → what it may do with pages. Who writes does not publish alone: 店長 approves.
WRITE = ("add_page", "change_page")
PUBLISH = (*WRITE, "publish_page", "bulk_delete_page", "lock_page", "unlock_page")
PAGES = {"店長": PUBLISH, "編集": WRITE, "商品": WRITE}
# Of the library Wagtail asks for the permissions of its own models, whatever model keeps the pictures.
LIBRARY = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")
APPS = ("wagtailcore", "wagtailimages", "wagtaildocs", "content")


def give_pages() -> None:
    """Give each role its permissions over the shop's pages and the library. Safe to run at any time."""
    from django.apps import apps
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission
    from wagtail.models import Collection, GroupCollectionPermission, Page

    home, library = Page.objects.filter(depth=2).first(), Collection.objects.filter(depth=1).first()
    if home is None or library is None:
        return
    for label in APPS:  # whoever listens first to post_migrate
        create_permissions(apps.get_app_config(label), verbosity=0)
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in PAGES}
    known = {
        one.codename: one for one in Permission.objects.filter(content_type__app_label__in=APPS)
    }  # fmt: skip
    _give_tree(home, groups, known)
    mine = GroupCollectionPermission.objects.filter(group__in=groups.values())
    mine.filter(permission__content_type__app_label="content").delete()  # which nobody asks for
    GroupCollectionPermission.objects.bulk_create(
        [
            GroupCollectionPermission(group=group, collection=library, permission=known[code])
            for group in groups.values()
            for code in LIBRARY
            if code in known
        ],
        ignore_conflicts=True,
    )


def _give_tree(home: Any, groups: dict[str, Any], known: dict[str, Any]) -> None:
    """From the home page down: above it nothing can be seen, so there the explorer begins."""
    from wagtail.models import GroupPagePermission

    GroupPagePermission.objects.filter(group__in=groups.values(), page__depth=1).delete()
    GroupPagePermission.objects.bulk_create(
        [
            GroupPagePermission(group=groups[name], page=home, permission=known[code])
            for name, codes in PAGES.items()
            for code in codes
            if code in known
        ],
        ignore_conflicts=True,
    )
