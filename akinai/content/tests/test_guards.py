"""番人: what each door of the content keeps out, one sentence each."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from PIL import Image
from wagtail.models import Page

from akinai.catalog import services as catalog
from akinai.catalog.services.prices import Plan
from akinai.content import effect_services, uploads
from akinai.content.models import (
    HelpfulVote,
    Invitation,
    ProductQuestion,
    ReleaseItem,
    Review,
    Storefront,
    SurveyQuestion,
    SurveyResponse,
)
from akinai.content.pictures import TAKEN
from akinai.content.reviews import public as review_pages
from akinai.content.reviews import queries as review_queries
from akinai.content.reviews import services as reviews
from akinai.content.services import publishing, releases, writing
from akinai.content.surveys import editing, people, results, services
from akinai.content.surveys import public as survey_pages
from akinai.content.surveys.errors import SurveyClosed
from akinai.content.surveys.given import Given
from akinai.content.surveys.people import Who
from akinai.content.templatetags.effect import beacon
from akinai.content.tests import voices, writers
from akinai.content.videos import files
from akinai.core import clock, pictures
from akinai.core.errors import ChangedMeanwhile, DomainError
from tests import cast

pytestmark = pytest.mark.django_db
URL = "/surveys/autumn/"
FIRST = {"shown": "q1", "q-q1": "o1"}


def _as(role: str) -> Client:
    client = Client()
    client.force_login(writers.staff(f"人 {role}", role), backend="akinai.staff.backends.StaffBackend")
    return client


# アンケート
def test_a_survey_is_answered_neither_before_it_begins_nor_by_whom_it_is_not_meant_for(
    client: Client,
) -> None:
    survey = voices.survey(opens_at=clock.now() + timedelta(hours=1), audience="members")
    with pytest.raises(SurveyClosed, match="まだ始まっていません"):
        services.keep(survey, Who("c1", 1, is_member=True), {})
    with clock.told(clock.now() + timedelta(hours=2)):
        with pytest.raises(SurveyClosed, match="会員の方"):
            services.keep(survey, Who("a1"), {})
        assert client.post(f"{URL}?page=1", FIRST).status_code == 403
    assert not SurveyResponse.objects.exists()


def test_an_answer_begun_in_time_is_not_sent_after_the_closing() -> None:
    survey = voices.survey(closes_at=clock.now() + timedelta(hours=1))
    services.keep(survey, Who("a1"), {"q1": Given(("o1",)), "q3": Given(("9",), 9)})  # type: ignore[arg-type]
    with clock.told(clock.now() + timedelta(hours=2)), pytest.raises(SurveyClosed):
        services.finish(survey, Who("a1"))
    assert SurveyResponse.objects.get().state == "draft"


def test_the_link_of_a_mail_is_good_for_120_days(monkeypatch: pytest.MonkeyPatch) -> None:
    voices.tea()
    token = people.token_for(voices.left().pk, "survey:1")
    assert people.by_token(token, "survey:1") is not None
    monkeypatch.setattr(people, "VALID", timedelta(seconds=-1))
    assert people.by_token(token, "survey:1") is None


def test_nobody_is_taken_for_another_by_a_cookie_of_his_own_making(client: Client) -> None:
    voices.survey()
    client.cookies[people.COOKIE] = "c1"
    client.post(f"{URL}?page=1", FIRST)
    assert SurveyResponse.objects.get().person_key.startswith("a")
    signed = people.Who("a-known")
    answer: Any = ContentFile(b"")
    answer.set_signed_cookie = lambda name, value, **told: client.cookies.__setitem__(name, value)
    people.remember(answer, signed)
    assert client.cookies[people.COOKIE].value == "a-known"  # without its signature it is worth nothing
    client.post(f"{URL}?page=1", FIRST)
    assert not SurveyResponse.objects.filter(person_key="a-known").exists()


def test_a_draft_is_seen_and_tried_by_who_may_change_it_and_its_trials_do_not_count(client: Client) -> None:
    survey = voices.survey()
    survey.__class__.objects.update(state="draft")
    assert client.get(URL).status_code == client.get(f"{URL}?trial=1").status_code == 404
    assert _as("倉庫").get(f"{URL}?trial=1").status_code == 404
    desk = Client()
    desk.force_login(cast.staff("田中"))
    desk.post(f"{URL}?trial=1&page=1", FIRST)
    desk.post(f"{URL}?trial=1&page=2", {"shown": "q3", "q-q3": "9"})
    assert SurveyResponse.objects.get().is_test
    assert [one.answered for one in results.of(survey, results.Narrowed()) if one.question.code == "q1"] == [
        0
    ]
    assert client.post(f"{URL}again/").status_code == 404 and SurveyResponse.objects.count() == 1
    desk.post(f"{URL}again/?trial=1")
    assert SurveyResponse.objects.count() == 0


def test_a_trial_throws_away_nobody_elses_answer() -> None:
    survey = voices.survey()
    services.keep(survey, Who("a1"), {"q1": Given(("o1",))})
    services.forget_trial(survey, Who("a1"))
    assert SurveyResponse.objects.count() == 1


def test_machines_and_floods_leave_no_answers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    voices.survey()
    assert client.post(f"{URL}?page=1", {**FIRST, "website": "x"}).status_code == 403
    monkeypatch.setattr(survey_pages, "MOST_POSTS", 1)
    assert client.post(f"{URL}?page=1", FIRST).status_code == 302
    assert Client().post(f"{URL}?page=1", FIRST).status_code == 403
    assert SurveyResponse.objects.count() == 1


def test_the_database_knows_a_person_and_an_invitation_once() -> None:
    voices.tea()
    order, survey = voices.left(), voices.survey()
    for row in (
        lambda: SurveyResponse(survey=survey, person_key="c1"), lambda: Invitation(survey=survey, order=order, person_key="c1"),
        lambda: Invitation(order=order, person_key="c1"),
    ):  # fmt: skip
        row().save()
        with pytest.raises(IntegrityError), transaction.atomic():
            row().save()


def test_what_was_answered_and_is_no_longer_asked_is_not_sent() -> None:
    survey = voices.survey()
    services.keep(survey, Who("a1"), {"q1": Given(("o2",)), "q2": Given(number=3), "q3": Given(("9",), 9)})  # type: ignore[arg-type]
    SurveyQuestion.objects.filter(code="q2").update(
        condition={"all": [{"q": "q1", "op": "is", "value": "o1"}]}
    )
    done = services.finish(survey, Who("a1"))
    assert set(done.answers.values_list("question__code", flat=True)) == {"q1", "q3"}


def test_a_survey_whose_condition_looks_ahead_does_not_open() -> None:
    survey = voices.survey()
    editing.close_survey(survey, by=None)
    SurveyQuestion.objects.filter(code="q1").update(condition={"all": [{"q": "q3", "op": "answered"}]})
    with pytest.raises(DomainError, match="より前の設問だけ"):
        editing.open_survey(survey, by=None)
    SurveyQuestion.objects.filter(code="q1").update(condition={"any": []})
    with pytest.raises(DomainError, match="条件が 1 つもない"):
        editing.open_survey(survey, by=None)


# ページと公開の束
def _bundle(**told: Any) -> Any:
    cast.company()
    release = releases.create(name="歳末", at=clock.now() + timedelta(days=1), memo="", by=None)
    for kind, value in told.items():
        releases.add_item(release, kind=kind, **value, by=None)
    return release


def _due(release: Any) -> Any:
    return release.due_at + timedelta(seconds=1)


def test_only_who_publishes_plans_and_rolls_back_a_bundle() -> None:
    release = releases.schedule(
        _bundle(announcement={"told": {"text": "歳末の市"}}), acknowledged=False, by=None
    )
    where = f"/office/content/releases/{release.number}"
    assert _as("編集").post(f"{where}/act/withdraw/").status_code == 403
    releases.apply_due(_due(release))
    assert _as("編集").post(f"{where}/act/roll_back/").status_code == 403
    assert Storefront.objects.get().announcement == "歳末の市"
    _as("店長").post(f"{where}/act/roll_back/")
    assert Storefront.objects.get().announcement == ""


def test_a_warned_word_in_a_bundle_is_planned_only_by_who_has_seen_it() -> None:
    release = _bundle(announcement={"told": {"text": "無添加のお菓子"}})
    with pytest.raises(DomainError, match="確認が必要"):
        releases.schedule(release, acknowledged=False, by=None)
    assert releases.schedule(release, acknowledged=True, by=None).state == "waiting"


def test_a_page_that_was_written_on_since_it_was_put_in_is_put_in_again_first() -> None:
    cast.company()
    page = writers.feature("歳末", publish=False)
    release = _bundle(page={"page_id": page.pk})
    writing.rewrite_page(page.pk, lead="書き直し", by=None, publish=False)
    with pytest.raises(DomainError, match="書き直されています"):
        releases.schedule(release, acknowledged=False, by=None)


def test_a_bundle_does_not_cross_a_planned_price() -> None:
    cast.company()
    sku = writers.goods("TEA-1", price=1080).skus.get()
    release = _bundle(prices={"told": {"prices": [[sku.pk, sku.code, 980]]}})
    start = release.due_at - timedelta(hours=1)
    catalog.schedule_prices([Plan(sku, 900)], starts_at=start, ends_at=None, reason="新春", by=None)
    with pytest.raises(DomainError, match="価格の予約"):
        releases.schedule(release, acknowledged=False, by=None)


def test_a_bundle_is_not_rolled_back_over_a_page_or_a_band_that_was_changed_since() -> None:
    cast.company()
    page = writers.feature("歳末", publish=False)
    release = _bundle(page={"page_id": page.pk}, announcement={"told": {"text": "歳末の市"}})
    releases.schedule(release, acknowledged=False, by=None)
    releases.apply_due(_due(release))
    Storefront.objects.update(announcement="別の帯")
    with pytest.raises(ChangedMeanwhile, match="帯"):
        releases.roll_back(release, by=None)
    Storefront.objects.update(announcement="歳末の市")
    writing.rewrite_page(page.pk, lead="あとから", by=None)
    with pytest.raises(ChangedMeanwhile, match="公開し直されています"):
        releases.roll_back(release, by=None)
    assert Page.objects.get(pk=page.pk).live and Storefront.objects.get().announcement == "歳末の市"


def test_the_database_lets_one_waiting_bundle_have_a_page() -> None:
    cast.company()
    page = writers.feature("歳末", publish=False)
    _bundle(page={"page_id": page.pk}), _bundle(page={"page_id": page.pk})
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseItem.objects.update(is_waiting=True)


def test_a_page_does_not_leave_before_its_end() -> None:
    cast.company()
    page = writers.feature("歳末")
    Page.objects.filter(pk=page.pk).update(expire_at=clock.now() + timedelta(hours=1))
    assert publishing.run_due() == 0 and Page.objects.get(pk=page.pk).live


def test_a_page_of_another_moment_is_shown_to_writers_alone() -> None:
    cast.company()
    where = f"/office/content/pages/{writers.feature('歳末', publish=False).pk}/look/page/"
    assert _as("受注").get(where).status_code == 403
    assert _as("編集").get(where).headers["Cache-Control"] == "private, no-store"


def test_the_loose_policy_of_the_editor_stands_on_its_own_screens_alone() -> None:
    cast.company()
    client = _as("編集")
    assert "'unsafe-inline'" in client.get("/cms/").headers["Content-Security-Policy"]
    for page in ("/", "/office/content/pages/", "/surveys/none/"):
        policy = client.get(page).headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy and "nonce-" in policy, page


# レビューと質問
def _review(state: str = "waiting") -> Review:
    voices.tea()
    who = people.of_order(voices.left().pk)
    (buy,) = review_queries.bought(who)
    review, _coupon = reviews.post(
        buy.product.pk, reviews.Written(5, "", "香りがよいお茶でした。", "茶々"), who=who
    )
    Review.objects.filter(pk=review.pk).update(state=state, published_at=clock.now())
    return Review.objects.get(pk=review.pk)


def test_a_review_that_is_not_public_helps_nobody(client: Client) -> None:
    review = _review()
    assert client.post(f"/reviews/helpful/{review.pk}/").status_code == 404
    assert not reviews.vote(review.pk, who=Who("a1"))
    assert not HelpfulVote.objects.exists() and Review.objects.get().helpful == 0


def test_only_who_may_moderate_publishes_and_hides() -> None:
    review = _review()
    for act in ("publish", "hide"):
        assert (
            _as("受注").post(f"/office/content/reviews/{review.pk}/{act}/", {"reason": "x"}).status_code
            == 403
        )
    assert Review.objects.get().state == "waiting"


def test_many_reviews_of_one_address_are_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    product, order = voices.tea(), voices.left()
    client.get(f"/reviews/link/{people.token_for(order.pk, 'reviews')}/")
    monkeypatch.setattr(review_pages, "MOST_REVIEWS", 0)
    told = {"stars": "4", "text": "香りがよいお茶でした。", "nickname": "茶々"}
    assert client.post(f"/reviews/write/{product.number}/", told).status_code == 422
    assert not Review.objects.exists()


def test_a_machine_that_asks_learns_nothing_and_leaves_nothing(client: Client) -> None:
    product = voices.tea()
    told = {"text": "何煎まで飲めますか。", "website": "x"}
    answer = client.post(f"/reviews/ask/{product.number}/", told)
    assert answer.status_code == 200 and not ProductQuestion.objects.exists()


def test_after_a_vote_nobody_is_sent_to_another_site(client: Client) -> None:
    review = _review("published")
    for wished in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        answer = client.post(f"/reviews/helpful/{review.pk}/", {"back": wished})
        assert answer.headers["Location"].startswith("/reviews/"), wished


# 計測とアップロード
def test_a_visitor_cannot_be_found_by_who_does_not_know_the_salt_and_a_cart_stands_nowhere() -> None:
    mark = effect_services.visitor_mark("192.0.2.1", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    effect_services._salts.clear()
    effect_services.DaySalt.objects.all().delete()
    again = effect_services.visitor_mark("192.0.2.1", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    effect_services._salts.clear()
    assert mark != again and len(mark) == 32
    assert "0123456789abcdef" not in effect_services.cart_mark("0123456789abcdef" * 2)


def test_pages_whose_address_would_say_who_reads_bear_no_script() -> None:
    for path, is_told in (
        ("/cart/", True),
        ("/mypage/reset/secret/", False),
        ("/checkout/done/secret/", False),
    ):
        assert bool(beacon({"request": RequestFactory().get(path)})) is is_told, path


def _drawn(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("1" if kind == "PNG" else "RGB", size).save(out, kind)
    return out.getvalue()


def test_pictures_of_other_kinds_and_of_too_many_points_are_refused() -> None:
    with pytest.raises(ValidationError, match="読めません"):
        uploads.redrawn(ContentFile(_drawn("TIFF"), "x.png"))
    with pytest.raises(DomainError, match="読めません"):
        pictures.opened(_drawn("GIF"), "x.png", TAKEN)
    big = _drawn("PNG", (1000, 1000))
    assert pictures.opened(big, "x.png", replace(TAKEN, most_pixels=1_000_000)).size == (1000, 1000)
    with pytest.raises(DomainError, match="画素数が多すぎます"):
        pictures.opened(big, "x.png", replace(TAKEN, most_pixels=999_999))
    with pytest.raises(DomainError, match="大きすぎます"):
        pictures.opened(big, "x.png", replace(TAKEN, most_bytes=len(big) - 1))


def test_a_film_that_is_too_big_is_not_kept(
    settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    film = SimpleUploadedFile("film.mp4", b"\0\0\0\x18ftypisom" + b"\0" * 64, content_type="video/mp4")
    monkeypatch.setattr(files, "MAX_BYTES", 60)
    with pytest.raises(DomainError, match="大きすぎます"):
        files.keep(film)
    assert not list(tmp_path.rglob("*.*"))


@pytest.mark.parametrize(
    ("name", "data", "taken"),
    [
        ("a.pdf", b"%PDF-1.7\n%%EOF", True), ("a.pdf", b"MZ\0\0 a program", False), ("a.xlsx", b"PK\x03\x04", True),
        ("a.docx", b"<html><script>", False), ("a.csv", "商品,数\n".encode("cp932"), True), ("a.txt", b"\x7fELF\0\0", False),
        ("a.csv", "商品,数".encode("utf-16"), True),
    ],
)  # fmt: skip
def test_a_paper_is_what_its_name_says(name: str, data: bytes, taken: bool) -> None:
    from django.core.exceptions import ValidationError
    from django.core.files.uploadedfile import SimpleUploadedFile

    from akinai.content.models import Paper

    paper = Paper(title="資料", file=SimpleUploadedFile(name, data))
    if taken:
        paper.clean()
    else:
        with pytest.raises(ValidationError, match="保存し直してください"):
            paper.clean()
