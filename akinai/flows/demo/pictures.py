"""見本の商品画像: small still lifes drawn when the shop is opened, so that no picture of anybody's is needed.

Drawn at twice the size and made smaller, which gives soft edges.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageColor, ImageDraw, ImageFilter

SIDE = 480
Colour = tuple[int, int, int]
type Draw = ImageDraw.ImageDraw


def draw(kind: str) -> bytes:
    """PNG of "teapot #a4472f" and the like."""
    shape, _, name = kind.partition(" ")
    colour: Colour = ImageColor.getrgb(name)[:3]
    picture = _ground(colour)
    _shadow(picture)
    SHAPES[shape](ImageDraw.Draw(picture), colour)
    out = io.BytesIO()
    picture.reduce(2).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _mixed(a: Colour, b: Colour, share: float) -> Colour:
    return (
        round(a[0] + (b[0] - a[0]) * share), round(a[1] + (b[1] - a[1]) * share), round(a[2] + (b[2] - a[2]) * share),
    )  # fmt: skip


def _light(colour: Colour, share: float = 0.35) -> Colour:
    return _mixed(colour, (255, 255, 255), share)


def _dark(colour: Colour, share: float = 0.28) -> Colour:
    return _mixed(colour, (20, 16, 14), share)


def _ground(colour: Colour) -> Image.Image:
    """Paper-coloured wall and table, with a breath of the thing's own colour."""
    wall, table = _mixed((246, 243, 236), colour, 0.05), _mixed((229, 222, 210), colour, 0.08)
    picture = Image.new("RGB", (SIDE * 2, SIDE * 2), wall)
    ImageDraw.Draw(picture).rectangle((0, 640, SIDE * 2, SIDE * 2), fill=table)
    return picture


