"""The rules that were built in become rules of staff's own where they can be said in parts, as the shop has set them."""

from datetime import UTC, datetime

from django.db import migrations

SINCE = datetime(
    2026, 10, 31, 15, tzinfo=UTC
)  # they were in force before anybody could write down since when
COD = {"subject": "payment", "op": "in", "values": ["cod"]}
ISLAND = {"subject": "island", "op": "yes"}
DEFERRED = {"subject": "payment", "op": "in", "values": ["deferred"]}
# code → name, reason, sentence, parts; {limit} is what the shop had set
FIRST = {
    "note": ("備考あり", "備考あり: 「【備考】」", "備考が書かれている のとき、止める", [{"subject": "note", "op": "filled"}]),
    "high_amount": (
        "高額", "高額の注文です（【請求金額】、上限 【基準】）", "請求金額が {limit:,}円以上 のとき、止める",
        [{"subject": "total", "op": "ge", "number": 50_000}],
    ),
    "island": (
        "離島・沖縄", "送付先が離島・沖縄です。送料とお届け日数を確かめてください", "送付先が離島・沖縄である のとき、止める", [ISLAND],
    ),
    "deferred": (
        "後払い", "後払いです。与信の結果を確かめてください", "支払方法が 後払い かつ 決済済みでない のとき、止める",
        [DEFERRED, {"subject": "settled", "op": "no"}],
    ),
    "cod_amount": (
        "高額の代引", "高額の代金引換です（【請求金額】、上限 【基準】）",
        "支払方法が 代金引換 かつ 請求金額が {limit:,}円以上 のとき、止める",
        [COD, {"subject": "total", "op": "ge", "number": 30_000}],
    ),
    "cod_island": (
        "離島の代引", "離島・沖縄への代金引換です。運送会社が代引を扱うか確かめてください",
        "支払方法が 代金引換 かつ 送付先が離島・沖縄である のとき、止める", [COD, ISLAND],
    ),
    "gift": (
        "のし・ラッピング", "のし・ラッピングの指定があります: 「【のし・ラッピング】」",
        "のし・ラッピングが書かれている のとき、止める", [{"subject": "gift", "op": "filled"}],
    ),
    "words": (
        "注意する語句", "注意する語句「【語句】」が含まれています",
        "氏名・住所・電話・メール・備考に{words}を含む のとき、止める", [{"subject": "words", "op": "has"}],
    ),
}  # fmt: skip
BUILT_IN = {
    "address": "住所不備", "duplicate": "重複の疑い", "credit_limit": "与信超過", "unknown_payment": "支払方法不明",
    "delivery": "お届け希望日", "delivery_missed": "希望日に間に合わない", "backorder_limit": "取り寄せ・予約の上限", "preorder_closed": "予約受付の終わり",
    "no_backorder": "取り寄せ不可の欠品",
}  # fmt: skip


def write(apps, schema_editor):
    rule, version = apps.get_model("orders", "CheckRule"), apps.get_model("orders", "CheckRuleVersion")
    kept = {row.code: row for row in apps.get_model("orders", "HoldRule").objects.all()}
    hold = apps.get_model("orders", "Hold")
    for nth, (code, (name, reason, sentence, parts)) in enumerate(FIRST.items(), 1):
        told, limit, words = as_set(parts, kept.get(code))
        listed = "".join(f"「{word}」" for word in words) or "（語句がまだありません）"
        several = "のどれか" if len(words) > 1 else ""
        made = rule.objects.create(code=code, name=name, priority=nth * 10, created_at=SINCE)
        first = version.objects.create(
            rule=made, number=1, made_at=SINCE, action="hold", reason=reason, condition={"join": "all", "parts": told},
            sentence=sentence.format(limit=limit, words=listed + several),
        )  # fmt: skip
        in_force = (
            (kept[code].is_enabled if code in kept else True) and limit != 0 and (code != "words" or words)
        )
        if in_force:
            made.live, made.live_since = first, SINCE
        else:
            made.draft = first
        made.save()
        hold.objects.filter(rule=code).update(title=name, check_version=first)
    for nth, (code, name) in enumerate(BUILT_IN.items(), 1):
        rule.objects.create(code=code, name=name, priority=200 + nth * 10, is_built_in=True, created_at=SINCE)
    apps.get_model("orders", "HoldRule").objects.filter(code__in=FIRST).delete()


def as_set(parts, kept):
    """(parts, limit, words) with what the shop had set; a limit of 0 or none meant that the rule did nothing."""
    told, limit, words = [dict(part) for part in parts], None, []
    for part in told:
        if "number" in part:
            limit = (kept.limit_yen or 0) if kept else part["number"]
            part["number"] = limit
        if part["subject"] == "words" and kept and kept.words:
            words = part["values"] = list(kept.words)
    return told, limit, words


def take_back(apps, schema_editor):
    rule = apps.get_model("orders", "CheckRule")
    apps.get_model("orders", "Hold").objects.update(check_version=None, title="")
    apps.get_model("orders", "CheckWarning").objects.all().delete()
    apps.get_model("orders", "CheckBacktest").objects.all().delete()
    setting = apps.get_model("orders", "HoldRule")
    for row in rule.objects.filter(code__in=FIRST).select_related("live", "draft"):
        part = {}
        for one in (row.live or row.draft).condition["parts"]:
            part |= {name: one[name] for name in ("number", "values") if name in one}
        words = part.get("values", []) if row.code == "words" else []
        setting.objects.create(
            code=row.code, is_enabled=row.live_id is not None, limit_yen=part.get("number"), words=words
        )
    rule.objects.update(live=None, live_since=None, draft=None)
    apps.get_model("orders", "CheckRuleVersion").objects.all().delete()
    rule.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("orders", "0012_check_rules")]

    operations = [migrations.RunPython(write, take_back)]
