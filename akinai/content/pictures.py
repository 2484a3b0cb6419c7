"""お客様や担当者から届いた画像: drawn anew, so that EXIF (where it was taken) and anything hidden is gone."""

from __future__ import annotations

import hashlib

from akinai.catalog.services import images
from akinai.core import pictures

TAKEN = pictures.Limits(10 * 1024 * 1024, 40_000_000, ("JPEG", "PNG", "WEBP"))


def keep(data: bytes, filename: str, *, folder: str, side: int) -> str:
    """Draw the picture no longer than `side` and keep it. Out: its name under the media root, a digest of what it shows.

    Raises DomainError for what is no picture or too big; what it is, its content says, never its name.
    """
    drawn = pictures.webp(pictures.opened(data, filename, TAKEN), side, quality=82)
    name = f"{folder}/{hashlib.sha256(drawn).hexdigest()[:32]}.webp"
    images.keep(name, drawn)
    return name
