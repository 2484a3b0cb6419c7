"""個人データを持つところとしての共通基盤: mails that we sent, the history of acts, jobs and their files.

The cellar knows no customers, so the room of customers answers for it.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from akinai.core import clock, job_files, seals
from akinai.core.models import Activity, Event, LongJob, OutgoingMail
from akinai.party import disclosure
from akinai.party.erasing import CODE, GONE
from akinai.party.models import Opening
from akinai.party.ports import Erasee, Hindrance, Section, Share, Traces, mentions
from akinai.ui.exports import store
from akinai.ui.models import Export

# What is written about these says much of a person; about papers only where his words stand in it.
WORDY = (
    "party.customer", "shop.member", "shop.inquiry", "support.ticket", "support.complaint", "support.compensation",
    "content.review", "content.productquestion", "orders.quote", "orders.subscription",
)  # fmt: skip
# Acts on papers at which somebody writes freely, or an address is told. Amounts and payments keep their words: they are books.
FREE_WORDS = (
    "release", "place_hold", "see_warning", "edit_note", "edit_delivery", "set_gift", "accept_issue", "accept_change", "cancel",
    "reopen", "request_return", "refuse", "drop_rest", "change", "set_due", "add_address", "change_address", "remove_address",
)  # fmt: skip
MAIL = {
    "to": "", "reply_to": "", "subject": GONE, "body": "", "attachments": [], "headers": {}, "unsubscribe_url": "", "last_error": "",
}  # fmt: skip


class OutboxHeld:
    """送信メール・操作履歴・処理."""

    code = "outbox"

    def disclose(self, customer_ids: Sequence[int]) -> Sequence[Section]:
        return []

    def trace(self, customer_ids: Sequence[int]) -> Traces:
        return Traces()

    def hinder(self, customer_ids: Sequence[int]) -> Sequence[Hindrance]:
        return []

    def shares(self, erasee: Erasee) -> Sequence[Share]:
        mails = OutgoingMail.objects.alias(low=Lower("to")).filter(low__in=erasee.mails)
        jobs = LongJob.objects.filter(kind=disclosure.CODE, ids__contains=list(erasee.customer_ids)[:1])
        events = mentions(Event.objects.exclude(handled_at=None), erasee.words, "payload", "last_error")
        told = mentions(LongJob.objects.exclude(kind=CODE), erasee.words, "refused", "options", "counts")
        return [
            Share("お送りしたメール", mails, MAIL, act=_take_back),
            Share("開示のファイル", jobs, act=_drop_files),
            Share("お客様の一覧を書き出したファイル", _lists_of_people(), act=_drop_exports),
            Share("処理の結果に残るお名前など", told, {"refused": [], "options": {}}),
            Share("システムの処理の控え", events, {"payload": {}, "last_error": ""}),
            Share("操作履歴の内容", _histories(erasee), act=blank_histories),
        ]


def _histories(erasee: Erasee) -> QuerySet[Activity]:
    """Rows of the history of what is his that say something of him."""
    rows = Activity.objects.filter(erased_at=None).exclude(summary="", data={})
    wordy, others = Q(pk__in=[]), Q(pk__in=[])
    for label, keys in erasee.rows.items():
        one = Q(subject_type=label, subject_id__in=keys)
        if label in WORDY:
            wordy |= one
        else:
            others |= one
    named = mentions(rows.filter(others), erasee.words, "summary", "data").values("pk")
    return rows.filter(wordy | others & Q(verb__in=FREE_WORDS) | Q(pk__in=named))


def blank_histories(rows: QuerySet[Activity]) -> None:
    """What was done and when stays; what it says goes, under the seal."""
    with seals.erasing(Activity._meta.db_table, list(rows.values_list("pk", flat=True))):
        rows.update(summary=GONE, data={}, erased_at=clock.now())


def _take_back(rows: QuerySet[OutgoingMail]) -> None:
    """What has not left will not leave."""
    waiting = rows.filter(state__in=[OutgoingMail.State.QUEUED, OutgoingMail.State.FAILED])
    waiting.update(state=OutgoingMail.State.CANCELLED)


def _lists_of_people() -> QuerySet[Export]:
    """Large files of lists that hold contact data, whoever had them made: they can be made again, without him."""
    titles = Opening.objects.filter(page=Opening.Page.EXPORT).order_by().values("subject")
    return Export.objects.filter(title__in=titles, state=Export.State.FINISHED)


def _drop_exports(rows: QuerySet[Export]) -> None:
    gone = list(rows.values_list("pk", flat=True))
    rows.delete()
    for pk in gone:
        store.forget(pk)


def _drop_files(rows: QuerySet[LongJob]) -> None:
    for pk in rows.values_list("pk", flat=True):
        shutil.rmtree(job_files.folder(pk), ignore_errors=True)
    rows.update(options={})
