"""動画チャンネル: films of our own and films that lie elsewhere, with chapters that show goods."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from akinai.content.models.surveys import SLUG
from akinai.core import clock
from akinai.core.search import grams_field


class VideoSeries(models.Model):
    """シリーズ."""

    slug = models.CharField("アドレス", max_length=60, unique=True, validators=[SLUG])
    title = models.CharField("シリーズ名", max_length=80)
    lead = models.CharField("紹介文", max_length=300, blank=True)
    position = models.PositiveSmallIntegerField("順番", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "シリーズ"

    def __str__(self) -> str:
        return self.title


class Video(models.Model):
    """動画. `file` is a name under the media root; `external_id` the film's id at YouTube or Vimeo."""

    class Source(models.TextChoices):
        FILE = "file", "自社のファイル"
        YOUTUBE = "youtube", "YouTube"
        VIMEO = "vimeo", "Vimeo"

    slug = models.CharField("アドレス", max_length=60, unique=True, validators=[SLUG])
    title = models.CharField("題名", max_length=100)
    lead = models.TextField("説明", blank=True)
    source = models.CharField("動画の場所", max_length=10, choices=Source)
    file = models.CharField("ファイル", max_length=120, blank=True)
    content_type = models.CharField("形式", max_length=20, blank=True)
    size_bytes = models.BigIntegerField("大きさ", default=0)
    external_id = models.CharField("動画の ID", max_length=20, blank=True)
    poster = models.CharField("表紙の画像", max_length=120, blank=True)
    seconds = models.PositiveIntegerField("長さ（秒）", default=0)
    # WebVTT as it is served to the player, and the same words to read; text alone where no times are known.
    captions = models.TextField("字幕（WebVTT）", blank=True)
    transcript = models.TextField("文字起こし", blank=True)
    series = models.ForeignKey(
        VideoSeries, models.SET_NULL, null=True, blank=True, related_name="videos", verbose_name="シリーズ"
    )
    position = models.PositiveSmallIntegerField("シリーズの中の順番", default=0)
    is_public = models.BooleanField("公開する", default=False)
    published_at = models.DateTimeField("公開日時", null=True, blank=True)
    created_at = models.DateTimeField("登録日時", default=clock.now)
    search_text = models.TextField(blank=True, editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "動画"
        constraints = [
            models.CheckConstraint(
                condition=(Q(source="file") & ~Q(file="") & Q(external_id=""))
                | (~Q(source="file") & Q(file="") & ~Q(external_id="")),
                name="video_lies_in_one_place",
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(published_at__isnull=False), name="video_public_has_its_time"
            ),
        ]
        indexes = [models.Index(fields=["is_public", "-published_at", "-id"], name="video_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def length_text(self) -> str:
        """3:25; "" where nobody told it."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}" if self.seconds else ""


class Chapter(models.Model):
    """章: from this second on, and the goods that are seen in it."""

    video = models.ForeignKey(Video, models.CASCADE, related_name="chapters", verbose_name="動画")
    second = models.PositiveIntegerField("秒")
    title = models.CharField("見出し", max_length=100)
    products = models.ManyToManyField("catalog.Product", related_name="+", blank=True, verbose_name="商品")

    class Meta:
        verbose_name = verbose_name_plural = "章"
        constraints = [models.UniqueConstraint(fields=["video", "second"], name="chapter_one_per_second")]

    def __str__(self) -> str:
        return self.title


class VideoDay(models.Model):
    """再生数 of one day."""

    video = models.ForeignKey(Video, models.CASCADE, related_name="days", verbose_name="動画")
    on = models.DateField("日")
    plays = models.PositiveIntegerField("再生数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "再生数"
        constraints = [models.UniqueConstraint(fields=["video", "on"], name="videoday_once")]

    def __str__(self) -> str:
        return f"{self.video_id} {self.on}"
