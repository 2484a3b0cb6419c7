"""Which file is of which format (形式の判定), and one plan of all of them.

Files of one format are planned together (an order file and its item file, two months of one mall). Files of different
formats are planned part by part where the kind allows that, and all parts are applied in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from akinai.core.intake import mappings
from akinai.core.intake.kind import GENERIC, Kind, Part, Plan, Result, Upload
from akinai.core.tables import FileRefused, RowError, Table, is_garbled, refuse, refuse_all, shorten

if TYPE_CHECKING:
    from akinai.staff.models import Staff

COUNTS = ("created", "changed", "unchanged", "exceptions")


class NeedsMapping(FileRefused):
    """The file has a header nobody knows: a person must say which column is which."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Files that are read together, with what was decided about them: `format` and, if generic, `columns`."""

    files: list[Upload]
    decided: dict[str, Any]


def plan_of(kind: Kind, files: Sequence[Upload], used: dict[str, Any]) -> Plan:
    """The plan for all files. Fills `format` and `columns` of `used` in where there is one group.

    Raises FileRefused (NeedsMapping when a person could help by naming columns), naming every file that is wrong.
    """
    if not files:
        raise FileRefused([RowError("", 0, "", "", "ファイルが選ばれていません。ファイルを選んでください。")])
    distinct, notes = _distinct(files)
    beside = [file for file in distinct if kind.is_beside(file)]
    tables = [file for file in distinct if file not in beside]
    if not tables:
        raise refusal(
            files, f"{kind.title}の表（CSV・Excel）がありません。表のファイルも一緒に選んでください。"
        )
    groups = _chosen(kind, tables, used) or _found(kind, tables, used)
    groups[0].files.extend(beside)
    if len(groups) == 1:
        used |= groups[0].decided
        plan = kind.plan(groups[0].files, used)
    else:
        plan = _together(kind, groups, used)
    plan.format = (plan.format or str(used.get("format", "")))[:60]
    plan.notes = [*notes, *plan.notes]
    return plan


def _distinct(files: Sequence[Upload]) -> tuple[list[Upload], list[str]]:
    """The files without those whose bytes came already, and a sentence for each of these."""
    first: dict[str, Upload] = {}
    notes = []
    for file in files:
        before = first.setdefault(file.sha256, file)
        if before is not file:
            notes.append(f"「{file.filename}」は「{before.filename}」と同じ内容なので、1回だけ読みました。")
    return list(first.values()), notes


def _chosen(kind: Kind, files: Sequence[Upload], used: Mapping[str, Any]) -> list[_Group]:
    """One group of the format that a person chose; [] when she left it to us."""
    wanted, name = str(used.get("format") or ""), str(used.get("mapping") or "")
    known = {format.code: format.title for format in kind.formats()}
    if wanted and wanted != GENERIC and known and wanted not in known:
        names = "、".join(f"{code}（{title}）" for code, title in known.items())
        raise refusal(files, f"形式「{wanted}」はありません。次から選んでください: {names}")
    if not wanted and not name and not used.get("columns"):
        return []
    return [_group(kind, wanted or GENERIC, list(files), used)]


def _group(kind: Kind, code: str, files: list[Upload], used: Mapping[str, Any]) -> _Group:
    decided: dict[str, Any] = {"format": code}
    if code == GENERIC and kind.fields() and not used.get("columns"):
        decided["columns"] = _columns(kind, files, str(used.get("mapping") or ""))
    return _Group(files, decided)


def _found(kind: Kind, files: Sequence[Upload], used: Mapping[str, Any]) -> list[_Group]:
    """One group where a format fits all files; else groups by what each file is. Names every file that nobody knows."""
    if code := _fits_all(kind, files, used):
        return [_group(kind, code, list(files), used)]
    sorted_files: dict[tuple[str, str], list[Upload]] = {}
    _each(files, lambda file: sorted_files.setdefault(_key(kind, file, used), []).append(file))
    if len(sorted_files) > 1 and not kind.mixes:
        raise _mixed(kind, sorted_files)
    groups: list[_Group] = []
    parts = list(sorted_files.items())
    _each(parts, lambda part: groups.append(_group(kind, part[0][0], part[1], used)))
    return groups


def _fits_all(kind: Kind, files: Sequence[Upload], used: Mapping[str, Any]) -> str:
    try:
        return kind.accepts(files, used)
    except FileRefused:
        if len(files) == 1:
            raise
        return ""  # asked one by one, every bad file gets its name


def _each[T](things: Sequence[T], act: Callable[[T], object]) -> None:
    """Do it for each, then raise what was refused on the way. What needs a mapping says so when it is alone."""
    errors: list[RowError] = []
    for thing in things:
        try:
            act(thing)
        except FileRefused as refused:
            if len(things) == 1:
                raise
            errors += refused.errors
    if errors:
        raise refuse_all(errors)


def _key(kind: Kind, file: Upload, used: Mapping[str, Any]) -> tuple[str, str]:
    """(format, "") or, for a table of no known format, (generic, its columns)."""
    if code := kind.accepts([file], used):
        return code, ""
    if kind.fields():
        return GENERIC, mappings.headers_key(file.table().header) if kind.mixes else ""
    names = "、".join(format.title for format in kind.formats())
    raise refuse(
        file.filename,
        f"{kind.title}のファイルとして知っている形式ではありません（{names}）。ファイルの種類を確かめてください。",
    )


def _mixed(kind: Kind, sorted_files: Mapping[tuple[str, str], Sequence[Upload]]) -> FileRefused:
    titles = titles_of(kind)
    seen = "、".join(
        f"「{file.filename}」は{titles.get(code, code)}"
        for (code, _), files in sorted_files.items()
        for file in files
    )
    message = f"違う形式のファイルが混ざっています（{seen}）。形式ごとに分けて取り込んでください。"
    return refusal([file for files in sorted_files.values() for file in files], message)


