"""見本のページの画像: landscapes of tea, drawn when the shop is opened."""

from __future__ import annotations

import io
from math import sin

from PIL import Image, ImageDraw, ImageFilter

from akinai.flows.demo.pictures import Colour, _mixed

WIDTH, HEIGHT = 1280, 720


def hills(sky: Colour, far: Colour, near: Colour, sun: Colour | None = None) -> bytes:
    """Rows of a tea field under a morning sky, as JPEG."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), sky)
    pen = ImageDraw.Draw(picture)
    for y in range(HEIGHT * 2 // 3):
        pen.line((0, y, WIDTH, y), fill=_mixed(sky, (252, 247, 238), y / (HEIGHT * 0.66)))
    if sun:
        pen.ellipse((900, 120, 1020, 240), fill=sun)
    picture = picture.filter(ImageFilter.GaussianBlur(2))
    for nth in range(9):
        _ridge(ImageDraw.Draw(picture), nth, _mixed(far, near, nth / 8))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def _ridge(pen: ImageDraw.ImageDraw, nth: int, colour: Colour) -> None:
    """One row of the field, lower and bolder the nearer it is."""
    base, swing = 250 + nth * nth * 5 + nth * 16, 14 + nth * 5
    top = [(x, base + swing * sin(x / (170 + nth * 34) + nth * 1.7)) for x in range(0, WIDTH + 20, 20)]
    pen.polygon([*top, (WIDTH, HEIGHT), (0, HEIGHT)], fill=colour)
    pen.line([(x, y + 2) for x, y in top], fill=_mixed(colour, (255, 255, 255), 0.22), width=2 + nth // 2)


def table(wall: Colour, cloth: Colour, cup: Colour, tea: Colour = (124, 146, 62)) -> bytes:
    """A cup of tea on a table by the window, as JPEG."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), wall)
    pen = ImageDraw.Draw(picture)
    for nth in range(4):
        pen.polygon(
            [(180 + nth * 250, 0), (360 + nth * 250, 0), (220 + nth * 250, 430), (40 + nth * 250, 430)],
            fill=_mixed(wall, (255, 255, 255), 0.35),
        )
    picture = picture.filter(ImageFilter.GaussianBlur(14))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 430, WIDTH, HEIGHT), fill=cloth)
    pen.ellipse((470, 600, 860, 660), fill=_mixed(cloth, (30, 24, 20), 0.3))
    pen.polygon([(490, 380), (830, 380), (780, 610), (540, 610)], fill=cup)
    pen.ellipse((540, 585, 780, 635), fill=cup)
    pen.ellipse((490, 345, 830, 415), fill=_mixed(cup, (255, 255, 255), 0.4))
    pen.ellipse((510, 355, 810, 408), fill=tea)
    picture = picture.filter(ImageFilter.GaussianBlur(1.2))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()
