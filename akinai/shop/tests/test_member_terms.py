"""会員規約: there for everybody to read, and the words of each version for good."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from akinai.shop import order_words
from akinai.shop.member_rules import TEMPLATE, articles
from akinai.shop.models import MemberTerms, TermsText
from akinai.shop.services import consents
from akinai.shop.tests.people import member
from tests import cast

pytestmark = pytest.mark.django_db
OFFICE = "/office/shop/members/terms/"


def _told(**changes: str) -> dict[str, str]:
    told = {
        "terms_version": "1",
        "privacy_version": "1",
        "valued_yen": "50000",
        "return_days": "8",
        "words": TEMPLATE,
    }
    return told | changes


def test_the_text_as_delivered_is_on_its_page_with_the_shops_name_and_linked_from_everywhere(
    client: Client,
) -> None:
    cast.company()
    page = client.get("/terms/").content.decode()
    assert "第1条（この規約の範囲）" in page and "株式会社 見本茶舗" in page and "{店舗名}" not in page
    assert 'href="/terms/"' in client.get("/law/").content.decode()  # the foot of every page
    assert "/terms/" in client.get("/sitemaps/pages-1.xml").content.decode()
    assert client.get("/terms/?version=9").status_code == 404


def test_other_words_need_another_version_and_the_old_ones_stay_for_who_agreed_to_them(
    client: Client,
) -> None:
    cast.company()
    consents.agree(member(), takes_news=False)
    client.force_login(cast.staff("伊藤"))
    refused = client.post(OFFICE, _told(words="第1条（短い規約）\n仲よくしましょう。"))
    assert refused.status_code == 422 and "版も変えてください" in refused.content.decode()
    assert not MemberTerms.objects.filter(return_days=9).exists()
    assert client.post(OFFICE, _told(return_days="9")).status_code == 302  # the words as they were
    assert (
        client.post(
            OFFICE, _told(terms_version="2", words="第1条（短い規約）\n仲よくしましょう。")
        ).status_code
        == 302
    )
    now, before = client.get("/terms/").content.decode(), client.get("/terms/?version=1").content.decode()
    assert "仲よくしましょう" in now and "第2条" not in now
    assert "第14条（準拠法と裁判所）" in before and "いまの会員規約" in before
    again = client.post(OFFICE, _told(terms_version="1", words="第1条（別の規約）\n別です。"))
    assert again.status_code == 422 and "前に使われています" in again.content.decode()
    assert MemberTerms.objects.get().terms_version == "2"


def test_the_words_of_a_version_are_written_when_somebody_agrees_and_never_changed() -> None:
    consents.agree(member(), takes_news=False)
    consents.agree(member("b@example.com"), takes_news=False)
    kept = TermsText.objects.get()
    assert (kept.version, kept.text) == ("1", TEMPLATE)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        TermsText.objects.update(text="別の文")


def test_a_text_is_laid_out_as_articles() -> None:
    found = articles("はじめに\n\n第1条（範囲）\n一。\n第2条に当たる人。\n第２条 登録\n三。", {})
    assert [(one.heading, one.paragraphs) for one in found] == [
        ("", ("はじめに",)), ("第1条（範囲）", ("一。", "第2条に当たる人。")), ("第２条 登録", ("三。",)),
    ]  # fmt: skip


def test_the_days_for_returns_count_from_the_delivery() -> None:
    parcel: Any = SimpleNamespace(state="delivered", delivered_on=date(2026, 12, 1), shipped_at=None)
    assert order_words.returnable_until(parcel, MemberTerms(return_days=8)) == date(2026, 12, 9)
    assert order_words.returnable_until(parcel, MemberTerms(return_days=0)) is None
