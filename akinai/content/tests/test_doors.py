"""コンテンツの扉: who opens which."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from tests import cast
from tests.test_office_doors import closed_to

pytestmark = pytest.mark.django_db


def test_who_writes_lets_no_bundle_out_and_who_answers_customers_writes_nothing() -> None:
    assert closed_to("伊藤", "content") == set()
    assert closed_to("田中", "content") == {"schedule_release", "act_release"}
    writing = """
    act_release add add_item add_question add_series check_words close copy edit edit_release faults forward forwards list look move
    new_forward new_release new_word
    open page pages product_words question release releases remove remove_forward remove_item remove_question remove_series schedule_release series series_list
    settings shown video word words
    """
    assert closed_to("加藤", "content") == set(writing.split())


def test_who_only_reads_reviews_and_questions_lets_none_out() -> None:
    reads = Permission.objects.filter(codename__in=["view_review", "view_productquestion"])
    cast.staff("部外者").user_permissions.set(reads)
    closed = closed_to("部外者", "content")
    assert {"publish", "hide", "reply", "hide_question"} <= closed
    assert not {"review", "questions"} & closed
