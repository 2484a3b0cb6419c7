"""Files of long jobs (まとめて処理のファイル): AKINAI_HOME/files/jobs/<number>/, readable by the shop's own user only.

A piece keeps what it made under a name that is the same when the piece is done again, so a worker that dies leaves
nothing twice. The file that people download is called RESULT.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings

if TYPE_CHECKING:
    from akinai.core.models import LongJob

RESULT = "result"
KEPT_DAYS = 7


def _root() -> Path:
    return Path(settings.FILES_ROOT) / "jobs"


def folder(pk: int) -> Path:
    """Where the files of this job lie; made when it is not there."""
    path = _root() / str(int(pk))
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(pk: int, name: str, data: bytes) -> None:
    """Keep what one piece made."""
    with writing(folder(pk) / name) as target:
        target.write(data)


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """A file that gets its name only when all of it is written and on the disk."""
    part = path.with_suffix(".part")
    with part.open("w+b") as target:
        yield target
        target.flush()
        os.fsync(target.fileno())
    os.replace(part, path)


def pieces(pk: int, prefix: str) -> list[Path]:
    """What the pieces kept, in the order of their names."""
    return sorted(path for path in folder(pk).glob(f"{prefix}-*") if path.suffix != ".part")


def result_of(job: LongJob) -> Path | None:
    """The file to download, None where there is none (any more)."""
    path = _root() / str(int(job.pk)) / RESULT
    return path if job.options.get("file") and path.is_file() else None


def forget_old(now: datetime) -> int:
    """Throw away files whose days are over; returns of how many jobs."""
    limit = (now - timedelta(days=KEPT_DAYS)).timestamp()
    old = [path for path in _root().glob("*") if path.is_dir() and path.stat().st_mtime < limit]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)
