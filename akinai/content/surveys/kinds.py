"""設問の種類."""

from __future__ import annotations

from django.db import models


class Kind(models.TextChoices):
    SINGLE = "single", "1 つ選ぶ"
    MULTI = "multi", "いくつか選ぶ"
    SCALE = "scale", "段階（1〜5 など）"
    NPS = "nps", "おすすめ度（0〜10）"
    NUMBER = "number", "数"
    SHORT = "short", "短い文"
    LONG = "long", "長い文"
    DATE = "date", "日付"
    MATRIX = "matrix", "表（行ごとに 1 つ）"


CHOICES = frozenset({Kind.SINGLE, Kind.MULTI})
NUMBERS = frozenset({Kind.SCALE, Kind.NPS, Kind.NUMBER})
WRITTEN = frozenset({Kind.SHORT, Kind.LONG})
