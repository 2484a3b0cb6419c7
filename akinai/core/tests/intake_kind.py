"""A small kind for the tests of the pipeline: a code and a number become a row of 採番."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from akinai.core import intake
from akinai.core.errors import DomainError
from akinai.core.intake import kind as kinds
from akinai.core.models import IntakeFile, NumberSeries
from akinai.core.money import NotANumber, parse_quantity
from akinai.core.tables import RowError
from akinai.staff.models import Staff

YEAR = 2026
CSV = "系列,番号\nA,1\nB,2\n".encode()


class SeriesKind(intake.Kind):
    code, title, permission, can_undo = "series", "採番", "core.view_intakefile", True
    write_in_plan = False
    before_apply: Callable[[], None] | None = None
    after_apply: Callable[[], None] | None = None

    def formats(self) -> Sequence[intake.Format]:
        return (intake.Format("series_csv", "採番CSV"),)

    def fields(self) -> Sequence[intake.Field]:
        return (
            intake.Field("series", "系列", required=True, names=("シリーズ", "name")),
            intake.Field("last", "番号", required=True),
            intake.Field("note", "備考"),
        )

    def options(self) -> Sequence[intake.Option]:
        return (
            intake.Option("create_skus", "未登録の系列を作成する"),
            intake.Option("channel", "店舗", choices=lambda: [("a", "本店")]),
        )

    def accepts(self, files: Sequence[intake.Upload], options: kinds.Options) -> str:
        return "series_csv" if all({"系列", "番号"} <= file.table().columns() for file in files) else ""

    def plan(self, files: Sequence[intake.Upload], options: kinds.Options) -> intake.Plan:
        if self.write_in_plan:
            NumberSeries.objects.create(series="secret", year=YEAR)
        columns = options.get("columns") or {"series": "系列", "last": "番号"}
        plan = intake.Plan(columns=("系列", "番号"), payload={})
        known = dict(NumberSeries.objects.filter(year=YEAR).values_list("series", "last"))
        for file in files:
            for row in file.table().rows:
                plan.rows += 1
                name, text = row.get(columns["series"]), row.get(columns["last"])
                try:
                    last = parse_quantity(text)
                except NotANumber as error:
                    plan.errors.append(RowError(file.filename, row.line, columns["last"], text, str(error)))
                    continue
                _count(plan, known, name, last, row.line)
        plan.refused = bool(plan.errors)
        return plan

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        if self.before_apply:
            self.before_apply()
        for done, (name, last) in enumerate(plan.payload.items(), start=1):
            if NumberSeries.objects.filter(series=name, year=YEAR).update(last=last) == 0:
                NumberSeries.objects.create(series=name, year=YEAR, last=last)
            plan.progress(done, len(plan.payload))
        if self.after_apply:
            self.after_apply()
        return intake.Result(
            message=f"{len(plan.payload)}件の採番を登録しました。", data={"series": list(plan.payload)}
        )

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        names = intake_file.result["data"]["series"]
        if "locked" in names:
            raise DomainError("系列 locked は使われています。", way_out="先に使用をやめてください。")
        NumberSeries.objects.filter(series__in=names, year=YEAR).delete()
        return f"{len(names)}件を取り消しました。"


def _count(plan: intake.Plan, known: dict[str, int], name: str, last: int, line: int) -> None:
    plan.total_yen += last
    plan.preview = [*plan.preview, (name, str(last))]
    if name not in known:
        plan.created += 1
    elif known[name] == last:
        plan.unchanged += 1
        return
    else:
        plan.changed += 1
        plan.changes = [*plan.changes, intake.Change(name, "番号", str(known[name]), str(last), line=line)]
    plan.payload[name] = last


@contextmanager
def registered(kind: intake.Kind) -> Iterator[intake.Kind]:
    """The kind in use during one test."""
    intake.register(kind)
    try:
        yield kind
    finally:
        kinds._kinds.pop(kind.code)
