"""`akinai demo`: 見本の会社を用意する."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from akinai.core import events
from akinai.flows.open_demo_shop import PASSWORD, STAFF, open_demo_shop


class Command(BaseCommand):
    help = "見本の会社（担当者・商品・在庫・受注）を用意します。すでに自社情報があれば何もしません"

    def handle(self, *args: Any, **options: Any) -> None:
        if not open_demo_shop():
            self.stdout.write("自社情報がすでにあるので、何もしませんでした。")
            return
        events.drain()
        names = "、".join(f"{username}（{role}）" for username, _name, role in STAFF)
        self.stdout.write(f"見本の会社を用意しました。担当者: {names}、パスワードはすべて {PASSWORD}")
