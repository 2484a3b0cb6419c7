"""現在時刻: asked in one place, so a past day can be lived through."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.utils import timezone

from akinai.core import clock
from akinai.core.models import OutgoingMail

PAST = datetime(2026, 11, 2, 16, 30, tzinfo=UTC)  # already the 3rd in Japan


def test_inside_the_block_it_is_the_told_moment_and_the_day_is_japans() -> None:
    with clock.told(PAST):
        assert clock.now() == PAST
        assert clock.today().isoformat() == "2026-11-03"
        with clock.told(PAST.replace(day=1)):
            assert clock.now().day == 1
        assert clock.now() == PAST
    assert clock.now() > PAST


def test_time_goes_on_after_a_failure_inside() -> None:
    with pytest.raises(ValueError), clock.told(PAST):
        raise ValueError
    assert abs(clock.now() - timezone.now()).total_seconds() < 5


@pytest.mark.django_db
def test_rows_made_in_a_told_moment_bear_it() -> None:
    with clock.told(PAST):
        mail = OutgoingMail.objects.create(to="a@example.com", subject="x", body="x", key="x")
    assert (mail.created_at, mail.not_before) == (PAST, PAST)


def test_no_table_asks_for_the_time_elsewhere() -> None:
    ours = (model for model in apps.get_models() if model.__module__.startswith("akinai."))
    asking = [
        f"{model.__name__}.{field.name}"
        for model in ours
        for field in model._meta.concrete_fields
        if field.default is timezone.now
    ]
    assert asking == ["Staff.date_joined"]  # Django's own
