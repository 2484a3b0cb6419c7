"""What payments ask of the doors (入金の入口): a bank's file becomes a list of `StatementLine`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, runtime_checkable

from akinai.core.tables import RowError, refuse


@dataclass(frozen=True, slots=True)
class AccountHint:
    """口座 as the file names it; all may be empty when the file does not say."""

    bank_code: str = ""
    bank_name: str = ""
    branch_code: str = ""
    branch_name: str = ""
    kind: str = ""  # 普通, 当座
    number: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """入出金明細 1 行. `amount_yen` is positive for money in, negative for money out."""

    on: date
    amount_yen: int
    payer: str  # 振込依頼人 as written, without the bank's own words such as 振込
    text: str  # 摘要 as written
    balance_yen: int | None = None
    memo: str = ""
    bank_ref: str = ""  # 照会番号, 取引順番号
    payer_code: str = ""  # 依頼人コード
    edi: str = ""
    is_transfer: bool = False  # 振込 and the like: a customer's payment is possible
    is_cancellation: bool = False  # 取消・組戻
    kind: str = ""  # 振込, 利息, 手数料, 口座振替, 現金, 小切手, その他
    source_line: int = 0
    raw: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """One account's lines, oldest first. `warnings` do not stop the intake (e.g. an unproven balance chain)."""

    account: AccountHint
    lines: tuple[StatementLine, ...]
    file: str = ""
    warnings: tuple[RowError, ...] = ()


class BankFormat(Protocol):
    """A bank's file format. `sniff` is cheap; `read` raises FileRefused with every reason."""

    code: str
    title: str

    def sniff(self, data: bytes, filename: str) -> bool: ...

    def read(self, data: bytes, filename: str) -> Sequence[Statement]: ...


@runtime_checkable
class YearlessFormat(Protocol):
    """A format whose dates may have no year: `for_year` is the same format for a file of that year."""

    def for_year(self, year: int) -> BankFormat: ...


@dataclass(frozen=True, slots=True)
class MappedField:
    """項目 of a format whose columns a person names. `names` are column names that mean it without asking."""

    code: str
    label: str
    names: tuple[str, ...] = ()
    required: bool = False
    help: str = ""


@runtime_checkable
class MappedFormat(Protocol):
    """A format for any table (汎用): `with_columns` is the same format with field → column decided."""

    fields: Sequence[MappedField]

    def with_columns(self, columns: Mapping[str, str]) -> BankFormat: ...


FORMATS: dict[str, BankFormat] = {}


def register_format(fmt: BankFormat) -> None:
    """Bring a door into use (called from akinai.adapters.apps.ready)."""
    FORMATS[fmt.code] = fmt


# What a file is that no bank knows: bytes, filename → a Japanese sentence with the way out, or "".
Explain = Callable[[bytes, str], str]
EXPLAINERS: list[Explain] = []


def register_stranger(explain: Explain) -> None:
    """Say by name what is often taken for a bank statement and is none (PayPal, card statements)."""
    EXPLAINERS.append(explain)


def format_for(data: bytes, filename: str) -> BankFormat | None:
    """The bank whose file this is, or None. Raises FileRefused when it is known to be something else."""
    found = next((fmt for fmt in FORMATS.values() if fmt.sniff(data, filename)), None)
    if found is None and (sentence := _stranger(data, filename)):
        raise refuse(filename, sentence)
    return found


def _stranger(data: bytes, filename: str) -> str:
    if not data.strip(b"\x00\x1a \t\r\n\xef\xbb\xbf"):
        return "ファイルが空です。銀行からもう一度ダウンロードしたファイルを取り込んでください。"
    return next((said for explain in EXPLAINERS if (said := explain(data, filename))), "")


def unknown_bank() -> str:
    """What is said of a table that no bank writes."""
    banks = "、".join(fmt.title for fmt in FORMATS.values())
    return (
        f"どの銀行の明細か分かりません。読める形式は {banks} です。"
        "見出しの行を消さずに、銀行からダウンロードしたままのファイルを選ぶか、"
        "形式「汎用」で列を指定してください（コマンドでは、保存した列の対応の名前を --mapping で指定します）。"
    )
