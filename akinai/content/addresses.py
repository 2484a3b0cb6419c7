"""Addresses as others see them (公開のアドレス)."""

from __future__ import annotations

from django.conf import settings


def absolute(path: str) -> str:
    """https://shop.example.jp/products/…: for search engines, mails and other sites; of this machine while there is no public one."""
    return f"{(settings.PUBLIC_URL or settings.LOCAL_URL).rstrip('/')}{path}"
