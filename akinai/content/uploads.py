"""アップロードされた画像: drawn anew, so that nothing but the picture is kept: no place, no camera, no hidden file behind it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from akinai.core import pictures
from akinai.core.errors import DomainError

FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}
LONGEST = 4000
TAKEN = pictures.Limits(50 * 1024 * 1024, 60_000_000, tuple(FORMATS))


def redrawn(file: Any) -> ContentFile:
    """The same picture, upright, at most 4,000 px. Raises ValidationError for what is no picture of our kinds."""
    file.seek(0)
    try:
        picture = pictures.opened(file.read(), file.name, TAKEN)
        return _drawn(picture, file.name)
    except DomainError as error:
        raise ValidationError(f"{error}SVG は受け付けません。") from error
    except (OSError, ValueError) as error:
        raise ValidationError("画像を描き直せません。別の形式で保存し直してください。") from error


STARTS = {"pdf": b"%PDF-", **dict.fromkeys(("docx", "pptx", "xlsx", "zip"), b"PK")}
LETTERS = {"csv", "txt"}


def refuse_disguised(file: Any, name: str) -> None:
    """資料 whose first bytes are not those of its kind. Raises ValidationError."""
    kind = name.rpartition(".")[2].lower()
    file.seek(0)
    head = file.read(1024)
    file.seek(0)
    is_wrong = kind in STARTS and STARTS[kind] not in head[: 1024 if kind == "pdf" else 2]
    if is_wrong or (kind in LETTERS and b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise ValidationError(
            {
                "file": f"{kind} のファイルではありません。もとのファイルを開いて、{kind} で保存し直してください。"
            }
        )


def _drawn(picture: Image.Image, name: str) -> ContentFile:
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
