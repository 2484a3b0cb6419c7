"""ページを書く without the editor: for the sample shop, and for whoever brings pages from elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.models import Page, PageLogEntry, Revision

from akinai.content.models import HomePage
from akinai.core import clock
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def home_id() -> int:
    """The home page. Raises DomainError where there is none."""
    found = HomePage.objects.values_list("pk", flat=True).first()
    if found is None:
        raise DomainError("トップページがありません。", way_out="編集画面でトップページを作ってください。")
    return found


@transaction.atomic
def add_picture(*, title: str, description: str, data: bytes, filename: str, by: Staff | None) -> int:
    """画像をライブラリに入れる. Out: its id. Raises ValidationError when it is no picture."""
    picture = get_image_model()(
        title=title, description=description, file=ContentFile(data, filename), uploaded_by_user=by
    )
    picture.save()
    type(picture).objects.filter(pk=picture.pk).update(created_at=clock.now())
    return int(picture.pk)


@transaction.atomic
def write_page(
    kind: str, *, under: int, title: str, slug: str, by: Staff | None, go_live_at: datetime | None = None, publish: bool = True,
    tags: tuple[str, ...] = (), **values: Any,
) -> int:  # fmt: skip
    """A page of this kind ("FeaturePage") below another. Out: its id. Raises DomainError for a forbidden word."""
    page = apps.get_model("content", kind)(
        title=title, slug=slug, owner=by, live=False, go_live_at=go_live_at, **values
    )
    Page.objects.get(pk=under).add_child(instance=page)
    if tags:
        page.tags.add(*tags)
    return _keep(page, by, publish)


@transaction.atomic
def rewrite_page(page_id: int, *, by: Staff | None, publish: bool = True, **values: Any) -> int:
    """Other words for a page that is there. Out: the id of its new version."""
    page = Page.objects.get(pk=page_id).get_latest_revision_as_object()
    for name, value in values.items():
        setattr(page, name, value)
    _keep(page, by, publish)
    return int(Page.objects.values_list("latest_revision", flat=True).get(pk=page_id))


def _keep(page: Any, by: Staff | None, publish: bool) -> int:
    revision = page.save_revision(user=by)
    if publish:
        revision.publish(user=by, skip_permission_checks=True)
    _at_this_moment(page.pk, revision)
    return int(page.pk)


def _at_this_moment(page_id: int, revision: Revision) -> None:
    """Wagtail asks the wall clock; here it is the moment that `core.clock` tells."""
    now = clock.now()
    Revision.objects.filter(pk=revision.pk).update(created_at=now)
    PageLogEntry.objects.filter(page=page_id, timestamp__gt=now).update(timestamp=now)
    page = Page.objects.get(pk=page_id)
    changes: dict[str, Any] = {"latest_revision_created_at": now}
    if page.live:
        changes |= {"last_published_at": now, "first_published_at": min(page.first_published_at or now, now)}
    Page.objects.filter(pk=page_id).update(**changes)
