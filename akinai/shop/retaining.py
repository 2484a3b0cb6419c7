"""保存期間 of the shop: carts, inquiries by the form, and wishes that were answered."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from akinai.party.erasing import GONE
from akinai.party.ports import Timer, register_need, register_timer
from akinai.shop import cookies
from akinai.shop.erasing import NO_INQUIRY
from akinai.shop.models import Cart, Inquiry, InquiryFile, Member, RestockNotice
from akinai.shop.services import carts


def _unused(before: datetime) -> QuerySet[Cart]:
    return Cart.objects.filter(touched_at__lt=before)


def _unsent(before: datetime) -> QuerySet[InquiryFile]:
    return InquiryFile.objects.filter(at__lt=before)


def _answered(before: datetime) -> QuerySet[Inquiry]:
    return Inquiry.objects.filter(state=Inquiry.State.DONE, done_at__lt=before).exclude(text=GONE)


def _forget_inquiries(rows: QuerySet[Inquiry]) -> None:
    rows.update(**NO_INQUIRY)


def _wished(before: datetime) -> QuerySet[RestockNotice]:
    return RestockNotice.objects.filter(Q(sent_at__lt=before) | Q(stopped_at__lt=before))


def _member() -> Exists:
    return Exists(Member.objects.filter(customer=OuterRef("pk"), withdrawn_at=None))


def register() -> None:
    register_timer(Timer("carts", "使われなくなったカート", "お買い物の途中のもの。印の期限と同じです（個人情報保護法 第22条）", cookies.DAYS, _unused, carts.forget))  # fmt: skip
    register_timer(Timer("inquiries", "フォームのお問い合わせの内容と連絡先", "対応が終わり、使わなくなったもの（個人情報保護法 第22条）", 1095, _answered, _forget_inquiries))  # fmt: skip
    register_timer(Timer("inquiry_files", "送信されなかったお問い合わせの添付", "送信の途中でやめたもの（個人情報保護法 第22条）", 1, _unsent, QuerySet.delete))  # fmt: skip
    register_timer(Timer("restock", "終わった再入荷のお知らせの希望", "お知らせが終わったもの（個人情報保護法 第22条）", 365, _wished, QuerySet.delete))  # fmt: skip
    register_need(_member)
