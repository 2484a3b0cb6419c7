"""The originals (元のファイル): raw bytes under AKINAI_HOME/files/intake/<sha256>, written once, checked when read."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from django.conf import settings

from akinai.core.intake.kind import Upload
from akinai.core.tables import refuse

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeFile


def folder() -> Path:
    path = Path(settings.AKINAI_HOME) / "files" / "intake"
    path.mkdir(parents=True, exist_ok=True)
    return path


def keep(upload: Upload) -> dict[str, Any]:
    """Store the bytes (once per digest) and return the entry for IntakeFile.files."""
    target = folder() / upload.sha256
    if not target.exists():
        handle, name = tempfile.mkstemp(dir=folder(), prefix=".new-")
        with os.fdopen(handle, "wb") as stream:
            stream.write(upload.data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, target)
    return {
        "filename": upload.filename,
        "sha256": upload.sha256,
        "size": len(upload.data),
        "encoding": upload.encoding,
    }


def path_of(entry: dict[str, Any]) -> Path:
    return folder() / str(entry["sha256"])


def load(entry: dict[str, Any]) -> Upload:
    """The original again. Raises FileRefused when it is gone or no longer what it was."""
    path = path_of(entry)
    data = path.read_bytes() if path.is_file() else None
    if data is None or hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise refuse(
            entry["filename"],
            "保管した元のファイルが見つからないか、壊れています。もう一度ファイルを選んでください。",
        )
    return Upload(entry["filename"], data)


def originals_of(intake_file: IntakeFile) -> list[Upload]:
    """All files of an intake as they came. Raises FileRefused when one is gone or no longer what it was."""
    return [load(entry) for entry in intake_file.files]


def clean_name(name: str) -> str:
    """A file name fit for screen and database: no folders, no control or broken characters, at most 150 letters."""
    text = name.replace("\\", "/").encode("utf-8", "replace").decode("utf-8")
    bare = "".join(char for char in PurePath(text).name if char.isprintable())
    if len(bare) <= 150:
        return bare or "名前なし"
    stem, dot, suffix = bare.rpartition(".")
    return f"{stem[:140]}….{suffix[:8]}" if dot else bare[:150]
