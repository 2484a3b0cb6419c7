"""注意することばの取込: new words are added, known ones become what the file says; words the file leaves out stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from akinai.content.models import LegalWord
from akinai.content.services import words
from akinai.core import intake
from akinai.core.errors import DomainError
from akinai.core.tables import Row, Table, unwrap_text

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field("word", "ことば", required=True, names=("語句", "表現", "word")),
    intake.Field("law", "法律", required=True, names=("law",)),
    intake.Field("level", "扱い", required=True, names=("level", "区分")),
    intake.Field("why", "なぜ", required=True, names=("理由", "why")),
    intake.Field("instead", "言いかえ", names=("言い換え", "代わり", "instead")),
    intake.Field("whole_word", "単語としてだけ", names=("単語", "whole_word")),
    intake.Field("except_in", "数えない言い方", names=("除外", "except_in")),
    intake.Field("is_active", "使う", names=("有効", "is_active")),
)
LAWS = {label: value for value, label in LegalWord.Law.choices} | {
    "景表法": "premiums",
    "健増法": "health",
    "薬事法": "medicines",
}
LEVELS = {label: value for value, label in LegalWord.Level.choices} | {"停止": "stop", "確認": "warn"}
MOST = {"word": 60, "law": 20, "level": 20, "why": 200, "instead": 200, "except_in": 300}
YES, NO = {"はい", "○", "1", "true", "yes"}, {"", "いいえ", "×", "0", "false", "no", "–"}
KEPT = ("law", "level", "why", "instead", "whole_word", "except_in", "is_active")


class _Reading(intake.Reading):
    """One look at the rows: the words they tell, and what each becomes."""

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        known = {row.key: row for row in LegalWord.objects.all()}
        self.told: list[tuple[LegalWord | None, dict[str, Any]]] = []
        self.seen: dict[str, int] = {}
        for table, row in self.rows:
            if values := self._values(table, row):
                self.told.append((known.get(words.folded(values["word"])), values))

    def _values(self, table: Table, row: Row) -> dict[str, Any] | None:
        before = len(self.errors)
        values: dict[str, Any] = {name: self._text(table, row, name) for name in self.columns}
        self._word(table, row, values.get("word", ""))
        values["law"] = self._one_of(table, row, "law", values.get("law", ""), LAWS)
        values["level"] = self._one_of(table, row, "level", values.get("level", ""), LEVELS)
        if not values.get("why"):
            self.wrong(table, row, "why", "空欄です。なぜ注意が要るかを書いてください。")
        for name in ("whole_word", "is_active"):
            if name in values:
                values[name] = self._yes(table, row, name, values[name])
        return values if len(self.errors) == before else None

    def _text(self, table: Table, row: Row, name: str) -> str:
        text = unwrap_text(self.cell(row, name)).strip()
        most = MOST.get(name, 10)
        if not self.refuse_formula(table, row, name) and len(text) > most:
            self.wrong(table, row, name, f"長すぎます（{most} 文字まで）。短くしてください。")
        return text

    def _word(self, table: Table, row: Row, word: str) -> None:
        key = words.folded(word)
        if not key:
            self.wrong(table, row, "word", "空欄です。探すことばを書いてください。")
        elif key in self.seen:
            self.wrong(table, row, "word", f"{self.seen[key]} 行目に同じことばがあります。")
        self.seen.setdefault(key, row.line)

    def _one_of(self, table: Table, row: Row, name: str, text: str, known: dict[str, str]) -> str:
        if text not in known:
            self.wrong(
                table,
                row,
                name,
                f"「{text[:20]}」は使えません。{'・'.join(list(known)[:3])} のどれかにしてください。",
            )
        return known.get(text, "")

    def _yes(self, table: Table, row: Row, name: str, text: str) -> bool:
        if text.lower() not in YES | NO:
            self.wrong(table, row, name, f"「{text[:20]}」は使えません。はい か いいえ にしてください。")
        return text.lower() in YES


class WordsKind(intake.Kind):
    """注意することば."""

    code: ClassVar[str] = "legal-words"
    title: ClassVar[str] = "注意することば"
    permission: ClassVar[str] = "content.change_legalword"
    about: ClassVar[str] = (
        "ことばの一覧を読み、足したり直したりします。ファイルにないことばはそのまま残ります。"
    )
    order: ClassVar[int] = 95
    can_undo: ClassVar[bool] = True
    done_url: ClassVar[str] = "content:words"
    generic: ClassVar[str] = "注意することばの一覧（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        plan = intake.Plan(
            columns=("ことば", "法律", "扱い", "言いかえ"), rows=len(reading.rows), errors=reading.errors
        )
        plan.refused = bool(plan.errors)
        fresh = [(row, values) for row, values in reading.told if row is None or _differs(row, values)]
        plan.created = sum(row is None for row, _ in fresh)
        plan.changed = len(fresh) - plan.created
        plan.unchanged = len(reading.told) - len(fresh)
        plan.preview = [
            (
                one["word"],
                LegalWord.Law(one["law"]).label,
                LegalWord.Level(one["level"]).label,
                one.get("instead", ""),
            )
            for _row, one in fresh[:50]
        ]
        plan.payload = fresh
        return plan

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        done = []
        for row, values in plan.payload:
            before = {name: getattr(row, name) for name in KEPT} if row else None
            kept = words.save_word(_as_told(row or LegalWord(), values), by=by)
            done.append([kept.pk, before, {name: getattr(kept, name) for name in KEPT}])
        return intake.Result(message=f"{len(done):,} 件のことばを登録しました。", data={"words": done})

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        """Old values come back; words that the file brought are no longer used."""
        told = intake_file.result["data"]["words"]
        rows = LegalWord.objects.in_bulk([pk for pk, _, _ in told])
        changed = [
            rows[pk].word
            for pk, _, after in told
            if pk in rows and {n: getattr(rows[pk], n) for n in KEPT} != after
        ]
        if changed:
            raise DomainError(
                f"「{changed[0]}」は、取込のあとに直されています（ほか {len(changed) - 1} 件）。",
                way_out="画面で 1 件ずつ直してください。",
            )
        for pk, before, _after in told:
            words.save_word(_as_told(rows[pk], before or {"is_active": False}), by=by)
        return f"{len(told):,} 件のことばを取込の前に戻しました。"


def _as_told(row: LegalWord, values: dict[str, Any]) -> LegalWord:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _differs(row: LegalWord, values: dict[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items() if name != "word")
