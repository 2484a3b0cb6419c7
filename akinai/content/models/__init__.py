"""コンテンツの表. One file per concern; everybody imports the names from here."""

from __future__ import annotations

from akinai.content.models.library import Paper, Picture, Rendition
from akinai.content.models.pages import HomePage
from akinai.content.models.storefront import Storefront

__all__ = ["HomePage", "Paper", "Picture", "Rendition", "Storefront"]
