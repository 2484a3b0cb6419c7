"""Rows that are gathered are the rows that were asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Exists, OuterRef

from akinai.core import clock
from akinai.core.gathering import gather
from akinai.core.models import Activity, OutgoingMail, Try

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
