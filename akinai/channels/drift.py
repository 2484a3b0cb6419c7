"""在庫の違いの原因 (drift): why a mall's number is another than ours. Pure: four numbers in, a cause and its way out."""

from __future__ import annotations

from django.db import models


class Cause(models.TextChoices):
    """原因, in the order of how much it hurts."""

    SOLD_THERE = "sold_there", "モールで減った（受注の取込前）"
    RAISED_THERE = "raised_there", "モール側で増やした"
    NOT_APPLIED = "not_applied", "送った数が反映されていない"
    STALE = "stale", "こちらの在庫が動いた（未送信）"
    NEVER_SENT = "never_sent", "まだ送っていない"
    MISSING = "missing", "モールのファイルにない"
    UNKNOWN = "unknown", "どの商品か分からない"


WAYS_OUT = {
    Cause.SOLD_THERE: "先に受注を取り込んでください。取り込んでも違えば、モールで手で減らしていないか確かめます。",
    Cause.RAISED_THERE: "モールの画面で手で変えていないか確かめ、修正ファイルで戻します。売れ過ぎのおそれがあります。",
    Cause.NOT_APPLIED: "モールのアップロード結果にエラーがないか確かめ、修正ファイルを送ります。",
    Cause.STALE: "変わった分のファイルを送ります。",
    Cause.NEVER_SENT: "変わった分のファイルを送ります。",
    Cause.MISSING: "モールで商品を消したか、倉庫に入れていないか確かめます。売らないなら連携を切ります。",
    Cause.UNKNOWN: "商品コードの対応を登録するか、商品を登録してから、もう一度照合します。",
}
# What the repair file may overwrite. A number that fell because of orders we have not seen would sell them twice.
REPAIRABLE = (Cause.RAISED_THERE, Cause.NOT_APPLIED, Cause.STALE, Cause.NEVER_SENT)


def cause_of(*, mall: int, ours: int, sent: int | None, sent_before: int | None) -> Cause | None:
    """Why the mall shows `mall` pieces where it should show `ours`; None when it does show them.

    `sent`: what it was told last (None: nothing yet); `sent_before`: what it was told the time before.
    """
    if mall == ours:
        return None
    if sent is None:
        return Cause.NEVER_SENT
    if mall == sent:
        return Cause.STALE
    if mall == sent_before:
        return Cause.NOT_APPLIED
    return Cause.SOLD_THERE if mall < sent else Cause.RAISED_THERE
