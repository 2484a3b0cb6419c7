"""保存期間 of labels: the carrier has the data, the parcels came; the file is of no more use."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from akinai.party.ports import Timer, register_timer
from akinai.shipping.models import LabelExport, Shipment
from akinai.shipping.queries import OPEN


def _used(before: datetime) -> QuerySet[LabelExport]:
    here = Shipment.objects.filter(batch=OuterRef("batch"), state__in=OPEN)
    return LabelExport.objects.filter(~Exists(here), created_at__lt=before).exclude(data=b"")


def _blank(rows: QuerySet[LabelExport]) -> None:
    rows.update(data=b"", problems=[])


def register() -> None:
    register_timer(Timer("labels", "運送会社に渡した送り状データ", "荷物が届き、使わなくなったもの（個人情報保護法 第22条）", 180, _used, _blank))  # fmt: skip
