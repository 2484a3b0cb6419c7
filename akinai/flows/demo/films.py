"""見本の動画: a few slides in a real film (WebM), drawn when the shop is opened. A lossy WebP picture is a key frame of VP8."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence

from PIL import Image

from akinai.flows.demo import pictures

WIDTH, HEIGHT = 640, 360
SECOND = 1000


def film(kinds: Sequence[str], *, seconds: int) -> tuple[bytes, bytes]:
    """(WebM, its first picture as PNG): each still life for so many seconds."""
    slides = [_slide(kind) for kind in kinds]
    frames = [_frame(slide) for slide in slides]
    out = io.BytesIO()
    slides[0].save(out, "PNG", compress_level=1)
    return _webm(frames, seconds * SECOND), out.getvalue()


def _slide(kind: str) -> Image.Image:
    """The drawing in the middle; wall and table go on to both sides."""
    drawn = Image.open(io.BytesIO(pictures.draw(kind))).convert("RGB").resize((HEIGHT, HEIGHT))
    picture = drawn.crop((0, 0, 2, HEIGHT)).resize((WIDTH, HEIGHT))
    picture.paste(drawn, ((WIDTH - HEIGHT) // 2, 0))
    return picture


def _frame(slide: Image.Image) -> bytes:
    """The VP8 key frame inside a lossy WebP."""
    out = io.BytesIO()
    slide.save(out, "WEBP", quality=78, method=2)
    data = out.getvalue()
    at = data.index(b"VP8 ")
    (size,) = struct.unpack("<I", data[at + 4 : at + 8])
    return data[at + 8 : at + 8 + size]


def _element(name: int, content: bytes) -> bytes:
    """EBML: id, length in eight bytes, content."""
    return name.to_bytes((name.bit_length() + 7) // 8) + (len(content) | 1 << 56).to_bytes(8) + content


def _number(name: int, value: int, width: int = 1) -> bytes:
    return _element(name, value.to_bytes(width))


def _webm(frames: Sequence[bytes], milliseconds: int) -> bytes:
    """One cluster a second, each with a whole picture, and an index, so that players may jump anywhere."""
    head = b"".join(
        [_element(0x4282, b"webm"), _number(0x4286, 1), _number(0x42F7, 1), _number(0x42F2, 4), _number(0x42F3, 8),
         _number(0x4287, 2), _number(0x4285, 2)]
    )  # fmt: skip
    whole = milliseconds * len(frames)
    info = _element(0x1549A966, _number(0x2AD7B1, 1_000_000, 3) + _element(0x4489, struct.pack(">d", whole))
                    + _element(0x4D80, b"Akinai") + _element(0x5741, b"Akinai"))  # fmt: skip
    size = _element(0xE0, _number(0xB0, WIDTH, 2) + _number(0xBA, HEIGHT, 2))
    track = _number(0xD7, 1) + _number(0x73C5, 1) + _number(0x83, 1) + _element(0x86, b"V_VP8") + size
    tracks = _element(0x1654AE6B, _element(0xAE, track))
    times = range(0, whole, SECOND)
    clusters = [_cluster(at, frames[at // milliseconds]) for at in times]
    begin = len(info) + len(tracks) + len(_cues(times, [0] * len(clusters)))
    places = [begin + sum(len(one) for one in clusters[:n]) for n in range(len(clusters))]
    return _element(0x1A45DFA3, head) + _element(
        0x18538067, info + tracks + _cues(times, places) + b"".join(clusters)
    )


def _cluster(at: int, frame: bytes) -> bytes:
    return _element(0x1F43B675, _number(0xE7, at, 4) + _element(0xA3, b"\x81\x00\x00\x80" + frame))


def _cues(times: Sequence[int], places: Sequence[int]) -> bytes:
    points = [
        _element(0xBB, _number(0xB3, at, 4) + _element(0xB7, _number(0xF7, 1) + _number(0xF1, place, 4)))
        for at, place in zip(times, places, strict=True)
    ]
    return _element(0x1C53BB6B, b"".join(points))
