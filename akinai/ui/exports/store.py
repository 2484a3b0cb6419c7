"""The files (書き出したファイル): AKINAI_HOME/files/exports/<key>, readable by the shop's own user only."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings


def digest(words: Sequence[str]) -> str:
    """One short name for the same wish."""
    return hashlib.sha256("\0".join(words).encode()).hexdigest()


def path_of(pk: int) -> Path:
    folder = Path(settings.FILES_ROOT) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / str(int(pk))


@contextmanager
def writing(pk: int) -> Iterator[BinaryIO]:
    """A file that gets its name only when all of it is written and on the disk."""
    part = path_of(pk).with_suffix(".part")
    with part.open("w+b") as target:
        yield target
        target.flush()
        os.fsync(target.fileno())
    os.replace(part, path_of(pk))


def forget(pk: int) -> None:
    """Delete the file and what a dead worker left of it."""
    for path in (path_of(pk), path_of(pk).with_suffix(".part")):
        path.unlink(missing_ok=True)
