"""Who may write and who may publish (編集の権限): Wagtail keeps it per group and page; the roles of the office decide it."""

from __future__ import annotations

# 役割 → what it may do with pages. Who writes does not publish alone: 店長 approves.
WRITE = ("add_page", "change_page")
PUBLISH = (*WRITE, "publish_page", "bulk_delete_page", "lock_page", "unlock_page")
PAGES = {"店長": PUBLISH, "編集": WRITE, "商品": WRITE}


def give_pages() -> None:
    """Give each role its permissions over the whole tree and the library. Safe to run at any time."""
    from django.apps import apps
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission
    from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

    root = Page.objects.filter(depth=1).first()
    library = Collection.objects.filter(depth=1).first()
    if root is None or library is None:
        return
    for label in ("wagtailcore", "content"):  # whoever listens first to post_migrate
        create_permissions(apps.get_app_config(label), verbosity=0)
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in PAGES}
    known = {
        one.codename: one for one in Permission.objects.filter(content_type__app_label__in=["wagtailcore", "content"])
    }  # fmt: skip
    GroupPagePermission.objects.bulk_create(
        [
            GroupPagePermission(group=groups[name], page=root, permission=known[code])
            for name, codes in PAGES.items()
            for code in codes
            if code in known
        ],
        ignore_conflicts=True,
    )
    given = ("add_picture", "change_picture", "choose_picture", "add_paper", "change_paper", "choose_paper")
    GroupCollectionPermission.objects.bulk_create(
        [
            GroupCollectionPermission(group=group, collection=library, permission=known[code])
            for group in groups.values()
            for code in given
            if code in known
        ],
        ignore_conflicts=True,
    )
