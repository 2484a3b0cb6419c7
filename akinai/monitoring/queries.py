"""How the system is (システムの状態)."""

from __future__ import annotations

import shutil
from typing import Any

from django.conf import settings
from django.db import connection

ROWS = (
    ("受け付けた仕事", "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'", 1000),
    ("実行中の仕事", "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'", 100),
    ("失敗した仕事", "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'", 1),
    ("未処理の出来事", "SELECT count(*) FROM core_event WHERE handled_at IS NULL", 100),
    ("送信待ちのメール", "SELECT count(*) FROM core_outgoingmail WHERE state = 'queued'", 200),
    ("送れなかったメール", "SELECT count(*) FROM core_outgoingmail WHERE state = 'failed'", 1),
)


def state() -> dict[str, Any]:
    """Counts with the number from which each is worth a look; sizes in bytes."""
    with connection.cursor() as cursor:
        rows = []
        for title, sql, limit in ROWS:
            cursor.execute(sql)
            count = cursor.fetchone()[0]
            rows.append({"title": title, "count": count, "tone": "warn" if count >= limit else "good"})
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database())), version()")
        size, version = cursor.fetchone()
        cursor.execute("SELECT max(at) FROM procrastinate_events")
        last = cursor.fetchone()[0]
    disk = shutil.disk_usage(settings.AKINAI_HOME)
    return {
        "rows": rows, "size": size, "version": version.split(",")[0], "last_job": last,
        "disk_free_percent": round(disk.free * 100 / disk.total),
    }  # fmt: skip


def failed_mails() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, last_error, created_at FROM core_outgoingmail WHERE state = 'failed' ORDER BY id DESC LIMIT 20"
        )
        return [{"subject": s, "error": e, "at": at} for s, e, at in cursor.fetchall()]
