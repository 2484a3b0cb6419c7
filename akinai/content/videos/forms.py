"""動画の forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from akinai.content import pictures
from akinai.content.models import Video, VideoSeries
from akinai.content.videos import captions, chapters, files, links, queries
from akinai.content.videos.services import POSTER_SIDE
from akinai.core.errors import DomainError
from akinai.ui.forms import QuantityField

CAPTION_BYTES = 1024 * 1024


class VideoForm(forms.ModelForm):
    """動画: a file of our own, or a link."""

    film = forms.FileField(
        label="動画のファイル", required=False, help_text="mp4 か webm、300MB まで。",
        widget=forms.ClearableFileInput(attrs={"accept": "video/mp4,video/webm"}),
    )  # fmt: skip
    link = forms.CharField(
        label="YouTube・Vimeo のリンク", required=False, max_length=300,
        help_text="再生を押すまで、YouTube や Vimeo には何も送りません。",
    )  # fmt: skip
    picture = forms.FileField(
        label="表紙の画像", required=False, help_text="再生の前に表示します。JPEG・PNG・WebP。",
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip
    caption_file = forms.FileField(
        label="字幕のファイル", required=False, help_text="WebVTT（.vtt）か SRT。文字起こしも、ここから作ります。",
        widget=forms.ClearableFileInput(attrs={"accept": ".vtt,.srt,text/vtt"}),
    )  # fmt: skip
    parts = forms.CharField(
        label="章と商品", required=False, widget=forms.Textarea(attrs={"rows": 6, "placeholder": "0:00 はじめに\n1:23 急須を温める | POT-001"}),
        help_text="1 行に 1 つ。「1:23 見出し | 商品コード, 商品コード」。その時刻に、商品の価格と在庫をいまの値で見せます。",
    )  # fmt: skip
    length = forms.CharField(label="長さ", required=False, max_length=8, help_text="例: 3:25")
    position = QuantityField(label="シリーズの中の順番", required=False, minimum=0, maximum=999)

    class Meta:
        model = Video
        fields = ["title", "slug", "lead", "series", "position", "transcript", "is_public"]
        widgets = {"lead": forms.Textarea(attrs={"rows": 4}), "transcript": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "slug": "公開ページのアドレスになります。例: how-to-brew",
            "transcript": "話している内容。字幕のファイルを選ぶと、その内容に入れ替わります。検索にも使います。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance
        if kept.pk:
            self.initial["parts"] = chapters.written(queries.told_chapters(kept))
            self.initial["link"] = links.page(kept.source, kept.external_id) if kept.external_id else ""
            self.initial["length"] = chapters.clock(kept.seconds) if kept.seconds else ""

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"].strip().lower()

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0

    def clean_link(self) -> links.Place | None:
        if not self.cleaned_data["link"].strip():
            return None
        try:
            return links.read(self.cleaned_data["link"])
        except links.NotAVideo as wrong:
            raise ValidationError(str(wrong)) from wrong

    def clean_parts(self) -> list[chapters.Told]:
        try:
            return chapters.read(self.cleaned_data["parts"])
        except chapters.BrokenChapters as wrong:
            raise ValidationError(str(wrong)) from wrong

    def clean_length(self) -> int:
        text = self.cleaned_data["length"].strip()
        try:
            return chapters.read(f"{text} 長さ")[0].second if text else 0
        except chapters.BrokenChapters:
            raise ValidationError("長さを 3:25 のように入力してください。") from None

    def clean_caption_file(self) -> list[captions.Cue] | None:
        upload = self.cleaned_data["caption_file"]
        if not upload:
            return None
        if upload.size > CAPTION_BYTES:
            raise ValidationError("字幕のファイルは 1MB までです。")
        try:
            cues = captions.read(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise ValidationError("字幕のファイルを UTF-8 で保存してください。") from None
        except captions.BrokenCaptions as wrong:
            raise ValidationError(str(wrong)) from wrong
        if not cues:
            raise ValidationError("字幕の時刻（00:01.000 --> 00:04.000）が 1 つもありません。")
        return cues

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kept = self.instance
        if data.get("film") and data.get("link") and not (kept.pk and kept.external_id):
            self.add_error("link", "ファイルとリンクは、どちらか 1 つにしてください。")
        if not kept.pk and not data.get("film") and not data.get("link") and "link" not in self.errors:
            self.add_error("film", "動画のファイルを選ぶか、リンクを貼ってください。")
        return data

    def _post_clean(self) -> None:
        if not self.errors:
            self._keep_files()
        super()._post_clean()  # type: ignore[misc]

    def _keep_files(self) -> None:
        """Files are kept once all the rest is right."""
        data, kept = self.cleaned_data, self.instance
        try:
            if data["film"]:
                film = files.keep(data["film"])
                kept.source, kept.external_id = Video.Source.FILE, ""
                kept.file, kept.content_type, kept.size_bytes = film.name, film.content_type, film.size
            elif data["link"]:
                kept.source, kept.external_id = data["link"].source, data["link"].video_id
                kept.file, kept.content_type, kept.size_bytes = "", "", 0
        except DomainError as refusal:
            self.add_error("film", f"{refusal.message}{refusal.way_out}")
        try:
            if data.get("picture"):
                upload = data["picture"]
                kept.poster = pictures.keep(upload.read(), upload.name, folder="videos", side=POSTER_SIDE)
        except DomainError as refusal:
            self.add_error("picture", f"{refusal.message}{refusal.way_out}")
        kept.seconds = data["length"]
        if data["caption_file"]:
            kept.captions = captions.written(data["caption_file"])
            data["transcript"] = captions.spoken(data["caption_file"])

    def validate_unique(self) -> None:
        """The service says it, with the way out."""

    def validate_constraints(self) -> None:
        """What the table asks is asked in the fields."""


class SeriesForm(forms.ModelForm):
    """シリーズ."""

    position = QuantityField(label="順番", minimum=0, maximum=999, initial=0)

    class Meta:
        model = VideoSeries
        fields = ["title", "slug", "lead", "position"]
        widgets = {"lead": forms.Textarea(attrs={"rows": 3})}

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"].strip().lower()

    def validate_unique(self) -> None:
        """The service says it, with the way out."""
