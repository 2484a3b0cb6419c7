"""書類のZIP: the files of a hit list with an index, so that an auditor can take them away. Rows in, bytes out."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Sequence
from typing import IO

from akinai.billing import queries
from akinai.billing.models import DocumentEntry
from akinai.core.errors import DomainError

MOST = 1_000
HEAD = (
    "番号",
    "発行・受領",
    "種類",
    "取引年月日",
    "取引金額",
    "取引先",
    "無効・訂正済",
    "保存日時",
    "SHA-256",
    "ファイル",
)


def zip_of(entries: Sequence[DocumentEntry]) -> IO[bytes]:
    """索引.csv (for Excel) and one file for each paper; open at its beginning. Raises DomainError beyond MOST papers.

    A paper without its file stands in the index with the reason, so that nobody takes the list for complete.
    """
    if len(entries) > MOST:
        raise DomainError(
            f"一度にまとめられるのは {MOST:,} 件までです（選ばれたのは {len(entries):,} 件）。",
            way_out="取引年月日の範囲を狭めて、何回かに分けてください。",
        )
    spool = tempfile.SpooledTemporaryFile(max_size=32 * 1024 * 1024)  # noqa: SIM115  (the response closes it)
    names: dict[int, str] = {}
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_STORED) as archive:
        for entry, data in queries.files_of(entries):
            names[entry.pk] = _name(entry)
            archive.writestr(names[entry.pk], data)
        archive.writestr("索引.csv", _index(entries, names), zipfile.ZIP_DEFLATED)
    spool.seek(0)
    return spool


def _name(entry: DocumentEntry) -> str:
    """20261124_1080_株式会社山田商店_INV-2026-000001.pdf: the three keys in the name, as the tax office suggests."""
    partner = re.sub(r'[\\/:*?"<>|\s.]+', "", entry.partner)[:40] or "取引先なし"
    return f"{entry.on:%Y%m%d}_{entry.amount_yen}_{partner}_{entry.number}{entry.suffix}"


def _index(entries: Sequence[DocumentEntry], names: dict[int, str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    for entry in entries:
        missing = "ファイルが見つかりません" if entry.sha256 else "受注から印刷する書類（保存ファイルなし）"
        writer.writerow(
            [
                entry.number, entry.get_direction_display(), entry.get_kind_display(), f"{entry.on:%Y-%m-%d}",
                entry.amount_yen, _plain(entry.partner), "○" if entry.is_void else "", f"{entry.kept_at:%Y-%m-%d %H:%M:%S%z}",
                entry.sha256, names.get(entry.pk, missing),
            ]
        )  # fmt: skip
    return ("\ufeff" + text.getvalue()).encode()


def _plain(text: str) -> str:
    """A name that begins like a formula is text for Excel, not something to compute."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
