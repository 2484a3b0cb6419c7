"""見本の入金明細: the statement files of the shop's account, with the balance going on from day to day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from akinai.core.intake import Upload
from akinai.payments.ports import AccountHint, Statement, StatementLine

OPENING_YEN = 1_284_310


@dataclass(frozen=True, slots=True)
class Line:
    """入出金 1 行: positive is money in."""

    yen: int
    payer: str
    kind: str = "振込"


@dataclass(slots=True)
class Account:
    """The shop's account at the bank."""

    balance: int = OPENING_YEN

    def statement(self, on: date, lines: list[Line]) -> Upload:
        """The day's file as the bank offers it for download."""
        from akinai.adapters.banks.mufg import writer

        rows = []
        for line in lines:
            self.balance += line.yen
            rows.append(
                StatementLine(on, line.yen, line.payer, line.kind, self.balance, kind=line.kind,
                              is_transfer=line.kind == "振込")
            )  # fmt: skip
        return Upload(f"入出金明細_{on:%Y%m%d}.csv", writer.write(Statement(AccountHint(), tuple(rows))))


_AS_PRINTED = str.maketrans("ァィゥェォッャュョー ", "アイウエオツヤユヨ－　")


def as_payer(kana: str) -> str:
    """A name as banks print it, without small letters: カネコ　シヨウ."""
    return kana.translate(_AS_PRINTED)
