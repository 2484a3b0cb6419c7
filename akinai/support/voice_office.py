"""Where お客様の声 appears in the office (管理画面への登録), and what it hears of."""

from __future__ import annotations

from django.urls import reverse

from akinai.core import events, mail
from akinai.support.queries import voice
from akinai.support.services import csat
from akinai.ui import navigation, tones, words


def register() -> None:
    navigation.register(
        "support", "応対の集計", "support:reports", permission="support.view_ticketmeasure", icon="chart", order=25,
        words="しゅうけい レポート SLA 約束 理由", under="support:tickets",
    )  # fmt: skip
    navigation.register(
        "support", "満足度", "support:marks", permission="support.view_csat", icon="star", order=26, under="support:tickets",
        badge=lambda request: voice.low_count() or None, words="まんぞく CSAT 評価 アンケート",
    )  # fmt: skip
    navigation.register(
        "support", "急増", "support:spikes", permission="support.view_spike", icon="trend", order=27, under="support:tickets",
        words="きゅうぞう アラーム 警告 ロット",
    )  # fmt: skip
    navigation.register(
        "support", "返信の点検", "support:grades", permission="support.view_replygrade", icon="check", order=28,
        under="support:tickets", words="てんけん 品質 採点",
    )  # fmt: skip
    navigation.register(
        "support", "取り込んだ履歴", "support:history", permission="support.view_importedticket", icon="list", order=29,
        under="support:tickets", words="りれき 移行",
    )  # fmt: skip
    events.on("support.ticket_solved")(csat.on_solved)
    events.on("support.ticket_reopened")(csat.on_reopened)
    mail.register_sort(
        "csat", "満足度のおたずね", lambda key: reverse("support:ticket", args=[key.split(":")[0]])
    )
    mail.register_sort(
        "spike", "問い合わせの急増", lambda key: reverse("support:spike", args=[key.split(":")[0]])
    )
    mail.register_secret("csat", csat.links)
    tones.register("support.spike.kind", {"sku": "info", "lot": "warn", "carrier": "accent", "page": "mute"})
    words.register("support", {"csat": "満足度の回答"})
