"""出力を読む: what a product has not had yet, and how a file would differ were it written today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from akinai.accounting.models import JournalEntry, JournalExport, JournalExportEntry
from akinai.accounting.ports import PRODUCTS
from akinai.accounting.services import exporting


@dataclass(frozen=True, slots=True)
class Difference:
    """違い: an entry that would be written otherwise today, or is not in any file though the file's period covers it."""

    number: str
    on: date
    memo: str
    what: str


SHOWN = 300
CHANGED = "科目名か税区分の設定が変わりました"
LATER = "出力したあとに記帳されました"


def waiting(product: str, first: date, last: date) -> int:
    """How many entries of the period the product has not had."""
    had = JournalExportEntry.objects.filter(product=product, is_live=True).values("entry_id")
    return JournalEntry.objects.filter(on__gte=first, on__lte=last).exclude(pk__in=had).count()


def differences(export: JournalExport) -> list[Difference]:
    """再出力の違い: what a new file of the same period would say that the old one does not."""
    if export.product not in PRODUCTS or export.withdrawn_at:
        return []
    rows = list(
        export.entries.select_related("entry")
        .prefetch_related("entry__lines")
        .order_by("entry__on", "entry_id")
    )
    now = {
        one.number: exporting.digest_of(one)
        for one in exporting.vouchers([row.entry for row in rows], PRODUCTS[export.product])
    }
    changed = [row.entry for row in rows if now.get(row.entry.number) != row.digest]
    had = JournalExportEntry.objects.filter(product=export.product, is_live=True).values("entry_id")
    later = JournalEntry.objects.filter(on__gte=export.from_on, on__lte=export.to_on).exclude(pk__in=had)
    zero = {
        one.number
        for one in exporting.vouchers(list(later.prefetch_related("lines")), PRODUCTS[export.product])
    }
    return [*_told(changed, CHANGED), *_told([row for row in later if row.number in zero], LATER)]


def _told(entries: Sequence[JournalEntry], what: str) -> list[Difference]:
    return [Difference(one.number, one.on, one.memo, what) for one in entries]
