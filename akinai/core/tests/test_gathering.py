"""Rows that are gathered are the rows that were asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Exists, F, OuterRef

from akinai.core import clock
from akinai.core.gathering import counts, gather
from akinai.core.models import Activity, OutgoingMail, Try
from tests import cast

pytestmark = pytest.mark.django_db


def fields(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_what_is_gathered_is_what_would_have_been_read_one_by_one(django_assert_num_queries: Any) -> None:
    now = clock.now()
    for n, word in enumerate(("一", "'\"\\ \n", "三")):
        Try.objects.create(key=f"{n}", since=now - timedelta(hours=n), count=n)
        Activity.objects.create(
            subject_type="x", subject_id=n, verb="v", summary=word, data={"数": [n, 1.5, None]}
        )
    asked = [Try.objects.order_by("-key")[:2], Activity.objects.order_by("pk"), OutgoingMail.objects.all()]
    with django_assert_num_queries(1):
        found = gather(*asked)
    for rows, one in zip(found, asked, strict=True):
        assert [fields(row) for row in rows] == [fields(row) for row in one]


def test_what_is_annotated_comes_along_and_what_is_empty_asks_nothing_of_its_own() -> None:
    Try.objects.create(key="a", since=clock.now())
    later = Try.objects.filter(pk__gt=OuterRef("pk"))
    rows, none = gather(Try.objects.annotate(has_later=Exists(later)), Try.objects.filter(pk__in=[]))
    assert (rows[0].has_later, none) == (False, [])


def test_joined_rows_and_values_are_gathered_too(django_assert_num_queries: Any) -> None:
    person = cast.staff("佐藤")
    for n, actor in enumerate((person, None)):
        Activity.objects.create(subject_type="x", subject_id=n, verb="v", summary=f"{n}", actor=actor)
    rows = Activity.objects.select_related("actor").order_by("pk")
    told = Activity.objects.annotate(more=F("subject_id") + 1).order_by("-pk")
    with django_assert_num_queries(1):
        found, at, words = gather(rows, told.values("at", "more"), told.values_list("summary", flat=True))
        names = [(row.summary, row.actor and row.actor.pk) for row in found]
    assert names == [("0", person.pk), ("1", None)]
    assert at == list(told.values("at", "more")) and words == ["1", "0"]


def test_counts_are_those_of_each_question(django_assert_num_queries: Any) -> None:
    for n in range(3):
        Try.objects.create(key=f"{n}", since=clock.now())
    asked = [
        Try.objects.order_by("-key"),
        Try.objects.filter(key__in=[]),
        Try.objects.filter(key="1"),
        Try.objects.all()[:2],
    ]
    with django_assert_num_queries(1):
        assert counts(*asked) == [3, 0, 1, 2]
