"""書類のZIP: the files of a hit list with an index, so that an auditor can take them away. Rows in, bytes out."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

from akinai.billing import queries
from akinai.billing.models import DocumentEntry
from akinai.core import job_files
from akinai.core.errors import DomainError
from akinai.core.long_jobs import Outcome

if TYPE_CHECKING:
    from akinai.core.models import LongJob
    from akinai.staff.models import Staff

MOST = 1_000  # more than these are left to a long job
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
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_STORED) as archive:
        names = _put(archive, entries)
        archive.writestr("索引.csv", _index(entries, names), zipfile.ZIP_DEFLATED)
    spool.seek(0)
    return spool


def _put(archive: zipfile.ZipFile, entries: Sequence[DocumentEntry]) -> dict[int, str]:
    """The files into the archive. Out: what each is called there."""
    names = {}
    for entry, data in queries.files_of(entries):
        names[entry.pk] = _name(entry)
        archive.writestr(names[entry.pk], data)
    return names


def pack(ids: Sequence[int], options: Mapping[str, Any], by: Staff | None) -> Outcome:
    """One piece of a ZIP that is made by a job: its files and its lines of the index."""
    entries = list(DocumentEntry.objects.filter(pk__in=ids).order_by("on", "pk"))
    part = io.BytesIO()
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        names = _put(archive, entries)
        archive.writestr("索引.csv", _index(entries, names))
    job_files.keep(int(options["job"]), f"part-{int(options['at']):08d}", part.getvalue())
    return Outcome({"ファイル": len(names), "索引だけ": len(entries) - len(names)})


def join(job: LongJob) -> str:
    """All pieces in one ZIP with one index."""
    index = io.BytesIO()
    path = job_files.folder(job.pk) / job_files.RESULT
    with job_files.writing(path) as target, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as whole:
        for made in job_files.pieces(job.pk, "part"):
            with zipfile.ZipFile(made) as part:
                for name in part.namelist():
                    if name == "索引.csv":
                        index.write(_under_one_head(part.read(name), first=not index.tell()))
                    else:
                        whole.writestr(name, part.read(name))
        whole.writestr("索引.csv", index.getvalue(), zipfile.ZIP_DEFLATED)
    return "documents.zip"


def _under_one_head(lines: bytes, *, first: bool) -> bytes:
    return lines if first else lines.split(b"\r\n", 1)[1]


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
