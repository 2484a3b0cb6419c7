"""公開の束: put together, checked, planned, applied at its moment by one worker, and rolled back as one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from wagtail.models import Page

from akinai.content import approval, release_items
from akinai.content.models import Release, ReleaseItem
from akinai.content.release_items import Problem
from akinai.content.services import words
from akinai.content.services.publishing import managers
from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff

log = logging.getLogger("akinai.content")
State = Release.State


@transaction.atomic
def create(*, name: str, at: datetime, memo: str, by: Staff | None) -> Release:
    """公開の束を作る, empty and 準備中."""
    number = numbering.take("release")[0]
    release = Release.objects.create(number=number, name=name, due_at=at, memo=memo, created_by=by)
    activity.record(release, "create", by=by, summary=name)
    return release


@transaction.atomic
def change(release: Release, *, name: str, at: datetime, memo: str, by: Staff | None) -> Release:
    """Name and moment, while it is 準備中. Raises DomainError afterwards."""
    _held(release)
    Release.objects.filter(pk=release.pk).update(name=name, due_at=at, memo=memo)
    activity.record(release, "update", by=by, summary=f"{name}（{release_items.moment(at)}）")
    release.refresh_from_db()
    return release


@transaction.atomic
def add_item(
    release: Release, *, kind: str, by: Staff | None, page_id: int | None = None, told: dict[str, Any] | None = None
) -> ReleaseItem:  # fmt: skip
    """束に入れる. Raises DomainError when it is no longer 準備中, or the same page or an announcement is in it already."""
    _held(release)
    page = Page.objects.filter(pk=page_id).first() if page_id else None
    item = ReleaseItem(release=release, kind=kind, page=page, told=told or {})
    if kind == ReleaseItem.Kind.PAGE and page is not None:
        item.revision = page.get_latest_revision()
        if item.revision is None:
            raise DomainError(f"「{page}」の下書きがありません。", way_out="ページを開いて保存してください。")
    item.label = release_items.label(item)
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as error:
        raise ChangedMeanwhile(
            f"{item.label} は、もうこの束に入っています。", way_out="先に外してから入れてください。"
        ) from error
    activity.record(release, "add_item", by=by, summary=item.label)
    return item


@transaction.atomic
def remove_item(item: ReleaseItem, *, by: Staff | None) -> None:
    """束から外す."""
    _held(item.release)
    item.delete()
    activity.record(item.release, "remove_item", by=by, summary=item.label)


def _held(release: Release) -> None:
    """Hold the bundle, which must be 準備中."""
    found = Release.objects.select_for_update().get(pk=release.pk)
    if found.state != State.DRAFT:
        raise DomainError(
            f"{found} は「{found.get_state_display()}」なので、中身を変えられません。",
            way_out="公開待ちなら、先に準備中に戻してください。",
        )


def items_of(release: Release) -> list[ReleaseItem]:
    """In the order they are applied: prices before the pages that show them, mail last."""
    rows = ReleaseItem.objects.filter(release=release).select_related("page", "revision", "release")
    return sorted(rows, key=lambda item: (release_items.ORDER[ReleaseItem.Kind(item.kind)], item.pk))


def problems(release: Release, items: Sequence[ReleaseItem] | None = None) -> list[Problem]:
    """Everything that stands against this bundle, in the order of its items. Nothing is written."""
    items = items_of(release) if items is None else items
    if not items:
        return [Problem("束", "何も入っていません。", "ページや価格を入れてください。")]
    found = (
        []
        if release.due_at > clock.now()
        else [Problem("公開日時", "過ぎています。", "これからの日時にしてください。")]
    )
    beside = release_items.around(items)
    return found + [problem for item in items for problem in release_items.problems(item, beside)]


@transaction.atomic
def schedule(release: Release, *, acknowledged: bool, by: Staff | None) -> Release:
    """公開待ちにする: everything is there, nothing stands against it, warned words were seen. Raises DomainError otherwise."""
    release = Release.objects.select_for_update().get(pk=release.pk)
    items = items_of(release)
    if found := problems(release, items):
        raise DomainError(
            f"このままでは予約できません。{found[0].sentence}", way_out="直してから予約してください。"
        )
    looked = words.look_through([passage for item in items for passage in release_items.passages(item)])
    if looked.forbidden:
        raise words.forbidden(str(release), looked.forbidden)
    if looked.warned and not acknowledged:
        raise DomainError(
            f"確認が必要なことばが {len(looked.warned)} か所あります。{looked.warned[0].sentence}",
            way_out="確かめたことに印を付けてください。", code="legal_word_unseen",
        )  # fmt: skip
    try:
        with transaction.atomic():  # the database lets one waiting bundle have a page
            ReleaseItem.objects.filter(release=release).update(is_waiting=True)
    except IntegrityError as error:
        raise ChangedMeanwhile(
            "同じページを入れた束が、ほかに公開待ちになりました。", way_out="どちらか一方から外してください。"
        ) from error
    words.note(looked.warned, release_id=release.pk, by=by)
    return transitions.apply(
        release, "schedule", by=by, note=release_items.moment(release.due_at), set_fields={"result": ""}
    )


@transaction.atomic
def withdraw(release: Release, *, by: Staff | None) -> Release:
    """準備中に戻す. Raises ImpossibleMove when it is not 公開待ち."""
    transitions.apply(release, "withdraw", by=by)
    ReleaseItem.objects.filter(release=release).update(is_waiting=False)
    return release


@transaction.atomic
def cancel(release: Release, *, by: Staff | None) -> Release:
    """取消. Raises ImpossibleMove once it is applied."""
    transitions.apply(release, "cancel", by=by)
    ReleaseItem.objects.filter(release=release).update(is_waiting=False)
    return release


@transaction.atomic
def reopen(release: Release, *, by: Staff | None) -> Release:
    """準備中に戻す what could not be applied."""
    return transitions.apply(release, "reopen", by=by)


def apply_due(now: datetime | None = None) -> int:
    """Bundles whose moment has come. Safe to run twice and by two workers. Out: how many were applied here."""
    now = now or clock.now()
    due = Release.objects.filter(state=State.WAITING, due_at__lte=now).order_by("due_at", "pk")
    return sum(_apply_one(pk, now) for pk in due.values_list("pk", flat=True))


def _apply_one(pk: int, now: datetime) -> int:
    """All of it or nothing: the bundle is held, applied and marked in one transaction."""
    try:
        with transaction.atomic():
            held = Release.objects.select_for_update(skip_locked=True)
            release = held.filter(pk=pk, state=State.WAITING, due_at__lte=now).first()
            if release is None:
                return 0
            for item in items_of(release):
                item.before = release_items.apply(item)
                item.is_waiting = False
                item.save(update_fields=["before", "is_waiting", "note"])
            transitions.apply(release, "apply", by=None, set_fields={"applied_at": clock.now()})
    except Exception as error:
        log.exception("release %s could not be applied", pk)
        _failed(pk, error)
        return 0
    return 1


def _failed(pk: int, error: Exception) -> None:
    """Nothing of it was applied; it is marked, so that it is not tried again by itself, and the 店長 hear why."""
    said = (
        f"{error.message}{error.way_out}" if isinstance(error, DomainError) else "思わぬ誤りで止まりました。"
    )
    with transaction.atomic():
        release = Release.objects.select_for_update().filter(pk=pk, state=State.WAITING).first()
        if release is None:
            return
        transitions.apply(release, "fail", by=None, note=said[:300], set_fields={"result": said[:300]})
        ReleaseItem.objects.filter(release=release).update(is_waiting=False)
        approval.tell(
            managers(), subject=f"公開の束を公開できませんでした: {release}",
            body=f"{release} は、何も変えずに止まりました。\n{said}\n", key=f"release:{release.number}:failed",
        )  # fmt: skip


@transaction.atomic
def roll_back(release: Release, *, by: Staff | None) -> Release:
    """束を戻す: every item to what stood before, the last first. Refused as a whole where something changed since."""
    release = Release.objects.select_for_update().get(pk=release.pk)
    items = items_of(release)
    if release.state == State.APPLIED and (
        changed := [why for item in items if (why := release_items.changed_since(item))]
    ):
        more = f" ほか {len(changed) - 1} 件。" if len(changed) > 1 else ""
        raise ChangedMeanwhile(
            f"公開したあとに変わったものがあるので、戻せません。{changed[0]}{more}",
            way_out="一つずつ直してください。",
        )
    transitions.apply(release, "roll_back", by=by, set_fields={"rolled_back_at": clock.now()})
    for item in reversed(items):
        release_items.undo(item, by=by)
        item.save(update_fields=["note"])
    return release
