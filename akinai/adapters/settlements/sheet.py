"""The frame of a payout CSV (精算CSVの読み方): subclass it, name the columns, done.

One row is one order (売上, 手数料, 差引 side by side) or one item of an order (項目, 金額). Rows are put into payouts by the
payout's number, else by its day. What does not add up refuses the file and names the line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from akinai.adapters.banks.sheet import BadCell, first_lines, refuse_formulas, yen_in
from akinai.adapters.channels.words.times import parse_day
from akinai.adapters.settlements.words import by_sign, meaning
from akinai.core.tables import FileRefused, Row, RowError, Table, guess_columns, read_tables, refuse_all
from akinai.payments.settlement_ports import Payout, PayoutLine
from akinai.payments.settlement_states import LineKind

TOTALS = ("合計", "小計", "総計", "total")


class FixedDoor:
    """A report whose columns bear the provider's own names: `needs` are those without which it is not this file."""

    needs: frozenset[str]

    def is_header(self, cells: Sequence[str]) -> bool:
        return self.needs <= set(cells)

    def sniff(self, data: bytes, filename: str) -> bool:
        return any(self.is_header(cells) for cells in first_lines(data, filename))

    def table(self, data: bytes, filename: str) -> Table:
        return read_tables(
            data, filename=filename, find_header=self.is_header, expected=tuple(sorted(self.needs))
        )


class SheetDoor:
    """One provider's CSV. `columns`: field → names that it may bear; `needs`: fields without which it is not this file;
    `tells`: column names of which one must be there, so that no other provider's file is taken for this."""

    code: str
    title: str
    provider: str
    columns: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    tells: frozenset[str] = frozenset()

    def sniff(self, data: bytes, filename: str) -> bool:
        return any(self.is_header(cells) for cells in first_lines(data, filename))

    def is_header(self, cells: Sequence[str]) -> bool:
        if self.tells and not self.tells & set(cells):
            return False
        found = guess_columns(self.columns, cells)
        return all(name in found for name in self.needs)

    def read(self, data: bytes, filename: str) -> Sequence[Payout]:
        expected = tuple(self.columns[name][0] for name in self.needs)
        table = read_tables(data, filename=filename, find_header=self.is_header, expected=expected)
        cells = guess_columns(self.columns, table.header)
        rows: list[ReadRow] = []

        def take(row: Row) -> None:
            if not _is_total(row, cells):
                rows.append(ReadRow(row, cells, tuple(self.lines(row, cells))))

        read_each(table, take)
        return payouts_of(rows, file=filename, title=self.title)

    def lines(self, row: Row, cells: Mapping[str, str]) -> Iterable[PayoutLine]:
        """The lines of one row."""
        return item_line(row, cells) if "item" in cells else order_lines(row, cells)


class ReadRow:
    """One row of the file with the payout it belongs to."""

    __slots__ = ("line_no", "lines", "number", "paid_on", "payout_yen")

    def __init__(self, row: Row, cells: Mapping[str, str], lines: tuple[PayoutLine, ...]) -> None:
        self.number = row.get(cells.get("payout_no", ""))
        self.paid_on = day_in(row, cells.get("paid_on", ""))
        self.payout_yen = yen_in(row, cells.get("payout_yen", ""))
        self.lines = lines
        self.line_no = row.line


def read_each(table: Table, read: Callable[[Row], None]) -> None:
    """Every row through `read`. Raises FileRefused with the bad cells of all rows together."""
    errors: list[RowError] = []
    for row in table.rows:
        try:
            refuse_formulas(row)
            read(row)
        except BadCell as bad:
            errors.append(bad.at(table, row))
    if errors:
        raise refuse_all(errors)


def _is_total(row: Row, cells: Mapping[str, str]) -> bool:
    """A row that sums up what stands above it is no line of its own."""
    names = [cells[name] for name in ("order_no", "tracking_no", "reference") if name in cells]
    told = [row.get(name) for name in names]
    first = next((cell for cell in row.raw().values() if cell.strip()), "")
    is_sum = unicodedata.normalize("NFKC", first).strip().lower().startswith(TOTALS)
    return is_sum and all(not cell or cell == first for cell in told)


def payouts_of(rows: Sequence[ReadRow], *, file: str, title: str) -> list[Payout]:
    """Rows → payouts, in the order of their days. Raises FileRefused when a payout says another sum than its lines."""
    groups: dict[tuple[str, date | None], list[ReadRow]] = {}
    for row in rows:
        groups.setdefault((row.number, None if row.number else row.paid_on), []).append(row)
    if not rows:
        raise _refusal(
            file, 0, f"{title}に明細の行がありません。", "期間を確かめてダウンロードし直してください。"
        )
    made = [_payout(number, group, file) for (number, _day), group in groups.items()]
    return sorted(made, key=lambda payout: (payout.paid_on, payout.number))


