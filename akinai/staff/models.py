"""担当者."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class Staff(AbstractUser):
    """担当者. Roles are Django groups, filled from `roles.ROLES` after every migration."""

    display_name = models.CharField("表示名", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "担当者"

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """The name by which the page editor speaks of somebody."""
        return str(self)
