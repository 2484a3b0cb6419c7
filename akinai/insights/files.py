"""Are the papers that the tables name still there, byte for byte (保存ファイルの検証)?"""

from __future__ import annotations

from dataclasses import asdict

from akinai.billing import queries as billing
from akinai.core.proofs import Finding


def stored_files(*, limit: int = 50) -> Finding:
    """発行した書類のファイルが発行時のまま残っている."""
    broken = [asdict(wrong) for wrong in billing.papers_with_wrong_files()]
    return Finding(
        "stored_papers", "発行した書類のファイルは発行時のまま", billing.paper_count(), broken[:limit]
    )
