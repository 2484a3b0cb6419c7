"""転送の取込: old addresses of another cart with where they lead now, by file; what the file leaves out stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from akinai.content.forward_forms import dead, old_path_of, target_of
from akinai.content.models import Forward
from akinai.content.services import forwards
from akinai.core import intake
from akinai.core.errors import DomainError
from akinai.core.tables import Row, Table, unwrap_text

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field("old_path", "昔のアドレス", required=True, names=("転送元", "旧url", "redirectfrom", "from", "source", "old_path")),
    intake.Field("target", "行き先", required=True, names=("転送先", "新url", "redirectto", "to", "target", "destination")),
    intake.Field("kind", "種類", names=("kind", "status", "ステータス")),
    intake.Field("is_active", "使う", names=("有効", "is_active")),
    intake.Field("memo", "メモ", names=("備考", "memo", "note")),
)  # fmt: skip
KINDS = {label: value for value, label in Forward.Kind.choices} | {
    "": "for_good", "ずっと": "for_good", "301": "for_good", "いまだけ": "for_now", "302": "for_now", "307": "for_now",
}  # fmt: skip
YES, NO = {"", "はい", "○", "1", "true", "yes"}, {"いいえ", "×", "0", "false", "no", "–"}
MOST_ROWS = 20_000


class _Reading(intake.Reading):
    """One look at the rows."""

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.told: list[dict[str, Any]] = []
        self.seen: dict[str, int] = {}
        if len(self.rows) > MOST_ROWS:
            table, row = self.rows[MOST_ROWS]
            self.wrong(
                table,
                row,
                "old_path",
                f"一度に取り込めるのは {MOST_ROWS:,} 行までです。ファイルを分けてください。",
            )
            return
        places = [(table, row, self._values(table, row)) for table, row in self.rows]
        gone = set(dead({told["target"] for _table, _row, told in places if told}))
        for table, row, told in places:
            if told and told["target"] in gone:
                self.wrong(
                    table, row, "target", "いま開けません。公開しているページか商品のアドレスにしてください。"
                )
            elif told:
                self.told.append(told)

    def _values(self, table: Table, row: Row) -> dict[str, Any] | None:
        before = len(self.errors)
        text = {name: unwrap_text(self.cell(row, name)).strip() for name in self.columns}
        for name in text:
            self.refuse_formula(table, row, name)
        told: dict[str, Any] = {}
        for name, read in (("old_path", old_path_of), ("target", target_of)):
            told[name], why = read(text.get(name, ""))
            if why:
                self.wrong(table, row, name, why)
        if told["old_path"] in self.seen:
            self.wrong(
                table, row, "old_path", f"{self.seen[told['old_path']]} 行目に同じアドレスがあります。"
            )
        self.seen.setdefault(told["old_path"], row.line)
        self._rest(table, row, text, told)
        return told if len(self.errors) == before else None

    def _rest(self, table: Table, row: Row, text: dict[str, str], told: dict[str, Any]) -> None:
        if "kind" in text:
            told["kind"] = KINDS.get(text["kind"], "")
            if not told["kind"]:
                self.wrong(
                    table, row, "kind", "使えません。ずっと（301） か いまだけ（302） にしてください。"
                )
        if "is_active" in text:
            told["is_active"] = text["is_active"].lower() in YES
            if text["is_active"].lower() not in YES | NO:
                self.wrong(table, row, "is_active", "使えません。はい か いいえ にしてください。")
        if "memo" in text:
            told["memo"] = text["memo"]
            if len(text["memo"]) > 200:
                self.wrong(table, row, "memo", "長すぎます（200 文字まで）。短くしてください。")


class ForwardsKind(intake.Kind):
    """転送."""

    code: ClassVar[str] = "forwards"
    title: ClassVar[str] = "転送"
    permission: ClassVar[str] = "content.add_forward"
    about: ClassVar[str] = (
        "昔のアドレスと行き先の一覧を読みます。ほかのカートから引っ越すときに。ファイルにないものはそのまま残ります。"
    )
    order: ClassVar[int] = 96
    can_undo: ClassVar[bool] = True
    done_url: ClassVar[str] = "content:forwards"
    generic: ClassVar[str] = "転送の一覧（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        plan = intake.Plan(
            columns=("昔のアドレス", "行き先", "種類"), rows=len(reading.rows), errors=reading.errors
        )
        if not plan.errors and (
            around := forwards.circle({one["old_path"]: one["target"] for one in reading.told})
        ):
            table, row = reading.rows[0]
            reading.wrong(table, row, "target", f"{' → '.join(around)} とひと回りして、どこにも着きません。")
        plan.refused = bool(plan.errors)
        there = {
            one.old_path: one
            for one in Forward.objects.filter(old_path__in=[one["old_path"] for one in reading.told])
        }
        fresh = [one for one in reading.told if _differs(there.get(one["old_path"]), one)]
        plan.created = sum(one["old_path"] not in there for one in fresh)
        plan.changed = len(fresh) - plan.created
        plan.unchanged = len(reading.told) - len(fresh)
        plan.preview = [
            (one["old_path"], one["target"], Forward.Kind(one.get("kind", "for_good")).label)
            for one in fresh[:50]
        ]
        plan.payload = fresh
        return plan

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        before = forwards.save_all(plan.payload, by=by)
        after = [{name: one[name] for name in forwards.TOLD if name in one} for one in plan.payload]
        done = [[old, was, now] for (old, was), now in zip(before, after, strict=True)]
        return intake.Result(message=f"{len(done):,} 件の転送を登録しました。", data={"forwards": done})

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        """What stood before comes back; what the file brought is no longer used."""
        told = intake_file.result["data"]["forwards"]
        rows = Forward.objects.in_bulk([old for old, _, _ in told], field_name="old_path")
        changed = [old for old, _, now in told if old in rows and _differs(rows[old], now)]
        if changed:
            raise DomainError(
                f"{changed[0]} は、取込のあとに直されています（ほか {len(changed) - 1} 件）。",
                way_out="画面で 1 件ずつ直してください。",
            )
        forwards.put_back([(old, was) for old, was, _ in told], by=by)
        return f"{len(told):,} 件の転送を取込の前に戻しました。"


def _differs(row: Forward | None, told: dict[str, Any]) -> bool:
    return row is None or any(getattr(row, name) != value for name, value in told.items())
