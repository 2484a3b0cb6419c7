"""採番: what stands on papers says by its letters which kind of paper it is, and a number that was undone is no memory."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from akinai.core import numbering
from akinai.core.numbering import PREFIXES


def test_no_two_kinds_of_papers_share_their_letters() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)


@pytest.mark.django_db
def test_a_series_that_began_in_what_was_undone_begins_anew(django_capture_on_commit_callbacks: Any) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(2):
                numbering.take("order", on=date(2019, 1, 7))
        raise RuntimeError
    assert numbering.take("order", on=date(2019, 1, 7)) == ["SO-2019-000001"]
