"""Refusals of the receiving desk (入荷の拒否)."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.core.errors import DomainError
from akinai.purchasing.doubts import Doubt


class DuplicateSlip(DomainError):
    """伝票の二重計上."""

    code = "duplicate_slip"


class TotalsMissing(DomainError):
    """納品書の合計がない: nothing says whether the lines were typed as printed."""

    code = "totals_missing"


class Doubtful(DomainError):
    """念のための確認がまだ: these doubts were not confirmed."""

    code = "doubtful"

    def __init__(self, number: str, doubts: Sequence[Doubt]) -> None:
        told = "".join(doubt.text for doubt in doubts[:3])
        more = f"（ほか {len(doubts) - 3} 点）" if len(doubts) > 3 else ""
        super().__init__(
            f"{number} には前回の入荷や発注と大きく違う点があります。{told}{more}",
            way_out="数を確かめ、正しければチェックを入れて計上してください。",
        )
        self.doubts = list(doubts)
