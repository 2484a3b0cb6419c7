"""書類の検索: 取引年月日・取引金額・取引先 over all papers, and their files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from akinai.billing.models import DocumentEntry, PaperDelivery, ReceivedDocument
from akinai.core import paper_store as store
from akinai.core.errors import PaperLost
from akinai.core.kana import search_key
from akinai.core.models import OutgoingMail

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from akinai.staff.models import Staff


SENT = Exists(PaperDelivery.objects.filter(number=OuterRef("number")))
_OF_PAPER = Concat(Value("paper:"), OuterRef("number"), Value(":"))
UNDELIVERED = Exists(
    OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED, key__startswith=_OF_PAPER)
) & ~Exists(OutgoingMail.objects.filter(state=OutgoingMail.State.SENT, key__startswith=_OF_PAPER))
# 送るべき書類 that nobody has sent or handed over.
TO_SEND = Q(direction="issued", kind__in=["invoice", "credit_note", "statement"], is_void=False)


def documents_seen_by(user: Staff | AnonymousUser) -> QuerySet[DocumentEntry]:
    """Every paper, for those who may search them, with how it reached the customer."""
    may = user.has_perm("billing.view_documententry")
    found = DocumentEntry.objects.all() if may else DocumentEntry.objects.none()
    return found.annotate(is_sent=SENT, is_undelivered=UNDELIVERED)


def of_partner(text: str) -> Q:
    """取引先 that holds every word, whatever the width, case or kana."""
    found = Q()
    for word in text.split():
        if key := search_key(word):
            found &= Q(partner_key__contains=key)
    return found


def document_entry(pk: int) -> DocumentEntry | None:
    return DocumentEntry.objects.filter(pk=pk).first()


def received_by_number(number: str) -> ReceivedDocument | None:
    return ReceivedDocument.objects.filter(number=number).select_related("kept_by").first()


def files_of(entries: Iterable[DocumentEntry]) -> Iterable[tuple[DocumentEntry, bytes]]:
    """Each paper with its file; those without a file of their own (同梱の納品書) or whose file is lost are left out."""
    for entry in entries:
        if not entry.sha256:
            continue
        try:
            yield entry, store.read(entry.sha256, entry.suffix)
        except PaperLost:
            continue


def received_files() -> Sequence[tuple[str, str, str]]:
    """(number, SHA-256, suffix) of everything others sent us."""
    return list(ReceivedDocument.objects.order_by("pk").values_list("number", "sha256", "suffix"))
