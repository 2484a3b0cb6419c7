"""保存期間 of what every room writes: the log of openings, mails that left, and the free words of requests."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from akinai.core.models import OutgoingMail
from akinai.party import erasing
from akinai.party.erasing import GONE
from akinai.party.holding import CustomersHeld
from akinai.party.models import Customer, ErasureRequest, Opening
from akinai.party.outbox_holding import MAIL
from akinai.party.ports import NEEDS, Erasee, Timer, register_timer

GONE_MAIL = (OutgoingMail.State.SENT, OutgoingMail.State.FAILED, OutgoingMail.State.CANCELLED)
OVER = (ErasureRequest.State.DONE, ErasureRequest.State.REFUSED, ErasureRequest.State.WITHDRAWN)


def _openings(before: datetime) -> QuerySet[Opening]:
    return Opening.objects.filter(at__lt=before)


def _mails(before: datetime) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(state__in=GONE_MAIL, created_at__lt=before).exclude(body="")


def _blank_mails(rows: QuerySet[OutgoingMail]) -> None:
    rows.update(**MAIL)


def _requests(before: datetime) -> QuerySet[ErasureRequest]:
    return ErasureRequest.objects.filter(state__in=OVER, asked_at__lt=before).exclude(reason=GONE)


def _blank_requests(rows: QuerySet[ErasureRequest]) -> None:
    rows.update(reason=GONE, proof_note="", answer_to="")


def _strangers(before: datetime) -> QuerySet[Customer]:
    """Customers whom no room needs by name any more: no order, member, ticket or money is theirs."""
    return Customer.objects.filter(
        *(~need() for need in NEEDS), erased_at=None, merged_into=None, created_at__lt=before
    )


def _forget_customers(rows: QuerySet[Customer]) -> None:
    for share in CustomersHeld().shares(Erasee(list(rows.values_list("pk", flat=True)))):
        erasing.take(share)


def register() -> None:
    register_timer(Timer("mails", "お送りしたメールの宛先と本文", "お知らせが終わったもの。取引の内容は受注と書類に残ります（個人情報保護法 第22条）", 1095, _mails, _blank_mails))  # fmt: skip
    register_timer(Timer("openings", "個人情報の閲覧記録", "1 年より新しい記録は、データベースが消させません（安全管理措置・個人情報保護法 第23条）", 1096, _openings, QuerySet.delete, least=366))  # fmt: skip
    register_timer(Timer("erasures", "消去の請求の理由・本人確認の補足", "いつ・何をしたかの記録は残ります（個人情報保護法 第22条）", 1096, _requests, _blank_requests))  # fmt: skip
    register_timer(Timer("customers", "退会し、お取引も終わったお客様の登録", "受注・問い合わせに氏名が残る間は消えません（個人情報保護法 第22条）", 1095, _strangers, _forget_customers))  # fmt: skip
