"""取り込んだファイル of a person's papers: the file is kept as it was received, what the screen showed of it goes."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from akinai.core.intake.models import IntakeFile
from akinai.core.intake.states import IntakeState
from akinai.party.ports import Share

OVER = (IntakeState.APPLIED, IntakeState.REFUSED, IntakeState.UNDONE)


def shares(title: str, files: QuerySet[IntakeFile], *, law: str, until: date | None) -> list[Share]:
    """Both shares of these files. Others stand in them too, and a file that was cut is no evidence any more."""
    shown = files.filter(state__in=OVER).exclude(preview={}, errors=[])
    return [
        Share(f"{title}の画面に見せた内容", shown, {"preview": {}, "errors": []}),
        Share(title, files, law=law, until=until, columns=["files.intake"]),
    ]
