"""お客様や担当者から届いた画像: drawn anew, so that EXIF (where it was taken) and anything hidden is gone."""

from __future__ import annotations

import hashlib
import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from akinai.catalog.services import images
from akinai.core.errors import DomainError

MAX_BYTES, MAX_PIXELS = 10 * 1024 * 1024, 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
BROKEN = (
    UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, ValueError, SyntaxError,
)  # fmt: skip


def keep(data: bytes, filename: str, *, folder: str, side: int) -> str:
    """Draw the picture no longer than `side` and keep it. Out: its name under the media root, a digest of what it shows.

    Raises DomainError for what is no picture or too big; what it is, its content says, never its name.
    """
    drawn = redrawn(data, filename, side)
    name = f"{folder}/{hashlib.sha256(drawn).hexdigest()[:32]}.webp"
    images.keep(name, drawn)
    return name


def redrawn(data: bytes, filename: str, side: int) -> bytes:
    """WebP without any metadata."""
    told = filename[-60:]
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise DomainError(
            f"画像「{told}」が大きすぎます（{limit}MBまで）。", way_out="小さくしてから選んでください。"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise ValueError("too many pixels")
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except BROKEN as error:
        raise DomainError(
            f"「{told}」は画像として読めません。", way_out="JPEG・PNG・WebP の画像を選んでください。"
        ) from error
    upright.thumbnail((side, side), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()
