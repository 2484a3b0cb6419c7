"""問い合わせの履歴の取込: all or nothing, once, and the other system's own figures come out again."""

from __future__ import annotations

import csv
import json
import statistics
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from akinai.core import intake
from akinai.support.intake import TicketsKind
from akinai.support.models import ImportedTicket
from akinai.support.queries import reports
from akinai.support.rules import ticket_files
from tests.samples import sample

HEAD = "ticket_id,created_date,channel,category,priority,first_response_minutes,resolution_hours,resolved_date,csat_score,response_sla_met,Customer Name\n"
GOOD = "T-1,2024-10-29 22:00:00,Chat,Access,Low,261.3160766843023,17.25,2024-10-30 15:15:11,2.0,False,Jane\n"


def preview(text: str) -> Any:
    return intake.preview(TicketsKind(), [intake.Upload("tickets.csv", (HEAD + text).encode())], by=None)


def take_in(text: str) -> Any:
    row, plan = preview(text)
    assert not plan.refused, plan.errors
    intake.apply(row, by=None, files=plan.files)
    row.refresh_from_db()
    return row


@pytest.mark.django_db
def test_a_file_is_taken_in_once_and_a_changed_row_replaces_what_was_known() -> None:
    first, again = take_in(GOOD), take_in(GOOD)
    assert (first.created, again.created, again.unchanged) == (1, 0, 1)
    changed = take_in(GOOD.replace("2.0", "5"))
    kept = ImportedTicket.objects.get()
    assert (changed.changed, kept.score, kept.first_reply_minutes) == (1, 5.0, 261.3160766843023)
    assert kept.more == {}, "a customer's name is not kept beside the figures"
    assert "1 件の履歴を取り除きました" in intake.undo(first, by=None)
    assert not ImportedTicket.objects.exists()


@pytest.mark.django_db
def test_one_bad_cell_refuses_the_whole_file_and_says_where() -> None:
    bad = (
        "T-2,きのう,Chat,Access,Low,-3,1,2024-01-01,9,maybe,\n,2024-01-02,Chat,A,Low,1,1,2024-01-01,3,True,\n"
    )
    _row, plan = preview(GOOD + bad)
    assert plan.refused
    assert not ImportedTicket.objects.exists()
    told = {(error.line, error.column, error.value) for error in plan.errors}
    assert told == {
        (3, "created_date", "きのう"), (3, "first_response_minutes", "-3"), (3, "response_sla_met", "maybe"), (3, "csat_score", "9"),
        (4, "ticket_id", ""), (4, "resolved_date", "2024-01-01"),
    }  # fmt: skip
    assert all("。" in error.message for error in plan.errors)


@pytest.mark.django_db
def test_a_file_with_other_names_asks_for_its_columns() -> None:
    data = b"no,when\n1,2024-01-01\n"
    row, _plan = intake.preview(TicketsKind(), [intake.Upload("other.csv", data)], by=None)
    assert row.preview["needs_mapping"]
    _row, plan = intake.preview(
        TicketsKind(), [intake.Upload("other.csv", data)], options={"columns": {"number": "no", "opened_at": "when"}}, by=None
    )  # fmt: skip
    assert (plan.refused, plan.created) == (False, 1)


def test_durations_are_read_as_help_desks_write_them() -> None:
    read = ticket_files.duration
    assert read("1:30", minutes_per_unit=60) == 90
    assert read("1 day, 2:03:30", minutes_per_unit=1) == 1563.5
    assert read("1,200.5", minutes_per_unit=1) == 1200.5
    assert read("２.５", minutes_per_unit=60) == 150
    assert (read("", minutes_per_unit=1), read("N/A", minutes_per_unit=1)) == (None, None)
    for wrong in ("-1", "inf", "nan2", "すぐ"):
        with pytest.raises(ValueError, match="。"):
            read(wrong, minutes_per_unit=1)


def test_promises_and_marks_are_read_as_help_desks_write_them() -> None:
    assert [ticket_files.kept(text) for text in ("True", "Within SLA", "超過", "SLA Violated", "")] == [
        True,
        True,
        False,
        False,
        None,
    ]
    assert [ticket_files.score(text) for text in ("4.0", "good", "")] == [4.0, 5.0, None]


def percentile(values: list[float], share: float) -> float:
    """The value at share·(n−1) of the sorted ones, a straight line between neighbours."""
    values = sorted(values)
    at = share * (len(values) - 1)
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (at - low)


def counted(rows: list[dict[str, str]]) -> dict[str, Any]:
    """The figures of rows of the CSV, by hand."""

    def spread(values: list[float]) -> list[float]:
        return [statistics.fmean(values), *(percentile(values, share) for share in (0.5, 0.9, 0.95))]

    marks = [float(row["csat_score"]) for row in rows if row["csat_score"]]
    return {
        "count": len(rows), "solved": sum(bool(row["resolved_date"]) for row in rows),
        "reply": spread([float(row["first_response_minutes"]) for row in rows]),
        "resolution": spread([float(row["resolution_hours"]) * 60 for row in rows]),
        "kept": [sum(row[name] == "True" for row in rows) for name in ("response_sla_met", "resolution_sla_met")],
        "broken": [sum(row[name] == "False" for row in rows) for name in ("response_sla_met", "resolution_sla_met")],
        "scores": len(marks), "score": statistics.fmean(marks),
    }  # fmt: skip


def check(told: dict[str, Any], rows: list[dict[str, str]]) -> None:
    wanted = counted(rows)
    assert [told[name] for name in ("count", "solved", "scores")] == [
        wanted[name] for name in ("count", "solved", "scores")
    ]
    assert told["score"] == pytest.approx(wanted["score"], rel=1e-12)
    for name in ("reply", "resolution"):
        found = [told[name][key] for key in ("mean", "half", "ninety", "most")]
        assert found == pytest.approx(wanted[name], rel=1e-9)
    assert [told["reply_kept"], told["resolution_kept"]] == wanted["kept"]
    assert [told["reply_broken"], told["resolution_broken"]] == wanted["broken"]


@pytest.mark.django_db
def test_the_command_reproduces_the_figures_of_the_sample() -> None:
    data = sample("support/tickets_sla.csv")
    row, plan = intake.preview(TicketsKind(), [intake.Upload("tickets_sla.csv", data)], by=None)
    assert (plan.refused, plan.created, plan.errors) == (False, 5000, [])
    intake.apply(row, by=None, files=plan.files)
    out = StringIO()
    call_command("support_figures", "--json", stdout=out)
    told, rows = json.loads(out.getvalue()), list(csv.DictReader(StringIO(data.decode())))
    check(told["total"], rows)
    for group, column in (("source", "channel"), ("category", "category"), ("priority", "priority")):
        assert len(told[group]) == len({row[column] for row in rows})
        for line in told[group]:
            check(line, [row for row in rows if row[column] == line["key"]])
    assert (told["total"]["reply_broken"], told["total"]["resolution_broken"]) == (2597, 1986)
    assert reports.span(reports.IMPORTED) is not None


@pytest.mark.django_db
def test_one_number_is_one_ticket_of_our_time_in_plain_letters() -> None:
    rest = "Chat,A,Low,1,1,,3,True,\n"
    _row, plan = preview(f"{GOOD}T-1,2024-01-02,{rest}T-2,1899-01-01,{rest}T-\x073,2024-01-02,{rest}")
    assert [(error.line, error.column) for error in plan.errors] == [
        (3, "ticket_id"), (4, "created_date"), (5, "ticket_id"),
    ]  # fmt: skip
    assert "同じ番号が 2 行目にも" in plan.errors[0].message
