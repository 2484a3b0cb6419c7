"""条件のまとまり: whatever tree of conditions is kept, the form shows the same, and what the form says is asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from hypothesis import given as every
from hypothesis import strategies as st

from akinai.content.models import SurveyQuestion
from akinai.content.surveys import branching, showing
from akinai.content.surveys.condition_groups import TooWide, groups_of, tree_of
from akinai.content.surveys.given import Given
from akinai.content.tests import voices
from tests import cast

LEAVES = [{"q": f"q{n}", "op": "is", "value": "o1"} for n in range(1, 5)]
TREES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: (
        st.builds(lambda join, parts: {join: parts}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3))
        | inner.map(lambda one: {"not": one})
    ),
    max_leaves=8,
)  # fmt: skip


@every(TREES, st.sets(st.sampled_from(["q1", "q2", "q3", "q4"])))
def test_two_levels_say_the_same_as_any_tree(tree: dict[str, Any], said: set[str]) -> None:
    given = {code: Given(("o1",)) for code in said}
    try:
        shown = tree_of(groups_of(tree))
    except TooWide:
        return
    assert branching.holds(shown, given) == branching.holds(tree, given)


def test_a_tree_of_two_levels_is_shown_as_it_stands() -> None:
    q1, q2, q3, q4 = LEAVES
    tree = {"any": [{"all": [q1, {"not": q2}]}, {"all": [q3, q4]}]}
    assert tree_of(groups_of(tree)) == tree
    assert tree_of(groups_of({})) == {}
    assert tree_of(groups_of({"not": {"any": [q1, q2]}})) == {"all": [{"not": q1}, {"not": q2}]}


def test_a_tree_that_would_not_fit_is_refused() -> None:
    wide = {"all": [{"any": [{"all": [{"q": f"q{n}a", "op": "answered"}, {"q": f"q{n}b", "op": "answered"}]}, {"q": f"q{n}c", "op": "answered"}]} for n in range(4)]}  # fmt: skip
    with pytest.raises(TooWide):
        groups_of(wide)


@pytest.mark.django_db
def test_a_condition_in_groups_is_made_in_the_office_read_in_words_and_changed_again(client: Client) -> None:
    survey = voices.survey()
    client.force_login(cast.staff("田中"))
    last = SurveyQuestion.objects.get(code="q4")
    url = f"/office/content/surveys/{survey.pk}/questions/{last.pk}/"
    told = {
        "kind": "long", "title": last.title, "when_join": "any", "when_1_join": "all", "when_1_1": "q1=is=o2", "when_1_2": "q2=gte=",
        "when_1_2_number": "5", "when_2_join": "all", "when_2_1": "q3=lte=", "when_2_1_number": "3", "when_2_1_not": "on",
    }  # fmt: skip
    assert client.post(url, {**told, "when_1_2_number": ""}).status_code == 422
    assert client.post(url, told).status_code == 302
    last.refresh_from_db()
    assert last.condition == {
        "any": [
            {"all": [{"q": "q1", "op": "is", "value": "o2"}, {"q": "q2", "op": "gte", "value": 5}]},
            {"all": [{"not": {"q": "q3", "op": "lte", "value": 3}}]},
        ]
    }
    known = {one.code: one for one in survey.questions.all()}
    assert showing.condition_in_words(last.condition, known) == (
        "〈q1 が「いいえ」である、かつ q2 が5 以上である〉、または 〈q3 が3 以下でない〉とき"
    )
    page = client.get(url).content.decode()
    assert page.count("<details") >= 3 and "まとまり 3" in page  # one more than was filled
    assert client.post(url, {"kind": "long", "title": last.title}).status_code == 302
    last.refresh_from_db()
    assert last.condition == {}


@pytest.mark.django_db
def test_a_condition_too_wide_for_the_form_stays_until_another_is_chosen(client: Client) -> None:
    survey = voices.survey()
    parts = [{"any": [{"all": [{"q": "q1", "op": "is", "value": "o1"}, {"q": "q3", "op": "gte", "value": n}]}, {"q": "q3", "op": "lte", "value": n}]} for n in range(4)]  # fmt: skip
    SurveyQuestion.objects.filter(code="q4").update(condition={"all": parts})
    last = SurveyQuestion.objects.get(code="q4")
    client.force_login(cast.staff("田中"))
    url = f"/office/content/surveys/{survey.pk}/questions/{last.pk}/"
    assert "この画面に収まらない形" in client.get(url).content.decode()
    client.post(url, {"kind": "long", "title": "理由は"})
    last.refresh_from_db()
    assert (last.title, last.condition) == ("理由は", {"all": parts})
    client.post(url, {"kind": "long", "title": "理由は", "when_1_1": "q1=answered="})
    last.refresh_from_db()
    assert last.condition == {"all": [{"q": "q1", "op": "answered"}]}
