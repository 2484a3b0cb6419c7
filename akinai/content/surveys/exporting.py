"""回答の CSV: made by a worker in pieces. Who answered stands in it only for those who may read that."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from akinai.content.models import Survey, SurveyQuestion, SurveyResponse
from akinai.content.surveys import queries
from akinai.content.surveys.given import in_words
from akinai.core import job_files, long_jobs
from akinai.core.long_jobs import Kind, Outcome

if TYPE_CHECKING:
    from akinai.core.models import LongJob
    from akinai.staff.models import Staff

NAMELESS, NAMED = "content.survey_csv", "content.survey_csv_named"
PEOPLE = ["顧客番号", "氏名", "メールアドレス", "受注番号"]
BEGINS = "=+-@\t\r"  # what a spreadsheet would take for a formula


def columns(survey: Survey, *, is_named: bool) -> list[str]:
    titles = [_title(one) for one in queries.all_versions(survey)]
    return ["回答番号", "回答日時", "お客様", *(PEOPLE if is_named else []), *titles]


def _title(question: SurveyQuestion) -> str:
    old = f"（{question.version} 版）" if question.retired_at else ""
    return f"{question.code} {question.title}{old}"


def write(ids: Sequence[int], options: Mapping[str, Any], by: Staff | None) -> Outcome:
    """One piece of rows, kept under a name that is the same when it is written again."""
    survey = Survey.objects.get(pk=options["survey"])
    questions = queries.all_versions(survey)
    rows = (
        SurveyResponse.objects.filter(pk__in=ids, survey=survey)
        .select_related("customer", "order")
        .prefetch_related("answers")
        .order_by("pk")
    )
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([_safe(cell) for cell in _cells(row, questions, is_named=options["named"])])
    job_files.keep(options["job"], f"rows-{options['at']:08d}", out.getvalue().encode())
    return Outcome({"書き出した回答": len(rows)})


def _cells(row: SurveyResponse, questions: Sequence[SurveyQuestion], *, is_named: bool) -> list[str]:
    at = timezone.localtime(row.answered_at).strftime("%Y-%m-%d %H:%M") if row.answered_at else ""
    known = {True: "2回目以降", False: "はじめて", None: ""}[row.is_repeat]
    said = {answer.question_id: queries.given(answer) for answer in row.answers.all()}
    people = []
    if is_named:
        customer, order = row.customer, row.order
        people = [
            customer.number if customer else "", customer.name if customer else "", customer.email if customer else "",
            order.number if order else "",
        ]  # fmt: skip
    answers = [in_words(one, said[one.pk]) if one.pk in said else "" for one in questions]
    return [str(row.pk), at, known, *people, *answers]


def _safe(cell: str) -> str:
    return (
        f"'{cell}"
        if cell.startswith(tuple(BEGINS)) and not cell.lstrip("-").replace(".", "").isdecimal()
        else cell
    )


def join(job: LongJob) -> str:
    """The pieces behind one head; a BOM, so that Excel reads it."""
    survey = Survey.objects.get(pk=job.options["survey"])
    with job_files.writing(job_files.folder(job.pk) / job_files.RESULT) as target:
        head = io.StringIO()
        csv.writer(head).writerow(columns(survey, is_named=job.options["named"]))
        target.write(f"\ufeff{head.getvalue()}".encode())
        for path in job_files.pieces(job.pk, "rows"):
            target.write(path.read_bytes())
    return f"アンケート_{survey.slug}.csv"


def register() -> None:
    for code, permission in ((NAMELESS, "content.view_survey"), (NAMED, "content.read_answers")):
        long_jobs.register(Kind(code, "アンケートの回答の CSV", write, permission, piece=500, finish=join))
