"""受領書類の保存と訂正: a file is kept once and for good; what is written about it is corrected by versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.billing.errors import NotKept
from akinai.billing.models import DocumentKind, ReceivedDocument, ReceivedVersion
from akinai.core import activity, clock, numbering
from akinai.core import paper_store as store
from akinai.core.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from akinai.staff.models import Staff

LARGEST = 20 * 1024 * 1024
# What a file begins with, whatever its name says.
BEGINNINGS = ((b"%PDF-", ".pdf"), (b"\xff\xd8\xff", ".jpg"), (b"\x89PNG\r\n\x1a\n", ".png"))


@dataclass(frozen=True, slots=True)
class Keys:
    """記録事項: what the law wants to be searched by, and what kind of paper it is."""

    kind: str
    on: date
    amount_yen: int
    partner: str
    supplier_id: int | None = None
    note: str = ""


def suffix_of(data: bytes, filename: str) -> str:
    """.pdf, .jpg or .png by the content. Raises NotKept for anything else."""
    if not data:
        raise NotKept(f"{filename} は空のファイルです。", way_out="ファイルを確かめて、選び直してください。")
    if len(data) > LARGEST:
        raise NotKept(f"{filename} は 20 MB を超えています。", way_out="分割するか、解像度を下げてください。")
    suffix = next((suffix for beginning, suffix in BEGINNINGS if data.startswith(beginning)), "")
    if not suffix:
        raise NotKept(
            f"{filename} は PDF・JPEG・PNG ではありません。",
            way_out="受け取ったままの PDF か画像を選んでください。",
        )
    return suffix


@transaction.atomic
def keep_document(data: bytes, *, filename: str, keys: Keys, by: Staff | None) -> ReceivedDocument:
    """受領書類を保存する. Raises NotKept for a file of another kind, and for one that is kept already (with its number)."""
    suffix = suffix_of(data, filename)
    sha256 = store.keep(data, suffix)
    try:
        with transaction.atomic():
            document = ReceivedDocument.objects.create(
                number=numbering.take("received_document")[0], sha256=sha256, suffix=suffix,
                filename=filename[-255:], size=len(data), kept_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        kept = ReceivedDocument.objects.filter(sha256=sha256).first()
        if kept is None:
            raise
        raise NotKept(
            f"{filename} は {kept.number} として保存されています。",
            way_out="保存済みの書類を開いて確かめてください。",
        ) from error
    _write(document, keys, version=1, by=by)
    activity.record(document, "keep", by=by, summary=f"{filename} を保存"[:500])
    return document


@transaction.atomic
def correct_document(
    document: ReceivedDocument,
    *,
    keys: Keys,
    reason: str,
    seen_version: int,
    is_void: bool = False,
    by: Staff | None,
) -> ReceivedVersion:
    """記録事項の訂正: the next version, with the reason. The file and all earlier versions stay.

    Raises ChangedMeanwhile when another version came after the one the clerk had before the eyes.
    """
    if not reason.strip():
        raise NotKept("訂正の理由がありません。", way_out="理由を入力してください。")
    ReceivedDocument.objects.select_for_update(no_key=True).get(pk=document.pk)
    last = document.versions.order_by("-version").first()
    if last is None or last.version != seen_version:
        raise ChangedMeanwhile(
            f"{document.number} はほかの人が訂正しました。",
            way_out="画面を開き直して、今の内容を確かめてください。",
        )
    made = _write(
        document, keys, version=last.version + 1, reason=reason.strip()[:200], is_void=is_void, by=by
    )
    activity.record(document, "correct", by=by, summary=f"第{made.version}版: {made.reason}")
    return made


def _write(
    document: ReceivedDocument,
    keys: Keys,
    *,
    version: int,
    by: Staff | None,
    reason: str = "",
    is_void: bool = False,
) -> ReceivedVersion:
    partner = " ".join(keys.partner.split())
    if not partner or keys.amount_yen < 0:
        raise NotKept("取引先と取引金額を入力してください。", way_out="金額のない書類は 0 円にします。")
    return ReceivedVersion.objects.create(
        document=document, version=version, kind=DocumentKind(keys.kind), on=keys.on, amount_yen=keys.amount_yen,
        partner=partner[:120], supplier_id=keys.supplier_id, note=keys.note.strip()[:200], reason=reason,
        is_void=is_void, at=clock.now(), by=by,
    )  # fmt: skip
