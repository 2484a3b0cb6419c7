"""動画: what is taken for a film, what is loaded when, and which goods stand beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from akinai.content.models import Video
from akinai.content.tests import voices
from akinai.content.videos import captions, chapters, links, queries, services
from akinai.core.errors import DomainError
from tests import cast

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(200))
VTT = """WEBVTT

1
00:00:01.000 --> 00:00:02.500 align:start
<v 店長>急須を<b>温めます</b>

00:04.000 --> 00:06.000
茶葉を入れます
"""


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=10s", ("youtube", "dQw4w9WgXcQ")),
        ("youtu.be/dQw4w9WgXcQ", ("youtube", "dQw4w9WgXcQ")),
        ("https://m.youtube.com/shorts/dQw4w9WgXcQ", ("youtube", "dQw4w9WgXcQ")),
        ("https://vimeo.com/76979871", ("vimeo", "76979871")),
        ("https://player.vimeo.com/video/76979871?h=1", ("vimeo", "76979871")),
    ],
)
def test_links_are_read_to_the_id(link: str, place: tuple[str, str]) -> None:
    found = links.read(link)
    assert (found.source, found.video_id) == place


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/watch?v=dQw4w9WgXcQ", "https://www.youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://youtube.com@evil.example/embed/dQw4w9WgXcQ", "javascript:alert(1)//youtube.com", "https://vimeo.com/about",
        'https://youtu.be/dQw4w9WgXc"', "https://www.youtube.com/watch?v=dQw4w9WgXcQ%22%3E", "",
    ],
)  # fmt: skip
def test_nothing_else_gets_into_a_page(link: str) -> None:
    with pytest.raises(links.NotAVideo):
        links.read(link)


def test_captions_are_written_anew_and_read_as_text() -> None:
    cues = captions.read(VTT)
    assert captions.written(cues) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n急須を温めます\n\n00:00:04.000 --> 00:00:06.000\n茶葉を入れます\n"
    )
    assert captions.spoken(cues) == "急須を温めます茶葉を入れます"
    with pytest.raises(captions.BrokenCaptions, match="3 行目"):
        captions.read("WEBVTT\n\n0:1 --> 0:2\nx")


def test_chapters_name_the_line_that_is_wrong() -> None:
    told = chapters.read("１:２３ 急須を温める ｜ POT-001, TEA-003\n0:00 はじめに")
    assert told == [
        chapters.Told(0, "はじめに", ()),
        chapters.Told(83, "急須を温める", ("POT-001", "TEA-003")),
    ]
    with pytest.raises(chapters.BrokenChapters, match="2 行目"):
        chapters.read("0:00 はじめに\nおわりに")


@pytest.mark.django_db
def test_a_film_is_what_its_bytes_say_and_is_sent_in_parts(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    voices.tea()
    client.force_login(cast.staff("田中"))
    told = {
        "title": "淹れかた",
        "slug": "how-to",
        "is_public": "on",
        "parts": "0:01 茶葉 | TEA-1",
        "length": "0:10",
    }
    fake = SimpleUploadedFile("film.mp4", b"<html>" + MP4, content_type="video/mp4")
    assert client.post("/office/content/videos/new/", {**told, "film": fake}).status_code == 422
    assert not Video.objects.exists()
    film = SimpleUploadedFile("film.mp4", MP4, content_type="video/mp4")
    subtitle = SimpleUploadedFile("x.vtt", VTT.encode(), content_type="text/vtt")
    answer = client.post("/office/content/videos/new/", {**told, "film": film, "caption_file": subtitle})
    assert answer.status_code == 302, answer.context["form"].errors
    guest = Client()
    part = guest.get("/videos/how-to/film", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.headers["Content-Range"]) == (206, f"bytes 4-7/{len(MP4)}")
    assert b"".join(part.streaming_content) == b"ftyp"
    assert guest.get("/videos/how-to/film", headers={"Range": "bytes=9999-"}).status_code == 416
    assert b"".join(guest.get("/videos/how-to/film").streaming_content) == MP4
    page = guest.get("/videos/how-to/").content.decode()
    assert "1,296" in page and "急須を温めます" in page and '"@type":"VideoObject"' in page
    assert [one.slug for one in queries.found("茶葉を入れ")] == ["how-to"]
    for _ in range(3):
        guest.post("/videos/how-to/played/")
    assert queries.plays(Video.objects.get()) == 1


@pytest.mark.django_db
def test_another_service_is_asked_for_nothing_before_the_press(client: Client) -> None:
    cast.company()
    video = Video(
        title="工房の一日", slug="atelier", source="youtube", external_id="dQw4w9WgXcQ", is_public=True
    )
    services.save_video(video, [], by=None)
    page = client.get("/videos/atelier/")
    shown = page.content.decode()
    assert "<iframe" not in shown and 'src="https://' not in shown
    policy = page.headers["Content-Security-Policy"]
    assert "frame-src https://www.youtube-nocookie.com" in policy and "nonce-" in policy
    assert "youtube" not in client.get("/videos/").headers["Content-Security-Policy"]
    played = client.get("/videos/atelier/?play=1&t=83").content.decode()
    assert (
        'src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&amp;rel=0&amp;start=83"' in played
    )


@pytest.mark.django_db
def test_a_draft_and_unknown_goods(client: Client) -> None:
    voices.tea()
    video = Video(title="下書き", slug="draft", source="vimeo", external_id="76979871")
    with pytest.raises(DomainError, match="GONE"):
        services.save_video(video, chapters.read("0:00 はじめ | TEA-1, GONE"), by=None)
    video = Video(title="下書き", slug="draft", source="vimeo", external_id="76979871")
    services.save_video(video, chapters.read("0:00 はじめ | TEA-1"), by=None)
    assert client.get("/videos/draft/").status_code == 404
    client.force_login(cast.staff("田中"))
    assert "下書きです" in client.get("/videos/draft/").content.decode()
