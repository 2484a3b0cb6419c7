"""YouTube・Vimeo のリンク, read strictly to the id of the film: no other address ever gets into a page. Knows no database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

YOUTUBE_HOSTS = frozenset(
    {"youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com", "music.youtube.com"}
)
VIMEO_HOSTS = frozenset({"vimeo.com", "www.vimeo.com", "player.vimeo.com"})
YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
VIMEO_ID = re.compile(r"\d{6,12}")
_YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|live|v)/([A-Za-z0-9_-]{11})/?")
_VIMEO_PATH = re.compile(r"/(?:video/|channels/[\w-]+/)?(\d{6,12})/?")


class NotAVideo(ValueError):
    """No link of a film we can show; the message is Japanese."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a film lies: "youtube" or "vimeo", and its id there."""

    source: str
    video_id: str


def read(link: str) -> Place:
    """The place of a link as people copy it. Raises NotAVideo for everything else."""
    parts = urlsplit(link.strip() if "//" in link else f"https://{link.strip()}")
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or parts.username or parts.port not in (None, 80, 443):
        raise NotAVideo("YouTube か Vimeo のリンクを貼ってください。")
    found = _youtube(host, parts.path, parts.query) or _vimeo(host, parts.path)
    if found is None:
        raise NotAVideo(
            "動画の番号が読み取れません。YouTube か Vimeo の、動画のページのリンクを貼ってください。"
        )
    return found


def _youtube(host: str, path: str, query: str) -> Place | None:
    if host == "youtu.be" and YOUTUBE_ID.fullmatch(path.strip("/")):
        return Place("youtube", path.strip("/"))
    if host not in YOUTUBE_HOSTS:
        return None
    told = parse_qs(query).get("v", [""])[0] if path == "/watch" else ""
    match = _YOUTUBE_PATH.fullmatch(path)
    found = match[1] if match else told
    return Place("youtube", found) if YOUTUBE_ID.fullmatch(found) else None


def _vimeo(host: str, path: str) -> Place | None:
    match = _VIMEO_PATH.fullmatch(path) if host in VIMEO_HOSTS else None
    return Place("vimeo", match[1]) if match else None


HOSTS = {"youtube": "https://www.youtube-nocookie.com", "vimeo": "https://player.vimeo.com"}


def embed(source: str, video_id: str, second: int = 0) -> str:
    """The address of the frame, without cookies where the service offers that. Begins at `second`."""
    if source == "youtube":
        return f"{HOSTS[source]}/embed/{video_id}?autoplay=1&rel=0&start={second}"
    return f"{HOSTS[source]}/video/{video_id}?autoplay=1&dnt=1#t={second}s"


def page(source: str, video_id: str) -> str:
    """The film at its own place, for who would rather go there."""
    return (
        f"https://www.youtube.com/watch?v={video_id}"
        if source == "youtube"
        else f"https://vimeo.com/{video_id}"
    )
