"""アップロードされた画像: drawn anew, so that nothing but the picture is kept: no place, no camera, no hidden file behind it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}
LONGEST = 4000
MOST_PIXELS = 60_000_000


def redrawn(file: Any) -> ContentFile:
    """The same picture, upright, at most 4,000 px. Raises ValidationError for what is no picture of our kinds."""
    file.seek(0)
    data = file.read()
    try:
        with Image.open(BytesIO(data), formats=list(FORMATS)) as picture:
            return _drawn(picture, file.name)
    except ValidationError:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValidationError(
            "画像として読めません。JPEG・PNG・WebP・AVIF・GIF のファイルにしてください（SVG は受け付けません）。"
        ) from error


def _drawn(picture: Image.Image, name: str) -> ContentFile:
    if picture.width * picture.height > MOST_PIXELS:
        raise ValidationError("画像が大きすぎます。6000×10000 ピクセルより小さくしてください。")
    kind = picture.format or "PNG"
    moves = kind in {"GIF", "WEBP"} and getattr(picture, "n_frames", 1) > 1
    upright = picture if moves else ImageOps.exif_transpose(picture)
    if not moves:
        upright.thumbnail((LONGEST, LONGEST))
    if kind == "JPEG" and upright.mode not in {"RGB", "L"}:
        upright = upright.convert("RGB")
    out = BytesIO()
    options: dict[str, Any] = {"quality": 90} if kind in {"JPEG", "WEBP", "AVIF"} else {}
    upright.info = {
        key: value for key, value in upright.info.items() if key in {"transparency", "duration", "loop"}
    }
    if moves:
        options["save_all"] = True
    upright.save(out, kind, **options)
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0] or "picture"
    made = ContentFile(out.getvalue(), f"{stem}.{FORMATS[kind]}")
    made.is_redrawn = True  # type: ignore[attr-defined]
    return made
