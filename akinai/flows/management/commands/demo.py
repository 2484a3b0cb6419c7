"""`akinai demo`: 見本の会社を用意する."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from akinai.core import events
from akinai.core.management.operator import OperatorCommand
from akinai.flows.open_demo_shop import PASSWORD, STAFF, open_demo_shop


class Command(OperatorCommand):
    name = "demo"
    help = "見本の会社（担当者・商品・在庫・受注）を用意します。自社情報・商品・受注などがすでにあれば何もしません。"

    def answer(self, given: dict[str, Any]) -> Mapping[str, Any]:
        opened = open_demo_shop()
        if opened:
            events.drain()
        staff = [{"username": username, "role": str(role)} for username, _name, role in STAFF]
        return {"ok": True, "opened": opened, "staff": staff if opened else [], "errors": []}

    def tell(self, answer: Mapping[str, Any]) -> None:
        if not answer["opened"]:
            self.stdout.write("自社情報・商品・受注・担当者などがすでにあるので、何もしませんでした。")
            return
        names = "、".join(f"{one['username']}（{one['role']}）" for one in answer["staff"])
        self.stdout.write(f"見本の会社を用意しました。担当者: {names}、パスワードはすべて {PASSWORD}")
