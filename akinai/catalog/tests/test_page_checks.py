"""商品ファイルの確認: what a mall would refuse is listed by line and column before anything is downloaded."""

from __future__ import annotations

import pytest

from akinai.catalog.page_checks import problems
from akinai.catalog.ports import Limit


@pytest.mark.parametrize(
    ("text", "limit", "encoding", "words"),
    [
        ("あ" * 64, Limit(bytes=128), "cp932", []),
        ("あ" * 64 + "a", Limit(bytes=128), "cp932", ["129バイトあります（128バイト＝全角64文字まで）"]),
        ("abc", Limit(chars=2), "utf-8", ["3文字あります（2文字まで）"]),
        ("", Limit(is_required=True), "utf-8", ["必須です"]),
        ("", Limit(chars=2), "utf-8", []),
        ("お茶😀𠮷", Limit(), "cp932", ["「😀」「𠮷」"]),
        ("お茶😀", Limit(), "utf-8", []),
        ("ﾁｬ①髙㈱", Limit(is_plain=True), "cp932", ["「ﾁ」「ｬ」「①」「髙」「㈱」"]),
        ("茶（大）ー～", Limit(is_plain=True), "cp932", []),
        ("A_1", Limit(pattern=r"[a-z0-9_]+", says="英小文字だけ"), "utf-8", ["英小文字だけ"]),
        ("赤|青", Limit(forbidden="|"), "utf-8", ["「|」"]),
        ("1行\n2行", Limit(), "utf-8", ["1行にしてください"]),
        ("1行\n2行\t", Limit(has_lines=True), "utf-8", []),
        ("a\x00b", Limit(has_lines=True), "utf-8", ["制御文字"]),
    ],
)  # fmt: skip
def test_each_rule_says_what_is_wrong(text: str, limit: Limit, encoding: str, words: list[str]) -> None:
    found = list(problems(text, limit, encoding))
    assert len(found) == len(words) and all(
        word in message for word, message in zip(words, found, strict=True)
    )