@cache
def _soft() -> Image.Image:
    """The shadow below everything, blurred small and made large."""
    small = Image.new("L", (SIDE // 2, SIDE // 2), 0)
    ImageDraw.Draw(small).ellipse((58, 179, 190, 201), fill=90)
    return small.filter(ImageFilter.GaussianBlur(4)).resize((SIDE * 2, SIDE * 2), Image.Resampling.BILINEAR)


def _shadow(picture: Image.Image) -> None:
    picture.paste((92, 80, 68), (0, 0), _soft())


def _pouch(d: Draw, c: Colour) -> None:
    d.polygon([(320, 230), (640, 230), (676, 760), (284, 760)], fill=c)
    d.polygon([(556, 230), (640, 230), (676, 760), (586, 760)], fill=_dark(c, 0.12))
    d.rectangle((314, 210, 646, 262), fill=_dark(c))
    d.rounded_rectangle((372, 380, 588, 640), 10, fill=(247, 243, 233))
    d.ellipse((438, 420, 522, 504), fill=_light(c, 0.25))
    for at, width in enumerate((120, 150, 96)):
        d.rounded_rectangle(
            (480 - width // 2, 536 + at * 30, 480 + width // 2, 546 + at * 30), 5, fill=(188, 178, 160)
        )


def _tin(d: Draw, c: Colour) -> None:
    d.rectangle((340, 300, 620, 740), fill=c)
    d.ellipse((340, 700, 620, 780), fill=_dark(c, 0.2))
    d.rectangle((340, 300, 620, 742), fill=c)
    d.rectangle((560, 300, 620, 742), fill=_dark(c, 0.15))
    d.rectangle((330, 250, 630, 350), fill=_dark(c))
    d.ellipse((330, 210, 630, 290), fill=_light(c, 0.18))
    d.rounded_rectangle((390, 430, 550, 650), 8, fill=(248, 244, 234))
    d.line([(470, 470), (470, 610)], fill=_dark(c), width=10)
    d.line([(430, 520), (510, 520)], fill=_dark(c), width=8)


def _box(d: Draw, c: Colour) -> None:
    d.polygon([(300, 380), (600, 340), (600, 740), (300, 770)], fill=c)
    d.polygon([(600, 340), (700, 390), (700, 720), (600, 740)], fill=_dark(c))
    d.polygon([(300, 380), (400, 410), (700, 390), (600, 340)], fill=_light(c))
    d.rounded_rectangle((350, 470, 550, 660), 8, fill=(248, 244, 234))
    d.polygon([(420, 530), (480, 530), (492, 610), (408, 610)], fill=_light(c, 0.2))
    d.line([(450, 530), (450, 492)], fill=_dark(c), width=4)


def _cookies(d: Draw, c: Colour) -> None:
    d.ellipse((240, 640, 740, 790), fill=(250, 248, 242))
    d.ellipse((270, 660, 710, 770), fill=(236, 231, 220))
    for x, y in ((330, 600), (470, 620), (560, 570), (400, 530), (480, 500)):
        d.ellipse((x, y, x + 170, y + 110), fill=_dark(c, 0.18))
        d.ellipse((x, y - 12, x + 170, y + 98), fill=c)
        for dx, dy in ((50, 30), (96, 26), (74, 56), (120, 58)):
            d.ellipse((x + dx, y + dy - 12, x + dx + 12, y + dy), fill=_light(c, 0.4))


def _cakes(d: Draw, c: Colour) -> None:
    d.rounded_rectangle((240, 700, 740, 770), 24, fill=(250, 248, 242))
    for x, y in ((280, 610), (430, 610), (580, 610), (355, 520), (505, 520)):
        d.rounded_rectangle((x, y, x + 130, y + 96), 22, fill=_dark(c, 0.2))
        d.rounded_rectangle((x, y - 14, x + 130, y + 70), 22, fill=c)
        d.rounded_rectangle((x + 20, y, x + 110, y + 18), 9, fill=_light(c, 0.3))


def _bar(d: Draw, c: Colour) -> None:
    d.rounded_rectangle((220, 700, 750, 770), 20, fill=(250, 248, 242))
    d.polygon([(270, 560), (640, 520), (700, 580), (700, 690), (330, 720), (270, 670)], fill=_dark(c))
    d.polygon([(270, 560), (640, 520), (700, 580), (330, 620)], fill=c)
    for x, y in ((380, 570), (480, 560), (570, 556)):
        d.ellipse((x, y, x + 54, y + 34), fill=(219, 176, 92))


def _teapot(d: Draw, c: Colour) -> None:
    d.arc((230, 440, 430, 700), 120, 280, fill=_dark(c), width=30)
    d.polygon([(640, 560), (780, 440), (806, 462), (690, 660)], fill=_dark(c, 0.12))
    d.ellipse((300, 430, 700, 770), fill=c)
    d.ellipse((560, 470, 690, 720), fill=_dark(c, 0.1))
    d.ellipse((390, 410, 610, 490), fill=_dark(c))
    d.ellipse((394, 396, 606, 470), fill=_light(c, 0.15))
    d.ellipse((472, 352, 528, 408), fill=_dark(c, 0.12))
    d.ellipse((360, 500, 430, 610), fill=_light(c, 0.22))


def _cup(d: Draw, c: Colour) -> None:
    d.polygon([(330, 420), (640, 420), (600, 760), (370, 760)], fill=c)
    d.polygon([(560, 420), (640, 420), (600, 760), (530, 760)], fill=_dark(c, 0.1))
    d.ellipse((370, 730, 600, 790), fill=_dark(c, 0.18))
    d.ellipse((330, 374, 640, 466), fill=_light(c, 0.5))
    d.ellipse((352, 390, 618, 456), fill=(146, 158, 84))
    d.arc((340, 500, 630, 560), 10, 170, fill=_light(c, 0.5), width=6)


def _saucer(d: Draw, c: Colour) -> None:
    for lift in (0, 44, 88, 132):
        d.ellipse((260, 640 - lift, 720, 790 - lift), fill=_dark(c, 0.3))
        d.ellipse((260, 624 - lift, 720, 774 - lift), fill=c)
    d.ellipse((330, 520, 650, 620), fill=_dark(c, 0.15))
    d.arc((300, 500, 680, 630), 190, 300, fill=_light(c, 0.4), width=6)


def _whisk(d: Draw, c: Colour) -> None:
    for at in range(-7, 8):
        d.line(
            [(480 + at * 9, 420), (480 + at * 25, 640), (480 + at * 14, 770)],
            fill=_dark(c, 0.05 * abs(at)),
            width=9,
        )
    d.rectangle((412, 210, 548, 430), fill=c)
    d.rectangle((508, 210, 548, 430), fill=_dark(c, 0.14))
    d.rectangle((404, 398, 556, 430), fill=(58, 52, 60))
    d.ellipse((412, 188, 548, 234), fill=_light(c, 0.3))


def _bottle(d: Draw, c: Colour) -> None:
    d.rounded_rectangle((370, 300, 590, 780), 46, fill=_light(c, 0.55))
    d.rounded_rectangle((388, 470, 572, 764), 34, fill=(184, 190, 108))
    d.rounded_rectangle((530, 320, 580, 760), 22, fill=_light(c, 0.35))
    d.rounded_rectangle((392, 200, 568, 316), 18, fill=c)
    d.rectangle((404, 330, 556, 440), fill=_mixed(c, (210, 210, 210), 0.5))


def _gift(d: Draw, c: Colour) -> None:
    d.polygon([(250, 500), (710, 500), (710, 770), (250, 770)], fill=(244, 239, 228))
    d.polygon([(250, 500), (320, 430), (780, 430), (710, 500)], fill=(252, 249, 242))
    d.polygon([(710, 500), (780, 430), (780, 700), (710, 770)], fill=(222, 214, 198))
    d.rectangle((440, 500, 520, 770), fill=c)
    d.polygon([(440, 500), (510, 430), (590, 430), (520, 500)], fill=_light(c, 0.2))
    d.ellipse((396, 400, 520, 470), outline=_dark(c), width=18)
    d.ellipse((508, 392, 640, 466), outline=_dark(c), width=18)


def _cloth(d: Draw, c: Colour) -> None:
    d.rounded_rectangle((270, 470, 700, 770), 90, fill=c)
    d.polygon([(420, 480), (300, 330), (380, 300), (490, 440)], fill=_light(c, 0.12))
    d.polygon([(550, 480), (690, 320), (620, 290), (490, 440)], fill=_dark(c, 0.15))
    d.ellipse((430, 420, 550, 510), fill=_dark(c))
    for x, y in ((340, 590), (430, 660), (540, 600), (620, 680), (380, 700)):
        d.ellipse((x, y, x + 26, y + 26), outline=_light(c, 0.6), width=6)


def _apron(d: Draw, c: Colour) -> None:
    d.arc((404, 170, 556, 380), 180, 360, fill=_dark(c), width=14)
    d.polygon(
        [(400, 270), (560, 270), (600, 420), (690, 440), (710, 770), (250, 770), (270, 440), (360, 420)],
        fill=c,
    )
    d.polygon([(600, 420), (690, 440), (710, 770), (640, 770)], fill=_dark(c, 0.12))
    d.line([(270, 446), (180, 500)], fill=_dark(c), width=14)
    d.line([(690, 446), (780, 500)], fill=_dark(c), width=14)
    d.rounded_rectangle((350, 540, 610, 690), 10, fill=_dark(c, 0.1))
    for row in range(4):
        for at in range(8):
            x, y = 362 + at * 30, 566 + row * 30
            d.line([(x, y), (x + 16, y)], fill=_light(c, 0.75), width=4)


SHAPES: dict[str, Callable[[Draw, Colour], None]] = {
    "pouch": _pouch, "tin": _tin, "box": _box, "cookies": _cookies, "cakes": _cakes, "bar": _bar, "teapot": _teapot,
    "cup": _cup, "saucer": _saucer, "whisk": _whisk, "bottle": _bottle, "gift": _gift, "cloth": _cloth,
    "apron": _apron,
}  # fmt: skip
