"""お問い合わせの添付: looked at by their bytes as those of mails are, and kept beside the form until it is sent.

A browser forgets chosen files with each answer of the server, so what was chosen once stays, whichever field was wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Sum

from akinai.shop.models import InquiryFile
from akinai.support import services as support
from akinai.support.ports import ArrivedFile

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_FILES = 5
MOST_BYTES = 20 * 1024 * 1024
MEGA = 1024 * 1024


def kept(key: str) -> list[InquiryFile]:
    """What is kept for this form, without the bytes."""
    return list(InquiryFile.objects.filter(key=key).defer("data").order_by("pk")) if key else []


@transaction.atomic
def keep(key: str, uploads: Iterable[UploadedFile]) -> list[str]:
    """預かる. Out: why some were not, one sentence for each."""
    there = InquiryFile.objects.filter(key=key).aggregate(count=Count("pk"), size=Sum("size", default=0))
    count, total = there["count"], there["size"]
    problems: list[str] = []
    fresh: list[InquiryFile] = []
    for upload in uploads:
        name = (upload.name or "名前なし")[-255:]
        if why := _too_much(upload, count + len(fresh), total):
            problems.append(f"「{name}」は{why}")
            continue
        file = ArrivedFile(name, upload.content_type or "", upload.read())
        if why := support.why_not_opened(file):
            problems.append(f"「{name}」は添付できません。{why}")
            continue
        total += len(file.data)
        fresh.append(
            InquiryFile(
                key=key, name=name, mime=support.mime_of(file)[:100], size=len(file.data), data=file.data
            )
        )
    InquiryFile.objects.bulk_create(fresh)
    return problems


def _too_much(upload: UploadedFile, count: int, total: int) -> str:
    if count >= MOST_FILES:
        return f"添付できません。{MOST_FILES} 個までです。"
    if not upload.size:
        return "中身がありません。"
    if total + upload.size > MOST_BYTES:
        return f"添付できません。合わせて {MOST_BYTES // MEGA}MB までです。"
    return ""


def drop(key: str, ids: Sequence[str]) -> None:
    """外す: those of this form only."""
    wanted = [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 19]
    InquiryFile.objects.filter(key=key, pk__in=wanted).delete()


def move(old: str, new: str) -> None:
    """The form was shown anew under another key: its files come along."""
    if old and new:
        InquiryFile.objects.filter(key=old).update(key=new)


def hand_over(key: str) -> list[ArrivedFile]:
    """To the ticket, in the transaction that makes it."""
    rows = list(InquiryFile.objects.select_for_update().filter(key=key).order_by("pk")[:MOST_FILES])
    forget(key)
    return [ArrivedFile(one.name, one.mime, bytes(one.data)) for one in rows]


def forget(key: str) -> None:
    """Nobody needs them any more."""
    InquiryFile.objects.filter(key=key).delete()
