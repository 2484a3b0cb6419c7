"""お客様の種類: what a page may show to some and not to others. Who is looking, the shop says (`ports.keep_segments`)."""

from __future__ import annotations

from contextvars import ContextVar

from django.http import HttpRequest

from akinai.content import ports

SEGMENTS = [
    ("all", "すべての方"),
    ("guest", "会員でない方"),
    ("member", "会員の方"),
    ("first", "はじめての方"),
    ("repeat", "2 回目からの方"),
    ("valued", "お得意様"),
]
# What somebody of a kind is besides, for the preview of staff.
ALSO = {"guest": {"first"}, "repeat": {"member"}, "valued": {"member", "repeat"}}
# What staff look at in the preview: one of the keys above, or nothing where it is no preview.
pretended: ContextVar[str] = ContextVar("pretended", default="")


def is_for(whom: str, request: HttpRequest | None) -> bool:
    """May this visitor see what is for `whom`? A member who bought once is both member and repeat."""
    if whom == "all":
        return True
    if played := pretended.get():
        return whom == played or whom in ALSO.get(played, ())
    return request is not None and whom in ports.segments(request)
