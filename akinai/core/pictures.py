"""届いた画像 (pictures from outside): opened once, distrusted, and drawn anew so that nothing but the picture is kept.

What is hidden in a file (where it was taken, by which camera, what stands behind the picture) does not survive.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from akinai.core.errors import DomainError

_BROKEN = (
    UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, ValueError, SyntaxError,
)  # fmt: skip
_NAMES = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP", "GIF": "GIF", "AVIF": "AVIF"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken: the size of the file, the area of the picture, and the kinds as Pillow names them."""

    most_bytes: int
    most_pixels: int
    formats: tuple[str, ...]

    @property
    def words(self) -> str:
        return "・".join(_NAMES[one] for one in self.formats)


def opened(data: bytes, filename: str, limits: Limits) -> Image.Image:
    """The picture, read to its last pixel. What it is, its content says, never its name. Raises DomainError."""
    told = filename[-60:]
    if len(data) > limits.most_bytes:
        raise DomainError(
            f"画像「{told}」が大きすぎます（{limits.most_bytes // 1024 // 1024}MBまで）。",
            way_out="小さくしてから選んでください。",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=limits.formats)
            if picture.width * picture.height > limits.most_pixels:
                raise DomainError(
                    f"画像「{told}」の画素数が多すぎます。", way_out="縮小してから選んでください。"
                )
            picture.load()
    except _BROKEN as error:
        raise DomainError(
            f"「{told}」は画像として読めません。", way_out=f"{limits.words}の画像を選んでください。"
        ) from error
    return picture


def webp(picture: Image.Image, side: int, *, quality: int) -> bytes:
    """Upright, no longer than `side` on its longer side, as WebP without any metadata."""
    upright = ImageOps.exif_transpose(picture)
    sees_through = "A" in upright.getbands() or "transparency" in upright.info
    small = upright.convert("RGBA" if sees_through else "RGB")
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    clean = Image.new(small.mode, small.size)
    clean.paste(small)
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()
