"""操作の言葉: what the history of something says was done."""

from __future__ import annotations

import pytest

from akinai.ui import words


@pytest.mark.parametrize(
    ("room", "verb", "word"),
    [
        ("orders", "settle", "決済済み"), ("shipping", "settle", "精算"), ("purchasing", "settle", "解決"),
        ("shipping", "withdraw", "出荷指示の取消"), ("accounting", "withdraw", "出力の取消"), ("orders", "reopen", "完了の取消"),
        ("party", "merge", "名寄せ"), ("orders", "merge", "同梱"), ("billing", "sent", "送付済"), ("shipping", "deliver", "配達完了"),
        ("orders", "nobody_gave_it_a_word", "nobody_gave_it_a_word"),
    ],
)  # fmt: skip
def test_each_room_says_what_was_done_in_its_own_word(room: str, verb: str, word: str) -> None:
    assert words.verb(verb, room) == word
