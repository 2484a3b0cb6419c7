"""アンケート: branching without any script, one answer per person, and what was said stays as it was said."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from akinai.content import ports
from akinai.content.models import Invitation, Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from akinai.content.surveys import branching, editing, inviting, people, results, services, words
from akinai.content.surveys.errors import AlreadyAnswered, NotComplete, SurveyClosed
from akinai.content.surveys.forms import SurveyForm
from akinai.content.surveys.given import Given
from akinai.content.surveys.people import Who
from akinai.content.tests import voices
from akinai.core import clock, job_files, long_jobs
from akinai.core.errors import DomainError
from akinai.core.models import LongJob, OutgoingMail
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db
URL = "/surveys/autumn/"


def _answer(survey: Survey, key: str, *, score: int, first: bool = True, text: str = "") -> SurveyResponse:
    given = {
        "q1": Given(("o1",) if first else ("o2",)), "q3": Given((str(score),), Decimal(score)),
        **({} if first else {"q2": Given(number=Decimal(3))}), **({"q4": Given(text=text)} if text else {}),
    }  # fmt: skip
    services.keep(survey, Who(key), given)
    return services.finish(survey, Who(key))


def test_a_visitor_answers_page_by_page_and_is_asked_what_follows_from_the_answers(client: Client) -> None:
    survey = voices.survey()
    page = client.get(URL).content.decode()
    assert 'id="q-q2" data-code="q2"' in page and "hidden disabled" in page
    there = client.post(f"{URL}?page=1", {"shown": "q1", "q-q1": "o2"})
    assert there.headers["Location"] == f"{URL}?page=1#q-q2"  # nobody could see q2 before
    assert 'id="q-q2"' in client.get(f"{URL}?page=1").content.decode().split("hidden disabled")[0]
    wrong = client.post(f"{URL}?page=1", {"shown": ["q1", "q2"], "q-q1": "o2", "q-q2": "1"})
    assert wrong.status_code == 422 and "2 以上で入力してください。" in wrong.content.decode()
    there = client.post(f"{URL}?page=1", {"shown": ["q1", "q2"], "q-q1": "o2", "q-q2": "３"})
    assert there.headers["Location"] == f"{URL}?page=2"
    there = client.post(f"{URL}?page=2", {"shown": "q3", "q-q3": "9"})
    assert there.headers["Location"] == URL
    assert "ご回答ありがとうございました" in client.get(URL).content.decode()
    done = SurveyResponse.objects.get()
    assert (done.state, done.survey, done.customer_id) == ("done", survey, None)
    assert set(done.answers.values_list("question__code", "number")) == {("q1", None), ("q2", 3), ("q3", 9)}
    again = client.post(f"{URL}?page=1", {"shown": "q1", "q-q1": "o1"})
    assert again.status_code == 409 and SurveyAnswer.objects.get(question__code="q1").chosen == ["o2"]


def test_what_is_half_written_is_kept_and_what_is_no_longer_asked_is_thrown_away(client: Client) -> None:
    voices.survey()
    client.post(f"{URL}?page=1", {"shown": ["q1", "q2"], "q-q1": "o2", "q-q2": "5"})
    assert 'value="5"' in client.get(URL).content.decode()
    client.post(f"{URL}?page=1", {"shown": ["q1", "q2"], "q-q1": "o1", "q-q2": "5"})
    assert list(SurveyAnswer.objects.values_list("question__code", flat=True)) == ["q1"]
    assert SurveyResponse.objects.get().state == "draft"


def test_nothing_is_sent_before_everything_that_is_asked_is_answered() -> None:
    survey = voices.survey()
    services.keep(survey, Who("a1"), {"q1": Given(("o2",))})
    with pytest.raises(NotComplete) as refused:
        services.finish(survey, Who("a1"))
    assert (refused.value.codes, refused.value.page) == (["q2", "q3"], 1)


def test_a_closed_survey_refuses_and_keeps_nothing(client: Client) -> None:
    survey = voices.survey(closes_at=clock.now() + timedelta(days=1))
    with clock.told(clock.now() + timedelta(days=2)), pytest.raises(SurveyClosed):
        services.keep(survey, Who("a1"), {"q1": Given(("o1",))})
    editing.close_survey(survey, by=None)
    assert client.post(f"{URL}?page=1", {"shown": "q1", "q-q1": "o1"}).status_code == 403
    assert not SurveyResponse.objects.exists()


def test_a_member_and_his_link_are_one_person(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    voices.tea()
    order = voices.left()
    survey = voices.survey(audience="buyers")
    assert client.get(URL).status_code == 403
    assert client.get(f"{URL}invited/{people.token_for(order.pk, 'survey:0')}/").status_code == 404
    client.get(f"{URL}invited/{people.token_for(order.pk, f'survey:{survey.pk}')}/")
    client.post(f"{URL}?page=1", {"shown": "q1", "q-q1": "o1"})
    client.post(f"{URL}?page=2", {"shown": "q3", "q-q3": "10"})
    done = SurveyResponse.objects.get()
    assert (done.state, done.customer_id, done.order_id, done.is_repeat) == (
        "done",
        order.customer_id,
        order.pk,
        False,
    )
    me = ports.Person(f"c{order.customer_id}", order.customer_id, "青木 美咲")
    monkeypatch.setattr(ports, "_persons", [lambda request: me])
    assert Client().post(f"{URL}?page=1", {"shown": "q1", "q-q1": "o2"}).status_code == 409


def test_who_answers_gets_one_coupon(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    monkeypatch.setattr(ports, "_gifts", [lambda *told: given.append(told) or "THANKS-1"])
    survey = voices.survey(coupon_campaign="thanks")
    assert _answer(survey, "a1", score=9).coupon_code == "THANKS-1"
    with pytest.raises(AlreadyAnswered):
        services.finish(survey, Who("a1"))
    services.keep(survey, Who("t1", is_trial=True), {"q1": Given(("o1",)), "q3": Given(("9",), Decimal(9))})
    assert services.finish(survey, Who("t1", is_trial=True)).coupon_code == ""
    assert given == [("thanks", f"survey:{survey.pk}:a1", None)]


def test_only_a_coupon_that_can_be_given_is_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_gift_choices", [lambda: [("THANKS", "お礼（300円引き）")]])
    survey = voices.survey(coupon_campaign="old")
    told = {"title": "秋", "slug": "autumn", "audience": "anyone"}
    assert "old（いまは渡せません）" in str(SurveyForm(instance=survey)["coupon_campaign"])
    assert SurveyForm({**told, "coupon_campaign": "old"}, instance=survey).is_valid()
    wrong = SurveyForm({**told, "coupon_campaign": "NAI-CODE"}, instance=survey)
    assert "coupon_campaign" in wrong.errors
    survey.coupon_campaign = "thanks"  # typed before it could be chosen
    assert 'value="thanks" selected' in str(SurveyForm(instance=survey)["coupon_campaign"])


@pytest.mark.django_db(transaction=True)
def test_one_person_at_two_windows_answers_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    monkeypatch.setattr(ports, "_gifts", [lambda *told: given.append(told) or "T"])
    survey = voices.survey(coupon_campaign="thanks")
    services.keep(survey, Who("a1"), {"q1": Given(("o1",)), "q3": Given(("9",), Decimal(9))})
    answers = together(*[lambda: services.finish(survey, Who("a1"))] * 4)
    assert sum(isinstance(one, SurveyResponse) for one in answers) == 1
    assert sum(isinstance(one, AlreadyAnswered) for one in answers) == 3
    assert len(given) == 1


def test_an_answered_question_gets_a_new_version_and_the_database_guards_the_old_one() -> None:
    survey = voices.survey()
    done = _answer(survey, "a1", score=3, text="高い")
    first = SurveyQuestion.objects.get(code="q3")
    with pytest.raises(DatabaseError, match="言葉は変えられません"), transaction.atomic():
        SurveyQuestion.objects.filter(pk=first.pk).update(title="ほかの設問")
    with pytest.raises(DatabaseError, match="回答は変えられません"), transaction.atomic():
        SurveyAnswer.objects.filter(response=done).delete()
    with pytest.raises(DatabaseError, match="回答は変えられません"), transaction.atomic():
        SurveyResponse.objects.filter(pk=done.pk).update(state="draft", answered_at=None)
    first.title = "お友だちにすすめたいですか"
    saved = editing.save_question(first, begins_page=True, by=None)
    assert (saved.version, saved.code, saved.page) == (2, "q3", 2)
    old, new = [one for one in results.of(survey, results.Narrowed()) if one.question.code == "q3"][::-1]
    assert (old.is_old, old.answered, new.is_old, new.answered) == (True, 1, False, 0)


def test_a_condition_looks_back_never_ahead() -> None:
    survey = voices.survey()
    q2, q1 = (SurveyQuestion.objects.get(code=code) for code in ("q2", "q1"))
    with pytest.raises(DomainError, match="より前の設問だけ"):
        editing.move_question(q2, by=-1, who=None)
    with pytest.raises(DomainError, match="この設問を見ています"):
        editing.remove_question(q1, by=None)
    assert [one.code for one in survey.questions.order_by("position")] == ["q1", "q2", "q3", "q4"]


def test_a_hidden_question_counts_as_unanswered_for_what_hangs_on_it() -> None:
    chain = [
        SurveyQuestion(code="q1", kind="single", options=[voices.YES]),
        SurveyQuestion(
            code="q2", kind="single", options=[voices.YES], condition={"q": "q1", "op": "is", "value": "o1"}
        ),
        SurveyQuestion(code="q3", kind="short", condition={"any": [{"q": "q2", "op": "answered"}]}),
    ]
    said = {"q2": Given(("o1",))}
    assert [one.code for one in branching.asked(chain, said)] == ["q1"]
    assert [one.code for one in branching.asked(chain, {**said, "q1": Given(("o1",))})] == ["q1", "q2", "q3"]


def test_results_count_nps_and_cross_two_questions() -> None:
    survey = voices.survey()
    for at, (score, first) in enumerate([(10, True), (9, True), (8, False), (6, False), (0, False)]):
        _answer(survey, f"a{at}", score=score, first=first, text="届くのが遅かった" if score < 7 else "")
    services.keep(survey, Who("a9"), {"q1": Given(("o1",))})  # half-written: not counted
    told = {one.question.code: one for one in results.of(survey, results.Narrowed())}
    assert [(line.label, line.count, line.share) for line in told["q1"].lines] == [
        ("はい", 2, 40.0),
        ("いいえ", 3, 60.0),
    ]
    nps = told["q3"].nps
    assert nps is not None and (nps.promoters, nps.passives, nps.detractors, nps.score) == (2, 1, 2, 0)
    assert (told["q2"].average, told["q2"].answered) == (Decimal("3.00"), 3)
    assert [(word.text, word.count) for word in told["q4"].words] == [("届く", 2), ("遅い", 2)]
    table = results.crossed(survey, results.Narrowed(), told["q1"].question, told["q3"].question)
    assert table.columns == ("推奨（9〜10）", "中立（7〜8）", "批判（0〜6）")
    assert table.rows == (
        ("はい", 2, ((2, 100.0), (0, 0.0), (0, 0.0))),
        ("いいえ", 3, ((0, 0.0), (1, 33.3), (2, 66.7))),
    )


def test_results_ask_two_questions_however_many_were_answered(django_assert_num_queries: Any) -> None:
    survey = voices.survey()
    for nth in range(3):
        _answer(survey, f"v{nth}", score=9, text="渋い")
    with django_assert_num_queries(2):
        assert "q1" in {one.question.code for one in results.of(survey, results.Narrowed())}


def test_words_are_folded_however_they_are_written() -> None:
    texts = {
        1: "とても美味しかったです",
        2: "おいしいお茶でした",
        3: "オイシイ！",
        4: "配送が早くて驚いた",
        5: "はやい",
    }
    assert [(one.text, one.count) for one in words.group(texts)] == [("美味しい", 3), ("早い", 2)]
    assert words.saying("美味しい", texts) == [1, 2, 3]


def test_buyers_of_the_period_are_asked_once_by_mail(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PUBLIC_URL = "https://shop.example.jp"
    voices.tea()
    today = cast.NOW.date()
    told = {"invite_after_days": 7, "invite_from": today - timedelta(days=30)}
    survey = voices.survey(**told)
    for no, days in (("A-1", 7), ("A-2", 8), ("A-3", 6)):  # all of one buyer; the last is too young
        voices.left(no, days=days)
    voices.left("B-1", days=9, buyer=cast.somebody("B"))
    monkeypatch.setattr(ports, "_consents", [lambda mail: not mail.startswith("b@")])
    with clock.told(cast.NOW):
        assert inviting.invite_due() == 1
        assert inviting.invite_due() == 0
    sent = OutgoingMail.objects.get(key__startswith="survey:")
    assert sent.to == "aoki@example.com" and "/surveys/autumn/invited/" in sent.body
    assert Invitation.objects.filter(survey=survey).count() == 2


def test_the_csv_names_people_only_for_those_who_may_read_that(client: Client) -> None:
    survey = voices.survey()
    _answer(survey, "a1", score=3, text="=1+1")
    client.force_login(cast.staff("田中"))
    refused = client.post(f"/office/content/surveys/{survey.pk}/csv/", {"named": "1"})
    assert not LongJob.objects.exists() and refused.status_code != 500
    client.post(f"/office/content/surveys/{survey.pk}/csv/")
    job = LongJob.objects.get()
    long_jobs.run(job.pk)
    job.refresh_from_db()
    path = job_files.result_of(job)
    assert path is not None
    lines = path.read_text("utf-8-sig").splitlines()
    assert (
        lines[0].startswith("回答番号,回答日時,お客様,q1 はじめてのご利用ですか") and "氏名" not in lines[0]
    )
    assert lines[1].endswith(",,はい,,3,'=1+1")


def test_the_csv_holds_the_answers_that_the_screen_counts(client: Client) -> None:
    survey = voices.survey()
    with clock.told(clock.now() - timedelta(days=9)):
        _answer(survey, "a1", score=3)
    late = _answer(survey, "a2", score=3)
    client.force_login(cast.staff("田中"))
    since = clock.today() - timedelta(days=2)
    page = client.get(f"/office/content/surveys/{survey.pk}/results/?since={since}").text
    assert f'/office/content/surveys/{survey.pk}/csv/?since={since}"' in page
    client.post(f"/office/content/surveys/{survey.pk}/csv/?since={since}")
    assert LongJob.objects.get().ids == [late.pk]


def test_what_a_buyer_answered_stands_on_his_page_and_the_orders_for_who_may_read_it(client: Client) -> None:
    voices.tea()
    order, survey = voices.left(), voices.survey()
    who = people.of_order(order.pk)
    services.keep(
        survey, who, {"q1": Given(("o1",)), "q3": Given(("4",), Decimal(4)), "q4": Given(text="遅い")}
    )
    services.finish(survey, who)
    pages = (f"/office/customers/{order.customer.number}/", f"/office/orders/{order.number}/")  # type: ignore[union-attr]
    client.force_login(cast.staff("伊藤"))
    for page in pages:
        seen = client.get(page).content.decode()
        assert "お客様の声" in seen and "理由をお聞かせください" in seen and "遅い" in seen
    client.force_login(cast.staff("高橋"))
    for page in pages:
        assert "遅い" not in client.get(page).content.decode()
