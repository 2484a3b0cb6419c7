"""One label on its way into a carrier's file (送り状1枚): cells by column name, and every problem found on the way.

A label with a problem is left out whole; nothing is cut, guessed or dropped to make it fit.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from akinai.adapters.carriers.address import full_address, lay_out
from akinai.adapters.carriers.letters import narrow, near, printable, unprintable, width
from akinai.shipping.ports import Label, LabelFile, LabelProblem, Party

_REFERENCE = re.compile(r"[A-Za-z0-9_\-]+")
_PHONE = re.compile(r"0\d{9,10}")
SENDER = "ご依頼主"


class Slip:
    """Cells and problems of one label."""

    def __init__(self, label: Label) -> None:
        self.label = label
        self.cells: dict[str, str] = {}
        self.problems: list[LabelProblem] = []

    def problem(self, field: str, value: str, message: str) -> None:
        self.problems.append(LabelProblem(self.label.reference, field, value, message))

    def put(self, column: str, value: str | int) -> None:
        self.cells[column] = str(value)

    def text(self, column: str, value: str, *, limit: int, required: bool = False) -> None:
        """A printed text of at most `limit` bytes (half of it in full-width characters)."""
        plain = printable(value)
        if required and not plain:
            self.problem(column, value, f"{column}が空です。入力してください。")
        if self._readable(column, plain):
            if width(plain) > limit:
                self.problem(column, plain, too_long(column, plain, limit))
            self.cells[column] = plain

    def _readable(self, column: str, plain: str) -> bool:
        """Every character can be printed, and Excel would not take the cell for a formula."""
        for char in unprintable(plain):
            instead = (
                f"「{other}」などに直してください。"
                if (other := near(char))
                else "別の字かカナに直してください。"
            )
            self.problem(
                column,
                plain,
                f"{column}の「{char}」は送り状に印字できない文字です（Shift_JISにありません）。{instead}",
            )
        if plain[:1] in ("=", "@"):
            self.problem(
                column,
                plain,
                f"{column}が「{plain[0]}」で始まっています。Excelで開くと計算式になります。先頭の文字を消すか全角に直してください。",
            )
        return not unprintable(plain)

    def phone(self, column: str, value: str, *, limit: int = 15, required: bool = True) -> None:
        """電話番号 with hyphens as entered; 10 or 11 digits beginning with 0."""
        plain = re.sub(r"[()\s]+", "-", re.sub(r"^\+81[-\s]*(?:\(0\)|0)?", "0", narrow(value))).strip("-")
        plain = re.sub(r"-{2,}", "-", plain)
        if not plain and not required:
            return
        if not plain:
            self.problem(column, value, f"{column}が空です。入力してください。")
        elif not _PHONE.fullmatch(plain.replace("-", "")) or len(plain) > limit:
            self.problem(
                column,
                value,
                f"{column}「{value}」が電話番号の形ではありません。0から始まる10〜11桁の数字とハイフンで入力してください。",
            )
        self.cells[column] = plain

    def postal(self, column: str, value: str) -> None:
        """郵便番号 as 123-4567: with the hyphen, Excel cannot eat a leading zero."""
        digits = re.sub(r"[\s\-〒]", "", narrow(value))
        if not re.fullmatch(r"\d{7}", digits):
            self.problem(
                column, value, f"{column}「{value}」が7桁の数字ではありません。郵便番号を直してください。"
            )
            return
        self.cells[column] = f"{digits[:3]}-{digits[3:]}"

    def address(self, columns: Sequence[str], party: Party, *, limits: Sequence[int]) -> None:
        """住所 over the carrier's lines, broken where a person would break it."""
        street, building = full_address(party)
        if not street:
            self.problem(columns[0], "", f"{columns[0]}が空です。入力してください。")
            return
        lines = lay_out(party, limits)
        if lines is None:
            whole = f"{street} {building}".strip()
            self.problem(columns[0], whole, _address_too_long(columns, limits, whole))
            return
        for column, line, limit in zip(columns, lines, limits, strict=True):
            self.text(column, line, limit=limit)

    def dates(self, *, today: date) -> None:
        """出荷日 is today or later, お届け日 after it."""
        label = self.label
        if label.ship_on < today:
            self.problem(
                "出荷予定日",
                f"{label.ship_on:%Y/%m/%d}",
                "出荷予定日が過ぎています。今日以降の日付に直してください。",
            )
        if label.delivery_on and label.delivery_on <= label.ship_on:
            self.problem(
                "お届け予定日",
                f"{label.delivery_on:%Y/%m/%d}",
                f"お届け予定日が出荷予定日（{label.ship_on:%Y/%m/%d}）より後ではありません。どちらかの日付を直してください。",
            )

    def reference(self, column: str, *, limit: int) -> None:
        """お客様管理番号: the key that brings the tracking number back."""
        value = self.label.reference
        if not _REFERENCE.fullmatch(value) or len(value) > limit:
            self.problem(column, value, f"{column}「{value}」は半角英数字とハイフンで{limit}文字までです。")
        self.cells[column] = value


def too_long(column: str, plain: str, limit: int) -> str:
    """「お届け先名は全角16文字（半角32文字）まで…」."""
    over = width(plain) - limit
    return f"{column}は全角{limit // 2}文字（半角{limit}文字）までです。半角{over}文字分長いので、短くしてください。"


def _address_too_long(columns: Sequence[str], limits: Sequence[int], whole: str) -> str:
    parts = "＋".join(f"{column} 全角{limit // 2}文字" for column, limit in zip(columns, limits, strict=True))
    return f"住所（全角{(width(whole) + 1) // 2}文字分）が {parts} に区切りよく収まりません。建物名を短くするか、会社名の欄に移してください。"


def write_file(
    slips: Sequence[Slip],
    columns: Sequence[str],
    *,
    filename: str,
    header: bool = True,
    more: Sequence[LabelProblem] = (),
) -> LabelFile:
    """CP932, CRLF; only labels without problems. `more` are problems of the file itself (a missing contract code)."""
    seen: set[str] = set()
    for slip in slips:
        reference = slip.label.reference
        if reference in seen:
            slip.problem(
                "お客様管理番号",
                reference,
                f"「{reference}」が2件あります。送り状番号が戻せなくなるので、1件だけ選んでください。",
            )
        seen.add(reference)
    good = [] if more else [slip for slip in slips if not slip.problems]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    if header and good:
        writer.writerow(columns)
    for slip in good:
        writer.writerow([_cell(slip, column) for column in columns])
    problems = (*more, *_once_for_the_sender(slips))
    written = tuple(slip.label.reference for slip in good)
    return LabelFile(filename, out.getvalue().encode("cp932"), written, problems)


def _cell(slip: Slip, column: str) -> str:
    """What stands in a column: its cell, or the fixed value of a column named `=値`."""
    return column[1:] if column.startswith("=") else slip.cells.get(column, "")


def _once_for_the_sender(slips: Sequence[Slip]) -> list[LabelProblem]:
    """What is wrong with ご依頼主 is wrong on every label and is put right in one place: told once, for the file."""
    found: list[LabelProblem] = []
    told: set[str] = set()
    for problem in (problem for slip in slips for problem in slip.problems):
        if not problem.field.startswith(SENDER):
            found.append(problem)
        elif problem.message not in told:
            told.add(problem.message)
            found.append(
                replace(problem, reference="", message=f"{problem.message}自社情報を直してください。")
            )
    return found
