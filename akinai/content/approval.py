"""承認の流れ: 編集 writes, 店長 decides; and the mails that say so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from akinai.core import mail

if TYPE_CHECKING:
    from akinai.staff.models import Staff

NAME = "編集 → 店長"
# Wagtail would send its own, half English, inside the request; ours go through the outbox.
NOT_OURS = (
    (task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
    (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
    (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
    (workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
)


def set_up() -> None:
    """The workflow of all pages, made once; afterwards it is the shop's to change. Safe to run at any time."""
    from django.contrib.auth.models import Group
    from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

    from akinai.content.models import ReviewTask

    root = Page.objects.filter(depth=1).first()
    if root is None or ReviewTask.objects.exists():
        return
    manager, _made = Group.objects.get_or_create(name="店長")
    task = ReviewTask.objects.create(name="店長の承認")
    task.groups.add(manager)
    workflow = Workflow.objects.create(name=NAME)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.filter(page=root).delete()
    WorkflowPage.objects.create(workflow=workflow, page=root)


def listen() -> None:
    """Our mails instead of Wagtail's (called when its hooks are read, after its own were connected)."""
    for signal, _sender, uid in NOT_OURS:
        signal.disconnect(dispatch_uid=uid, sender=_sender)
    task_submitted.connect(_asked, dispatch_uid="content_asked")
    workflow_approved.connect(_approved, dispatch_uid="content_approved")
    workflow_rejected.connect(_rejected, dispatch_uid="content_rejected")


def _asked(instance: TaskState, user: Staff | None = None, **_signal: Any) -> None:
    """Everybody who may decide hears of it, but the one who asked."""
    task, page = instance.task.specific, instance.workflow_state.content_object
    if not hasattr(task, "groups"):
        return
    deciders = (
        get_user_model()
        .objects.filter(groups__in=task.groups.all(), is_active=True)
        .exclude(email="")
        .distinct()
    )
    name = str(user) if user else "担当者"
    tell(
        (one.email for one in deciders if one != user),
        subject=f"承認のお願い: {page.get_admin_display_title()}",
        body=f"{name} さんが「{page.get_admin_display_title()}」の承認を求めています。\n\n{edit_url(page)}\n",
        key=f"review:{instance.pk}",
    )


def _approved(instance: WorkflowState, user: Staff | None = None, **_signal: Any) -> None:
    page = (
        instance.content_object.specific
        if hasattr(instance.content_object, "specific")
        else instance.content_object
    )
    when = page.go_live_at
    moment = (
        f"{timezone.localtime(when):%Y/%m/%d %H:%M} に公開します。"
        if when and not page.live
        else "公開しました。"
    )
    _answer(instance, user, "承認されました", moment)


def _rejected(instance: WorkflowState, user: Staff | None = None, **_signal: Any) -> None:
    state = instance.current_task_state
    comment = state.comment if state else ""
    _answer(
        instance, user, "差し戻されました", f"コメント: {comment}" if comment else "コメントはありません。"
    )


def _answer(instance: WorkflowState, user: Staff | None, what: str, more: str) -> None:
    asker, page = instance.requested_by, instance.content_object
    if asker is None or asker == user or not asker.email:
        return
    tell(
        [asker.email],
        subject=f"{what}: {page.get_admin_display_title()}",
        body=f"「{page.get_admin_display_title()}」が{what}。\n{more}\n\n{edit_url(page)}\n",
        key=f"review:{instance.pk}:{instance.status}",
    )


def tell(addresses: Iterable[str], *, subject: str, body: str, key: str) -> None:
    """Queue one mail for each address; what is no address is left out."""
    for address in addresses:
        if mail.is_address(address):
            mail.enqueue(
                to=address, subject=subject[:200].replace("\n", " "), body=body, key=f"{key}#{address}"
            )


def edit_url(page: Any) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}/cms/pages/{page.pk}/edit/"
