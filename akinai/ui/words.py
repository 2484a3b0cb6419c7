"""Clerk's words for verbs of the history (操作の言葉). A room adds its own with `register`."""

from __future__ import annotations

from collections.abc import Mapping

VERBS = {
    "create": "作成", "change": "変更", "delete": "削除", "hold": "保留", "release": "保留解除", "confirm": "確認",
    "await_payment": "入金待ちへ", "await_stock": "引当待ちへ", "make_ready": "出荷待ちへ", "instruct": "出荷指示",
    "withdraw": "出荷指示の取消", "pack": "梱包", "unpack": "梱包の取消", "ship": "出荷", "deliver": "配達完了",
    "complete": "完了", "reopen": "完了の取消", "cancel": "キャンセル", "reserve": "引当", "receive": "入荷",
    "post": "計上", "reverse": "取消", "discard": "破棄", "issue": "発行", "send": "送付", "match": "消込",
    "unmatch": "消込の取消", "set_aside": "対象外", "import": "取込", "intake": "取込", "notify": "出荷通知",
    "place": "受付", "note": "メモ", "accept": "反映", "dismiss": "反映しない", "resolve": "解決", "login": "ログイン",
}  # fmt: skip
ICONS = {
    "ship": "truck", "pack": "box", "deliver": "check-circle", "hold": "pause", "release": "play", "confirm": "check",
    "cancel": "x-circle", "issue": "invoice", "send": "send", "notify": "mail", "match": "link", "unmatch": "undo",
    "reverse": "undo", "receive": "receive", "reserve": "tag", "import": "upload", "intake": "upload", "place": "inbox",
    "create": "plus", "change": "edit", "note": "chat", "instruct": "list", "withdraw": "undo", "complete": "check-circle",
}  # fmt: skip
_registered: dict[str, str] = {}
_of_room: dict[tuple[str, str], str] = {}


def register(room: str, verbs: Mapping[str, str]) -> None:
    """A room's words for its verbs. To settle a return is another word than to settle an order: each stands for its own."""
    _of_room.update({(room, name): word for name, word in verbs.items()})
    _registered.update(verbs)


def verb(name: str, room: str = "") -> str:
    """取消 for "reverse", in the words of the `room` whose page it is; the name itself when nobody gave it a word.

    What another room did to something of this one (同梱 of an order) is told in that room's word, unless all share one.
    """
    return _of_room.get((room, name)) or VERBS.get(name) or _registered.get(name, name)


def icon(name: str) -> str:
    return ICONS.get(name, "dot")
