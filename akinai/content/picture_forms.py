"""画像の入力欄: what is uploaded is drawn anew before anything else looks at it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from wagtail.images.forms import BaseImageForm

from akinai.content.uploads import redrawn


class PictureForm(BaseImageForm):
    """One picture of the library."""

    def clean_file(self) -> Any:
        """The picture as it is kept. Raises ValidationError for what is none."""
        file = self.cleaned_data["file"]
        return redrawn(file) if isinstance(file, UploadedFile) else file
