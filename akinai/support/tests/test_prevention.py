"""再発防止: followed until it comes no more, by an exact rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.staff.models import Staff
from akinai.support import services
from akinai.support.models import (
    Complaint,
    PreventionTask,
    Ticket,
)
from akinai.support.rules.complaints import has_fallen, rate
from akinai.support.services import complaints, prevention
from akinai.support.services.prevention import Plan
from akinai.support.tests.complaints import complaint
from akinai.support.tests.letters import letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("way")]


def test_rates_are_exact() -> None:
    assert (rate(3, 1600), rate(1, 3), rate(0, 10), rate(1, 0)) == (
        Decimal("1.88"),
        Decimal("333.33"),
        Decimal("0.00"),
        None,
    )
    assert has_fallen((3, 1000), (2, 667)) and not has_fallen((3, 1000), (3, 1000))
    assert not has_fallen((3, 1000), (0, 0)) and not has_fallen((0, 1000), (0, 1000))
    assert has_fallen((1, 333_333), (1, 333_334))  # not as rounded


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


def watched(by: Staff, monkeypatch: pytest.MonkeyPatch, before: int, after: int) -> PreventionTask:
    """A measure of seven days from 11-10 on, `before` complaints and 100 shipments before it, `after` and 100 after."""
    monkeypatch.setattr(prevention.shipping, "shipped_between", lambda begin, end: 100)
    first = complaint(by)
    days = [date(2026, 11, 5)] * (before - 1) + [date(2026, 11, 10)] * after
    Complaint.objects.filter(pk=first.pk).update(opened_at=at(date(2026, 11, 9)))
    for n, day in enumerate(days):
        services.receive(letter(f"別の件 {n}"))
        more = complaint(by, Ticket.objects.latest("pk"))
        Complaint.objects.filter(pk=more.pk).update(opened_at=at(day))
    with clock.told(at(date(2026, 11, 12))):
        task = prevention.plan(first, Plan("二人で照合する", by.pk, date(2026, 11, 30), 7), by=by)
        prevention.put_in_place(task, date(2026, 11, 10), by=by)
    return PreventionTask.objects.get(pk=task.pk)


def test_a_measure_closes_only_when_its_days_are_over_and_the_rate_has_fallen(
    kato: Staff, monkeypatch: Any
) -> None:
    task = watched(kato, monkeypatch, 2, 1)
    assert (task.before_complaints, task.before_shipments) == (2, 100)
    with clock.told(at(date(2026, 11, 16))), pytest.raises(DomainError, match="7 日がまだ終わっていません"):
        prevention.close(task, by=kato)
    with clock.told(at(date(2026, 11, 17))):
        prevention.close(task, by=kato)
    task.refresh_from_db()
    assert (task.state, task.after_complaints, task.after_shipments) == ("closed", 1, 100)


def test_a_rate_that_did_not_fall_closes_only_with_the_managers_reason(
    kato: Staff, ito: Staff, monkeypatch: Any
) -> None:
    task = watched(kato, monkeypatch, 1, 1)
    with clock.told(at(date(2026, 11, 20))):
        with pytest.raises(DomainError, match="下がっていません"):
            prevention.close(task, by=kato)
        fields = {"after_complaints": 1, "after_shipments": 100, "closed_by": kato, "closed_at": clock.now()}
        with pytest.raises(IntegrityError, match="prevention_rate_has_fallen"), transaction.atomic():
            PreventionTask.objects.filter(pk=task.pk).update(state="closed", **fields)
        prevention.excuse(task, reason="その運送会社をやめた", by=ito)
    task.refresh_from_db()
    assert (task.state, task.close_reason, task.closed_by) == ("closed", "その運送会社をやめた", ito)


def test_a_withdrawn_complaint_is_not_counted(kato: Staff, monkeypatch: Any) -> None:
    task = watched(kato, monkeypatch, 2, 1)
    late = Complaint.objects.get(opened_at__date=date(2026, 11, 10))
    complaints.withdraw(late, reason="勘違い", by=kato)
    with clock.told(at(date(2026, 11, 17))):
        assert prevention.after(task) == (0, 100)


def test_a_measure_has_a_cause_and_words_and_its_days_stay_while_it_runs(
    kato: Staff, monkeypatch: Any
) -> None:
    task = watched(kato, monkeypatch, 2, 1)
    of, new = task.complaint, Plan("三人で照合する", kato.pk, date(2026, 12, 1), 30)
    with pytest.raises(DomainError, match="対策がありません"):
        prevention.plan(of, replace(new, what=" "), by=kato)
    prevention.change(task, new, by=kato)
    task.refresh_from_db()
    assert (task.what, task.days) == ("三人で照合する", 7)
    with pytest.raises(DomainError, match="理由"):
        prevention.excuse(task, reason=" ", by=kato)
    with pytest.raises(DomainError, match="中止の理由"):
        prevention.drop(task, reason=" ", by=kato)
    prevention.drop(task, reason="別の対策にした", by=kato)
    with pytest.raises(DomainError, match="終わっています"):
        prevention.change(task, new, by=kato)
    with pytest.raises(DomainError, match="やり直す理由"):
        prevention.resume(task, reason=" ", by=kato)
    assert prevention.resume(task, reason="やはり", by=kato).in_place_on is None
    with pytest.raises(DomainError, match="まだ先の日"):
        prevention.put_in_place(task, clock.today() + timedelta(days=1), by=kato)
    Complaint.objects.filter(pk=of.pk).update(cause=None)
    of.refresh_from_db()
    with pytest.raises(DomainError, match="原因が決まっていません"):
        prevention.plan(of, new, by=kato)
