"""レビューと質問: written by those who bought, shown as they were written, counted by the database."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client, RequestFactory
from PIL import Image

from akinai.content import ports
from akinai.content.models import (
    HelpfulVote,
    ProductQuestion,
    Review,
    ReviewPhoto,
    ReviewSettings,
    ReviewTally,
)
from akinai.content.reviews import asking, parts, queries, rules, services
from akinai.content.surveys import people
from akinai.content.surveys.people import Who
from akinai.content.tests import voices
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.party.ports import FOLLOWERS
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db


def _wrote(who: Who, *, stars: int = 5, text: str = "香りがよいお茶でした。") -> Review:
    (buy,) = queries.bought(who)
    written = services.Written(stars, "題名", text, "茶々")
    return services.post(buy.product.pk, written, who=who)[0]


def _photo(**exif: Any) -> SimpleUploadedFile:
    out = io.BytesIO()
    told = Image.Exif()
    told[0x010E] = "自宅の住所"
    Image.new("RGB", (80, 60), "green").save(out, "JPEG", exif=told)
    return SimpleUploadedFile("photo.jpg", out.getvalue(), content_type="image/jpeg")


def test_a_buyer_writes_by_the_link_of_the_mail_once(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    product, order = voices.tea(), voices.left()
    assert client.get(f"/reviews/write/{product.number}/").headers["Location"] == "/reviews/"
    client.get(f"/reviews/link/{people.token_for(order.pk, 'reviews')}/")
    assert "商品 TEA-1" in client.get("/reviews/").content.decode()
    told = {
        "stars": "4",
        "title": "おいしい",
        "text": "香りがよいお茶でした。",
        "nickname": "茶々",
        "photos": _photo(),
    }
    assert client.post(f"/reviews/write/{product.number}/", {**told, "text": ""}).status_code == 422
    assert client.post(f"/reviews/write/{product.number}/", {**told, "photos": _photo()}).status_code == 200
    review = Review.objects.get()
    assert (review.state, review.stars, review.order_id, review.buyer_key) == (
        "waiting",
        4,
        order.pk,
        f"c{order.customer_id}",
    )
    kept = (tmp_path / ReviewPhoto.objects.get().file).read_bytes()
    assert (
        kept[8:12] == b"WEBP" and "自宅".encode() not in kept and not Image.open(io.BytesIO(kept)).getexif()
    )
    client.post(f"/reviews/write/{product.number}/", told)
    with pytest.raises(DomainError, match="すでに書いて"):
        _wrote(Who(f"c{order.customer_id}", order.customer_id))
    assert Review.objects.count() == 1


def test_who_has_not_received_the_goods_writes_nothing() -> None:
    product = voices.tea()
    waiting = cast.place(cast.draft("W-1", ("TEA-1", 1, 1296)))
    for who in (Who(f"c{waiting.customer_id}", waiting.customer_id), Who("o1", None, waiting.pk), Who("a1")):
        with pytest.raises(DomainError, match="お買い上げの方だけ"):
            services.post(product.pk, services.Written(5, "", "よいお茶でした", "x"), who=who)
    assert not Review.objects.exists()


def test_a_review_is_hidden_for_a_reason_and_never_rewritten() -> None:
    voices.tea()
    order = voices.left()
    review = _wrote(people.of_order(order.pk), stars=1, text="欠けていました。")
    with pytest.raises(DomainError, match="理由"):
        services.hide(review, reason="  ", by=None)
    for change in (
        {"stars": 5},
        {"text": "最高です"},
        {"title": "x"},
        {"nickname": "y"},
        {"is_rewarded": True},
    ):
        with pytest.raises(DatabaseError, match="書き換えられません"), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**change)
    services.publish(review, by=None)
    services.hide(review, reason="電話番号が書かれている", by=None)
    review.refresh_from_db()
    assert (review.state, review.hidden_reason, review.text) == (
        "hidden",
        "電話番号が書かれている",
        "欠けていました。",
    )


def test_the_tally_follows_what_is_public() -> None:
    product = voices.tea()
    made = [
        _wrote(people.of_order(voices.left(f"N-{n}", buyer=cast.somebody(f"N{n}")).pk), stars=stars)
        for n, stars in enumerate((5, 4, 4, 1))
    ]
    assert queries.tally(product.pk).count == 0
    for review in made:
        services.publish(review, by=None)
    tally = queries.tally(product.pk)
    assert (tally.count, tally.average, tally.by_stars) == (4, 3.5, [(5, 1), (4, 2), (3, 0), (2, 0), (1, 1)])
    services.hide(made[3], reason="別の商品の内容", by=None)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.publish(made[3], by=None)
        raise ZeroDivisionError  # taken back: the tally goes back with it
    assert (queries.tally(product.pk).count, queries.tally(product.pk).average) == (3, 4.3)


@pytest.mark.django_db(transaction=True)
def test_one_person_is_helped_once_however_often_he_presses() -> None:
    voices.tea()
    review = _wrote(people.of_order(voices.left().pk))
    assert not services.vote(review.pk, who=Who("a0"))  # nobody sees it yet
    services.publish(review, by=None)
    answers = together(*[lambda: services.vote(review.pk, who=Who("a1"))] * 4)
    assert sorted(answers) == [False, False, False, True]
    services.vote(review.pk, who=Who("a2"))
    review.refresh_from_db()
    assert (review.helpful, HelpfulVote.objects.count()) == (2, 2)


def test_what_a_person_should_look_at_is_marked_and_nothing_is_decided() -> None:
    marked = rules.flags("090-1234-5678 に電話を", "血圧が下がった", own=["他社"])
    assert marked == ["電話番号", "効能の表現「血圧が下が」"]
    assert rules.flags("info@example.com", "タシャのほうが", own=["たしゃ"]) == [
        "メールアドレス",
        "リンク",
        "確認する言葉「たしゃ」",
    ]
    assert rules.flags("2026年11月24日に届いた100gの煎茶。1,080円") == []


def test_the_clerk_checks_one_after_the_other(client: Client) -> None:
    voices.tea()
    first, second = (
        _wrote(people.of_order(voices.left(f"N-{n}", buyer=cast.somebody(f"N{n}")).pk)) for n in (1, 2)
    )
    client.force_login(cast.staff("田中"))
    page = client.get("/office/content/reviews/?tab=waiting").content.decode()
    assert page.count("商品 TEA-1") >= 2
    there = client.post(f"/office/content/reviews/{first.pk}/publish/")
    assert there.headers["Location"] == f"/office/content/reviews/{second.pk}/"
    client.post(f"/office/content/reviews/{second.pk}/hide/", {"reason": "別の商品の内容"})
    assert set(Review.objects.values_list("state", "hidden_reason")) == {
        ("published", ""),
        ("hidden", "別の商品の内容"),
    }
    client.force_login(cast.staff("高橋"))
    assert client.get(f"/office/content/reviews/{first.pk}/").status_code == 403


def test_the_product_page_shows_them_with_their_rating_and_the_reward(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ports, "_gifts", [lambda *told: "THANKS"])
    ReviewSettings.objects.create(pk=1, coupon_campaign="review")
    product = voices.tea()
    review = _wrote(people.of_order(voices.left().pk), text="<script>alert(1)</script>よいお茶")
    request = RequestFactory().get("/products/x/")
    assert "まだレビューはありません" in parts.below_product(request, product)
    services.publish(review, by=None)
    services.reply(review, "ありがとうございます。", by=None)
    product = type(product).objects.get()  # another request
    drawn = parts.below_product(request, product)
    assert "お礼のクーポンをお渡ししたレビュー" in drawn and "ありがとうございます。" in drawn
    assert "<script>alert" not in drawn and "&lt;script&gt;" in drawn
    rating = parts.rating_data(request, product)
    assert (rating["aggregateRating"]["ratingValue"], rating["aggregateRating"]["reviewCount"]) == (5.0, 1)
    assert "<script>alert" in rating["review"][0]["reviewBody"] and "aggregateRating" not in drawn


def test_buyers_are_asked_for_reviews_once_per_order(settings: Any) -> None:
    settings.PUBLIC_URL = "https://shop.example.jp"
    voices.tea()
    for no, days in (("A-1", 14), ("A-2", 13), ("A-3", 30)):
        voices.left(no, days=days)
    with clock.told(cast.NOW):
        assert asking.ask_due() == 0
        ReviewSettings.objects.create(pk=1, asks=True, ask_after_days=14)
        assert asking.ask_due() == 1
        assert asking.ask_due() == 0
    with clock.told(cast.NOW + timedelta(days=1)):
        assert asking.ask_due() == 1
    assert re.search(r"https://shop\.example\.jp/reviews/link/\S+", OutgoingMail.objects.first().body)


def test_a_question_is_published_with_its_answer_and_told_to_who_asked(client: Client) -> None:
    product = voices.tea()
    url = f"/reviews/ask/{product.number}/"
    client.post(url, {"text": "水出しにも使えますか。", "website": "http://spam"})
    assert not ProductQuestion.objects.exists()
    client.post(url, {"text": "水出しにも使えますか。", "nickname": "花", "email": "hana@example.com"})
    asked = ProductQuestion.objects.get()
    assert "水出し" not in client.get(url).content.decode()
    with pytest.raises(DomainError, match="入力されていません"):
        services.answer(asked, " ", by=None)
    services.answer(asked, "はい、お使いいただけます。", by=None)
    assert "水出しにも使えますか。" in client.get(url).content.decode()
    sent = OutgoingMail.objects.get(key__startswith=f"answer:{asked.pk}:")
    assert sent.to == "hana@example.com" and "はい、お使いいただけます。" in sent.body
    services.hide_question(asked, reason="重複", by=None)
    assert "水出しにも使えますか。" not in client.get(url).content.decode()


def test_many_questions_of_one_address_are_refused(client: Client) -> None:
    url = f"/reviews/ask/{voices.tea().number}/"
    answers = [client.post(url, {"text": f"質問その {n} です。"}).status_code for n in range(7)]
    assert answers == [200] * 5 + [422] * 2 and ProductQuestion.objects.count() == 5


def test_voices_follow_a_customer_who_becomes_one_with_another() -> None:
    voices.tea()
    one, other = voices.left("A-1"), voices.left("B-1", buyer=cast.somebody("B"))
    review = _wrote(people.of_order(other.pk))
    assert one.customer_id and other.customer_id
    follower = FOLLOWERS["voices"]
    assert follower.tell(other.customer_id) == [("レビュー", "1 件")]
    moved = follower.follow(one.customer_id, other.customer_id, "", by=None)
    assert Review.objects.get(pk=review.pk).customer_id == one.customer_id
    follower.go_back(one.customer_id, other.customer_id, moved, by=None)
    assert Review.objects.get(pk=review.pk).customer_id == other.customer_id
    assert ReviewTally.objects.count() == 0


def test_what_waits_or_was_hidden_is_read_by_nobody() -> None:
    product = voices.tea()
    review = _wrote(people.of_order(voices.left().pk))
    assert list(queries.published(product.pk)) == []
    services.publish(review, by=None)
    assert list(queries.published(product.pk)) == [review]
    services.hide(review, reason="宣伝", by=None)
    assert list(queries.published(product.pk)) == []
