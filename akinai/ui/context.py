"""What every office page gets (画面の枠): menu, theme, the person. Computed only when a template asks."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest

from akinai.ui import navigation, trail

THEMES = {"light": "light", "dark": "dark"}


class Shell:
    """The frame around one page."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def sections(self) -> list[navigation.Section]:
        return navigation.sections(self.request)

    @cached_property
    def keys(self) -> list[navigation.Link]:
        """Menu lines with a letter, for the help overlay."""
        return [link for section in self.sections for link in section.links if link.item.key]

    @property
    def bottom(self) -> list[navigation.Link]:
        """The first lines of the phone's bottom bar: home and the two busiest papers."""
        found = {link.item.key: link for link in self.keys}
        return [found[key] for key in ("h", "o", "s") if key in found]

    @property
    def theme(self) -> str:
        """ "light", "dark", or "" to follow the machine."""
        return THEMES.get(self.request.COOKIES.get("theme", ""), "")

    @cached_property
    def trail(self) -> trail.Trail | None:
        """The page this person came from on an errand, and goes back to."""
        return trail.of(self.request)

    @property
    def is_narrow(self) -> bool:
        """Did the person fold the menu away?"""
        return self.request.COOKIES.get("nav") == "narrow"


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}
