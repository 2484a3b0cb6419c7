"""Are the papers and originals that the tables name still there, byte for byte (保存ファイルの検証)?"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from akinai.core.proofs import Finding

FILES = """
SELECT 'invoice', number, pdf_sha256 FROM billing_invoice WHERE pdf_sha256 <> ''
UNION ALL SELECT 'credit note', number, pdf_sha256 FROM billing_creditnote WHERE pdf_sha256 <> ''
"""


def stored_files(*, limit: int = 50) -> Finding:
    """発行した書類のファイルが発行時のまま残っている."""
    broken: list[dict[str, Any]] = []
    with connection.cursor() as cursor:
        cursor.execute(FILES)
        rows = cursor.fetchall()
    for kind, number, digest in rows:
        path = Path(settings.FILES_ROOT) / "papers" / f"{digest}.pdf"
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            broken.append({"number": number, "kind": kind, "file": path.name})
    return Finding("stored_papers", "発行した書類のファイルは発行時のまま", len(rows), broken[:limit])
