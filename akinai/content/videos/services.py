"""動画を載せる: films, their chapters and captions; and how often they are played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from akinai.catalog import public
from akinai.content import pictures
from akinai.content.models import Chapter, Video, VideoSeries
from akinai.content.videos import files
from akinai.content.videos.captions import Cue, spoken, written
from akinai.content.videos.chapters import Told
from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.core.kana import search_key

if TYPE_CHECKING:
    from akinai.staff.models import Staff

POSTER_SIDE = 1280
PLAYED = """
INSERT INTO content_videoday (video_id, "on", plays) VALUES (%s, %s, 1)
ON CONFLICT (video_id, "on") DO UPDATE SET plays = content_videoday.plays + 1
"""


@transaction.atomic
def save_video(video: Video, chapters: Sequence[Told], *, by: Staff | None) -> Video:
    """動画の登録・変更 with its chapters. Raises DomainError for an address that is taken and for unknown goods."""
    is_new = video.pk is None
    if video.is_public and video.published_at is None:
        video.published_at = clock.now()
    video.search_text = search_key(
        " ".join([video.title, video.lead, video.transcript, *(one.title for one in chapters)])
    )
    _save(video)
    _write_chapters(video, chapters)
    activity.record(video, "create" if is_new else "update", by=by, summary=f"動画「{video.title[:60]}」")
    return video


def add_film(
    data: bytes, *, poster: bytes, chapters: Sequence[Told], cues: Sequence[Cue], series: VideoSeries | None, by: Staff | None,
    **fields: Any,
) -> Video:  # fmt: skip
    """動画を載せる from its bytes, for who knows no tables of ours. Raises DomainError for bytes that are no film."""
    film = files.keep(SimpleUploadedFile("film", data))
    video = Video(
        source=Video.Source.FILE, file=film.name, content_type=film.content_type, size_bytes=film.size, series=series,
        poster=pictures.keep(poster, "poster", folder="videos", side=POSTER_SIDE), captions=written(cues),
        transcript=spoken(cues), **fields,
    )  # fmt: skip
    return save_video(video, chapters, by=by)


def make_series(*, by: Staff | None, **fields: Any) -> VideoSeries:
    """シリーズを作る from its fields."""
    return save_series(VideoSeries(**fields), by=by)


def _save(row: Video | VideoSeries) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise DomainError(
            f"アドレス「{row.slug}」は、すでに使われています。", way_out="別のアドレスにしてください。"
        ) from error


def _write_chapters(video: Video, chapters: Sequence[Told]) -> None:
    """The chapters anew: they have no history worth keeping."""
    goods = {
        one.code: one.pk
        for one in public.products().filter(code__in={c for one in chapters for c in one.codes})
    }
    missing = [code for one in chapters for code in one.codes if code not in goods]
    if missing:
        raise DomainError(
            f"商品コード「{missing[0]}」の、公開中の商品がありません。",
            way_out="商品の画面で、公開していることを確かめてください。",
        )
    video.chapters.all().delete()
    for one in chapters:
        made = Chapter.objects.create(video=video, second=one.second, title=one.title)
        made.products.set([goods[code] for code in one.codes])


@transaction.atomic
def remove_video(video: Video, *, by: Staff | None) -> None:
    """削除. The history keeps that it was there; the file stays on the disk until the next clean-up of the media folder."""
    activity.record(video, "remove", by=by, summary=f"動画「{video.title[:60]}」を削除しました")
    video.delete()


@transaction.atomic
def save_series(series: VideoSeries, *, by: Staff | None) -> VideoSeries:
    """シリーズの登録・変更."""
    _save(series)
    activity.record(series, "update", by=by, summary=f"シリーズ「{series.title}」")
    return series


@transaction.atomic
def remove_series(series: VideoSeries, *, by: Staff | None) -> None:
    """シリーズの削除: its films stay, without a series."""
    activity.record(series, "remove", by=by, summary=f"シリーズ「{series.title}」を削除しました")
    series.delete()


def count_play(video: Video) -> None:
    """再生 of today: one statement, however many press at once."""
    with connection.cursor() as cursor:
        cursor.execute(PLAYED, [video.pk, clock.today()])
