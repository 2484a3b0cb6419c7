"""画像・資料のライブラリ: what editors upload once and use on many pages."""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class Picture(AbstractImage):
    """画像. `description` (Wagtail's own) is what it shows, for those who cannot see it."""

    credit = models.CharField("撮影・提供", max_length=100, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = verbose_name_plural = "画像"
        permissions = [("choose_picture", "画像を選べる"), ("export_editor", "編集画面の一覧を書き出せる")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A file that has just come is drawn anew before it is kept. Raises ValidationError when it is no picture."""
        file: Any = self.file  # type: ignore[has-type]
        if file and not file._committed and not getattr(file.file, "is_redrawn", False):
            from akinai.content.uploads import redrawn

            self.file = redrawn(file.file)
            self._set_image_file_metadata()
        super().save(*args, **kwargs)

    @property
    def default_alt_text(self) -> str:
        return self.description or self.title


class Rendition(AbstractRendition):
    """画像の大きさ違い, drawn when first asked for."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        verbose_name = verbose_name_plural = "画像の大きさ違い"
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_once")
        ]


class Paper(AbstractDocument):
    """資料: a file to read or download (PDF, Excel)."""

    admin_form_fields = Document.admin_form_fields

    def clean(self) -> None:
        """A file is what its name says. Raises ValidationError for a program that is called a paper."""
        super().clean()
        file: Any = self.file
        if file and not file._committed:
            from akinai.content.uploads import refuse_disguised

            refuse_disguised(file.file, file.name)

    class Meta(AbstractDocument.Meta):
        verbose_name = verbose_name_plural = "資料"
        permissions = [("choose_paper", "資料を選べる")]
