"""Refusals (業務上の拒否): what happened, what it touches and the next step, in Japanese."""

from __future__ import annotations

# A trigger that raises with this SQLSTATE speaks to people: its message is what happened, its hint the way out.
SPEAKS = "AK001"


class DomainError(Exception):
    """A business rule said no. `code` is for programs, `message` and `way_out` are for people."""

    code = "refused"

    def __init__(self, message: str, *, way_out: str = "", code: str = "") -> None:
        super().__init__(f"{message}{way_out}")
        self.message = message
        self.way_out = way_out
        if code:
            self.code = code


def spoken_by_database(error: BaseException) -> DomainError | None:
    """The refusal of a trigger that speaks to people (`SPEAKS`), else None."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", "") != SPEAKS:
        return None
    said = cause.diag  # type: ignore[union-attr]
    return DomainError(said.message_primary or "", way_out=said.message_hint or "", code="closed")


class ImpossibleMove(DomainError):
    """状態遷移の拒否: the table of moves has no such way from the present state."""

    code = "impossible_move"


class ChangedMeanwhile(DomainError):
    """Somebody else was faster; nothing was written."""

    code = "changed_meanwhile"


class PaperLost(DomainError):
    """The stored PDF is missing or no longer has the fingerprint it was issued with."""

    code = "paper_lost"
