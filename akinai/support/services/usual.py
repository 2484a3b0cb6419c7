"""よく使う定型文: letters, tags, macros and promises that a shop can begin with, and change as it likes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.support.models import Duty, Macro, ReplyTemplate, ServiceRule, Tag
from akinai.support.services import writing
from akinai.support.states import Priority, Source

if TYPE_CHECKING:
    from akinai.staff.models import Staff

HEAD = "{お名前} 様\n\nいつもご利用いただき、ありがとうございます。{店舗名}の{担当者}です。\n\n"
FOOT = "\n\nご不明な点がございましたら、このメールにそのままご返信ください。"
LETTERS = (
    ("受付のお知らせ", "", "お問い合わせを承りました（{問い合わせ番号}）。お調べして、あらためてご連絡いたします。少しお時間をください。"),
    ("お届け予定のご案内", "order", "ご注文 {受注番号} は、{お届け予定} にお届けする予定です。\n\n{商品一覧}"),
    ("送り状番号のご案内", "order", "ご注文 {受注番号} は {出荷日} に出荷いたしました。\n\n配送会社：{配送会社}\n送り状番号：{送り状番号}\n\nお届けの状況は、配送会社のサイトでご確認いただけます。"),
    ("返品の受付", "return", "ご不便をおかけし、申し訳ございません。ご注文 {受注番号} の返品を承りました（返品番号 {返品番号}）。\n\n商品が当店に届きましたら、中身を確かめてからご返金の手続きをいたします。"),
    ("ご返金のお知らせ", "return", "ご注文 {受注番号} の返品（{返品番号}）を確かめ、ご返金の手続きをいたしました。お手元に届くまで、お支払い方法により数日かかることがございます。"),
    ("入金のお願い", "invoice", "ご注文 {受注番号}（{合計金額}）のご入金を、{入金期限} までにお願いいたします。行き違いでお済みのときは、ご容赦ください。"),
    ("領収書のご案内", "invoice", "ご注文 {受注番号} の領収書をお送りいたします。宛名のご希望がございましたら、お知らせください。"),
    ("キャンセルの承り", "cancel", "ご注文 {受注番号} のキャンセルを承りました。またのご利用をお待ちしております。"),
    ("お詫び", "complaint", "このたびはご迷惑をおかけし、まことに申し訳ございません。ご注文 {受注番号} につきまして、すぐにお調べいたします。"),
)  # fmt: skip
TAGS = (("配送", "届かない 届きません 配達 遅い 送り状"), ("破損", "割れ 壊れ 破損 欠け"), ("返品", "返品 返したい 交換"), ("領収書", "領収書 宛名 請求書"), ("お褒め", ""))  # fmt: skip
MACROS = (
    ("送り状番号を送って解決", "送り状番号のご案内", {"tags": ["配送"], "assignee": "me", "state": "solve"}),
    ("受付を知らせて担当になる", "受付のお知らせ", {"assignee": "me"}),
    ("至急にして自分が持つ", "", {"priority": 1, "assignee": "me"}),
    ("3日待って戻す", "", {"snooze_days": 3}),
)  # fmt: skip
RULES = (
    ("至急", 10, "", Priority.URGENT, 60, 480), ("クレームの優先度「高」", 20, "", Priority.HIGH, 120, 960),
    ("モール（24時間以内）", 30, Source.MALL, None, 180, 1080), ("そのほか", 90, "", None, 240, 1440),
)  # fmt: skip


@transaction.atomic
def take_usual(*, by: Staff) -> int:
    """よく使うものを入れる. What the shop has already by the same name stays as it is. Out: how many were added."""
    return _letters(by) + _tags(by) + _macros(by) + _rules(by)


def _letters(by: Staff) -> int:
    known = set(ReplyTemplate.objects.values_list("name", flat=True))
    new = [one for one in LETTERS if one[0] not in known]
    for name, category, body in new:
        writing.keep(ReplyTemplate(name=name, category=category, body=f"{HEAD}{body}{FOOT}"), by=by)
    return len(new)


def _tags(by: Staff) -> int:
    known = set(Tag.objects.values_list("name", flat=True))
    new = [one for one in TAGS if one[0] not in known]
    for name, words in new:
        writing.keep(Tag(name=name, words=words), by=by)
    return len(new)


def _macros(by: Staff) -> int:
    known = set(Macro.objects.values_list("name", flat=True))
    letters = ReplyTemplate.objects.in_bulk(field_name="name")
    new = [one for one in MACROS if one[0] not in known]
    for at, (name, letter, steps) in enumerate(new, start=1):
        writing.keep(Macro(name=name, place=at * 10, template=letters.get(letter), steps=steps), by=by)
    return len(new)


def _rules(by: Staff) -> int:
    if ServiceRule.objects.exists():
        return 0
    for name, place, source, priority, first, last in RULES:
        row = ServiceRule(
            name=name, place=place, source=source, priority=priority, first_reply_minutes=first, resolution_minutes=last
        )  # fmt: skip
        writing.keep(row, by=by)
    return len(RULES)


@transaction.atomic
def put_on_duty(staff: Staff, *, kinds: Sequence[str] = (), most: int | None = None, by: Staff) -> None:
    """応対の担当にする, or change what he takes."""
    row = Duty.objects.filter(staff=staff).first() or Duty(staff=staff)
    row.categories, row.most_tickets, row.is_here = list(kinds), most, True
    writing.keep(row, by=by)
