"""まとめて処理 of purchasing: the proposals and levels of all goods computed anew by a worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from akinai.core import long_jobs
from akinai.core.long_jobs import Kind, Outcome
from akinai.purchasing.services import proposing

if TYPE_CHECKING:
    from akinai.staff.models import Staff

PROPOSE = "purchasing.propose"
ONCE = (1,)  # one calculation of everything


def propose(_ids: Sequence[int], _options: Mapping[str, Any], _by: Staff | None) -> Outcome:
    """補充の提案と適正在庫."""
    done = proposing.propose()
    counts = {"提案": done.proposals, "提案の金額（円・税抜）": done.yen}
    if done.without_supplier:
        counts["売れているのに仕入先のない商品"] = done.without_supplier
    return Outcome(counts)


def register() -> None:
    long_jobs.register(
        Kind(
            PROPOSE, "補充の提案と適正在庫の計算", propose, permission="purchasing.view_stockoutlook", piece=1
        )
    )
