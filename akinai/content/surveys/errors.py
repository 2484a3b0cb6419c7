"""Refusals of surveys (アンケートの拒否)."""

from __future__ import annotations

from akinai.core.errors import DomainError


class SurveyClosed(DomainError):
    """Not open now, or not for this person."""

    code = "survey_closed"


class AlreadyAnswered(DomainError):
    """One answer per person."""

    code = "already_answered"


class NotComplete(DomainError):
    """A required question has no answer. `page` is where it stands, `codes` which."""

    code = "not_complete"

    def __init__(self, codes: list[str], page: int) -> None:
        super().__init__("まだ答えていない必須の設問があります。", way_out="赤い印の設問に答えてください。")
        self.codes, self.page = codes, page
