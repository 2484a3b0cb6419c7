"""電子帳簿保存法の保存: files that we issued (請求書, 発注書) or were sent (仕入先の請求書) lie under AKINAI_HOME/files/papers
by their SHA-256 and are never rewritten."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from akinai.core.errors import PaperLost


def _folder() -> Path:
    return Path(settings.FILES_ROOT) / "papers"


def path_of(sha256: str, suffix: str = ".pdf") -> Path:
    """Where the file with this fingerprint lies. Raises PaperLost when it is no fingerprint."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise PaperLost("この書類には PDF がありません。", way_out="システム担当者に伝えてください。")
    return _folder() / f"{sha256}{suffix}"


def keep(pdf: bytes, suffix: str = ".pdf") -> str:
    """Write the file once, durably, before anything in the database names it. Returns its SHA-256."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    path = path_of(sha256, suffix)
    if path.exists():
        os.utime(path)  # anew: what looks for files that nobody names leaves it alone
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o440)
        Path(name).rename(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return sha256


def read(sha256: str, suffix: str = ".pdf") -> bytes:
    """The file as issued. Raises PaperLost when it is missing or its bytes have changed."""
    path = path_of(sha256, suffix)
    try:
        pdf = path.read_bytes()
    except OSError:
        raise PaperLost(
            "PDF ファイルが見つかりません。", way_out="バックアップから files/papers を戻してください。"
        ) from None
    if hashlib.sha256(pdf).hexdigest() != sha256:
        raise PaperLost(
            "PDF ファイルが発行したときと違っています。",
            way_out="バックアップから files/papers を戻してください。",
        )
    return pdf


def drop(sha256: str, suffix: str) -> bool:
    """Delete a file that no row names any more (消去). Out: was it there? Papers (.pdf) are kept by law and never dropped."""
    if suffix == ".pdf":
        raise ValueError("papers are kept")
    path = path_of(sha256, suffix)
    was_there = path.exists()
    path.unlink(missing_ok=True)
    return was_there


def names(suffix: str, before: datetime) -> Iterator[str]:
    """Fingerprints of the kept files of this kind that are older than `before`."""
    for path in _folder().glob(f"*{suffix}"):
        if path.stat().st_mtime < before.timestamp():
            yield path.name.removesuffix(suffix)


def is_whole(sha256: str, suffix: str = ".pdf") -> bool:
    """Is the file there, byte for byte as issued?"""
    try:
        read(sha256, suffix)
    except PaperLost:
        return False
    return True
