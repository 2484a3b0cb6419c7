"""Pages and goods that the tests of content write with."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from PIL import Image

from akinai.catalog.models import Product, Sku
from akinai.content.models import FeatureIndexPage, FeaturePage, HomePage, Picture
from akinai.content.services import writing
from akinai.staff.models import Staff
from tests import cast


def staff(name: str, role: str, mail: str = "") -> Staff:
    """Somebody with this duty, who gets mail when there is an address."""
    person, _made = Staff.objects.get_or_create(
        username=f"user-{name}", defaults={"display_name": name, "email": mail}
    )
    person.groups.set(Group.objects.filter(name=role))
    return person


def goods(code: str, *, pieces: int = 0, price: int = 1080) -> Product:
    """A product the public sees."""
    pk = cast.sku(code, pieces=pieces, price=price)
    Sku.objects.filter(pk=pk).update(needs_review=False)
    return Product.objects.get(skus=pk)


def home() -> HomePage:
    return HomePage.objects.get()


def features() -> FeatureIndexPage:
    return FeatureIndexPage.objects.first() or FeatureIndexPage.objects.get(
        pk=writing.write_page("FeatureIndexPage", under=home().pk, title="特集", slug="features", by=None)
    )


def feature(
    title: str = "新茶の季節", *blocks: tuple[str, Any], publish: bool = True, **values: Any
) -> FeaturePage:
    """A 特集 with these blocks."""
    slug = values.pop("slug", f"f{FeaturePage.objects.count() + 1}")
    pk = writing.write_page(
        "FeaturePage",
        under=features().pk,
        title=title,
        slug=slug,
        by=None,
        publish=publish,
        body=body(*blocks),
        **values,
    )
    return FeaturePage.objects.get(pk=pk)


def body(*blocks: tuple[str, Any]) -> str:
    """Blocks as they are kept."""
    return json.dumps([{"type": kind, "value": value} for kind, value in blocks])


def picked(*pairs: tuple[Product, Product | None], title: str = "") -> tuple[str, Any]:
    """A grid by hand: (goods, substitute)."""
    items = [{"product": one.pk, "instead": other.pk if other else None} for one, other in pairs]
    return "products", {"title": title, "items": items}


def shelf(**told: Any) -> tuple[str, Any]:
    """A grid by query."""
    usual = {
        "title": "", "category": "", "order": "newest", "price_from": None, "price_to": None, "in_stock_only": False, "count": 8,
    }  # fmt: skip
    return "shelf", {**usual, **told}


def photo(kind: str = "JPEG", **saved: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), "#6f9a45").save(out, kind, **saved)
    return out.getvalue()


def picture(description: str = "茶畑") -> Picture:
    made = Picture(title="茶畑", description=description, file=ContentFile(photo(), "field.jpg"))
    made.save()
    return made
