"""画像の大きさ違い: each picture of the shop in AVIF and WebP at three widths, drawn by a job soon after it came.

Until then the shop shows the picture itself. Drawing twice writes the same files.
"""

from __future__ import annotations

import io
import logging

from django.db.models import Q
from PIL import Image

from akinai.catalog.models import ProductImage
from akinai.catalog.services.images import keep, path_of

WIDTHS = (360, 720, 1440)
KINDS = {"avif": {"quality": 58, "speed": 8}, "webp": {"quality": 80, "method": 4}}
TO_DRAW = Q(width=None) & ~Q(file="")
log = logging.getLogger("akinai.pictures")


def sized(name: str, width: int, kind: str) -> str:
    """The name of a picture at this width: products/7/ab12.webp → products/7/ab12-720.avif."""
    return f"{name.removesuffix('.webp')}-{width}.{kind}"


def draw_waiting(limit: int = 200) -> int:
    """Draw the sizes of pictures that have none yet. Out: how many were drawn; a broken file is passed over for good."""
    waiting = list(ProductImage.objects.filter(TO_DRAW).order_by("pk")[:limit])
    return sum(draw_sizes(image) for image in waiting)


def draw_sizes(image: ProductImage) -> bool:
    """Draw one picture at all widths it is large enough for, and note its own measure."""
    try:
        with Image.open(path_of(image.file)) as picture:
            picture.load()
            widths = sorted({min(width, picture.width) for width in WIDTHS})
            for width in widths:
                _draw(picture, image.file, width)
            found = {"width": picture.width, "height": picture.height, "drawn_widths": widths}
    except OSError:
        log.warning("picture %s cannot be read", image.pk)
        found = {"width": 0, "height": 0, "drawn_widths": []}
    return bool(ProductImage.objects.filter(pk=image.pk, file=image.file).update(**found) and found["width"])


def _draw(picture: Image.Image, name: str, width: int) -> None:
    height = max(1, round(picture.height * width / picture.width))
    small = picture if width == picture.width else picture.resize((width, height), Image.Resampling.LANCZOS)
    for kind, how in KINDS.items():
        out = io.BytesIO()
        small.save(out, kind.upper(), **how)
        keep(sized(name, width, kind), out.getvalue())