def _payout(number: str, rows: Sequence[ReadRow], file: str) -> Payout:
    days = {row.paid_on for row in rows if row.paid_on}
    if not days:
        raise _refusal(
            file,
            rows[0].line_no,
            "入金日が空欄です。",
            "入金日（振込日）の決まった精算を取り込んでください。",
        )
    lines = tuple(line for row in rows for line in row.lines if line.yen)
    net = sum(line.yen for line in lines)
    told = {row.payout_yen for row in rows if row.payout_yen is not None}
    if told and told != {net}:
        raise _refusal(
            file, rows[0].line_no, f"明細の合計 {net:,} 円が、書かれている振込金額 {min(told):,} 円と合いません。",
            "期間や条件を絞らずにダウンロードしたファイルを取り込んでください。",
        )  # fmt: skip
    on = [line.on for line in lines if line.on]
    return Payout(max(days), net, lines, number, min(on, default=None), max(on, default=None), file=file)


def _refusal(file: str, line: int, what: str, way_out: str) -> FileRefused:
    return FileRefused([RowError(file, line, "", "", f"{what}{way_out}")])


def day_in(row: Row, column: str) -> date | None:
    """A day; None when blank. Raises BadCell for anything else."""
    text = row.get(column) if column else ""
    if not text:
        return None
    found = parse_day(text)
    if found is None:
        raise BadCell(
            column, text, f"「{text[:40]}」を日付として読めません。元のファイルを確かめてください。"
        )
    return found


def item_line(row: Row, cells: Mapping[str, str]) -> Iterable[PayoutLine]:
    """項目と金額: one line."""
    yen = yen_in(row, cells["amount"])
    if yen is None:
        raise BadCell(cells["amount"], "", "金額が空欄です。元のファイルを確かめてください。")
    text = row.get(cells["item"])
    kind, role = meaning(text)
    if yen:
        yield _line(row, cells, by_sign(kind, yen), yen, role=role, text=text)


def order_lines(row: Row, cells: Mapping[str, str]) -> Iterable[PayoutLine]:
    """1 行 1 注文: sale or refund, points, fee. Their sum must be the row's 差引 where it has one."""
    amounts = {
        name: yen_in(row, cells[name]) or 0
        for name in ("amount", "refund", "points", "other")
        if name in cells
    }
    refund = -abs(amounts.pop("refund", 0))
    sold = amounts.pop("amount", 0)
    text = row.get(cells.get("text", ""))
    if sold > 0 and text and meaning(text)[0] == LineKind.REFUND:
        sold = -sold
    points, other = amounts.get("points", 0), amounts.get("other", 0)
    stamp = -abs(yen_in(row, cells.get("stamp", "")) or 0)
    fee, tax = _fee(row, cells, sold + refund + points + other + stamp, is_back=sold < 0)
    parts = (
        (by_sign(LineKind.SALE, sold), sold), (LineKind.REFUND, refund), (LineKind.POINTS, points), (LineKind.ADJUSTMENT, other)
    )  # fmt: skip
    for kind, yen in parts:
        if yen:
            yield _line(row, cells, kind, yen, text=text)
    if stamp:
        yield _line(row, cells, LineKind.ADJUSTMENT, stamp, role="lost_tax", tax=0, text="印紙代")
    if fee:
        yield _line(row, cells, LineKind.FEE, fee, role="fees", tax=tax, text=text)


def _fee(row: Row, cells: Mapping[str, str], before: int, *, is_back: bool) -> tuple[int, int | None]:
    """(手数料 as it changes the payout, its tax where told). The row's 差引 says which way a bare number goes."""
    column = cells.get("fee", "")
    fee, tax = yen_in(row, column) or 0, yen_in(row, cells.get("fee_tax", ""))
    if tax is not None and "税抜" in column:
        fee += tax if (fee < 0) == (tax < 0) or not fee else 0
    net = yen_in(row, cells.get("net", ""))
    if net is not None:
        signed = next((one for one in (-fee, fee) if before + one == net), None)
        if signed is None:
            raise BadCell(
                cells["net"], row.get(cells["net"]),
                f"売上・返金 {before:,} 円と手数料 {fee:,} 円から計算した額が、差引 {net:,} 円と合いません。",
            )  # fmt: skip
    else:
        signed = -fee if is_back else -abs(fee)
    return signed, None if tax is None else abs(tax) * (1 if signed > 0 else -1)


def _line(
    row: Row,
    cells: Mapping[str, str],
    kind: str,
    yen: int,
    *,
    role: str = "",
    tax: int | None = None,
    text: str = "",
) -> PayoutLine:
    order_no, tracking = row.get(cells.get("order_no", "")), _digits(row.get(cells.get("tracking_no", "")))
    reference = row.get(cells.get("reference", "")) or tracking or order_no
    return PayoutLine(
        kind, yen, reference, order_no, (reference,) if reference and reference != order_no else (), tracking,
        day_in(row, cells.get("on", "")), text, role, tax, row.line,
    )  # fmt: skip


def _digits(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isdigit())
