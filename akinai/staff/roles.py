"""役割: which duty may do what. The table is the source; groups are filled from it after every migration.

A pattern is `app.codename`, where `*` stands for anything; one with `-` in front takes away what another gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.apps import AppConfig

MANAGER = "店長"
SEE_ALL = (
    "catalog.view_*", "stock.view_*", "orders.view_*", "shipping.view_*", "party.view_*", "channels.view_*",
    "purchasing.view_*", "insights.view_*",
)  # fmt: skip
# 評価損 is decided by 店長 and 経理.
NOT_VALUES = ("-stock.add_writedown", "-stock.change_writedown", "-stock.delete_writedown")
# Who buys does not pay, and does not change what is owed: 経理 and 店長 do.
NOT_PAYING = (
    "-purchasing.add_paymentrun",
    "-purchasing.change_paymentrun",
    "-purchasing.add_payablecorrection",
    "-purchasing.change_payablecorrection",
)
# ページを書く. What is published, 店長 approves (content.editors).
# Who answered a survey, サポート and 店長 may read.
EDIT = (
    "content.*", "-content.*_storefront", "-content.publish_*", "-content.read_answers", "-content.export_*",
    "-content.[acd]*_legalword", "wagtailadmin.access_admin",
)  # fmt: skip
VOICES = ("content.*_review", "content.*_productquestion", "content.view_survey", "content.read_answers")
# クーポンを作る. What one coupon gives away is bounded by its limits; the points' rate is decided by 店長.
CAMPAIGN = ("marketing.view_*", "marketing.*_coupon", "marketing.add_couponcode")
CORRECT = ("marketing.view_*", "marketing.add_pointentry")
# What is given for a complaint is asked for by サポート and decided by 店長, as are its limits and causes.
NOT_DECIDING = (
    "-support.approve_*", "-support.acknowledge_*", "-support.excuse_*", "-support.change_complaintsettings",
    "-support.[acd]*_complaintcause",
)  # fmt: skip
# 会員を助ける, answer who asks. The list goes out of the house by the 店長 alone.
MEMBERS = ("shop.view_member", "shop.send_reset_member", "shop.view_restocknotice", "shop.*_inquiry")
# お客様に代わって: what one who answers does at once. 返金 is booked by 経理 and 店長.
HELP = (
    "orders.change_order", "orders.cancel_order", "shipping.add_returncase", "shipping.change_returncase",
    "billing.add_paperdelivery",
)  # fmt: skip
ROLES: dict[str, tuple[str, ...]] = {
    MANAGER: ("*.*",),
    "受注": (
        *CORRECT,
        *SEE_ALL, "orders.*", "party.*_customer", "shipping.add_*", "shipping.change_returncase", "billing.view_*", "payments.view_*",
        "payments.add_paymentrequest", "payments.change_turncharge",
        "core.add_intakefile", "core.view_*", "core.change_outgoingmail", "channels.*_listing",
        "stock.*_keepaside", "accounting.view_dailysales", *MEMBERS, "support.view_*", "support.add_ticket", "support.change_ticket",
    ),
    "商品": (
        *CAMPAIGN,
        *SEE_ALL, "catalog.*", "stock.*", *NOT_VALUES, "purchasing.*", *NOT_PAYING, "party.*_supplier", "channels.*", "core.add_intakefile",
        "core.view_*", "accounting.view_dailysales", "shop.view_restocknotice", "shop.*_planoffer", *EDIT,
    ),
    "編集": (*CAMPAIGN, "catalog.view_*", "stock.view_*", "channels.view_*", *EDIT, "accounting.view_dailysales"),
    "倉庫": (
        *SEE_ALL, "stock.*", *NOT_VALUES, "purchasing.*_goodsreceipt", "purchasing.*_discrepancy", "purchasing.*_receiptcount",
        "purchasing.*_supplierreturn", "party.see_contact_customer", "shipping.*", "-shipping.settle_returncase", "core.add_intakefile", "core.view_intakefile",
    ),
    "経理": (
        "marketing.view_*", "party.see_contact_customer",
        *SEE_ALL, "payments.*", "billing.*", "core.add_intakefile", "core.view_*", "core.download_intakefile",
        "core.change_outgoingmail", "insights.*", "accounting.view_*", "accounting.add_*", "accounting.change_*",
        "accounting.delete_costrate", "purchasing.approve_purchaseorder", "purchasing.*_supplierbill",
        "purchasing.*_payableentry", "purchasing.*_payablecorrection", "purchasing.*_paymentrun", "purchasing.*_landedcost",
        "purchasing.*_supplierterms", "stock.*_writedown", "shipping.*_returncase",
    ),
    "サポート": (
        *CORRECT, *SEE_ALL, "party.see_contact_customer", "party.disclose_personal", "party.ask_erasure", "billing.view_*", "payments.view_payment", "payments.view_turncharge", "core.view_outgoingmail", *MEMBERS, *VOICES, "support.*", *HELP,
        *NOT_DECIDING,
        "-support.publish_article",
    ),
}  # fmt: skip


def allows(patterns: Iterable[str], permission: str) -> bool:
    """Does one of the patterns cover `app.codename`? A pattern that begins with `-` takes away what the others give."""
    told = list(patterns)
    taken = any(fnmatch(permission, pattern[1:]) for pattern in told if pattern.startswith("-"))
    return not taken and any(fnmatch(permission, pattern) for pattern in told)


def fill_groups(app_config: AppConfig | None = None, **_signal: Any) -> None:
    """Make the groups and give each its permissions of this app (of all when none is named). Safe to run at any time.

    Receiver of post_migrate: the permissions of the app just migrated are made first, whoever listens first.
    """
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    known = Permission.objects.select_related("content_type")
    if app_config is not None:
        create_permissions(app_config, verbosity=0)
        known = known.filter(content_type__app_label=app_config.label)
    Group.objects.bulk_create([Group(name=role) for role in ROLES], ignore_conflicts=True)
    groups = dict(Group.objects.filter(name__in=ROLES).values_list("name", "pk"))
    wanted = {
        (groups[role], one.pk)
        for one in known
        for role, patterns in ROLES.items()
        if allows(patterns, f"{one.content_type.app_label}.{one.codename}")
    }
    given = Group.permissions.through.objects.filter(group__in=groups.values(), permission__in=known)
    have = {(row.group_id, row.permission_id): row.pk for row in given}
    Group.permissions.through.objects.bulk_create(
        [Group.permissions.through(group_id=group, permission_id=one) for group, one in wanted - have.keys()],
        ignore_conflicts=True,
    )
    given.filter(pk__in=[have[pair] for pair in have.keys() - wanted]).delete()
