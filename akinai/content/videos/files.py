"""動画のファイル: what it is, its first bytes say, never its name; kept under a digest, and sent in the parts a player asks for."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MAX_BYTES = 300 * 1024 * 1024
BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV")
TYPES = {"mp4": "video/mp4", "webm": "video/webm"}
PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@dataclass(frozen=True, slots=True)
class Kept:
    name: str
    content_type: str
    size: int


def kind_of(head: bytes) -> str:
    """ "mp4", "webm", or "" for what is neither."""
    if head[4:8] == b"ftyp" and head[8:12] in BRANDS:
        return "mp4"
    return "webm" if head[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in head[:64] else ""


def keep(upload: UploadedFile) -> Kept:
    """Keep a film under the digest of its bytes. Raises DomainError for what is no mp4 or webm, or too big."""
    told = (upload.name or "")[-60:]
    if (upload.size or 0) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise DomainError(
            f"動画「{told}」が大きすぎます（{limit}MBまで）。", way_out="短くするか、画質を下げてください。"
        )
    upload.seek(0)
    kind = kind_of(upload.read(64))
    if not kind:
        raise DomainError(
            f"「{told}」は mp4 でも webm でもありません。",
            way_out="mp4（H.264）か webm で書き出してください。",
        )
    upload.seek(0)
    folder = Path(settings.MEDIA_ROOT) / "videos"
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
        for piece in upload.chunks(PIECE):
            digest.update(piece)
            size += len(piece)
            part.write(piece)
    name = f"videos/{digest.hexdigest()[:32]}.{kind}"
    path = Path(part.name)
    path.chmod(0o644)
    path.replace(Path(settings.MEDIA_ROOT) / name)
    return Kept(name, TYPES[kind], size)


def send(request: HttpRequest, name: str, content_type: str) -> HttpResponseBase:
    """The film, or the part of it that was asked for (206); 416 for a part that is not there."""
    path = Path(settings.MEDIA_ROOT) / name
    size = path.stat().st_size
    wished = request.headers.get("Range", "")
    part = _part(wished, size) if wished else None
    if wished and part is None and _RANGE.fullmatch(wished):
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if part is None:
        response: HttpResponseBase = FileResponse(path.open("rb"), content_type=content_type)
    else:
        first, last = part
        response = StreamingHttpResponse(
            _pieces(path.open("rb"), first, last), status=206, content_type=content_type
        )
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        response.headers["Content-Length"] = str(last - first + 1)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _part(wished: str, size: int) -> tuple[int, int] | None:
    """(first, last) byte of one range; None where none can be sent."""
    match = _RANGE.fullmatch(wished.strip())
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:  # the last so many bytes
        return (max(size - int(last), 0), size - 1) if int(last) and size else None
    begin, end = int(first), min(int(last), size - 1) if last else size - 1
    return (begin, end) if begin <= end and begin < size else None


def _pieces(source: BinaryIO, first: int, last: int) -> Iterator[bytes]:
    with source:
        source.seek(first)
        left = last - first + 1
        while left > 0 and (piece := source.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
