"""クレーム for tests."""

from __future__ import annotations

from typing import Any

from django.test import Client

from akinai.core.errors import DomainError
from akinai.staff.models import Staff
from akinai.support import services
from akinai.support.compensation_ports import Carried, Wanted
from akinai.support.models import Complaint, ComplaintCause, Ticket
from akinai.support.services import complaints
from akinai.support.services.compensation import Ask
from akinai.support.services.complaints import Told
from akinai.support.tests.letters import letter, order
from tests.cast import staff

LIMIT = 3000


class Kept:
    """A way that remembers what it was told."""

    def __init__(self) -> None:
        self.carried: list[Wanted] = []
        self.refusal = ""

    def carry(self, wanted: Wanted, *, by: Staff | None) -> Carried:
        if self.refusal:
            raise DomainError(self.refusal)
        self.carried.append(wanted)
        return Carried(f"DOC-{wanted.number}", "実行しました。")

    def undo(self, wanted: Wanted, document: str, *, reason: str, by: Staff | None) -> str:
        if self.refusal:
            raise DomainError(self.refusal)
        return f"{document} を戻しました。"


def ticket(no: str = "A-1") -> Ticket:
    """花子's ticket about an order of 1,080 yen of hers."""
    mine = order(no, mail="hanako@example.jp")
    services.receive(letter(f"注文 {mine.number} の箱がつぶれていました。"))
    found = Ticket.objects.latest("pk")
    assert found.order_links.get().order_id == mine.pk
    return found


def complaint(
    by: Staff, of: Ticket | None = None, *, severity: int = 1, cause: str = "broken", **more: Any
) -> Complaint:
    told = Told(severity, cause_id=ComplaintCause.objects.get(code=cause).pk, **more)
    return complaints.open_complaint(of or ticket(), told, by=by)


def present(yen: int, key: str = "k", kind: str = "points", **more: Any) -> Ask:
    return Ask(kind, yen, "お詫び", key, **more)


def client(name: str) -> Client:
    found = Client()
    found.force_login(staff(name))
    return found
