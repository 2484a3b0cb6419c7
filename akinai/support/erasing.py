"""消去: what was said with the person. When, by whom of us and how fast stay for the figures; words, addresses and files go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from akinai.core import clock, paper_store
from akinai.party.erasing import GONE
from akinai.party.ports import Erasee, Hindrance, Share, Traces, keys_of
from akinai.support.complaint_states import LIVE, CompensationState
from akinai.support.models import (
    CallBack,
    Compensation,
    Complaint,
    Csat,
    CsatRefusal,
    MailReceipt,
    Message,
    MessageFile,
    ReplyGrade,
    Ticket,
)
from akinai.support.services.csat import mark_of
from akinai.support.services.messages import SUFFIX
from akinai.support.states import ALIVE, FileState

# Kinds of files in core.paper_store that are the desk's own; papers of the law are .pdf.
RAW, HTML = ".eml", ".html"
GIVEN = "法人税法の帳簿書類（補償した金額と根拠・7年）"
REFUSED = "満足度を聞かないお約束（アドレスから作った印だけ。お約束を守り続けるため）"


class TicketsErased:
    """問い合わせ・クレーム・満足度."""

    def trace(self, customer_ids: Sequence[int]) -> Traces:
        mine = Ticket.objects.filter(customer__in=customer_ids)
        words: set[str] = set()
        for row in mine.values_list("contact_name", "contact_phone"):
            words |= set(row)
        rows = keys_of(
            mine,
            Complaint.objects.filter(ticket__in=mine),
            Compensation.objects.filter(complaint__ticket__in=mine),
        )
        return Traces(
            frozenset(mine.values_list("contact_mail", flat=True)), frozenset(words),
            rows,
        )  # fmt: skip

    def hinder(self, customer_ids: Sequence[int]) -> Sequence[Hindrance]:
        tickets = Ticket.objects.filter(customer__in=customer_ids, state__in=ALIVE).order_by("pk")[:20]
        of_them = {"ticket__customer__in": customer_ids}
        complaints = Complaint.objects.filter(state__in=LIVE, **of_them).order_by("pk")[:20]
        waiting = Compensation.objects.filter(
            state=CompensationState.WAITING, complaint__ticket__customer__in=customer_ids
        ).select_related("complaint")
        return [
            *(
                Hindrance(f"問い合わせ {one.number} が終わっていません（{one.get_state_display()}）。", "解決にしてください。",
                          reverse("support:ticket", args=[one.number]))
                for one in tickets
            ),
            *(
                Hindrance(f"クレーム {one.number} が決着していません。", "決着にするか、取り下げてください。",
                          reverse("support:complaint", args=[one.number]))
                for one in complaints
            ),
            *(
                Hindrance(f"補償 {one.number} が承認を待っています。", "承認するか、却下してください。",
                          reverse("support:complaint", args=[one.complaint.number]))
                for one in waiting.order_by("pk")[:20]
            ),
        ]  # fmt: skip

    def shares(self, erasee: Erasee) -> Sequence[Share]:
        low = Ticket.objects.alias(low=Lower("contact_mail"))
        tickets = Ticket.objects.filter(
            Q(customer__in=erasee.customer_ids)
            | Q(customer=None, pk__in=low.filter(low__in=erasee.mails).values("pk"))
        )
        keys = list(tickets.values_list("pk", flat=True))
        return [
            Share("届いたメールの元データと差出人", _receipts(keys, erasee), act=blank_receipts),
            *of_tickets(keys),
            Share("満足度を聞かないアドレス", CsatRefusal.objects.filter(mail__in=erasee.mails), act=_mark),
            Share("クレームの補償の記録", Compensation.objects.filter(complaint__ticket__in=keys), law=GIVEN,
                  columns=["support_compensation.reason", "support_compensation.details", "support_compensationentry.words"]),
        ]  # fmt: skip


def of_tickets(keys: Sequence[int]) -> list[Share]:
    """What is personal in these tickets: for a person who is erased, and for what is old enough."""
    of_them = {"ticket__in": keys}
    letter: dict[str, Any] = {
        "sender": "", "recipient": "", "subject": "", "text": "", "quoted_from": None, "html_digest": "", "raw_digest": "",
        "doubts": [], "data": {}, "erased_at": clock.now(),
    }  # fmt: skip
    files = MessageFile.objects.filter(erased_at=None, message__ticket__in=keys)
    return [
        Share("添付ファイル", files, act=_blank_files),
        Share("問い合わせのやり取り", Message.objects.filter(erased_at=None, **of_them), letter, act=_drop_letters),
        Share("折り返しのお約束", CallBack.objects.filter(**of_them), {"phone": "", "note": "", "outcome": ""}),
        Share("クレームの事実・ご要望・結論", Complaint.objects.filter(**of_them),
              {"facts": "", "wish": "", "outcome": "", "search_text": ""}),
        Share("満足度の宛先とことば", Csat.objects.filter(**of_them), {"mail": "", "words": "", "seen_note": ""}),
        Share("返信の点検の感想", ReplyGrade.objects.filter(message__ticket__in=keys).exclude(words=""), {"words": ""}),
        Share("問い合わせの件名・お名前・連絡先", Ticket.objects.filter(pk__in=keys), {
            "subject": GONE, "contact_name": "", "contact_mail": "", "contact_phone": "", "recognised_by": "", "search_text": ""}),
    ]  # fmt: skip


def _receipts(keys: Sequence[int], erasee: Erasee) -> QuerySet[MailReceipt]:
    """Mails of these tickets, and what came from his addresses without becoming one."""
    told = Q(ticket__in=keys)
    for mail in erasee.mails:
        told |= Q(sender__iexact=mail) | Q(sender__icontains=f"<{mail}>")
    return MailReceipt.objects.filter(told, erased_at=None)


def blank_receipts(rows: QuerySet[MailReceipt]) -> None:
    digests = set(rows.values_list("digest", flat=True))
    rows.update(sender="", subject="", message_id="", why=GONE, erased_at=clock.now())
    transaction.on_commit(lambda: forget_files(digests, RAW))


def _blank_files(rows: QuerySet[MessageFile]) -> None:
    digests = set(rows.filter(state=FileState.KEPT).values_list("digest", flat=True))
    rows.update(name=GONE, digest="", why=GONE, erased_at=clock.now())
    transaction.on_commit(lambda: forget_files(digests, SUFFIX))


def _drop_letters(rows: QuerySet[Message]) -> None:
    shown = set(rows.exclude(html_digest="").values_list("html_digest", flat=True))
    raw = set(rows.exclude(raw_digest="").values_list("raw_digest", flat=True))
    transaction.on_commit(lambda: (forget_files(shown, HTML), forget_files(raw, RAW)))


def _mark(rows: QuerySet[CsatRefusal]) -> None:
    """The wish stays, under a mark from which no address can be read."""
    for one in rows:
        CsatRefusal.objects.filter(mail=mark_of(one.mail)).exclude(pk=one.pk).delete()
        CsatRefusal.objects.filter(pk=one.pk).update(mail=mark_of(one.mail))


def _names(suffix: str) -> list[tuple[QuerySet[Any], str]]:
    """Which rows name files of this kind."""
    named: dict[str, list[tuple[QuerySet[Any], str]]] = {
        SUFFIX: [(MessageFile.objects.filter(state=FileState.KEPT), "digest")],
        HTML: [(Message.objects.all(), "html_digest")],
        RAW: [(Message.objects.all(), "raw_digest"), (MailReceipt.objects.filter(erased_at=None), "digest")],
    }
    return named[suffix]


def forget_files(digests: set[str], suffix: str) -> int:
    """Delete files that no row names any more. Out: how many. Safe to repeat; `sweep` finds what a dead process left."""
    named = {
        digest
        for rows, field in _names(suffix)
        for digest in rows.filter(**{f"{field}__in": digests}).values_list(field, flat=True)
    }
    return sum(paper_store.drop(digest, suffix) for digest in digests - named)


def sweep(*, older_than: timedelta = timedelta(days=2)) -> int:
    """Files that no row names, left by a process that died between the commit and the deletion. Out: how many went."""
    return sum(
        forget_files(digests, suffix)
        for suffix in (SUFFIX, HTML, RAW)
        for digests in batched_names(suffix, clock.now() - older_than)
    )


def batched_names(suffix: str, before: datetime) -> Iterator[set[str]]:
    """Fingerprints of the files of this kind that were kept before then, some hundreds at a time."""
    for names in batched(paper_store.names(suffix, before), 500):
        yield set(names)
