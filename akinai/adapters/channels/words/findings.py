"""例外の覚え書き: every value of an order is read through here, so that nothing odd passes unnoticed.

Each reader returns something usable (0, None, the text as written) and notes an `IssueDraft` with file, line, column
and value when the cell is not what it should be. The order is kept; a person decides.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from akinai.adapters.channels.words import delivery, places, times
from akinai.adapters.channels.words.rows import ParsedRow, narrow
from akinai.core.money import NotANumber, parse_quantity, parse_yen
from akinai.core.tables import EXCEL_WAY_OUT, dangerous_formula, has_control, is_excel_mangled, is_garbled
from akinai.orders.ports import ASSUMED, TOLD, IssueDraft

MAX_QUANTITY = 9_999
LONGEST_CODE = 120
RATES = (10, 8, 0)
# What may be a formula, broken characters or a value that Excel destroyed; looked at closely only then.
_SUSPECT = re.compile(
    r"^[\s\u3000'\"]*[=+\-@＝＋－＠#]|[\ufffd縺繧繝\x00-\x08\x0e-\x1f\x7f-\x9f]|[ÃãäåæçèéÂ].|\d[EＥ][+＋]",
    re.IGNORECASE,
)
CHECK = "モールの画面で確かめて、直してから進めてください。"


class Code:
    """The words of akinai.orders.states.IssueCode, without Django (a test holds the two together)."""

    TOTAL_MISMATCH = "total_mismatch"
    TAX_MISMATCH = "tax_mismatch"
    BAD_QUANTITY = "bad_quantity"
    BAD_PRICE = "bad_price"
    BAD_DATE = "bad_date"
    BAD_TEXT = "bad_text"
    CURRENCY = "currency"
    MANGLED = "mangled"
    MULTI_SHIP = "multi_ship"
    DUPLICATE_ROW = "duplicate_row"
    CANCELLED_LINE = "cancelled_line"
    MALL_HOLD = "mall_hold"
    OTHER = "other"


class Findings:
    """Issues of one order. Set `line_no` while reading a line (1-based), 0 for the order itself."""

    def __init__(self) -> None:
        self.issues: list[IssueDraft] = []
        self.line_no = 0

    def note(self, code: str, message: str, row: ParsedRow, name: str = "", value: str | None = None) -> None:
        """Add one issue about a cell (`name` is the field) or, without a field, about the whole row."""
        header = row.header(name) if name else ""
        text = value if value is not None else str(getattr(row, name, "")) if name else ""
        self.issues.append(IssueDraft(code, message, self.line_no, row.file, row.line, header, text))

    def has(self, code: str) -> bool:
        return any(issue.code == code for issue in self.issues)

    def yen(self, row: ParsedRow, name: str, *, negative: bool = False, blank: int = 0) -> int:
        """金額. Blank is `blank`; what is no amount, or negative where it must not be, is noted and counts as 0."""
        text: str = getattr(row, name)
        if not text:
            return blank
        if text.isdigit() and text.isascii() and len(text) <= 12:
            return int(text)
        try:
            value = parse_yen(text)
        except NotANumber as reason:
            self._bad_number(Code.BAD_PRICE, str(reason), row, name)
            return 0
        if value < 0 and not negative:
            self.note(
                Code.BAD_PRICE,
                f"「{row.header(name)}」がマイナスです（{text}）。0円として扱いました。{CHECK}",
                row,
                name,
            )
            return 0
        return value

    def magnitude(self, row: ParsedRow, name: str) -> int:
        """値引・ポイント: the amount without its sign, because malls write -500 and 500 for the same thing."""
        return abs(self.yen(row, name, negative=True))

    def quantity(self, row: ParsedRow, name: str = "quantity") -> int:
        """数量 1..9,999. Anything else is noted and counts as 0, so that nothing is shipped by mistake."""
        text: str = getattr(row, name)
        try:
            value = parse_quantity(text, maximum=MAX_QUANTITY)
        except NotANumber as reason:
            self._bad_number(Code.BAD_QUANTITY, str(reason), row, name)
            return 0
        if value == 0:
            self.note(
                Code.BAD_QUANTITY, f"数量が0です。取り消された明細か、入力の誤りです。{CHECK}", row, name
            )
        return value

    def _bad_number(self, code: str, reason: str, row: ParsedRow, name: str) -> None:
        if is_excel_mangled(getattr(row, name)):
            self.note(code, f"{reason}Excelで壊れた値です。{EXCEL_WAY_OUT}", row, name)
        else:
            self.note(code, f"{reason}0として扱いました。{CHECK}", row, name)

    def rate(self, row: ParsedRow, name: str = "tax_rate", *, blank: int = 10) -> int:
        """税率: "0.1", "10", "8%", "軽減税率8%" → percent. Unknown rates are noted and read as `blank`."""
        text: str = getattr(row, name)
        if not text:
            return blank
        if (rate := rate_of(text)) is None:
            message = f"税率「{text}」を読めません。{blank}%として扱いました。商品の税率を確かめてください。"
            self.note(Code.TAX_MISMATCH, message, row, name)
            return blank
        return rate

    def rate_is(self, row: ParsedRow, name: str = "tax_rate") -> str:
        """Does the file tell the rate of this line?"""
        return TOLD if getattr(row, name) else ASSUMED

    def day(self, row: ParsedRow, name: str) -> date | None:
        """日付. Blank is None; a date that cannot be read is noted."""
        moment = self.moment(row, name)
        return moment.date() if moment else None

    def moment(self, row: ParsedRow, name: str) -> datetime | None:
        """日時, aware in Asia/Tokyo."""
        text: str = getattr(row, name)
        if not text:
            return None
        if (found := times.parse_moment(text)) is None:
            self.note(
                Code.BAD_DATE, f"「{row.header(name)}」の日付「{text[:40]}」を読めません。{CHECK}", row, name
            )
        return found

    def text(self, row: ParsedRow, name: str, limit: int = 0) -> str:
        """文字: kept as written. Formulas, broken characters and over-long texts are noted."""
        text: str = getattr(row, name)
        if text and (_SUSPECT.search(text) or (limit and len(text) > limit)):
            self._check_text(text, row, name, limit)
        return text

    def texts(self, row: ParsedRow, names: tuple[str, ...], limit: int = 0, join: str = "") -> str:
        """Several cells joined, blanks left out: 姓 and 名, のし and ラッピング名."""
        if len(names) == 1:
            return self.text(row, names[0], limit)
        found = join.join(text for name in names if (text := self.text(row, name)))
        if limit and len(found) > limit:
            self._too_long(found, row, names[0], limit)
        return found

    def _check_text(self, text: str, row: ParsedRow, name: str, limit: int) -> None:
        if dangerous_formula(text):
            message = f"「{row.header(name)}」がExcelの数式のように始まっています。実行はされませんが、内容を確かめてください。"
            self.note(Code.BAD_TEXT, message, row, name)
        elif has_control(text):
            message = f"「{row.header(name)}」に見えない制御文字が入っています。内容を確かめて、入力し直してください。"
            self.note(Code.BAD_TEXT, message, row, name)
        elif is_garbled(text):
            self.note(Code.BAD_TEXT, f"「{row.header(name)}」が文字化けしています。{CHECK}", row, name)
        elif is_excel_mangled(text):
            self.note(
                Code.MANGLED, f"「{row.header(name)}」がExcelで壊れています。{EXCEL_WAY_OUT}", row, name
            )
        if limit and len(text) > limit:
            self._too_long(text, row, name, limit)

    def _too_long(self, text: str, row: ParsedRow, name: str, limit: int) -> None:
        message = (
            f"「{row.header(name)}」が長すぎます（{len(text)}文字）。{limit}文字までしか使えません。{CHECK}"
        )
        self.note(Code.BAD_TEXT, message, row, name, value=text)

    def code(self, row: ParsedRow, name: str) -> str:
        """商品コード・JAN: full width made narrow. A value that Excel destroyed is noted and kept as written."""
        text = narrow(getattr(row, name))
        if text and is_excel_mangled(text):
            self.note(
                Code.MANGLED, f"「{row.header(name)}」がExcelで壊れています。{EXCEL_WAY_OUT}", row, name
            )
        elif text and text[0] in "=+-@" and dangerous_formula(text):
            self.note(
                Code.BAD_TEXT,
                f"「{row.header(name)}」がExcelの数式のように始まっています。{CHECK}",
                row,
                name,
            )
        return text

    def codes(self, row: ParsedRow, names: tuple[str, ...]) -> tuple[str, ...]:
        """Different codes of the same goods, best first, blanks left out."""
        return tuple(dict.fromkeys(code for name in names if (code := self.code(row, name))))

    def phone(self, row: ParsedRow, *names: str) -> str:
        """電話番号, from one cell or from three pieces."""
        self._mangled(row, names)
        return places.phone(*[getattr(row, name) for name in names])

    def postal(self, row: ParsedRow, *names: str, prefecture: str = "") -> str:
        """郵便番号: 7 digits, or as written when it is none. From one cell or from two pieces."""
        self._mangled(row, names)
        return places.postal(*[getattr(row, name) for name in names], prefecture=prefecture)

    def _mangled(self, row: ParsedRow, names: tuple[str, ...]) -> None:
        for name in names:
            if _SUSPECT.search(getattr(row, name)) and is_excel_mangled(getattr(row, name)):
                self.note(
                    Code.MANGLED, f"「{row.header(name)}」がExcelで壊れています。{EXCEL_WAY_OUT}", row, name
                )

    def slot(self, row: ParsedRow, name: str = "delivery_slot") -> str:
        """お届け時間帯. Words that mean no slot of ours (午後, 18-21) are noted: a person chooses."""
        text: str = getattr(row, name)
        if (slot := delivery.slot(text)) is None:
            message = f"お届け時間帯「{text[:40]}」に当たる時間帯がありません。お客様の希望に合う時間帯を選んでください。"
            self.note(Code.OTHER, message, row, name)
            return ""
        return slot


@lru_cache(maxsize=200)
def rate_of(text: str) -> int | None:
    """ "0.1", "10", "10%", "標準税率10%" → 10; None when it is none of the rates of today."""
    plain = narrow(text)
    digits = "".join(char for char in plain if char.isdigit() or char == ".")
    try:
        value = Decimal(digits)
    except InvalidOperation:
        return 0 if plain in ("非課税", "不課税", "免税") else None
    if "%" not in plain and 0 < value < 1:
        value *= 100
    return int(value) if value == int(value) and int(value) in RATES else None
