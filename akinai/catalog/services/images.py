"""商品画像: uploads are drawn anew (EXIF and anything hidden is gone) and kept under the digest of what was drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from akinai.catalog.models import Product, ProductImage
from akinai.catalog.services import completeness
from akinai.core import activity, pictures
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff

MAX_BYTES = 15 * 1024 * 1024
TAKEN = pictures.Limits(MAX_BYTES, 60_000_000, ("JPEG", "PNG", "WEBP", "GIF"))
LONG_SIDE, THUMB_SIDE = 2000, 320
MOST = 20


@transaction.atomic
def add_image(
    product: Product, *, data: bytes, filename: str, alt: str = "", by: Staff | None
) -> ProductImage:
    """画像の追加. Refuses what is no picture, is too big, or is there already."""
    Product.objects.select_for_update().get(pk=product.pk)
    if product.images.count() >= MOST:
        raise DomainError(f"画像は1商品 {MOST} 枚までです。", way_out="使わない画像を削除してください。")
    name = _kept(product, data, filename)
    if product.images.filter(file=name).exists():
        raise DomainError(f"「{filename}」と同じ画像がすでにあります。", way_out="別の画像を選んでください。")
    last = product.images.aggregate(last=Max("position"))["last"] or 0
    image = ProductImage.objects.create(product=product, file=name, position=last + 1, alt=alt[:200])
    completeness.refresh([product.pk])
    activity.record(product, "add_image", by=by, summary=f"画像「{filename[:80]}」を追加しました。")
    return image


@transaction.atomic
def attach_file(image: ProductImage, *, data: bytes, filename: str, by: Staff | None) -> bool:
    """待っていた画像が届いた: draw the file of an image that had a name only. False when somebody was faster or the
    product shows this picture already. Refuses what is no picture."""
    product = Product.objects.select_for_update(no_key=True).get(pk=image.product_id)
    waiting = ProductImage.objects.filter(pk=image.pk, file="")
    if not waiting.exists():
        return False
    name = _kept(product, data, filename)
    if product.images.filter(file=name).exists():
        waiting.delete()
        return False
    waiting.update(file=name)
    completeness.refresh([product.pk])
    activity.record(product, "add_image", by=by, summary=f"画像「{filename[:80]}」を追加しました。")
    return True


def _kept(product: Product, data: bytes, filename: str) -> str:
    """Draw the picture and its small one, and keep both. Out: the name they are kept under."""
    picture = pictures.opened(data, filename, TAKEN)
    full = pictures.webp(picture, LONG_SIDE, quality=85)
    name = f"products/{product.pk}/{hashlib.sha256(full).hexdigest()[:24]}.webp"
    keep(name, full)
    keep(thumb_of(name), pictures.webp(picture, THUMB_SIDE, quality=85))
    return name


@transaction.atomic
def remove_image(image: ProductImage, *, by: Staff | None) -> None:
    """画像の削除. The file goes after commit, unless another row shows it."""
    product, name = image.product, image.file
    activity.record(product, "remove_image", by=by, summary=f"画像「{str(image)[:80]}」を削除しました。")
    image.delete()
    completeness.refresh([product.pk])
    if name and not ProductImage.objects.filter(file=name).exists():
        transaction.on_commit(lambda: _forget(name), robust=True)


@transaction.atomic
def describe_image(image: ProductImage, alt: str, *, by: Staff | None) -> None:
    """代替テキスト: what the picture shows, for those who cannot see it and for search."""
    text = " ".join(alt.split())[:200]
    if ProductImage.objects.filter(pk=image.pk).exclude(alt=text).update(alt=text):
        completeness.refresh([image.product_id])
        summary = f"代替テキスト「{text or '（空）'}」"
        activity.record(image.product, "update", by=by, summary=summary)


@transaction.atomic
def move_image(image: ProductImage, *, position: int, by: Staff | None) -> None:
    """表示順の変更: put the image at `position` (1 is the first), the others close up."""
    others = [row.pk for row in _in_order(image.product_id) if row.pk != image.pk]
    others.insert(max(0, min(position - 1, len(others))), image.pk)
    _write_order(image.product, others, by)


@transaction.atomic
def order_images(product: Product, ids: Sequence[int], *, by: Staff | None) -> None:
    """並べ替え: the images in this order. Those not named (somebody has just added them) stay behind, in their order."""
    there = [row.pk for row in _in_order(product.pk)]
    named = [pk for pk in dict.fromkeys(ids) if pk in there]
    _write_order(product, [*named, *(pk for pk in there if pk not in named)], by)


def _in_order(product_id: int) -> list[ProductImage]:
    rows = ProductImage.objects.select_for_update().filter(product_id=product_id)
    return list(rows.order_by("position", "id"))


def _write_order(product: Product, ids: Sequence[int], by: Staff | None) -> None:
    before = dict(ProductImage.objects.filter(pk__in=ids).values_list("pk", "position"))
    moved = [(pk, place) for place, pk in enumerate(ids, start=1) if before.get(pk) != place]
    for pk, place in moved:
        ProductImage.objects.filter(pk=pk).update(position=place)
    if moved:
        activity.record(product, "move_image", by=by, summary="画像の表示順を変えました。")


def path_of(name: str) -> Path:
    """Where a file of ours lies."""
    return Path(settings.MEDIA_ROOT) / name


def thumb_of(name: str) -> str:
    return name.removesuffix(".webp") + "-small.webp"


def keep(name: str, data: bytes) -> None:
    """Write a file of ours whole, or not at all."""
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)


def _forget(name: str) -> None:
    path_of(name).unlink(missing_ok=True)
    for one in path_of(name).parent.glob(f"{Path(name).stem}-*"):  # the small one and the shop's sizes
        one.unlink(missing_ok=True)
