"""長い在庫表: volume by volume by a worker, kept and downloadable; a worker that dies goes on where it stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from akinai.core import long_jobs, paper_store
from akinai.core.long_jobs import Outcome
from akinai.party import queries as party
from akinai.stock import papers
from akinai.stock.models import InventoryPaper
from akinai.stock.models.inventories import VOLUME
from akinai.stock.queries.values import Valued

if TYPE_CHECKING:
    from akinai.core.models import LongJob
    from akinai.staff.models import Staff

KIND = "stock.inventory"
PERMISSION = "stock.view_valueentry"


@transaction.atomic
def start(rows: Sequence[Valued], *, on: date, method: str, by: Staff | None, back: str) -> LongJob:
    """The rows are kept as they are now; a worker draws them, 5,000 a volume."""
    paper = InventoryPaper.objects.create(
        on=on, method=method, rows=len(rows), pieces=sum(row.pieces for row in rows), total_yen=sum(row.yen for row in rows),
        lines=papers.inventory_lines(rows), created_by=by,
    )  # fmt: skip
    paper.job = long_jobs.start(KIND, range(1, paper.of + 1), by=by, options={"paper": paper.pk}, back=back)
    paper.save(update_fields=["job"])
    return paper.job


def draw(ids: Sequence[int], options: Mapping[str, Any], by: Staff | None) -> Outcome:
    """One volume, or several. A volume that is there is drawn over with the same bytes' meaning."""
    paper = InventoryPaper.objects.select_for_update().get(pk=options["paper"])
    company = party.company().name
    for no in ids:
        lines = paper.lines[(no - 1) * VOLUME : no * VOLUME]
        pdf = papers.inventory_volume(
            lines, on=paper.on, method=paper.method, company=company, volume=(no, paper.of),
            rows=paper.rows, pieces=paper.pieces, total=paper.total_yen,
        )  # fmt: skip
        paper.volumes[str(no)] = paper_store.keep(pdf)
    paper.save(update_fields=["volumes"])
    return Outcome({"冊": len(ids)})


def register() -> None:
    long_jobs.register(long_jobs.Kind(KIND, "在庫表（PDF）", draw, PERMISSION, piece=1))
