"""登録マニュアルの公開と、登録にかかった時間."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum

from akinai.catalog.models import Category, FormSession, Manual, Product
from akinai.core import activity, clock
from akinai.core.errors import ChangedMeanwhile, DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff

LONGEST = timedelta(hours=4)  # a form left open over lunch and longer says nothing
RECENT = timedelta(days=90)
SALT = "catalog.form"


@dataclass(frozen=True, slots=True)
class Step:
    """手順の1つ."""

    title: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Speed:
    """What registering took with one version: sessions, SKUs, and minutes for each SKU."""

    version: int | None
    sessions: int
    skus: int
    seconds: int

    @property
    def minutes(self) -> float:
        return round(self.seconds / self.skus / 60, 1)


def current_manual(category: Category | None) -> Manual | None:
    """The newest version of the category's manual, else of the one for all goods. A version without steps is none."""
    for owner in dict.fromkeys((category, None)):
        found = Manual.objects.filter(category=owner).order_by("-version").first()
        if found and found.steps:
            return found
    return None


@transaction.atomic
def publish_manual(
    category: Category | None, steps: Sequence[Step], *, after: int, note: str = "", by: Staff | None
) -> Manual:
    """新しい版を公開する. `after`: the version it was written from; without steps the manual is given up.

    Raises ChangedMeanwhile when somebody published another version meanwhile: the unique key lets one in.
    """
    last = Manual.objects.filter(category=category).order_by("-version").first()
    rows = [{"title": step.title, "body": step.body} for step in steps]
    if rows == (last.steps if last else []):
        raise DomainError("手順が変わっていません。", way_out="手順を直してから公開してください。")
    try:
        with transaction.atomic():
            manual = Manual.objects.create(category=category, version=after + 1, steps=rows, note=note, by=by)
    except IntegrityError as error:
        raise ChangedMeanwhile(
            "開いている間に、ほかの人が新しい版を公開しました。",
            way_out="画面を開き直して、最新の版に書き足してください。",
        ) from error
    if category is not None:
        activity.record(
            category, "publish_manual", by=by, summary=f"第{manual.version}版（{len(rows)} 手順）{note}"
        )
    return manual


def opened_token() -> str:
    """A mark for the form that was just opened; it tells nobody more than the time, and cannot be made up."""
    return signing.dumps(clock.now().timestamp(), salt=SALT)


def record_session(
    product: Product, *, token: str, active: str, is_new: bool, skus: int, by: Staff | None
) -> FormSession | None:
    """登録にかかった時間を残す. `active`: seconds of work as the page counted them, never more than the form was open;
    without it (no scripts) the whole time counts. A form open for hours is left out."""
    try:
        opened = datetime.fromtimestamp(signing.loads(token, salt=SALT), tz=clock.now().tzinfo)
    except (signing.BadSignature, TypeError, ValueError, OSError):
        return None
    open_for = clock.now() - opened
    if not timedelta(0) <= open_for <= LONGEST or skus < 1:
        return None
    worked = int(active) if active.isascii() and active.isdigit() and len(active) < 7 else 0
    seconds = min(worked or int(open_for.total_seconds()), int(open_for.total_seconds()))
    return FormSession.objects.create(
        product=product, category=product.category, manual=current_manual(product.category), is_new=is_new, skus=skus,
        seconds=seconds, by=by,
    )  # fmt: skip


def speed_of(category: Category | None) -> Speed | None:
    """Minutes for each new SKU of the category (none: of all goods) over the last 90 days."""
    rows = FormSession.objects.filter(is_new=True, at__gte=clock.now() - RECENT)
    if category is not None:
        rows = rows.filter(category=category)
    found = rows.aggregate(sessions=Count("pk"), skus=Sum("skus"), seconds=Sum("seconds"))
    return Speed(None, found["sessions"], found["skus"], found["seconds"]) if found["skus"] else None


def speeds_by_version(category: Category | None) -> list[Speed]:
    """What each version of the category's own manual took, newest first."""
    rows = FormSession.objects.filter(is_new=True, manual__category=category, manual__isnull=False)
    found = rows.values("manual__version").annotate(
        sessions=Count("pk"), skus=Sum("skus"), seconds=Sum("seconds")
    )
    return [
        Speed(row["manual__version"], row["sessions"], row["skus"], row["seconds"])
        for row in found.order_by("-manual__version")
    ]