def titles_of(kind: Kind) -> dict[str, str]:
    """Format code → title."""
    return {GENERIC: "そのほかの表（列の対応）"} | {one.code: one.title for one in kind.formats()}


# ---- columns of the generic format


def _columns(kind: Kind, files: Sequence[Upload], name: str) -> dict[str, str]:
    """field → column from a saved mapping, or from column names that leave no doubt. Raises NeedsMapping."""
    table = files[0].table()
    saved = mappings.find(kind, name=name, headers=table.header)
    if name and saved is None:
        raise refusal(files, f"列の対応「{name}」は保存されていません。名前を確かめてください。")
    columns = dict(saved.columns) if saved else mappings.guess(kind.fields(), table.header)
    columns = {field: column for field, column in columns.items() if column in table.header}
    if lacking := mappings.missing(kind.fields(), columns):
        raise needs_mapping(kind, table, [field.label for field in lacking])
    for file in files[1:]:
        _refuse_other_columns(kind, file.table(), columns)
    return columns


def _refuse_other_columns(kind: Kind, table: Table, columns: Mapping[str, str]) -> None:
    """The columns were found in the first file; the others must have those that cannot be missing."""
    wanted = [columns[field.code] for field in kind.fields() if field.required]
    if lacking := [column for column in wanted if column not in table.header]:
        message = f"最初のファイルにある列「{'」「'.join(lacking)}」がありません。列の違うファイルは分けて取り込んでください。"
        raise refuse(table.file, message, line=table.header_line, column="、".join(lacking))


def needs_mapping(kind: Kind, table: Table, lacking: Sequence[str]) -> NeedsMapping:
    labels = "、".join(f"「{label}」" for label in lacking)
    if is_garbled(" ".join(table.original_header)):
        raise refuse(
            table.file,
            "見出しが文字化けしています。文字コードを変えずに、もう一度ダウンロードしたファイルをそのまま取り込んでください。",
            line=table.header_line,
            value="、".join(table.original_header),
        )
    message = (
        f"知っている形式ではなく、必須の項目 {labels} がどの列か分かりません。"
        "「列の対応」で列を選んで保存してください（コマンドでは、保存した対応の名前を --mapping で指定します）。"
    )
    return NeedsMapping(
        [RowError(table.file, table.header_line, "", shorten("、".join(table.original_header)), message)]
    )


def refusal(files: Sequence[Upload], message: str) -> FileRefused:
    """One reason for all files together."""
    return FileRefused([RowError(names_of(files), 0, "", "", message)])


def names_of(files: Sequence[Upload]) -> str:
    return "、".join(file.filename for file in files)


# ---- several formats in one intake


def _together(kind: Kind, groups: Sequence[_Group], used: Mapping[str, Any]) -> Plan:
    """One plan of all groups. All of it is applied, or, when one part is refused, none of it."""
    parts: list[Part] = []
    _each(groups, lambda group: parts.append(_part(kind, group, used)))
    plans = [part.plan for part in parts]
    plan = Plan(
        rows=sum(one.rows for one in plans),
        errors=[error for one in plans for error in one.errors],
        refused=any(one.refused for one in plans),
        format="、".join(dict.fromkeys(part.format for part in parts)),
        columns=plans[0].columns,
        preview=[row for one in plans if one.columns == plans[0].columns for row in one.preview],
        changes=[change for one in plans for change in one.changes],
        notes=[note for part in parts for note in _notes(kind, part)],
        parts=parts,
    )
    if not plan.refused:
        for name in (*COUNTS, "total_yen"):
            setattr(plan, name, sum(getattr(one, name) for one in plans))
    return plan


def _part(kind: Kind, group: _Group, used: Mapping[str, Any]) -> Part:
    plan = kind.plan(group.files, {**used, **group.decided})
    plan.format = str(group.decided["format"])
    return Part(plan.format, tuple(file.filename for file in group.files), plan)


def _notes(kind: Kind, part: Part) -> list[str]:
    title = titles_of(kind).get(part.format, part.format)
    return [f"{title}（{'、'.join(part.files)}）: {note}" for note in part.plan.notes]


def apply_all(kind: Kind, plan: Plan, by: Staff | None) -> Result:
    """Let the kind write the plan, or each of its parts, inside the caller's transaction."""
    if not plan.parts:
        return kind.apply(plan, by) or Result()
    results, before = [], 0
    for part in plan.parts:
        part.plan.record = plan.record
        part.plan.progress = _shifted(plan, before)
        result = kind.apply(part.plan, by) or Result()
        results.append(result)
        before += part.plan.rows
        for name in COUNTS:
            if (told := getattr(result, name)) is not None:
                setattr(part.plan, name, told)
    return _summed(kind, plan.parts, results)


def _shifted(plan: Plan, before: int) -> Callable[[int, int], None]:
    return lambda done, total: plan.progress(before + done, plan.rows)


def _summed(kind: Kind, parts: Sequence[Part], results: Sequence[Result]) -> Result:
    titles = titles_of(kind)
    told = [
        f"{titles.get(part.format, part.format)}: {result.message}"
        for part, result in zip(parts, results, strict=True)
        if result.message
    ]
    data: dict[str, Any] = {}
    for result in results:
        for name, value in result.data.items():
            data[name] = data[name] + value if name in data and isinstance(value, list) else value
    counts = {name: sum(getattr(part.plan, name) for part in parts) for name in COUNTS}
    return Result(message="\n".join(told), data=data, **counts)
