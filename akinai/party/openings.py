"""個人情報の閲覧記録: who opened whose page, when, and coming from where. Numbers only, no personal data.

One statement a page. The same person at the same page within TEN_MINUTES writes nothing more: the statement looks back, and
of two that run at once UNIQUE lets one in.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from akinai.core import clock
from akinai.party import masking
from akinai.party.models import Customer, Opening

if TYPE_CHECKING:
    from akinai.staff.models import Staff

Page = Opening.Page
TEN_MINUTES = 600
PAPER = re.compile(r"/([A-Z]{1,3}-(?:\d{4}-)?\d{4,8})(?:/|$)")

INSERT = """
INSERT INTO party_opening (at, staff_id, page, subject, customer_number, reason, rows, slot)
SELECT %(at)s, %(staff)s, %(page)s, %(subject)s, coalesce((SELECT number FROM party_customer WHERE id = %(customer)s), ''),
       %(reason)s, %(rows)s::int, %(slot)s
WHERE %(rows)s::int IS NOT NULL OR NOT EXISTS (
  SELECT FROM party_opening WHERE staff_id = %(staff)s AND page = %(page)s AND subject = %(subject)s AND slot >= %(slot)s - 1
    AND at > %(at)s - interval '10 minutes')
ON CONFLICT DO NOTHING
"""


def note(
    page: str,
    subject: str,
    *,
    by: Staff,
    customer_id: int | None = None,
    reason: str = "",
    rows: int | None = None,
) -> bool:
    """Write that `by` opened this page (or took out a list of so many `rows`). Out: False when that stood there already."""
    now = clock.now()
    told: dict[str, str | int | datetime | None] = {
        "at": now, "staff": by.pk, "page": str(page), "subject": subject[:60], "customer": customer_id, "reason": reason[:200],
        "rows": rows, "slot": int(now.timestamp()) // TEN_MINUTES,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(INSERT, told)
        return cursor.rowcount == 1


def opened(request: HttpRequest, page: str, subject: str, customer_id: int | None = None) -> None:
    """Called by the view of a page that shows whose it is, before it is drawn."""
    note(page, subject, by=request.user, customer_id=customer_id, reason=_coming_from(request, subject))  # type: ignore[arg-type]


def opened_paper(request: HttpRequest, page: str, subject: str, customer_id: int | None = None) -> None:
    """Called before a PDF or a file with names and addresses is given: nothing can be masked in it.

    Raises PermissionDenied for who may not see contact data.
    """
    if not masking.may_see(request.user):
        raise PermissionDenied("宛名や住所の載った書類は、あなたの担当では開けません。")
    opened(request, page, subject, customer_id)


def _coming_from(request: HttpRequest, subject: str) -> str:
    """The paper whose page led here, or what the person told (`?why=`)."""
    if told := request.GET.get("why", "").strip().replace("\0", ""):
        return told
    found = PAPER.search(unquote(urlsplit(request.headers.get("Referer", "")).path))
    return f"{found[1]} から" if found and found[1] != subject else ""


class Watcher:
    """Listens to the cellar: the page of a mail that was sent, and lists of people taken out as files, with how many rows."""

    def mail_opened(self, request: HttpRequest, mail: Any) -> None:
        found = Customer.objects.filter(identity=f"mail:{mail.to.strip().lower()}"[:200])
        opened(request, Page.MAIL, f"#{mail.pk}", found.values_list("pk", flat=True).first())

    def exported(self, request: HttpRequest, title: str, rows: QuerySet[Any]) -> None:
        note(Page.EXPORT, title, by=request.user, rows=rows.order_by().count())  # type: ignore[arg-type]


def of_customer(customer: Customer) -> QuerySet[Opening]:
    """Openings of this customer's pages, and of those who went into him (名寄せ); newest first."""
    gone = Customer.objects.filter(merged_into=customer.pk).values("number")
    mine = Q(customer_number=customer.number) | Q(customer_number__in=gone)
    return Opening.objects.filter(mine).select_related("staff").order_by("-at", "-id")
