"""店舗の色: is a text in it readable, and how it looks before it is kept (preview)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core import signing
from django.http import HttpRequest

if TYPE_CHECKING:
    from akinai.content.models import Storefront

PAPER, DARK = "#fbf9f5", "#191816"
DARK_GROUNDS = (DARK, "#22201d", "#25231f")  # the ground, the paper and the shade of storefront.css
LEAST = 4.5  # WCAG 2.2, 1.4.3
SALT = "akinai.storefront.look"
MAY_EDIT = "content.change_storefront"
PREVIEW = "look"
PREVIEW_SECONDS = 60 * 60
SHOWN = ("name", "tagline", "brand_colour", "accent_colour", "announcement")


def contrast(one: str, other: str) -> float:
    """How well one colour is read on the other, 1 to 21. In: #rrggbb."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def unreadable(colour: str) -> str:
    """Why this colour cannot be used for texts and buttons of the shop; "" when it can."""
    found = min(contrast(colour, PAPER), contrast(colour, "#ffffff"))
    if found >= LEAST:
        return ""
    return (
        f"この色は明るすぎて、白い文字や生成りの地では読みにくくなります（コントラスト {found:.1f}。{LEAST} 以上が必要です）。"
        f"もう少し濃い色（例: {darkened(colour)}）にしてください。"
    )


def darkened(colour: str) -> str:
    """The same colour, just dark enough."""
    return _moved(colour, 0, lambda made: min(contrast(made, PAPER), contrast(made, "#ffffff")) >= LEAST)


def for_dark(colour: str) -> str:
    """The same colour, just light enough to be read on every dark ground of the shop."""
    return _moved(colour, 255, lambda made: min(contrast(made, one) for one in DARK_GROUNDS) >= LEAST)


def _moved(colour: str, end: int, is_good: Any) -> str:
    """The colour moved towards black (0) or white (255) in small steps until it is good."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    made = colour
    for step in range(51):
        made = "#" + "".join(f"{round(part + (end - part) * step / 50):02x}" for part in parts)
        if is_good(made):
            break
    return made


def preview_of(values: dict[str, str]) -> str:
    """A signed word that shows the shop with these values to staff, for an hour."""
    return signing.dumps({name: values.get(name, "") for name in SHOWN}, salt=SALT)


def address_of(values: dict[str, str]) -> str:
    """Where the home page is seen with these values."""
    return f"/?{PREVIEW}={preview_of(values)}"


def is_look(request: HttpRequest) -> bool:
    """Is this a look of staff at the home page with values that are not kept?"""
    return request.path_info == "/" and PREVIEW in request.GET and request.user.has_perm(MAY_EDIT)


def previewed(row: Storefront, request: HttpRequest) -> Storefront:
    """The row as it is kept; with what a member of staff is just trying out (`?look=`), never saved."""
    told = request.GET.get(PREVIEW, "")
    if not told or not request.user.has_perm(MAY_EDIT):
        return row
    try:
        values = signing.loads(told, salt=SALT, max_age=PREVIEW_SECONDS)
    except signing.BadSignature:
        return row
    for name in SHOWN:
        setattr(row, name, values[name])
    return row
