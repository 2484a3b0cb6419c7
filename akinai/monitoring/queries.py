"""How the system is (システムの状態)."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from akinai.core import clock
from akinai.core.models import ProofRun

PROVEN_WITHIN = timedelta(days=3)

ROWS = (
    ("待っている処理", "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'", 1000),
    ("実行中の処理", "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'", 100),
    ("失敗した処理", "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'", 1),
    ("未処理の連絡", "SELECT count(*) FROM core_event WHERE handled_at IS NULL", 100),
    ("送信待ちのメール", "SELECT count(*) FROM core_outgoingmail WHERE state = 'queued'", 200),
    ("受信できない受信箱", "SELECT count(*) FROM support_mailsource WHERE is_active AND failures >= 3", 1),
    ("送れなかったメール", "SELECT count(*) FROM core_outgoingmail WHERE state = 'failed'", 1),
)


def state() -> dict[str, Any]:
    """Counts with the number from which each is worth a look; sizes in bytes."""
    counts = ", ".join(f"({sql})" for _, sql, _ in ROWS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {counts}, pg_size_pretty(pg_database_size(current_database())), version(), "
            "(SELECT at FROM procrastinate_events ORDER BY id DESC LIMIT 1)"
        )
        *found, size, version, last = cursor.fetchone()
    rows = [
        {"title": title, "count": count, "tone": "warn" if count >= limit else "good"}
        for (title, _, limit), count in zip(ROWS, found, strict=True)
    ]
    disk = shutil.disk_usage(settings.AKINAI_HOME)
    return {
        "rows": rows, "size": size, "version": version.split(" on ")[0], "last_job": last,
        "disk_free_percent": round(disk.free * 100 / disk.total),
    }  # fmt: skip


def last_proofs() -> list[ProofRun]:
    """The last runs of 整合性検証, newest first."""
    return list(ProofRun.objects.select_related("by").order_by("-id")[:8])


def proof_alarm() -> dict[str, Any] | None:
    """警告 when the ledgers contradict each other, or when nobody has looked for days."""
    last = ProofRun.objects.order_by("-id").only("at", "is_ok", "broken").first()
    if last is None:
        return None
    if not last.is_ok:
        return {"title": "台帳の検証で合わなかった規則", "count": len(last.broken), "tone": "bad"}
    if clock.now() - last.at > PROVEN_WITHIN:
        return {"title": "台帳の検証をしていない日数", "count": (clock.now() - last.at).days, "tone": "warn"}
    return None


def failed_mails() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, last_error, created_at FROM core_outgoingmail WHERE state = 'failed' ORDER BY id DESC LIMIT 20"
        )
        return [{"subject": s, "error": e, "at": at} for s, e, at in cursor.fetchall()]
