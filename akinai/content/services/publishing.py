"""公開と終了の予約: what was approved for a later moment goes public by our own job, once, and leaves when it is over."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

from akinai.content import approval
from akinai.core import activity, clock
from akinai.core.errors import DomainError

log = logging.getLogger("akinai.content")


def run_due(now: datetime | None = None) -> int:
    """Everything whose moment has come. Each page is a transaction of its own; what two workers meet, one of them does."""
    now = now or clock.now()
    return _each(_publish_one, _due_revisions(now), now) + _each(_expire_one, _due_ends(now), now)


def _each(act: Any, ids: list[int], now: datetime) -> int:
    return sum(act(pk, now) for pk in ids)


def _due_revisions(now: datetime) -> list[int]:
    rows = Revision.page_revisions.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at", "pk")
    return list(rows.values_list("pk", flat=True))


def _due_ends(now: datetime) -> list[int]:
    return list(
        Page.objects.filter(live=True, expire_at__lte=now)
        .order_by("expire_at", "pk")
        .values_list("pk", flat=True)
    )


def _publish_one(pk: int, now: datetime) -> int:
    """True when this worker published it. A page that may not go out any more is taken off the plan and told."""
    try:
        with transaction.atomic():
            held = Revision.page_revisions.select_for_update(skip_locked=True, of=("self",))
            revision = held.filter(pk=pk, approved_go_live_at__lte=now).first()
            if revision is None:
                return 0
            revision.publish()
            activity.record(_subject(revision), "publish", by=None, summary="予約した日時に公開しました。")
    except DomainError as refusal:
        _take_off(pk, refusal)
        return 0
    return 1


def _subject(revision: Revision) -> Page:
    return Page.objects.get(pk=revision.object_id)


def _take_off(pk: int, refusal: DomainError) -> None:
    """The plan is dropped, so that it is not tried every minute, and those who may mend it hear why."""
    with transaction.atomic():
        if not Revision.objects.filter(pk=pk, approved_go_live_at__isnull=False).update(
            approved_go_live_at=None
        ):
            return
        page = _subject(Revision.objects.get(pk=pk))
        said = f"{refusal.message}{refusal.way_out}"
        activity.record(page, "publish_refused", by=None, summary=said[:500])
        approval.tell(
            managers(), subject=f"予約どおりに公開できませんでした: {page.title}",
            body=f"「{page.title}」を公開できませんでした。\n{said}\n\n{approval.edit_url(page)}\n", key=f"unpublished:{pk}",
        )  # fmt: skip


def managers() -> list[str]:
    """Mail addresses of those who decide what is published."""
    people = get_user_model().objects.filter(groups__name="店長", is_active=True).exclude(email="").distinct()
    return list(people.values_list("email", flat=True))


def _expire_one(pk: int, now: datetime) -> int:
    with transaction.atomic():
        held = Page.objects.select_for_update(skip_locked=True, of=("self",))
        page = held.filter(pk=pk, live=True, expire_at__lte=now).first()
        if page is None:
            return 0
        page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        ended = f"{timezone.localtime(page.expire_at):%Y/%m/%d %H:%M} に公開を終えました。"
        activity.record(page, "expire", by=None, summary=ended)
    return 1
