"""商品ファイルの確認: what a mall would refuse is listed by line and column before anything is downloaded."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from akinai.catalog.models import PageLimit
from akinai.catalog.page_checks import problems
from akinai.catalog.ports import Limit
from akinai.catalog.tests.factories import make_sku
from tests.cast import staff


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
        ("<b>茶</b><br>", Limit(tags=("br",)), "utf-8", ["<b>。使えるのは br だけです"]),
        ("<BR/>茶 <3", Limit(tags=("br",)), "utf-8", []),
        ("<script>x</script>", Limit(tags=()), "utf-8", ["使えないHTMLタグがあります: <script>。"]),
        ("<p>茶</p>", Limit(), "utf-8", []),
        ("a\x00b", Limit(has_lines=True), "utf-8", ["制御文字"]),
    ],
)  # fmt: skip
def test_each_rule_says_what_is_wrong(text: str, limit: Limit, encoding: str, words: list[str]) -> None:
    found = list(problems(text, limit, encoding))
    assert len(found) == len(words) and all(
        word in message for word, message in zip(words, found, strict=True)
    )


@pytest.mark.django_db
def test_the_shop_changes_what_a_mall_takes_and_takes_it_back(client: Client) -> None:
    client.force_login(staff("田中"))
    make_sku("t-1", name="茶" * 100, status="active")
    pages = f"{reverse('catalog:pages')}?format=yahoo"
    assert "200バイトあります（150バイト" in client.get(pages).content.decode()
    edit = f"{reverse('catalog:edit_page_limit')}?format=yahoo&column=name"
    assert client.get(edit).status_code == 200
    told = {"chars": "", "bytes": "200", "is_plain": "", "tags": ""}
    assert client.post(edit, told)["Location"] == reverse("catalog:page_limits")
    assert "200バイトあります" not in client.get(pages).content.decode()
    assert "自社の決まり" in client.get(reverse("catalog:page_limits")).content.decode()
    client.post(edit, {**told, "bytes": ""})
    assert not PageLimit.objects.exists()
    assert client.post(edit, {**told, "tags": "<b>"}).status_code == 422


@pytest.mark.django_db
def test_limits_are_not_for_strangers(client: Client) -> None:
    client.force_login(staff("部外者"))
    edit = f"{reverse('catalog:edit_page_limit')}?format=yahoo&column=name"
    assert client.post(edit, {"bytes": "9"}).status_code == 403
    assert client.get(reverse("catalog:page_limits")).status_code == 403
    assert not PageLimit.objects.exists()
